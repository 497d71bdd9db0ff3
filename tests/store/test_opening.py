"""What is no store, is damaged, too new, too old or read-only: one sentence, and nothing changed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from mlplab.errors import StoreError
from mlplab.run import Outcomes
from mlplab.store import Condition, RunFilter, Store, opening
from mlplab.store.schema import APPLICATION_ID, MIGRATIONS

STORES = sorted((Path(__file__).parent / "stores").glob("*.sqlite"))

ADD_A_COLUMN = (
    "ALTER TABLE sweeps ADD COLUMN note TEXT",
    "UPDATE sweeps SET note = 'from before'",
)
"""A step to the next schema, for these tests."""


@pytest.fixture(params=[False, True], ids=["to write", "to read"])
def read_only(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def filled(path: Path, outcomes_of: Callable[..., Outcomes]) -> Path:
    """A closed store of 1,000 runs."""
    with Store(path) as store:
        ids = store.add_experiments(["ab" * 32], ["{}"])
        store.add_runs(outcomes_of(range(1000)), ids, store.add_command("test"))
        store.add_sweep("cd" * 32, {})
    return path


def test_a_store_that_another_is_making_meanwhile_is_ours(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two looks at the empty file it becomes a store: both looks are at one moment."""
    real, calls = opening.version_of, [0]
    other = threading.Thread(target=lambda: Store(path).close())

    def look(connection: sqlite3.Connection) -> int:
        calls[0] += 1
        if calls[0] == 2:
            other.start()
            other.join(0.5)
        return real(connection)

    monkeypatch.setattr(opening, "version_of", look)
    with Store(path) as store:
        assert store.count() == (0, 0)
    other.join()


def sentence_of(path: Path, **how: Any) -> str:
    """Return what is said of a store that cannot be opened, without its path; it stays as it is."""
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreError) as caught:
        Store(path, **how)
    assert (path.read_bytes() if path.is_file() else None) == before
    said = str(caught.value)
    assert "\n" not in said
    return said.replace(str(path), "RUNS")


