"""The table of fits beside scikit-learn's."""

from __future__ import annotations

import math

from mlplab.bench.estimator_fits import EstimatorFits
from mlplab.bench.tables import TextTable
from mlplab.bench.wording import times
from mlplab.report.wording import plural
from mlplab.statistics import PERCENTAGE_POINTS, Comparison


def estimator_table(part: EstimatorFits) -> TextTable:
    """Return scores, verdicts and the times of fits, a row for each dataset."""
    rows = []
    for dataset, found in part.comparisons().items():
        scores = ", ".join(f"{mean:.3f}" for mean in part.scores(dataset))
        epochs = ", ".join(f"{mean:,.0f}" for mean in part.epochs(dataset))
        ratio = times(part.pair(dataset).ratio)
        rows.append((dataset, scores, _interval(found), found.verdict, epochs, ratio))
    splits = len(part.of(part.datasets[0]))
    title = f"Estimators, mlplab's and scikit-learn's, fit for fit, {plural(splits, 'split')} each"
    head = ("", "test scores", "difference", "verdict", "epochs", "faster by")
    return TextTable(title, head, tuple(rows))


def _interval(found: Comparison) -> str:
    """Return the interval of the difference; nothing where there is none."""
    difference = found.difference
    if difference is None or not math.isfinite(difference.low):
        return ""
    low, high = map(found.measure.write, (difference.low, difference.high))
    return f"{low} to {high}{' points' if found.measure.unit == PERCENTAGE_POINTS else ' R²'}"
