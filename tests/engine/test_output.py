"""The engine's heads are the reference's softmax and losses: outputs, scores, and where backpropagation
begins; whatever is not a number stays so.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlplab.engine.heads import HEADS, head_name
from mlplab.engine.lanes import LANES
from mlplab.engine.layout import pack_samples
from mlplab.engine.linear_output import fill_scales
from mlplab.engine.output import TOGETHER, count_predicted, write_scores
from mlplab.engine.softmax_output import softmax
from mlplab.spec import LOSSES, head_of, heads
from mlplab.spec.heads import EPSILON, accuracy
from mlplab.spec.regression import REGRESSION_HEADS, r_squared

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


def test_scores_are_written_to_two_rows():
    scores = np.zeros((4, 3))
    write_scores(np.arange(6.0).reshape(2, 3), scores, 2)
    assert scores.tolist() == [[0, 0, 0], [0, 0, 0], [0, 1, 2], [3, 4, 5]]


# ---- Weighted samples, smoothed labels, and targets -----------------------------------------------

VARIANTS = [
    (loss, has_targets, is_weighted)
    for has_targets, losses in ((False, LOSSES), (True, REGRESSION_HEADS))
    for loss in losses
    for is_weighted in (False, True)
]


def test_there_is_a_head_for_each_variant():
    assert set(HEADS) == {head_name(*variant) for variant in VARIANTS}


def test_no_two_heads_are_kept_under_one_name():
    if not hasattr(next(iter(HEADS.values())).score, "py_func"):
        pytest.skip("nothing is compiled, nothing kept")
    functions = [f for head in HEADS.values() for f in (head.score, head.output_delta)]
    assert len({f.py_func.__qualname__ for f in functions}) == len(functions)


def scales_of(y: Array) -> Array:
    """The scales of T targets, of shape (samples, T), as kernels have them, shape (T, samples)."""
    samples, targets = y.shape
    packed = pack_samples(np.zeros((samples, 1)), y, y.dtype, *[0.0] * targets)
    fill_scales(packed, 1, targets)
    return np.ascontiguousarray(packed[0, :, 1 + targets : 1 + 2 * targets].T)


class Compared:
    """Samples for a head with all that it asks for, and what the reference makes of them."""

    def __init__(
        self, variant: tuple[str, bool, bool], number: Any, samples: int = 37, networks: int = 1
    ) -> None:
        loss, has_targets, is_weighted = variant
        generator = np.random.default_rng(2)
        self.head, self.samples, self.networks = HEADS[head_name(*variant)], samples, networks
        smoothing = 0.2 if "smoothing" in self.head.answers else 0.0
        self.reference = REGRESSION_HEADS[loss] if has_targets else head_of(loss, smoothing)
        self.outputs = 3 if has_targets else self.reference.outputs(2 if "binary" in loss else 4)
        self.stride = samples + 3
        self.place = (self.outputs, self.stride, samples)
        z = generator.normal(scale=1 if has_targets else 5, size=(samples, self.outputs))
        answers: dict[str, Array] = {"smoothing": np.array([[smoothing]])}
        if has_targets:
            answers["targets"] = self.y = generator.normal(size=z.shape).astype(number)
            answers["scales"] = scales_of(self.y).T
        else:
            classes = max(2, self.outputs)
            labels = generator.integers(classes, size=samples)
            answers["label"] = labels[:, None]
            self.y = self.reference.targets(labels, classes, np.float64)
        self.weight = generator.uniform(0, 3, (samples, 1)).astype(number) if is_weighted else 1.0
        answers["weight"] = np.array(self.weight, ndmin=2)
        rows = self.head.answer_count(self.outputs)
        self.answers = np.full((rows, self.stride), np.nan, number)
        for name, place in self.head.places(self.outputs).items():
            self.answers[place, :samples] = answers[name].T
        self.scratch = np.full((3, -(-self.stride // LANES), LANES), np.nan, number)
        self.p = np.full((self.outputs, self.stride), np.nan, number)
        self.z, self.p[:, :samples] = z.astype(number), z.T
        self.head.predict(self.p.ravel(), *self.place, self.scratch)

    def seen(self) -> Array:
        seen = np.zeros((2, self.networks))
        lines = self.p.ravel(), self.answers.ravel()
        self.head.score(*lines, *self.place, self.scratch, seen)
        self.head.mean(seen, self.samples // self.networks, self.outputs)
        return seen

    def delta(self, samples: int) -> Array:
        out = np.full_like(self.p, np.nan)
        lines = self.p.ravel(), self.answers.ravel()
        self.head.output_delta(*lines, *self.place, samples, self.scratch, out.ravel())
        return out[:, : self.samples].T


each_variant = pytest.mark.parametrize("variant", VARIANTS, ids=lambda v: head_name(*v))


@each_type
@each_variant
def test_every_head_is_the_references(number: Any, variant: tuple[str, bool, bool]):
    comp = Compared(variant, number)
    ref = comp.reference
    p = comp.p[:, : comp.samples].T
    near = {"rtol": 5 * ROUNDING[number], "atol": 0}
    np.testing.assert_allclose(p, ref.output(comp.z.astype(np.float64)), **near)
    p = p.astype(np.float64)  # whatever is clipped depends on its last digit
    y, weight = comp.y.astype(np.float64), np.float64(comp.weight)
    near = {"rtol": 100 * ROUNDING[number], "atol": ROUNDING[number]}
    wanted = [ref.mean_loss(p, y, weight), ref.metric(p, y)]
    np.testing.assert_allclose(comp.seen()[:, 0], wanted, **near)
    near = {"rtol": 0, "atol": 5 * ROUNDING[number] / 50}
    wanted = ref.delta(p, y, weight) * comp.samples / 50
    np.testing.assert_allclose(comp.delta(samples=50), wanted, **near)


@each_variant
def test_each_network_of_a_block_has_its_own_scores_whatever_the_head(
    variant: tuple[str, bool, bool],
):
    block = Compared(variant, np.float32, samples=16 * 21, networks=16)
    seen = block.seen()
    for network in range(16):
        own = Compared(variant, np.float32, samples=21)
        for array in ("p", "answers"):
            getattr(own, array)[:, :21] = getattr(block, array)[:, network : 16 * 21 : 16]
        assert own.seen().tobytes() == seen[:, network : network + 1].tobytes()


@each_variant
def test_a_sample_that_is_not_a_number_shows_whatever_the_head(variant: tuple[str, bool, bool]):
    comp = Compared(variant, np.float32)
    clean = comp.delta(samples=37)
    metric = comp.seen()[1, 0]
    one = Compared(variant, np.float32)
    one.p[:, 5] = np.nan
    lost, metric_left = one.seen()[:, 0]
    assert np.isnan(lost)
    if variant[1]:
        assert np.isnan(metric_left)
    else:
        assert round(37 * (metric - metric_left)) in (0, 1)
    delta = one.delta(samples=37)
    assert np.isnan(delta[5]).all()
    np.testing.assert_array_equal(np.delete(delta, 5, axis=0), np.delete(clean, 5, axis=0))


@pytest.mark.parametrize(("loss", "has_targets"), [v[:2] for v in VARIANTS if v[2]])
def test_a_weight_of_1_and_a_smoothing_of_0_change_nothing(loss: str, has_targets: bool):
    weighted, plain = (Compared((loss, has_targets, how), np.float64) for how in (True, False))
    places = weighted.head.places(weighted.outputs)
    weighted.answers[places["weight"], :37] = 1
    if "smoothing" in places:
        weighted.answers[places["smoothing"], :37] = 0
    np.testing.assert_allclose(weighted.seen(), plain.seen(), rtol=1e-14)
    np.testing.assert_allclose(weighted.delta(37), plain.delta(37), rtol=0, atol=1e-17)


def test_of_one_output_class_1_is_predicted_above_one_half():
    p = np.array([0.5, np.nextafter(np.float32(0.5), np.float32(1)), 0.2, np.nan, 0.9], np.float32)
    predicted = np.zeros((2, 1), np.int64)
    count_predicted(p, 1, 5, 5, np.zeros((3, 1, LANES), np.float32), predicted)
    assert predicted[:, 0].tolist() == [2, 2]


# ---- R² ------------------------------------------------------------------------------------------


def seen_of_targets(p: Array, y: Array) -> Array:
    """Loss and R² of predictions, both of shape (samples, T)."""
    samples, targets = y.shape
    head, place = HEADS["linear_mean_squared_error"], (targets, samples, samples)
    seen, answers = np.zeros((2, 1)), np.concatenate([y.T.ravel(), scales_of(y).ravel()])
    scratch = np.zeros((3, -(-samples // LANES), LANES), y.dtype)
    head.score(p.T.ravel(), answers, *place, scratch, seen)
    head.mean(seen, samples, targets)
    return seen[:, 0]


def test_r_squared_by_hand():
    # Targets 0, 2, 4 vary by 8/3, and those ten times as large by 800/3; the first are missed by 1 each,
    # so 1 - 3/8, the others by 10, 10 and 20, so 1 - 600/800.
    y = np.array([[0.0, 0.0], [2.0, 20.0], [4.0, 40.0]])
    p = y + np.array([[1.0, 10.0], [-1.0, 10.0], [1.0, -20.0]])
    assert seen_of_targets(p, y)[1] == pytest.approx((5 / 8 + 1 / 4) / 2, rel=1e-14)
    assert r_squared(p, y) == pytest.approx((5 / 8 + 1 / 4) / 2, rel=1e-14)


@pytest.mark.parametrize("of_constant", [5.0, 6.0])
def test_r_squared_of_a_target_that_does_not_vary(of_constant: float):
    y = np.array([[0.0, 5.0], [2.0, 5.0], [4.0, 5.0]])
    p = np.array([[1.0, of_constant], [1.0, of_constant], [5.0, of_constant]])
    _, metric = seen_of_targets(p, y)
    assert metric == pytest.approx(r_squared(p, y), rel=1e-14)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("samples", [7, 10, 30])
def test_equal_targets_do_not_vary_though_their_mean_is_rounded(samples: int, dtype: str):
    y = np.full((samples, 1), 0.1, dtype)
    assert scales_of(y).tolist() == [[-1.0] * samples]
    assert seen_of_targets(y + y, y)[1] == r_squared(y + y, y) == 0
    assert seen_of_targets(y, y)[1] == r_squared(y, y) == 1


@pytest.mark.parametrize("unit", [1e-30, 1e-20, 1e20, 1e30])
def test_r_squared_does_not_depend_on_the_unit_of_the_targets(unit: float):
    y = np.array([[0.0], [1.0], [2.0], [3.0]])
    p = y + np.array([[0.5], [-0.5], [1.0], [0.0]])
    in_unit = (unit * p).astype(np.float32), (unit * y).astype(np.float32)
    with np.errstate(over="ignore"):  # of the loss
        _, metric = seen_of_targets(*in_unit)
    assert metric == pytest.approx(0.7, rel=1e-5)
    assert r_squared(*in_unit) == pytest.approx(0.7, rel=1e-5)
