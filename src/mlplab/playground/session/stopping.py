"""When training stops by itself."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mlplab.run import History

PATIENCE = 10
"""Epochs without a lower validation loss, after which `patience` stops."""

GOOD = 0.99
"""Validation accuracy at which `accuracy` stops."""


def _after_epochs(history: History, epochs: int) -> bool:
    return len(history.train_loss) >= epochs


def _out_of_patience(history: History, epochs: int) -> bool:
    losses = history.validation_loss
    return bool(len(losses) > PATIENCE and np.argmin(losses) < len(losses) - PATIENCE)


def _good_enough(history: History, epochs: int) -> bool:
    return bool(len(history.validation_accuracy) and history.validation_accuracy[-1] >= GOOD)


STOP_RULES: dict[str, Callable[[History, int], bool]] = {
    "after the epochs": _after_epochs,
    f"no better for {PATIENCE} epochs": _out_of_patience,
    f"at {100 * GOOD:g} % validation accuracy": _good_enough,
    "never": lambda history, epochs: False,
}
"""Each takes the history so far and the experiment's epochs, and tells whether to stop."""

DEFAULT_STOP = "after the epochs"
