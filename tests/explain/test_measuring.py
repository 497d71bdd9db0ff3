"""What is measured of a network equals a plain computation in NumPy."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from mlplab import Experiment, draw
from mlplab.engine import Stepper
from mlplab.engine.measuring import (
    DEAD,
    DELTA,
    FLAT_SLOPE,
    GRADIENT,
    MEASURES,
    MOSTLY,
    MOVED,
    NO_SLOPE,
    SATURATED,
    SPREAD,
    TWINS,
    WEIGHT,
)
from mlplab.spec import ACTIVATIONS
from mlplab.trial import Trial

Float = NDArray[np.float64]


def an_experiment(activation: str, **changes: object) -> Experiment:
    targets = changes.pop("dataset", None)
    dataset = targets or {"kind": "polar", "classes": 3, "sigma": 0.1, "train_per_class": 37}
    return Experiment.model_validate(
        {
            "dataset": dataset,
            "network": {
                "hidden_layers": 3,
                "layer_width": [7, 5, 9],
                "activation": activation,
                "initializer": {"kind": "random_normal", "stddev": 0.9},
                **changes,
            },
            "training": {"dtype": "float64", "batch_size": 8, "epochs": 2},
        }
    )


def measured_in_numpy(trial: Trial, weights: list[Float], biases: list[Float]) -> Float:
    """Return the measures of each layer; what moved is left 0."""
    names = trial.experiment.network.activations
    x, h, slopes = trial.dataset.train.x, [trial.dataset.train.x], []
    for layer, (w, b) in enumerate(zip(weights, biases, strict=True)):
        z = h[-1] @ w.T + b
        if layer < len(names):
            activation = ACTIVATIONS[names[layer]]
            h.append(activation.function(z))
            slopes.append(activation.derivative(z))
        else:
            h.append(trial.head.output(z))
    head, n = trial.head, len(x)
    y = head.targets(trial.dataset.train.y, trial.dataset.classes, np.float64)
    delta = head.delta(h[-1], y)
    found = np.zeros((len(weights), len(MEASURES)))
    for layer in range(len(weights) - 1, -1, -1):
        found[layer, DELTA] = np.sqrt(((delta * n) ** 2).mean())
        found[layer, GRADIENT] = np.sqrt(((delta.T @ h[layer]) ** 2).mean())
        used = (h[layer] != 0).any(axis=0)
        found[layer, WEIGHT] = np.sqrt((weights[layer][:, used] ** 2).mean())
        found[layer, SPREAD] = np.sqrt(h[layer + 1].var(axis=0).mean())
        if layer > 0:
            delta = (delta @ weights[layer]) * slopes[layer - 1]
    z = np.arange(-8.0, 8.0)
    for layer, name in enumerate(names):
        of = np.abs(ACTIVATIONS[name].derivative(z))
        largest = min(of.max(), 1)
        slope = np.abs(slopes[layer]) / largest
        is_bounded = max(of[0], of[-1]) < FLAT_SLOPE * largest
        saturated = is_bounded & ((slope < FLAT_SLOPE).sum(axis=0) >= MOSTLY * len(slope))
        found[layer, SATURATED] = saturated.sum()
        found[layer, DEAD] = ((slope < NO_SLOPE).all(axis=0) & ~saturated).sum()
    return found


@pytest.mark.parametrize(
    "activation", ["relu", "tanh", "gelu", "leaky_relu", "hard_sigmoid", "elu"]
)
def test_the_measures_are_those_of_numpy(activation: str):
    trial = draw(an_experiment(activation, bias_initializer="random_normal"), 3)
    stepper = Stepper(trial)
    stepper.train(20)
    weights, biases = (list(part) for part in stepper.network)
    expected = measured_in_numpy(trial, weights, biases)
    found = stepper.measured()
    np.testing.assert_allclose(found.layers, expected, rtol=1e-9, atol=1e-12)
    assert (found.loss, found.metric) == stepper.scores("train")


def test_those_of_targets_too():
    trial = draw(an_experiment("tanh", dataset="noisy_sine"), 3)
    stepper = Stepper(trial)
    weights, biases = (list(part) for part in stepper.network)
    expected = measured_in_numpy(trial, weights, biases)
    np.testing.assert_allclose(stepper.measured().layers, expected, rtol=1e-9, atol=1e-12)


def test_what_moved_is_counted_from_the_network_before():
    stepper = Stepper(draw(an_experiment("tanh"), 1))
    before, first = stepper.network[0], stepper.measured()
    stepper.train(9)
    found = stepper.measured(first).layers[:, MOVED]
    moved = [
        np.sqrt(((a - b) ** 2).mean()) for a, b in zip(stepper.network[0], before, strict=True)
    ]
    np.testing.assert_allclose(found, moved, rtol=1e-12)
    assert (first.layers[:, MOVED] == 0).all()


def test_weights_of_inputs_that_are_always_0_do_not_count():
    x = np.random.default_rng(0).normal(size=(60, 2))
    y = (x[:, 0] * x[:, 1] > 0).astype(int)
    with_zeros = np.column_stack([x, np.zeros((60, 500))])
    experiment = an_experiment("tanh", dataset={"kind": "arrays"}, bias_initializer="random_normal")
    trial = draw(experiment, 1, (with_zeros, y))
    stepper = Stepper(trial)
    weights, biases = (list(map(np.array, part)) for part in stepper.network)
    weights[1][2], biases[1][2] = 0, 0  # a neuron that gives 0 before the first update
    stepper.replace(tuple(weights), tuple(biases))
    first = stepper.measured()
    stepper.train(9)
    found = stepper.measured(first).layers
    moved = [a - b for a, b in zip(stepper.network[0], weights, strict=True)]
    others = [0, 1, 3, 4]
    np.testing.assert_allclose(found[0, MOVED], np.sqrt((moved[0][:, :2] ** 2).mean()))
    of_first = first.layers[:, WEIGHT]
    np.testing.assert_allclose(of_first[0], np.sqrt((weights[0][:, :2] ** 2).mean()))
    np.testing.assert_allclose(of_first[2], np.sqrt((weights[2][:, others] ** 2).mean()))
    assert found[0, MOVED] > 10 * np.sqrt((moved[0] ** 2).mean())


def test_twins_are_neurons_with_the_same_weights_and_bias():
    stepper = Stepper(draw(an_experiment("relu"), 1))
    weights, biases = (list(map(np.array, part)) for part in stepper.network)
    weights[0][[2, 4]], biases[0][[2, 4]] = weights[0][1], biases[0][1]
    weights[1][3], biases[1][3] = weights[1][0], biases[1][0] + 1  # another bias
    stepper.replace(tuple(weights), tuple(biases))
    assert stepper.measured().layers[:, TWINS].tolist() == [2, 0, 0, 0]


def test_dead_neurons_are_counted():
    stepper = Stepper(draw(an_experiment("relu"), 1))
    weights, biases = (list(map(np.array, part)) for part in stepper.network)
    biases[1][:3] = -1000
    stepper.replace(tuple(weights), tuple(biases))
    assert stepper.measured().layers[1, DEAD] >= 3


def test_measuring_changes_nothing_of_a_training():
    one, other = (Stepper(draw(an_experiment("gelu", dropout=0.2), 1)) for _ in range(2))
    for _ in range(4):
        one.train(5)
        other.train(5)
        other.measured()
    for a, b in zip(one.network[0], other.network[0], strict=True):
        assert (a == b).all()


def test_sizes_are_those_of_the_layers():
    stepper = Stepper(draw(an_experiment("relu"), 1))
    shapes = [w.shape for w in stepper.network[0]]
    assert [(o, i) for i, o in pairwise((2, 7, 5, 9, 3))] == shapes
    assert stepper.measured().layers.shape == (4, len(MEASURES))
