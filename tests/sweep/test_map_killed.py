"""A map that is killed at any moment, and goes on, leaves the store of a map that never was."""

from __future__ import annotations

import multiprocessing
import random
import time
from pathlib import Path

import pytest

from mlplab.spec import Experiment
from mlplab.store import READABLE, Store
from mlplab.sweep import Axis, MapPlan, train_map

KILLS = 50
MAY_DIFFER = ("seconds", "finished_at", "command")
"""Columns of a run that may differ from one training of it to the next."""


def large_plan() -> MapPlan:
    base = Experiment(
        dataset={"kind": "linear", "train_per_class": 100, "test_per_class": 20},
        training={"batch_size": 4, "epochs": 8},
    )
    x = Axis.parse("training.optimizer.learning_rate=log:0.001:10:100", base)
    y = Axis.parse("training.optimizer.momentum=lin:0:0.99:100", base)
    return MapPlan.of(base, x, y, replications=6)


def train_into(path: Path, began: multiprocessing.synchronize.Event | None = None) -> None:
    with Store(path) as store:
        train_map(
            large_plan(),
            store,
            progress=lambda done, found: began.set() if began and done > found else None,
        )


def rows(path: Path) -> list[tuple[object, ...]]:
    """All runs of a store in their fixed order, without what may differ."""
    same = [i for i, name in enumerate(READABLE) if name not in MAY_DIFFER]
    with Store(path, read_only=True) as store:
        return [tuple(row[i] for i in same) for row in store.rows()]


@pytest.mark.slow
def test_fifty_kills_lose_nothing_and_count_nothing_twice(tmp_path: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["mlplab.sweep", "mlplab.engine"])
    killed, whole = tmp_path / "killed.sqlite", tmp_path / "whole.sqlite"
    moments = random.Random(13)
    found, kills = [0], 0
    while kills < KILLS:
        began = context.Event()
        process = context.Process(target=train_into, args=(killed, began))
        process.start()
        # Half of them while it starts, half while it writes.
        if kills % 2:
            began.wait(60)
        time.sleep(moments.uniform(0, 0.3))
        process.kill()
        process.join()
        kills += 1
        if killed.exists():
            with Store(killed) as store:
                found.append(store.count()[0])
    assert found == sorted(found)
    assert 0 < found[-1] < large_plan().run_count, "it was killed while there was work to do"
    train_into(killed)
    train_into(whole)
    assert rows(killed) == rows(whole)
    assert len(rows(whole)) == large_plan().run_count
