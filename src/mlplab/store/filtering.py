"""Which runs of a store are meant: a filter, and what it is in SQL."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

from mlplab.errors import MlplabError, shown, suggestion
from mlplab.run import Ending
from mlplab.store.schema import ENDINGS, METRICS
from mlplab.store.score_names import SCORE_NAMES

NUMBERS = ("seed", *SCORE_NAMES, "updates", "seconds")
"""What a condition may compare."""

RELATIONS = ("<=", ">=", "!=", "<", ">", "=")

_CONDITION = re.compile(r"\s*(\w+)\s*(<=|>=|!=|==|<|>|=)\s*(\S+)\s*")


@dataclass(frozen=True)
class Condition:
    """A comparison that a run must pass, such as `test_accuracy > 0.9`.

    A loss that is not a number passes none. A condition on a metric holds for runs of that metric only.

    Attributes
    ----------
    column : str
        One of `NUMBERS`.
    relation : str
        One of `RELATIONS`.
    value : float
    """

    column: str
    relation: str
    value: float

    @classmethod
    def parse(cls, text: str) -> Condition:
        """Read a condition.

        Raises
        ------
        MlplabError
            If the text is no comparison, or its column is unknown.

        Examples
        --------
        >>> Condition.parse("test_accuracy>0.9")
        Condition(column='test_accuracy', relation='>', value=0.9)
        """
        match = _CONDITION.fullmatch(text)
        value = _number(match[3]) if match else math.nan
        if match is None or math.isnan(value):
            raise MlplabError(
                "a condition is a column, a comparison and a number, such as test_accuracy>0.9, "
                f"received {shown(text)}"
            )
        if match[1] not in NUMBERS:
            raise MlplabError(f"unknown column '{match[1]}'; {suggestion(match[1], NUMBERS)}")
        return cls(match[1], match[2].replace("==", "="), value)


@dataclass(frozen=True)
class RunFilter:
    """Which runs: those that all of it applies to; without anything, all runs.

    Attributes
    ----------
    experiment : str
        The experiment's key, or its first digits.
    seeds : tuple of two int, optional
        The first and the last seed.
    ending : str, optional
        `finished`, `stuck` or `diverged`.
    conditions : sequence of Condition

    Raises
    ------
    MlplabError
        If the experiment is not written in hexadecimal digits, there is no such ending, or the last seed
        is below the first.
    """

    experiment: str = ""
    seeds: tuple[int, int] | None = None
    ending: Ending | None = None
    conditions: Sequence[Condition] = ()

    def __post_init__(self) -> None:
        if not re.fullmatch("[0-9a-fA-F]{0,64}", self.experiment):
            raise MlplabError(
                "an experiment is named by the first of the 64 hexadecimal digits of its key, "
                f"received {shown(self.experiment)}"
            )
        if self.ending is not None and self.ending not in get_args(Ending):
            raise MlplabError(f"unknown ending '{self.ending}'; {suggestion(self.ending, ENDINGS)}")
        if self.seeds is not None and self.seeds[0] > self.seeds[1]:
            raise MlplabError(
                f"the last seed must not be below the first, received {self.seeds[0]}-{self.seeds[1]}"
            )

    @property
    def is_everything(self) -> bool:
        """Whether it applies to all runs."""
        return self == EVERYTHING

    def where(self) -> tuple[str, list[Any]]:
        """Return the filter as a condition of SQL on the table `runs`, and its values."""
        terms = ["TRUE"]
        values: list[Any] = []
        if self.experiment:
            terms.append(
                "runs.experiment IN (SELECT id FROM experiments WHERE key BETWEEN ? AND ?)"
            )
            values += [bytes.fromhex(self.experiment.ljust(64, digit)) for digit in "0f"]
        if self.seeds is not None:
            terms.append("runs.seed BETWEEN ? AND ?")
            values += self.seeds
        if self.ending is not None:
            terms.append("runs.ending = ?")
            values.append(ENDINGS.index(self.ending))
        for condition in self.conditions:
            score = SCORE_NAMES.get(condition.column)
            column = condition.column if score is None else score.column
            # Both are among the known ones, so that no text of the user's becomes SQL.
            terms.append(f"runs.{column} {condition.relation} ?")
            values.append(condition.value)
            if score is not None and score.metric is not None:
                # It is looked up for runs that pass the comparison; of a million that is faster than a
                # list of all experiments with the metric.
                terms.append("(SELECT metric FROM experiments WHERE id = runs.experiment) = ?")
                values.append(METRICS.index(score.metric))
        return " AND ".join(terms), values


EVERYTHING = RunFilter()
"""The filter that leaves nothing out."""


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
