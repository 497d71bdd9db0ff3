"""Whose seconds are the bench's own: those of all its descendants, and of no other process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from mlplab.bench import Settings, run_bench
from mlplab.bench.machine import Watch
from mlplab.bench.own_processes import adopting_orphans, own_seconds
from mlplab.bench.search_beside import SearchBeside
from mlplab.engine import usable_cores

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts")

BUSY = "while :; do :; done"
STAT = "{process} ({name}) S {parent} 1 1 0 -1 0 5 5 5 5 {user} {system} {waited} {waited} 20 0\n"


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it has not come about"
        time.sleep(0.02)


def parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


@contextmanager
def busy_orphan() -> Iterator[int]:
    """Give a process that works until the end of the block, and whose parent has ended at once."""
    orphan = int(subprocess.check_output(["sh", "-c", f"({BUSY}) > /dev/null & echo $!"]))
    try:
        yield orphan
    finally:
        os.kill(orphan, signal.SIGKILL)


def test_descendants_are_own_and_others_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = os.getpid()
    counted = [
        (own, 1, "bench", 9999, 9999, 9999),  # is asked more exactly
        (7, own, "a (worker) 1", 100, 20, 30),
        (8, 7, "its) S 1 child", 200, 0, 0),
        (9, 1, "another", 5000, 0, 0),
        (10, 9, "another's child", 5000, 0, 0),
    ]
    for process, of, name, user, system, waited in counted:
        (tmp_path / str(process)).mkdir()
        text = STAT.format(
            process=process, name=name, parent=of, user=user, system=system, waited=waited
        )
        (tmp_path / str(process) / "stat").write_text(text)
    (tmp_path / "11").mkdir()  # has ended since it was listed
    (tmp_path / "self").mkdir()
    module = "mlplab.bench.own_processes.os"
    monkeypatch.setattr(f"{module}.times", lambda: (1.0, 2.0, 3.0, 4.0, 1000.0))
    monkeypatch.setattr(f"{module}.sysconf", {"SC_CLK_TCK": 100}.get)
    assert own_seconds(tmp_path) == pytest.approx(10 + 1.8 + 2)


def test_a_child_that_works_still_is_own() -> None:
    before = own_seconds() - sum(os.times()[:4])
    busy = subprocess.Popen(["sh", "-c", BUSY])
    try:
        wait_until(lambda: own_seconds() - sum(os.times()[:4]) > before + 0.1)
    finally:
        busy.kill()
        busy.wait()


def test_an_orphan_is_own_and_stays_so_when_it_has_ended() -> None:
    before = own_seconds() - sum(os.times()[:4])
    with adopting_orphans(), busy_orphan() as orphan:
        stat = Path(f"/proc/{orphan}/stat")
        assert parent(orphan) == os.getpid()
        wait_until(lambda: own_seconds() - sum(os.times()[:4]) > before + 0.1)
        os.kill(orphan, signal.SIGKILL)
        wait_until(lambda: stat.read_text().rpartition(")")[2].split()[0] == "Z")
        assert own_seconds() - sum(os.times()[:4]) > before + 0.1
    os.waitpid(orphan, 0)


def test_the_bench_adopts_orphans_while_it_measures(
    fake_bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    orphans = []

    def measured(quick: bool, threads: int, on_search: Callable[[], None]) -> SearchBeside:
        with busy_orphan() as orphan:
            orphans.append((orphan, parent(orphan)))
        raise ImportError("it was seen")

    monkeypatch.setattr("mlplab.bench.run.measure_search", measured)
    run_bench(Settings(rounds=2, threads=1, quick=True, parts=("search",)), [])
    [(orphan, its_parent)] = orphans
    assert its_parent == os.getpid()
    os.waitpid(orphan, 0)


@pytest.mark.slow
def test_busy_others_are_seen() -> None:
    watch = Watch()
    if watch.others() is None:
        pytest.skip("nobody counts here")
    with busy_orphan() as other:  # nobody adopts it
        assert parent(other) != os.getpid()
        time.sleep(1.0)
        others = watch.others()
    assert others is not None
    assert others > 0.2 / usable_cores()
