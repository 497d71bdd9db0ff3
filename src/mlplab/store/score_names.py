"""What people call the scores of a run: a metric by its own name, such as `test_r2`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from mlplab.run.metric import metric_columns
from mlplab.spec import MetricName
from mlplab.store.schema import METRICS, SCORES


@dataclass(frozen=True)
class ScoreName:
    """A name of a score.

    Attributes
    ----------
    name : str
        Such as `test_r2` or `test_loss`.
    column : str
        Of the table of runs: one of `SCORES`.
    metric : str or None
        Which metric runs must have that have it; None of losses, which all have.
    """

    name: str
    column: str
    metric: MetricName | None


def _names() -> Iterator[ScoreName]:
    for column in SCORES:
        if column.endswith("loss"):
            yield ScoreName(column, column, None)
        else:
            yield from (ScoreName(metric_columns(each)[column], column, each) for each in METRICS)


SCORE_NAMES = {each.name: each for each in _names()}
"""All of them, in the order of the view `readable_runs`."""


def scores_of(metrics: Collection[MetricName]) -> list[ScoreName]:
    """Return the names of what runs of some metrics have, in the same order.

    >>> [each.name for each in scores_of(["r2"])][:2]
    ['train_loss', 'train_r2']
    """
    return [each for each in SCORE_NAMES.values() if each.metric is None or each.metric in metrics]
