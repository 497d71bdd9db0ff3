"""The engine stops early and reduces learning rates as the network from scratch does, in any company."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlplab.engine import Stepper
from mlplab.outcome_stream import stream_outcomes
from mlplab.reference import train as train_by_reference
from mlplab.run import Outcomes, Run
from mlplab.spec import (
    SGD,
    Adam,
    EarlyStopping,
    Experiment,
    Network,
    ReduceLROnPlateau,
    Training,
)
from mlplab.spec.stopping import MONITORS
from mlplab.training import train
from mlplab.trial import draw

# A few samples that are hard to tell apart, so that losses go up and down; batches of 8, 8, 8 and 6.
NOISY = Experiment(
    dataset={
        "kind": "polar",
        "classes": 3,
        "sigma": 0.3,
        "train_per_class": 10,
        "test_per_class": 6,
    },
    network=Network(hidden_layers=2, layer_width=(5, 4), activation="tanh"),
    training=Training(
        loss="categorical_crossentropy", optimizer=Adam(learning_rate=0.1), batch_size=8, epochs=12
    ),
)

STOPPING = st.none() | st.builds(
    EarlyStopping,
    monitor=st.sampled_from(MONITORS),
    patience=st.integers(0, 4),
    min_delta=st.sampled_from([0.0, 0.01]),
    start_from_epoch=st.integers(0, 3),
    restore_best_weights=st.booleans(),
)
PLATEAU = st.none() | st.builds(
    ReduceLROnPlateau,
    monitor=st.sampled_from(MONITORS),
    factor=st.sampled_from([0.3, 0.5]),
    patience=st.integers(0, 3),
    cooldown=st.integers(0, 2),
    min_lr=st.sampled_from([0.0, 0.01, 1.0]),
)


def described(stop: Any, reduce: Any, **training: Any) -> Experiment:
    rules = {"early_stopping": stop, "reduce_lr_on_plateau": reduce}
    return NOISY.varied({f"training.{name}": each for name, each in (rules | training).items()})


def assert_same(one: Run, other: Run) -> None:
    """Two runs are the same, to the last bit."""
    for a, b in zip((*one.weights, *one.biases), (*other.weights, *other.biases), strict=True):
        assert a.tobytes() == b.tobytes()
    histories = one.history.arrays(), other.history.arrays()
    for name in histories[0].keys() | histories[1].keys():
        assert histories[0][name].tobytes() == histories[1][name].tobytes(), name
    for name in ("updates", "epochs", "best_epoch", "ending", "train_loss", "test_loss"):
        assert getattr(one, name) == getattr(other, name)


def gap(ours: Run, theirs: Run) -> float:
    """Return the largest difference of two runs, of weights and histories."""
    pairs = [*zip((*ours.weights, *ours.biases), (*theirs.weights, *theirs.biases), strict=True)]
    pairs += zip(ours.history.arrays().values(), theirs.history.arrays().values(), strict=True)
    for a, b in pairs:
        np.testing.assert_array_equal(np.isnan(a), np.isnan(b))
    return max(float(np.nanmax(np.abs(a - b), initial=0.0)) for a, b in pairs)


RULES = [
    (EarlyStopping(patience=2), None),
    (EarlyStopping(monitor="val_accuracy", patience=3, restore_best_weights=True), None),
    (EarlyStopping(monitor="loss", min_delta=0.02, restore_best_weights=True), None),
    (EarlyStopping(patience=99, restore_best_weights=True), None),
    (None, ReduceLROnPlateau(factor=0.5, patience=1, cooldown=1, min_lr=0.02)),
    (EarlyStopping(patience=4), ReduceLROnPlateau(monitor="accuracy", factor=0.3, patience=1)),
]


@pytest.mark.parametrize(("stop", "reduce"), RULES)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_as_the_network_from_scratch(stop: Any, reduce: Any, dtype: str, tolerance: Any):
    spec = described(stop, reduce, dtype=dtype)
    runs = train(spec, replications=17, seed=3)
    for run in runs:
        ref = train_by_reference(draw(spec, run.seed))
        assert (run.epochs, run.best_epoch) == (ref.epochs, ref.best_epoch)
        near = tolerance.float64 if dtype == "float64" else tolerance.trajectory_float32
        assert gap(run, ref) < near


@settings(max_examples=25)
@given(
    stop=STOPPING,
    reduce=PLATEAU,
    optimizer=st.sampled_from([Adam(learning_rate=0.1), SGD(learning_rate=2.0, momentum=0.5)]),
    dtype=st.sampled_from(["float32", "float64"]),
    seed=st.integers(0, 99),
    parts=st.lists(st.integers(1, 11), min_size=1, max_size=5),
)
def test_alone_in_a_block_and_in_parts_it_is_the_same(
    stop: Any, reduce: Any, optimizer: Any, dtype: str, seed: int, parts: list[int]
):
    spec = described(stop, reduce, optimizer=optimizer, dtype=dtype)
    block = train(spec, replications=16, seed=seed, threads=1)
    alone = train(spec, replications=1, seed=seed, threads=1)[0]
    assert_same(alone, block[0])
    stepper, left = Stepper(draw(spec, seed)), 4 * spec.training.epochs
    for i in range(left):
        made = min(parts[i % len(parts)], left)
        stepper.train(made)
        left -= made
        if i % 2:  # now and then it goes on elsewhere
            other = Stepper(draw(spec, seed))
            other.resume(stepper.snapshot)
            stepper = other
        if not left:
            break
    stepper.restore_best_weights()
    assert stepper.stopped == alone.stopped_early or stepper.epoch == spec.training.epochs
    assert (stepper.step, stepper.epoch) == (alone.updates, alone.epochs)
    for a, b in zip(
        (*alone.weights, *alone.biases), [w for each in stepper.network for w in each], strict=True
    ):
        assert a.tobytes() == b.tobytes()
    reached = alone.history.train_loss[: alone.epochs]
    assert stepper.history.train_loss.tobytes() == reached.tobytes()


def test_members_of_a_block_have_rules_of_their_own():
    """A block goes on until its last member has ended, and nobody's numbers depend on the others."""
    experiments = [
        described(
            EarlyStopping(
                patience=patience, start_from_epoch=patience % 3, restore_best_weights=True
            ),
            ReduceLROnPlateau(factor=factor, patience=1, min_lr=0.01 * patience),
        )
        for patience in range(8)
        for factor in (0.3, 0.7)
    ]
    which, seeds = np.arange(16), np.full(16, 7)
    blocks = list(stream_outcomes(experiments, which, seeds, threads=1))
    together = Outcomes.concatenate(blocks)
    together = together[np.argsort(together.experiment)]
    assert len(np.unique(together.updates)) > 3
    for place, spec in enumerate(experiments):
        own = Outcomes.from_runs(train(spec, seed=7, threads=1))
        for f in fields(Outcomes):
            if f.name not in ("experiment", "seconds"):
                assert getattr(together, f.name)[place] == getattr(own, f.name)[0], f.name


