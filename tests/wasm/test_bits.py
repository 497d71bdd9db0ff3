"""The modules train the same numbers as the engine, to the last bit: whatever is trained."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlplab import Experiment, Runs, draw, train
from mlplab.engine import Stepper
from mlplab.engine.lanes import LANES
from mlplab.report import EXPERIMENTS
from mlplab.spec import InitializerSpec, OptimizerSpec
from mlplab.spec.activations import ACTIVATIONS
from mlplab.spec.datasets import recipes
from mlplab.spec.heads import HEADS
from mlplab.spec.regression import REGRESSION_HEADS
from mlplab.spec.schedules import Schedule
from mlplab.spec.stopping import MONITORS

RunInNode = Callable[[str, bytes], bytes]
MODULES = ("fused", "exact")
POINTS = np.random.default_rng(14).normal(size=(37, 2)).astype(np.float32)
"""More than two rows of samples, and not a whole number of them."""

RATES: dict[str, dict[str, Any]] = {
    "exponential_decay": {"decay_steps": 7, "decay_rate": 0.8, "staircase": True},
    "piecewise_constant_decay": {"boundaries": [3, 9], "values": [0.2, 0.05, 0.01]},
    "polynomial_decay": {"decay_steps": 11, "power": 1.7, "cycle": True},
    "inverse_time_decay": {"decay_steps": 5, "decay_rate": 0.3},
    "cosine_decay": {"decay_steps": 9, "warmup_target": 0.3, "warmup_steps": 4},
    "cosine_decay_restarts": {"first_decay_steps": 4, "t_mul": 1.5, "m_mul": 0.9},
}
OPTIMIZERS: tuple[dict[str, Any], ...] = (
    {"kind": "sgd"},
    {"kind": "sgd", "momentum": 0.9},
    {"kind": "sgd", "momentum": 0.9, "nesterov": True},
    {"kind": "adam", "beta_1": 0.8},
)


OF_SOFTMAX = [name for name, head in HEADS.items() if not head.has_one_output]
"""A sigmoid that is at 0 or 1 pulls no more, so that its networks do not diverge."""


def rates() -> list[Any]:
    """A plain learning rate, and one by each schedule."""
    assert set(RATES) == set(Schedule.kinds)
    first = {
        name: {} if "values" in fields else {"initial_learning_rate": 0.1}
        for name, fields in RATES.items()
    }
    return [0.1, *({"kind": name, **first[name], **fields} for name, fields in RATES.items())]


def combinations() -> list[Experiment]:
    """Every activation × loss × optimizer; schedules, datasets, initializers and sizes take turns.

    Each schedule comes with each activation, each loss and each optimizer.
    """
    datasets, initializers = list(recipes()), list(InitializerSpec.kinds)
    of_biases = [name for name, kind in InitializerSpec.kinds.items() if not kind.of_matrices]
    found = []
    schedules = rates()
    places = product(range(len(ACTIVATIONS)), range(len(HEADS)), range(len(OPTIMIZERS)))
    for i, ((a, h, o), (activation, loss, optimizer)) in enumerate(
        zip(places, product(ACTIVATIONS, HEADS, OPTIMIZERS), strict=True)
    ):
        rate = schedules[(a + h + 3 * o) % len(schedules)]
        kind = datasets[i % len(datasets)]
        dataset = {"kind": kind, "train_per_class": 9 + i % 5, "test_per_class": 5}
        if "classes" in recipes()[kind].model_fields:
            dataset["classes"] = 2 if HEADS[loss].has_one_output else 2 + i % 3
        found.append(
            Experiment(
                dataset=dataset,
                network={
                    "hidden_layers": 1 + i // 4 % 2,
                    "layer_width": 3 + i % 17,
                    "activation": activation,
                    "initializer": {
                        "kind": initializers[i % len(initializers)],
                        "shared": i % 3 == 0,
                    },
                    "bias_initializer": {
                        "kind": of_biases[i % len(of_biases)],
                        "shared": i % 4 == 0,
                    },
                },
                training={
                    "loss": loss,
                    "optimizer": optimizer | {"learning_rate": rate},
                    "batch_size": 1 + i // 4 % 8,
                    "epochs": 2,
                },
            )
        )
    return found


def weighted_and_smoothed() -> list[Experiment]:
    """Every head with smoothed labels, weights of classes, and both."""
    found = []
    for i, (loss, head) in enumerate(HEADS.items()):
        classes = 2 if head.has_one_output else 3
        for smoothing, weights in product((0.0, 0.1), (None, {"0": 0.25, "1": 3.0})):
            if smoothing and loss == "mean_squared_error":
                continue
            found.append(
                Experiment(
                    dataset={
                        "kind": "polar",
                        "classes": classes,
                        "train_per_class": 9,
                        "test_per_class": 5,
                    },
                    network={
                        "hidden_layers": 1,
                        "layer_width": 5 + 12 * (i % 2),
                        "activation": "tanh",
                    },
                    training={
                        "loss": loss,
                        "label_smoothing": smoothing,
                        "class_weight": weights,
                        "batch_size": 4,
                        "epochs": 3,
                    },
                )
            )
    return found


FURTHER: tuple[dict[str, Any], ...] = (
    {"kind": "adamw", "weight_decay": 0.1},
    {"kind": "nadam", "beta_1": 0.8},
    {"kind": "adagrad", "initial_accumulator_value": 0.01},
    {"kind": "rmsprop", "momentum": 0.3},
    {"kind": "adadelta"},
    {"kind": "lion", "beta_2": 0.9},
)
"""Kinds that the combinations do not have; each is trained with each of these besides."""

BESIDES: tuple[dict[str, float], ...] = (
    {},
    {"weight_decay": 0.2, "clipvalue": 0.01},
    {"clipnorm": 0.02},
    {"weight_decay": 0.1, "global_clipnorm": 0.03},
)


def test_every_optimizer_decayed_and_clipped(run_in_node: RunInNode):
    assert {each["kind"] for each in (*OPTIMIZERS, *FURTHER)} == set(OptimizerSpec.kinds)
    experiments = [
        Experiment(
            dataset={"kind": "polar", "classes": 3, "train_per_class": 9, "test_per_class": 5},
            network={"hidden_layers": 2, "layer_width": [3, 17], "activation": "tanh"},
            training={
                "optimizer": {**optimizer, "learning_rate": rate, **besides},
                "batch_size": 4 + i,
                "epochs": 2,
            },
        )
        for i, (optimizer, besides, rate) in enumerate(
            zip([*OPTIMIZERS, *FURTHER] * 2, BESIDES * 5, [0.1, *rates()] * 3, strict=False)
        )
    ]
    assert len(experiments) == 20
    compare(experiments, run_in_node)


def numbers(text: str, dtype: Any) -> NDArray[Any]:
    return np.frombuffer(bytes.fromhex(text), dtype)


def history_of(run: Any) -> NDArray[np.float64]:
    names = ("train_loss", "train_metric", "validation_loss", "validation_metric")
    return np.stack([getattr(run.history, name) for name in names], axis=1).ravel()


def penalties_of(run: Any) -> NDArray[np.float64]:
    names = {"train_penalty", "validation_penalty"} & run.history.arrays().keys()
    arrays = [getattr(run.history, name) for name in sorted(names)]
    return np.stack(arrays, axis=1).ravel() if arrays else np.empty(0)


def check_layers(found: Sequence[Sequence[str]], network: Any) -> None:
    for (weights, biases), w, b in zip(found, *network, strict=True):
        np.testing.assert_array_equal(numbers(weights, np.float32), w.ravel())
        np.testing.assert_array_equal(numbers(biases, np.float32), b)


def trained_alone(experiment: Experiment, seed: int, updates: int) -> Stepper:
    stepper = Stepper(draw(experiment, seed))
    total = experiment.training.epochs * stepper.updates_per_epoch
    while stepper.step < total and not (stepper.diverged or stepper.stopped):
        stepper.train(min(updates, total - stepper.step))
    stepper.restore_best_weights()
    return stepper


def check_alone(found: dict[str, Any], stepper: Stepper) -> None:
    np.testing.assert_array_equal(numbers(found["history"], np.float64), history_of(stepper))
    np.testing.assert_array_equal(numbers(found["penalties"], np.float64), penalties_of(stepper))
    check_layers(found["layers"], stepper.network)
    for name, scores in zip(("train", "validation", "test"), found["scores"], strict=True):
        np.testing.assert_array_equal(numbers(scores, np.float64), stepper.scores(name))
    outputs = numbers(found["outputs"], np.float32)
    np.testing.assert_array_equal(outputs, stepper.responses(POINTS).ravel())


def check_together(found: Sequence[dict[str, Any]], runs: Runs) -> None:
    for each, run in zip(found, runs, strict=True):
        history, wanted = numbers(each["history"], np.float64), history_of(run)
        np.testing.assert_array_equal(history, wanted[: len(history)])
        assert np.isnan(wanted[len(history) :]).all()
        penalties = penalties_of(run)
        np.testing.assert_array_equal(
            numbers(each["penalties"], np.float64)[: penalties.size], penalties
        )
        check_layers(each["layers"], (run.weights, run.biases))
        test = run.test_loss, run.test_metric
        np.testing.assert_array_equal(numbers(each["scores"][2], np.float64), test)


def compare(experiments: Sequence[Experiment], run_in_node: RunInNode, networks: int = 5) -> None:
    """Train each alone and in a block by both modules, and hold them to the engine."""
    wanted = [
        (experiment, seed, updates)
        for seed, experiment in enumerate(experiments)
        for updates in (7, 0)
    ]
    cases = [
        {
            "experiment": experiment.model_dump(mode="json"),
            "seeds": [str(seed + i) for i in range(1 if updates else networks)],
            "module": module,
            "updates": updates,
            "points": POINTS.ravel().tolist(),
        }
        for experiment, seed, updates in wanted
        for module in MODULES
    ]
    answer = json.loads(run_in_node("train", json.dumps(cases).encode()))
    assert answer["fused"], "this processor has no fused multiply-add, or Node does not use it"
    done = iter(answer["done"])
    for experiment, seed, updates in wanted:
        of_modules = [next(done) for _ in MODULES]
        if updates:
            stepper = trained_alone(experiment, seed, updates)
            for found in of_modules:
                check_alone(found[0], stepper)
        else:
            runs = train(experiment, networks, seed, keep_weights=networks)
            for found in of_modules:
                check_together(found, runs)
    assert not list(done)


def test_a_few_of_all_combinations(run_in_node: RunInNode):
    compare(combinations()[::5], run_in_node)


def test_dropout_noise_and_penalties(run_in_node: RunInNode):
    """Each by itself and all together, in widths that fill lanes and that do not."""
    parts: list[dict[str, Any]] = [
        {"dropout": (0.2, 0.5)},
        {"input_noise": 0.3},
        {"kernel_regularizer": {"kind": "l1", "l1": 0.01}},
        {"kernel_regularizer": "l2"},
        {
            "dropout": 0.3,
            "input_noise": 0.1,
            "kernel_regularizer": {"kind": "l1_l2", "l1": 0.01, "l2": 0.02},
        },
    ]
    compare(
        [
            Experiment(
                dataset={"kind": "polar", "train_per_class": 17, "test_per_class": 5},
                network={
                    "hidden_layers": 2,
                    "layer_width": (3 + 16 * i, 5),
                    "activation": ("tanh", "relu"),
                    **part,
                },
                training={"optimizer": "adam", "batch_size": 7, "epochs": 2},
            )
            for i, part in enumerate(parts)
        ],
        run_in_node,
    )


def test_targets_over_the_plane(run_in_node: RunInNode):
    """Every loss of targets on both surfaces that the page shows, with and without hidden layers."""
    compare(
        [
            Experiment(
                dataset={"kind": kind, "sigma": 0.1, "train_samples": 19, "test_samples": 7},
                network={"hidden_layers": 2, "layer_width": width, "activation": "tanh"}
                if width
                else {},
                training={"loss": loss, "optimizer": "adam", "batch_size": 4, "epochs": 3},
            )
            for kind, loss, width in product(("plane", "franke"), REGRESSION_HEADS, (0, 5, 17))
        ],
        run_in_node,
    )


def test_smoothed_labels_and_weights_of_classes(run_in_node: RunInNode):
    compare(weighted_and_smoothed(), run_in_node)


def test_networks_that_diverge(run_in_node: RunInNode):
    """A minimum or a maximum must not lose what is not a number."""
    steep = {"kind": "adam", "learning_rate": 1e38}
    diverging = [
        Experiment(
            dataset={"kind": "xor", "train_per_class": 9, "test_per_class": 5},
            network={"hidden_layers": 1, "layer_width": width, "activation": activation},
            training={"loss": loss, "optimizer": steep, "batch_size": 4, "epochs": 3},
        )
        for activation, loss, width in product(ACTIVATIONS, OF_SOFTMAX, (5, 17))
    ]
    ends = [train(experiment, 1, seed)[0].ending for seed, experiment in enumerate(diverging)]
    assert ends.count("diverged") > len(ends) / 2
    compare(diverging, run_in_node)


def test_networks_that_stop_early(run_in_node: RunInNode):
    """By every monitor, with and without the best weights, and with a learning rate that is reduced."""
    rules = [
        {
            "early_stopping": {
                "monitor": monitor,
                "patience": patience,
                "restore_best_weights": restores,
            }
        }
        for monitor, patience, restores in product(MONITORS, (1, 3), (False, True))
    ]
    reduces = {"factor": 0.3, "patience": 1, "cooldown": 1, "min_lr": 0.001}
    rules += [{"reduce_lr_on_plateau": reduces | {"monitor": monitor}} for monitor in MONITORS]
    rules += [rules[3] | {"reduce_lr_on_plateau": reduces | {"patience": 0}}]
    stopping = [
        Experiment(
            dataset={"kind": "polar", "classes": 3, "sigma": 0.3, "train_per_class": 10},
            network={"hidden_layers": 1, "layer_width": 5, "activation": "tanh"},
            training={
                "optimizer": {"kind": "adam", "learning_rate": 0.1},
                "loss": "categorical_crossentropy",
                "batch_size": 8,
                "epochs": 12,
                **each,
            },
        )
        for each in rules
    ]
    ends = [train(each, 1, seed)[0].stopped_early for seed, each in enumerate(stopping)]
    assert sum(ends) > len(ends) / 2
    compare(stopping, run_in_node)


@pytest.mark.slow
def test_every_activation_loss_optimizer_and_schedule(run_in_node: RunInNode):
    compare(combinations(), run_in_node)


@pytest.mark.slow
def test_the_lab(run_in_node: RunInNode):
    """Its networks, one of them large, for an epoch of a sixteenth of their points each."""
    names = ("1.1-batch-16", "1.2-relu", "1.3")
    short = {"training.epochs": 1, "dataset.train_per_class": 32, "dataset.test_per_class": 32}
    compare([EXPERIMENTS[name].varied(short) for name in names], run_in_node, LANES)
