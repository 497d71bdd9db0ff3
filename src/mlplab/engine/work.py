"""One job: draw its trials, train them together or alone, and write what comes out to the results."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.jobs import Job
from mlplab.engine.prepared import prepare
from mlplab.engine.results import Results
from mlplab.trial import Trials


def do_job(
    job: Job,
    groups: Sequence[Trials],
    results: Sequence[Results],
    stop: NDArray[np.uint8],
    done: NDArray[np.int64],
    validate: bool,
) -> bool:
    """Do a job, and tell whether it was done.

    Parameters
    ----------
    groups, results : sequences of Trials and Results
        Of all experiments; `job.group` tells which are the networks'.
    stop : ndarray of uint8, shape (1,)
        Shared by all jobs; once it is not 0, the job ends within a few samples and leaves no result.
    done : ndarray of int64, shape (1,)
        Raised to the epochs that each of its networks has done.
    validate : bool
        Whether the validation samples are looked at after each epoch.
    """
    # A number may outgrow its type; the run is then called diverged.
    with np.errstate(over="ignore", invalid="ignore"):
        ready = prepare(job, groups)
        if stop[0]:
            return False
        began = time.perf_counter()
        history = ready.train(stop, done, validate)
        train, predicted = ready.evaluate(0, stop)
        test, _ = ready.evaluate(2, stop)
    if stop[0]:
        return False
    seconds = (time.perf_counter() - began) / len(job)
    scores, by_lane = np.stack([train, test]), history.transpose(2, 1, 0)
    for number in np.unique(job.group).tolist():
        lanes = np.flatnonzero(job.group == number)
        rows, target = job.row[lanes], results[number]
        target.history[rows] = by_lane[lanes]
        target.scores[rows] = scores[:, :, lanes].transpose(2, 0, 1)
        target.predicted[rows] = predicted[:, lanes].T
        for lane, row in zip(lanes.tolist(), rows.tolist(), strict=True):
            if row >= target.keep_weights:
                break  # rows rise
            target.keep(row, ready.network(lane))
            if ready.inputs is not None:
                place = lane if len(ready.inputs[0]) > 1 else 0
                target.input_mean[row], target.input_scale[row] = (a[place] for a in ready.inputs)
        target.weights_are_finite[rows] = ready.weights_are_finite[lanes]
        target.seconds[rows] = seconds
        target.done[rows] = True
    return True
