"""The engine's heads are the reference's softmax and losses: outputs, scores, and where backpropagation
begins; whatever is not a number stays so.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlplab.engine.heads import HEADS, REGRESSION_HEADS, head_name
from mlplab.engine.lanes import LANES
from mlplab.engine.output import TOGETHER, count_predicted, is_finite, softmax, write_scores
from mlplab.spec import LOSSES, head_of, heads, regression
from mlplab.spec.heads import EPSILON, accuracy

Array = NDArray[Any]

each_type = pytest.mark.parametrize("number", [np.float32, np.float64])
OF_SOFTMAX = [name for name, head in heads.HEADS.items() if not head.has_one_output]
each_loss = pytest.mark.parametrize("loss", OF_SOFTMAX)
ROUNDING = {np.float32: 1e-6, np.float64: 1e-14}
"""A few roundings of numbers of about 1."""


class Layer:
    """Pre-activations of some samples, laid out as kernels have them, `stride` numbers for each class."""

    def __init__(self, z: Array, y: Array, spare: int = 3) -> None:
        self.samples, self.classes = z.shape
        self.number = z.dtype.type
        self.stride = self.samples + spare
        self.p = self.spread(z)
        self.labels = y.astype(z.dtype)
        self.scratch = np.full((3, -(-self.stride // LANES), LANES), np.nan, z.dtype)
        softmax(self.p, self.classes, self.stride, self.samples, self.scratch)

    def spread(self, table: Array) -> Array:
        """Lay out a table (samples, classes); what lies between is not a number."""
        flat = np.full(self.classes * self.stride, np.nan, table.dtype)
        flat.reshape(self.classes, -1)[:, : self.samples] = table.T
        return flat

    def table(self, flat: Array) -> Array:
        return flat.reshape(self.classes, -1)[:, : self.samples].T

    def scores(self, loss: str, networks: int = 1) -> Array:
        seen = np.zeros((2, networks))
        place = self.classes, self.stride, self.samples
        HEADS[loss].score(self.p, self.labels, *place, self.scratch, seen)
        HEADS[loss].mean(seen, self.samples // networks, self.classes)
        return seen

    def delta(self, loss: str, samples: int) -> Array:
        out = np.full_like(self.p, np.nan)
        place = self.classes, self.stride, self.samples
        HEADS[loss].output_delta(self.p, self.labels, *place, samples, self.scratch, out)
        return self.table(out)


def drawn(number: Any, samples: int = 37, classes: int = 4) -> tuple[Array, Array]:
    generator = np.random.default_rng(1)
    z = generator.normal(scale=5, size=(samples, classes)).astype(number)
    return z, generator.integers(classes, size=samples)


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
    delta = Layer(z, y).delta(loss, samples=50)
    np.testing.assert_allclose(delta, wanted, rtol=0, atol=ROUNDING[number] / 50)


@each_loss
def test_each_network_of_a_block_has_its_own_scores(loss: str):
    # Number q of a class belongs to network q modulo 16.
    z, y = drawn(np.float32, samples=16 * 21)
    block = Layer(z, y).scores(loss, networks=16)
    for network in range(16):
        own = Layer(z[network::16], y[network::16]).scores(loss)
        assert own.tobytes() == block[:, network : network + 1].tobytes()


@pytest.mark.parametrize("samples", [1, TOGETHER - 1, TOGETHER, TOGETHER + 1, 5 * TOGETHER])
def test_the_logarithm_of_many_hopeless_samples_is_the_sum_of_theirs(samples: int):
    # Each probability is clipped at 1e-7; the product of so many is 1e-112 at most.
    layer = Layer(np.tile([1000.0, 0.0], (samples, 1)), np.ones(samples, int))
    assert layer.scores("categorical_crossentropy")[0, 0] == pytest.approx(-math.log(EPSILON))


@each_type
def test_a_clipped_sample_pulls_no_more(number: Any):
    z = np.array([[40.0, 0.0], [0.0, 40.0], [1.0, 0.0]], number)  # hopeless, certain, neither
    delta = Layer(z, np.array([1, 1, 1])).delta("categorical_crossentropy", samples=3)
    assert not delta[:2].any()
    assert delta[2].all()


def test_of_equal_outputs_the_first_is_predicted():
    z = np.zeros((3, 3))
    assert Layer(z, np.array([0, 1, 2])).scores("mean_squared_error")[1, 0] == pytest.approx(1 / 3)


@each_loss
@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_sample_that_is_not_a_number_is_wrong_and_shows(loss: str, place: int, bad: float):
    z, y = drawn(np.float32, classes=3)
    clean = Layer(z, y).delta(loss, samples=37)
    z[5, place] = bad
    layer = Layer(z, np.zeros(37, int))
    lost, right = layer.scores(loss)[:, 0]
    assert np.isnan(lost)
    predictions = np.delete(z, 5, axis=0).argmax(axis=1)
    assert right == (predictions == 0).sum() / 37
    delta = Layer(z, y).delta(loss, samples=37)
    assert np.isnan(delta[5]).all()  # so that the weights show it too
    np.testing.assert_array_equal(np.delete(delta, 5, axis=0), np.delete(clean, 5, axis=0))


def test_the_engine_knows_every_loss():
    assert set(HEADS) >= set(LOSSES)


def test_scores_are_written_to_two_rows():
    scores = np.zeros((4, 3))
    write_scores(np.arange(6.0).reshape(2, 3), scores, 2)
    assert scores.tolist() == [[0, 0, 0], [0, 0, 0], [0, 1, 2], [3, 4, 5]]


def test_scores_of_a_network_are_finite_or_not():
    scores = np.array([[0.5, np.nan, 0.5, 0.5], [0.5, 0.5, np.inf, 0.5]])
    assert [is_finite(scores, network) for network in range(4)] == [True, False, False, True]


# ---- One output, weights and smoothing -----------------------------------------------------------

VARIANTS = [
    (loss, is_weighted, is_smoothed)
    for loss in LOSSES
    for is_weighted in (False, True)
    for is_smoothed in (False, True)
    if not (is_smoothed and loss == "mean_squared_error")
]


def test_there_is_a_head_for_each_variant():
    assert set(HEADS) == {head_name(*variant) for variant in VARIANTS}


class Answers:
    """Samples for a head with all that it asks for, and what the reference makes of them."""

    def __init__(
        self, variant: tuple[str, bool, bool], number: Any, samples: int = 37, networks: int = 1
    ) -> None:
        loss, is_weighted, is_smoothed = variant
        generator = np.random.default_rng(2)
        self.name, self.samples, self.networks, self.number = (
            *(head_name(*variant), samples, networks),
            number,
        )
        self.reference = head_of(loss, 0.2 if is_smoothed else 0.0)
        self.classes = 2 if self.reference.has_one_output else 4
        self.outputs = self.reference.outputs(self.classes)
        self.z = generator.normal(scale=5, size=(samples, self.outputs)).astype(number)
        self.y = generator.integers(self.classes, size=samples)
        self.weight = generator.uniform(0, 3, samples).astype(number) if is_weighted else None
        answers = [self.y, *([np.full(samples, 0.2)] if is_smoothed else [])]
        answers += [self.weight] if is_weighted else []
        assert len(answers) == HEADS[self.name].answers
        self.stride = samples + 3
        self.labels = np.full((len(answers), self.stride), np.nan, number)
        self.labels[:, :samples] = answers
        self.scratch = np.full((3, -(-self.stride // LANES), LANES), np.nan, number)
        self.p = np.full((self.outputs, self.stride), np.nan, number)
        self.p[:, :samples] = self.z.T
        self.place = (self.outputs, self.stride, samples)
        HEADS[self.name].predict(self.p.ravel(), *self.place, self.scratch)

    def seen(self, part: str) -> Array:
        seen = np.zeros((2, self.networks))
        score = getattr(HEADS[self.name], part)
        score(self.p.ravel(), self.labels.ravel(), *self.place, self.scratch, seen)
        HEADS[self.name].mean(seen, self.samples // self.networks, self.outputs)
        return seen

    def delta(self, samples: int) -> Array:
        out = np.full_like(self.p, np.nan)
        line = self.p.ravel(), self.labels.ravel()
        HEADS[self.name].output_delta(*line, *self.place, samples, self.scratch, out.ravel())
        return out[:, : self.samples].T


each_variant = pytest.mark.parametrize("variant", VARIANTS, ids=lambda v: head_name(*v))


@each_type
@each_variant
def test_every_head_is_the_references(number: Any, variant: tuple[str, bool, bool]):
    comp = Answers(variant, number)
    head = comp.reference
    near = {"rtol": 5 * ROUNDING[number], "atol": 0}
    p = comp.p[:, : comp.samples].T
    np.testing.assert_allclose(p, head.output(comp.z.astype(np.float64)), **near)
    p = p.astype(np.float64)  # whatever is clipped depends on its last digit
    y = head.targets(comp.y, comp.classes, np.float64)
    weight = 1.0 if comp.weight is None else comp.weight[:, None].astype(np.float64)
    near = {"rtol": 100 * ROUNDING[number], "atol": ROUNDING[number]}
    plain = [head.mean_loss(p, y), head.metric(p, y)]
    np.testing.assert_allclose(comp.seen("score")[:, 0], plain, **near)
    trained = [head.mean_loss(p, y, weight), head.metric(p, y)]
    np.testing.assert_allclose(comp.seen("training_score")[:, 0], trained, **near)
    wanted = head.delta(p, y, weight) * comp.samples / 50
    near = {"rtol": 0, "atol": 5 * ROUNDING[number] / 50}
    np.testing.assert_allclose(comp.delta(samples=50), wanted, **near)


@each_variant
def test_each_network_of_a_block_has_its_own_scores_whatever_the_head(
    variant: tuple[str, bool, bool],
):
    block = Answers(variant, np.float32, samples=16 * 21, networks=16)
    seen = block.seen("training_score")
    for network in range(16):
        own = Answers(variant, np.float32, samples=21)
        for array in ("p", "labels"):
            getattr(own, array)[:, :21] = getattr(block, array)[:, network : 16 * 21 : 16]
        assert own.seen("training_score").tobytes() == seen[:, network : network + 1].tobytes()


@each_variant
def test_a_sample_that_is_not_a_number_shows_whatever_the_head(variant: tuple[str, bool, bool]):
    comp = Answers(variant, np.float32)
    clean = comp.delta(samples=37)
    right = comp.seen("score")[1, 0] * 37
    one = Answers(variant, np.float32)
    one.p[:, 5] = np.nan
    for part in ("score", "training_score"):
        lost, accuracy_left = one.seen(part)[:, 0]
        assert np.isnan(lost)
        assert right - accuracy_left * 37 in (0, 1)
    delta = one.delta(samples=37)
    assert np.isnan(delta[5]).all()
    np.testing.assert_array_equal(np.delete(delta, 5, axis=0), np.delete(clean, 5, axis=0))


def test_of_one_output_class_1_is_predicted_above_one_half():
    p = np.array([0.5, np.nextafter(np.float32(0.5), np.float32(1)), 0.2, np.nan, 0.9], np.float32)
    predicted = np.zeros((2, 1), np.int64)
    count_predicted(p, 1, 5, 5, np.zeros((3, 1, LANES), np.float32), predicted)
    assert predicted[:, 0].tolist() == [2, 2]


# ---- Regression ----------------------------------------------------------------------------------


@each_type
@pytest.mark.parametrize("name", REGRESSION_HEADS)
@pytest.mark.parametrize("targets", [1, 3])
def test_every_head_of_regression_is_the_references(number: Any, name: str, targets: int):
    comp, ref = REGRESSION_HEADS[name], regression.REGRESSION_HEADS[name.removeprefix("weighted_")]
    generator, n, stride = np.random.default_rng(3), 37, 40
    z, y = (2 * generator.normal(size=(2, n, targets))).astype(number)
    weight = generator.uniform(0, 3, n).astype(number)
    p, labels = np.full((targets, stride), np.nan, number), np.full((4, stride), np.nan, number)
    p[:, :n], labels[:targets, :n], labels[targets, :n] = z.T, y.T, weight
    scratch = np.full((3, 3, LANES), np.nan, number)
    seen, delta = np.zeros((2, 1)), np.full_like(p, np.nan)
    lines, place = (p.ravel(), labels.ravel()), (targets, stride, n)
    comp.predict(p.ravel(), *place, scratch)
    comp.training_score(*lines, *place, scratch, seen)
    comp.mean(seen, n, targets)
    comp.output_delta(*lines, *place, n, scratch, delta.ravel())
    w = weight[:, None].astype(np.float64) if name.startswith("weighted_") else 1.0
    p64, y64 = z.astype(np.float64), y.astype(np.float64)
    metric = (
        np.mean((p64 - y64) ** 2) if name.endswith("squared_error") else np.mean(abs(p64 - y64))
    )
    near = {"rtol": 20 * ROUNDING[number], "atol": ROUNDING[number]}
    np.testing.assert_allclose(seen[:, 0], [ref.mean_loss(p64, y64, w), metric], **near)
    np.testing.assert_allclose(delta[:, :n].T, ref.delta(p64, y64, w), **near)
