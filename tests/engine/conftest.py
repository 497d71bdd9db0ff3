"""What the tests of the engine share: when two runs are the same, and populations of their own making."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields

import pytest

from mlplab.engine import Member, jobs, train_population
from mlplab.run import History, Run

SCALARS = ("train_loss", "train_accuracy", "test_loss", "test_accuracy", "updates", "ending")


def assert_same(one: Run, other: Run) -> None:
    """Assert that two runs agree bit for bit, but for the time they took."""
    for a, b in zip((*one.weights, *one.biases), (*other.weights, *other.biases), strict=True):
        assert a.dtype == b.dtype
        assert a.shape == b.shape
        assert a.tobytes() == b.tobytes()
    for field in fields(History):
        a, b = (getattr(run.history, field.name) for run in (one, other))
        assert a.tobytes() == b.tobytes(), field.name
    # A loss that is not a number does not equal itself.
    assert [repr(getattr(one, name)) for name in SCALARS] == [
        repr(getattr(other, name)) for name in SCALARS
    ]


@pytest.fixture(scope="session")
def same() -> Callable[[Run, Run], None]:
    """A function that asserts that two runs agree bit for bit, but for the time they took."""
    return assert_same


Populate = Callable[..., list[Run]]


@pytest.fixture(scope="session")
def populate() -> Populate:
    """A function that trains members: in blocks, alone, or as `make_jobs` likes; runs by index."""

    def train(members: Sequence[Member], how: str = "as it likes", threads: int = 2) -> list[Run]:
        runs: list[Run | None] = [None] * (1 + max(member.index for member in members))
        with pytest.MonkeyPatch.context() as patch:
            if how != "as it likes":
                worth = {"in blocks": 0.0, "alone": float("inf")}[how]
                patch.setattr(jobs, "block_worth", lambda experiment: worth)
            train_population(members, runs, threads, lambda done: None)
        return [run for run in runs if run is not None]

    return train
