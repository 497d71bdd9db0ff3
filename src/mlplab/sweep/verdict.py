"""What fresh runs say of a search's winner: how good it is, and whether it is better than others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mlplab.spec import Experiment, FiniteSamples
from mlplab.statistics import Comparison, compare, correct_family
from mlplab.sweep.cells import ON_TEST_SAMPLES, CellStatistics, TrainedCells
from mlplab.sweep.search_plan import SearchPlan


@dataclass(frozen=True)
class Finalist:
    """A setting that is trained from fresh seeds.

    Attributes
    ----------
    name : str
        `winner`, `runner-up` or `given setting`.
    changes : dict
        What it changes in the given setting.
    score : float
        Its mean objective in the search's last round; NaN for the given setting, which was not in it.
    """

    name: str
    changes: dict[str, Any]
    score: float


@dataclass(frozen=True, eq=False)
class SearchVerdict:
    """The winner, the runner-up and the given setting, by runs that the search has not seen.

    Their seeds are new, and with them the samples that a recipe draws; and they are judged by their test
    samples, at which the search has not looked.

    Attributes
    ----------
    plan : SearchPlan
    finalists : list of Finalist
        The winner first. Without a runner-up, where all others diverged; without the given setting, where
        it is one of the two.
    cells : TrainedCells
        Their fresh runs, in the same order.
    """

    plan: SearchPlan
    finalists: list[Finalist]
    cells: TrainedCells

    @property
    def winner(self) -> Finalist:
        """The best candidate of the search."""
        return self.finalists[0]

    @property
    def given(self) -> int:
        """The place among the finalists of the setting that was given, which may be one of the best."""
        key = self.plan.experiment.key
        keys = [self.plan.experiment.varied(each.changes).key for each in self.finalists]
        return keys.index(key)

    @property
    def experiment(self) -> Experiment:
        """The winner as an experiment."""
        return self.plan.experiment.varied(self.winner.changes)

    @property
    def test_measure(self) -> str:
        """What the objective is on test samples."""
        return ON_TEST_SAMPLES[self.plan.objective]

    @property
    def test(self) -> CellStatistics:
        """Mean and interval of each finalist on test samples."""
        return self.cells.statistics(self.test_measure)

    @property
    def validation(self) -> CellStatistics:
        """Mean and interval of each finalist on validation samples, by the fresh runs."""
        return self.cells.statistics(self.plan.objective)

    @property
    def is_resplit(self) -> bool:
        """Whether each run splits the same own samples anew."""
        return self.plan.finite is not None and self.plan.finite.split is None

    @property
    def optimism(self) -> float:
        """By how much the winner's score in the search is better than that of its fresh runs.

        Both are means of the objective. Above 0 the search flattered its winner.
        """
        difference = self.winner.score - float(self.validation.mean[0])
        return -difference if self.plan.lower_is_better else difference

    @cached_property
    def comparisons(self) -> dict[str, Comparison]:
        """The winner against each other finalist, by name, on test samples, seed by seed.

        p-values are corrected for the family (Holm). Losses and mean absolute errors have the
        margin 0.
        """
        ratio = self.plan.overlaps[self.test_measure] if self.is_resplit else None
        is_own = isinstance(self.plan.experiment.dataset, FiniteSamples)
        values = self.cells.values[self.test_measure]
        return correct_family(
            {
                finalist.name: compare(
                    values[0],
                    values[place],
                    0.0 if self.plan.lower_is_better else None,
                    measure=self.test_measure,
                    resplit_ratio=ratio,
                    one_split=is_own and ratio is None,
                )
                for place, finalist in enumerate(self.finalists)
                if place
            }
        )
