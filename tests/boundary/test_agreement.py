"""The map of agreement: votes counted by hand, ties, silent models, and what one model makes of it."""

import weakref
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from mlplab.boundary import Extent, SingleLayer, class_agreement, class_regions
from mlplab.errors import MlplabError

UNIT = Extent(0.0, 1.0, 0.0, 1.0)


class Fixed:
    """Gives each point the same outputs."""

    def __init__(self, *outputs):
        self.outputs = np.array(outputs, dtype=float)

    def feedforward(self, x, /):
        return np.tile(self.outputs, (len(x), 1))


class SilentRight:
    """Answers class 0, and where x1 is above 1/2 with an output that is no finite number."""

    def __init__(self, value):
        self.value = value

    def feedforward(self, x, /):
        outputs = np.tile([1.0, 0.0], (len(x), 1))
        outputs[x[:, 0] > 0.5, 1] = self.value
        return outputs


def class_1_right_of(edge):
    """Return a network of two classes that changes from 0 to 1 where x1 exceeds an edge."""
    return SingleLayer(W=[[0, 0], [1, 0]], b=[edge, 0])


def class_1_above(edge):
    """Return a network of two classes that changes from 0 to 1 where x2 exceeds an edge."""
    return SingleLayer(W=[[0, 0], [0, 1]], b=[edge, 0])


def random_layers(count, classes):
    generator = np.random.default_rng(7)
    return [
        SingleLayer(generator.normal(size=(classes, 2)), generator.normal(size=classes) / 4)
        for _ in range(count)
    ]


def test_three_networks_by_hand():
    models = [class_1_right_of(0.2), class_1_right_of(0.7), class_1_above(0.7)]
    found = class_agreement(models, Extent(0.0, 1.0, 2.0, 3.0), resolution=3)
    # All rows are above x2 = 0.7, so the third always predicts 1. Columns are at x1 = 0, 0.5 and 1:
    # there the first predicts 0, 1, 1 and the second 0, 0, 1.
    for row in range(3):
        assert_array_equal(found.fractions[row], [[2 / 3, 1 / 3], [1 / 3, 2 / 3], [0, 1]])
    assert_array_equal(found.classes, [[0, 1, 1]] * 3)
    assert_array_equal(found.fraction, [[2 / 3, 2 / 3, 1]] * 3)
    assert_array_equal(found.no_prediction, np.zeros((3, 3)))
    assert found.models == 3
    assert found.extent == Extent(0.0, 1.0, 2.0, 3.0)
    assert_array_equal(found.x1, [0, 0.5, 1])
    assert_array_equal(found.x2, [2, 2.5, 3])


def test_rows_are_x2():
    found = class_agreement([class_1_above(0.7)], UNIT, resolution=3)
    assert_array_equal(found.classes, [[0, 0, 0], [0, 0, 0], [1, 1, 1]])


def test_a_tie_within_a_model_is_the_first_of_its_classes():
    found = class_agreement([Fixed(0.2, 0.4, 0.4), Fixed(0.5, 0.0, 0.5)], UNIT, resolution=2)
    assert_array_equal(found.fractions, np.broadcast_to([0.5, 0.5, 0.0], (2, 2, 3)))


def test_a_tie_between_models_is_the_first_of_the_classes():
    found = class_agreement([Fixed(0, 0, 1), Fixed(0, 1, 0)], UNIT, resolution=2)
    assert_array_equal(found.classes, np.full((2, 2), 1))
    assert_array_equal(found.fraction, np.full((2, 2), 0.5))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_where_an_output_is_not_finite_the_model_predicts_nothing(value):
    found = class_agreement(
        [SilentRight(value), Fixed(0, 1), Fixed(1, 0), Fixed(1, 0)], UNIT, resolution=3
    )
    assert_array_equal(found.no_prediction, [[0, 0, 0.25]] * 3)
    assert_array_equal(found.fractions[0], [[0.75, 0.25], [0.75, 0.25], [0.5, 0.25]])


