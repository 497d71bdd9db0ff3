"""One job: train its networks together or alone, and write what comes out to the results."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.drawn import Drawn
from mlplab.engine.jobs import Job
from mlplab.engine.prepared import prepare
from mlplab.engine.results import Results


def do_job(
    job: Job,
    drawn: Drawn,
    results: Sequence[Results],
    stop: NDArray[np.uint8],
    done: NDArray[np.int64],
    validate: bool,
) -> bool:
    """Do a job, and tell whether it was done.

    Parameters
    ----------
    drawn : Drawn
        What its trials are drawn as.
    results : sequence of Results
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
        ready = prepare(job, drawn)
        began = time.perf_counter()
        history = ready.train(stop, done, validate)
        train, predicted = ready.evaluate(0, stop)
        test, _ = ready.evaluate(2, stop)
    if stop[0]:
        return False
    seconds = (time.perf_counter() - began) / len(job)
    scores, by_lane = np.stack([train, test]), history.transpose(2, 1, 0)
    for number, lanes, rows in job.parts:
        target = results[number]
        target.history[rows] = by_lane[lanes]
        target.scores[rows] = scores[:, :, lanes].transpose(2, 0, 1)
        target.predicted[rows] = predicted[:, lanes].T
        target.weights_are_finite[rows] = ready.weights_are_finite[lanes]
        target.seconds[rows] = seconds
        for row in range(rows.start, min(rows.stop, target.keep_weights)):
            lane = lanes.start + row - rows.start
            target.keep(row, ready.network(lane))
            if ready.standardising is not None:
                place = lane if len(ready.standardising[0]) > 1 else 0
                target.input_mean[row], target.input_scale[row] = (
                    a[place] for a in ready.standardising
                )
        target.done[rows] = True
    return True
