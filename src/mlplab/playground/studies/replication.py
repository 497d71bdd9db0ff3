"""The same set-up, trained again from a hundred fresh draws: whether what one sees is usual, or luck."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.boundary import Extent
from mlplab.engine import Stepper, usable_cores
from mlplab.errors import MlplabError
from mlplab.playground.pictures.looks import EngineLook
from mlplab.playground.pictures.views import grid
from mlplab.playground.session.timeline import Moment
from mlplab.playground.studies.study import PART, Study
from mlplab.run import Runs
from mlplab.spec import Experiment
from mlplab.statistics import (
    Estimate,
    count_failures,
    finite,
    interquartile_mean,
    outcomes,
    percentile_of,
)
from mlplab.training import train

RUNS = 100

SIDE = 64
"""Points along a side of the map of agreement."""

FEW = 5.0
"""Per cent of the runs, below or above which this run counts as luck."""


class Replication(Study):
    """A hundred runs of an experiment, under way or done.

    Parameters
    ----------
    experiment : Experiment
    seed : int
        Of the run that is looked at; the hundred have the seeds after it.
    stepper : Stepper
        Of that run, whose network has the shape of all.
    extent : Extent
        Of the map.
    changed : callable
        Called after each part, in the thread that trains.

    Attributes
    ----------
    trouble : str
        Why it ended before its time; nothing if it did not.
    """

    def __init__(
        self,
        experiment: Experiment,
        seed: int,
        stepper: Stepper,
        extent: Extent,
        changed: Callable[[], None],
    ) -> None:
        super().__init__(RUNS, changed)
        self.experiment = experiment
        self.trouble = ""
        self._first = seed + 1
        self._stepper = stepper
        self._points = grid(extent, SIDE, stepper.trial.weights[0].dtype)
        self._accuracy = np.empty(0)
        self._ending = np.empty(0, dtype=np.str_)
        self._middle: Estimate | None = None
        self._votes = np.zeros((len(stepper.trial.biases[-1]), len(self._points)), np.int64)

    @property
    def done(self) -> int:
        """Runs that are trained."""
        return len(self._accuracy)

    def work(self) -> None:
        """Train a part, if more is to come."""
        if not self.under_way:
            return
        try:
            runs = train(
                self.experiment,
                min(PART, RUNS - self.done),
                self._first + self.done,
                threads=max(1, usable_cores() - 1),
            )
        except MlplabError as error:
            self.trouble = str(error)
            self._ended = True
        else:
            self._add(runs)
        self._changed()

    def _add(self, runs: Runs) -> None:
        for weights, biases in zip(
            zip(*runs.weights, strict=True), zip(*runs.biases, strict=True), strict=True
        ):
            p = EngineLook(self._stepper, Moment(0, 0, weights, biases)).outputs(self._points)
            answered = np.isfinite(p).all(axis=0)
            self._votes[p.argmax(axis=0)[answered], np.flatnonzero(answered)] += 1
        self._ending = np.concatenate([self._ending, runs.ending])
        self._accuracy = np.concatenate([self._accuracy, outcomes(runs, "test_accuracy")])
        # Here, and not for every frame: it resamples thousands of times.
        self._middle = interquartile_mean(self._accuracy)

    def summary(self, mine: float) -> dict[str, Any]:
        """Return what there is to say of the runs, for the page.

        Parameters
        ----------
        mine : float
            Test accuracy of the run that is looked at; NaN if it diverged.
        """
        known = finite(self._accuracy)
        said: dict[str, Any] = {
            "done": self.done,
            "total": RUNS,
            "epochs": self.experiment.training.epochs,
            "under_way": self.under_way,
            "trouble": self.trouble,
            "accuracies": known.tolist(),
            "mine": mine,
        }
        if not self.done:
            return said
        failures = count_failures(self._ending)
        said |= {"stuck": failures.stuck, "diverged": failures.diverged}
        percentile = None if np.isnan(mine) else percentile_of(mine, known, rounding=0.0)
        if percentile is not None:
            said |= {"percentile": percentile, "verdict": verdict(percentile)}
        if self._middle is not None:
            middle = self._middle
            said |= {"middle": middle.value, "low": middle.low, "high": middle.high}
        return said

    def votes(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Return the class of most runs, and 0 to 255 for their share, at each point of the map."""
        share = self._votes.max(axis=0) / max(self.done, 1)
        return self._votes.argmax(axis=0).astype(np.uint8), np.rint(255 * share).astype(np.uint8)


def verdict(percentile: float) -> str:
    """Say what a percentile means.

    >>> verdict(97.0), verdict(50.0), verdict(2.0)
    ('luck', 'usual', 'bad luck')
    """
    if percentile >= 100 - FEW:
        return "luck"
    return "bad luck" if percentile <= FEW else "usual"
