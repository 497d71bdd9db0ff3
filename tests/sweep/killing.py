"""Processes that train into a store, killed at random moments."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Callable
from multiprocessing.synchronize import Event
from pathlib import Path

from mlplab.store import READABLE, Store

MAY_DIFFER = ("seconds", "finished_at", "command")
"""Columns of a run that may differ from one training of it to the next."""

TrainInto = Callable[[Path, Event | None], None]
"""Trains into a store at a path; sets the event once it has trained something."""


def kill_again_and_again(train_into: TrainInto, path: Path, kills: int, seed: int) -> list[int]:
    """Start and kill -9 the training so often; return how many runs were in the store each time."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["mlplab.sweep", "mlplab.engine"])
    moments = random.Random(seed)
    found = [0]
    for number in range(kills):
        began = context.Event()
        process = context.Process(target=train_into, args=(path, began))
        process.start()
        # Half of them while it starts, half while it writes.
        while number % 2 and process.is_alive() and not began.wait(0.05):
            pass
        time.sleep(moments.uniform(0, 0.3))
        process.kill()
        process.join()
        if path.exists():
            with Store(path) as store:
                found.append(store.count()[0])
    return found


def rows(path: Path) -> list[tuple[object, ...]]:
    """All runs of a store in their fixed order, without what may differ."""
    same = [i for i, name in enumerate(READABLE) if name not in MAY_DIFFER]
    with Store(path, read_only=True) as store:
        return [tuple(row[i] for i in same) for row in store.rows()]
