"""When a training stops, and when its learning rate is reduced: by hand, and as Keras's own callbacks."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlplab.engine.options import (
    BEST_EPOCH,
    RESTORES,
    SCALE,
    begin_watching,
    settings_of,
    switches_of,
)
from mlplab.engine.watching import watch
from mlplab.errors import SpecError
from mlplab.frameworks.keras import keras, keras_callbacks, precision
from mlplab.spec import SGD, EarlyStopping, Experiment, ReduceLROnPlateau, Training
from mlplab.spec.stopping import MONITORS, improves

# Keras turns a variable into an array in a way that NumPy 2 deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")

# ---- By hand -------------------------------------------------------------------------------------


def seen_by(rule: EarlyStopping, scores: list[float]) -> tuple[int | None, int | None]:
    """Return the epoch in which a training ends, and the best one, both counted from 0."""
    watch = rule.watch("float64")
    for epoch, score in enumerate(scores):
        if watch.sees(epoch, score):
            return epoch, watch.best_epoch
    return None, watch.best_epoch


# The best loss is that of epoch 2; epochs 3 and 4 do not improve on it, epoch 5 would.
LOSSES = [0.9, 0.5, 0.4, 0.4, 0.45, 0.3]


@pytest.mark.parametrize(
    ("rule", "last", "best"),
    [
        (EarlyStopping(patience=2), 4, 2),
        (EarlyStopping(patience=3), None, 5),
        (EarlyStopping(patience=0), 3, 2),
        (EarlyStopping(patience=1), 3, 2),
        # 0.5 improves on 0.9 by more than 0.2; 0.4 does not improve on 0.5 by so much.
        (EarlyStopping(patience=2, min_delta=0.2), 3, 1),
        # The first epoch that is looked at is the best so far, whatever came before.
        (EarlyStopping(patience=1, start_from_epoch=3), 4, 3),
        (EarlyStopping(start_from_epoch=6), None, None),
        # As an accuracy, 0.9 is never improved on.
        (EarlyStopping(monitor="val_accuracy", patience=3), 3, 0),
    ],
)
def test_the_epoch_in_which_it_ends_and_the_best(
    rule: EarlyStopping, last: int | None, best: int | None
):
    assert seen_by(rule, LOSSES) == (last, best)
    reached = LOSSES[: len(LOSSES) if last is None else last + 1]
    scores = np.array([reached + [math.nan] * (len(LOSSES) - len(reached))])
    assert rule.best_epochs(scores, "float64").tolist() == [0 if best is None else best + 1]


def test_the_learning_rate_falls_and_rests():
    """Of a factor of a half, after two epochs without improvement, with a cooldown of two epochs.

    Epochs 1 and 2 do not improve: half. Epochs 3 and 4 count down the cooldown; with epoch 4 it is over,
    and counts. Epoch 5 is the second: a quarter would be 0.025, below the least rate of 0.03.
    """
    rule = ReduceLROnPlateau(factor=0.5, patience=2, cooldown=2, min_lr=0.03)
    watch = rule.watch(0.1, "float64")
    rates = []
    for _ in range(9):
        watch.sees(0.5)
        rates.append(0.1 * watch.scale)
    assert rates == pytest.approx([0.1, 0.1, 0.05, 0.05, 0.05, 0.03, 0.03, 0.03, 0.03])


def test_improvements_are_seen_in_the_type_of_the_training():
    assert improves(0.5 - 1e-9, 0.5, 0.0, raised=False, number=np.float64)
    assert not improves(0.5 - 1e-9, 0.5, 0.0, raised=False, number=np.float32)


def test_nothing_improves_on_what_is_not_a_number():
    assert improves(math.nan, None, 0.0, raised=False, number=np.float64)
    assert not improves(0.1, math.nan, 0.0, raised=False, number=np.float64)
    assert not improves(math.nan, 0.1, 0.0, raised=False, number=np.float64)


# ---- Against Keras -------------------------------------------------------------------------------

SCORES = st.one_of(
    st.sampled_from([0.1, 0.2, 0.25, 0.3, 0.30000001, 0.5, math.inf, math.nan]),
    st.floats(0, 2, width=32),
)
DELTAS = st.sampled_from([0.0, 1e-8, 1e-4, 0.05, 0.1])
STOPPING = st.builds(
    EarlyStopping,
    monitor=st.sampled_from(MONITORS),
    patience=st.integers(0, 4),
    min_delta=DELTAS,
    start_from_epoch=st.integers(0, 4),
    restore_best_weights=st.booleans(),
)
PLATEAU = st.builds(
    ReduceLROnPlateau,
    monitor=st.sampled_from(MONITORS),
    factor=st.sampled_from([0.1, 0.3, 0.5, 0.9]),
    patience=st.integers(0, 3),
    min_delta=DELTAS,
    cooldown=st.integers(0, 3),
    min_lr=st.sampled_from([0.0, 0.001, 0.01, 0.05, 0.5]),
)
RATE = 0.1


class Model(SimpleNamespace):
    """What Keras's callbacks see of a model: its weights are the number of the epoch."""

    def get_weights(self) -> int:
        return int(self.epoch)

    def set_weights(self, epoch: int) -> None:
        self.epoch = epoch


def by_keras(training: Training, curve: list[tuple[float, ...]]) -> dict[str, Any]:
    """Return what Keras's own callbacks make of the scores of some epochs."""
    with precision(training.dtype):
        model = Model(epoch=0, stop_training=False, optimizer=keras.optimizers.SGD(RATE))
        callbacks = keras_callbacks(training)
        for each in callbacks:
            each.set_model(model)
            each.on_train_begin()
        rates = []
        for epoch, scores in enumerate(curve):
            model.epoch = epoch
            for each in callbacks:
                each.on_epoch_end(epoch, dict(zip(MONITORS, scores, strict=True)))
            rates.append(float(model.optimizer.learning_rate))
            if model.stop_training:
                break
        for each in callbacks:
            each.on_train_end()
    return {"epochs": len(rates), "weights_of": model.epoch, "rates": rates}


