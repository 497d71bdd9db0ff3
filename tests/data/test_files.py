"""Samples go to a file and come back exactly, and what other programs write is read."""

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
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mlplab.data import SPLITS, Dataset, Samples, draw_dataset, write_samples
from mlplab.spec import Arrays, Experiment, SamplesFile, recipes

Message = Callable[[Callable[[], object]], str]


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


def test_named_features_are_read_in_their_order(tmp_path: Path, message: Message):
    (tmp_path / "own.csv").write_text("a,b,c,label\n" + "1,2,3,x\n4,5,6,y\n" * 3)
    dataset = read(tmp_path / "own.csv", features=["c", "a"])
    assert dataset.feature_names == ("c", "a")
    assert {tuple(row) for row in dataset.test.x.tolist()} == {(3, 1), (6, 4)}
    missing = message(lambda: read(tmp_path / "own.csv", features=["A"]))
    assert missing.endswith("column 'A' is missing; did you mean 'a'? (known: a, b, c, label)")
    word = message(lambda: read(tmp_path / "own.csv", features=["label"], label="a"))
    assert word.endswith("line 2, column 'label': expected a number, received 'x'")


def test_an_npz_file_names_its_features_and_its_labels(tmp_path: Path, message: Message):
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
