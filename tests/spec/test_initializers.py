"""Initial weights have the distributions that Keras's initializers have."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from operator import attrgetter
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scipy import stats

from mlplab.drawing import draw_biases, draw_weights
from mlplab.errors import SpecError
from mlplab.spec import (
    Constant,
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    Identity,
    InitializerSpec,
    LecunNormal,
    LecunUniform,
    Network,
    Ones,
    Orthogonal,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    Zeros,
)

INPUTS, OUTPUTS = 200, 300
"""Different, so that fan_in and fan_out cannot be mistaken for each other."""

LEVEL = 0.001
"""Of the distribution tests; their seeds are fixed, so that they either always pass or never."""

# The variance of a standard normal x cut off at ±2: 1 - 4 φ(2) / (Φ(2) - Φ(-2)).
CUT_VARIANCE = 1 - 4 * stats.norm.pdf(2) / (stats.norm.cdf(2) - stats.norm.cdf(-2))


def truncated(variance: float) -> Any:
    """Normal cut off at two of its own deviations, with a variance *after* the cut."""
    return stats.truncnorm(-2, 2, scale=math.sqrt(variance / CUT_VARIANCE))


def uniform(variance: float) -> Any:
    """Uniform around 0: on [-a, a] the variance is a²/3."""
    a = math.sqrt(3 * variance)
    return stats.uniform(-a, 2 * a)


# For each initializer: a description, and the distribution of its weights.
DRAWN: dict[str, tuple[InitializerSpec, Any]] = {
    "random_normal": (RandomNormal(mean=0.035, stddev=0.1), stats.norm(0.035, 0.1)),
    "random_uniform": (RandomUniform(minval=-0.1, maxval=0.3), stats.uniform(-0.1, 0.4)),
    "truncated_normal": (
        TruncatedNormal(mean=0.5, stddev=0.1),
        stats.truncnorm(-2, 2, loc=0.5, scale=0.1),
    ),
    "glorot_normal": (GlorotNormal(), truncated(2 / (INPUTS + OUTPUTS))),
    "glorot_uniform": (GlorotUniform(), uniform(2 / (INPUTS + OUTPUTS))),
    "he_normal": (HeNormal(), truncated(2 / INPUTS)),
    "he_uniform": (HeUniform(), uniform(2 / INPUTS)),
    "lecun_normal": (LecunNormal(), truncated(1 / INPUTS)),
    "lecun_uniform": (LecunUniform(), uniform(1 / INPUTS)),
}

VARIANCE: dict[str, float] = {
    "random_normal": 0.1**2,
    "random_uniform": 0.4**2 / 12,
    "truncated_normal": 0.1**2 * CUT_VARIANCE,
    "glorot_normal": 2 / (INPUTS + OUTPUTS),
    "glorot_uniform": 2 / (INPUTS + OUTPUTS),
    "he_normal": 2 / INPUTS,
    "he_uniform": 2 / INPUTS,
    "lecun_normal": 1 / INPUTS,
    "lecun_uniform": 1 / INPUTS,
}


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    os.environ.setdefault("KERAS_BACKEND", "jax")
    return pytest.importorskip("keras", reason="compares distributions with Keras's")


def draw(spec: InitializerSpec, seed: int = 1) -> np.ndarray:
    """The weights of a single layer, shape (OUTPUTS · INPUTS,)."""
    return draw_weights([spec], np.array([seed], np.uint64), (INPUTS, OUTPUTS))[0]


def weights_of(spec: InitializerSpec, u: np.ndarray) -> np.ndarray:
    """What a layer's weights become for given uniform numbers."""
    weights = u.copy()
    spec.weights(weights, INPUTS, OUTPUTS, *spec.parameters)
    return weights


FIXED: dict[str, InitializerSpec] = {
    "constant": Constant(value=-0.3),
    "identity": Identity(gain=1.7),
    "ones": Ones(),
    "zeros": Zeros(),
}
"""Those that draw nothing."""


def test_every_initializer_is_tested():
    assert set(InitializerSpec.kinds) == {*DRAWN, *FIXED, "orthogonal"}


