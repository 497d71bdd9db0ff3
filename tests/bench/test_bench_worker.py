"""A side in its own process: told its threads, asked one thing at a time, and gone at the end."""

from __future__ import annotations

import os
import signal
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from mlplab.bench import PEERS
from mlplab.bench.process import THREAD_VARIABLES
from mlplab.bench.side import Outcome, Side
from mlplab.bench.taken import Taken
from mlplab.bench.worker import Worker
from mlplab.bench.workload import Workload

MODULE = """
import os
import tempfile
from mlplab.bench.side import Outcome
from mlplab.bench.taken import Taken

class Fake:
    def __init__(self, workload, threads):
        self.networks = 2
        self.threads = threads
        self.updates = workload.updates * workload.epochs
        self.trainings = 0

    def train(self):
        self.trainings += 1
        return Taken(12.0 * self.trainings, 24.0 * self.trainings)

    def outcome(self):
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else self.threads
        return Outcome(self.updates, int(os.environ["OMP_NUM_THREADS"]), 10 * self.threads + cores)

class Hurries(Fake):
    def train(self):
        self.updates -= self.trainings
        return super().train()

class Writes(Fake):
    def train(self):
        tempfile.mkstemp(prefix="mine")
        return super().train()

class Dies(Fake):
    def train(self):
        os._exit(3)
"""


@pytest.fixture
def fakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "fake_sides.py").write_text(textwrap.dedent(MODULE))
    (tmp_path / "broken_library.py").write_text("raise ImportError('libfoo.so is missing')")
    monkeypatch.syspath_prepend(tmp_path)
    return "fake_sides:Fake"


def test_a_side_is_kept_to_its_threads_and_times_are_for_one_epoch_of_one_network(
    fakes: str, tiny_workload: Callable[..., Workload], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    with Worker(Side("fake", "Fake", fakes, ""), threads=1) as worker:
        assert os.environ["OMP_NUM_THREADS"] == "7"
        assert worker.missing() is None
        ready = worker.prepare(tiny_workload(epochs=3))
        assert (ready.networks, ready.first_seconds) == (2, 12.0)
        assert ready.outcome == Outcome(9, 1, 11)
        assert worker.measure() == Taken(24.0 / 6, 48.0 / 6)
        # An interrupt is left to the bench.
        assert worker._process.pid is not None
        os.kill(worker._process.pid, signal.SIGINT)
        assert worker.measure() == Taken(36.0 / 6, 72.0 / 6)
        assert worker.prepare(tiny_workload(epochs=1)).first_seconds == 12.0
        assert worker.measure() == Taken(24.0 / 2, 48.0 / 2)
    assert not worker._process.is_alive()


def test_a_side_with_threads_of_its_own_has_libraries_with_one(
    fakes: str, tiny_workload: Callable[..., Workload], tmp_path: Path
) -> None:
    before = {name: os.environ.get(name) for name in (*THREAD_VARIABLES, "TMPDIR")}
    place = tmp_path / "here"
    place.mkdir()
    side = Side("fake", "Fake", "fake_sides:Writes", "", blas_threads=False)
    with Worker(side, threads=2, temporary=place) as worker:
        assert worker.missing() is None
        outcome = worker.prepare(tiny_workload()).outcome
    assert outcome is not None
    assert (outcome.loss_before, outcome.loss_after // 10) == (1, 2)
    assert {name: os.environ.get(name) for name in before} == before
    [file] = place.iterdir()
    assert file.name.startswith("mine"), "its temporary files are where it is told"


def test_a_library_that_cannot_be_imported_is_said(fakes: str) -> None:
    with Worker(Side("fake", "Fake", fakes, "", needs=("broken_library",)), threads=1) as worker:
        assert worker.missing() == "libfoo.so is missing"


def test_a_process_that_dies_is_no_mystery(
    fakes: str, tiny_workload: Callable[..., Workload]
) -> None:
    with Worker(Side("fake", "Fake", "fake_sides:Dies", ""), threads=1) as worker:
        assert worker.missing() is None
        with pytest.raises(RuntimeError, match="the process of Fake ended, status 3"):
            worker.prepare(tiny_workload())


def test_work_that_was_not_done_has_no_time(
    fakes: str, tiny_workload: Callable[..., Workload], capfd: pytest.CaptureFixture[str]
) -> None:
    with Worker(Side("fake", "Fake", "fake_sides:Hurries", ""), threads=1) as worker:
        assert worker.missing() is None
        worker.prepare(tiny_workload(epochs=2))
        with pytest.raises(RuntimeError, match="the process of Fake ended, status 1"):
            worker.measure()
    assert "expected 6 updates, counted 5" in capfd.readouterr().err


def test_a_real_side_works_in_its_process(tiny_workload: Callable[..., Workload]) -> None:
    with Worker(PEERS["numpy"], threads=1) as worker:
        assert worker.missing() is None
        ready = worker.prepare(tiny_workload(epochs=30))
        assert ready.outcome is not None
        assert ready.outcome.updates == 90
        assert ready.outcome.loss_after < ready.outcome.loss_before
        assert 0 < worker.measure().seconds < ready.first_seconds