def by_rule(training: Training, curve: list[tuple[float, ...]]) -> dict[str, Any]:
    """Return what the rules as they are written here make of them."""
    stop, reduce = training.early_stopping, training.reduce_lr_on_plateau
    assert stop is not None
    assert reduce is not None
    stopping, plateau = stop.watch(training.dtype), reduce.watch(RATE, training.dtype)
    rates = []
    for epoch, scores in enumerate(curve):
        plateau.sees(scores[MONITORS.index(reduce.monitor)])
        rates.append(RATE * plateau.scale)
        if stopping.sees(epoch, scores[MONITORS.index(stop.monitor)]):
            break
    restored = stop.restore_best_weights and stopping.best_epoch is not None
    weights_of = stopping.best_epoch if restored else len(rates) - 1
    return {"epochs": len(rates), "weights_of": weights_of, "rates": rates}


def by_kernel(training: Training, curve: list[tuple[float, ...]]) -> dict[str, Any]:
    """Return what the engine's kernel makes of them, of a network between two others."""
    described = Experiment(dataset="linear", training=training)
    theta, network = np.zeros((1, 1), training.dtype), 1
    own = settings_of(described)
    settings = np.stack([np.zeros_like(own), own, np.full_like(own, 2.0)], axis=1)
    watched, switches = begin_watching(3), np.array(switches_of(described))
    rates = []
    for epoch, scores in enumerate(curve):
        line = np.array([[score] * 3 for score in scores])
        ends = watch(theta, line, epoch, network, switches, settings, watched)
        rates.append(RATE * watched[SCALE, network])
        if ends:
            break
    np.testing.assert_array_equal(watched[:, [0, 2]], begin_watching(2))
    restored = switches[RESTORES] and watched[BEST_EPOCH, network] > 0
    weights_of = int(watched[BEST_EPOCH, network]) - 1 if restored else len(rates) - 1
    return {"epochs": len(rates), "weights_of": weights_of, "rates": rates}


@given(
    stop=STOPPING,
    reduce=PLATEAU,
    dtype=st.sampled_from(["float32", "float64"]),
    curve=st.lists(st.tuples(SCORES, SCORES, SCORES, SCORES), min_size=1, max_size=12),
)
def test_keras_s_callbacks_the_rules_and_the_kernel_agree_on_any_scores(
    stop: EarlyStopping, reduce: ReduceLROnPlateau, dtype: Any, curve: list[tuple[float, ...]]
):
    rules: dict[str, Any] = {"early_stopping": stop, "reduce_lr_on_plateau": reduce}
    training = Training(optimizer=SGD(learning_rate=RATE), dtype=dtype, **rules)
    ours, theirs = by_rule(training, curve), by_keras(training, curve)
    assert by_kernel(training, curve) == ours
    assert ours.pop("rates") == pytest.approx(theirs.pop("rates"), rel=1e-6)
    assert ours == theirs


# ---- What is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("training", "sentence"),
    [
        (
            {"early_stopping": {"patience": -1}},
            "Training: early_stopping.patience: input should be greater than or equal to 0, received -1",
        ),
        (
            {"early_stopping": {"monitor": "val_auc"}},
            "Training: early_stopping.monitor: unknown name 'val_auc'; did you mean 'val_accuracy'? "
            "(known: loss, accuracy, val_loss, val_accuracy)",
        ),
        (
            {"early_stopping": {"momentum": 0.9}},
            "Training: early_stopping: no field 'momentum' here; did you mean 'monitor'? "
            "(known: monitor, patience, min_delta, start_from_epoch, restore_best_weights)",
        ),
        (
            {"reduce_lr_on_plateau": {"factor": 1.0}},
            "Training: reduce_lr_on_plateau.factor: input should be less than 1, received 1.0",
        ),
        (
            {
                "reduce_lr_on_plateau": {},
                "optimizer": {
                    "kind": "sgd",
                    "learning_rate": {
                        "kind": "cosine_decay",
                        "initial_learning_rate": 0.1,
                        "decay_steps": 9,
                    },
                },
            },
            "Training: reduce_lr_on_plateau needs a learning rate that is a number, "
            "received the schedule 'cosine_decay'",
        ),
    ],
)
def test_what_does_not_fit_is_one_sentence(training: dict[str, Any], sentence: str):
    with pytest.raises(SpecError) as raised:
        Training(**training)
    assert str(raised.value) == sentence


# ---- As before -----------------------------------------------------------------------------------


def test_without_them_an_experiment_is_as_before():
    plain = Experiment(dataset="linear")
    assert plain.training.canonical().keys() == {
        "loss",
        "optimizer",
        "batch_size",
        "epochs",
        "dtype",
    }
    stopping = plain.varied({"training.early_stopping": {}})
    assert stopping.key != plain.key
    assert stopping.training.canonical()["early_stopping"] == {
        "monitor": "val_loss",
        "patience": 0,
        "min_delta": 0,
        "start_from_epoch": 0,
        "restore_best_weights": False,
    }
    assert Experiment.from_toml_text(stopping.to_toml()) == stopping


def test_a_score_beyond_the_type_of_the_network_is_no_warning():
    """Losses and penalties are float64: with that of a network that diverges, one is above float32."""
    scores = np.array([[1e39, 0.5, 1e39]])
    assert EarlyStopping(min_delta=0.1).best_epochs(scores, "float32").tolist() == [2]
