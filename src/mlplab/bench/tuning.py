"""How soon a tuner finds good settings: it works in a process of its own, and tells of each trial."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from mlplab.bench.process_results import Work, results_of_process
from mlplab.spec import Experiment

TUNED_SPACE: Mapping[str, str] = {
    "training.optimizer.learning_rate": "log:0.005:0.5",
    "training.optimizer.momentum": "lin:0:0.9",
    "network.initializer.stddev": "lin:0.05:0.2",
}
"""The settings of 1.3 that are tuned, by their paths, and the range of each, as a space's file has it."""

TRIALS, QUICK_TRIALS = 16, 3
"""Candidates of a search; Optuna and Keras take about two seconds for one."""

TUNED_BESIDE = "optuna-keras"
"""What the tuning beside Optuna and Keras is called where it is left out."""

OPTUNA_AND_KERAS = "mlplab.bench.peers.optuna_keras:tune"
SWEEP = "mlplab.bench.tuning_by_sweep:tune"


@dataclass(frozen=True)
class TunedTrial:
    """One candidate of a tuner, trained once or more often.

    Attributes
    ----------
    settings : mapping of str to float
        Values by their paths in the experiment.
    validation_accuracy : float
        After the last epoch; the mean of its trainings.
    seconds : float
        From the start of the tuning to the end of this trial.
    trainings : int
    """

    settings: Mapping[str, float]
    validation_accuracy: float
    seconds: float
    trainings: int = 1


OnTrial = Callable[[TunedTrial], None]


class Tuner(Protocol):
    """Who tunes: a function of a module, which is imported before its clock starts."""

    def __call__(
        self,
        experiment: Experiment,
        space: Mapping[str, str],
        trials: int,
        seed: int,
        on_trial: OnTrial,
    ) -> None:
        """Train so many trials, and tell of each as it ends."""
        ...


@dataclass(frozen=True)
class Tuning:
    """All trials of a tuner, in their order."""

    trials: tuple[TunedTrial, ...]

    @property
    def best(self) -> TunedTrial:
        """The trial with the highest validation accuracy, the first of equal ones."""
        return max(self.trials, key=lambda trial: trial.validation_accuracy)

    @property
    def seconds(self) -> float:
        """Of the whole search."""
        return self.trials[-1].seconds

    @property
    def trainings(self) -> int:
        """Of all trials together."""
        return sum(trial.trainings for trial in self.trials)

    def first_with(self, accuracy: float) -> TunedTrial | None:
        """Return the best trial at the time when one first had such an accuracy; None if none had.

        Examples
        --------
        >>> tuning = Tuning((TunedTrial({}, 0.5, 2.0), TunedTrial({}, 0.9, 4.0)))
        >>> tuning.first_with(0.8).seconds, tuning.first_with(0.95)
        (4.0, None)
        """
        reached = (t.seconds for t in self.trials if t.validation_accuracy >= accuracy)
        first = next(reached, None)
        if first is None:
            return None
        return Tuning(tuple(t for t in self.trials if t.seconds <= first)).best


def missing_modules() -> list[str]:
    """Return what Optuna and Keras need and is not installed."""
    return [module for module in ("optuna", "keras", "jax") if find_spec(module) is None]


def tune_in_process(
    where: str,
    experiment: Experiment,
    space: Mapping[str, str],
    trials: int,
    *,
    seed: int = 0,
    threads: int,
    on_trial: OnTrial = lambda trial: None,
) -> Tuning:
    """Let a tuner work in a process of its own.

    Parameters
    ----------
    where : str
        Module and name of a `Tuner`: `OPTUNA_AND_KERAS` or `SWEEP`.
    experiment : Experiment
    space : mapping of str to str
        As `TUNED_SPACE`.
    trials, seed : int
    threads : int
        And cores, of the process.
    on_trial : callable
        Called with each trial when it has ended.

    Raises
    ------
    ImportError
        If the module cannot be imported, though all that it needs is installed.
    RuntimeError
        If the process ended before it was done.
    """
    arguments = (where, experiment, dict(space), trials, seed)
    found = results_of_process(_prepare, arguments, trials, threads, on_trial, where, "trials")
    return Tuning(tuple(found))


def _prepare(
    where: str, experiment: Experiment, space: Mapping[str, str], trials: int, seed: int
) -> Work:
    """Import a tuner, in its process."""
    module, _, name = where.partition(":")
    tune = cast(Tuner, getattr(import_module(module), name))
    return lambda on_trial: tune(experiment, space, trials, seed, on_trial)
