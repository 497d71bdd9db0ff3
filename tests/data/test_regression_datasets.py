"""Drawn targets are their published formulas, with normal noise; splits are drawn apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from mlplab.data import draw_dataset
from mlplab.spec import DatasetSpec, Franke, Friedman1, NoisySine, Plane, TargetRecipe

Array = NDArray[Any]


def franke(x: Array) -> Array:
    a, b = 9 * x[:, 0], 9 * x[:, 1]
    hills = 0.75 * np.exp(-((a - 2) ** 2) / 4 - (b - 2) ** 2 / 4)
    hills += 0.75 * np.exp(-((a + 1) ** 2) / 49 - (b + 1) / 10)
    hills += 0.5 * np.exp(-((a - 7) ** 2) / 4 - (b - 3) ** 2 / 4)
    return hills - 0.2 * np.exp(-((a - 4) ** 2) - (b - 7) ** 2)


def friedman(x: Array) -> Array:
    # scikit-learn's make_friedman1
    curve = 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2
    return curve + 10 * x[:, 3] + 5 * x[:, 4]


FORMULAS: dict[str, tuple[Callable[[Array], Array], tuple[float, float]]] = {
    "noisy_sine": (lambda x: np.sin(np.pi * x[:, 0]), (-1, 1)),
    "plane": (lambda x: (x[:, 0] + x[:, 1]) / 2, (-1, 1)),
    "franke": (franke, (0, 1)),
    "friedman_1": (friedman, (0, 1)),
}


RECIPES = {name: kind for name, kind in DatasetSpec.kinds.items() if issubclass(kind, TargetRecipe)}


def test_each_kind_has_its_formula_here():
    assert FORMULAS.keys() == RECIPES.keys()


@pytest.mark.parametrize("name", FORMULAS)
def test_targets_without_noise_are_the_formula_of_uniform_features(name: str):
    formula, (low, high) = FORMULAS[name]
    data = draw_dataset(RECIPES[name](sigma=0.0, train_samples=5000), seed=3)
    x, y = data.train.x, data.train.y
    assert y.shape == (5000, 1)
    assert data.target_names == ("y",)
    np.testing.assert_allclose(y[:, 0], formula(x), rtol=0, atol=1e-12)
    for feature in x.T:
        assert stats.kstest(feature, stats.uniform(low, high - low).cdf).pvalue > 0.001


@pytest.mark.parametrize("name", FORMULAS)
def test_noise_is_normal_and_on_the_target_alone(name: str):
    kind = RECIPES[name]
    clean, noisy = (
        draw_dataset(kind(sigma=sigma, train_samples=5000), seed=3).train for sigma in (0.0, 0.3)
    )
    assert (clean.x == noisy.x).all()
    assert stats.kstest((noisy.y - clean.y)[:, 0], stats.norm(0, 0.3).cdf).pvalue > 0.001


@pytest.mark.parametrize("spec", [NoisySine(), Plane(), Franke(), Friedman1(n_features=7)])
def test_more_training_samples_leave_the_others_as_they_are(spec: TargetRecipe):
    few, many = (
        draw_dataset(spec.varied({"train_samples": n, "test_samples": 9}), seed=5) for n in (4, 40)
    )
    assert [len(few.train), len(many.train)] == [4, 40]
    for name in ("validation", "test"):
        assert (few.splits[name].y == many.splits[name].y).all()
        assert len(few.splits[name]) == 9
    assert (few.validation.y != few.test.y).all()
    assert many.features == spec.features