@pytest.mark.parametrize("replications", [1, 16])
def test_a_rule_that_needs_validation_has_it(replications: int):
    spec = described(EarlyStopping(patience=1, restore_best_weights=True), None)
    with_scores = train(spec, replications=replications)
    without = train(spec, replications=replications, validate=False)
    for a, b in zip(with_scores, without, strict=True):
        assert a.epochs == b.epochs < spec.training.epochs
        assert a.weights[0].tobytes() == b.weights[0].tobytes()


def test_a_rule_that_needs_none_leaves_it_out():
    runs = train(described(EarlyStopping(monitor="loss"), None), validate=False)
    assert np.isnan(runs.history.validation_loss).all()


def test_what_is_left_of_a_run_is_of_the_epoch_whose_weights_it_has():
    """The final weights are those of the best epoch, and so are the outcome's validation scores."""
    spec = described(EarlyStopping(patience=2, restore_best_weights=True), None)
    runs = train(spec, replications=20)
    outcomes = Outcomes.from_runs(runs)
    assert (runs.best_epoch < runs.epochs).any()
    for run, loss in zip(runs, outcomes.validation_loss.tolist(), strict=True):
        stepper = Stepper(draw(spec, run.seed))
        assert stepper.scores("validation", (run.weights, run.biases))[0] == loss
        stepper.train(stepper.updates_per_epoch * int(run.best_epoch))
        assert stepper.network[0][0].tobytes() == run.weights[0].tobytes()


def test_a_stepper_says_its_learning_rate_and_that_it_stopped():
    spec = described(
        EarlyStopping(patience=3), ReduceLROnPlateau(factor=0.5, patience=1), epochs=40
    )
    stepper = Stepper(draw(spec, 1))
    assert (stepper.learning_rate, stepper.stopped) == (0.1, False)
    stepper.train(40 * stepper.updates_per_epoch)
    assert stepper.stopped
    assert stepper.epoch < 40
    assert stepper.learning_rate < 0.1
    before = stepper.step
    stepper.train(5)
    assert stepper.step == before


def test_a_run_that_diverges_is_not_said_to_have_stopped():
    spec = described(EarlyStopping(patience=1), None, optimizer=SGD(learning_rate=1e38)).varied(
        {"network.activation": "relu", "training.loss": "mean_squared_error"}
    )
    for runs in (train(spec, replications=16), train(spec)):
        diverged = runs.cause == "loss"
        assert diverged[0]
        assert not runs.stopped_early[diverged].any()
        lost = np.isfinite(runs.history.train_loss[diverged]).sum(axis=1) + 1
        np.testing.assert_array_equal(runs.epochs[diverged], lost)
    stepper = Stepper(draw(spec, 0))
    stepper.train(8)
    assert (stepper.diverged, stepper.stopped) == (True, False)