@pytest.mark.parametrize("kept", STORES, ids=lambda path: path.stem)
def test_a_store_of_every_schema_is_opened(kept: Path, tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    shutil.copy(kept, path)
    with Store(path) as store:
        first, second = (each for each in store.experiments() if each.metric == "accuracy")
        assert (first.runs, second.runs, first.first_seed, second.last_seed) == (3, 3, 5, 7)
        variant, base = store.experiment(first.id), store.experiment(second.id)
        if variant.training.batch_size != 4:
            variant, base = base, variant
        changes = {"training.batch_size": 4, "training.optimizer.learning_rate": 1e30}
        assert base.varied(changes) == variant
        (sweep,) = store.sweeps()
        assert sweep.description == {"x": "training.batch_size"}
        assert len(store.done(sweep.id)[0]) == 6
        of_classes = RunFilter(conditions=[Condition.parse("test_accuracy<=1")])
        assert store.count(of_classes) == (6, 2)
        assert store.outcomes(of_classes).test_metric.min() >= 0


def test_the_schema_of_today_is_kept() -> None:
    assert [path.stem for path in STORES] == [f"v{i + 1}" for i in range(len(MIGRATIONS))]


def test_a_new_store_has_todays_schema_and_is_ours(path: Path) -> None:
    Store(path).close()
    with closing(sqlite3.connect(path)) as connection:
        found = [
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("application_id", "user_version", "journal_mode")
        ]
    assert found == [APPLICATION_ID, len(MIGRATIONS), "wal"]
    # What it says stands in the kept file, too: released steps do not change.
    with closing(sqlite3.connect(path)) as one, closing(sqlite3.connect(STORES[-1])) as other:
        schema = "SELECT name, sql FROM sqlite_master ORDER BY name"
        assert one.execute(schema).fetchall() == other.execute(schema).fetchall()


def test_a_text_is_no_store(path: Path, read_only: bool) -> None:
    path.write_text("epochs = 3\n" * 1000)
    said = sentence_of(path, read_only=read_only)
    assert said == "'RUNS' is no store of runs: it is not a file of SQLite"


def test_a_folder_is_no_store(path: Path, read_only: bool) -> None:
    path.mkdir()
    assert sentence_of(path, read_only=read_only) == "'RUNS' is no store of runs: it is a folder"


def test_another_programs_file_is_no_store(path: Path, read_only: bool) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE studies (id INTEGER)")
    said = sentence_of(path, read_only=read_only)
    assert said == "'RUNS' is no store of runs: it is another program's file of SQLite"


def test_an_empty_file_becomes_a_store_where_one_may_write(path: Path) -> None:
    # As a kill leaves one, before anything was written.
    path.touch()
    said = sentence_of(path, read_only=True)
    assert said == "'RUNS' is no store of runs yet: it is empty"
    with Store(path) as store:
        assert store.count() == (0, 0)


def test_what_is_not_there_is_not_made_to_be_read(path: Path) -> None:
    assert sentence_of(path, read_only=True) == "there is no store of runs 'RUNS'"
    assert not path.exists()
    below = path.parent / "no" / "runs.sqlite"
    said = sentence_of(below)
    assert said == f"the store 'RUNS' cannot be made: there is no folder '{below.parent}'"


def test_a_newer_schema_is_refused(filled: Path, read_only: bool) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("PRAGMA user_version = 99")
    said = sentence_of(filled, read_only=read_only)
    assert said.startswith("the store 'RUNS' was written by a newer mlplab: its schema is 99, and ")
    assert said.endswith(f"knows schemas up to {len(MIGRATIONS)}")


@contextmanager
def another_step(monkeypatch: pytest.MonkeyPatch, *statements: str) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(opening, "MIGRATIONS", (*MIGRATIONS, statements))
        yield


def test_an_older_store_is_brought_up_to_date(
    filled: Path, monkeypatch: pytest.MonkeyPatch, contents: Callable[[Path], list[Any]]
) -> None:
    before = contents(filled)
    with another_step(monkeypatch, *ADD_A_COLUMN):
        said = sentence_of(filled, read_only=True)
        known = len(MIGRATIONS)
        assert said.startswith(
            f"the store 'RUNS' has schema {known}, and this mlplab reads schema {known + 1}"
        )
        for _ in range(2):
            with Store(filled) as store:
                notes = store._connection.execute("SELECT note FROM sweeps").fetchall()
            assert notes == [("from before",)]
        assert contents(filled) == before
    assert f"newer mlplab: its schema is {known + 1}" in sentence_of(filled)


@pytest.mark.parametrize("after", range(len(ADD_A_COLUMN) + 1))
def test_an_interrupted_migration_has_not_begun(
    filled: Path,
    monkeypatch: pytest.MonkeyPatch,
    contents: Callable[[Path], list[Any]],
    after: int,
) -> None:
    before = contents(filled)
    broken = [*ADD_A_COLUMN[:after], "SELECT * FROM nothing", *ADD_A_COLUMN[after:]]
    with another_step(monkeypatch, *broken), pytest.raises(sqlite3.OperationalError):
        Store(filled)
    # Of the step nothing is left: it is made again, and today's code goes on with the old schema.
    assert contents(filled) == before
    with another_step(monkeypatch, *ADD_A_COLUMN), Store(filled) as store:
        assert store._connection.execute("SELECT note FROM sweeps").fetchall() == [("from before",)]


def test_a_migration_that_is_killed_has_not_begun(
    filled: Path, contents: Callable[[Path], list[Any]]
) -> None:
    before = contents(filled)
    with closing(sqlite3.connect(filled, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_spill = ON")
        connection.execute("PRAGMA cache_size = 1")  # so that half of it is in the log already
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ALTER TABLE runs ADD COLUMN note TEXT")
        connection.execute("UPDATE runs SET seconds = 1e9, train_loss = 7")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        copy = filled.parent / "copy"
        copy.mkdir()
        for file in (filled, Path(f"{filled}-wal")):
            shutil.copy(file, copy)
    assert (copy / "runs.sqlite-wal").stat().st_size > 10_000
    Store(copy / "runs.sqlite").close()
    assert contents(copy / "runs.sqlite") == before


def test_damage_is_told_or_touches_no_run(
    filled: Path, outcomes_of: Callable[..., Outcomes]
) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(filled.read_bytes())
    pages = range(len(content) // size)
    told = []
    for page in pages:
        wrong = bytearray(content)
        wrong[page * size : (page + 1) * size] = b"\xa5" * size
        filled.write_bytes(wrong)
        try:
            with Store(filled) as store:
                seeds = store.outcomes().seed.tolist()
                ids = store.add_experiments(["ab" * 32], ["{}"])
                new = store.add_runs(outcomes_of(range(1500)), ids, 1)
        except StoreError as error:
            told.append(str(error).replace(str(filled), "RUNS"))
        else:
            # It was a page of something else, such as sweeps.
            assert (seeds, new) == (list(range(1000)), 500)
        for file in filled.parent.glob("runs.sqlite-*"):
            file.unlink()
    assert len(told) > len(pages) / 2
    assert set(told) == {
        "the store 'RUNS' is damaged, and has to be restored from a copy",
        "'RUNS' is no store of runs: it is not a file of SQLite",
    }


def test_a_file_that_was_cut_is_told(filled: Path) -> None:
    content = filled.read_bytes()
    for size in range(4096, len(content), 4096):
        filled.write_bytes(content[:size])
        with pytest.raises(StoreError, match="is damaged"), Store(filled) as store:
            list(store.rows())


def test_another_writer_is_waited_for_and_then_named(
    filled: Path, monkeypatch: pytest.MonkeyPatch, outcomes_of: Callable[..., Outcomes]
) -> None:
    monkeypatch.setattr(opening, "PATIENCE", 0.05)
    locked = "the store 'RUNS' is locked: another process has been writing to it for 60 s"
    with closing(sqlite3.connect(filled, isolation_level=None)) as other, Store(filled) as store:
        other.execute("BEGIN IMMEDIATE")
        assert sentence_of(filled) == locked
        ids = store.outcomes().experiment[:1]
        with pytest.raises(StoreError, match="is locked: another process"):
            store.add_runs(outcomes_of(range(1001)), ids, 1)
        assert store.count() == (1000, 1)
        other.execute("ROLLBACK")
        assert store.add_runs(outcomes_of(range(1001)), ids, 1) == 1


@pytest.fixture
def read_only_disk(tmp_path: Path) -> Iterator[Callable[[], Path]]:
    """A folder to be filled; a call makes it read-only and returns it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    is_mounted = False
    if os.geteuid() == 0:  # who may write in spite of a folder's rights
        mount = ["mount", "-t", "tmpfs", "tmpfs", disk]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("nothing is read-only for root, but a disk, which cannot be mounted here")
        is_mounted = True

    def close() -> Path:
        if is_mounted:
            subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        else:
            for file in disk.iterdir():
                file.chmod(0o444)
            disk.chmod(0o555)
        return disk

    yield close
    if is_mounted:
        subprocess.run(["umount", "-l", disk], check=True)
    else:
        disk.chmod(0o755)


def test_a_store_on_a_read_only_disk_is_read(
    filled: Path, tmp_path: Path, read_only_disk: Callable[[], Path]
) -> None:
    shutil.copy(filled, tmp_path / "disk")
    path = read_only_disk() / "runs.sqlite"
    with Store(path, read_only=True) as store:
        assert store.count() == (1000, 1)
        assert len(store.outcomes()) == 1000
    assert [file.name for file in path.parent.iterdir()] == ["runs.sqlite"]
    said = sentence_of(path)
    assert said.startswith("the store 'RUNS' cannot be ")


@pytest.mark.parametrize("with_memory", [False, True])
def test_no_run_in_a_log_on_a_read_only_disk_is_overlooked(
    path: Path,
    tmp_path: Path,
    read_only_disk: Callable[[], Path],
    outcomes_of: Callable[..., Outcomes],
    with_memory: bool,
) -> None:
    with Store(path) as store:
        ids = store.add_experiments(["ab" * 32], ["{}"])
        store.add_runs(outcomes_of(range(7)), ids, store.add_command("test"))
        # As a kill leaves it.
        for file in path.parent.glob("runs.sqlite*"):
            if with_memory or not file.name.endswith("-shm"):
                shutil.copy(file, tmp_path / "disk")
    copy = read_only_disk() / "runs.sqlite"
    if with_memory:
        with Store(copy, read_only=True) as store:
            assert store.count() == (7, 1)
    else:
        said = sentence_of(copy, read_only=True)
        assert said == (
            "the store 'RUNS' was not closed, and its log 'runs.sqlite-wal' cannot be read on a "
            "read-only disk: copy both to another disk"
        )
