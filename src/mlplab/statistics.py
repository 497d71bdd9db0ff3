"""What many runs say together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlplab.run import Float64


@dataclass(frozen=True)
class Summary:
    """Mean, standard deviation (n - 1; None for one value), smallest, median and largest value."""

    mean: float
    sd: float | None
    min: float
    median: float
    max: float


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
