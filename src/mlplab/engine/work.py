"""One job: train its networks together or alone, and write what comes out to the results."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.drawn import Drawn
from mlplab.engine.jobs import Job
from mlplab.engine.outcome_results import OutcomeResults
from mlplab.engine.prepared import prepare
from mlplab.engine.results import Results
from mlplab.engine.trained import Trained
from mlplab.spec import constant_loss


def do_job(
    job: Job,
    drawn: Drawn,
    results: Sequence[Results | OutcomeResults],
    stop: NDArray[np.uint8],
    done: NDArray[np.int64],
    validate: bool,
) -> bool:
    """Do a job, and tell whether it was done.

    Parameters
    ----------
    drawn : Drawn
        What its trials are drawn as.
    results : sequence of Results or OutcomeResults
        Of all trials; `job.group` tells which are the networks'.
    stop : ndarray of uint8, shape (1,)
        Shared by all jobs; once it is not 0, the job ends within a few samples and leaves no result.
    done : ndarray of int64, shape (1,)
        Raised to the epochs that each of its networks has done.
    validate : bool
        Whether the validation samples are looked at after each epoch, also where no rule needs it.
    """
    # A number may outgrow its type; the run is then called diverged.
    with np.errstate(over="ignore", invalid="ignore"):
        ready = prepare(job, drawn)
        began = time.perf_counter()
        history = ready.train(stop, done, validate)
        seen = [ready.evaluate(split, stop) for split in results[job.group[0]].EVALUATED]
    if stop[0]:
        return False
    predicted = seen[0][1]
    trained = Trained(
        network=ready.network,
        standardising=ready.standardising,
        history=history.transpose(2, 1, 0),
        epochs=ready.epochs,
        scores=np.stack([scores for scores, _ in seen]).transpose(2, 0, 1),
        predicted=predicted.T,
        weights_are_finite=ready.weights_are_finite,
        constant_loss=_constant_losses(job, drawn) if job.shape.has_targets else None,
        seconds=(time.perf_counter() - began) / len(job),
    )
    for number, lanes, rows in job.parts:
        results[number].write(rows, trained, lanes)
    return True


def _constant_losses(job: Job, drawn: Drawn) -> NDArray[np.float64]:
    """Return the training loss of the best constant answer of each network, shape (lanes,)."""
    features, targets = job.shape.sizes[0], job.shape.sizes[-1]
    y = drawn.splits[0][..., features : features + targets]
    losses = constant_loss(drawn.experiments[0].training.loss, y)
    return np.broadcast_to(losses, len(drawn.experiments))
