"""What the tests of maps share: a small one, and a Dask cluster of real processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mlplab.spec import Experiment
from mlplab.sweep import Axis, MapPlan

SMALL = Experiment(
    dataset={"kind": "linear", "train_per_class": 6, "test_per_class": 5},
    training={"batch_size": 4, "epochs": 2, "optimizer": {"kind": "sgd", "learning_rate": 0.5}},
)


@pytest.fixture
def plan() -> MapPlan:
    """A map of 3 × 5 cells with 4 runs each."""
    x = Axis.parse("training.optimizer.learning_rate=log:0.01:10:5", SMALL)
    return MapPlan.of(SMALL, x, Axis.parse("training.batch_size=1,4,12", SMALL), seed=7)


@pytest.fixture(scope="session", name="wait_for")
def _wait_for() -> Callable[..., None]:
    """A function that waits until something is so."""
    return wait_for


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something is so; how fast the machine is must not matter."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it has not come about"
        time.sleep(0.02)


class DaskProcesses:
    """Schedulers and workers of Dask on this machine, each a process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []

    def scheduler(self, **settings: object) -> str:
        """Start a scheduler, with settings of `distributed.scheduler`, and return its address."""
        file = self._folder / f"{len(self._processes)}.json"
        environment = {f"DASK_DISTRIBUTED__SCHEDULER__{k}": str(v) for k, v in settings.items()}
        arguments = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self._start("scheduler", *arguments, "--scheduler-file", str(file), **environment)
        wait_for(lambda: file.exists() and file.read_text().endswith("}"))
        return str(json.loads(file.read_text())["address"])

    def worker(self, scheduler: str, *options: str, preload: str = "") -> subprocess.Popen[bytes]:
        """Start a worker, whose process runs some Python first."""
        if preload:
            file = self._folder / f"preload{len(self._processes)}.py"
            file.write_text(preload)
            options = (*options, "--preload", str(file))
        local = ("--no-dashboard", "--local-directory", str(self._folder))
        nanny = () if "--nanny" in options else ("--no-nanny",)
        return self._start("worker", scheduler, *local, *nanny, *options)

    def stop(self) -> None:
        """Kill all processes."""
        for process in self._processes:
            process.terminate()
        # One whose scheduler is gone, or that stands still, does not end by itself.
        end = time.monotonic() + 2
        for process in self._processes:
            try:
                process.wait(max(end - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @property
    def last(self) -> subprocess.Popen[bytes]:
        """The process that was started last."""
        return self._processes[-1]

    def _start(self, what: str, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        with (self._folder / f"{what}{len(self._processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{what}", *arguments],
                stdout=log,
                stderr=log,
                cwd=self._folder,
                env={**os.environ, **environment},
            )
        self._processes.append(process)
        return process


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskProcesses]:
    """Processes of Dask, which are stopped after the module's tests."""
    pytest.importorskip("distributed")
    processes = DaskProcesses(tmp_path_factory.mktemp("dask"))
    yield processes
    processes.stop()


@pytest.fixture(scope="module")
def scheduler(dask: DaskProcesses) -> str:
    """The address of a cluster of two workers, one of them with two threads."""
    address = dask.scheduler()
    dask.worker(address, "--nthreads", "1")
    dask.worker(address, "--nthreads", "2")
    return address


@pytest.fixture
def client(scheduler: str) -> Iterator[Any]:
    """A client of that cluster, once both workers are there."""
    from distributed import Client

    with Client(scheduler, set_as_default=False) as client:
        wait_for(lambda: sum(client.nthreads().values()) == 3)
        yield client
