"""Train a population on all cores: draw, run the kernels in threads, and gather the runs.

Each job draws its trials when its turn comes, so that memory grows with the population by its results
only. The kernels hold no lock of Python's; a thread trains one job at a time, and no two write to the
same place.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait

import numpy as np

from mlplab.engine.jobs import Member, make_jobs
from mlplab.engine.prepared import compile_functions
from mlplab.engine.work import Work
from mlplab.run import Run
from mlplab.spec import Experiment, Linear, Training

POLL = 0.05
"""Seconds between two looks at how far the threads are."""


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def train_population(
    members: Sequence[Member],
    runs: list[Run | None],
    threads: int,
    progress: Callable[[int], None],
) -> None:
    """Train all members; `runs[member.index]` is filled as soon as a member's job is done.

    Parameters
    ----------
    members : sequence of Member
    runs : list
        A place for each index.
    threads : int
        At least 1; the results do not depend on it.
    progress : callable
        Called now and then with the epochs done, of all members together.

    What a job or `progress` raises, and an interrupt, ends the training within a few points; what is
    finished then is in `runs`.
    """
    stop = np.zeros(1, np.uint8)
    jobs = make_jobs(members, threads)
    _compile_for(jobs)
    work = [Work(job, stop) for job in jobs]
    with ThreadPoolExecutor(threads, thread_name_prefix="mlplab-engine") as pool:
        waiting: set[Future[None]] = {pool.submit(part.train, runs) for part in work}
        try:
            while waiting:
                finished, waiting = wait(waiting, timeout=POLL, return_when=FIRST_EXCEPTION)
                for future in finished:
                    future.result()
                progress(sum(part.epochs_done for part in work))
        except BaseException:
            stop[0] = 1
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _compile_for(jobs: Sequence[Sequence[Member]]) -> None:
    """Compile the kernels that the jobs need, or fetch them from the disk, by training next to nothing.

    Here and not when the first job comes: an interrupt reaches the main thread only, and the time of a
    training is that of no compiler.
    """
    for job in jobs:
        compile_functions(job[0].experiment)
    for dtype, alone in {(job[0].experiment.training.dtype, len(job) == 1) for job in jobs}:
        smallest = Experiment(
            dataset=Linear(train_per_class=1, test_per_class=1), training=Training(dtype=dtype)
        )
        members = [Member(0, smallest, seed=0)] * (1 if alone else 2)
        Work(members, np.zeros(1, np.uint8)).train([None])
