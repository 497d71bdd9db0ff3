"""How many runs failed: those that diverged, and those that got stuck."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from mlplab.errors import MlplabError, shown, suggestion
from mlplab.run import Ending, Run, Runs
from mlplab.statistics.intervals import Estimate, estimate_fraction


@dataclass(frozen=True)
class Failures:
    """How many runs failed.

    Attributes
    ----------
    runs, stuck, diverged : int
    fraction : Estimate
        Of runs that failed in either way, with Wilson's interval.
    """

    runs: int
    stuck: int
    diverged: int
    fraction: Estimate


def count_failures(runs: Runs | Sequence[Run] | Sequence[str] | NDArray[np.str_]) -> Failures:
    """Count the failed runs.

    Parameters
    ----------
    runs : Runs, sequence of Run, or sequence of str
        The runs, or how each ended, as in `Runs.ending`.

    Raises
    ------
    MlplabError
        If there are no runs, or they are something else.

    Examples
    --------
    >>> failed = count_failures(["finished", "stuck", "diverged", "finished"])
    >>> failed.stuck, failed.diverged, failed.fraction.value
    (1, 1, 0.5)
    """
    if not isinstance(runs, Runs) and (isinstance(runs, str) or not isinstance(runs, Iterable)):
        raise MlplabError(f"expected runs, or how each ended, received {shown(runs)}")
    each = runs.ending if isinstance(runs, Runs) else runs
    ending = [_ending(run) for run in each]
    if not ending:
        raise MlplabError("expected at least one run to count the failed ones of, received none")
    stuck, diverged = ending.count("stuck"), ending.count("diverged")
    fraction = estimate_fraction(stuck + diverged, len(ending))
    return Failures(len(ending), stuck, diverged, fraction)


def _ending(run: object) -> str:
    ending = run.ending if isinstance(run, Run) else run
    if not isinstance(ending, str):
        raise MlplabError(f"expected runs, or how each ended, received {shown(ending)} among them")
    if ending not in get_args(Ending):
        raise MlplabError(
            f"unknown ending {shown(str(ending))}; {suggestion(ending, get_args(Ending))}"
        )
    return ending
