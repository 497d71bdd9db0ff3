"""A store gives back what was put in, to the bit, each run once."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlplab.errors import MlplabError, StoreError
from mlplab.run import Outcomes
from mlplab.spec import Experiment
from mlplab.store import (
    READABLE,
    BlockWriter,
    Condition,
    RunFilter,
    Store,
    changes_text,
    spec_text,
)
from mlplab.store.schema import CAUSES, ENDINGS

POLAR = Experiment(
    dataset={"kind": "polar", "sigma": 0.1},
    network={"hidden_layers": 2, "layer_width": 5, "activation": "relu"},
)

floats = st.floats(width=64)
seconds = st.floats(min_value=0, allow_infinity=False)
whole = st.integers(0, 2**62)
rows = st.tuples(
    st.integers(0, 2),
    whole,
    st.sampled_from(ENDINGS),
    st.sampled_from(CAUSES),
    *[floats] * 6,
    whole,
    seconds,
)


def as_outcomes(table: list[tuple[Any, ...]]) -> Outcomes:
    kinds = [np.int64, np.int64, "<U8", "<U9", *[np.float64] * 6, np.int64, np.float64]
    columns = zip(*table, strict=True) if table else [[]] * len(kinds)
    return Outcomes(*(np.array(c, k) for c, k in zip(columns, kinds, strict=True)))


def assert_equal(one: Outcomes, other: Outcomes) -> None:
    """Compare bits, but that a store has one not-a-number and one zero."""
    for field in fields(Outcomes):
        a, b = getattr(one, field.name), getattr(other, field.name)
        assert a.dtype == b.dtype, field.name
        if a.dtype.kind == "f":
            a, b = (np.where(np.isnan(x), np.nan, x + 0.0).view(np.int64) for x in (a, b))
        np.testing.assert_array_equal(a, b, err_msg=field.name)


@pytest.fixture
def filled(
    store: Store, outcomes_of: Callable[..., Outcomes], key_of: Callable[[int], str]
) -> Store:
    """Three experiments with 40 runs each."""
    ids = store.add_experiments([key_of(i) for i in range(3)], ["{}"] * 3)
    store.add_runs(outcomes_of(range(40), 3), ids, store.add_command("test"))
    return store


@given(st.lists(rows, unique_by=lambda row: row[:2]))
def test_what_comes_out_is_what_went_in(table: list[tuple[Any, ...]]) -> None:
    outcomes = as_outcomes(table)
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "s.sqlite") as store:
        ids = store.add_experiments([f"{i:064x}" for i in range(3)], ["{}"] * 3)
        command = store.add_command("test")
        assert store.add_runs(outcomes, ids, command) == len(table)
        # Again, and as blocks of one: none is new, and none changes.
        assert store.add_runs(outcomes, ids, command) == 0
        found = store.outcomes()
    order = np.lexsort((outcomes.seed, outcomes.experiment))
    assert_equal(found, outcomes[order].of(ids))


@pytest.mark.usefixtures("filled")
def test_a_run_that_is_there_stays_as_it_is(
    path: Path, outcomes_of: Callable[..., Outcomes], key_of: Callable[[int], str]
) -> None:
    with Store(path) as store:
        before = store.outcomes()
        ids = store.add_experiments([key_of(1)], ["{}"])
        other = outcomes_of(range(100, 103))
        changed = Outcomes(**{**vars(other), "seed": np.array([38, 39, 40])})
        assert store.add_runs(changed, ids, store.add_command("another")) == 1
        after = store.outcomes()
        assert len(after) == 121
        assert_equal(after[~((after.experiment == ids[0]) & (after.seed == 40))], before)


def test_an_experiment_is_made_anew(store: Store) -> None:
    changes = {"training.batch_size": 4, "network.activation": "tanh"}
    variant = POLAR.varied(changes)
    (base,) = store.add_experiments([POLAR.key], [spec_text(POLAR)])
    (other,) = store.add_experiments([variant.key], [changes_text(changes)], int(base))
    assert store.experiment(int(base)) == POLAR
    assert store.experiment(int(other)) == variant


def test_an_experiment_keeps_its_id(store: Store, key_of: Callable[[int], str]) -> None:
    first = store.add_experiments([key_of(i) for i in range(5)], ["{}"] * 5)
    again = store.add_experiments([key_of(i) for i in (7, 3, 7, 0)], ["{}"] * 4)
    assert len(set(first)) == 5
    assert again.tolist() == [again[0], first[3], again[0], first[0]]
    assert again[0] not in first


@pytest.mark.parametrize(
    "text", [changes_text({"training.batch_size": 4}), "[", "[1]", '{"dataset":"none"}', '{"a":1}']
)
def test_a_text_that_is_not_of_its_key_is_damage(store: Store, text: str) -> None:
    (base,) = store.add_experiments([POLAR.key], [spec_text(POLAR)])
    (wrong,) = store.add_experiments(["ab" * 32], [text], int(base))
    with pytest.raises(StoreError, match="is damaged: its experiment abababababab cannot be made"):
        store.experiment(int(wrong))


@pytest.mark.parametrize(
    "chosen",
    [
        RunFilter(),
        RunFilter(seeds=(3, 17)),
        RunFilter(ending="stuck"),
        RunFilter(conditions=[Condition.parse("test_accuracy>=0.25")]),
        RunFilter(conditions=[Condition("train_accuracy", "=", np.inf)]),
        RunFilter(conditions=[Condition.parse("train_loss != 0"), Condition.parse("updates<200")]),
        RunFilter("5", seeds=(0, 30), ending="finished", conditions=[Condition.parse("seed>4")]),
    ],
    ids=str,
)
def test_a_filter_means_what_numpy_means(
    filled: Store, chosen: RunFilter, key_of: Callable[[int], str]
) -> None:
    runs = filled.outcomes()
    wanted = np.ones(len(runs), bool)
    if chosen.experiment:
        ids = [i for i in range(3) if key_of(i).startswith(chosen.experiment)]
        assert len(ids) == 1  # else this would test nothing
        wanted &= np.isin(runs.experiment, filled.add_experiments([key_of(ids[0])], ["{}"]))
    if chosen.seeds:
        wanted &= (runs.seed >= chosen.seeds[0]) & (runs.seed <= chosen.seeds[1])
    if chosen.ending:
        wanted &= runs.ending == chosen.ending
    relations = {">": np.greater, ">=": np.greater_equal, "<": np.less, "=": np.equal}
    for condition in chosen.conditions:
        column = getattr(runs, condition.column.replace("accuracy", "metric"))
        if condition.relation == "!=":
            wanted &= (column != condition.value) & ~np.isnan(column)
        else:
            wanted &= relations[condition.relation](column, condition.value)
    assert wanted.any()
    assert_equal(filled.outcomes(chosen), runs[wanted])
    n = int(wanted.sum())
    assert filled.count(chosen) == (n, len(set(runs.experiment[wanted])))
    assert sum(1 for _ in filled.rows(chosen)) == n
    assert sum(e.runs for e in filled.experiments(chosen)) == n
    # The rest stays, and only that.
    assert filled.delete(chosen) == n
    assert_equal(filled.outcomes(), runs[~wanted])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("test_accuracy", "a condition is a column, a comparison and a number"),
        ("test_accuracy>high", "a condition is a column, a comparison and a number"),
        ("test_accuracy>nan", "a condition is a column, a comparison and a number"),
        ("accuracy>0.9", "unknown column 'accuracy'; did you mean 'train_accuracy'"),
        ("seed;DROP>1", "a condition is a column, a comparison and a number"),
    ],
)
def test_what_is_no_condition_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(MlplabError, match=sentence):
        Condition.parse(text)


def test_what_is_no_filter_is_refused() -> None:
    with pytest.raises(MlplabError, match="hexadecimal digits of its key, received 'xyz'"):
        RunFilter("xyz")
    with pytest.raises(MlplabError, match="unknown ending 'done'"):
        RunFilter(ending="done")  # type: ignore[arg-type]
    with pytest.raises(MlplabError, match="last seed must not be below the first, received 3-2"):
        RunFilter(seeds=(3, 2))


def test_deleting_leaves_what_is_needed(store: Store, outcomes_of: Callable[..., Outcomes]) -> None:
    variants = [POLAR.varied({"training.batch_size": n}) for n in (1, 2)]
    base = int(store.add_experiments([POLAR.key], [spec_text(POLAR)])[0])
    specs = [changes_text({"training.batch_size": n}) for n in (1, 2)]
    ids = store.add_experiments([v.key for v in variants], specs, base)
    store.add_runs(outcomes_of(range(5), 2), ids, store.add_command("one"))
    sweep = store.add_sweep("00" * 32, {})
    store.add_cells(sweep, np.array([0]), ids[:1])
    (last,) = store.add_experiments(["ff" * 32], [""])
    store.delete(RunFilter())
    assert (store.count(), store.commands()) == ((0, 0), [])
    # One is a cell, and the base is what it is made from; the other is gone. The last one never had runs.
    assert store.experiment(int(ids[0])) == variants[0]
    with closing(sqlite3.connect(store.path)) as connection:
        assert sorted(connection.execute("SELECT id FROM experiments")) == [
            (base,),
            (ids[0],),
            (last,),
        ]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_the_view_says_what_rows_say(filled: Store) -> None:
    with closing(sqlite3.connect(filled.path)) as connection:
        view = connection.execute(
            f"SELECT {', '.join(READABLE)} FROM readable_runs ORDER BY experiment, seed"
        ).fetchall()
    assert view == list(filled.rows())
    assert len(view) == 120


def test_the_codes_in_sql_are_those_in_python(store: Store) -> None:
    table = [
        (0, i, e, c, *[0.5] * 6, 1, 1.0)
        for i, (e, c) in enumerate(zip(ENDINGS * 2, CAUSES, strict=False))
    ]
    ids = store.add_experiments(["ab" * 32], ["{}"])
    store.add_runs(as_outcomes(table), ids, store.add_command("x"))
    with closing(sqlite3.connect(store.path)) as connection:
        found = connection.execute("SELECT ending, cause FROM readable_runs").fetchall()
    assert found == [row[2:4] for row in table]


def test_a_sweep_knows_its_cells(
    store: Store, outcomes_of: Callable[..., Outcomes], key_of: Callable[[int], str]
) -> None:
    ids = store.add_experiments([key_of(i) for i in range(3)], ["{}"] * 3)
    sweep = store.add_sweep("cd" * 32, {"x": "training.batch_size"})
    assert store.add_sweep("cd" * 32, {"x": "training.batch_size"}) == sweep
    # Two cells are one experiment, as where an axis has a value twice.
    cells, of = np.array([0, 1, 2, 5]), ids[[2, 0, 2, 1]]
    for _ in range(2):
        store.add_cells(sweep, cells, of)
    np.testing.assert_array_equal(store.cells(sweep), (cells, of))
    store.add_runs(outcomes_of(range(10, 14), 2), ids[[0, 2]], store.add_command("x"))
    cell, seed = store.done(sweep, (11, 12))
    assert cell.tolist() == [0, 0, 1, 1, 2, 2]
    assert seed.tolist() == [11, 12] * 3
    found = store.sweep_outcomes(sweep, (11, 12))
    assert found.experiment.tolist() == cell.tolist()
    assert_equal(found[2:4].of(np.array([0, 0])), outcomes_of(range(11, 13)))
    assert len(store.done(sweep)[0]) == 12
    (described,) = store.sweeps()
    assert (described.key, described.description) == ("cd" * 32, {"x": "training.batch_size"})


def test_readers_see_whole_transactions_and_wait_for_nobody(
    path: Path, outcomes_of: Callable[..., Outcomes]
) -> None:
    seen: set[int] = set()
    with Store(path) as store:
        ids = store.add_experiments(["ab" * 32], ["{}"])
        command = store.add_command("x")
        stop = threading.Event()

        def read() -> None:
            with Store(path, read_only=True) as reader:
                while not stop.is_set():
                    seen.add(reader.count()[0])

        thread = threading.Thread(target=read)
        thread.start()
        for block in range(40):
            store.add_runs(outcomes_of(range(100 * block, 100 * block + 100)), ids, command)
        stop.set()
        thread.join()
    assert len(seen) > 3
    assert all(count % 100 == 0 for count in seen)


def test_a_snapshot_does_not_see_what_is_written_meanwhile(
    filled: Store, outcomes_of: Callable[..., Outcomes]
) -> None:
    with Store(filled.path, read_only=True) as reader, reader.snapshot():
        assert reader.count() == (120, 3)
        ids = filled.add_experiments(["ff" * 32], ["{}"])
        filled.add_runs(outcomes_of(range(5)), ids, filled.add_command("later"))
        assert reader.count() == (120, 3)
    assert filled.count() == (125, 4)


def test_a_block_is_written_when_it_is_left(
    store: Store, outcomes_of: Callable[..., Outcomes], monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = store.add_experiments(["ab" * 32], ["{}"])

    def write_and_be_interrupted(writer: BlockWriter) -> None:
        with writer:
            writer.add(outcomes_of(range(3)), ids)
            writer.add(outcomes_of(range(0)), ids)
            assert (writer.written, store.count()) == (0, (0, 0))
            with monkeypatch.context() as patch:
                patch.setattr("mlplab.store.blocks.SECONDS", 0.0)
                writer.add(outcomes_of(range(3, 5)), ids)
            assert (writer.written, store.count()) == (5, (5, 1))
            writer.add(outcomes_of(range(5, 9)), ids)
            raise KeyboardInterrupt

    writer = BlockWriter(store, cache(lambda: store.add_command("interrupted")))
    with pytest.raises(KeyboardInterrupt):
        write_and_be_interrupted(writer)
    assert (writer.written, store.count()) == (9, (9, 1))
    assert [command.text for command in store.commands()] == ["interrupted"]


def test_a_word_that_no_store_knows_is_refused(
    store: Store, outcomes_of: Callable[..., Outcomes]
) -> None:
    ids = store.add_experiments(["ab" * 32], ["{}"])
    odd = replace(outcomes_of(range(2)), ending=np.array(["finished", "running"]))
    with pytest.raises(ValueError, match="'running'"):
        store.add_runs(odd, ids, store.add_command("test"))
    assert store.count() == (0, 0)


def test_a_block_that_is_interrupted_is_written_when_it_is_left(
    store: Store, outcomes_of: Callable[..., Outcomes], monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = store.add_experiments(["ab" * 32], ["{}"])
    command = store.add_command("interrupted")
    monkeypatch.setattr("mlplab.store.blocks.SECONDS", 0.0)
    real = Store.add_runs
    interrupts = iter([KeyboardInterrupt])

    def interrupted(*arguments: Any) -> int:
        for interrupt in interrupts:
            raise interrupt
        return real(*arguments)

    monkeypatch.setattr(Store, "add_runs", interrupted)
    with pytest.raises(KeyboardInterrupt), BlockWriter(store, lambda: command) as writer:
        writer.add(outcomes_of(range(7)), ids)
    assert (writer.written, store.count()) == (7, (7, 1))


def test_experiments_of_which_some_are_new_have_their_ids(
    store: Store, key_of: Callable[[int], str]
) -> None:
    with pytest.raises(ValueError, match="zip"):
        store.add_experiments([key_of(0)], [])
    first = store.add_experiments([key_of(i) for i in (1, 3)], ["{}"] * 2)
    mixed = store.add_experiments([key_of(i) for i in range(5)], ["{}"] * 5)
    assert mixed[[1, 3]].tolist() == first.tolist()
    with closing(sqlite3.connect(store.path)) as connection:
        rows = dict(connection.execute("SELECT lower(hex(key)), id FROM experiments"))
    assert rows == {key_of(i): mixed[i] for i in range(5)}
