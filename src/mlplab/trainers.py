"""The trainers by their names: trials go in, runs come out as they end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mlplab.errors import MlplabError, shown, suggestion
from mlplab.run import Runs
from mlplab.sequential import TrainerFunctions, one_at_a_time

ENGINE = "engine"

TRAINERS = {
    ENGINE: "mlplab.engine",
    "reference": "mlplab.reference.training",
    "keras": "mlplab.frameworks.keras",
    "jax": "mlplab.frameworks.jax",
}
"""Module of each trainer, imported when first asked for: libraries and the engine take a while to load.

The engine trains populations of trials; a module of `TOGETHER` has `train_together`; each other one has a
`train` for one trial, which takes the trial and something to call after each epoch.
"""

TOGETHER = ("jax",)
"""Trainers that take some trials at a time, and say how many."""


class Trainer(Protocol):
    """What every trainer is, from outside: trials go in, runs come out as they end."""

    def train(self, progress: Callable[[int], None]) -> Iterator[None]:
        """Train, and yield now and then; `progress` is told the epochs done."""

    def done(self, group: int) -> NDArray[np.bool_]:
        """Tell which trials of an experiment have ended, shape (trials,)."""

    def runs(self, group: int, rows: NDArray[np.int64] | None = None) -> Runs | None:
        """Return some trials of an experiment that have ended, by default all; None if there is none."""


def load_trainer(name: str) -> TrainerFunctions:
    """Return a trainer that takes some trials at a time, by its name.

    Raises
    ------
    MlplabError
        If there is no such trainer, or it is the engine, which trains populations.
    MissingExtraError
        If the trainer's library is not installed.
    """
    if not isinstance(name, str) or name not in TRAINERS:
        raise MlplabError(f"unknown trainer {shown(name)}; {suggestion(str(name), TRAINERS)}")
    if name == ENGINE:
        raise MlplabError("the engine trains populations on its own: call `train`")
    module = import_module(TRAINERS[name])
    if name in TOGETHER:
        return TrainerFunctions(module.train_together, module.networks_together, module.check)
    return one_at_a_time(module.train)
