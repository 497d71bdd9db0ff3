"""What many runs say together, in five figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mlplab.errors import MlplabError, shown
from mlplab.run import Float64, Runs
from mlplab.statistics.measures import Measure, choose_measure
from mlplab.statistics.values import finite


@dataclass(frozen=True)
class Summary:
    """Mean, standard deviation (n - 1; None for one value), smallest, median and largest value."""

    mean: float
    sd: float | None
    min: float
    median: float
    max: float


def outcomes(runs: Runs, measure: str | Measure | None = None) -> Float64:
    """Return a final loss or metric of each run, shape (replications,), NaN where it diverged.

    The accuracy that a diverged run carries means nothing: argmax names a class even where the outputs
    are not numbers.

    Parameters
    ----------
    measure : str or Measure, optional
        One of `measures_of` the runs' metric, such as `test_loss`; by default the metric itself on test
        samples.

    Raises
    ------
    MlplabError
        If there is no such measure, it is another metric than theirs, or these are no `Runs`.
    """
    check_runs(runs)
    found = choose_measure(measure, runs.metric)
    values: Float64 = np.where(runs.ending == "diverged", np.nan, getattr(runs, found.attribute))
    return values


def check_runs(runs: Runs) -> None:
    """Refuse what are no `Runs`.

    Raises
    ------
    MlplabError
        With what came.
    """
    if not isinstance(runs, Runs):
        raise MlplabError(f"expected Runs, as mlplab.train returns them, received {shown(runs)}")


def summarise(values: ArrayLike) -> Summary | None:
    """Summarise one number of each run.

    Diverged runs are left out of every figure; say beside it how many there are.

    Parameters
    ----------
    values : array-like, shape (replications,)
        NaN where a run diverged.

    Returns
    -------
    Summary, or None if every run diverged.

    Raises
    ------
    MlplabError
        If these are not one number of each run.

    Examples
    --------
    >>> summarise([0.9, 0.95, 0.97, float("nan")]).median
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
