"""Datasets that are drawn by a recipe."""

from __future__ import annotations

import numpy as np

from mlplab.data.dataset import SPLITS, Dataset, Split
from mlplab.drawing import draw_samples
from mlplab.spec import Recipe


def draw_recipe(recipe: Recipe, seed: int) -> Dataset:
    """Draw the three splits of a recipe, float64, from the seed's samples stream."""
    packed = draw_samples([recipe], np.array([seed], np.uint64), np.float64)
    d, targets = recipe.features, len(recipe.target_names)

    def split_of(samples: np.ndarray) -> Split:
        y = samples[:, d : d + targets].copy() if targets else samples[:, d].astype(np.int64)
        return Split(samples[:, :d].copy(), y)

    splits = {name: split_of(part[0]) for name, part in zip(SPLITS, packed, strict=True)}
    return Dataset(**splits, label_names=recipe.label_names, target_names=recipe.target_names)
