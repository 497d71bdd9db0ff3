"""Train a population on all cores: draw, run the kernels in threads, and gather the runs.

Each job draws its trials when its turn comes, so that memory does not grow with the population. The
kernels hold no lock of Python's; a thread trains one job at a time, and no two write to the same place.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

import numpy as np

from mlplab.engine.jobs import Member, make_jobs
from mlplab.engine.work import Work
from mlplab.run import Run

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
        Called now and then with the epochs done, of all members together. What it raises, and an
        interrupt, ends the training at the next batch; what is finished then is in `runs`.
    """
    stop = np.zeros(1, np.uint8)
    work = [Work(job, stop) for job in make_jobs(members, threads)]
    with ThreadPoolExecutor(threads, thread_name_prefix="mlplab-engine") as pool:
        waiting: set[Future[None]] = {pool.submit(part.train, runs) for part in work}
        try:
            while waiting:
                finished, waiting = wait(waiting, timeout=POLL, return_when=FIRST_COMPLETED)
                for future in finished:
                    future.result()
                progress(sum(part.epochs_done for part in work))
        except BaseException:
            stop[0] = 1
            pool.shutdown(wait=True, cancel_futures=True)
            raise
