"""Whether a training fits into memory, estimated before anything is drawn.

Estimates count the arrays that grow with the experiment, and leave out what is small. They err by a third
at most where it matters: from some hundred megabytes on.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from mlplab.engine.jobs import block_worth
from mlplab.engine.lanes import LANES
from mlplab.engine.updates import optimizer_name
from mlplab.errors import MlplabError
from mlplab.spec import Experiment, PointsFile

RUN = 1_000
"""Bytes of a run, its member and its share of a job, without history and weights."""

MEMORY_INFO = Path("/proc/meminfo")
GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
GROUP_USE = Path("/sys/fs/cgroup/memory.current")


def check_memory(
    experiments: Sequence[Experiment], replications: int, threads: int, keep_weights: int
) -> None:
    """Refuse what cannot fit into memory.

    Parameters
    ----------
    experiments : sequence of Experiment
    replications, threads, keep_weights : int
        As in `mlplab.training.train`.

    Raises
    ------
    MlplabError
        If the population's results, and a job on each thread, need more than is available.
    """
    kept = min(replications, keep_weights)
    results = sum(
        replications * run_bytes(experiment) + kept * weight_bytes(experiment)
        for experiment in experiments
    )
    jobs: list[int] = []
    for experiment in experiments:
        together = min(replications, LANES) if block_worth(experiment) < replications else 1
        jobs += [job_bytes(experiment, together)] * min(threads, -(-replications // together))
    jobs = sorted(jobs, reverse=True)[:threads]
    # At the end, when the jobs are gone, the results are there twice: as runs and as arrays of all runs.
    needed, available = results + max(sum(jobs), results), available_memory()
    if needed > available:
        raise MlplabError(
            f"training needs about {_gigabytes(needed)} of memory ({_gigabytes(results)} of results, and "
            f"up to {_gigabytes(jobs[0])} on each of {len(jobs)} threads), and {_gigabytes(available)} "
            "are available: train fewer, smaller or shorter, or on fewer threads"
        )


def weight_bytes(experiment: Experiment) -> int:
    """Estimate what the weights of a run take."""
    _, weights, _, size = _sizes(experiment)
    return weights * size


def run_bytes(experiment: Experiment) -> int:
    """Estimate what a run takes without its weights."""
    return RUN + 4 * 8 * experiment.training.epochs


def job_bytes(experiment: Experiment, together: int) -> int:
    """Estimate what a job takes at most, while it draws or while it trains.

    Parameters
    ----------
    together : int
        Networks in a block, or 1 for a network alone.
    """
    training = experiment.training
    largest, weights, points, size = _sizes(experiment)
    train, others = points
    lanes = LANES if together > 1 else 1
    updates = training.epochs * -(-train // min(training.batch_size, max(train, 1)))
    # A layer's draw: its bits, a step from them in float64, and its numbers.
    drawing = together * weights * size + (16 + size) * largest
    # Initial and present weights, gradient, and the optimizer's moments; then what is read back. Zeros
    # that nothing writes to take no memory.
    moments = {"sgd": 0, "adam": 2}.get(optimizer_name(training.optimizer), 1)
    network = together * weights * size + (4 + moments) * lanes * weights * size
    # A point and its class, as drawn and packed; and, of the training points, their order.
    data = together * (train + others) * (2 * size + 8) + lanes * (train + others) * 4 * size
    order = (lanes + 1) * 4 * train
    rates = updates * (8 + lanes * (8 + size))
    history = training.epochs * lanes * 4 * 8
    return max(drawing, network) + data + order + rates + history


def available_memory() -> int:
    """Return how many bytes this process can have; all of the machine's where the system does not say."""
    found = []
    if MEMORY_INFO.exists():
        lines = (line.split() for line in MEMORY_INFO.read_text(encoding="ascii").splitlines())
        found += [1024 * int(line[1]) for line in lines if line[0] == "MemAvailable:"]
    if GROUP_LIMIT.exists() and (limit := GROUP_LIMIT.read_text(encoding="ascii").strip()) != "max":
        found.append(int(limit) - int(GROUP_USE.read_text(encoding="ascii")))
    return min(found, default=os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))


def _sizes(experiment: Experiment) -> tuple[int, int, tuple[int, int], int]:
    """Return weights of the largest layer and of all, training and other points, bytes of a number."""
    dataset = experiment.dataset
    if isinstance(dataset, PointsFile):
        path = Path(dataset.path)
        # A line of a text has eight characters at least. The draw will say what is wrong with the file.
        classes, train = 2, path.stat().st_size // 8 if path.exists() else 0
        others = 0
    else:
        classes = getattr(dataset, "classes", 2)
        train, others = classes * dataset.train_per_class, 2 * classes * dataset.test_per_class
    sizes = (2, *experiment.network.layer_widths, classes)
    layers = [(inputs + 1) * outputs for inputs, outputs in pairwise(sizes)]
    return max(layers), sum(layers), (train, others), np.dtype(experiment.training.dtype).itemsize


def _gigabytes(size: int) -> str:
    """Write a number of bytes.

    >>> _gigabytes(1_540_000_000), _gigabytes(30_000_000)
    ('1.5 GB', '0.03 GB')
    """
    return f"{size / 1e9:.2g} GB" if size < 1e10 else f"{size / 1e9:,.0f} GB"
