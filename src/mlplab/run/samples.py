"""What a run keeps of the samples that it was trained on."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlplab.data import Dataset


def about_samples(dataset: Dataset) -> dict[str, Any]:
    """Return the fields of a `Run` that say what its samples were, by their names."""
    features = dataset.train.x.shape[1]
    return {
        "label_names": dataset.label_names,
        "feature_names": tuple(f"x{i + 1}" for i in range(features)),
        "input_mean": None,
        "input_scale": None,
        "labelled": np.bincount(dataset.train.y, minlength=dataset.classes),
    }
