"""How soon mlplab finds a setting as good as the one that Optuna and Keras find, judged by fresh runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mlplab.bench.tuning import (
    OPTUNA_AND_KERAS,
    QUICK_TRIALS,
    SWEEP,
    TRIALS,
    TUNED_SPACE,
    TunedTrial,
    Tuning,
    tune_in_process,
)
from mlplab.engine import LANES
from mlplab.report.experiments import EXPERIMENTS
from mlplab.spec import Experiment
from mlplab.sweep import TrainedCells
from mlplab.sweep.candidates import Candidates
from mlplab.sweep.search_plan import FRESH
from mlplab.sweep.training import train_cells

TUNED = "1.3"
"""The lab's experiment that is tuned, by its id."""

FRESH_RUNS, QUICK_FRESH_RUNS = 100, 20
"""By which settings are judged."""


@dataclass(frozen=True)
class FreshRuns:
    """What fresh runs of a setting came to; those that diverged stand in no mean.

    Attributes
    ----------
    mean, low, high : float
        Of the validation accuracy: the mean and its 95 % interval; NaN if all runs diverged.
    diverged : int
    """

    mean: float
    low: float
    high: float
    diverged: int


@dataclass(frozen=True)
class TuningPlan:
    """What is tuned.

    Attributes
    ----------
    id : str
        The name of the experiment.
    experiment : Experiment
    trials : int
        Candidates of each search.
    fresh_runs : int
        By which settings are judged.
    """

    id: str
    experiment: Experiment
    trials: int
    fresh_runs: int

    @property
    def steps(self) -> int:
        """How often `measure_tuning` calls `on_step`: after each trial, and after fresh runs."""
        return 2 * self.trials + 2


@dataclass(frozen=True)
class TuningCompared:
    """Two searches, and what fresh runs say of the settings that they found.

    Attributes
    ----------
    plan : TuningPlan
    theirs : Tuning
        Of Optuna and Keras: one training a candidate.
    ours : Tuning
        Of mlplab: some replications a candidate.
    fresh_theirs, fresh_ours : FreshRuns
        Of the two winners.
    fresh_as_good : FreshRuns or None
        Of `as_good`.
    """

    plan: TuningPlan
    theirs: Tuning
    ours: Tuning
    fresh_theirs: FreshRuns
    fresh_ours: FreshRuns
    fresh_as_good: FreshRuns | None

    @property
    def as_good(self) -> TunedTrial | None:
        """Our best candidate when one first had the mean of their winner's fresh runs; None if none had.

        Its own mean is that of the search's few replications.
        """
        return self.ours.first_with(self.fresh_theirs.mean)

    @property
    def ratio(self) -> float | None:
        """Their seconds until their winner, over ours until one as good; None if none was."""
        return None if self.as_good is None else self.theirs.best.seconds / self.as_good.seconds

    def as_json(self) -> dict[str, Any]:
        """Return all that was measured, and what follows from it."""
        return {
            "experiment": self.plan.experiment.model_dump(mode="json"),
            "space": dict(TUNED_SPACE),
            "fresh_runs": self.plan.fresh_runs,
            "theirs": _search_as_json(self.theirs, self.fresh_theirs),
            "ours": _search_as_json(self.ours, self.fresh_ours),
            "as_good": None
            if self.as_good is None or self.fresh_as_good is None
            else asdict(self.as_good) | {"fresh": _fresh_as_json(self.fresh_as_good)},
            "ratio": self.ratio,
        }


def _search_as_json(search: Tuning, fresh: FreshRuns) -> dict[str, Any]:
    return {
        "seconds": search.seconds,
        "trainings": search.trainings,
        "winner": asdict(search.best) | {"fresh": _fresh_as_json(fresh)},
        "trials": [asdict(trial) for trial in search.trials],
    }


def _fresh_as_json(fresh: FreshRuns) -> dict[str, float | int | None]:
    """Return the numbers; None for those that are not finite, which JSON does not have."""
    return {name: x if math.isfinite(x) else None for name, x in asdict(fresh).items()}


def tuning_plan(quick: bool) -> TuningPlan:
    """Return what the bench tunes."""
    trials, fresh = (QUICK_TRIALS, QUICK_FRESH_RUNS) if quick else (TRIALS, FRESH_RUNS)
    return TuningPlan(TUNED, EXPERIMENTS[TUNED], trials, fresh)


def measure_tuning(
    plan: TuningPlan, threads: int, on_step: Callable[[], None] = lambda: None, seed: int = 0
) -> TuningCompared:
    """Let both search, one after the other, then judge what they found by the same fresh seeds.

    The engine judges both, outside of both clocks.

    Parameters
    ----------
    plan : TuningPlan
    threads : int
        And cores, of each search.
    on_step : callable
        Called `plan.steps` times.
    seed : int
        Of both searches.

    Raises
    ------
    ImportError
        If what is installed cannot be imported.
    """
    experiment = plan.experiment
    # Kernels are compiled once for a machine: here, if not before.
    _judge(experiment.varied({"training.epochs": 1}), [{}], LANES, threads)
    theirs, ours = (
        tune_in_process(
            where,
            experiment,
            TUNED_SPACE,
            plan.trials,
            seed=seed,
            threads=threads,
            on_trial=lambda trial: on_step(),
        )
        for where in (OPTUNA_AND_KERAS, SWEEP)
    )

    fresh_theirs, fresh_ours = _judge(
        experiment, [theirs.best.settings, ours.best.settings], plan.fresh_runs, threads, seed
    )
    on_step()
    fresh_as_good = None
    as_good = ours.first_with(fresh_theirs.mean)
    if as_good is ours.best:
        fresh_as_good = fresh_ours
    elif as_good is not None:
        (fresh_as_good,) = _judge(experiment, [as_good.settings], plan.fresh_runs, threads, seed)
    on_step()
    return TuningCompared(plan, theirs, ours, fresh_theirs, fresh_ours, fresh_as_good)


def _judge(
    experiment: Experiment,
    settings: Sequence[Mapping[str, float]],
    runs: int,
    threads: int,
    seed: int = 0,
) -> list[FreshRuns]:
    """Train settings of an experiment from the fresh seeds of a search."""
    cells = TrainedCells((len(settings),), runs, seed + FRESH)
    train_cells(Candidates(experiment, settings), cells, threads=threads)
    found = cells.statistics("validation_accuracy")
    return [
        FreshRuns(mean, low, high, runs - count)
        for mean, low, high, count in zip(
            *(each.tolist() for each in (found.mean, found.low, found.high, found.count)),
            strict=True,
        )
    ]
