"""The one door to the trainers: train an experiment, once or many times."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from mlplab.errors import MlplabError, suggestion
from mlplab.run import Run, Runs
from mlplab.spec import Experiment
from mlplab.trial import Trial, draw

Trainer = Callable[[Trial, Callable[[], None]], Run]

TRAINERS = {"reference": "mlplab.reference.training", "keras": "mlplab.frameworks.keras"}
"""Module of each trainer; its `train` takes a trial and something to call after each epoch.

They are imported when first asked for: Keras takes seconds to load, and need not be installed.
"""


def train(
    experiment: Experiment,
    replications: int = 1,
    seed: int = 0,
    trainer: str = "reference",
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Runs:
    """Train an experiment from fresh draws of points, weights and order, as often as wanted.

    Parameters
    ----------
    replications : int
        How many runs; run i is drawn from seed + i, so that it is the same alone and in company.
    seed : int
        Zero or above.
    trainer : str
        `reference` (the network from scratch) or `keras`.
    progress : callable
        Called after each epoch, and after each run, with the epochs done and the epochs of all runs
        together; the epochs that a diverged run leaves out count as done.

    Raises
    ------
    MlplabError
        If the trainer is unknown, or a number is out of range.
    MissingExtraError
        If the trainer is Keras and Keras is not installed.
    DataError
        If the points come from a file that cannot be used.

    Examples
    --------
    >>> experiment = Experiment(dataset="linear", training={"epochs": 2, "batch_size": 16})
    >>> runs = train(experiment, replications=3, seed=1)
    >>> runs.test_accuracy.shape, runs.history.train_loss.shape, runs.seed.tolist()
    ((3,), (3, 2), [1, 2, 3])
    """
    if replications < 1:
        raise MlplabError(f"replications must be at least 1, received {replications}")
    train_one = load_trainer(trainer)
    total = replications * experiment.training.epochs
    runs: list[Run] = []
    for i in range(replications):
        ends = (i * experiment.training.epochs, total)
        runs.append(train_one(draw(experiment, seed + i), _epoch_counter(progress, *ends)))
        progress((i + 1) * experiment.training.epochs, total)
    return Runs.of(runs)


def load_trainer(name: str) -> Trainer:
    """Return a trainer by its name; unknown names and missing extras raise as in `train`."""
    if name not in TRAINERS:
        raise MlplabError(f"unknown trainer '{name}'; {suggestion(name, TRAINERS)}")
    return cast(Trainer, import_module(TRAINERS[name]).train)


def _epoch_counter(
    progress: Callable[[int, int], None], before: int, total: int
) -> Callable[[], None]:
    done = before

    def count() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    return count
