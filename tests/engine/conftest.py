"""What the tests of the engine share: when two runs are the same, and populations of their own making."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

import pytest

from mlplab.engine import Population
from mlplab.engine.jobs import Shape
from mlplab.run import Run
from mlplab.spec import Experiment
from mlplab.trial import Trials

SCALARS = (
    *("train_loss", "train_accuracy", "test_loss", "test_accuracy"),
    *("seed", "updates", "ending", "cause"),
)


def assert_same(one: Run, other: Run) -> None:
    """Assert that two runs agree bit for bit, but for the time they took."""
    for a, b in zip((*one.weights, *one.biases), (*other.weights, *other.biases), strict=True):
        assert a.dtype == b.dtype
        assert a.shape == b.shape
        assert a.tobytes() == b.tobytes()
    mine, others = one.history.arrays(), other.history.arrays()
    assert mine.keys() == others.keys()
    for name, array in mine.items():
        assert array.tobytes() == others[name].tobytes(), name
    # A loss that is not a number does not equal itself.
    assert [repr(getattr(one, name)) for name in SCALARS] == [
        repr(getattr(other, name)) for name in SCALARS
    ]


@pytest.fixture(scope="session")
def same() -> Callable[[Run, Run], None]:
    """A function that asserts that two runs agree bit for bit, but for the time they took."""
    return assert_same


Populate = Callable[..., list[Run]]


def grouped(members: Sequence[tuple[Experiment, int]]) -> list[Trials]:
    """Return the trials of experiments and seeds, of neighbours of one experiment together."""
    return [
        Trials.from_seeds(experiment, [seed for _, seed in neighbours])
        for experiment, neighbours in groupby(members, key=lambda member: member[0])
    ]


@pytest.fixture(scope="session")
def populate() -> Populate:
    """A function that trains experiments from seeds: in blocks, alone, or as `make_jobs` likes."""

    def train(
        members: Sequence[tuple[Experiment, int]] | Trials,
        how: str = "as it likes",
        threads: int = 2,
        validate: bool = True,
    ) -> list[Run]:
        groups = [members] if isinstance(members, Trials) else grouped(members)
        with pytest.MonkeyPatch.context() as patch:
            if how != "as it likes":
                patch.setattr(Shape, "block_worth", {"in blocks": 0.0, "alone": float("inf")}[how])
            population = Population(groups, threads, keep_weights=1000, validate=validate)
            for _ in population.train(lambda done: None):
                pass
        return [run for results in population.results for run in results.runs()]

    return train
