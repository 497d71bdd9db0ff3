"""Samples from arrays, DataFrames and files: what they hold, their content, and who may be given them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest

from mlplab.data import SPLITS, Samples, draw_dataset, given, write_samples
from mlplab.errors import DataError
from mlplab.spec import Arrays, Experiment, Polar, SamplesFile

X = np.array([[5.1, 3.5], [4.9, 3.0], [6.3, 3.3], [7.1, 3.0], [5.8, 2.7], [6.5, 3.2]])
Y = np.array(["oak", "ash"] * 3)
SPLIT = ["train", "train", "validation", "validation", "test", "test"]


def frame(**columns: Any) -> pandas.DataFrame:
    return pandas.DataFrame({"height": X[:, 0], "width": X[:, 1], "species": Y, **columns})


def message(call: Callable[[], object]) -> str:
    with pytest.raises(DataError) as raised:
        call()
    text = str(raised.value)
    assert "\n" not in text
    return text


# ---- Arrays and DataFrames -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("y", "names"),
    [
        (["oak", "ash "] * 3, ("ash", "oak")),
        (np.array([10, 2] * 3, np.uint8), ("2", "10")),
        ([10.0, 2.0] * 3, ("2", "10")),
        ([True, False] * 3, ("False", "True")),
        (pandas.Series(["oak", "ash"] * 3, dtype="category"), ("ash", "oak")),
        (pandas.Series([10, 2] * 3, dtype="Int64"), ("2", "10")),
        (pandas.Series(["oak", "ash"] * 3), ("ash", "oak")),
        (np.array(["oak", "ash"] * 3, object), ("ash", "oak")),
    ],
)
def test_labels_are_text_whole_numbers_or_truth_values(y: Any, names: tuple[str, ...]):
    samples = Samples.from_arrays(X, y)
    assert samples.label_names == names
    assert samples.y.tolist() == [1, 0] * 3
    assert samples.y.dtype == np.int64
    np.testing.assert_array_equal(samples.x, X)
    assert not samples.x.flags.writeable


def test_a_frame_and_its_columns_as_arrays_and_its_files_are_the_same_samples(tmp_path: Path):
    table = frame(split=SPLIT)
    samples = Samples.from_frame(table, "species")
    assert samples.feature_names == ("height", "width")
    assert samples.label_names == ("ash", "oak")
    dataset = samples.split_by(Arrays(), seed=1)
    for i, name in enumerate(SPLITS):
        np.testing.assert_array_equal(dataset.splits[name].x, X[2 * i : 2 * i + 2])
    table.to_csv(tmp_path / "own.csv")
    table.to_parquet(tmp_path / "own.parquet")
    np.savez(tmp_path / "own.npz", x=X, species=Y, split=SPLIT, feature_names=["height", "width"])
    same = [
        Samples.from_arrays(table[["height", "width"]], table["species"], SPLIT),
        Samples.from_arrays(X, Y, SPLIT, ["height", "width"]),
        *(
            Samples.from_file(SamplesFile(path=tmp_path / name, label="species"))
            for name in ("own.csv", "own.parquet", "own.npz")
        ),
    ]
    assert {each.content for each in same} == {samples.content}


def test_features_of_a_frame_are_its_columns_of_numbers_and_truth_values():
    table = frame(
        colour=["red", "blue"] * 3,
        day=pandas.date_range("2024-01-01", periods=6),
        new=[True, False] * 3,
        rooms=pandas.Series([1, 2] * 3, dtype="Int64"),
    )
    table.index = [7] * 6
    assert Samples.from_frame(table, "species").feature_names == ("height", "width", "new", "rooms")
    chosen = Samples.from_frame(table, "species", features=["rooms", "width"])
    np.testing.assert_array_equal(chosen.x, np.stack([[1, 2] * 3, X[:, 1]], axis=1))


class OtherFrame:
    """A DataFrame that is not of pandas, as polars has it."""

    columns = ("height", "species")

    def __getitem__(self, name: str) -> np.ndarray:
        return {"height": X[:, 0], "species": Y}[name]


def test_other_frames_than_pandas_will_do():
    assert Samples.from_frame(OtherFrame(), "species").feature_names == ("height",)


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        (
            lambda: Samples.from_frame(frame(), "Species"),
            "the samples: the label's column 'Species' is missing; did you mean 'species'? "
            "(known: height, width, species)",
        ),
        (
            lambda: Samples.from_frame(frame(rooms=[1, 2, None, 4, 5, 6]), "species"),
            "the samples, row 2, column 'rooms': expected a finite number, received nan",
        ),
        (
            lambda: Samples.from_frame(
                frame(rooms=pandas.Series([1, 2, None, 4, 5, 6], dtype="Int64")), "species"
            ),
            "the samples, row 2, column 'rooms': expected a finite number, received nan",
        ),
        (
            lambda: Samples.from_frame(
                frame(rooms=pandas.Series([1, 2, None, 4, 5, 6], dtype=object)), "species"
            ),
            "the samples, row 2, column 'rooms': expected a number, received nothing",
        ),
        (
            lambda: Samples.from_frame(frame(), "height", features=["width", "height"]),
            "the samples: 'height' is the label and cannot be a feature",
        ),
        (
            lambda: Samples.from_frame(frame(split=SPLIT), "species", features=["split"]),
            "the samples: 'split' is the split and cannot be a feature",
        ),
        (
            lambda: Samples.from_arrays(X, ["9" * 5000, "1"] * 3),
            "the samples, row 0: a label must be a whole number or a name, received "
            f"'{'9' * 56}...",
        ),
        (
            lambda: Samples.from_frame(frame(), "height", features=["species"]),
            "the samples, row 0, column 'species': expected a number, received 'oak'",
        ),
        (
            lambda: Samples.from_frame(
                frame().assign(species=["oak", None, "ash", "oak", "ash", "oak"]), "species"
            ),
            "the samples, row 1: the label is missing",
        ),
        (
            lambda: Samples.from_frame(
                frame(day=pandas.date_range("2024-01-01", periods=6).astype("datetime64[us]")),
                "day",
            ),
            "the samples, row 0: a label must be a whole number or a name, received "
            "np.datetime64('2024-01-01T00:00:00.000000')",
        ),
        (
            lambda: Samples.from_frame(
                pandas.concat([frame(), frame()[["width"]]], axis=1), "species"
            ),
            "the samples: 2 columns are called 'width'",
        ),
        (
            lambda: Samples.from_arrays([[1, 2], [3]], [0, 1]),
            "the samples: x is no array: setting an array element with a sequence. The requested array "
            "has an inhomogeneous shape after 1 dimensions. The detected shape was (2,) + inhomogeneous "
            "part.",
        ),
        (
            lambda: Samples.from_arrays(np.ma.masked_greater(X, 7), Y),
            "the samples: x has masked values; every sample must be whole",
        ),
        (
            lambda: Samples.from_arrays(X, Y, ["train"] * 5 + ["tset"]),
            "the samples, row 5: unknown split 'tset'; did you mean 'test'? "
            "(known: train, validation, test)",
        ),
        (
            lambda: Samples.from_arrays(np.array([["a", 1]] * 6, object), Y),
            "the samples: x must hold real numbers only: could not convert string to float: 'a'",
        ),
    ],
)
def test_what_cannot_be_used_is_answered_in_one_sentence(call: Callable[[], object], wanted: str):
    assert message(call) == wanted


# ---- Content ---------------------------------------------------------------------------------


def test_the_content_is_the_same_on_every_machine():
    samples = Samples.from_arrays(X, Y, SPLIT, ["height", "width"])
    assert samples.content == "70e6078cc0c9f2b62436ba0c47ec2f02dbf618f0cb32e83714329bcb24da6f12"


changed_value = X.copy()
changed_value[3, 1] = np.nextafter(3.0, 4.0)


@pytest.mark.parametrize(
    ("other", "difference"),
    [
        (Samples.from_arrays(X[::-1], Y[::-1]), "the same samples in another order"),
        (Samples.from_arrays(changed_value, Y), "other samples"),
        (Samples.from_arrays(X, Y[::-1]), "other samples"),
        (Samples.from_arrays(X[:, ::-1], Y), "other samples"),
        (Samples.from_arrays(np.tile(X, (2, 1)), np.tile(Y, 2)), "other samples"),
        (
            Samples.from_arrays(X, Y, feature_names=["a", "b"]),
            "the same samples under other names of classes or features",
        ),
        (
            Samples.from_arrays(X, np.where(Y == "oak", "pine", "ash")),
            "the same samples under other names of classes or features",
        ),
        (
            Samples.from_arrays(X[::-1], Y[::-1], feature_names=["a", "b"]),
            "the same samples in another order and under other names of classes or features",
        ),
        (Samples.from_arrays(X, Y, SPLIT), "other samples and other names"),
        (Samples.from_arrays(X[:, :1], Y), "other samples and other names"),
    ],
)
def test_samples_of_another_content_are_refused_with_the_difference(
    other: Samples, difference: str
):
    pinned = Arrays(content=Samples.from_arrays(X, Y).content)
    for call in (
        lambda: draw_dataset(pinned, 1, samples=other),
        lambda: given(Experiment(dataset=pinned), other),
    ):
        assert (
            f": these are not the samples that the experiment means; they are {difference}, "
            in (message(call))
        )


def test_a_file_that_was_sorted_since_is_refused(tmp_path: Path):
    path = tmp_path / "own.csv"
    frame().to_csv(path, index=False)
    pinned = Samples.from_frame(frame(), "species").pinned(SamplesFile(path=path, label="species"))
    assert (pinned.path, pinned.label) == (str(path), "species")
    draw_dataset(pinned, seed=1)
    sorted_frame = frame().sort_values("height")
    sorted_frame.to_csv(path, index=False)
    now = Samples.from_frame(sorted_frame, "species").content
    # Names and rows are the same, and so are the digits that stand for them.
    assert now[:32] == pinned.content[:32]
    first = next(i for i in range(32, 64) if now[i] != pinned.content[i])
    assert message(lambda: draw_dataset(pinned, seed=1)) == (
        f"{path}: these are not the samples that the experiment means; they are the same samples in "
        "another order, 6 now, of 2 classes and 2 features "
        f"(content …{now[first : first + 8]}…, expected …{pinned.content[first : first + 8]}…)"
    )


def test_the_form_of_the_file_is_not_its_content(tmp_path: Path):
    (tmp_path / "a.csv").write_text("x1,x2,label\n" + "1,2,a\n3,4,b\n" * 3)
    (tmp_path / "b.csv").write_text("label, x1, x2\r\n" + '"a", 1.0, 2e0\r\nb,3,4\r\n\r\n' * 3)
    a, b = (Samples.from_file(SamplesFile(path=tmp_path / name)) for name in ("a.csv", "b.csv"))
    assert a.content == b.content


# ---- Given in the place of a dataset ---------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "label"),
    [
        ((X, Y), None),
        ([X, Y], None),
        (Samples.from_arrays(X, Y), None),
        (pandas.DataFrame({"x1": X[:, 0], "x2": X[:, 1], "species": Y}), "species"),
    ],
)
def test_samples_take_the_place_of_a_recipe(data: Any, label: str | None):
    experiment = Experiment(dataset="polar", training={"epochs": 3})
    changed, samples = given(experiment, data, label)
    assert changed.dataset == Arrays(content=Samples.from_arrays(X, Y).content)
    assert changed.training == experiment.training
    assert experiment.dataset == Polar()
    np.testing.assert_array_equal(samples.x, X)
    again, _ = given(changed, data, label)
    assert again == changed
    assert Experiment.from_toml_text(changed.to_toml()) == changed


def test_given_samples_come_with_their_split():
    _, samples = given(Experiment(dataset="polar"), (X, Y, SPLIT))
    dataset = draw_dataset(Arrays(), 3, samples=samples)
    np.testing.assert_array_equal(dataset.test.x, X[4:])


@pytest.mark.parametrize("dataset", [Arrays, lambda **values: SamplesFile(path="a.csv", **values)])
def test_fractions_and_standardising_stay(dataset: Callable[..., Any]):
    before = dataset(standardise=True, test_fraction=0.4)
    changed, samples = given(Experiment(dataset=before), (X, Y))
    assert changed.dataset == Arrays(standardise=True, test_fraction=0.4, content=samples.content)


@pytest.mark.parametrize(
    ("data", "label", "wanted"),
    [
        (frame(), None, 'a DataFrame needs the name of its label\'s column, label="…"'),
        ((X, Y), "species", "label names a column of a DataFrame, received "),
        (
            X,
            None,
            "data must be (x, y), (x, y, split), (x, y, split, sample_weight), a DataFrame ",
        ),
        (
            "own.csv",
            None,
            "data must be (x, y), (x, y, split), (x, y, split, sample_weight), a DataFrame ",
        ),
        (
            (X,),
            None,
            "data must be (x, y), (x, y, split), (x, y, split, sample_weight), a DataFrame ",
        ),
    ],
)
def test_what_is_no_data_is_refused(data: Any, label: str | None, wanted: str):
    assert message(lambda: given(Experiment(dataset="polar"), data, label)).startswith(wanted)


def test_arrays_are_not_drawn_from_the_experiment_alone():
    assert message(lambda: draw_dataset(Arrays(), seed=1)) == (
        "the experiment's samples were handed in as arrays: hand them in again, data=(x, y)"
    )


def test_a_file_that_was_read_is_not_read_again(tmp_path: Path):
    spec = SamplesFile(path=tmp_path / "own.csv")
    samples = Samples.from_arrays(X, Y)
    write_samples(samples.split_by(spec, 1), spec.path)
    read = Samples.from_file(spec)
    Path(spec.path).unlink()
    wanted = draw_dataset(read.pinned(spec), 1, samples=read)
    np.testing.assert_array_equal(wanted.train.x, samples.split_by(spec, 1).train.x)


def test_samples_are_shown_in_a_line():
    samples = Samples.from_arrays(X, Y)
    assert repr(samples) == "<6 samples of 2 classes, 2 features>"
    assert len(replace(samples, source="a")) == 6


@pytest.mark.parametrize("value", [10**400, np.longdouble("1e4000")])
def test_a_number_beyond_float64_is_one_sentence(value: Any):
    x = np.array([[1.0], [value], [2.0]] * 2, dtype=object)
    with pytest.raises(DataError, match=r"real numbers only|expected a finite number"):
        Samples.from_arrays(x, list("ababab"))


@pytest.mark.parametrize("label", [2, ["y"], ("y", "")])
def test_a_label_that_is_no_text_is_one_sentence(label: Any):
    with pytest.raises(DataError, match=r"columns are named by text, such as .*, received"):
        Samples.from_frame(pandas.DataFrame([[0.0, 1.0, 2]]), label)
