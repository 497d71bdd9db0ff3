"""Features are scaled by the training split alone, in float64, before they become float32."""

from __future__ import annotations

import numpy as np
import pytest

from mlplab import draw, train
from mlplab.data import Samples, draw_dataset
from mlplab.data.standardising import mean_and_scale, scaled
from mlplab.errors import DataError
from mlplab.spec import Arrays, Experiment, SamplesFile

SPLIT = ["train"] * 4 + ["validation"] * 2 + ["test"] * 2
Y = [0, 1] * 4


def samples(*columns: list[float]) -> Samples:
    return Samples.from_arrays(np.array(columns, np.float64).T, Y, SPLIT)


def test_mean_and_deviation_are_those_of_the_training_split():
    given = samples([1, 2, 3, 6, 30, 40, 50, 60], [7, 7, 7, 7, 7, 8, 9, 5])
    dataset = draw_dataset(Arrays(standardise=True), 1, samples=given)
    # Mean (1 + 2 + 3 + 6) / 4 = 3; variance (4 + 1 + 0 + 9) / 4 = 3.5. Constant features are centred.
    deviation = np.sqrt(3.5)
    assert dataset.mean is not None
    assert dataset.scale is not None
    np.testing.assert_allclose(dataset.mean, [3, 7])
    np.testing.assert_allclose(dataset.scale, [deviation, 1])
    np.testing.assert_allclose(dataset.train.x[:, 0], np.array([-2, -1, 0, 3]) / deviation)
    np.testing.assert_allclose(dataset.validation.x, [[27 / deviation, 0], [37 / deviation, 1]])
    np.testing.assert_allclose(dataset.test.x, [[47 / deviation, 2], [57 / deviation, -2]])


def test_a_standardised_dataset_can_be_had_as_it_was_measured():
    given = samples([1, 2, 3, 6, 30, 40, 50, 60], [7, 7, 7, 7, 7, 8, 9, 5])
    experiment = Experiment(
        dataset=Arrays(standardise=True), training={"epochs": 3, "batch_size": 2}
    )
    run = train(experiment, data=given, seed=1)[0]
    dataset = draw(experiment, 1, given).dataset
    measured = dataset.as_measured()
    assert measured.mean is measured.scale is None
    for name, split in draw(
        experiment.varied({"dataset.standardise": False}), 1, given
    ).dataset.splits.items():
        np.testing.assert_allclose(measured.splits[name].x, split.x, rtol=1e-6)
        outputs = run.predict_proba(measured.splits[name].x)
        np.testing.assert_array_equal(outputs, run.feedforward(dataset.splits[name].x))
    assert measured.as_measured() is measured


def test_without_standardising_there_is_no_mean():
    dataset = draw_dataset(Arrays(), 1, samples=samples([1, 2, 3, 6, 30, 40, 50, 60]))
    assert dataset.mean is dataset.scale is None
    assert dataset.train.x[:, 0].tolist() == [1, 2, 3, 6]


def test_it_happens_in_float64_before_the_cast(tmp_path):
    # In float32, 1.7e9 and 1.7e9 + 10 are one number.
    times = [1.7e9 + second for second in (0, 10, 20, 30, 0, 10, 20, 30)]
    rows = zip(times, Y, SPLIT, strict=True)
    lines = [f"{time!r},{y},{split}" for time, y, split in rows]
    (tmp_path / "own.csv").write_text("\n".join(["time,label,split", *lines]))
    own = SamplesFile(path=tmp_path / "own.csv", standardise=True)
    dataset = draw(Experiment(dataset=own), seed=1).dataset
    assert dataset.train.x.dtype == np.float32
    wanted = np.array([-15, -5, 5, 15]) / np.sqrt(125)
    np.testing.assert_array_equal(dataset.train.x[:, 0], wanted.astype(np.float32))
    assert dataset.mean is not None
    assert dataset.mean.dtype == np.float64
    assert dataset.mean.tolist() == [1.7e9 + 15]


@pytest.mark.parametrize("size", [1e-300, 1.0, 1e300])
def test_squares_neither_overflow_nor_vanish(size: float):
    x = size * np.array([[1.0], [2.0], [3.0], [6.0]])
    mean, scale = mean_and_scale(x)
    np.testing.assert_allclose(mean / size, [3])
    np.testing.assert_allclose(scale / size, np.sqrt([3.5]))


def test_the_mean_of_equal_numbers_is_that_number():
    x = np.full((7, 1), 0.1)
    assert x.sum() / 7 != 0.1
    mean, scale = mean_and_scale(x)
    assert (mean.tolist(), scale.tolist()) == ([0.1], [1.0])


def test_zeros_have_a_scale():
    mean, scale = mean_and_scale(np.zeros((3, 2)))
    assert (mean.tolist(), scale.tolist()) == ([0, 0], [1, 1])


def test_the_largest_numbers_are_standardised_without_a_warning():
    """Mean -0.85e308 and deviation 1.47e308 of -1.7e308 three times and 1.7e308; the rest lies beyond."""
    column = [-1.7e308, -1.7e308, -1.7e308, 1.7e308, 1.7e308, 0.0, 1.7e308, -1.7e308]
    dataset = draw_dataset(Arrays(standardise=True), 1, samples=samples(column))
    root = np.sqrt(3)
    np.testing.assert_allclose(dataset.train.x[:, 0], [-1 / root, -1 / root, -1 / root, root])
    np.testing.assert_allclose(dataset.validation.x[:, 0], [root, 0.5 / (root / 2)])
    np.testing.assert_allclose(dataset.as_measured().validation.x[:, 0], [1.7e308, 0], atol=1e293)
    experiment = Experiment(dataset=Arrays(standardise=True), training={"dtype": "float64"})
    run = train(experiment, data=samples(column))[0]
    assert np.isfinite(run.predict_proba([[1.7e308], [-1.7e308]])).all()


def test_a_number_that_is_too_far_away_is_named():
    column = [1e308] * 4 + [1e308, -1.7e308] + [1e308] * 2
    with pytest.raises(
        DataError, match=r"validation split, row 1, feature 'x1': -1.7e\+308 is too f"
    ):
        draw_dataset(Arrays(standardise=True), 1, samples=samples(column))


@pytest.mark.parametrize("size", [1e-310, 1.0, 2.0**1021, 2.0**1022])
def test_the_way_in_quarters_has_the_same_bits(size: float):
    x = size * np.array([[1.0], [1.1], [1.7], [1.9]])
    mean, scale = mean_and_scale(x)
    np.testing.assert_array_equal(scaled(x, mean, scale), (x - mean) / scale)
