"""A map and a search that are killed at any moment, and go on, leave the store of one that never was."""

from __future__ import annotations

from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from mlplab.spec import Experiment
from mlplab.store import Store
from mlplab.sweep import Axis, MapPlan, SearchPlan, Space, train_map, train_search

from .killing import TrainInto, kill_again_and_again, rows

BASE = Experiment(
    dataset={"kind": "linear", "train_per_class": 100, "test_per_class": 20},
    training={"batch_size": 4, "epochs": 8},
)
RATE, MOMENTUM = "training.optimizer.learning_rate", "training.optimizer.momentum"


def large_map() -> MapPlan:
    x = Axis.parse(f"{RATE}=log:0.001:10:70", BASE)
    y = Axis.parse(f"{MOMENTUM}=lin:0:0.99:70", BASE)
    return MapPlan.of(BASE, x, y, replications=6)


def map_into(path: Path, began: Event | None = None) -> None:
    with Store(path) as store:
        train_map(large_map(), store, progress=lambda done, found: tell(began, done, found))


def halving() -> SearchPlan:
    space = Space.from_table({RATE: "log:0.001:10", MOMENTUM: "lin:0:0.99"}, BASE)
    return SearchPlan.of(BASE, space, candidates=81, replications=2187, halving="replications")


def halving_into(path: Path, began: Event | None = None) -> None:
    with Store(path) as store:
        train_search(halving(), store, progress=lambda done, found: tell(began, done, found))


def tell(began: Event | None, done: int, found: int) -> None:
    if began is not None and done > found:
        began.set()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("train_into", "run_count"),
    [
        pytest.param(map_into, large_map().run_count, id="map"),
        pytest.param(halving_into, halving().run_count, id="search"),
    ],
)
def test_many_kills_lose_nothing_and_count_nothing_twice(
    train_into: TrainInto, run_count: int, tmp_path: Path
) -> None:
    whole = tmp_path / "whole.sqlite"
    train_into(whole, None)
    assert len(rows(whole)) == run_count
    kill_again_and_again(train_into, tmp_path / "killed.sqlite", whole, kills=8, seed=13)
