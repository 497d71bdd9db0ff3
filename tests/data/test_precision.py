"""Samples that float32 cannot hold or tell apart are refused before anything is trained."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlplab import draw
from mlplab.data import Dataset, Samples, Split
from mlplab.errors import DataError
from mlplab.spec import Experiment, SamplesFile

REMEDY = '; train in float64 (dtype = "float64"), or scale the features (standardise = true)'


def own(path: Path, values: list[str], **how: object) -> SamplesFile:
    lines = [f"{i},{value},{'ab'[i % 2]}" for i, value in enumerate(values)]
    path.write_text("\n".join(["x1,time,label", *lines]))
    return SamplesFile(path=path, **how)


def experiment(dataset: SamplesFile, dtype: str = "float32") -> Experiment:
    return Experiment(dataset=dataset, training={"dtype": dtype})


LARGE = [*map(str, range(10)), "-1e39", "3"]
TIMES = [str(1_764_267_500 + 10 * i) for i in range(12)]
BLURRED = (
    "of 12 different values float32 can tell 2 apart (not 1764267500.0 in line 2 from 1764267510.0 in "
    "line 3)"
)


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (LARGE, "FILE, line 12, column 'time': -1e+39 is beyond float32 (at most 3.4e+38)"),
        (TIMES, f"FILE, column 'time': {BLURRED}"),
    ],
)
def test_what_float32_cannot_hold_is_refused_with_the_remedies(
    values: list[str], wanted: str, tmp_path: Path
):
    path = tmp_path / "own.csv"
    with pytest.raises(DataError) as raised:
        draw(experiment(own(path, values)), seed=1)
    assert str(raised.value) == wanted.replace("FILE", str(path)) + REMEDY
    # And the remedies are some.
    draw(experiment(own(path, values), "float64"), seed=1)
    draw(experiment(own(path, values, standardise=True)), seed=1)


@pytest.mark.parametrize(
    "values",
    [
        [str(1_764_267_500 + 3600 * i) for i in range(12)],  # hours: 128 seconds hardly matter
        ["1764267520", "1764267648"] * 6,  # neighbours in float32
        ["0.1"] * 12,
        ["1e-30", "1e30", *map(str, range(10))],
    ],
)
def test_what_float32_tells_apart_well_enough_is_taken(values: list[str], tmp_path: Path):
    draw(experiment(own(tmp_path / "own.csv", values)), seed=1)


def test_arrays_are_named_by_row():
    x = np.array([[1.0, 2.0], [1.0, 1e39], [1.0, 3.0]] * 2)
    samples = Samples.from_arrays(x, [0, 0, 0, 1, 1, 1])
    with pytest.raises(DataError) as raised:
        samples.check_precision(np.float32, standardise=False)
    assert str(raised.value).startswith("the samples, row 1, column 'x2': 1e+39 is beyond float32")


def test_a_dataset_of_ones_own_is_checked_where_it_is_cast():
    split = Split(np.array([[1.0, 2.0], [3.0, 1e39]]), np.array([0, 1]))
    fine = Split(np.eye(2), np.array([0, 1]))
    with pytest.raises(DataError) as raised:
        Dataset(fine, fine, split, ("a", "b")).astype(np.float32)
    assert str(raised.value) == (
        "the test split, row 1, feature 'x2': 1e+39 is beyond float32 (at most 3.4e+38)" + REMEDY
    )
