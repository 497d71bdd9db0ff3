"""The engine's softmax layer and activations are the reference's: values, slopes, scores, and where
backpropagation begins; whatever is not a number stays so.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlplab.engine.activations import ACTIVATION_CODES, activate, multiply_by_slope
from mlplab.engine.lanes import LANES
from mlplab.engine.output import (
    TOGETHER,
    is_finite,
    mean_scores,
    output_delta,
    score,
    softmax,
)
from mlplab.spec import ACTIVATIONS, LOSSES, heads
from mlplab.spec.heads import EPSILON, accuracy

Array = NDArray[Any]

each_type = pytest.mark.parametrize("number", [np.float32, np.float64])
each_loss = pytest.mark.parametrize("loss", LOSSES)
ROUNDING = {np.float32: 1e-6, np.float64: 1e-14}
"""A few roundings of numbers of about 1."""


# ---- Activations ---------------------------------------------------------------------------------


def sums(number: Any) -> Array:
    generator = np.random.default_rng(1)
    scales = np.exp(generator.uniform(-12, 4, 300)) * generator.choice([-1, 1], 300)
    return np.concatenate([scales, generator.uniform(-3, 3, 300), [0.0]]).astype(number)


def test_the_engine_knows_every_activation():
    assert set(ACTIVATION_CODES) == set(ACTIVATIONS)


@each_type
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_and_slopes_are_those_of_the_reference(name: str, number: Any):
    z = sums(number)
    h, delta = z.copy(), np.full_like(z, 0.75)
    activate(ACTIVATION_CODES[name], h)
    multiply_by_slope(ACTIVATION_CODES[name], delta, h)
    exact = z.astype(np.float64)
    np.testing.assert_allclose(
        h,
        ACTIVATIONS[name].function(exact),
        rtol=ROUNDING[number],
        atol=0 if name != "elu" else 1e-9,
    )
    slope = ACTIVATIONS[name].derivative(exact)
    np.testing.assert_allclose(delta, 0.75 * slope, rtol=ROUNDING[number], atol=ROUNDING[number])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_pass_nan_on_and_stay_finite_where_they_are_bounded(name: str):
    h = np.array([np.nan, -np.inf, np.inf, 1.0])
    activate(ACTIVATION_CODES[name], h)
    assert np.isnan(h[0])
    with np.errstate(over="ignore"):
        wanted = ACTIVATIONS[name].function(np.array([-np.inf, np.inf, 1.0]))
    np.testing.assert_allclose(h[1:], wanted)


@each_type
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_number_is_activated_alike_in_a_vector_and_alone(name: str, number: Any):
    z = sums(number)
    together = z.copy()
    activate(ACTIVATION_CODES[name], together)
    slopes = np.full_like(z, 0.75)
    multiply_by_slope(ACTIVATION_CODES[name], slopes, together)
    for i in range(len(z)):
        alone, slope = z[i : i + 1].copy(), np.full(1, 0.75, number)
        activate(ACTIVATION_CODES[name], alone)
        multiply_by_slope(ACTIVATION_CODES[name], slope, alone)
        assert alone.tobytes() == together[i : i + 1].tobytes()
        assert slope.tobytes() == slopes[i : i + 1].tobytes()


# ---- The softmax layer ---------------------------------------------------------------------------


class Layer:
    """Sums of some points, laid out as kernels have them: a stretch of `stride` for each class."""

    def __init__(self, z: Array, y: Array, spare: int = 3) -> None:
        self.points, self.classes = z.shape
        self.number = z.dtype.type
        self.stride = self.points + spare
        self.p = self.spread(z)
        self.truth = self.spread(np.eye(self.classes, dtype=z.dtype)[y])
        self.scratch = np.full((3, -(-self.stride // LANES), LANES), np.nan, z.dtype)
        softmax(self.p, self.classes, self.stride, self.points, self.scratch)

    def spread(self, table: Array) -> Array:
        """Lay out a table (points, classes); what lies between is not a number."""
        flat = np.full(self.classes * self.stride, np.nan, table.dtype)
        flat.reshape(self.classes, -1)[:, : self.points] = table.T
        return flat

    def table(self, flat: Array) -> Array:
        return flat.reshape(self.classes, -1)[:, : self.points].T

    def scores(self, loss: str, networks: int = 1) -> Array:
        seen = np.zeros((2, networks))
        cross_entropy = loss == "categorical_crossentropy"
        score(
            *(self.p, self.truth, self.classes, self.stride, self.points),
            *(cross_entropy, self.scratch, seen),
        )
        mean_scores(seen, self.points // networks, self.classes, cross_entropy)
        return seen

    def delta(self, loss: str, points: int) -> Array:
        out = np.full_like(self.p, np.nan)
        output_delta(
            *(self.p, self.truth, self.classes, self.stride, self.points),
            *(loss == "categorical_crossentropy", points, self.scratch, out),
        )
        return self.table(out)


def drawn(number: Any, points: int = 37, classes: int = 4) -> tuple[Array, Array]:
    generator = np.random.default_rng(1)
    z = generator.normal(scale=5, size=(points, classes)).astype(number)
    return z, generator.integers(classes, size=points)


@each_type
def test_softmax_is_the_references(number: Any):
    z, y = drawn(number)
    layer = Layer(z, y)
    p = layer.table(layer.p)
    np.testing.assert_allclose(p, heads.softmax(z.astype(np.float64)), rtol=2 * ROUNDING[number])
    assert np.isnan(layer.p.reshape(4, -1)[:, 37:]).all()  # what lies between is left alone


@each_type
def test_softmax_of_large_sums_does_not_overflow(number: Any):
    large = 1e38 if number is np.float32 else 1e308
    layer = Layer(np.array([[large, 0.0], [-large, 0.0], [large, large]], number), np.zeros(3, int))
    assert layer.table(layer.p).tolist() == [[1, 0], [0, 1], [0.5, 0.5]]


@each_type
@each_loss
def test_scores_are_the_references(number: Any, loss: str):
    z, y = drawn(number)
    layer = Layer(z, y)
    p = heads.softmax(z.astype(np.float64))
    truth = np.eye(4)[y]
    wanted = [LOSSES[loss].function(p, truth), accuracy(p, truth)]
    np.testing.assert_allclose(layer.scores(loss)[:, 0], wanted, rtol=5 * ROUNDING[number])


@each_type
@each_loss
def test_delta_is_the_references(number: Any, loss: str):
    z, y = drawn(number)
    p = heads.softmax(z.astype(np.float64))
    truth = np.eye(4)[y]
    wanted = heads.softmax_backward(p, LOSSES[loss].derivative(p, truth)) * len(z) / 50
    delta = Layer(z, y).delta(loss, points=50)
    np.testing.assert_allclose(delta, wanted, rtol=0, atol=ROUNDING[number] / 50)


@each_loss
def test_each_network_of_a_block_has_its_own_scores(loss: str):
    # Number q of a class belongs to network q modulo 16.
    z, y = drawn(np.float32, points=16 * 21)
    block = Layer(z, y).scores(loss, networks=16)
    for network in range(16):
        own = Layer(z[network::16], y[network::16]).scores(loss)
        assert own.tobytes() == block[:, network : network + 1].tobytes()


@pytest.mark.parametrize("points", [1, TOGETHER - 1, TOGETHER, TOGETHER + 1, 5 * TOGETHER])
def test_the_logarithm_of_many_hopeless_points_is_the_sum_of_theirs(points: int):
    # Each probability is clipped at 1e-7; the product of so many is 1e-112 at most.
    layer = Layer(np.tile([1000.0, 0.0], (points, 1)), np.ones(points, int))
    assert layer.scores("categorical_crossentropy")[0, 0] == pytest.approx(-math.log(EPSILON))


@each_type
def test_a_clipped_point_pulls_no_more(number: Any):
    z = np.array([[40.0, 0.0], [0.0, 40.0], [1.0, 0.0]], number)  # hopeless, certain, neither
    delta = Layer(z, np.array([1, 1, 1])).delta("categorical_crossentropy", points=3)
    assert not delta[:2].any()
    assert delta[2].all()


def test_of_equal_outputs_the_first_is_the_answer():
    z = np.zeros((3, 3))
    assert Layer(z, np.array([0, 1, 2])).scores("mean_squared_error")[1, 0] == pytest.approx(1 / 3)


@each_loss
@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_point_that_is_not_a_number_is_wrong_and_shows(loss: str, place: int, bad: float):
    z, y = drawn(np.float32, classes=3)
    clean = Layer(z, y).delta(loss, points=37)
    z[5, place] = bad
    layer = Layer(z, np.zeros(37, int))
    lost, right = layer.scores(loss)[:, 0]
    assert np.isnan(lost)
    answers = np.delete(z, 5, axis=0).argmax(axis=1)
    assert right == (answers == 0).sum() / 37
    delta = Layer(z, y).delta(loss, points=37)
    assert np.isnan(delta[5]).all()  # so that the weights show it too
    np.testing.assert_array_equal(np.delete(delta, 5, axis=0), np.delete(clean, 5, axis=0))


def test_scores_of_a_network_are_finite_or_not():
    scores = np.array([[0.5, np.nan, 0.5, 0.5], [0.5, 0.5, np.inf, 0.5]])
    assert [is_finite(scores, network) for network in range(4)] == [True, False, False, True]
