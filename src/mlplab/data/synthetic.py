"""Datasets that are drawn by a recipe."""

from __future__ import annotations

import numpy as np

from mlplab.data.dataset import Dataset, Split
from mlplab.drawing import draw_samples
from mlplab.spec import Recipe


def draw_recipe(recipe: Recipe, seed: int) -> Dataset:
    """Draw the three splits of a recipe, float64, from the seed's samples stream."""
    packed = draw_samples([recipe], np.array([seed], np.uint64), np.float64)
    d, targets = recipe.features, len(recipe.target_names)

    def split_of(samples: np.ndarray) -> Split:
        y = samples[:, d : d + targets].copy() if targets else samples[:, d].astype(np.int64)
        return Split(samples[:, :d].copy(), y)

    train, validation, test = (split_of(part[0]) for part in packed)
    return Dataset(train, validation, test, recipe.label_names, target_names=recipe.target_names)
