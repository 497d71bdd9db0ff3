"""Points go to a file and come back exactly; a bad file is answered in one sentence."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mlplab.data import SPLITS, Dataset, draw_dataset, write_samples
from mlplab.errors import DataError
from mlplab.spec import Experiment, SamplesFile, recipes


def read(path: Path, seed: int = 1, **shares: float) -> Dataset:
    return draw_dataset(SamplesFile(path=path, **shares), seed)


def assert_same(ours: Dataset, theirs: Dataset) -> None:
    assert ours.label_names == theirs.label_names
    for name in SPLITS:
        np.testing.assert_array_equal(ours.splits[name].x, theirs.splits[name].x)
        np.testing.assert_array_equal(ours.splits[name].y, theirs.splits[name].y)
        assert ours.splits[name].x.dtype == np.float64
        assert ours.splits[name].y.dtype == np.int64


def csv_of(labels: list[Any], path: Path) -> Path:
    """Write a CSV file of points (i, -i), point i having label i, without splits."""
    rows = [f"{i},{-i},{label}\n" for i, label in enumerate(labels)]
    path.write_text("x1,x2,label\n" + "".join(rows), encoding="utf-8")
    return path


# ---- There and back --------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".csv", ".npz", ".CSV", ".NPZ"])
@pytest.mark.parametrize("kind", recipes())
def test_written_points_are_read_back_exactly(kind: str, suffix: str, tmp_path: Path):
    spec = Experiment(dataset={"kind": kind, "train_per_class": 9, "test_per_class": 4}).dataset
    dataset = draw_dataset(spec, seed=3)
    path = tmp_path / f"points{suffix}"
    write_samples(dataset, path)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    # The file names the splits, so the seed of the reading does not matter.
    assert_same(read(path, seed=1), dataset)
    assert_same(read(path, seed=2), dataset)


@pytest.mark.parametrize("suffix", [".csv", ".npz"])
def test_float32_points_keep_their_values(suffix: str, tmp_path: Path):
    dataset = draw_dataset(Experiment(dataset="polar").dataset, seed=3).astype(np.float32)
    write_samples(dataset, tmp_path / f"points{suffix}")
    assert_same(read(tmp_path / f"points{suffix}"), dataset.astype(np.float64))


@pytest.mark.parametrize("suffix", [".csv", ".npz"])
def test_own_labels_and_chosen_splits_survive(suffix: str, tmp_path: Path):
    own = csv_of(['" Röd, ""mörk"""', "blå", "grön"] * 5, tmp_path / "own.csv")
    dataset = read(own, seed=8)
    assert dataset.label_names == ('Röd, "mörk"', "blå", "grön")
    write_samples(dataset, tmp_path / f"points{suffix}")
    assert_same(read(tmp_path / f"points{suffix}"), dataset)


# ---- Labels ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [
        ([10, 2, -1], ("-1", "2", "10")),
        (["b", "a10", "a2"], ("a10", "a2", "b")),
        ([10, 2, "x"], ("10", "2", "x")),
        (["--5", "-", "7"], ("-", "--5", "7")),
    ],
)
def test_whole_numbers_are_in_numerical_order_and_names_in_alphabetical(
    labels: list[Any], wanted: tuple[str, ...], tmp_path: Path
):
    dataset = read(csv_of(labels * 3, tmp_path / "own.csv"))
    assert dataset.label_names == wanted
    assert dataset.classes == len(wanted)
    for split in dataset.splits.values():
        for (x1, _), k in zip(split.x, split.y, strict=True):
            assert wanted[k] == str(labels[int(x1) % 3])


