"""Keras's settings, and the generators that it draws from, are left as they were found."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from mlplab.frameworks.keras import (
    KerasNetwork,
    fit,
    keras,
    precision,
    train,
)
from mlplab.reference import train as train_by_reference
from mlplab.spec import (
    Experiment,
    Network,
    Polar,
    Training,
)
from mlplab.trial import draw

EXPERIMENT = Experiment(
    dataset=Polar(classes=3, train_per_class=8, test_per_class=8),
    network=Network(hidden_layers=2, layer_width=(4, 3), activation="relu"),
    training=Training(batch_size=6, epochs=2),
)


def of_training(**values: Any) -> Experiment:
    return EXPERIMENT.model_copy(
        update={"training": Training(**{"batch_size": 6, "epochs": 2, **values})}
    )


def random_states() -> tuple[Any, ...]:
    name, key, *rest = np.random.get_state()  # noqa: NPY002  # what Keras uses
    return random.getstate(), name, key.tolist(), *rest


def settings() -> tuple[Any, ...]:
    dtype = keras.ops.convert_to_numpy(keras.ops.convert_to_tensor(np.ones(1))).dtype
    return keras.config.floatx(), keras.config.dtype_policy().name, dtype


@pytest.mark.parametrize("trainer", [train, fit])
def test_training_reports_every_epoch_and_leaves_the_global_generators_alone(trainer: Any):
    before = random_states()
    epochs: list[int] = []
    run = trainer(draw(EXPERIMENT, seed=1), lambda: epochs.append(1))
    assert random_states() == before
    assert len(epochs) == 2
    assert (run.trainer, run.seed, run.updates) == ("keras", 1, 8)
    assert run.history.train_loss.shape == run.history.validation_accuracy.shape == (2,)
    assert np.isfinite(run.history.train_loss).all()


def test_a_network_in_keras_leaves_the_global_generators_alone():
    run = train_by_reference(draw(EXPERIMENT, seed=1))
    before = random_states()
    KerasNetwork(run)
    assert random_states() == before


class Stopped(Exception):  # noqa: N818  # no error
    """What a caller may raise between epochs."""


@pytest.mark.parametrize("trainer", [train, fit])
def test_generators_and_dtype_are_put_back_when_training_is_stopped(trainer: Any):
    before = random_states(), settings()

    def stop() -> None:
        raise Stopped

    with pytest.raises(Stopped):
        trainer(draw(of_training(dtype="float64"), seed=1), stop)
    assert (random_states(), settings()) == before


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_precision_holds_inside_and_is_put_back(dtype: str):
    before = settings()
    with precision(dtype):
        assert settings() == (dtype, dtype, dtype)
        with precision("float32"):
            assert settings() == ("float32", "float32", "float32")
        assert settings() == (dtype, dtype, dtype)
    assert settings() == before


def test_precision_is_put_back_after_an_error():
    before = settings()
    with pytest.raises(Stopped), precision("float64"):
        raise Stopped
    assert settings() == before


def test_precision_puts_back_another_policy():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        with precision("float64"):
            assert keras.config.dtype_policy().name == "float64"
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
    finally:
        keras.config.set_dtype_policy("float32")


@pytest.mark.slow
def test_two_threads_of_different_precision_train_as_each_alone():
    wide = Experiment(dataset="linear", training={"epochs": 2, "dtype": "float64"})
    narrow = Experiment(dataset="linear", training={"epochs": 2})
    alone = [train(draw(spec, seed=1)) for spec in (wide, narrow)]
    with ThreadPoolExecutor(2) as pool:
        beside = list(pool.map(lambda spec: train(draw(spec, seed=1)), (wide, narrow) * 2))
    for run, other in zip(alone * 2, beside, strict=True):
        assert run.weights[0].dtype == other.weights[0].dtype
        np.testing.assert_array_equal(run.weights[0], other.weights[0])
