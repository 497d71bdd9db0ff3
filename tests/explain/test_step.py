"""One update: its numbers are the engine's, and those of the reference."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlplab.engine import Stepper
from mlplab.errors import MlplabError
from mlplab.explain import Step, step
from mlplab.reference import MultilayerPerceptron
from mlplab.reference.training import batches, begin, penalise, scaled, update, with_noise
from mlplab.spec import ACTIVATIONS, Experiment
from mlplab.spec.optimizers.base import OptimizerSpec
from mlplab.trial import draw

SMALL = {
    "dataset": {"kind": "polar", "classes": 3, "train_per_class": 20, "test_per_class": 5},
    "network": {"hidden_layers": 2, "layer_width": 4, "activation": "tanh"},
    "training": {"batch_size": 16, "epochs": 3, "dtype": "float64"},
}
TWO = {"kind": "polar", "classes": 2, "train_per_class": 30, "test_per_class": 5}
SINE = {"kind": "noisy_sine", "train_samples": 60, "test_samples": 10}
HEADS = [
    ({}, "mean_squared_error"),
    ({}, "categorical_crossentropy"),
    ({"dataset": TWO}, "binary_crossentropy"),
    ({"dataset": SINE}, "mean_squared_error"),
    ({"dataset": SINE}, "mean_absolute_error"),
    ({"dataset": SINE}, "huber"),
]
ALL = {
    "network.dropout": 0.25,
    "network.input_noise": 0.1,
    "network.kernel_regularizer": {"kind": "l1_l2", "l1": 0.01, "l2": 0.02},
    "training.label_smoothing": 0.1,
    "training.loss": "categorical_crossentropy",
    "training.class_weight": {"1": 2.0},
    "training.optimizer": {"kind": "adamw", "global_clipnorm": 0.05, "learning_rate": 0.01},
}
"""All that a training may have besides."""


def experiment(**changes: Any) -> Experiment:
    return Experiment(**(SMALL | changes))


def reference_step(found: Step, before: Stepper) -> tuple[Any, Any, MultilayerPerceptron, Any]:
    """Return the forward pass, the gradients, the network after it, and its moments, by the reference.

    It starts from the engine's state, with the samples, the noise and the step sizes of the update.
    """
    trial, training = found.trial, found.experiment.training
    network = MultilayerPerceptron(
        *before.network, found.experiment.network.activations, trial.head
    )
    order = trial.shuffle(found.epoch)
    places = np.array([int(np.flatnonzero(order == each)[0]) for each in found.samples])
    x, masks = with_noise(trial, found.epoch, places, trial.dataset.train.x[found.samples])
    y, weights = trial.targets(trial.dataset.train)[found.samples], trial.training_weights
    weight = 1.0 if weights is None else weights[found.samples, None]
    forward = network.forward(x, masks)
    gradients = network.backpropagation(forward, y, trial.head, weight)
    raw = [g.copy() for g in (*gradients.weights, *gradients.biases)]
    regularizer = found.experiment.network.kernel_regularizer
    if regularizer is not None:
        penalise(regularizer, network, gradients)
    optimizer = training.optimizer
    snapshot = before.snapshot
    moments = begin(optimizer, network)
    kept = [
        [*snapshot.weight_first_moment, *snapshot.bias_first_moment],
        [*snapshot.weight_second_moment, *snapshot.bias_second_moment],
    ]
    for i, of_each in enumerate(moments):
        for moment, arrays in zip(of_each, kept, strict=False):
            moment += arrays[i]
    sizes = optimizer.step_sizes(np.array([float(found.update)]))[:, 0].tolist()
    update(optimizer, network, gradients, scaled(sizes, 1.0), moments)
    return forward, raw, network, (moments, trial.head.mean_loss(forward.output, y, weight))


def assert_as_reference(made: Experiment, tolerance: Any, point: int | None, at: int = 5) -> Step:
    """Hold a step to the reference, every number of it."""
    found = step(made, seed=3, update=at, point=point)
    before = Stepper(draw(made, 3))
    before.train(at)
    forward, raw, after, (moments, loss) = reference_step(found, before)
    near: dict[str, Any] = {"rtol": 1e-9, "atol": tolerance.float64}
    layers = len(found.layers)
    for i, layer in enumerate(found.layers):
        np.testing.assert_allclose(layer.inputs, forward.inputs[i], **near)
        np.testing.assert_allclose(layer.z, forward.pre_activations[i], **near)
        np.testing.assert_allclose(layer.delta.T @ layer.inputs, raw[i], **near)
        np.testing.assert_allclose(layer.weights.gradient, raw[i], **near)
        np.testing.assert_allclose(layer.biases.gradient, raw[layers + i], **near)
        np.testing.assert_allclose(layer.weights.after, after.weights[i], **near)
        np.testing.assert_allclose(layer.biases.after, after.biases[i], **near)
        for j, part in ((i, layer.weights), (layers + i, layer.biases)):
            for mine, theirs in zip(part.moments_after, moments[j], strict=False):
                np.testing.assert_allclose(mine, theirs, **near)
    np.testing.assert_allclose(found.layers[-1].h, forward.output, **near)
    assert found.loss_before == pytest.approx(loss, abs=tolerance.float64)
    return found


@pytest.mark.parametrize("point", [None, 7])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation(activation: str, point: int | None, tolerance: Any):
    made = experiment().varied({"network.activation": activation})
    assert_as_reference(made, tolerance, point)


@pytest.mark.parametrize("point", [None, 7])
@pytest.mark.parametrize(("changes", "loss"), HEADS)
def test_every_head(changes: Any, loss: str, point: int | None, tolerance: Any):
    training = SMALL["training"] | {"loss": loss}
    assert_as_reference(experiment(**changes, training=training), tolerance, point)


@pytest.mark.parametrize("point", [None, 7])
@pytest.mark.parametrize("optimizer", [
    *OptimizerSpec.kinds,
    {"kind": "sgd", "momentum": 0.5},
    {"kind": "sgd", "momentum": 0.5, "nesterov": True},
    {"kind": "sgd", "learning_rate": {"kind": "exponential_decay", "initial_learning_rate": 0.5,
                                      "decay_steps": 3, "decay_rate": 0.5}},
    {"kind": "adam", "clipvalue": 0.001},
    {"kind": "sgd", "clipnorm": 0.01},
])  # fmt: skip
def test_every_optimizer(optimizer: Any, point: int | None, tolerance: Any):
    made = experiment().varied({"training.optimizer": optimizer})
    assert_as_reference(made, tolerance, point)


@pytest.mark.parametrize("point", [None, 7])
def test_all_that_a_training_may_have_besides(point: int | None, tolerance: Any):
    found = assert_as_reference(experiment().varied(ALL), tolerance, point)
    layer = found.layers[0]
    assert layer.mask is not None
    assert (layer.h[layer.mask == 0] == 0).all()
    assert not (layer.weights.gradient == layer.weights.penalised).any()
    assert not (layer.weights.penalised == layer.weights.taken).any()
    regularizer = found.experiment.network.kernel_regularizer
    assert regularizer is not None
    penalties = [
        regularizer.of_layers(n.weights) for n in (found.network_before, found.network_after)
    ]
    assert [found.penalty_before, found.penalty_after] == pytest.approx(penalties)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("changes", [{}, ALL, {"training.batch_size": 60}])
def test_without_a_point_the_weights_after_are_the_trainings_bit_for_bit(changes: Any, dtype: str):
    made = experiment().varied({**changes, "training.dtype": dtype})
    wide = made.varied({"dataset.train_per_class": 200, "training.batch_size": 170})
    for each in (made, wide):
        trial = draw(each, 3)
        stepper = Stepper(trial)
        for at in range(min(5, trial.updates)):
            found = step(each, seed=3, update=at)
            stepper.train(1)
            weights, biases = stepper.network
            for layer, w, b in zip(found.layers, weights, biases, strict=True):
                assert layer.weights.after.tobytes() == w.tobytes()
                assert layer.biases.after.tobytes() == b.tobytes()


def test_the_batch_is_that_of_the_training_also_where_it_is_the_last_of_an_epoch():
    made = experiment()
    trial = draw(made, 3)
    found = [step(made, seed=3, update=at) for at in range(4)]
    assert [len(each.samples) for each in found] == [16, 16, 16, 12]
    assert np.concatenate([each.samples for each in found]).tolist() == trial.shuffle(0).tolist()
    first = step(made, seed=3, update=4)
    assert (first.epoch, first.samples.tolist()) == (1, trial.shuffle(1)[:16].tolist())
    assert [len(places) for places in batches(trial)] == [16, 16, 16, 12]


def test_the_loss_is_that_of_the_network_before_and_after():
    found = step(experiment(), seed=3, update=5, point=7)
    head, y = found.trial.head, found.trial.targets(found.trial.dataset.train)[[7]]
    for loss, network in (
        (found.loss_before, found.network_before),
        (found.loss_after, found.network_after),
    ):
        assert loss == pytest.approx(head.mean_loss(network.forward(found.x).output, y))
    assert found.loss_after < found.loss_before


def test_the_learning_rate_is_that_of_a_plateau():
    rule = {"monitor": "loss", "factor": 0.5, "patience": 1, "min_delta": 100.0}
    made = experiment().varied({"training.reduce_lr_on_plateau": rule, "training.epochs": 5})
    before, after = (step(made, seed=3, update=at).step_sizes for at in (3, 16))
    assert after[0] < before[0]


def test_own_samples_can_be_handed_in():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(60, 30)), np.arange(60) % 2
    found = step(experiment(), seed=1, point=3, data=(x, y))
    assert found.layers[0].inputs.shape == (1, 30)
    assert "… 24 more)" in found.text()


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"update": 12}, r"12 updates, of which the last is number 11, received update=12"),
        ({"update": -1}, "update must be a whole number from 0 on, received -1"),
        ({"update": 1.5}, "update must be a whole number"),
        ({"point": 60}, r"60 training samples, numbers 0 to 59, received point=60"),
        ({"point": True}, "point must be a whole number"),
    ],
)
def test_what_is_not_there_is_refused(how: Any, message: str):
    with pytest.raises(MlplabError, match=message):
        step(experiment(), **how)


def test_an_update_beyond_early_stopping_is_refused():
    rule = {"monitor": "loss", "min_delta": 100.0, "patience": 1}
    made = experiment().varied({"training.early_stopping": rule, "training.epochs": 9})
    assert step(made, update=7).epoch == 1
    for at in (8, 20):
        with pytest.raises(MlplabError, match=f"stopped early after 8 updates.*update={at}"):
            step(made, update=at)


def test_an_update_of_a_diverged_training_is_refused():
    made = experiment().varied({"network.activation": "linear", "training.optimizer": {
        "kind": "sgd", "learning_rate": 1e300}, "training.dtype": "float32"})  # fmt: skip
    with pytest.raises(MlplabError, match="diverged after 4 updates"):
        step(made, update=10)