@pytest.mark.parametrize("kind", DRAWN)
def test_weights_have_the_shape_mean_and_variance(kind: str):
    spec, distribution = DRAWN[kind]
    weights = draw(spec)
    assert weights.shape == (OUTPUTS * INPUTS,)
    assert weights.dtype == np.float64
    variance = VARIANCE[kind]
    # Four standard errors; that of the variance is at most √(2/n) of it, the normal's.
    assert abs(weights.mean() - distribution.mean()) < 4 * math.sqrt(variance / weights.size)
    assert abs(weights.var() / variance - 1) < 4 * math.sqrt(2 / weights.size)


@pytest.mark.parametrize("kind", DRAWN)
def test_weights_follow_the_distribution_within_its_bounds(kind: str):
    spec, distribution = DRAWN[kind]
    weights = draw(spec)
    assert stats.kstest(weights, distribution.cdf).pvalue > LEVEL
    low, high = distribution.support()
    assert (weights >= low).all()
    assert (weights <= high).all()


@pytest.mark.parametrize("kind", DRAWN)
def test_weights_are_the_inverse_of_the_distribution(kind: str):
    # Hence two initializers share the uniforms behind their weights, also at the very ends.
    spec, distribution = DRAWN[kind]
    u = np.array([2.0**-53, 1e-6, 0.1, 0.5, 0.9, 1 - 2.0**-53])
    np.testing.assert_allclose(weights_of(spec, u), distribution.ppf(u), rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("kind", ["glorot_normal", "he_normal", "lecun_normal"])
def test_variance_of_scaled_normals_is_the_one_after_the_cut(kind: str):
    # Integrated over evenly spread u, without chance: E[w²] = ∫ w(u)² du.
    spec, _ = DRAWN[kind]
    u = (np.arange(200_000) + 0.5) / 200_000
    weights = weights_of(spec, u)
    np.testing.assert_allclose(np.mean(weights**2), VARIANCE[kind], rtol=1e-8)
    np.testing.assert_allclose(np.mean(weights), 0, atol=1e-12)


# ---- Orthogonal ----------------------------------------------------------------------------------

SHAPES = [(1, 1), (2, 7), (7, 2), (7, 7), (1, 5), (60, 60), (40, 90), (90, 40)]
"""Inputs and outputs."""


def matrices(inputs: int, outputs: int, gain: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """The normal numbers that an orthogonal W begins from, and W."""
    u = np.random.default_rng(7).uniform(1e-6, 1 - 1e-6, outputs * inputs)
    normal, weights = stats.norm.ppf(u), u.copy()
    Orthogonal.weights(weights, inputs, outputs, gain)
    return normal.reshape(outputs, inputs), weights.reshape(outputs, inputs)


@pytest.mark.parametrize(("inputs", "outputs"), SHAPES)
def test_orthogonal_rows_or_columns_are_orthonormal_but_for_the_gain(inputs: int, outputs: int):
    _, w = matrices(inputs, outputs, gain=1.5)
    products = w @ w.T if outputs <= inputs else w.T @ w
    np.testing.assert_allclose(products, 1.5**2 * np.eye(len(products)), rtol=0, atol=1e-14)


@pytest.mark.parametrize(("inputs", "outputs"), SHAPES)
def test_orthogonal_is_what_keras_makes_of_the_same_normal_numbers(inputs: int, outputs: int):
    # Keras's lines, by LAPACK: `keras.initializers.Orthogonal`, whose kernel is (inputs, outputs).
    normal, w = matrices(inputs, outputs)
    q, r = np.linalg.qr(normal.T if inputs >= outputs else normal)
    q *= np.sign(np.diag(r))
    kernel = q.T if inputs < outputs else q
    np.testing.assert_allclose(w, kernel.T, rtol=0, atol=1e-11)


def test_orthogonal_survives_rows_that_are_nearly_alike():
    u = np.full(4, 0.9)
    u[3] += 1e-13  # the rows differ in the thirteenth digit
    Orthogonal.weights(u, 2, 2, 1.0)
    w = u.reshape(2, 2)
    np.testing.assert_allclose(w @ w.T, np.eye(2), rtol=0, atol=1e-14)


def test_orthogonal_is_distributed_as_keras_s(keras: ModuleType):
    spec, seeds = Orthogonal(gain=2.0), np.arange(2000, dtype=np.uint64)
    ours = draw_weights([spec] * len(seeds), seeds, (3, 2)).reshape(-1, 2, 3)
    twin = keras.initializers.Orthogonal
    theirs = np.array([np.asarray(twin(gain=2.0, seed=i)((3, 2))).T for i in range(150)])
    for o in range(2):
        for k in range(3):
            assert stats.ks_2samp(ours[:, o, k], theirs[:, o, k]).pvalue > LEVEL


# ---- Without chance ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FIXED)
@pytest.mark.parametrize(("inputs", "outputs"), [(3, 5), (5, 3), (4, 4)])
def test_what_draws_nothing_is_keras_s(kind: str, inputs: int, outputs: int, keras: ModuleType):
    spec = FIXED[kind]
    twin = attrgetter(type(spec).__name__)(keras.initializers)
    theirs = np.asarray(twin(**spec.model_dump(exclude={"kind", "shared"}))((inputs, outputs)))
    ours = draw_weights([spec], np.array([1], np.uint64), (inputs, outputs))[0]
    np.testing.assert_array_equal(ours.astype(np.float32).reshape(outputs, inputs), theirs.T)


# ---- Biases --------------------------------------------------------------------------------------


def test_biases_are_zeros_unless_they_are_drawn():
    assert Network().bias_initializer == Zeros()
    biases = draw_biases([Zeros()] * 2, np.array([1, 2], np.uint64), (2, 7, 3))
    np.testing.assert_array_equal(biases, np.zeros((2, 10)))


@pytest.mark.parametrize("kind", DRAWN)
def test_biases_are_distributed_as_keras_s(kind: str, keras: ModuleType):
    # Of one dimension, whose length is fan_in and fan_out.
    spec, _ = DRAWN[kind]
    twin: Callable[..., Any] = attrgetter(type(spec).__name__)(keras.initializers)
    theirs = twin(**spec.model_dump(exclude={"kind", "shared"}), seed=3)((OUTPUTS * 4,))
    (ours,) = draw_biases([spec], np.array([1], np.uint64), (2, OUTPUTS * 4))
    assert stats.ks_2samp(ours, np.asarray(theirs, dtype=np.float64)).pvalue > LEVEL


@pytest.mark.parametrize("kind", ["orthogonal", "identity"])
def test_what_makes_matrices_is_refused_for_biases_as_keras_does(kind: str, keras: ModuleType):
    with pytest.raises(SpecError, match=f"bias_initializer must be .*'{kind}' makes matrices"):
        Network(bias_initializer=kind)
    with pytest.raises(ValueError, match=r"2D|two-dimensional"):
        keras.initializers.get(kind)((3,))


@pytest.mark.parametrize("kind", DRAWN)
def test_the_seed_alone_decides(kind: str):
    spec, _ = DRAWN[kind]
    np.testing.assert_array_equal(draw(spec, seed=1), draw(spec, seed=1))
    assert not np.isin(draw(spec, seed=1), draw(spec, seed=2)).any()


@pytest.mark.parametrize("kind", DRAWN)
def test_distribution_is_keras_s(kind: str, keras: ModuleType):
    spec, _ = DRAWN[kind]
    twin: Callable[..., Any] = attrgetter(type(spec).__name__)(keras.initializers)
    theirs = twin(**spec.model_dump(exclude={"kind", "shared"}), seed=3)((INPUTS, OUTPUTS))
    theirs = np.asarray(theirs, dtype=np.float64).ravel()
    ours = draw(spec)
    assert stats.ks_2samp(ours, theirs).pvalue > LEVEL
    # A two-sample test hardly sees the ends: where there are bounds, Keras reaches the same.
    if np.isfinite(DRAWN[kind][1].support()).all():
        width = np.ptp(ours)
        np.testing.assert_allclose(ours.min(), theirs.min(), rtol=0, atol=1e-3 * width)
        np.testing.assert_allclose(ours.max(), theirs.max(), rtol=0, atol=1e-3 * width)
