"""How long a population's kernels take, and nothing else: no drawing, no results."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.drawn import draw_jobs
from mlplab.engine.jobs import make_jobs
from mlplab.engine.prepared import Block, Single, prepare
from mlplab.trial import Trials


class KernelTiming:
    """A population that is drawn, and can be trained again and again, always from its start.

    Parameters
    ----------
    groups : sequence of Trials
    threads : int
        At least 1.

    Attributes
    ----------
    prepared : list of Block or Single
        As `make_jobs` divides the trials.
    done : list of ndarray, shape (1,)
        Epochs that each job did in the last training.
    """

    def __init__(self, groups: Sequence[Trials], threads: int) -> None:
        self.threads = threads
        self.prepared: list[Block | Single] = [
            prepare(job, *draw_jobs([job], groups)) for job in make_jobs(groups, threads)
        ]
        self.done = [np.zeros(1, np.int64) for _ in self.prepared]

    def seconds(self, scored: bool = False) -> float:
        """Train all networks over all their epochs, and return the wall time.

        Parameters
        ----------
        scored : bool
            Whether validation after each epoch and the evaluation at the end are part of it; by default
            it is the updates alone.
        """
        stop = np.zeros(1, np.uint8)

        def train(job: Block | Single, done: NDArray[np.int64]) -> None:
            job.train(stop, done, validate=scored)
            for split in (0, 2) if scored else ():
                job.evaluate(split, stop)

        self.done = [np.zeros(1, np.int64) for _ in self.prepared]
        with ThreadPoolExecutor(self.threads) as pool:
            # A pool starts a thread when the first work for it comes: not in the time taken.
            list(pool.map(time.sleep, [0.001] * self.threads))
            began = time.perf_counter()
            waiting = [
                pool.submit(train, job, done)
                for job, done in zip(self.prepared, self.done, strict=True)
            ]
            for future in waiting:
                future.result()
            return time.perf_counter() - began
