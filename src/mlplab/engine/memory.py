"""Whether a training fits into memory, estimated before anything is drawn.

Estimates count the arrays that grow with the experiment, and leave out what is small. They err by a third
at most where it matters: from some hundred megabytes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from mlplab.engine.block_passes import STRIDE
from mlplab.engine.jobs import Shape, shape_of
from mlplab.engine.lanes import LANES
from mlplab.engine.options import RESTORES, scores_of
from mlplab.engine.single_passes import vectors_of
from mlplab.errors import MlplabError
from mlplab.memory import available_memory, gigabytes
from mlplab.trial import Trials
from mlplab.trial_table import TrialTable

RUN = 200
"""Bytes of a run, without history and weights."""


def check_memory(groups: Sequence[Trials | TrialTable], threads: int, keep_weights: int) -> None:
    """Refuse what cannot fit into memory.

    Parameters
    ----------
    groups : sequence of Trials or TrialTable
    threads, keep_weights : int
        As in `mlplab.train`.

    Raises
    ------
    MlplabError
        If the population's results, and a job on each thread, need more than is available.
    """
    results, jobs = 0, []
    for trials in groups:
        n, shape = len(trials), shape_of(trials)
        if isinstance(trials, TrialTable):
            results += n * RUN
        else:
            results += n * run_bytes(shape) + min(n, keep_weights) * weight_bytes(shape)
        together = min(n, LANES) if shape.block_worth < n else 1
        jobs += [job_bytes(shape, together)] * min(threads, -(-n // together))
    jobs = sorted(jobs, reverse=True)[:threads]
    # At the end, when the jobs are gone, the results are there twice: as they were filled and as runs.
    needed, available = results + max(sum(jobs), results), available_memory()
    if needed > available:
        raise MlplabError(
            f"training needs about {gigabytes(needed)} of memory ({gigabytes(results)} of results, and "
            f"up to {gigabytes(jobs[0])} on each of {len(jobs)} threads), and {gigabytes(available)} "
            "are available: train fewer, smaller or shorter, or on fewer threads"
        )


def weight_bytes(shape: Shape) -> int:
    """Estimate what the weights of a run take."""
    return sum(_layers(shape)) * np.dtype(shape.dtype).itemsize


def run_bytes(shape: Shape) -> int:
    """Estimate what a run takes without its weights."""
    return RUN + scores_of(shape.switches) * 8 * shape.epochs + 2 * 8 * shape.classes


def job_bytes(shape: Shape, together: int) -> int:
    """Estimate what a job takes at most, while it draws or while it trains.

    Parameters
    ----------
    together : int
        Networks in a block, or 1 for a network alone.
    """
    lanes = LANES if together > 1 else 1
    size, weights = np.dtype(shape.dtype).itemsize, sum(_layers(shape))
    updates = shape.epochs * shape.updates_per_epoch
    drawing = lanes * weights * (8 + size)
    # Initial and present weights, those to be restored, and the optimizer's moments; of a block its
    # gradients, too, and what is read back. Zeros that nothing writes to take no memory.
    arrays = (4 if together > 1 else 2) + shape.moments + shape.switches[RESTORES]
    network = arrays * lanes * weights * size
    # Levels, δ and, of a network alone, what samples add to a layer's gradient, for samples at a time.
    if together > 1:
        passes = 2 * sum(shape.sizes) * STRIDE * lanes * size
    else:
        samples = LANES * vectors_of(max(shape.batch_size, shape.counts[1]))
        passes = (2 * sum(shape.sizes) + max(shape.sizes)) * samples * size
    data = lanes * sum(shape.counts) * shape.packed_width * size
    shuffles = (lanes + 1) * 4 * shape.counts[0]
    rates = updates * shape.step_sizes * (8 + lanes * size)
    history = shape.epochs * lanes * scores_of(shape.switches) * 8
    return max(drawing, network + passes) + data + shuffles + rates + history


def _layers(shape: Shape) -> list[int]:
    """Return the number of parameters of each layer."""
    return [(inputs + 1) * outputs for inputs, outputs in pairwise(shape.sizes)]
