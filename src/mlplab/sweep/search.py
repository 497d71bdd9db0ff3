"""Search for the best setting of an experiment, and judge it by runs that the search has not seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mlplab.errors import MlplabError
from mlplab.run import Float64
from mlplab.spec import Experiment
from mlplab.store import Store
from mlplab.sweep.candidates import Candidates
from mlplab.sweep.cells import TrainedCells
from mlplab.sweep.cluster import Cluster
from mlplab.sweep.optimism import Optimism, measure_optimism
from mlplab.sweep.samplers import make_sampler
from mlplab.sweep.search_plan import FRESH, Round, SearchPlan
from mlplab.sweep.training import Progress, SweepInStore, train_cells
from mlplab.sweep.verdict import Finalist, SearchVerdict

if TYPE_CHECKING:
    import distributed


@dataclass(frozen=True, eq=False)
class TrainedRound:
    """What a round trained.

    Attributes
    ----------
    round : Round
    numbers : ndarray of int64, shape (candidates,)
        Which candidates were in it, rising.
    cells : TrainedCells
        Their runs, in the same order.
    """

    round: Round
    numbers: NDArray[np.int64]
    cells: TrainedCells


@dataclass(frozen=True, eq=False)
class TrainedSearch:
    """A search that has ended.

    Attributes
    ----------
    plan : SearchPlan
    changes : list of dict
        What each candidate changes in the given setting, in the order in which they were looked at.
    rounds : list of TrainedRound
    verdict : SearchVerdict
    """

    plan: SearchPlan
    changes: list[dict[str, Any]]
    rounds: list[TrainedRound]
    verdict: SearchVerdict

    @property
    def ranking(self) -> NDArray[np.int64]:
        """Candidates that were in the last round, from the best to the worst."""
        last = self.rounds[-1]
        return last.numbers[last.cells.ranked(self.plan.objective)]

    @property
    def last_round(self) -> NDArray[np.int64]:
        """The last round in which each candidate was, counted from 0."""
        found = np.zeros(len(self.changes), np.int64)
        for number, each in enumerate(self.rounds):
            found[each.numbers] = number
        return found

    @cached_property
    def winners_curse(self) -> list[Optimism]:
        """By how much the best of some candidates is overstated, by `measure_optimism`."""
        return measure_optimism(self)

    def column(self, of: str) -> Float64:
        """Return a number for each candidate, of the last round in which it was.

        Parameters
        ----------
        of : str
            `mean`, `low` or `high` of the objective; or the fraction of runs that were `stuck`, have
            `diverged`, or `failed`; or how many `runs` there were.
        """
        column = np.full(len(self.changes), np.nan)
        for each in self.rounds:
            if of == "runs":
                values = each.cells.trained.astype(np.float64)
            elif of in ("mean", "low", "high"):
                values = getattr(each.cells.statistics(self.plan.objective), of)
            else:
                values = each.cells.fraction(of)
            column[each.numbers] = values
        return column


def train_search(
    plan: SearchPlan,
    store: Store | None = None,
    *,
    threads: int | None = None,
    client: distributed.Client | Cluster | None = None,
    progress: Progress | None = None,
    command: str = "mlplab.sweep.train_search",
) -> TrainedSearch:
    """Search, and train the best candidates and the given setting from fresh seeds.

    Runs go to the store as they end. However the search is ended, the same call goes on where it ended:
    its candidates are asked for anew, and those that were trained are found.

    Parameters
    ----------
    plan : SearchPlan
    store : Store, optional
    threads : int, optional
        The number of usable cores by default. The results do not depend on it.
    client : distributed.Client or Cluster, optional
        As in `train_map`.
    progress : callable, optional
        Called with how many runs are done and how many of these were found; with epochs in place of
        runs where `plan.epochs_are_counted`.
    command : str
        What the store says of where the runs came from.

    Raises
    ------
    StoreError
        If the store cannot be written; the runs written before are in it.
    MlplabError
        If every run of every candidate diverged, or what is trained at a time does not fit into memory.
    ClusterError, MissingExtraError
        As `train_map`.
    SpecError
        If TPE asks for a candidate that the spec refuses.

    Examples
    --------
    >>> from mlplab.spec import Experiment
    >>> from mlplab.sweep import SearchPlan, Space, train_search
    >>> experiment = Experiment(dataset="linear", training={"epochs": 2})
    >>> table = {"training": {"optimizer": {"learning_rate": "log:0.001:10"}}}
    >>> space = Space.from_table(table, experiment)
    >>> plan = SearchPlan.of(experiment, space, candidates=5, replications=3, final=30)
    >>> found = train_search(plan)
    >>> len(found.changes), found.verdict.winner.changes == found.changes[found.ranking[0]]
    (5, True)
    """
    cluster = None if client is None else Cluster.of(client)
    search = _Search(plan, store, threads, cluster, progress, command)
    return search.run()


class _Search:
    """A search under way."""

    def __init__(
        self,
        plan: SearchPlan,
        store: Store | None,
        threads: int | None,
        cluster: Cluster | None,
        progress: Progress | None,
        command: str,
    ) -> None:
        self._plan, self._threads, self._cluster = plan, threads, cluster
        self._sweep = None if store is None else SweepInStore(store, plan.description, command)
        self._tell = progress or (lambda done, found: None)
        self._done = self._found = 0
        self._cells = 0

    def run(self) -> TrainedSearch:
        """Train the rounds, then the best from fresh seeds."""
        plan = self._plan
        candidates, first = self._train_first_round()
        rounds = [first]
        for number in range(1, len(plan.rounds)):
            rounds.append(self._train_next_round(candidates, rounds[-1], plan.rounds[number]))
        last = rounds[-1]
        order = self._ranked(last)
        changes = [candidates.changes(i) for i in range(len(candidates))]
        finalists = self._finalists(candidates, last, order)
        return TrainedSearch(plan, changes, rounds, self._judge(finalists))

    def _train_first_round(self) -> tuple[Candidates, TrainedRound]:
        """Ask for candidates and train them, until there are no more."""
        plan, now = self._plan, self._plan.rounds[0]
        sampler = make_sampler(
            plan.sampler, plan.space, plan.candidates, plan.seed, plan.lower_is_better
        )
        candidates = Candidates(self._experiment(now), [])
        cells = TrainedCells(
            (now.candidates,), now.replications, plan.seed, plan.overlaps, plan.metric
        )
        while asked := sampler.ask():
            before = len(candidates)
            candidates.extend(asked)
            self._train(candidates, cells, now.epochs)
            sampler.tell(scores(cells, plan)[before : len(candidates)])
        self._cells += now.candidates  # of which TPE may have found fewer
        return candidates, TrainedRound(
            now, np.arange(len(candidates)), cells.first(len(candidates))
        )

    def _train_next_round(
        self, candidates: Candidates, before: TrainedRound, now: Round
    ) -> TrainedRound:
        """Train the best of a round again, with more replications or epochs."""
        best = np.sort(self._ranked(before)[: now.candidates])
        numbers = before.numbers[best]
        some = Candidates(self._experiment(now), [candidates.changes(int(i)) for i in numbers])
        plan = self._plan
        cells = TrainedCells((len(some),), now.replications, plan.seed, plan.overlaps, plan.metric)
        if now.epochs == before.round.epochs:
            cells.take_over(before.cells, best)
        self._train(some, cells, now.epochs)
        self._cells += now.candidates  # of which fewer may be left, where others diverged
        return TrainedRound(now, numbers, cells)

    def _ranked(self, trained: TrainedRound) -> NDArray[np.int64]:
        """Return the places of a round's candidates, from the best to the worst."""
        order = trained.cells.ranked(self._plan.objective)
        if not len(order):
            raise MlplabError("every run of every candidate diverged: there is no best one")
        return order

    def _finalists(
        self, candidates: Candidates, last: TrainedRound, order: NDArray[np.int64]
    ) -> list[Finalist]:
        """Return the winner, the runner-up and the given setting, each with its score in the search."""
        means = last.cells.statistics(self._plan.objective).mean
        found = [
            Finalist(name, candidates.changes(int(last.numbers[place])), float(means[place]))
            for name, place in zip(("winner", "runner-up"), order.tolist(), strict=False)
        ]
        keys = [self._plan.experiment.varied(each.changes).key for each in found]
        if self._plan.experiment.key not in keys:
            found.append(Finalist("given setting", {}, math.nan))
        return found

    def _judge(self, finalists: list[Finalist]) -> SearchVerdict:
        """Train the finalists from fresh seeds."""
        plan = self._plan
        some = Candidates(plan.experiment, [each.changes for each in finalists])
        cells = TrainedCells(
            (len(some),), plan.final, plan.seed + FRESH, plan.overlaps, plan.metric
        )
        self._train(some, cells, plan.experiment.training.epochs)
        return SearchVerdict(plan, finalists, cells)

    def _experiment(self, of: Round) -> Experiment:
        given = self._plan.experiment
        if of.epochs == given.training.epochs:
            return given
        return given.varied({"training.epochs": of.epochs})

    def _train(self, candidates: Candidates, cells: TrainedCells, epochs: int) -> None:
        """Train what is missing of some candidates, in runs of so many epochs."""
        weight = epochs if self._plan.epochs_are_counted else 1
        there, base, found_before = cells.count, self._done, self._found

        def progress(done: int, found: int) -> None:
            found = max(found - there, 0)
            self._tell(base + weight * (done - there), found_before + weight * found)

        new = train_cells(
            candidates,
            cells,
            self._sweep,
            self._plan.finite,
            first=self._cells,
            threads=self._threads,
            cluster=self._cluster,
            progress=progress,
        )
        self._done += weight * (cells.count - there)
        self._found += weight * (cells.count - there - new)


def scores(cells: TrainedCells, plan: SearchPlan) -> Sequence[float]:
    """Return each candidate's score for the sampler: infinitely bad where a run diverged."""
    mean = cells.statistics(plan.objective).mean
    worst = math.inf if plan.lower_is_better else -math.inf
    with np.errstate(invalid="ignore"):
        found = np.where(cells.fraction("diverged") > 0, worst, mean)
    return [float(score) for score in found]
