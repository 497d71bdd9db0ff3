"""Runs as pandas DataFrames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mlplab.errors import MissingExtraError
from mlplab.run.metric import metric_columns

if TYPE_CHECKING:
    from pandas import DataFrame

    from mlplab.run.runs import Runs

SCALARS = (
    "seed",
    "ending",
    "cause",
    "train_loss",
    "train_metric",
    "test_loss",
    "test_metric",
    "updates",
    "seconds",
)
"""Attributes of `Runs` with one value for each run, in the order of their columns."""


def frame_of(runs: Runs) -> DataFrame:
    """Return a row for each run, with a column for each of `SCALARS`, and one for a penalty."""
    return _pandas("runs.to_frame()").DataFrame(columns_of(runs))


def columns_of(runs: Runs) -> dict[str, NDArray[Any]]:
    """Return what a table of runs has of each, by name: `SCALARS`, and the penalty where there is one.

    A metric is called by its own name, such as `test_accuracy`.
    """
    called = metric_columns(runs.metric)
    columns = {called.get(name, name): getattr(runs, name) for name in SCALARS}
    return columns if runs.penalty is None else {**columns, "penalty": runs.penalty}


def history_frame_of(runs: Runs) -> DataFrame:
    """Return a row for each run and epoch: the run's place and seed, the epoch from 1, the history.

    Where there is a penalty, the losses with it have columns of their own.
    """
    n, epochs = runs.history.train_loss.shape
    columns = {
        "run": np.repeat(np.arange(n), epochs),
        "seed": np.repeat(runs.seed, epochs),
        "epoch": np.tile(np.arange(1, epochs + 1), n),
    }
    called = metric_columns(runs.metric)
    arrays = runs.history.arrays().items()
    columns |= {called.get(name, name): array.ravel() for name, array in arrays}
    if runs.history.train_penalty is not None:
        for name in ("train_loss_with_penalty", "validation_loss_with_penalty"):
            columns[name] = getattr(runs.history, name).ravel()
    return _pandas("runs.history_frame()").DataFrame(columns)


def _pandas(what: str) -> Any:
    try:
        import pandas
    except ImportError as error:
        raise MissingExtraError(
            f"{what} needs pandas, and {error.name} is missing", "data"
        ) from error
    return pandas
