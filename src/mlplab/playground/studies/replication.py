"""The same set-up, trained again from a hundred fresh draws: whether what one sees is usual, or luck."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.boundary import Extent
from mlplab.engine import Stepper
from mlplab.playground.pictures.looks import EngineLook
from mlplab.playground.pictures.views import grid
from mlplab.playground.session.timeline import Moment
from mlplab.playground.studies.sample import Sample
from mlplab.playground.studies.study import PART, Study
from mlplab.spec import Experiment
from mlplab.statistics import finite, percentile_of

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
        self._sample = Sample(experiment, seed + 1)
        self._stepper = stepper
        self._points = grid(extent, SIDE, stepper.trial.weights[0].dtype)
        self._voters = 0
        self._votes = np.zeros((len(stepper.trial.biases[-1]), len(self._points)), np.int64)

    @property
    def done(self) -> int:
        """Runs that are trained."""
        return len(self._sample)

    def _train_part(self) -> None:
        runs = self._sample.train(min(PART, RUNS - self.done), keep_weights=True)
        for weights, biases in zip(
            zip(*runs.weights, strict=True), zip(*runs.biases, strict=True), strict=True
        ):
            p = EngineLook(self._stepper, Moment(0, 0, weights, biases)).outputs(self._points)
            answered = np.isfinite(p).all(axis=0)
            self._voters += 1
            self._votes[p.argmax(axis=0)[answered], np.flatnonzero(answered)] += 1
        self._sample.estimate()

    def summary(self, mine: float) -> dict[str, Any]:
        """Return what there is to say of the runs, for the page.

        Parameters
        ----------
        mine : float
            Test accuracy of the run that is looked at; NaN if it diverged.
        """
        said = self._sample.say() | {
            "done": self.done,
            "total": RUNS,
            "epochs": self.experiment.training.epochs,
            "under_way": self.under_way,
            "trouble": self.trouble,
            "mine": mine,
        }
        if self.done and not np.isnan(mine):
            percentile = percentile_of(mine, finite(self._sample.accuracy), rounding=0.0)
            if percentile is not None:
                said |= {"percentile": percentile, "verdict": verdict(percentile)}
        return said

    def votes(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Return the class of most runs, and 0 to 255 for their fraction, at each point of the map."""
        fraction = self._votes.max(axis=0) / max(self._voters, 1)
        return self._votes.argmax(axis=0).astype(np.uint8), np.rint(255 * fraction).astype(np.uint8)


def verdict(percentile: float) -> str:
    """Say what a percentile means.

    >>> verdict(97.0), verdict(50.0), verdict(2.0)
    ('luck', 'usual', 'bad luck')
    """
    if percentile >= 100 - FEW:
        return "luck"
    return "bad luck" if percentile <= FEW else "usual"
