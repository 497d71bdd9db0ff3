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


def kill_again_and_again(
    train_into: TrainInto, path: Path, whole: Path, kills: int, seed: int
) -> None:
    """Start the training and kill -9 it so often; then let it end, and compare it with a whole one.

    A store that is complete before, on a fast machine, is compared, too, and another one begun: each kill
    comes while there is work to do.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["mlplab.sweep", "mlplab.engine"])
    moments = random.Random(seed)
    killed, found = 0, 0
    while killed < kills:
        began = context.Event()
        process = context.Process(target=train_into, args=(path, began))
        process.start()
        # Half of them while it starts, half while it writes.
        while killed % 2 and process.is_alive() and not began.wait(0.05):
            pass
        time.sleep(moments.uniform(0, 0.3))
        process.kill()
        process.join()
        if process.exitcode == 0:
            assert rows(path) == rows(whole)
            for file in path.parent.glob(f"{path.name}*"):
                file.unlink()
            found = 0
            continue
        killed += 1
        if path.exists():
            with Store(path) as store:
                count = store.count()[0]
            assert count >= found, "what was counted is lost"
            found = count
    train_into(path, None)
    assert rows(path) == rows(whole)


def rows(path: Path) -> list[tuple[object, ...]]:
    """All runs of a store in their fixed order, without what may differ."""
    same = [i for i, name in enumerate(READABLE) if name not in MAY_DIFFER]
    with Store(path, read_only=True) as store:
        return [tuple(row[i] for i in same) for row in store.rows()]
