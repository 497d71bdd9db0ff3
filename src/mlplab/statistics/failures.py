"""How many runs failed: those that diverged, and those that got stuck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlplab.errors import MlplabError
from mlplab.statistics.intervals import Estimate, estimate_share


@dataclass(frozen=True)
class Failures:
    """How many of the runs failed, in either way, and the share of both together (Wilson's interval)."""

    runs: int
    stuck: int
    diverged: int
    share: Estimate


def count_failures(ending: NDArray[np.str_]) -> Failures:
    """Count the failed runs.

    Parameters
    ----------
    ending : ndarray of str, shape (replications,)
        As in `Runs.ending`.

    Raises
    ------
    MlplabError
        If there are no runs.

    Examples
    --------
    >>> failed = count_failures(np.array(["finished", "stuck", "diverged", "finished"]))
    >>> failed.stuck, failed.diverged, failed.share.value
    (1, 1, 0.5)
    """
    runs = len(ending)
    if not runs:
        raise MlplabError("expected at least one run to count the failed ones of, received none")
    stuck, diverged = (int(np.count_nonzero(ending == word)) for word in ("stuck", "diverged"))
    return Failures(runs, stuck, diverged, estimate_share(stuck + diverged, runs))
