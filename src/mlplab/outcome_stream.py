"""Train many experiments, a few runs of each, and see the outcomes as runs end."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from mlplab.data import Samples
from mlplab.run import Outcomes
from mlplab.spec import Experiment
from mlplab.training import thread_count
from mlplab.trial_table import TrialTable

if TYPE_CHECKING:
    from mlplab.engine import OutcomeResults, Population


def stream_outcomes(
    experiments: Sequence[Experiment],
    which: NDArray[np.int64],
    seeds: NDArray[np.int64],
    *,
    finite: Samples | None = None,
    threads: int | None = None,
) -> Generator[Outcomes]:
    """Train runs of many experiments with the engine, and yield their outcomes as they end.

    The numbers of each run are those that `mlplab.train` gives it, to the bit. To stop early, leave the
    loop.

    Parameters
    ----------
    experiments : sequence of Experiment
        They may differ in anything; those whose networks have one shape are trained together.
    which : ndarray of int64, shape (runs,)
        The place of each run's experiment.
    seeds : ndarray of int64, shape (runs,)
    finite : Samples, optional
        All samples of a finite set, which all experiments then mean (`data.with_samples`).
    threads : int, optional
        The number of usable cores by default. The results do not depend on it.

    Yields
    ------
    Outcomes
        Whose `experiment` is a place in `experiments`; each run once, in no particular order.

    Raises
    ------
    Before anything is trained:

    MlplabError
        If a number is out of range, or what is trained at a time does not fit into memory.
    DataError
        If the samples are not those that an experiment means.
    """
    from mlplab import engine

    threads = thread_count(threads)
    members, tables = [], []
    for of_shape in engine.places_by_shape(experiments, finite):
        place = np.full(len(experiments), -1)
        place[of_shape] = np.arange(len(of_shape))
        rows = np.flatnonzero(place[which] >= 0)
        if len(rows):
            members.append(of_shape)
            tables.append(
                _table([experiments[i] for i in of_shape], place[which[rows]], seeds[rows], finite)
            )
    engine.check_memory(tables, threads, keep_weights=0)
    return _blocks(engine.Population(tables, threads, validate=False), members)


def _blocks(population: Population, members: list[NDArray[np.int64]]) -> Generator[Outcomes]:
    given = [np.zeros(len(results.done), np.bool_) for results in population.results]
    for _ in population.train(lambda done: None):
        parts = []
        for number, results in enumerate(population.results):
            fresh = np.flatnonzero(results.done & ~given[number])
            given[number][fresh] = True
            if len(fresh):
                outcomes = cast("OutcomeResults", results).outcomes(fresh)
                parts.append(outcomes.of(members[number]))
        if parts:
            yield Outcomes.concatenate(parts)


def _table(
    experiments: Sequence[Experiment],
    which: NDArray[np.int64],
    seeds: NDArray[np.int64],
    finite: Samples | None,
) -> TrialTable:
    """Return runs as a table in which those that have the same samples follow one another."""
    datasets = {dataset: number for number, dataset in enumerate(e.dataset for e in experiments)}
    dataset = np.array([datasets[e.dataset] for e in experiments])
    order = np.lexsort((which, dataset[which], seeds))
    return TrialTable(experiments, which[order], seeds[order], finite)
