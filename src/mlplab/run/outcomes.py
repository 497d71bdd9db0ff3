"""Outcomes: what is kept of many runs of many experiments; how each ended, and how well it did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.read_only import ReadOnly
from mlplab.run.ending import TEXT_TYPES
from mlplab.run.epochs import at_epoch, epochs_of_weights
from mlplab.run.history import Float64
from mlplab.run.runs import Runs


@dataclass(frozen=True, eq=False)
class Outcomes(ReadOnly):
    """Numbers of runs of several experiments, without histories and weights; arrays of shape (runs,).

    Attributes
    ----------
    experiment : ndarray of int64
        The place of each run's experiment, in whatever list they stand.
    seed : ndarray of int64
    ending, cause : ndarray of str
        As in `Run`.
    train_loss, train_metric, validation_loss, validation_metric, test_loss, test_metric : ndarray
        Of the final weights, on each split; the metric is that of the run's experiment, such as the
        accuracy.
    updates : ndarray of int64
        As in `Run`.
    seconds : ndarray of float64
        As in `Run`: what the run took of its thread.
    """

    experiment: NDArray[np.int64]
    seed: NDArray[np.int64]
    ending: NDArray[np.str_]
    cause: NDArray[np.str_]
    train_loss: Float64
    train_metric: Float64
    validation_loss: Float64
    validation_metric: Float64
    test_loss: Float64
    test_metric: Float64
    updates: NDArray[np.int64]
    seconds: Float64

    @classmethod
    def from_runs(cls, runs: Runs) -> Outcomes:
        """Return the outcomes of runs of one experiment, whose place is 0.

        Validation values are those of the epoch whose weights the run ended with. A run that diverged
        before its last epoch has none.
        """
        history, epochs = runs.history, runs.epochs
        of_weights = epochs_of_weights(runs.experiment, history, epochs)
        lacks = (epochs < runs.experiment.training.epochs) & ~runs.stopped_early

        def at_end(scores: Float64) -> Float64:
            return np.where(lacks, np.nan, at_epoch(scores, of_weights))

        own: dict[str, Any] = {
            "experiment": np.zeros(len(runs), np.int64),
            "validation_loss": at_end(history.validation_loss),
            "validation_metric": at_end(history.validation_metric),
        }
        same = {f.name: getattr(runs, f.name) for f in fields(cls) if f.name not in own}
        return cls(**own, **same)

    @classmethod
    def concatenate(cls, parts: Iterable[Outcomes]) -> Outcomes:
        """Put outcomes one after the other; none, where there is no part."""
        parts = list(parts)
        types = TEXT_TYPES | dict.fromkeys(("experiment", "seed", "updates"), np.int64)
        empty = {f.name: np.zeros(0, types.get(f.name)) for f in fields(cls)}
        if not parts:
            return cls(**empty)
        return cls(
            **{
                f.name: np.concatenate([getattr(part, f.name) for part in parts])
                for f in fields(cls)
            }
        )

    def of(self, places: NDArray[np.int64]) -> Outcomes:
        """Return them with `experiment` counted in another list, where experiment i is at `places[i]`."""
        return replace(self, experiment=places[self.experiment])

    def __len__(self) -> int:
        return len(self.seed)

    def __getitem__(self, which: NDArray[np.int64] | NDArray[np.bool_] | slice) -> Outcomes:
        """Return some of them."""
        return Outcomes(**{f.name: getattr(self, f.name)[which] for f in fields(self)})
