"""`mlplab.MLPClassifier` and `MLPRegressor` beside scikit-learn's own: the table of docs/scikit-learn.md.

Each seed splits a dataset anew, three quarters to train on, and both sides are fitted with the same
settings, scikit-learn's defaults, one after the other on one thread each. The verdict is that of
`mlplab.statistics`, corrected for splits of one set of samples.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
from sklearn.datasets import (
    load_breast_cancer,
    load_diabetes,
    load_digits,
    load_iris,
    load_wine,
)
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

import mlplab
from mlplab.bench.rounds import measure_pairs
from mlplab.bench.taken import Taken, time_of
from mlplab.statistics import compare, correct_family

DATASETS: dict[str, Callable[..., Any]] = {
    "iris": load_iris,
    "wine": load_wine,
    "breast cancer": load_breast_cancer,
    "digits": load_digits,
    "diabetes": load_diabetes,
}
TEST_FRACTION = 0.25


class Side:
    """One library's estimator, fitted anew for each measurement."""

    def __init__(self, kind: type, seed: int, x: np.ndarray, y: np.ndarray) -> None:
        self.make: Callable[[], Any] = lambda: kind(random_state=seed)
        self.x, self.y = x, y
        self.estimator: Any = None

    def fit(self) -> Taken:
        """Fit it, and return what that took."""
        self.estimator = self.make()
        return time_of(lambda: self.estimator.fit(self.x, self.y))


def splits_of(name: str, seed: int) -> tuple[np.ndarray, ...]:
    """Return samples to train and to test on, standardised; targets are standardised as well."""
    x, y = DATASETS[name](return_X_y=True)
    has_targets = name == "diabetes"
    x, x_test, y, y_test = train_test_split(
        x, y, test_size=TEST_FRACTION, random_state=seed, stratify=None if has_targets else y
    )
    scaler = StandardScaler().fit(x)
    if has_targets:
        mean, deviation = y.mean(), y.std()
        y, y_test = (y - mean) / deviation, (y_test - mean) / deviation
    return scaler.transform(x), scaler.transform(x_test), y, y_test


def measure(name: str, seeds: int) -> tuple[Any, list[float], list[list[Any]]]:
    """Return the comparison of scores, the ratios of times, and for each side scores and epochs."""
    is_classes = name != "diabetes"
    kinds = (
        (mlplab.MLPClassifier, MLPClassifier) if is_classes else (mlplab.MLPRegressor, MLPRegressor)
    )
    ratios, seen = [], [[], []]
    for seed in range(seeds):
        x, x_test, y, y_test = splits_of(name, seed)
        own, other = (Side(kind, seed, x, y) for kind in kinds)
        pairs = measure_pairs(own.fit, {"other": other.fit}, rounds=1)
        ratios.append(pairs["other"].ratio)
        for side, found in zip((own, other), seen, strict=True):
            found.append((side.estimator.score(x_test, y_test), side.estimator.n_iter_))
    scores = [[score for score, _ in found] for found in seen]
    found = compare(
        *scores,
        measure="test_accuracy" if is_classes else "test_r2",
        resplit_ratio=TEST_FRACTION / (1 - TEST_FRACTION),
    )
    return found, ratios, seen


def main(seeds: int) -> None:
    """Print the table."""
    for kind in (mlplab.MLPClassifier, mlplab.MLPRegressor):  # compiles
        kind(max_iter=1).fit(np.eye(4), np.arange(4) % 2)
        kind(max_iter=1).fit(np.eye(6), np.arange(6) % 3)
    measured = {name: measure(name, seeds) for name in DATASETS}
    family = correct_family({name: found for name, (found, _, _) in measured.items()})
    print(
        "| dataset | mlplab | scikit-learn | difference | verdict | epochs | fit, times as fast |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, (_, ratios, seen) in measured.items():
        found = family[name]
        means = [np.mean(side, axis=0) for side in seen]
        write = found.measure.write
        low, high = found.difference.low, found.difference.high
        interval = f"{write(low)} to {write(high)} {found.measure.unit}".strip()
        scores = " | ".join(f"{mean[0]:.3f}" for mean in means)
        epochs = ", ".join(f"{mean[1]:.0f}" for mean in means)
        speed = f"{median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})"
        print(f"| {name} | {scores} | {interval} | {found.verdict} | {epochs} | {speed} |")


if __name__ == "__main__":
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
