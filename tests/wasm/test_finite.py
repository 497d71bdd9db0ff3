"""Own samples train to the engine's bits, in their splits."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
from tests.wasm.test_bits import MODULES, POINTS, check_layers, history_of, numbers

from mlplab import Experiment, draw, train
from mlplab.data import SPLITS, Samples, given
from mlplab.engine import Stepper

RunInNode = Callable[[str, bytes], bytes]
UPDATES, NETWORKS, SEED = 7, 5, 2**62 - 3
"""Seeds go up to 2^62; the last ones are numbers that JSON cannot hold."""


def own_samples() -> Samples:
    """Three classes of different sizes, in no order."""
    rng = np.random.default_rng(141)
    y = rng.permutation(np.repeat([0, 1, 2], [3, 32, 41]))
    x = rng.normal(size=(len(y), 2)) * [1.0, 300.0] + [0.1, 1e4]
    split = np.array(SPLITS)[rng.integers(0, 3, len(y))]
    for k in range(3):
        split[np.flatnonzero(y == k)[:3]] = SPLITS
    return Samples.from_arrays(x, y, split)


def as_json(samples: Samples) -> dict[str, Any]:
    assert samples.split is not None
    return {
        "x": samples.x.ravel().tolist(),
        "features": samples.x.shape[1],
        "y": samples.y.tolist(),
        "classes": len(samples.label_names),
        "labelNames": list(samples.label_names),
        "split": [SPLITS.index(name) for name in samples.split.tolist()],
    }


def test_own_samples(run_in_node: RunInNode):
    samples = own_samples()
    experiment = Experiment(
        dataset="arrays",
        network={"hidden_layers": 1, "layer_width": 6, "activation": "tanh"},
        training={"epochs": 3, "batch_size": 5, "optimizer": {"kind": "sgd", "learning_rate": 0.1}},
    )
    experiment, samples = given(experiment, samples)
    cases = [
        {
            "experiment": experiment.model_dump(mode="json"),
            "seeds": [str(SEED - i) for i in range(1 if updates else NETWORKS)][::-1],
            "module": module,
            "updates": updates,
            "points": POINTS.ravel().tolist(),
            "finite": as_json(samples),
        }
        for module in MODULES
        for updates in (UPDATES, 0)
    ]
    done = json.loads(run_in_node("train", json.dumps(cases).encode()))["done"]
    stepper = Stepper(draw(experiment, SEED, data=samples))
    stepper.train(experiment.training.epochs * stepper.updates_per_epoch)
    runs = train(experiment, NETWORKS, SEED - NETWORKS + 1, data=samples, keep_weights=NETWORKS)
    for alone, together in (done[:2], done[2:]):
        (found,) = alone
        np.testing.assert_array_equal(numbers(found["history"], np.float64), history_of(stepper))
        check_layers(found["layers"], stepper.network)
        for name, scores in zip(SPLITS, found["scores"], strict=True):
            np.testing.assert_array_equal(numbers(scores, np.float64), stepper.scores(name))
        outputs = numbers(found["outputs"], np.float32)
        np.testing.assert_array_equal(outputs, stepper.responses(POINTS).ravel())
        for each, run in zip(together, runs, strict=True):
            np.testing.assert_array_equal(numbers(each["history"], np.float64), history_of(run))
            check_layers(each["layers"], (run.weights, run.biases))
            test = run.test_loss, run.test_accuracy
            np.testing.assert_array_equal(numbers(each["scores"][2], np.float64), test)
