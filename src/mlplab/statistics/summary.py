"""What many runs say together, in five figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from mlplab.run import Float64, Runs


@dataclass(frozen=True)
class Summary:
    """Mean, standard deviation (n - 1; None for one value), smallest, median and largest value."""

    mean: float
    sd: float | None
    min: float
    median: float
    max: float


def outcomes(runs: Runs, name: str) -> Float64:
    """Return a final loss or accuracy of each run, shape (replications,), NaN where it diverged.

    Of outputs that are not numbers argmax still names one, so that a diverged run has an accuracy, which
    means nothing.

    Parameters
    ----------
    name : str
        `train_loss`, `train_accuracy`, `test_loss` or `test_accuracy`.
    """
    values: Float64 = np.where(runs.ending == "diverged", np.nan, getattr(runs, name))
    return values


def finite(values: Float64) -> Float64:
    """Return the values of the runs that have one: those that did not diverge."""
    return values[np.isfinite(values)]


def summarise(values: Float64) -> Summary | None:
    """Summarise one number of each run, shape (replications,); None if every run diverged.

    Diverged runs stand in no figure: how many there are must be said beside it.

    Examples
    --------
    >>> summarise(np.array([0.9, 0.95, 0.97, np.nan])).median
    0.95
    """
    known = finite(values)
    if not len(known):
        return None
    return Summary(
        mean=float(known.mean()),
        sd=float(known.std(ddof=1)) if len(known) > 1 else None,
        min=float(known.min()),
        median=float(np.median(known)),
        max=float(known.max()),
    )
