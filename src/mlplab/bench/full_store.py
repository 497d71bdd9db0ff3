"""A store with a million runs in it: how soon a map goes on, and how soon a filter answers.

Nothing is trained: the runs are those of a map, with numbers that are made up.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.bench.store_sides import REPLICATIONS, square_plan
from mlplab.bench.taken import time_of
from mlplab.data import SPLITS
from mlplab.report.experiments import EXPERIMENTS
from mlplab.run import Outcomes
from mlplab.store import Condition, RunFilter, Store, spec_text
from mlplab.sweep import MapPlan, train_map
from mlplab.sweep.description import key_of

GOALS_ARE_FOR_RUNS = 1_000_000

RUNS, QUICK_RUNS = 512 * 512 * REPLICATIONS, 112 * 112 * REPLICATIONS

BLOCK = 1 << 16
"""Runs that are written in one transaction, as `mlplab map` does."""

RESUME, READ = "map: what is done of it", "map: its outcomes read, too"
COUNT = "filter: runs and experiments counted"
OUTCOMES = "filter: outcomes of its runs"
FIRST = "filter: its first 20 experiments"
RARE = "filter for 1 in 10,000: its experiments"

GOALS: Mapping[str, float] = {RESUME: 2.0, COUNT: 1.0, OUTCOMES: 1.0, FIRST: 1.0, RARE: 1.0}
"""Seconds that it should take at most, by what is done."""

ABOVE, ABOVE_RARE = 0.9, 0.9999
"""A filter is for a test accuracy above it: that of a tenth of the runs, and of one in ten thousand."""

SCORES = tuple(f"{split}_{what}" for split in SPLITS for what in ("loss", "metric"))
"""Of a run, by their names in `Outcomes`."""

READING_ROUNDS = 3
"""At most: times of reading hardly differ."""


@dataclass(frozen=True)
class FullStore:
    """What was measured of a store with many runs.

    Attributes
    ----------
    runs, experiments : int
        In the store.
    size : int
        Of its file, in bytes.
    adding : float
        Seconds in which the runs were written, their experiments left out.
    reading : mapping of str to tuple of float
        By what was done, the seconds of each round; the store was opened within them.
    """

    runs: int
    experiments: int
    size: int
    adding: float
    reading: Mapping[str, tuple[float, ...]]

    @property
    def has_goals(self) -> bool:
        """Whether there are as many runs as the goals are for."""
        return self.runs >= GOALS_ARE_FOR_RUNS

    def seconds(self, what: str) -> float:
        """Return what it takes: the median of the rounds."""
        return median(self.reading[what])

    def as_json(self) -> dict[str, Any]:
        """Return all that was measured."""
        return {
            "runs": self.runs,
            "experiments": self.experiments,
            "bytes": self.size,
            "adding": self.adding,
            "reading": {what: list(seconds) for what, seconds in self.reading.items()},
        }


def full_store_runs(quick: bool) -> int:
    """Return how many runs are to be in the store."""
    return QUICK_RUNS if quick else RUNS


def full_store_steps(runs: int, rounds: int) -> int:
    """Return how often `measure_full_store` calls `on_step`."""
    return len(_parts(_plan(runs))) + min(rounds, READING_ROUNDS)


def measure_full_store(
    folder: Path, runs: int, rounds: int, on_step: Callable[[], None] = lambda: None
) -> FullStore:
    """Fill a store, and measure what is read of it.

    Parameters
    ----------
    folder : Path
        Where the store is made; it stays there.
    runs : int
        About as many as are to be in it.
    rounds : int
        How often each is measured, `READING_ROUNDS` times at most.
    on_step : callable
        Called after each block that is written, and after each round.
    """
    path, plan = folder / "full.sqlite", _plan(runs)
    adding = fill_store(path, plan, on_step)
    reading: dict[str, list[float]] = {}
    for _ in range(min(rounds, READING_ROUNDS)):
        for what, seconds in (*time_resume(path, plan).items(), *time_filters(path).items()):
            reading.setdefault(what, []).append(seconds)
        on_step()
    return FullStore(
        plan.run_count,
        plan.cell_count,
        path.stat().st_size,
        adding,
        {what: tuple(seconds) for what, seconds in reading.items()},
    )


def fill_store(path: Path, plan: MapPlan, on_block: Callable[[], None] = lambda: None) -> float:
    """Fill a store with made-up runs of a whole map; return the seconds in which runs were written."""
    generator = np.random.default_rng(0)
    grid, base = plan.grid, plan.experiment
    seconds = 0.0
    with Store(path) as store:
        (number,) = store.add_experiments([base.key], [spec_text(base)]).tolist()
        sweep = store.add_sweep(key_of(plan.description), plan.description)
        command = store.add_command("mlplab bench")
        for places in _parts(plan):
            keys = [cell.key for cell in grid.cells(places.tolist())]
            ids = store.add_experiments(keys, grid.changes_texts(places), number)
            store.add_cells(sweep, places, ids)
            outcomes = made_up_outcomes(len(places), plan, generator)
            began = time.perf_counter()
            store.add_runs(outcomes, ids, command)
            seconds += time.perf_counter() - began
            on_block()
    return seconds


def made_up_outcomes(cells: int, plan: MapPlan, generator: np.random.Generator) -> Outcomes:
    """Return outcomes of all runs of some cells; losses, metrics and seconds are uniform in [0, 1)."""
    runs = cells * plan.replications
    stuck = generator.random(runs) < 0.2
    return Outcomes(
        experiment=np.repeat(np.arange(cells), plan.replications),
        seed=np.tile(plan.seed + np.arange(plan.replications), cells),
        ending=np.where(stuck, "stuck", "finished"),
        cause=np.where(stuck, "chance", ""),
        **{name: generator.random(runs) for name in SCORES},
        updates=generator.integers(1, 1000, runs),
        seconds=generator.random(runs),
    )


def time_resume(path: Path, plan: MapPlan) -> dict[str, float]:
    """Return the seconds until a map that is complete knows what is done, and until it has all of it."""
    told: list[float] = []

    def progress(done: int, found: int) -> None:
        if found != plan.run_count:  # what is missing would be trained
            raise RuntimeError(f"expected {plan.run_count} runs in the store, found {found}")
        told.append(time.perf_counter())

    began = time.perf_counter()
    with Store(path) as store:
        train_map(plan, store, progress=progress)
    return {RESUME: told[0] - began, READ: time.perf_counter() - began}


def time_filters(path: Path) -> dict[str, float]:
    """Return the seconds of each way to ask for the runs with a high test accuracy."""
    chosen, rare = (
        RunFilter(conditions=[Condition("test_accuracy", ">", least)])
        for least in (ABOVE, ABOVE_RARE)
    )
    asked: dict[str, Callable[[Store], object]] = {
        COUNT: lambda store: store.count(chosen),
        OUTCOMES: lambda store: store.outcomes(chosen),
        FIRST: lambda store: store.experiments(chosen, limit=20),
        RARE: lambda store: store.experiments(rare, limit=20),
    }

    def ask(question: Callable[[Store], object]) -> Callable[[], None]:
        def opened() -> None:
            with Store(path, read_only=True) as store:
                question(store)

        return opened

    return {what: time_of(ask(question)).seconds for what, question in asked.items()}


def _plan(runs: int) -> MapPlan:
    return square_plan(EXPERIMENTS["1.1-batch-16"], runs)


def _parts(plan: MapPlan) -> list[NDArray[np.int64]]:
    """Return the cells of each block."""
    cells = np.arange(plan.cell_count)
    return np.split(cells, cells[BLOCK // plan.replications :: BLOCK // plan.replications])
