"""Workers that are killed at any moment cost their blocks again, and nothing else."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.spec import Experiment
from mlplab.store import Store, export_runs
from mlplab.sweep import Axis, MapPlan, train_map
from mlplab.sweep.cluster import Cluster

KILLS = 40
MAY_DIFFER = ("seconds", "finished_at", "command")

distributed = pytest.importorskip("distributed")


@pytest.fixture(autouse=True)
def _each_block_is_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlplab.store.blocks.SECONDS", 0.0)


def plan_of(samples: Path) -> MapPlan:
    """A map of own samples, which die with the workers that have them."""
    rng = np.random.default_rng(1)
    lines = [f"{x:.3f},{y:.3f},{'ab'[int(x > y)]}" for x, y in rng.normal(size=(100, 2))]
    samples.write_text("\n".join(["x1,x2,label", *lines]) + "\n")
    base = Experiment(
        dataset={"kind": "file", "path": str(samples)}, training={"batch_size": 4, "epochs": 8}
    )
    x = Axis.parse("training.optimizer.learning_rate=log:0.001:10:64", base)
    y = Axis.parse("training.optimizer.momentum=lin:0:0.99:64", base)
    return MapPlan.of(base, x, y, replications=6)


class Killer:
    """Kills a worker now and then, and starts another one, until it has killed `KILLS`.

    Between two kills a block ends: a block that is given up three times, while none ends, is an error.
    """

    def __init__(self, scheduler: str, folder: Path, total: int) -> None:
        self.kills = 0
        self._total, self._random = total, random.Random(13)
        self._went_on, self._is_over = threading.Event(), threading.Event()
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("forked_workers.py")), scheduler, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._workers = [self._start(), self._start()]
        self._thread = threading.Thread(target=self._kill)

    def _start(self) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def _kill(self) -> None:
        while self.kills < KILLS and not self._is_over.wait(self._random.uniform(0, 0.3)):
            victim = self._workers.pop(self._random.randrange(2))
            self._went_on.clear()
            os.kill(victim, signal.SIGKILL)
            self._workers.append(self._start())
            self.kills += 1
            while not self._went_on.wait(0.1) and not self._is_over.is_set():
                pass

    def progress(self, done: int, found: int) -> None:
        """Let the training go on no faster than the killing."""
        self._went_on.set()
        while self.kills < KILLS * done / self._total and not self._is_over.wait(0.02):
            self._went_on.set()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            self._thread.join()

    def stop(self) -> None:
        for worker in self._workers:
            os.kill(worker, signal.SIGKILL)
        self._process.kill()
        self._process.communicate()


def exported(store: Path) -> list[list[str]]:
    """The rows of an export, without the columns that may differ."""
    file = store.with_suffix(".csv")
    with Store(store, read_only=True) as opened:
        export_runs(opened, file)
    header, *lines = [line.split(",") for line in file.read_text().splitlines()]
    assert set(MAY_DIFFER) < set(header)
    kept = [i for i, name in enumerate(header) if name not in MAY_DIFFER]
    return [[line[i] for i in kept] for line in lines]


@pytest.mark.slow
def test_killed_workers_change_nothing(
    dask: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlplab.sweep.cluster.blocks.SECONDS", 0.1)
    plan = plan_of(tmp_path / "own.csv")
    killed, whole = tmp_path / "killed.sqlite", tmp_path / "whole.sqlite"
    # A block whose worker dies twice is given up by Dask, and handed in again by us.
    address = dask.scheduler(ALLOWED_FAILURES=1)
    killer = Killer(address, tmp_path, plan.run_count)
    try:
        with distributed.Client(address, set_as_default=False) as client, Store(killed) as store:
            cluster = Cluster(client)
            with killer.at_work():
                train_map(plan, store, client=cluster, progress=killer.progress)
    finally:
        killer.stop()
    assert killer.kills == KILLS
    with Store(whole) as store:
        train_map(plan, store)
    assert exported(killed) == exported(whole)
    assert len(exported(whole)) == plan.run_count