def test_where_no_model_predicts_the_fraction_is_zero():
    found = class_agreement([Fixed(np.nan, np.nan)], UNIT, resolution=2)
    assert_array_equal(found.fraction, np.zeros((2, 2)))
    assert_array_equal(found.no_prediction, np.ones((2, 2)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_one_model_agrees_with_its_own_regions(dtype):
    (model,) = random_layers(1, classes=4)
    found = class_agreement([model], UNIT, resolution=32, dtype=dtype)
    regions = class_regions(model, UNIT, 32, dtype)
    assert len(np.unique(regions.classes)) > 1
    assert_array_equal(found.classes, regions.classes)
    assert_array_equal(found.fractions, np.eye(4)[regions.classes])
    assert_array_equal(found.x1, regions.x1)
    assert found.x1.dtype == found.x2.dtype == dtype
    assert found.fractions.dtype == np.float64


@pytest.mark.parametrize("count", [3, 7, 49])
def test_shares_are_counts_of_regions(count):
    models = random_layers(count, classes=3)
    found = class_agreement(models, UNIT, resolution=16)
    predicted = np.stack([class_regions(model, UNIT, 16).classes for model in models])
    for k in range(3):
        assert_array_equal(found.fractions[..., k], (predicted == k).mean(axis=0))
    np.testing.assert_allclose(found.fractions.sum(axis=-1), 1, rtol=1e-15)
    # Whole numbers are subtracted, so that nothing is left of 1 - (1/49 + … + 1/49).
    assert_array_equal(found.no_prediction, np.zeros((16, 16)))


def test_the_grid_is_128_a_side_and_its_points_float64_unless_told():
    found = class_agreement([Fixed(1, 0)], UNIT)
    assert found.fractions.shape == (128, 128, 2)
    assert found.x1.dtype == np.float64


@pytest.mark.parametrize("batch_size", [1, 7, 81, 1000])
def test_a_model_is_asked_a_batch_at_a_time(batch_size):
    asked = []

    class Asked(Fixed):
        def feedforward(self, x, /):
            asked.append(x.copy())
            return np.stack([x[:, 0], x[:, 1]], axis=1)

    found = class_agreement([Asked()], UNIT, resolution=9, batch_size=batch_size)
    assert {len(x) for x in asked[:-1]} <= {batch_size}
    assert len(asked[-1]) <= batch_size
    grid = np.stack(np.meshgrid(found.x1, found.x2), axis=-1).reshape(-1, 2)
    assert_array_equal(np.concatenate(asked), grid)
    expected = (found.x2[:, None] > found.x1).astype(int)
    assert_array_equal(found.classes, expected)


def test_models_may_be_built_when_it_is_their_turn_and_go_when_it_is_over():
    alive = weakref.WeakSet()
    most = 0

    def build():
        nonlocal most
        for _ in range(10):
            model = Fixed(1, 0)
            alive.add(model)
            most = max(most, len(alive))
            yield model
            del model

    assert class_agreement(build(), UNIT, resolution=2).models == 10
    # The one before may go only when the next is there.
    assert most <= 2


def test_what_was_found_cannot_be_changed():
    found = class_agreement([Fixed(1, 0)], UNIT, resolution=2)
    with pytest.raises(FrozenInstanceError):
        found.models = 2


@pytest.mark.parametrize(
    ("models", "options", "message"),
    [
        ([], {}, "one model at least, received none"),
        (iter(()), {}, "one model at least, received none"),
        ([Fixed(1, 0)], {"resolution": 1}, "resolution must be 2 at least, received 1"),
        ([Fixed(1, 0)], {"batch_size": 0}, "batch_size must be 1 at least, received 0"),
        (
            [Fixed(1, 0), Fixed(1, 0), Fixed(1, 0, 0)],
            {},
            "as many outputs as the first, here 2, received 3 from model 3",
        ),
    ],
)
def test_impossible_requests_are_refused(models, options, message):
    with pytest.raises(MlplabError, match=message):
        class_agreement(models, UNIT, **options)


@pytest.mark.parametrize("outputs", [0.0, np.zeros(4), np.zeros((3, 2))])
def test_outputs_of_another_shape_are_refused(outputs):
    class Wrong:
        def feedforward(self, x, /):
            return outputs

    with pytest.raises(MlplabError, match=r"\(4, K\), received"):
        class_agreement([Wrong()], UNIT, resolution=2)


def test_the_shape_that_is_refused_is_that_of_a_batch():
    class Flat:
        def feedforward(self, x, /):
            return x[:, 0]

    with pytest.raises(MlplabError, match=r"here \(3, K\), received \(3,\)"):
        class_agreement([Flat()], UNIT, resolution=2, batch_size=3)
