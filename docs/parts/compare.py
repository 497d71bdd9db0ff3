"""What each part of a network and of a training does, in numbers: the tables of docs/parts.md.

Each line compares a hundred runs with the part to a hundred without, from the same seeds.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from mlplab import Experiment, train
from mlplab.statistics import compare_runs

FEW = Experiment(
    dataset={"kind": "moons", "sigma": 0.3, "train_per_class": 25, "test_per_class": 512},
    network={
        "hidden_layers": 1,
        "layer_width": 50,
        "activation": "relu",
        "initializer": "he_normal",
    },
    training={
        "loss": "categorical_crossentropy",
        "optimizer": {"kind": "adam", "learning_rate": 0.01},
        "batch_size": 10,
        "epochs": 200,
    },
)
MANY = Experiment(
    dataset={"kind": "moons", "sigma": 0.1, "train_per_class": 256, "test_per_class": 512},
    network={"hidden_layers": 1, "layer_width": 8, "activation": "relu"},
    training={"optimizer": {"kind": "sgd", "learning_rate": 0.5}, "batch_size": 10, "epochs": 20},
)
DEEP = Experiment(
    dataset={"kind": "polar", "sigma": 0.05, "train_per_class": 256, "test_per_class": 512},
    network={"hidden_layers": 6, "layer_width": 10, "activation": "tanh"},
    training={"optimizer": {"kind": "sgd", "learning_rate": 0.1}, "batch_size": 16, "epochs": 20},
)
PROBLEMS = {"few": FEW, "many": MANY, "deep": DEEP}

SGD = {"kind": "sgd", "learning_rate": 0.1}
STEEP = {"training.optimizer": {"kind": "sgd", "learning_rate": 8.0}}

# Of each part: the problem, what is changed besides on both sides, and the part itself.
Line = tuple[str, dict[str, Any], dict[str, Any]]
PARTS: dict[str, list[Line]] = {
    "penalties and noise": [
        ("few", {}, {"network.kernel_regularizer": {"kind": "l1", "l1": 0.003}}),
        ("many", {}, {"network.kernel_regularizer": {"kind": "l1", "l1": 0.003}}),
        ("few", {}, {"network.kernel_regularizer": {"kind": "l2", "l2": 0.01}}),
        ("many", {}, {"network.kernel_regularizer": {"kind": "l2", "l2": 0.01}}),
        ("few", {}, {"training.optimizer.weight_decay": 1.0}),
        ("many", {}, {"training.optimizer.weight_decay": 0.01}),
        ("few", {}, {"network.dropout": 0.5}),
        ("many", {}, {"network.dropout": 0.5}),
        ("few", {}, {"network.input_noise": 0.3}),
        ("many", {}, {"network.input_noise": 0.3}),
    ],
    "when to stop": [
        (
            "few",
            {},
            {"training.early_stopping": {"patience": 10, "restore_best_weights": True}},
        ),
        ("many", {}, {"training.early_stopping": {"patience": 2, "restore_best_weights": True}}),
        ("many", STEEP, {"training.reduce_lr_on_plateau": {"factor": 0.5, "patience": 2}}),
        ("many", {}, {"training.reduce_lr_on_plateau": {"factor": 0.1, "patience": 1}}),
    ],
    "labels and weights": [
        ("few", {}, {"training.label_smoothing": 0.1}),
        (
            "many",
            {"training.loss": "categorical_crossentropy"},
            {"training.label_smoothing": 0.5},
        ),
        ("few", {}, {"training.class_weight": {"1": 5.0}}),
        ("many", {}, {"training.loss": "categorical_crossentropy"}),
        ("many", {}, {"training.loss": "binary_crossentropy"}),
    ],
    "activations, in the place of tanh in six layers": [
        ("deep", {}, {"network.activation": name})
        for name in (
            *("relu", "leaky_relu", "relu6", "elu", "selu", "softplus", "softsign", "sigmoid"),
            *("hard_sigmoid", "exponential", "silu", "gelu", "gelu_tanh", "mish"),
        )
    ],
    "optimizers, at their default learning rates, in the place of SGD with 0.1": [
        ("deep", {}, {"training.optimizer": name})
        for name in ("adam", "adamw", "nadam", "adagrad", "rmsprop", "adadelta", "lion")
    ],
    "clipping": [
        ("deep", STEEP, {"training.optimizer.clipvalue": 0.01}),
        ("deep", STEEP, {"training.optimizer.clipnorm": 0.1}),
        ("deep", STEEP, {"training.optimizer.global_clipnorm": 0.1}),
        ("deep", {}, {"training.optimizer.global_clipnorm": 0.01}),
    ],
    "how weights begin, in the place of glorot_uniform": [
        ("deep", {}, {"network.initializer": name})
        for name in ("orthogonal", "identity", "he_normal", "lecun_normal", "ones")
    ]
    + [
        ("deep", {}, {"network.bias_initializer": {"kind": "random_normal", "stddev": 0.5}}),
        ("deep", {}, {"network.bias_initializer": {"kind": "constant", "value": 2.0}}),
    ],
}


def main(replications: int) -> None:
    """Print a table for each kind of part."""
    for title, lines in PARTS.items():
        print(f"\n## {title[0].upper()}{title[1:]}\n")
        print("| problem | changed | test accuracy without | with | verdict | test loss |")
        print("| --- | --- | --- | --- | --- | --- |")
        for problem, both, part in lines:
            print(line(problem, both, part, replications))


def line(problem: str, both: dict[str, Any], part: dict[str, Any], replications: int) -> str:
    """Return a line of a table."""
    base = PROBLEMS[problem].varied(both)
    without, having = (train(each, replications) for each in (base, base.varied(part)))
    found = compare_runs(having, without)
    said = ", ".join(f"{short(path)} {value_text(value)}" for path, value in part.items())
    where = problem + "".join(f", {short(p)} {value_text(v)}" for p, v in both.items())
    accuracies = " | ".join(accuracy_text(runs) for runs in (without, having))
    losses = " → ".join(median_loss(runs) for runs in (without, having))
    return f"| {where} | {said} | {accuracies} | {found.verdict}: {interval(found)} | {losses} |"


def short(path: str) -> str:
    """Return the last word of a path."""
    return f"`{path.rsplit('.', maxsplit=1)[-1]}`"


def value_text(value: Any) -> str:
    """Return a value as one would write it."""
    if not isinstance(value, dict):
        return str(value)
    fields = ", ".join(f"{k} {v}" for k, v in value.items() if k != "kind")
    return f"{value.get('kind', '')} ({fields})".strip()


def accuracy_text(runs: Any) -> str:
    """Return the mean of test accuracies, and how many runs failed."""
    failed = int((runs.ending != "finished").sum())
    right = runs.test_accuracy[runs.ending != "diverged"]
    mean = f"{100 * right.mean():.1f} %" if len(right) else "none"
    return mean + (f" ({failed} failed)" if failed else "")


def interval(found: Any) -> str:
    """Return the interval of the mean difference, in percentage points; none where no pair is left."""
    if found.difference is None:
        return "no pair of runs that did not diverge"
    low, high = (100 * bound for bound in (found.difference.low, found.difference.high))
    return f"{low:+.2f} to {high:+.2f} points"


def median_loss(runs: Any) -> str:
    """Return the median of the test losses of the runs that did not diverge."""
    losses = runs.test_loss[runs.ending != "diverged"]
    return f"{np.median(losses):.3f}" if len(losses) else "none"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
