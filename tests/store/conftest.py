"""Stores to test with: outcomes that follow from their seeds, and what a store has in it."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.run import Outcomes
from mlplab.run.ending import TEXT_TYPES
from mlplab.store import Store

Contents = list[tuple[Any, ...]]


def make_outcomes(seeds: range, experiments: int = 1) -> Outcomes:
    """Return made-up runs of these seeds of each experiment: always the same of the same seed."""
    experiment = np.repeat(np.arange(experiments), len(seeds))
    seed = np.tile(np.array(seeds, np.int64), experiments)
    values = [np.sin(1 + experiment + seed * k) for k in range(1, 8)]
    values[0][seed % 5 == 0] = np.nan
    values[1][seed % 7 == 0] = np.inf
    return Outcomes(
        experiment,
        seed,
        np.array(["finished", "stuck", "diverged"], TEXT_TYPES["ending"])[seed % 3],
        np.array(["", "chance", "loss"], TEXT_TYPES["cause"])[seed % 3],
        *values[:6],
        updates=seed * 10,
        seconds=np.abs(values[6]),
    )


def make_key(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


@pytest.fixture(scope="session")
def outcomes_of() -> Callable[..., Outcomes]:
    return make_outcomes


@pytest.fixture(scope="session")
def key_of() -> Callable[[int], str]:
    return make_key


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as store:
        yield store


@pytest.fixture(scope="session")
def contents() -> Callable[[Path], Contents]:
    """Return what is in a store and must not differ between machines, after a check of its pages."""

    def read(path: Path) -> Contents:
        with Store(path, read_only=True) as store:
            rows = [row[:-3] for row in store.rows()]
        connection = sqlite3.connect(path)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.close()
        return rows

    return read
