"""How soon a tuner finds good settings: it works in a process of its own, and tells of each trial."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from multiprocessing.connection import Connection
from typing import Protocol, cast

from mlplab.bench.process import begin_process, settings_of_libraries
from mlplab.spec import Experiment

TUNED_SPACE: Mapping[str, str] = {
    "training.optimizer.learning_rate": "log:0.005:0.5",
    "training.optimizer.momentum": "lin:0:0.9",
    "network.initializer.stddev": "lin:0.05:0.2",
}
"""The settings of 1.3 that are tuned, by their paths, and the range of each, as a space's file has it."""

TRIALS, QUICK_TRIALS = 24, 3
"""Of Optuna and Keras, which take about two seconds for one."""

OPTUNA_AND_KERAS = "mlplab.bench.peers.optuna_keras:tune"


@dataclass(frozen=True)
class TunedTrial:
    """One training of a tuner.

    Attributes
    ----------
    settings : mapping of str to float
        Values by their paths in the experiment.
    validation_accuracy : float
        After its last epoch.
    seconds : float
        From the start of the tuning to the end of this trial.
    """

    settings: Mapping[str, float]
    validation_accuracy: float
    seconds: float


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
        """Train so many trials one after the other, and tell of each as it ends."""
        ...


@dataclass(frozen=True)
class Tuning:
    """All trials of a tuner, in their order."""

    trials: tuple[TunedTrial, ...]

    @property
    def best(self) -> TunedTrial:
        """The trial with the highest validation accuracy, the first of equal ones."""
        return max(self.trials, key=lambda trial: trial.validation_accuracy)

    def seconds_to(self, accuracy: float) -> float | None:
        """Return after how many seconds a trial first had such an accuracy; None if none had it.

        Examples
        --------
        >>> tuning = Tuning((TunedTrial({}, 0.5, 2.0), TunedTrial({}, 0.9, 4.0)))
        >>> tuning.seconds_to(0.8), tuning.seconds_to(0.95)
        (4.0, None)
        """
        reached = (t.seconds for t in self.trials if t.validation_accuracy >= accuracy)
        return next(reached, None)


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
        Module and name of a `Tuner`, such as `OPTUNA_AND_KERAS`.
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
    RuntimeError
        If the process ended before it was done.
    """
    context = multiprocessing.get_context("spawn")
    connection, theirs = context.Pipe(duplex=False)
    arguments = (theirs, where, threads, experiment, dict(space), trials, seed)
    process = context.Process(target=_serve, args=arguments, daemon=True)
    with settings_of_libraries(threads):
        process.start()
    theirs.close()
    found: list[TunedTrial] = []
    try:
        while len(found) < trials:
            found.append(connection.recv())
            on_trial(found[-1])
    except EOFError:
        process.join()
        ended = f"the process of {where} ended, status {process.exitcode}"
        raise RuntimeError(f"{ended}, after {len(found)} of {trials} trials") from None
    finally:
        process.terminate()
        process.join()
        connection.close()
    return Tuning(tuple(found))


def _serve(
    connection: Connection,
    where: str,
    threads: int,
    experiment: Experiment,
    space: Mapping[str, str],
    trials: int,
    seed: int,
) -> None:
    """Tune, in the process of the tuner."""
    begin_process(threads)
    module, _, name = where.partition(":")
    tune = cast(Tuner, getattr(import_module(module), name))
    tune(experiment, space, trials, seed, connection.send)
