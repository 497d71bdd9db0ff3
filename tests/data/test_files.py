"""Samples go to a file and come back exactly; a bad file is answered in one sentence."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mlplab.data import SPLITS, Dataset, Samples, draw_dataset, write_samples
from mlplab.errors import DataError, MissingExtraError
from mlplab.spec import Arrays, Experiment, SamplesFile, recipes


def read(path: Path, seed: int = 1, **values: Any) -> Dataset:
    return draw_dataset(SamplesFile(path=path, **values), seed)


def assert_same(ours: Dataset, theirs: Dataset) -> None:
    assert ours.label_names == theirs.label_names
    assert ours.feature_names == theirs.feature_names
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


@pytest.mark.parametrize("suffix", [".csv", ".npz", ".parquet", ".CSV", ".NPZ"])
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


@pytest.mark.parametrize("suffix", [".csv", ".npz", ".parquet"])
def test_float32_points_keep_their_values(suffix: str, tmp_path: Path):
    dataset = draw_dataset(Experiment(dataset="polar").dataset, seed=3).astype(np.float32)
    write_samples(dataset, tmp_path / f"points{suffix}")
    assert_same(read(tmp_path / f"points{suffix}"), dataset.astype(np.float64))


@pytest.mark.parametrize("suffix", [".csv", ".npz", ".parquet"])
@pytest.mark.parametrize("features", [1, 2, 5])
def test_any_number_of_features_is_read_back_exactly(features: int, suffix: str, tmp_path: Path):
    x = np.random.default_rng(features).normal(size=(12, features))
    names = [f"{k}. mått, cm" for k in range(features)]
    samples = Samples.from_arrays(x, ["a", "b"] * 6, feature_names=names)
    dataset = samples.split_by(Arrays(), seed=1)
    write_samples(dataset, tmp_path / f"own{suffix}", label="kind")
    label = "label" if suffix == ".npz" else "kind"
    assert_same(read(tmp_path / f"own{suffix}", label=label), dataset)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@pytest.mark.parametrize("name", ["label", "split"])
def test_a_feature_called_like_another_column_is_not_written(
    name: str, suffix: str, tmp_path: Path
):
    samples = Samples.from_arrays(X, Y, feature_names=["a", name])
    path = tmp_path / f"own{suffix}"
    assert message(lambda: write_samples(samples.split_by(Arrays(), 1), path)) == (
        f"{path}: a feature and another column are both called '{name}'"
    )
    assert not path.exists()


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
        "\ufeff\r\n,,\r\nlabel , note,x2 , split,x1,\r\n\r\na, one,2,train,1\r\nb,,4, train ,3\r\n"
        "a,,6,validation,5\r\nb,,8,validation,7\r\n\r\na,,10,test,9\r\n b ,,12,test,1.1e1\r\n"
    )
    (tmp_path / "own.csv").write_bytes(text.encode("utf-8"))
    dataset = read(tmp_path / "own.csv")
    assert dataset.label_names == ("a", "b")
    assert dataset.feature_names == ("x2", "x1")
    assert dataset.train.x.tolist() == [[2, 1], [4, 3]]
    assert dataset.validation.x.tolist() == [[6, 5], [8, 7]]
    assert dataset.test.x.tolist() == [[10, 9], [12, 11]]
    for split in dataset.splits.values():
        assert split.y.tolist() == [0, 1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_of_spreadsheets_and_powershell(encoding: str, tmp_path: Path):
    text = "x1,label\r\n" + "1,blå\r\n2,röd\r\n" * 3
    (tmp_path / "own.csv").write_bytes(text.encode(encoding))
    assert read(tmp_path / "own.csv").label_names == ("blå", "röd")


@pytest.mark.parametrize("above", ["sep=,", "#TYPE System.Object", '"sep=,"', " , "])
def test_a_line_of_excel_or_powershell_above_the_header(above: str, tmp_path: Path):
    (tmp_path / "own.csv").write_text(f"{above}\nx1,label\n" + "1,a\n2,b\n" * 3)
    assert read(tmp_path / "own.csv").feature_names == ("x1",)


def test_a_line_is_what_an_editor_counts_as_one(tmp_path: Path):
    # Python's splitlines would end lines at these two as well.
    labels = ["a\x85b", "a\u2028c"] * 3
    assert read(csv_of(labels, tmp_path / "own.csv")).label_names == ("a\x85b", "a\u2028c")


def test_features_are_all_columns_of_numbers_but_the_labels(tmp_path: Path):
    rows = "0,2,red,True,2024-01-31,,7\n1,4,blue,False,2024-02-01,,8\n" * 3
    # Without a name: the index that pandas writes.
    (tmp_path / "own.csv").write_text(",size,colour,new,day,empty,kind\n" + rows)
    dataset = read(tmp_path / "own.csv", label="kind")
    assert dataset.feature_names == ("size", "new")
    assert dataset.label_names == ("7", "8")
    assert {tuple(row) for row in dataset.train.x.tolist()} == {(2, 1), (4, 0)}


def test_named_features_are_read_in_their_order(tmp_path: Path):
    (tmp_path / "own.csv").write_text("a,b,c,label\n" + "1,2,3,x\n4,5,6,y\n" * 3)
    dataset = read(tmp_path / "own.csv", features=["c", "a"])
    assert dataset.feature_names == ("c", "a")
    assert {tuple(row) for row in dataset.test.x.tolist()} == {(3, 1), (6, 4)}
    missing = message(lambda: read(tmp_path / "own.csv", features=["A"]))
    assert missing.endswith("column 'A' is missing; did you mean 'a'? (known: a, b, c, label)")
    word = message(lambda: read(tmp_path / "own.csv", features=["label"], label="a"))
    assert word.endswith("line 2, column 'label': expected a number, received 'x'")


def test_an_npz_file_names_its_features_and_its_labels(tmp_path: Path):
    arrays = {"x": np.arange(18).reshape(6, 3), "feature_names": ["a", "b", "c"], "y": [0, 1] * 3}
    np.savez(tmp_path / "own.npz", **arrays, species=["oak", "ash"] * 3)
    assert read(tmp_path / "own.npz").feature_names == ("a", "b", "c")
    dataset = read(tmp_path / "own.npz", features=["c", "a"], label="species")
    assert dataset.feature_names == ("c", "a")
    assert dataset.label_names == ("ash", "oak")
    assert {tuple(row) for row in dataset.test.x.tolist()} <= {(i + 2, i) for i in range(0, 18, 3)}
    assert message(lambda: read(tmp_path / "own.npz", features=["d"])).endswith(
        "no feature 'd'; known: a, b, c"
    )


def test_labels_that_floats_spell_are_whole_numbers_in_their_order(tmp_path: Path):
    dataset = read(csv_of([f"{k}.0" for k in range(11)] * 3, tmp_path / "own.csv"))
    assert dataset.label_names == tuple(map(str, range(11)))


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
SHAPES = "FILE: expected x of shape (samples, features) and y of shape (samples,), received "

BAD_CSV = {
    "": "FILE: the label's column 'label' is missing; there is no header at all",
    "x1,x2\n1,2\n": "FILE: the label's column 'label' is missing; known: x1, x2",
    "x1;x2;label\n1;2;a\n": (
        "FILE: the label's column 'label' is missing; the header is "
        "'x1;x2;label': separate columns by commas"
    ),
    "x1\tx2\tlabel\n1\t2\ta\n": (
        "FILE: the label's column 'label' is missing; the header is "
        "'x1\\tx2\\tlabel': separate columns by commas"
    ),
    "x1,x2,label\n": "FILE: no samples below the header",
    f"x1,x2,label\n{GOOD}1,two,a\n": (
        "FILE, line 8, column 'x2': expected a number, received 'two'"
    ),
    f"x1,x2,label\n\n\n{GOOD},2,a\n": "FILE, line 10, column 'x1': expected a number, received ''",
    f"x1,x2,label\n{GOOD}1\n": "FILE, line 8, column 'x2': expected a number, received ''",
    f'x1,x2,label\n{GOOD}"a\nb",2,a\n': (
        r"FILE, line 9, column 'x1': expected a number, received 'a\nb'"
    ),
    f"x1,x2,label\nnan,2,a\n{GOOD}": (
        "FILE, line 2, column 'x1': expected a finite number, received 'nan'"
    ),
    f"x1,x2,label\n1,-inf,a\n{GOOD}": (
        "FILE, line 2, column 'x2': expected a finite number, received '-inf'"
    ),
    f"x1,x2,label\n{GOOD}1,2,\n": "FILE, line 8: the label is missing",
    f'x1,x2,label\n{GOOD}1,2," "\n': "FILE, line 8: the label is missing",
    "x1,x2,x1,label\n1,2,3,a\n": "FILE: 2 columns are called 'x1'",
    "x1,label, label \n1,a,b\n": "FILE: 2 columns are called 'label'",
    "x1,x2,Label\n1,2,a\n": (
        "FILE: the label's column 'label' is missing; did you mean 'Label'? (known: x1, x2, Label)"
    ),
    "note,label\nwarm,a\n": "FILE: no column of numbers to learn from (found: note)",
    "label\na\n": "FILE: no column of numbers to learn from (found: none but the label's)",
    # Python alone takes an underscore for part of a number; a decimal comma is no word, either.
    f"x1,x2,label\n{GOOD}1_000,2,a\n": (
        "FILE, line 8, column 'x1': expected a number, received '1_000'"
    ),
    "x1,x2,label\n1_000,2,a\n": "FILE, line 2, column 'x1': expected a number, received '1_000'",
    'x1,x2,label\n"0,5",2,a\n': "FILE, line 2, column 'x1': expected a number, received '0,5'",
    # It may be one class or two, so it is neither.
    "x1,label\n1,1\n2,2\n3,01\n": (
        "FILE, line 4: the labels '01' and '1' are one number in two spellings; "
        "spell each class in one way"
    ),
    "x1,label\n1,1.0\n2,2\n3,1\n": (
        "FILE, line 4: the labels '1' and '1.0' are one number in two spellings; "
        "spell each class in one way"
    ),
    "x1,label\n1,1\n2,2\n3,1.5\n": (
        "FILE, line 4: a label must be a whole number or a name, received '1.5'"
    ),
    'x1,label\n1,a\n2,"b\n3,a\n': (
        "FILE, line 3: the row cannot be read (unexpected end of data); is each quotation mark closed?"
    ),
    "x1,label\n1,a\0\n": ("FILE is not text in UTF-8 (it holds zero bytes); save it as CSV UTF-8"),
    # A comma for a decimal point must not shift the columns in silence.
    "x1,x2,label\n0,5,0,7,1\n": "FILE, line 2: 3 values were expected, there are more",
    "x1,x2,label\n1,2,a\n3,4,a\n": ("FILE: two classes at least are needed, received only 'a'"),
    "x1,x2,label\n1,2,a\n3,4,a\n5,6,a\n7,8,b\n9,10,b\n": (
        "FILE: each class needs three samples at least, 'b' has 2"
    ),
    "x1,x2,label,split\n1,2,a,train\n3,4,b,tset\n": (
        "FILE, line 3: unknown split 'tset'; did you mean 'test'? (known: train, validation, test)"
    ),
    "x1,x2,label,split\n1,2,a,train\n3,4,b\n": (
        "FILE, line 3: unknown split ''; known: train, validation, test"
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
    "no arrays": (npz_file(), "FILE: array 'x' is missing; it holds no arrays at all"),
    "no x": (npz_file(X=X, y=Y), "FILE: array 'x' is missing; did you mean 'X'? (known: X, y)"),
    "no y": (npz_file(x=X, split=ALL_SPLITS), "FILE: array 'y' is missing; known: x, split"),
    "x of one dimension": (
        npz_file(x=X[:, 0], y=Y),
        f"{SHAPES}(6,) and (6,); one feature is x.reshape(-1, 1)",
    ),
    "flat x": (npz_file(x=X.ravel(), y=Y), f"{SHAPES}(12,) and (6,)"),
    "one-hot y": (
        npz_file(x=X, y=np.eye(6, 2)),
        f"{SHAPES}(6, 2) and (6, 2); of one-hot labels, y.argmax(axis=1)",
    ),
    "y too short": (npz_file(x=X, y=Y[:5]), f"{SHAPES}(6, 2) and (5,)"),
    "no points": (npz_file(x=X[:0], y=Y[:0]), f"{SHAPES}(0, 2) and (0,)"),
    "nan": (
        npz_file(x=X * np.nan, y=Y),
        "FILE, row 0, feature 'x1': expected a finite number, received nan",
    ),
    "inf": (
        npz_file(x=X + np.inf, y=Y),
        "FILE, row 0, feature 'x1': expected a finite number, received inf",
    ),
    "complex": (npz_file(x=X + 1j, y=Y), "FILE: x must hold real numbers, received complex128"),
    "text x": (npz_file(x=X.astype(str), y=Y), "FILE: x must hold real numbers, received <U32"),
    "fractions": (
        npz_file(x=X, y=Y / 2),
        "FILE, row 1: a label must be a whole number or a name, received 0.5",
    ),
    "infinite y": (
        npz_file(x=X, y=[0, 1, 0, 1, 0, np.inf]),
        "FILE, row 5: a label must be a whole number or a name, received inf",
    ),
    "bytes": (
        npz_file(x=X, y=np.array([b"a", b"\xe9"] * 3)),
        "FILE, row 0: a label must be a whole number or a name, received np.bytes_(b'a')",
    ),
    "empty name": (
        npz_file(x=X, y=np.array(["a", " "] * 3)),
        "FILE, row 1: the label is missing",
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
        "FILE, row 1: unknown split 'dev'; known: train, validation, test",
    ),
    "split of numbers": (
        npz_file(x=X, y=Y, split=Y),
        "FILE: expected split to be text of shape (6,), received int64 of shape (6,)",
    ),
    "split too short": (
        npz_file(x=X, y=Y, split=ALL_SPLITS[:5]),
        "FILE: expected split to be text of shape (6,), received <U10 of shape (5,)",
    ),
    "names of numbers": (
        npz_file(x=X, y=Y, feature_names=[1, 2]),
        "FILE: expected feature_names to be text of shape (features,), received int64 of shape (2,)",
    ),
    "one name of two": (
        npz_file(x=X, y=Y, feature_names=["a"]),
        "FILE: expected 2 feature names, as many as x has columns, received 1",
    ),
    "two features of one name": (
        npz_file(x=X, y=Y, feature_names=["a", "a "]),
        "FILE: each feature needs a name of its own, received 'a'",
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
    assert message(lambda: read(path)) == (
        f"{path} is not text in UTF-8 (invalid continuation byte at byte 18); save it as CSV UTF-8"
    )


@pytest.mark.parametrize("suffix", [".csv", ".npz", ".parquet"])
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
        f"{path}: samples are read from .csv, .npz or .parquet, received '{suffix}'"
    )
    assert message(lambda: write_samples(dataset, path)) == (
        f"{path}: samples are written to .csv, .npz or .parquet, received '{suffix}'"
    )
    assert not path.exists()


def test_bad_parquet_is_answered_in_one_sentence(tmp_path: Path):
    path = tmp_path / "own.parquet"
    path.write_text("x1,label\n1,a\n")
    assert message(lambda: read(path)).startswith(f"{path} is not a Parquet file: ")
    pandas.DataFrame({"x1": [1.0, None, 3.0], "label": list("aab")}).to_parquet(path)
    assert message(lambda: read(path)) == (
        f"{path}, row 1, column 'x1': expected a finite number, received nan"
    )


@pytest.mark.parametrize("missing", ["pandas", "pyarrow"])
def test_parquet_needs_an_extra(missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, missing, None)
    path = tmp_path / "own.parquet"
    wanted = (
        f"Parquet needs pandas and pyarrow, and {missing} is missing: "
        "install it with  pip install 'mlplab[data]'"
    )
    with pytest.raises(MissingExtraError) as reading:
        read(path)
    assert str(reading.value) == f"reading {wanted}"
    with pytest.raises(MissingExtraError) as writing:
        write_samples(draw_dataset(Experiment(dataset="moons").dataset, seed=1), path)
    assert str(writing.value) == f"writing {wanted}"
    assert not path.exists()


@pytest.mark.parametrize("suffix", [".csv", ".npz", ".parquet"])
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


# ---- How long it takes, and what it needs ----------------------------------------------------


def test_reading_takes_little_longer_than_finding_the_commas(tmp_path: Path):
    x = np.random.default_rng(1).normal(size=(4000, 4))
    dataset = Samples.from_arrays(x, np.arange(4000) % 3).split_by(Arrays(), 1)
    write_samples(dataset, tmp_path / "own.csv")
    text = (tmp_path / "own.csv").read_text()

    def seconds(work: Callable[[], object]) -> float:
        best = np.inf
        for _ in range(7):
            began = time.process_time()
            work()
            best = min(best, time.process_time() - began)
        return best

    commas = seconds(lambda: list(csv.reader(io.StringIO(text))))
    spec = SamplesFile(path=tmp_path / "own.csv")
    assert seconds(lambda: Samples.from_file(spec)) < 8 * commas


def test_csv_and_arrays_need_no_pandas(tmp_path: Path):
    path = csv_of(["a", "b"] * 3, tmp_path / "own.csv")
    program = (
        "import sys\n"
        "from mlplab.data import Samples\n"
        "from mlplab.spec import SamplesFile\n"
        f"print(Samples.from_file(SamplesFile(path={str(path)!r})))\n"
        "Samples.from_arrays([[1], [2], [3]] * 2, [0, 0, 0, 1, 1, 1])\n"
        "sys.exit('pandas' in sys.modules or 'pyarrow' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "<6 samples of 2 classes, 2 features>\n"), (
        done.stderr
    )
