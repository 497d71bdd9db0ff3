"""The engine's activations are the reference's, values and slopes; one from outside trains as well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlplab.engine.activations import ACTIVATIONS as KERNELS
from mlplab.engine.activations import activation_addresses, register
from mlplab.engine.block import train_block
from mlplab.engine.heads import head_addresses
from mlplab.engine.lanes import LANES
from mlplab.engine.layout import Layout, pack_samples
from mlplab.engine.options import begin_watching
from mlplab.engine.single import train_single
from mlplab.engine.updates import optimizer_address
from mlplab.errors import MlplabError
from mlplab.spec import ACTIVATIONS, SGD

Array = NDArray[Any]

each_type = pytest.mark.parametrize("number", [np.float32, np.float64])
ROUNDING = {np.float32: 1e-6, np.float64: 1e-14}
"""A few roundings of numbers of about 1."""


STRAIGHT = [
    KERNELS[n] for n in ("linear", "relu", "leaky_relu", "relu6", "hard_sigmoid", "elu", "selu")
]
"""Those whose slope is a choice by comparison: NaN is not above 0."""


def pre_activations(number: Any) -> Array:
    generator = np.random.default_rng(1)
    scales = np.exp(generator.uniform(-12, 4, 300)) * generator.choice([-1, 1], 300)
    return np.concatenate([scales, generator.uniform(-3, 3, 300), [0.0]]).astype(number)


def test_the_engine_knows_every_activation():
    assert set(KERNELS) == set(ACTIVATIONS)


def activated(name: str, z: Array, delta: float = 0.75) -> tuple[Array, Array]:
    """h, and a δ that is multiplied by the slope, as a training asks for them."""
    h, slopes = z.copy(), np.full_like(z, delta)
    KERNELS[name].activate(h)
    KERNELS[name].multiply_by_slope(slopes, z if KERNELS[name].keeps_z else h)
    return h, slopes


@each_type
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_and_slopes_are_those_of_the_reference(name: str, number: Any):
    h, delta = activated(name, z := pre_activations(number))
    exact, near = z.astype(np.float64), ROUNDING[number]
    # Of numbers far below 1, digits are lost: of eᶻ - 1 near 0 by NumPy, of eᵘ far below 0 with u.
    far = {"elu": 1e-9, "selu": 1e-9, "gelu": near, "gelu_tanh": near}
    np.testing.assert_allclose(
        h, ACTIVATIONS[name].function(exact), rtol=near, atol=far.get(name, 0)
    )
    slope = ACTIVATIONS[name].derivative(exact)
    np.testing.assert_allclose(delta, 0.75 * slope, rtol=near, atol=near)


@each_type
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_large_numbers_have_their_limits(name: str, number: Any):
    # Up to where z² and z³ are no numbers any more.
    z = np.array([-1e30, -1e13, -500, 500, 1e13, 1e30], number)
    h, slopes = activated(name, z, 1.0)
    with np.errstate(over="ignore"):
        known = ACTIVATIONS[name]
        wanted, slope = known.function(z.astype(np.float64)), known.derivative(z.astype(np.float64))
        wanted, slope = wanted.astype(number), slope.astype(number)
    np.testing.assert_allclose(h, wanted, rtol=ROUNDING[number], atol=1e-37)
    np.testing.assert_allclose(slopes, slope, rtol=ROUNDING[number], atol=ROUNDING[number])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_pass_nan_on_and_stay_finite_where_they_are_bounded(name: str):
    h, slopes = activated(name, np.array([np.nan, -np.inf, np.inf, 1.0]))
    assert np.isnan(h[0])
    assert np.isnan(slopes[0]) or KERNELS[name] in STRAIGHT
    with np.errstate(over="ignore", invalid="ignore"):
        wanted = ACTIVATIONS[name].function(np.array([-np.inf, np.inf, 1.0]))
    np.testing.assert_allclose(h[1:], wanted)


@each_type
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_number_is_activated_alike_in_a_vector_and_alone(name: str, number: Any):
    z = pre_activations(number)
    together, slopes = activated(name, z)
    for i in range(len(z)):
        alone, slope = activated(name, z[i : i + 1])
        assert alone.tobytes() == together[i : i + 1].tobytes()
        assert slope.tobytes() == slopes[i : i + 1].tobytes()


# ---- One from outside ----------------------------------------------------------------------------


def bent(h: Array) -> None:
    """h = z / (1 + |z|)."""
    for q in range(len(h)):
        h[q] = h[q] / (1 + abs(h[q]))


def multiply_by_bent_slope(delta: Array, h: Array) -> None:
    """σ'(z) = (1 - |h|)²."""
    for q in range(len(h)):
        delta[q] *= (1 - abs(h[q])) * (1 - abs(h[q]))


