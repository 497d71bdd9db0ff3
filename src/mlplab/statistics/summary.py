"""What many runs say together, in five figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mlplab.errors import MlplabError, shown
from mlplab.run import Float64, Runs
from mlplab.statistics.measures import MEASURES, Measure, find_measure
from mlplab.statistics.values import finite


@dataclass(frozen=True)
class Summary:
    """Mean, standard deviation (n - 1; None for one value), smallest, median and largest value."""

    mean: float
    sd: float | None
    min: float
    median: float
    max: float


def outcomes(runs: Runs, measure: str | Measure = "test_accuracy") -> Float64:
    """Return a final loss or accuracy of each run, shape (replications,), NaN where it diverged.

    The accuracy that a diverged run carries means nothing: argmax names a class even where the outputs
    are not numbers.

    Parameters
    ----------
    measure : str or Measure
        `test_accuracy`, `test_loss`, `train_accuracy` or `train_loss`.

    Raises
    ------
    MlplabError
        If there is no such measure, or these are no `Runs`.
    """
    check_runs(runs)
    name = find_measure(measure).name
    if name not in MEASURES:
        raise MlplabError(f"runs have no {name}: known are {', '.join(MEASURES)}")
    values: Float64 = np.where(runs.ending == "diverged", np.nan, getattr(runs, name))
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
