"""Runs that nobody trained, of numbers that no other run has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from mlplab.run import Cause, Ending, History, Run, Runs
from mlplab.spec import Experiment, Network, Polar, Training

EXPERIMENT = Experiment(
    dataset=Polar(classes=3),
    network=Network(hidden_layers=1, layer_width=4, activation="relu"),
    training=Training(epochs=5),
)
ENDINGS: tuple[tuple[Ending, Cause], ...] = (
    ("finished", ""),
    ("diverged", "loss"),
    ("stuck", "one_class"),
    ("stuck", "chance"),
    ("diverged", "weights"),
)


def invented(seed: int, dtype: str = "float32", **changes: Any) -> Run:
    """A run of random numbers; one that diverged by its loss stops after two of five epochs."""
    generator = np.random.default_rng(seed)
    curves, ends = generator.random((4, 5)), generator.random(5)
    ending, cause = ENDINGS[seed % len(ENDINGS)]
    if cause == "loss":
        curves[:, 2:] = np.nan
        ends[:4] = np.inf, 0.5, np.nan, 0.25
    run = Run(
        experiment=EXPERIMENT,
        trainer="reference",
        label_names=("red", "green", "blue"),
        feature_names=("x1", "x2"),
        seed=seed,
        weights=tuple(generator.normal(size=s).astype(dtype) for s in [(4, 2), (3, 4)]),
        biases=tuple(generator.normal(size=s).astype(dtype) for s in [(4,), (3,)]),
        input_mean=generator.normal(size=2),
        input_scale=generator.random(2) + 0.5,
        history=History(*curves),
        train_loss=float(ends[0]),
        train_metric=float(ends[1]),
        test_loss=float(ends[2]),
        test_metric=float(ends[3]),
        predicted=generator.integers(100, size=3),
        labelled=generator.integers(100, size=3),
        updates=100 + seed,
        seconds=float(ends[4]),
        ending=ending,
        cause=cause,
        resplit_ratio=0.25,
    )
    return replace(run, **changes)


def invented_runs(kept: Sequence[bool] = (True,) * 5, dtype: str = "float32") -> list[Run]:
    """A run for each truth value, from seed 40 on, with weights where it is true."""
    runs = [invented(40 + i, dtype) for i in range(len(kept))]
    return [run if keeps else run.without_weights() for run, keeps in zip(runs, kept, strict=True)]


def assert_equal(ours: Run | Runs, theirs: Run | Runs) -> None:
    """Assert that two records are equal in every field, NaN for NaN, and in every dtype."""
    assert type(ours) is type(theirs)
    for field in fields(ours):
        a, b = getattr(ours, field.name), getattr(theirs, field.name)
        if isinstance(a, History):
            a, b = (list(h.arrays().values()) for h in (a, b))
        if not isinstance(a, list | tuple):
            a, b = [a], [b]
        for x, y in zip(a, b, strict=True):
            assert type(x) is type(y), field.name
            np.testing.assert_array_equal(x, y, err_msg=field.name)
            assert np.asarray(x).dtype == np.asarray(y).dtype, field.name


@pytest.fixture(scope="session")
def a_run() -> Callable[..., Run]:
    """Return `invented`."""
    return invented


@pytest.fixture(scope="session")
def some_runs() -> Callable[..., list[Run]]:
    """Return `invented_runs`."""
    return invented_runs


@pytest.fixture(scope="session")
def assert_same() -> Callable[[Run | Runs, Run | Runs], None]:
    """Return `assert_equal`."""
    return assert_equal