@pytest.fixture
def name() -> Iterator[str]:
    """The name of an activation that this file adds, and no file of the package knows."""
    register("bent", bent, multiply_by_bent_slope)
    yield "bent"
    del KERNELS["bent"]


RATE, EPOCHS = 0.5, 3


def in_numpy(x: Array, y: Array, layers: list[Array]) -> list[Array]:
    """Train W1, b1, W2, b2 on all samples at once: softmax, mean squared error, plain SGD."""
    w1, b1, w2, b2 = (part.copy() for part in layers)
    truth = np.eye(3)[y]
    for _ in range(EPOCHS):
        z1 = x @ w1.T + b1
        h = z1 / (1 + np.abs(z1))
        e = np.exp(h @ w2.T + b2)
        p = e / e.sum(axis=1, keepdims=True)
        g = 2 / truth.size * (p - truth)
        delta2 = p * (g - (g * p).sum(axis=1, keepdims=True))
        delta1 = delta2 @ w2 / (1 + np.abs(z1)) ** 2
        w2, b2 = w2 - RATE * delta2.T @ h, b2 - RATE * delta2.sum(axis=0)
        w1, b1 = w1 - RATE * delta1.T @ x, b1 - RATE * delta1.sum(axis=0)
    return [w1, b1, w2, b2]


def test_an_activation_from_outside_trains_in_a_block_and_alone(name: str, tolerance: Any):
    generator = np.random.default_rng(1)
    x, y = generator.normal(size=(20, 2)), generator.integers(3, size=20)
    w1, w2 = generator.normal(size=(4, 2)), generator.normal(size=(3, 4))
    layers = (w1, w2), (np.zeros(4), np.zeros(3))
    layout = Layout.from_sizes((2, 4, 3))
    samples = pack_samples(x, y, np.float64)
    what = (
        activation_addresses([name], np.float64),
        head_addresses("mean_squared_error", np.float64, outputs=3),
    )
    sgd = optimizer_address(SGD(learning_rate=RATE), np.float64)
    stop, done = np.zeros(1, np.uint8), np.zeros(1, np.int64)

    lanes = [(np.stack([w] * LANES), np.stack([b] * LANES)) for w, b in zip(*layers, strict=True)]
    block = layout.pack_block(lanes)
    train_block(
        *(block, layout.sizes, layout.block_begin, layout.level, *what),
        *(sgd, np.zeros((3, LANES)), np.full((EPOCHS, LANES), RATE)),
        *(np.zeros(LANES, np.uint64), 20, None, samples, samples[:, :0]),
        *(np.zeros((EPOCHS, 4, LANES)), begin_watching(LANES), stop, done),
    )
    single = layout.pack_single(layers)
    train_single(
        *(single, np.zeros(single.size), np.zeros(single.size)),
        *(layout.sizes, layout.single_begin, layout.level, *what),
        *(sgd, np.zeros(3), np.full((EPOCHS, 1), RATE), np.uint64(0)),
        *(20, None, samples, samples[:, :0], np.zeros((EPOCHS, 4, 1))),
        *(begin_watching(1), np.zeros(2, np.int64), stop, done),
    )
    alone = layout.unpack_single(single)
    wanted_w1, wanted_b1, wanted_w2, wanted_b2 = in_numpy(x, y, [w1, np.zeros(4), w2, np.zeros(3)])
    wanted = [wanted_w1, wanted_w2, wanted_b1, wanted_b2]
    for lane in (0, LANES - 1):
        together = layout.unpack_block(block, lane)
        for a, b, c in zip(
            (*together[0], *together[1]), (*alone[0], *alone[1]), wanted, strict=True
        ):
            assert a.tobytes() == b.tobytes()
            np.testing.assert_allclose(a, c, rtol=0, atol=tolerance.float64)


def test_a_name_stands_for_one_activation(name: str):
    with pytest.raises(MlplabError, match="the name of a new activation, received 'bent'"):
        register(name, bent, multiply_by_bent_slope)
    with pytest.raises(MlplabError, match="the name of a new activation, received 'relu'"):
        register("relu", bent, multiply_by_bent_slope)


def test_an_activation_without_kernels_is_refused():
    with pytest.raises(MlplabError, match="no kernels of the activation 'bent'"):
        activation_addresses(["relu", "bent"], np.float32)


def test_two_activations_from_outside_are_never_mixed_up(name: str):
    # Of one name and one code, one after the other: nothing of the first may be left anywhere.
    def scale(factor: float) -> Any:
        def activate(h: Array) -> None:
            for q in range(len(h)):
                h[q] = factor * h[q]

        return activate

    del KERNELS[name]
    for factor in (2.0, 3.0):
        register(name, scale(factor), multiply_by_bent_slope)
        h = np.ones(5)
        KERNELS[name].activate(h)
        assert h.tolist() == [factor] * 5
        activation_addresses([name], np.float64)
        if factor == 2.0:
            del KERNELS[name]
