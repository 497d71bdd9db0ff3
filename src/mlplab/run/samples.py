"""What a run keeps of the samples that it was trained on."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlplab.data import Dataset


def about_samples(dataset: Dataset) -> dict[str, Any]:
    """Return the fields of a `Run` that say what its samples were, by their names."""
    return {
        "label_names": dataset.label_names,
        "feature_names": dataset.feature_names,
        "input_mean": dataset.mean,
        "input_scale": dataset.scale,
        "resplit_ratio": dataset.resplit_ratio,
        "labelled": np.bincount(dataset.train.y, minlength=dataset.classes),
    }
