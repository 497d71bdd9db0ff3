"""The metric of runs by its name: accuracy of labels; R² or the mean absolute error of targets."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.spec import MetricName

Float64 = NDArray[np.float64]


class WithAccuracy:
    """Names what is called `…_metric` by its own name, where it is the accuracy.

    A class that inherits it has `metric`, the metric's name, and `train_metric` and others.
    """

    metric: MetricName

    @property
    def train_accuracy(self) -> Any:
        """The `train_metric` of runs with labels: the fraction that is right, 0 to 1."""
        return self._accuracy("train_metric")

    @property
    def validation_accuracy(self) -> Any:
        """The `validation_metric` of runs with labels, 0 to 1."""
        return self._accuracy("validation_metric")

    @property
    def test_accuracy(self) -> Any:
        """The `test_metric` of runs with labels, 0 to 1."""
        return self._accuracy("test_metric")

    def _accuracy(self, name: str) -> Any:
        if self.metric != "accuracy":
            raise AttributeError(
                f"targets have no accuracy: the {name} of these runs is the {self.metric}"
            )
        return getattr(self, name)


def write_metric(metric: MetricName, value: float) -> str:
    """Write a metric with its name: accuracies in per cent.

    >>> write_metric("accuracy", 0.912), write_metric("r2", 0.912)
    ('accuracy 91.20 %', 'R² 0.9120')
    >>> write_metric("r2", -2.0752e15), write_metric("mean_absolute_error", 0.0412)
    ('R² -2.075e+15', 'mean absolute error 0.0412')
    """
    if metric == "accuracy":
        return f"accuracy {100 * value:.2f} %"
    number = f"{value:.4f}" if metric == "r2" and abs(value) < 1e5 else f"{value:.4g}"
    return f"{METRIC_WORDS[metric]} {number}"


METRIC_WORDS: dict[MetricName, str] = {
    "accuracy": "accuracy",
    "r2": "R²",
    "mean_absolute_error": "mean absolute error",
}
"""What people call a metric."""


def metric_columns(metric: MetricName) -> dict[str, str]:
    """Return what tables call the metric of each split, by the attribute of `Runs` or `History`.

    >>> metric_columns("r2")["test_metric"]
    'test_r2'
    """
    return {f"{split}_metric": f"{split}_{metric}" for split in ("train", "validation", "test")}
