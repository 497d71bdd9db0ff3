"""Runs of one set-up, trained a part at a time: how accurate each became, and how it ended."""

from __future__ import annotations

import numpy as np

from mlplab.engine import usable_cores
from mlplab.run import Float64
from mlplab.spec import Experiment
from mlplab.statistics import outcomes
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

    Examples
    --------
    >>> sample = Sample(Experiment(dataset="linear"), first=1)
    >>> sample.train(2)
    >>> len(sample), sample.ending.tolist()
    (2, ['stuck', 'finished'])
    """

    def __init__(self, experiment: Experiment, first: int) -> None:
        self.experiment = experiment
        self.accuracy: Float64 = np.empty(0)
        self.ending = np.empty(0, dtype=np.str_)
        self._first = first

    def __len__(self) -> int:
        return len(self.accuracy)

    def train(self, runs: int) -> None:
        """Train so many more, and leave a core to those who look.

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
            keep_weights=0,
            validate=False,
        )
        self.ending = np.concatenate([self.ending, more.ending])
        self.accuracy = np.concatenate([self.accuracy, outcomes(more, "test_accuracy")])
