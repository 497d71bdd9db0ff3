"""The one door to the trainers: train experiments, once or many times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import cast, overload

from mlplab.errors import MlplabError, suggestion
from mlplab.run import Run, Runs
from mlplab.spec import Experiment
from mlplab.streams import check_seed
from mlplab.trial import Trial, draw

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

    Returns
    -------
    Runs, or list of Runs
        One for each experiment, in their order.

    Raises
    ------
    MlplabError
        If the trainer is unknown, a number is out of range, or an option does not apply.
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
    chosen = [experiments] if isinstance(experiments, Experiment) else list(experiments)
    if not chosen:
        raise MlplabError("nothing to train: received no experiment")
    if replications < 1:
        raise MlplabError(f"replications must be at least 1, received {replications}")
    if keep_weights < 0:
        raise MlplabError(f"keep_weights must be zero or above, received {keep_weights}")
    check_seed(seed + replications - 1)
    check_seed(seed)
    runs: list[Run | None] = [None] * (len(chosen) * replications)

    def gather() -> list[Runs | None]:
        groups = (runs[i : i + replications] for i in range(0, len(runs), replications))
        ended = ([run for run in group if run is not None] for group in groups)
        return [Runs.of(group) if group else None for group in ended]

    try:
        if trainer == ENGINE:
            _train_together(chosen, replications, seed, progress, threads, keep_weights, runs)
        else:
            if threads is not None:
                raise MlplabError(
                    f"threads applies to the engine only, received trainer='{trainer}'"
                )
            _train_in_turn(chosen, replications, seed, trainer, progress, runs)
    except KeyboardInterrupt:
        raise Interrupted(gather()) from None
    trained = [group for group in gather() if group is not None]
    return trained[0] if isinstance(experiments, Experiment) else trained


def _train_together(
    experiments: Sequence[Experiment],
    replications: int,
    seed: int,
    progress: Progress,
    threads: int | None,
    keep_weights: int,
    runs: list[Run | None],
) -> None:
    from mlplab.engine import Member, train_population, usable_cores

    threads = usable_cores() if threads is None else threads
    if threads < 1:
        raise MlplabError(f"threads must be at least 1, received {threads}")
    total = replications * sum(experiment.training.epochs for experiment in experiments)
    members = [
        Member(k * replications + i, experiment, seed + i, keep_weights=i < keep_weights)
        for k, experiment in enumerate(experiments)
        for i in range(replications)
    ]
    train_population(members, runs, threads, lambda done: progress(done, total))
    progress(total, total)


def _train_in_turn(
    experiments: Sequence[Experiment],
    replications: int,
    seed: int,
    trainer: str,
    progress: Progress,
    runs: list[Run | None],
) -> None:
    train_one = load_trainer(trainer)
    total = replications * sum(experiment.training.epochs for experiment in experiments)
    done = 0
    for k, experiment in enumerate(experiments):
        for i in range(replications):
            trial = draw(experiment, seed + i)
            count = _epoch_counter(progress, done, total)
            runs[k * replications + i] = train_one(trial, count)
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
        raise MlplabError(f"unknown trainer '{name}'; {suggestion(name, TRAINERS)}")
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
