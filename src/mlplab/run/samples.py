"""What a run keeps of the samples that it was trained on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.data import Dataset


def labelled(dataset: Dataset) -> NDArray[np.int64]:
    """Return how many training samples each class has, shape (K,).

    Of targets it is the number of all of them, shape (1,).
    """
    if dataset.has_targets:
        return np.array([len(dataset.train)])
    return np.bincount(dataset.train.y, minlength=dataset.classes)


def about_samples(dataset: Dataset) -> dict[str, Any]:
    """Return the fields of a `Run` that say what its samples were, by their names."""
    return {
        "label_names": dataset.label_names,
        "feature_names": dataset.feature_names,
        "input_mean": dataset.mean,
        "input_scale": dataset.scale,
        "resplit_ratio": dataset.resplit_ratio,
        "target_names": dataset.target_names,
        "labelled": labelled(dataset),
    }
