"""The one door to the trainers: train experiments, once or many times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from itertools import product
from typing import TYPE_CHECKING, cast, overload

import numpy as np

from mlplab.errors import MlplabError, shown, suggestion
from mlplab.run import Run, Runs
from mlplab.spec import Experiment
from mlplab.spec.experiment import check_experiment
from mlplab.spec.part import Part
from mlplab.streams import check_seed
from mlplab.trial import Trial, draw

if TYPE_CHECKING:
    from mlplab.engine import Member

Trainer = Callable[[Trial, Callable[[], None]], Run]
Progress = Callable[[int, int], None]

ENGINE = "engine"

TRAINERS = {
    ENGINE: "mlplab.engine",
    "reference": "mlplab.reference.training",
    "keras": "mlplab.frameworks.keras",
}
"""Module of each trainer, imported when first asked for: Keras and the engine take a while to load.

The engine's trains a whole population; that of each other has a `train` for one trial, which takes the
trial and something to call after each epoch.
"""

KEPT = 100
"""Runs of each experiment that keep their weights, if nothing else is said."""


class Interrupted(KeyboardInterrupt):
    """Training was interrupted (Ctrl-C).

    Attributes
    ----------
    runs : list of Runs or None
        For each experiment the runs that had ended, None where none had.
    """

    def __init__(self, runs: list[Runs | None]) -> None:
        super().__init__("interrupted")
        self.runs = runs


@overload
def train(
    experiments: Experiment,
    replications: int = 1,
    seed: int = 0,
    trainer: str = ENGINE,
    progress: Progress = ...,
    *,
    threads: int | None = None,
    keep_weights: int = KEPT,
    validate: bool = True,
) -> Runs: ...


@overload
def train(
    experiments: Sequence[Experiment],
    replications: int = 1,
    seed: int = 0,
    trainer: str = ENGINE,
    progress: Progress = ...,
    *,
    threads: int | None = None,
    keep_weights: int = KEPT,
    validate: bool = True,
) -> list[Runs]: ...


def train(
    experiments: Experiment | Sequence[Experiment],
    replications: int = 1,
    seed: int = 0,
    trainer: str = ENGINE,
    progress: Progress = lambda done, total: None,
    *,
    threads: int | None = None,
    keep_weights: int = KEPT,
    validate: bool = True,
) -> Runs | list[Runs]:
    """Train one experiment or several from fresh draws of points, weights and order.

    Parameters
    ----------
    experiments : Experiment or sequence of Experiment
        They may differ in anything; the engine trains what is alike together.
    replications : int
        Runs of each; run i is drawn from seed + i, so that it is the same alone and in company, bit
        for bit.
    seed : int
        A whole number from 0 to 2^62.
    trainer : str
        `engine` (compiled, all cores), `reference` (the network from scratch) or `keras`.
    progress : callable
        Called now and then, and at the end, with the epochs done and the epochs of all runs together;
        the epochs that a diverged run leaves out count as done.
    threads : int, optional
        Of the engine; the number of usable cores by default. The results do not depend on it.
    keep_weights : int
        So many runs of each experiment, the first ones, keep their weights.
    validate : bool
        Whether the validation points are looked at after each epoch, as Keras does. Without, the engine
        spares about a fifth of the time, and those columns of the history are NaN.

    Returns
    -------
    Runs, or list of Runs
        One for each experiment, in their order.

    Raises
    ------
    MlplabError
        If the trainer is unknown, a number is out of range, an option does not apply, or what the engine
        is to train does not fit into memory.
    SpecError
        If something else than experiments came, such as the name of a file.
    MissingExtraError
        If the trainer is Keras and Keras is not installed.
    DataError
        If the points come from a file that cannot be used.
    Interrupted
        At Ctrl-C, with the runs that had ended.

    Examples
    --------
    >>> experiment = Experiment(dataset="linear", training={"epochs": 2, "batch_size": 16})
    >>> runs = train(experiment, replications=3, seed=1)
    >>> runs.test_accuracy.shape, runs.history.train_loss.shape, runs.seed.tolist()
    ((3,), (3, 2), [1, 2, 3])
    """
    chosen = _listed(experiments)
    if not chosen:
        raise MlplabError("nothing to train: received no experiment")
    _check_count("replications", replications, least=1)
    _check_count("keep_weights", keep_weights, least=0)
    check_seed(seed)
    check_seed(seed + replications - 1, "the last run's seed")
    if trainer == ENGINE:
        threads = _checked_threads(chosen, replications, threads, keep_weights)
    elif threads is not None:
        raise MlplabError(f"threads applies to the engine only, received trainer='{trainer}'")
    elif not validate:
        raise MlplabError(f"validate=False needs the engine, received trainer='{trainer}'")
    runs: list[Run | None] = [None] * (len(chosen) * replications)

    def gather() -> list[Runs | None]:
        groups = (runs[i : i + replications] for i in range(0, len(runs), replications))
        ended = ([run for run in group if run is not None] for group in groups)
        return [Runs.from_runs(group) if group else None for group in ended]

    try:
        if threads is not None:
            from mlplab.engine import Member

            members = [
                Member(
                    *(k * replications + i, experiment, seed + i),
                    keep_weights=i < keep_weights,
                    validate=validate,
                )
                for k, experiment in enumerate(chosen)
                for i in range(replications)
            ]
            _train_members(members, runs, progress, threads)
        else:
            _train_in_turn(chosen, replications, seed, trainer, progress, keep_weights, runs)
    except KeyboardInterrupt:
        raise Interrupted(gather()) from None
    trained = [group for group in gather() if group is not None]
    return trained[0] if isinstance(experiments, Experiment) else trained


def train_crossed(
    experiment: Experiment,
    seeds: int,
    seed: int = 0,
    progress: Progress = lambda done, total: None,
    *,
    threads: int | None = None,
) -> Runs:
    """Train every combination of some seeds of the points, of the weights and of the order.

    Held and varied in turn, the three show which of them makes runs differ
    (`mlplab.statistics.variance_shares`).

    Parameters
    ----------
    seeds : int
        Of each stream: seed to seed + seeds - 1, so that there are seeds³ runs.
    seed, progress, threads
        As in `train`; the engine trains.

    Returns
    -------
    Runs
        In the order of (points, weights, order), the last running fastest; without weights and
        validation, and with the points' seed as `seed`.

    Raises
    ------
    MlplabError, Interrupted
        As in `train`.

    Examples
    --------
    >>> runs = train_crossed(Experiment(dataset="linear"), seeds=2)
    >>> runs.test_accuracy.reshape(2, 2, 2).shape
    (2, 2, 2)
    """
    from mlplab.engine import Member

    check_experiment(experiment)
    _check_count("seeds", seeds, least=1)
    check_seed(seed)
    check_seed(seed + seeds - 1, "the last run's seed")
    threads = _checked_threads([experiment], seeds**3, threads, keep_weights=0)
    chosen = range(seed, seed + seeds)
    members = [
        Member(
            *(i, experiment, p),
            samples=p,
            weights=w,
            shuffle=o,
            keep_weights=False,
            validate=False,
        )
        for i, (p, w, o) in enumerate(product(chosen, repeat=3))
    ]
    runs: list[Run | None] = [None] * len(members)
    try:
        _train_members(members, runs, progress, threads)
    except KeyboardInterrupt:
        raise Interrupted([None]) from None
    return Runs.from_runs([run for run in runs if run is not None])


def _listed(experiments: object) -> list[Experiment]:
    """Return one experiment or several as a list, after a check that they are experiments."""
    # A part, a text and a table can be gone through, too, but for nothing that anyone meant.
    if isinstance(experiments, Iterable) and not isinstance(experiments, Part | str | Mapping):
        return [check_experiment(each) for each in experiments]
    return [check_experiment(experiments)]


def _check_count(name: str, value: int, least: int) -> None:
    if not isinstance(value, int | np.integer):
        raise MlplabError(f"{name} must be a whole number, received {shown(value)}")
    if value < least:
        raise MlplabError(f"{name} must be at least {least}, received {value}")


def _checked_threads(
    experiments: Sequence[Experiment], replications: int, threads: int | None, keep_weights: int
) -> int:
    """Return how many threads the engine may use, after a check that all fits into memory."""
    from mlplab.engine import check_memory, usable_cores

    threads = usable_cores() if threads is None else threads
    _check_count("threads", threads, least=1)
    check_memory(experiments, replications, threads, keep_weights)
    return threads


def _train_members(
    members: Sequence[Member], runs: list[Run | None], progress: Progress, threads: int
) -> None:
    from mlplab.engine import train_population

    total = sum(member.experiment.training.epochs for member in members)
    train_population(members, runs, threads, lambda done: progress(done, total))
    progress(total, total)


def _train_in_turn(
    experiments: Sequence[Experiment],
    replications: int,
    seed: int,
    trainer: str,
    progress: Progress,
    keep_weights: int,
    runs: list[Run | None],
) -> None:
    train_one = load_trainer(trainer)
    total = replications * sum(experiment.training.epochs for experiment in experiments)
    done = 0
    for k, experiment in enumerate(experiments):
        for i in range(replications):
            trial = draw(experiment, seed + i)
            count = _epoch_counter(progress, done, total)
            run = train_one(trial, count)
            kept = i < keep_weights
            runs[k * replications + i] = run if kept else run.without_weights()
            done += experiment.training.epochs
            progress(done, total)


def load_trainer(name: str) -> Trainer:
    """Return what trains one trial, of a trainer by its name.

    Raises
    ------
    MlplabError
        If there is no such trainer, or it is the engine, which takes no trials but draws its own.
    MissingExtraError
        If the trainer is Keras and Keras is not installed.
    """
    if name not in TRAINERS:
        raise MlplabError(f"unknown trainer {shown(name)}; {suggestion(str(name), TRAINERS)}")
    if name == ENGINE:
        raise MlplabError("the engine trains populations, not one trial: call `train`")
    return cast(Trainer, import_module(TRAINERS[name]).train)


def _epoch_counter(progress: Progress, before: int, total: int) -> Callable[[], None]:
    done = before

    def count() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    return count
