"""Runs as pandas DataFrames."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from mlplab.errors import MissingExtraError
from mlplab.run.history import History

if TYPE_CHECKING:
    from pandas import DataFrame

    from mlplab.run.runs import Runs

SCALARS = (
    "seed",
    "ending",
    "cause",
    "train_loss",
    "train_accuracy",
    "test_loss",
    "test_accuracy",
    "updates",
    "seconds",
)
"""Attributes of `Runs` with one value for each run, in the order of their columns."""


def frame_of(runs: Runs) -> DataFrame:
    """Return a row for each run, with a column for each of `SCALARS`."""
    return _pandas("runs.to_frame()").DataFrame({name: getattr(runs, name) for name in SCALARS})


def history_frame_of(runs: Runs) -> DataFrame:
    """Return a row for each run and epoch: the run's place and seed, the epoch from 1, the history."""
    n, epochs = runs.history.train_loss.shape
    columns = {
        "run": np.repeat(np.arange(n), epochs),
        "seed": np.repeat(runs.seed, epochs),
        "epoch": np.tile(np.arange(1, epochs + 1), n),
    }
    columns |= {f.name: getattr(runs.history, f.name).ravel() for f in fields(History)}
    return _pandas("runs.history_frame()").DataFrame(columns)


def _pandas(what: str) -> Any:
    try:
        import pandas
    except ImportError as error:
        raise MissingExtraError(
            f"{what} needs pandas, and {error.name} is missing", "data"
        ) from error
    return pandas
