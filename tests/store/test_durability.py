"""No finished run is lost and none is there twice: many writers, kills, cut logs and full disks."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.errors import StoreError
from mlplab.run import Outcomes
from mlplab.store import Store
from mlplab.store.opening import transaction

HERE = Path(__file__).parent
KEY = "ab" * 32
BLOCK = 100


def run(script: str, *arguments: object) -> str:
    command = [sys.executable, HERE / script, *map(str, arguments)]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


@pytest.mark.slow
def test_eight_processes_of_twenty_runs_make_160_and_with_the_same_twenty_make_20(
    path: Path, contents: Callable[[Path], list[Any]]
) -> None:
    # All begin with a store that is not there: it is made once.
    run("adding_processes.py", path, 8, 20)
    rows = contents(path)
    assert len(rows) == 160 + 20
    assert [row[1] for row in rows] == list(range(180))
    assert [row[4] for row in rows] == [seed / 7 for seed in range(180)]
    with Store(path, read_only=True) as store:
        assert len(store.commands()) == 8


@pytest.mark.slow
def test_writers_that_are_killed_lose_nothing(
    tmp_path: Path, contents: Callable[[Path], list[Any]]
) -> None:
    rounds = 25
    out = run("killed_writers.py", tmp_path, rounds, 1)
    told = before = 0
    for number, count in enumerate(json.loads(out)):
        path = tmp_path / f"round-{number}" / "runs.sqlite"
        if not path.exists():  # killed before it was made
            assert (count, before) == (0, 0)
            continue
        Store(path).close()  # of an empty file it makes a store
        rows = contents(path)
        told += count
        # All that was said to be written, in whole blocks; of each kill at most one more, which was
        # written and not said.
        assert [row[1] for row in rows] == list(range(len(rows)))
        assert len(rows) % BLOCK == 0
        assert before + BLOCK * count <= len(rows) <= before + BLOCK * (count + 1)
        before = len(rows)
    assert told > rounds / 2  # else nothing was under way when they were killed
    # What was never killed would have the same rows.
    losses = [row[4] for row in contents(tmp_path / "runs.sqlite")]
    assert losses == np.sin(np.arange(before)).tolist()


@pytest.fixture
def blocks(path: Path, outcomes_of: Callable[..., Outcomes]) -> Iterator[list[bytes]]:
    """The log of a store after each of some blocks; the store is open, so that the log is still there."""
    log = Path(f"{path}-wal")
    with Store(path) as store:
        ids = store.add_experiments([KEY], ["{}"])
        command = store.add_command("test")
        logs = [log.read_bytes()]
        for block in range(5):
            store.add_runs(outcomes_of(range(20 * block, 20 * block + 20)), ids, command)
            logs.append(log.read_bytes())
        yield logs


def test_a_log_that_is_cut_anywhere_holds_the_blocks_before(
    path: Path,
    blocks: list[bytes],
    tmp_path: Path,
    outcomes_of: Callable[..., Outcomes],
    contents: Callable[[Path], list[Any]],
) -> None:
    whole = blocks[-1]
    ends = [len(log) for log in blocks]
    cuts = {0, 1, 31, 32, 33, len(whole)}
    cuts |= {
        end + i for end in ends for i in (-4097, -4096, -25, -1, 0, 1, 24) if end + i <= len(whole)
    }
    cuts |= set(range(0, len(whole), 1009))
    counts = set()
    complete = contents(path)
    copy = tmp_path / "cut.sqlite"
    for cut in sorted(cuts):
        shutil.copy(path, copy)
        Path(f"{copy}-wal").write_bytes(whole[:cut])
        with Store(copy) as store:
            seeds = store.outcomes().seed
            # Of each transaction all or nothing, and none that was whole is lost.
            assert len(seeds) == 20 * max(sum(end <= cut for end in ends) - 1, 0), cut
            counts.add(len(seeds))
            # The same command again ends with the same store.
            ids = store.add_experiments([KEY], ["{}"])
            command = store.add_command("again")
            assert store.add_runs(outcomes_of(range(100)), ids, command) == 100 - len(seeds)
        assert contents(copy) == complete
        for file in tmp_path.glob("cut.sqlite*"):
            file.unlink()
    assert counts == {0, 20, 40, 60, 80, 100}
    assert len(cuts) > 60


def test_a_log_with_a_wrong_byte_ends_there(
    path: Path, blocks: list[bytes], tmp_path: Path
) -> None:
    whole = bytearray(blocks[-1])
    copy = tmp_path / "wrong.sqlite"
    for block in range(1, 6):
        shutil.copy(path, copy)
        wrong = bytearray(whole)
        wrong[len(blocks[block]) - 100] ^= 1
        Path(f"{copy}-wal").write_bytes(wrong)
        with Store(copy) as store:
            assert len(store.outcomes()) == 20 * (block - 1)
        for file in tmp_path.glob("wrong.sqlite*"):
            file.unlink()


def test_a_block_that_fails_in_its_middle_is_not_there(
    store: Store, outcomes_of: Callable[..., Outcomes]
) -> None:
    ids = store.add_experiments([KEY], ["{}"])
    command = store.add_command("test")
    store.add_runs(outcomes_of(range(10)), ids, command)

    def write() -> None:
        with transaction(store._connection):
            store._connection.execute("UPDATE runs SET updates = 7")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert store.outcomes().updates.tolist() == [10 * seed for seed in range(10)]
    assert store.add_runs(outcomes_of(range(12)), ids, command) == 2


def fill(store: Store, outcomes_of: Callable[..., Outcomes]) -> int:
    """Add blocks until the disk is full; return how many runs were written."""
    ids = store.add_experiments([KEY], ["{}"])
    command = store.add_command("test")
    for block in range(1000):
        try:
            store.add_runs(outcomes_of(range(BLOCK * block, BLOCK * (block + 1))), ids, command)
        except StoreError as error:
            sentence = (
                f"the disk of the store '{store.path}' is full; the runs stored before are kept"
            )
            if str(error) != sentence:
                raise
            return BLOCK * block
    raise AssertionError("the disk was never full")


def test_a_full_file_keeps_what_was_stored(
    path: Path, outcomes_of: Callable[..., Outcomes], contents: Callable[[Path], list[Any]]
) -> None:
    with Store(path) as store:
        store._connection.execute("PRAGMA max_page_count = 60")
        written = fill(store, outcomes_of)
        assert written > BLOCK
        assert len(store.outcomes()) == written
        # With space again, it goes on.
        store._connection.execute("PRAGMA max_page_count = 1000000")
        ids = store.add_experiments([KEY], ["{}"])
        assert store.add_runs(outcomes_of(range(written + 50)), ids, store.add_command("x")) == 50
    assert len(contents(path)) == written + 50


def test_a_full_disk_keeps_what_was_stored(
    tmp_path: Path, outcomes_of: Callable[..., Outcomes], contents: Callable[[Path], list[Any]]
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", small],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("a disk can be mounted by root only")
    try:
        with Store(small / "runs.sqlite") as store:
            written = fill(store, outcomes_of)
            assert written > BLOCK
            assert len(store.outcomes()) == written
        shutil.copytree(small, tmp_path / "large")
    finally:
        subprocess.run(["umount", "-l", small], check=True)
    large = tmp_path / "large" / "runs.sqlite"
    with Store(large) as store:
        ids = store.add_experiments([KEY], ["{}"])
        assert store.add_runs(outcomes_of(range(written + 50)), ids, store.add_command("x")) == 50
    assert len(contents(large)) == written + 50