@pytest.mark.parametrize(
    ("y", "wanted"),
    [
        (np.array([10, 2, 2, 10] * 3), ("2", "10")),
        (np.array([10, 2, 2, 10] * 3, dtype=np.uint8), ("2", "10")),
        (np.array([10.0, 2.0, 2.0, 10.0] * 3), ("2", "10")),
        (np.array([True, False] * 6), ("False", "True")),
        (np.array(["dog", "cat ", "cat", " dog"] * 3), ("cat", "dog")),
    ],
)
def test_npz_labels_are_whole_numbers_or_names(
    y: np.ndarray, wanted: tuple[str, ...], tmp_path: Path
):
    x = np.arange(24).reshape(12, 2)
    np.savez(tmp_path / "own.npz", x=x, y=y)
    dataset = read(tmp_path / "own.npz")
    assert dataset.label_names == wanted
    for split in dataset.splits.values():
        for (x1, _), k in zip(split.x, split.y, strict=True):
            assert wanted[k] == str(y[int(x1) // 2]).strip().removesuffix(".0")


# ---- CSV as spreadsheets write it ------------------------------------------------------------


def test_byte_order_mark_column_order_spaces_and_blank_lines(tmp_path: Path):
    text = (
        "\ufefflabel , note,x2 , split,x1\r\n\r\na, one,2,train,1\r\nb,,4, train ,3\r\n"
        "a,,6,validation,5\r\nb,,8,validation,7\r\n\r\na,,10,test,9\r\n b ,,12,test,1.1e1\r\n"
    )
    (tmp_path / "own.csv").write_bytes(text.encode("utf-8"))
    dataset = read(tmp_path / "own.csv")
    assert dataset.label_names == ("a", "b")
    assert dataset.train.x.tolist() == [[1, 2], [3, 4]]
    assert dataset.validation.x.tolist() == [[5, 6], [7, 8]]
    assert dataset.test.x.tolist() == [[9, 10], [11, 12]]
    for split in dataset.splits.values():
        assert split.y.tolist() == [0, 1]


def test_extra_arrays_of_an_npz_file_do_not_matter(tmp_path: Path):
    objects = np.array([{"a": 1}], dtype=object)
    np.savez(tmp_path / "own.npz", x=np.eye(6, 2), y=[0, 1] * 3, notes=objects)
    assert read(tmp_path / "own.npz").classes == 2


# ---- Splits that the draw chooses ------------------------------------------------------------


def test_chosen_splits_take_their_share_of_each_class(tmp_path: Path):
    path = csv_of(["a"] * 100 + ["b"] * 50 + ["c"] * 10, tmp_path / "own.csv")
    dataset = read(path, validation_fraction=0.2, test_fraction=0.3)
    assert np.bincount(dataset.validation.y).tolist() == [20, 10, 2]
    assert np.bincount(dataset.test.y).tolist() == [30, 15, 3]
    assert np.bincount(dataset.train.y).tolist() == [50, 25, 5]


def test_chosen_splits_follow_the_seed(tmp_path: Path):
    path = csv_of(["a", "b"] * 50, tmp_path / "own.csv")
    assert_same(read(path, seed=1), read(path, seed=1))
    assert set(read(path, seed=1).test.x[:, 0]) != set(read(path, seed=2).test.x[:, 0])


shares = st.floats(min_value=0.01, max_value=0.98)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each example writes it anew
)
@given(
    counts=st.lists(st.integers(min_value=3, max_value=12), min_size=2, max_size=4),
    shares=st.tuples(shares, shares).filter(lambda both: sum(both) < 1),
)
# A share that would take all three points leaves one for each of the other two splits.
@example(counts=[3, 3], shares=(0.9, 0.05))
@example(counts=[3, 3], shares=(0.05, 0.9))
def test_chosen_splits_use_each_point_once_and_have_every_class(
    counts: list[int], shares: tuple[float, float], tmp_path: Path
):
    labels = [k for k, n in enumerate(counts) for _ in range(n)]
    path = csv_of(labels, tmp_path / "own.csv")
    dataset = read(path, validation_fraction=shares[0], test_fraction=shares[1])
    x1 = np.concatenate([split.x[:, 0] for split in dataset.splits.values()])
    assert sorted(x1) == list(range(sum(counts)))
    for split in dataset.splits.values():
        assert set(split.y) == set(range(len(counts)))
        assert split.y.tolist() == [labels[int(i)] for i in split.x[:, 0]]


# ---- What cannot be used ---------------------------------------------------------------------

GOOD = "1,2,a\n3,4,b\n" * 3


def npz_file(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def npy_file() -> bytes:
    file = io.BytesIO()
    np.save(file, np.eye(6, 2))
    return file.getvalue()


def damaged(content: bytes) -> bytes:
    """Overwrite bytes in the middle of the compressed points."""
    return content[:100] + b"\0" * 50 + content[150:]


def compressed_file() -> bytes:
    file = io.BytesIO()
    x = np.random.default_rng(1).normal(size=(100, 2))
    np.savez_compressed(file, x=x, y=[0, 1] * 50)
    return file.getvalue()


X, Y = np.eye(6, 2), np.array([0, 1] * 3)
ALL_SPLITS = np.repeat(SPLITS, 2)
NOT_NPZ = "FILE is not an NPZ file of plain arrays: "
SHAPES = "FILE: expected x of shape (points, 2) and y of shape (points,), received "

BAD_CSV = {
    "": "FILE: column 'x1' is missing (found: no header at all)",
    "x1,label\n1,a\n": "FILE: column 'x2' is missing (found: x1, label)",
    "x1,x2\n1,2\n": "FILE: column 'label' is missing (found: x1, x2)",
    "x1;x2;label\n1;2;a\n": (
        "FILE: column 'x1' is missing (found: x1;x2;label); separate columns by commas"
    ),
    "x1\tx2\tlabel\n1\t2\ta\n": (
        "FILE: column 'x1' is missing (found: x1\tx2\tlabel); separate columns by commas"
    ),
    "x1,x2,label\n": "FILE: no points below the header",
    f"x1,x2,label\n{GOOD}1,two,a\n": ("FILE, line 8, column x2: expected a number, received 'two'"),
    f"x1,x2,label\n\n\n{GOOD},2,a\n": "FILE, line 10, column x1: expected a number, received ''",
    f"x1,x2,label\n{GOOD}1\n": "FILE, line 8, column x2: expected a number, received ''",
    f'x1,x2,label\n{GOOD}"a\nb",2,a\n': (
        r"FILE, line 9, column x1: expected a number, received 'a\nb'"
    ),
    f"x1,x2,label\nnan,2,a\n{GOOD}": (
        "FILE, line 2, column x1: expected a finite number, received 'nan'"
    ),
    f"x1,x2,label\n1,-inf,a\n{GOOD}": (
        "FILE, line 2, column x2: expected a finite number, received '-inf'"
    ),
    f"x1,x2,label\n{GOOD}1,2,\n": "FILE, line 8: the label is missing",
    f'x1,x2,label\n{GOOD}1,2," "\n': "FILE, line 8: the label is missing",
    # A comma for a decimal point must not shift the columns in silence.
    "x1,x2,label\n0,5,0,7,1\n": "FILE, line 2: 3 values were expected, there are more",
    "x1,x2,label\n1,2,a\n3,4,a\n": ("FILE: two classes at least are needed, received only 'a'"),
    "x1,x2,label\n1,2,a\n3,4,a\n5,6,a\n7,8,b\n9,10,b\n": (
        "FILE: each class needs three points at least, 'b' has 2"
    ),
    "x1,x2,label,split\n1,2,a,train\n3,4,b,tset\n": (
        "FILE: unknown split 'tset'; did you mean 'test'? (known: train, validation, test)"
    ),
    "x1,x2,label,split\n1,2,a,train\n3,4,b\n": (
        "FILE: unknown split ''; known: train, validation, test"
    ),
    "x1,x2,label,split\n1,2,a,train\n3,4,b,train\n5,6,a,validation\n7,8,b,test\n9,0,a,test\n": (
        "FILE: the validation split has no sample of class 'b'"
    ),
    "x1,x2,label,split\n1,2,a,train\n3,4,b,train\n5,6,a,validation\n7,8,b,validation\n": (
        "FILE: the test split has no sample of class 'a'"
    ),
}

BAD_NPZ = {
    "empty": (b"", f"{NOT_NPZ}File is not a zip file"),
    "text": (b"x1,x2,label\n", f"{NOT_NPZ}File is not a zip file"),
    "npy": (npy_file(), f"{NOT_NPZ}File is not a zip file"),
    "cut off": (npz_file(x=X, y=Y)[:300], f"{NOT_NPZ}File is not a zip file"),
    "damaged": (damaged(compressed_file()), NOT_NPZ),
    "pickled": (
        npz_file(x=X, y=Y.astype(object)),
        f"{NOT_NPZ}Object arrays cannot be loaded when allow_pickle=False",
    ),
    "no arrays": (npz_file(), "FILE: array 'x' is missing (found: no arrays at all)"),
    "no x": (npz_file(X=X, y=Y), "FILE: array 'x' is missing (found: X, y)"),
    "no y": (npz_file(x=X, split=ALL_SPLITS), "FILE: array 'y' is missing (found: x, split)"),
    "x of 3 columns": (npz_file(x=np.eye(6, 3), y=Y), f"{SHAPES}(6, 3) and (6,)"),
    "flat x": (npz_file(x=X.ravel(), y=Y), f"{SHAPES}(12,) and (6,)"),
    "one-hot y": (npz_file(x=X, y=np.eye(6, 2)), f"{SHAPES}(6, 2) and (6, 2)"),
    "y too short": (npz_file(x=X, y=Y[:5]), f"{SHAPES}(6, 2) and (5,)"),
    "no points": (npz_file(x=X[:0], y=Y[:0]), f"{SHAPES}(0, 2) and (0,)"),
    "nan": (npz_file(x=X * np.nan, y=Y), "FILE: x must hold finite real numbers only"),
    "inf": (npz_file(x=X + np.inf, y=Y), "FILE: x must hold finite real numbers only"),
    "complex": (npz_file(x=X + 1j, y=Y), "FILE: x must hold finite real numbers only"),
    "text x": (npz_file(x=X.astype(str), y=Y), "FILE: x must hold finite real numbers only"),
    "fractions": (
        npz_file(x=X, y=Y / 2),
        "FILE: y must hold whole numbers or names, received 0.5",
    ),
    "infinite y": (
        npz_file(x=X, y=[0, 1, 0, 1, 0, np.inf]),
        "FILE: y must hold whole numbers or names, received inf",
    ),
    "bytes": (
        npz_file(x=X, y=np.array([b"a", b"\xe9"] * 3)),
        "FILE: y must hold whole numbers or names, received |S1",
    ),
    "empty name": (
        npz_file(x=X, y=np.array(["a", " "] * 3)),
        "FILE: y must name a class for each point, received an empty name",
    ),
    "one class": (
        npz_file(x=X, y=Y * 0),
        "FILE: two classes at least are needed, received only '0'",
    ),
    "class missing in a split": (
        npz_file(x=X, y=np.sort(Y), split=ALL_SPLITS),
        "FILE: the train split has no sample of class '1'",
    ),
    "unknown split": (
        npz_file(x=X, y=Y, split=np.array(["train", "dev"] * 3)),
        "FILE: unknown split 'dev'; known: train, validation, test",
    ),
    "split of numbers": (
        npz_file(x=X, y=Y, split=Y),
        "FILE: expected split to be text of shape (6,), received int64 of shape (6,)",
    ),
    "split too short": (
        npz_file(x=X, y=Y, split=ALL_SPLITS[:5]),
        "FILE: expected split to be text of shape (6,), received <U10 of shape (5,)",
    ),
}


def message(call: Callable[[], object]) -> str:
    """What a call's DataError says: always one line."""
    with pytest.raises(DataError) as raised:
        call()
    text = str(raised.value)
    assert "\n" not in text
    return text


@pytest.mark.parametrize(("text", "wanted"), BAD_CSV.items(), ids=range(len(BAD_CSV)))
def test_bad_csv_is_answered_in_one_sentence(text: str, wanted: str, tmp_path: Path):
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    assert message(lambda: read(path)) == wanted.replace("FILE", str(path))


@pytest.mark.parametrize(("content", "wanted"), BAD_NPZ.values(), ids=BAD_NPZ)
def test_bad_npz_is_answered_in_one_sentence(content: bytes, wanted: str, tmp_path: Path):
    path = tmp_path / "own.npz"
    path.write_bytes(content)
    answer = message(lambda: read(path))
    if wanted == NOT_NPZ:  # what is damaged, zlib says in words that depend on its version
        assert answer.startswith(wanted.replace("FILE", str(path)))
    else:
        assert answer == wanted.replace("FILE", str(path))


def test_csv_of_another_encoding(tmp_path: Path):
    path = tmp_path / "own.csv"
    path.write_bytes("x1,x2,label\n1,2,blå\n".encode("latin-1"))
    assert message(lambda: read(path)).startswith(f"{path} is not a CSV file of UTF-8 text: ")


@pytest.mark.parametrize("suffix", [".csv", ".npz"])
def test_file_that_cannot_be_read(suffix: str, tmp_path: Path):
    absent = tmp_path / f"absent{suffix}"
    folder = tmp_path / f"folder{suffix}"
    folder.mkdir()
    assert message(lambda: read(absent)) == f"cannot read '{absent}': No such file or directory"
    assert message(lambda: read(folder)) == f"cannot read '{folder}': Is a directory"


@pytest.mark.parametrize("name", ["points.txt", "points", "points.npy"])
def test_other_suffixes_are_neither_read_nor_written(name: str, tmp_path: Path):
    path = tmp_path / name
    dataset = draw_dataset(Experiment(dataset="moons").dataset, seed=1)
    suffix = path.suffix
    assert message(lambda: read(path)) == (
        f"{path}: points are read from .csv or .npz, received '{suffix}'"
    )
    assert message(lambda: write_samples(dataset, path)) == (
        f"{path}: points are written to .csv or .npz, received '{suffix}'"
    )
    assert not path.exists()


@pytest.mark.parametrize("suffix", [".csv", ".npz"])
def test_folder_that_cannot_be_written(suffix: str, tmp_path: Path):
    dataset = draw_dataset(Experiment(dataset="moons").dataset, seed=1)
    (tmp_path / "file").touch()
    below = tmp_path / "file" / f"points{suffix}"
    absent = tmp_path / "absent" / f"points{suffix}"
    assert message(lambda: write_samples(dataset, below)) == (
        f"cannot write '{below}': Not a directory"
    )
    assert message(lambda: write_samples(dataset, absent)) == (
        f"cannot write '{absent}': No such file or directory"
    )
