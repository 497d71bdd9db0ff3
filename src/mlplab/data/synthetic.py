"""Datasets that are drawn by a recipe."""

from __future__ import annotations

import numpy as np

from mlplab.data.dataset import SPLITS, Dataset, Split
from mlplab.drawing import draw_samples
from mlplab.spec import Recipe


def draw_recipe(recipe: Recipe, seed: int) -> Dataset:
    """Draw the three splits of a recipe, float64, from the seed's samples stream."""
    packed = draw_samples([recipe], np.array([seed], np.uint64), np.float64)
    d = recipe.features
    splits = {
        name: Split(part[0, :, :d].copy(), part[0, :, d].astype(np.int64))
        for name, part in zip(SPLITS, packed, strict=True)
    }
    names = tuple(str(k) for k in range(recipe.class_count))
    return Dataset(splits["train"], splits["validation"], splits["test"], names)
