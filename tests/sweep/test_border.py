"""The border of trainability: box counting gives the dimension of shapes whose dimension is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import t

from mlplab.errors import MlplabError
from mlplab.spec import Experiment
from mlplab.sweep import Axis, MapPlan, TrainedMap
from mlplab.sweep.border import (
    border_dimension,
    box_counts,
    box_dimension,
    box_scales,
    failed_runs,
)

SIDE = 513
Y, X = np.mgrid[:SIDE, :SIDE].astype(np.float64)


def koch(order: int) -> np.ndarray:
    """Return the cells inside Koch's snowflake."""
    corners = 256 + 200 * np.exp(2j * np.pi * (np.arange(3) / 3 + 0.04)) + 256j
    for _ in range(order):
        step = (np.roll(corners, -1) - corners) / 3
        peak = corners + step + step * np.exp(-1j * np.pi / 3)
        corners = np.stack([corners, corners + step, peak, corners + 2 * step], axis=1).ravel()
    following = np.roll(corners, -1)
    inside = np.zeros((SIDE, SIDE), np.bool_)
    for a, b in zip(corners, following, strict=True):
        low, high = sorted((a.imag, b.imag))
        rows = np.arange(math.ceil(low), math.ceil(high))
        crossing = a.real + (rows - a.imag) / (b.imag - a.imag) * (b.real - a.real)
        # Even and odd crossings: cells to the right of each change sides.
        inside[rows] ^= X[rows] > crossing[:, None]
    return inside


SHAPES = {
    "a level line": (Y > 200.5, 1.0, 1e-9),
    "a line across": (Y > 0.37 * X + 100, 1.0, 0.01),
    "a circle": (np.hypot(X - 250, Y - 260) < 180, 1.0, 0.01),
    "a filled square": ((abs(X - 256) < 150) & (abs(Y - 256) < 150), 1.0, 0.01),
    "Koch's curve": (koch(5), math.log(4) / math.log(3), 0.04),
    "noise": (np.random.default_rng(0).random((SIDE, SIDE)) < 0.5, 2.0, 0.01),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_dimension_of_a_known_shape(shape: str) -> None:
    inside, dimension, tolerance = SHAPES[shape]
    scales = box_scales(inside.shape)
    assert scales == (2, 4, 8, 16, 32, 64)
    assert box_dimension(inside, scales) == pytest.approx(dimension, abs=tolerance)
    assert box_dimension(~inside.T, scales) == pytest.approx(dimension, abs=tolerance)


def test_boxes_are_counted_as_one_by_one() -> None:
    inside = np.random.default_rng(1).random((20, 30)) < 0.1
    scales = (1, 2, 4)
    for scale, count in zip(scales, box_counts(inside, scales), strict=True):
        around = np.pad(inside, scale // 2, mode="edge")
        total = 0.0
        for y in range(around.shape[0] - scale):
            for x in range(around.shape[1] - scale):
                box = around[y : y + scale + 1, x : x + scale + 1]
                # Where the box's middle is, in the map's cells.
                middle = np.array([y, x]) - scale // 2 + scale / 2
                at_edge = (middle == 0) | (middle == np.array(inside.shape) - 1)
                total += 0.5 ** at_edge.sum() * (box.any() and not box.all())
        assert count == pytest.approx(total / scale**2)


def test_a_line_passes_through_its_length_in_boxes() -> None:
    assert box_counts(Y[:65, :65] > 30.5, (1, 2, 4, 8)).tolist() == [64, 32, 16, 8]


@pytest.mark.parametrize("value", [True, False])
def test_where_all_are_alike_there_is_no_border(value: bool) -> None:
    inside = np.full((65, 65), value)
    assert math.isnan(box_dimension(inside, (1, 2, 4)))


# ---- Of a map ------------------------------------------------------------------------------------


def made(inside: np.ndarray, x: str = "log:1e-3:10:", y: str = "lin:0:0.9:") -> TrainedMap:
    """Return a map in which runs diverged where they are inside, shape (y, x, replications)."""
    base = Experiment(dataset="linear")
    rows, columns, replications = inside.shape
    plan = MapPlan(
        base,
        Axis.parse(f"training.optimizer.learning_rate={x}{columns if x else '0.1,0.2'}", base),
        Axis.parse(f"training.optimizer.momentum={y}{rows}", base),
        replications,
    )
    trained = TrainedMap(plan)
    trained.ending[:] = np.where(inside, 3, 1)
    return trained


def wavy(seed: int, rough: float) -> np.ndarray:
    """Return the cells above a sum of ever shorter waves: a border as rough as they are high."""
    generator = np.random.default_rng(seed)
    x = X[0, :257] / 257
    height = sum(rough**k * np.sin(2 * np.pi * (2**k * x + generator.random())) for k in range(8))
    return Y[:257, :257] > 128 + 40 * height


def test_each_replication_has_its_dimension_and_their_spread_an_interval() -> None:
    layers = [wavy(seed, 0.6) for seed in range(5)]
    found = border_dimension(made(np.stack(layers, axis=-1)))
    each = [box_dimension(layer, found.scales) for layer in layers]
    assert found.scales == (2, 4, 8, 16, 32)
    assert found.each == pytest.approx(each)
    half = t.ppf(0.975, 4) * np.std(each, ddof=1) / math.sqrt(5)
    assert (found.mean, found.low, found.high) == pytest.approx(
        (np.mean(each), np.mean(each) - half, np.mean(each) + half)
    )
    majority = np.sum(layers, axis=0) > 2
    assert found.dimension == pytest.approx(box_dimension(majority, found.scales))
    assert found.boxes == pytest.approx(box_counts(majority, found.scales))
    assert found.mean > 1.1


def test_stuck_runs_and_diverged_ones_are_inside() -> None:
    trained = made(np.zeros((65, 65, 3), np.bool_))
    trained.ending[30:, :, 0], trained.ending[30:, :, 1] = 2, 3
    failed = failed_runs(trained)
    assert failed[30:, :, :2].all()
    assert failed.sum() == 35 * 65 * 2
    # Two of three runs failed: that is a majority, and one of three is not.
    assert border_dimension(trained).dimension == pytest.approx(1.0)
    trained.ending[30:, :, 1] = 1
    assert math.isnan(border_dimension(trained).dimension)


def test_replications_without_a_border_are_left_out() -> None:
    inside = np.zeros((65, 65, 3), np.bool_)
    inside[30:, :, :2] = True
    found = border_dimension(made(inside))
    assert np.isnan(found.each).tolist() == [False, False, True]
    assert found.mean == pytest.approx(found.each[0])
    nowhere = border_dimension(made(inside[..., 2:]))
    assert math.isnan(nowhere.dimension)
    assert math.isnan(nowhere.mean)
    single = border_dimension(made(inside[..., :1]))
    assert not math.isnan(single.mean)
    assert math.isnan(single.low)


def test_maps_without_room_for_boxes_are_refused() -> None:
    inside = np.zeros((70, 64, 1), np.bool_)
    with pytest.raises(
        MlplabError, match=r"at least 65 values, received 64 of training\.optimizer"
    ):
        border_dimension(made(inside))
    with pytest.raises(MlplabError, match=r"received 2 of .* as list"):
        border_dimension(made(np.zeros((70, 2, 1), np.bool_), x=""))
    trained = made(np.zeros((70, 70, 1), np.bool_))
    trained.ending[3, 4] = 0
    with pytest.raises(MlplabError, match=r"needs all runs of the map, received 4,899 of 4,900"):
        border_dimension(trained)
