"""The fractions of the variance: by hand, on arrays of known parts, and where they cannot be told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlplab.errors import MlplabError
from mlplab.statistics import variance_fractions

NAMES = ("samples", "weights", "shuffle")


def fractions(values: NDArray[Any]) -> list[float]:
    found = variance_fractions(values)
    assert found is not None
    return [found.samples, found.weights, found.shuffle, found.interactions]


def test_worked_by_hand_without_interactions() -> None:
    # Effects ±1 of the samples, ±2 of the weights, 0 of the shuffles. As two seeds of variance
    # ((-e)² + e²) / (2 - 1): 2, 8 and 0, in all 10.
    samples, weights = np.array([-1.0, 1.0]), np.array([-2.0, 2.0])
    values = 5 + samples[:, None, None] + weights[:, None] + np.zeros(2)
    assert fractions(values) == pytest.approx([0.2, 0.8, 0.0, 0.0])


def test_worked_by_hand_with_interactions() -> None:
    # Eight runs: samples ±4, and samples × weights ±1 (the product of the signs).
    signs = np.array([-1.0, 1.0])
    values = 4 * signs[:, None, None] + signs[:, None, None] * signs[:, None] + np.zeros(2)
    # Sums of squares: samples 8 × 16 = 128, samples × weights 8 × 1 = 8, each of one degree of
    # freedom, so that these are the mean squares; the others are 0.
    # Samples: (128 - 8) / 4 runs of a seed = 30. Weights: (0 - 8 - 0 + 0) / 4 < 0, cut to 0. Shuffles: 0.
    # Samples × weights: 8 / 2 = 4. In all 34.
    assert fractions(values) == pytest.approx([30 / 34, 0.0, 0.0, 4 / 34])


def test_worked_by_hand_of_unequal_numbers_of_seeds() -> None:
    # Three seeds of the samples (0, 3, 6), two of the weights (0, 1), four of the shuffles (all 0).
    # Variances of the effects: ((-3)² + 0 + 3²) / 2 = 9, (1/4 + 1/4) / 1 = 1/2, 0.
    values = np.array([0.0, 3.0, 6.0])[:, None, None] + np.array([0.0, 1.0])[:, None] + np.zeros(4)
    assert fractions(values) == pytest.approx([18 / 19, 1 / 19, 0.0, 0.0])


@pytest.mark.parametrize("axis", range(3))
def test_each_factor_is_named_by_its_axis(axis: int) -> None:
    values = np.moveaxis(np.arange(4.0)[:, None, None] + np.zeros((4, 3, 2)), 0, axis)
    found = variance_fractions(values)
    assert found is not None
    assert getattr(found, NAMES[axis]) == pytest.approx(1.0)


@pytest.mark.parametrize("shape", [(2, 2, 2), (4, 3, 5), (10, 10, 10)])
def test_fractions_add_up_and_know_no_unit(shape: tuple[int, int, int]) -> None:
    values = np.random.default_rng(0).normal(size=shape)
    found = fractions(values)
    assert sum(found) == pytest.approx(1.0)
    assert min(found) >= 0
    assert fractions(100 * values - 7) == pytest.approx(found)
    swapped = fractions(values.transpose(1, 0, 2))
    assert swapped == pytest.approx([found[i] for i in (1, 0, 2, 3)])


def test_equal_runs_have_no_variance_to_split() -> None:
    assert variance_fractions(np.full((3, 3, 3), 0.5)) is None


@pytest.mark.parametrize(
    "shape", [(8,), (4, 4), (2, 2, 2, 2), (1, 4, 4), (4, 1, 4), (4, 4, 1), (0, 2, 2)]
)
def test_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(
        MlplabError, match=r"shape \(samples, weights, shuffle\), .* received shape"
    ):
        variance_fractions(np.zeros(shape))


def test_diverged_runs_are_refused_with_their_number() -> None:
    values = np.random.default_rng(0).normal(size=(3, 3, 3))
    values[0, 0, 0], values[1, 1, 1] = np.nan, np.inf
    with pytest.raises(MlplabError, match="every combination of seeds, received 2 of 27 that are"):
        variance_fractions(values)


@pytest.mark.slow
@pytest.mark.parametrize(
    "parts", [(0.3, 0.4, 0.1, 0.2), (0.05, 0.6, 0.05, 0.3), (0.0, 0.2, 0.0, 0.8)]
)
def test_known_parts_are_found(parts: tuple[float, ...]) -> None:
    """Ten seeds each: on average within 5 points, a single array off by some 10."""
    generator = np.random.default_rng(0)
    n, shapes = 10, [(10, 1, 1), (1, 10, 1), (1, 1, 10), (10, 10, 10)]
    found = [
        fractions(
            sum(
                np.sqrt(part) * generator.normal(size=s)
                for part, s in zip(parts, shapes, strict=True)
            )
            + np.zeros((n, n, n))
        )
        for _ in range(1000)
    ]
    np.testing.assert_allclose(np.mean(found, axis=0), parts, atol=0.05)
    assert np.std(found, axis=0).max() < 0.13


@pytest.mark.slow
def test_an_effect_of_two_together_is_neithers_own() -> None:
    """But for the estimates that chance makes too large, and that no cut at zero takes back."""
    generator = np.random.default_rng(0)
    found = [fractions(generator.normal(size=(8, 8, 1)) + np.zeros((8, 8, 8))) for _ in range(500)]
    np.testing.assert_allclose(np.mean(found, axis=0), [0, 0, 0, 1], atol=0.06)
