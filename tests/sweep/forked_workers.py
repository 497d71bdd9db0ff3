"""Start workers of Dask as forks of one process that has loaded all they need: restarting costs nothing.

    python forked_workers.py SCHEDULER FOLDER

A line on its input starts one; its process id is printed.
"""

from __future__ import annotations

import asyncio
import os
import sys

from distributed import Worker

from mlplab.spec import Experiment
from mlplab.sweep import Axis, MapPlan, train_map


def load_kernels() -> None:
    """Train a little, so that machine code is in memory before the process is forked."""
    base = Experiment(dataset={"kind": "linear", "train_per_class": 4}, training={"epochs": 1})
    x = Axis("training.optimizer.learning_rate", (0.1, 0.2))
    train_map(MapPlan.of(base, x, Axis("training.batch_size", (2, 4)), replications=9), threads=1)


async def serve(scheduler: str, folder: str) -> None:
    """Be a worker with one thread until killed."""
    async with Worker(scheduler, nthreads=1, local_directory=folder, dashboard=False) as worker:
        await worker.finished()


if __name__ == "__main__":
    load_kernels()
    # Nobody waits for them: one that has ended keeps its number, so that nobody else's is killed by it.
    for _ in sys.stdin:
        if not (child := os.fork()):
            asyncio.run(serve(*sys.argv[1:]))
            os._exit(0)
        print(child, flush=True)
