"""Runs of one set-up, trained a part at a time: how accurate each became, and how it ended."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlplab.engine import usable_cores
from mlplab.run import Float64, Runs
from mlplab.spec import Experiment
from mlplab.statistics import (
    Estimate,
    count_failures,
    finite,
    has_one_split,
    interquartile_mean,
    outcomes,
)
from mlplab.training import train


class Sample:
    """Runs of an experiment from consecutive seeds, more and more of them.

    Parameters
    ----------
    experiment : Experiment
    first : int
        Seed of the first run.

    Attributes
    ----------
    accuracy : ndarray, shape (runs,)
        On the test points; NaN where a run diverged.
    ending : ndarray of str, shape (runs,)
    resplit_ratio : float or None
        As in `Runs`, of those trained last.
    one_split : bool
        Whether all runs have the same samples, in the same split.
    middle : Estimate or None
        Interquartile mean of the accuracies, of when it was last estimated.

    Examples
    --------
    >>> sample = Sample(Experiment(dataset="linear"), first=1)
    >>> runs = sample.train(2)
    >>> len(sample), sample.ending.tolist()
    (2, ['stuck', 'finished'])
    """

    def __init__(self, experiment: Experiment, first: int) -> None:
        self.experiment = experiment
        self.accuracy: Float64 = np.empty(0)
        self.ending = np.empty(0, dtype=np.str_)
        self.resplit_ratio: float | None = None
        self.one_split = False
        self.middle: Estimate | None = None
        self._first = first

    def __len__(self) -> int:
        return len(self.accuracy)

    def train(self, runs: int, *, keep_weights: bool = False) -> Runs:
        """Train so many more, and leave a core to those who look.

        Returns
        -------
        Runs
            Those; with weights if they are kept, which the sample does not.

        Raises
        ------
        MlplabError
            If they cannot be trained; as `mlplab.train` says.
        """
        more = train(
            self.experiment,
            runs,
            self._first + len(self),
            threads=max(1, usable_cores() - 1),
            keep_weights=runs if keep_weights else 0,
            validate=False,
        )
        self.ending = np.concatenate([self.ending, more.ending])
        self.accuracy = np.concatenate([self.accuracy, outcomes(more, "test_accuracy")])
        self.resplit_ratio, self.one_split = more.resplit_ratio, has_one_split(more)
        return more

    def estimate(self) -> None:
        """Estimate the middle; apart from `say`, as it resamples thousands of times."""
        self.middle = interquartile_mean(self.accuracy, resplit_ratio=self.resplit_ratio)

    def say(self) -> dict[str, Any]:
        """Return what there is to say of it, for the page."""
        said: dict[str, Any] = {"accuracies": finite(self.accuracy).tolist()}
        if len(self):
            failures = count_failures(self.ending)
            said |= {"stuck": failures.stuck, "diverged": failures.diverged}
        middle = self.middle  # as it is now: another thread may estimate it anew
        if middle is not None:
            said |= {"middle": middle.value, "low": middle.low, "high": middle.high}
        return said
