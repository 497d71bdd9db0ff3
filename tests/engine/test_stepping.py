"""A trial trained in parts is that trained in one piece, to the last bit; it can be changed midway."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlplab.engine import Snapshot, Stepper, single
from mlplab.errors import MlplabError
from mlplab.reference import MultilayerPerceptron
from mlplab.run import Run
from mlplab.spec import (
    ACTIVATIONS,
    SGD,
    Adam,
    EarlyStopping,
    Experiment,
    ExponentialDecay,
    Network,
    Polar,
    ReduceLROnPlateau,
    Training,
)
from mlplab.training import train
from mlplab.trial import draw

OPTIMIZERS: dict[str, Any] = {
    "sgd": SGD(learning_rate=0.3),
    "momentum": SGD(learning_rate=0.2, momentum=0.5),
    "nesterov": SGD(learning_rate=0.2, momentum=0.5, nesterov=True),
    "adam": Adam(
        learning_rate=ExponentialDecay(
            initial_learning_rate=0.02, decay_steps=5, decay_rate=0.8, staircase=True
        )
    ),
}


def experiment(optimizer: Any = OPTIMIZERS["sgd"], **training: Any) -> Experiment:
    """Describe a small one: 39 samples, so that the last batch of an epoch is a small one."""
    described = {"optimizer": optimizer, "batch_size": 8, "epochs": 4} | training
    return Experiment(
        dataset=Polar(classes=3, train_per_class=13, test_per_class=5),
        network=Network(hidden_layers=2, layer_width=(6, 17), activation="tanh"),
        training=Training(**described),
    )


def assert_same(stepper: Stepper, run: Run) -> None:
    """Assert that a stepper has come to the end of a run, to the last bit."""
    weights, biases = stepper.network
    for a, b in zip((*run.weights, *run.biases), (*weights, *biases), strict=True):
        assert a.tobytes() == b.tobytes()
    for name, a in run.history.arrays().items():
        assert a.tobytes() == stepper.history.arrays()[name].tobytes(), name
    assert (stepper.step, stepper.epoch, stepper.used) == (run.updates, len(a), 0)
    assert stepper.scores("train") == (run.train_loss, run.train_accuracy)
    assert stepper.scores("test") == (run.test_loss, run.test_accuracy)


def test_looking_at_the_history_copies_nothing_and_cannot_change_it():
    stepper = Stepper(draw(experiment(), seed=1))
    stepper.train(12)
    first, again = stepper.history.train_loss, stepper.history.train_loss
    assert np.shares_memory(first, again)
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 0
    before = first.tolist()
    stepper.train(12)
    assert stepper.history.train_loss[: len(before)].tolist() == first.tolist() == before


@pytest.mark.parametrize(
    ("optimizer", "loss", "dtype"),
    list(
        product(
            OPTIMIZERS,
            ("mean_squared_error", "categorical_crossentropy"),
            ("float32", "float64"),
        )
    ),
)
def test_update_by_update_it_is_the_run_of_train(optimizer: str, loss: str, dtype: str):
    spec = experiment(OPTIMIZERS[optimizer], loss=loss, dtype=dtype)
    run = train(spec, seed=5)[0]
    stepper = Stepper(draw(spec, 5))
    for _ in range(run.updates):
        stepper.train(1)
    assert_same(stepper, run)


@settings(max_examples=40)
@given(
    parts=st.lists(st.integers(0, 9), max_size=12),
    batch_size=st.sampled_from([1, 5, 16, 39, 1000]),
)
def test_any_parts_make_the_same_whole(parts: list[int], batch_size: int):
    spec = experiment(OPTIMIZERS["momentum"], batch_size=batch_size, epochs=2)
    run = train(spec, seed=2)[0]
    stepper = Stepper(draw(spec, 2))
    for part in parts:
        stepper.train(min(part, run.updates - stepper.step))
    stepper.train(run.updates - stepper.step)
    assert_same(stepper, run)


def test_to_the_end_of_the_epoch_and_on_beyond_the_epochs():
    spec = experiment(epochs=1)
    stepper = Stepper(draw(spec, 0))
    stepper.train(2)
    assert (stepper.epoch, stepper.used, stepper.updates_left) == (0, 16, 3)
    stepper.train(stepper.updates_left)
    assert (stepper.epoch, stepper.used, stepper.updates_left) == (1, 0, 5)
    stepper.train(200 * 5)
    assert_same(stepper, train(experiment(epochs=201), seed=0)[0])


def test_a_run_that_diverges_ends_where_train_ends_it():
    spec = experiment(SGD(learning_rate=1e39), epochs=6, dtype="float32")
    with np.errstate(all="ignore"):
        run = train(spec, seed=0)[0]
    assert run.ending == "diverged"
    stepper = Stepper(draw(spec, 0))
    stepper.train(30)
    assert stepper.diverged
    assert stepper.step == run.updates
    assert stepper.epoch == run.updates // 5
    before = stepper.step
    stepper.train(10)
    assert stepper.step == before


# ---- Changed on the way --------------------------------------------------------------------------


def test_another_learning_rate_is_that_of_a_schedule_with_that_step():
    # 0.3 up to update 6, 0.1 from then on, is what the change in flight must come to.
    schedule = {
        "kind": "piecewise_constant_decay",
        "boundaries": [6],
        "values": [0.3, 0.1],
    }
    run = train(experiment(SGD(learning_rate=schedule)), seed=1)[0]
    stepper = Stepper(draw(experiment(), 1))
    stepper.train(7)
    stepper.change(stepper.training.model_copy(update={"optimizer": SGD(learning_rate=0.1)}))
    assert stepper.learning_rate == 0.1
    stepper.train(run.updates - 7)
    assert_same(stepper, run)


def test_another_batch_size_divides_the_rest_of_the_epoch():
    stepper = Stepper(draw(experiment(), 1))
    stepper.train(2)
    stepper.change(stepper.training.model_copy(update={"batch_size": 20}))
    assert (stepper.updates_left, stepper.updates_per_epoch) == (2, 2)
    stepper.train(2)
    assert (stepper.step, stepper.epoch, stepper.used) == (4, 1, 0)


@pytest.mark.parametrize(
    "other",
    [
        {"loss": "categorical_crossentropy"},
        {"dtype": "float64"},
        {"optimizer": Adam()},
        {"optimizer": SGD(learning_rate=0.3, momentum=0.1)},
        {"early_stopping": EarlyStopping()},
        {"reduce_lr_on_plateau": ReduceLROnPlateau()},
    ],
)
def test_what_changes_the_mathematics_is_refused(other: dict[str, Any]):
    stepper = Stepper(draw(experiment(), 1))
    with pytest.raises(MlplabError, match="only learning rate, batch size and epochs can change"):
        stepper.change(stepper.training.model_copy(update=other))


# ---- Put elsewhere -------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_it_goes_on_elsewhere_as_it_would_have(optimizer: str):
    spec = experiment(OPTIMIZERS[optimizer])
    run = train(spec, seed=3)[0]
    one, other = Stepper(draw(spec, 3)), Stepper(draw(spec, 3))
    one.train(8)
    assert one.used > 0
    other.train(3)
    other.resume(one.snapshot)
    other.train(run.updates - 8)
    assert_same(other, run)


def wrong(snapshot: Snapshot) -> dict[str, tuple[Snapshot, str]]:
    return {
        "negative": (replace(snapshot, step=-1), "whole numbers from 0 on"),
        "no number": (replace(snapshot, epoch="1"), "whole numbers from 0 on"),
        "too many samples": (replace(snapshot, used=39), "39 samples far"),
        "too few updates": (replace(snapshot, step=0), "cannot be 1 epochs"),
        "no history": (replace(snapshot, history=snapshot.history[:1]), "as many lines"),
        "not watched": (replace(snapshot, watched=np.zeros(3)), "numbers that are watched"),
        "a layer less": (replace(snapshot, weights=snapshot.weights[:-1]), "another network"),
        "other numbers": (
            replace(snapshot, biases=tuple(b.astype(np.float64) for b in snapshot.biases)),
            "another network",
        ),
    }


@pytest.mark.parametrize(
    "what", wrong(Snapshot(*(0,) * 3, *((),) * 6, np.empty((0, 4)), np.empty(0)))
)
def test_a_snapshot_that_cannot_be_is_refused_and_changes_nothing(what: str):
    stepper = Stepper(draw(experiment(), 3))
    stepper.train(8)
    before = stepper.snapshot
    given_snapshot, sentence = wrong(before)[what]
    with pytest.raises(MlplabError, match=sentence):
        stepper.resume(given_snapshot)
    after = stepper.snapshot
    assert after.step == before.step
    assert after.weights[0].tobytes() == before.weights[0].tobytes()


def test_other_numbers_are_trained_on_from():
    one, other = Stepper(draw(experiment(), 3)), Stepper(draw(experiment(), 4))
    one.train(5)
    other.train(5)
    one.replace(*other.network)
    for a, b in zip(one.network[0], other.network[0], strict=True):
        assert a.tobytes() == b.tobytes()
    assert one.step == 5
    with pytest.raises(MlplabError, match="another network"):
        one.replace(other.network[0][:-1], other.network[1])


# ---- What it answers -----------------------------------------------------------------------------


@pytest.mark.parametrize("activation", [*ACTIVATIONS, ("tanh", "relu"), ("softplus", "tanh")])
def test_neurons_answer_as_those_of_the_network_from_scratch(activation: Any, tolerance: Any):
    spec = Experiment(
        dataset="polar",
        network=Network(hidden_layers=2, layer_width=(5, 20), activation=activation),
        training=Training(dtype="float64"),
    )
    stepper = Stepper(draw(spec, 0))
    stepper.train(20)
    x = np.random.default_rng(0).normal(size=(150, 2))
    forward = MultilayerPerceptron(*stepper.network, activation).forward(x)
    ref = np.concatenate([*forward.inputs, forward.output], axis=1).T
    np.testing.assert_allclose(stepper.responses(x), ref, rtol=0, atol=tolerance.float64)
    np.testing.assert_array_equal(stepper.outputs(x), stepper.responses(x)[-2:])
    first = stepper.trial.weights, stepper.trial.biases
    ref = MultilayerPerceptron(*first, activation).feedforward(x).T
    np.testing.assert_allclose(stepper.outputs(x, first), ref, rtol=0, atol=tolerance.float64)


def test_no_kernel_is_compiled_twice():
    if not hasattr(single.train, "signatures"):
        pytest.skip("says what only machine code does")
    spec = experiment()
    train(spec, seed=0)
    before = len(single.train.signatures)
    stepper = Stepper(draw(spec, 0))
    stepper.train(9)
    stepper.change(stepper.training.model_copy(update={"batch_size": 3}))
    stepper.resume(stepper.snapshot)
    stepper.train(9)
    assert len(single.train.signatures) == before
