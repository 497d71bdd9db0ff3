"""Runs are deleted by one process while another one trains: no run becomes another experiment's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from mlplab.errors import StoreError
from mlplab.run import Outcomes
from mlplab.spec import Experiment
from mlplab.store import RunFilter, Store, spec_text

LINEAR = Experiment(dataset="linear")
POLAR, LARGER = (Experiment(dataset="polar", training={"batch_size": n}) for n in (16, 32))


@pytest.fixture
def other(path: Path, store: Store) -> Iterator[Store]:
    """The store as another process has it open."""
    with Store(path) as opened:
        yield opened


def add(store: Store, experiment: Experiment) -> int:
    (number,) = store.add_experiments([experiment.key], [spec_text(experiment)])
    return int(number)


def add_runs(store: Store, number: int, command: int, outcomes: Outcomes) -> int:
    return store.add_runs(outcomes, np.array([number]), command)


def test_what_is_deleted_leaves_its_id_to_no_other(
    store: Store, other: Store, outcomes_of: Callable[..., Outcomes]
) -> None:
    linear, command = add(store, LINEAR), store.add_command("trains")
    add_runs(store, linear, command, outcomes_of(range(2)))
    other.delete(RunFilter())
    assert add(other, POLAR) != linear
    assert other.add_command("another one") != command
    add_runs(store, linear, command, outcomes_of(range(2, 4)))
    assert [each.key for each in store.experiments()] == [LINEAR.key]
    assert [each.text for each in store.commands()] == ["trains"]


def test_what_has_no_run_yet_is_not_deleted_with_others(
    store: Store, other: Store, outcomes_of: Callable[..., Outcomes]
) -> None:
    linear, command = add(store, LINEAR), store.add_command("trains")
    polar, later = add(other, POLAR), other.add_command("another one")
    add(other, LARGER)
    add_runs(other, polar, later, outcomes_of(range(2)))
    assert other.delete(RunFilter()) == 2
    assert add_runs(store, linear, command, outcomes_of(range(2))) == 2
    assert [each.key for each in store.experiments()] == [LINEAR.key]


@pytest.mark.parametrize("deleted", ["experiment", "command"])
def test_runs_of_what_was_deleted_meanwhile_are_refused(
    store: Store, other: Store, outcomes_of: Callable[..., Outcomes], deleted: str
) -> None:
    linear, command = add(store, LINEAR), store.add_command("trains")
    add_runs(store, linear, command, outcomes_of(range(2)))
    if deleted == "experiment":
        add(other, POLAR)
    else:
        other.add_command("another one")
    other.delete(RunFilter())
    with pytest.raises(StoreError, match=r"was deleted from it since they began; run the same"):
        add_runs(store, linear, command, outcomes_of(range(2, 4)))
    assert store.count() == (0, 0)
