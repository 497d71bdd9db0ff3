"""Sessions of the page whose exports are tested, and the networks that they come to."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

import mlplab
from mlplab.engine import Stepper
from mlplab.spec import (
    ACTIVATIONS,
    SGD,
    Adam,
    EarlyStopping,
    Experiment,
    Franke,
    InitializerSpec,
    Network,
    Polar,
    ReduceLROnPlateau,
    SamplesFile,
    Schedule,
    Training,
)
from mlplab.spec.part import Part

X = np.random.default_rng(1).normal(size=(50, 2)).astype(np.float32)


def experiment(
    activation: Any = "relu", widths: tuple[int, ...] = (4, 3), **training: Any
) -> Experiment:
    hidden: dict[str, Any] = {"layer_width": widths, "activation": activation} if widths else {}
    how = {"optimizer": SGD(learning_rate=0.5), "batch_size": 8, "epochs": 6} | training
    return Experiment(
        dataset=Polar(train_per_class=20, test_per_class=20),
        network=Network(hidden_layers=len(widths), **hidden),
        training=Training(**how),
    )


def first_values(part: type[Part]) -> dict[str, Any]:
    """Return a value for each field of a kind but its kind: the default, or its example."""
    fields = {name: field for name, field in part.model_fields.items() if name != "kind"}
    return {
        name: field.examples[0] if field.is_required() and field.examples else field.default
        for name, field in fields.items()
    }


def of_mlplab(kinds: Any) -> list[str]:
    """Leave out kinds that another test has defined."""
    parts = {kind: getattr(part, "function", part) for kind, part in kinds.items()}
    return [kind for kind, part in parts.items() if part.__module__.startswith("mlplab.")]


SCHEDULES = {kind: Schedule.kinds[kind] for kind in of_mlplab(Schedule.kinds)}
RATES = {kind: part(**first_values(part)) for kind, part in SCHEDULES.items()}

MIXED = ("tanh", "relu", "sigmoid", "tanh")

PLAIN = experiment()
CHANGED = PLAIN.varied({"training.batch_size": 5, "training.optimizer.learning_rate": 0.125})
NUMBER = {"layer": 1, "output": 2, "source": 3, "value": 0.1}
BIAS = {"layer": 0, "output": 1, "source": None, "value": -2}

LABELS = ['say "b",\n{c} \\', "it's"]
PLACES = np.random.default_rng(3).normal(size=(24, 2)).tolist()
OF_CLASS = [0, 1] * 12
IN = ["train", "train", "validation", "test"] * 4 + ["train", "validation", "test", "test"] * 2
OWN = Experiment(
    dataset=SamplesFile(path="points.csv"), network=PLAIN.network, training=PLAIN.training
)

SESSIONS: dict[str, dict[str, Any]] = {
    "plain": {"experiment": PLAIN, "seed": "2", "updates": 30},
    "longer": {"experiment": PLAIN, "seed": "2", "updates": 42},
    "changed": {
        "experiment": PLAIN,
        "seed": "4611686018427387904",
        "updates": 20,
        "changes": [
            {"update": 0, **BIAS},
            {"update": 7, "training": CHANGED.training.model_dump(mode="json")},
            {"update": 13, **NUMBER},
        ],
    },
    "own points": {
        "experiment": OWN,
        "updates": 5,
        "points": [
            [*x, LABELS[k], split] for x, k, split in zip(PLACES, OF_CLASS, IN, strict=True)
        ],
        "plane": [-4, 4, -4, 4],
    },
    "stopping": {
        "experiment": experiment(
            early_stopping=EarlyStopping(patience=2, restore_best_weights=True),
            reduce_lr_on_plateau=ReduceLROnPlateau(monitor="accuracy", factor=0.5, patience=1),
        ),
        "seed": "2",
        "updates": 19,
    },
    "regularised": {
        "experiment": experiment("tanh", (4, 3)).varied(
            {
                "network.dropout": (0.25, 0.0),
                "network.input_noise": 0.5,
                "network.kernel_regularizer": {"kind": "l1_l2", "l1": 0.001, "l2": 0.002},
            }
        ),
        "seed": "2",
        "updates": 9,
    },
    "one output": {
        "experiment": experiment(
            MIXED, (5, 4, 4, 3), loss="binary_crossentropy", class_weight={"1": 2.5}
        ),
        "seed": "2",
        "updates": 9,
    },
    "smoothed": {
        "experiment": experiment(loss="categorical_crossentropy", label_smoothing=0.125),
        "seed": "2",
        "updates": 9,
    },
    "smoothed output": {
        "experiment": experiment("", (), loss="binary_crossentropy", label_smoothing=0.125),
        "updates": 9,
    },
    "mixed": {"experiment": experiment(MIXED, (5, 4, 4, 3)), "seed": "2", "updates": 9},
    **{
        f"{activation} {len(widths)}": {
            "experiment": experiment(activation, widths),
            "seed": "2",
            "updates": 9,
        }
        for activation, widths in [
            ("relu", (5,)),
            *((each, (4, 3)) for each in of_mlplab(ACTIVATIONS)),
        ]
    },
    "surface": {
        "experiment": experiment("tanh", (4, 3)).varied(
            {"dataset": Franke(train_samples=20, test_samples=20)}
        ),
        "updates": 30,
    },
    "absolute error": {
        "experiment": experiment("", ()).varied(
            {
                "dataset": {"kind": "plane", "train_samples": 20, "test_samples": 20},
                "training.loss": "mean_absolute_error",
            }
        ),
        "updates": 9,
    },
    "no layer": {"experiment": experiment("", ()), "updates": 9},
    **{
        f"{name} {kind}": {"experiment": experiment(optimizer=optimizer(learning_rate=rate))}
        for kind, rate in RATES.items()
        for name, optimizer in {"sgd": SGD, "adam": Adam}.items()
    },
    **{
        f"{kind} {shared}": {
            "experiment": PLAIN.varied(
                {
                    "network": Network(
                        hidden_layers=3,
                        layer_width=3,
                        activation="relu",
                        initializer=InitializerSpec.kinds[kind](
                            **first_values(InitializerSpec.kinds[kind]) | {"shared": shared}
                        ),
                    )
                }
            )
        }
        for kind in of_mlplab(InitializerSpec.kinds)
        for shared in (False, True)
    },
    "biases": {
        "experiment": PLAIN.varied(
            {
                "network.initializer.shared": True,
                "network.bias_initializer": {"kind": "constant", "value": 0.5},
            }
        ),
        "seed": "2",
        "updates": 9,
    },
}

Files = dict[str, bytes]


def trained(name: str, experiment: Experiment | None = None) -> Stepper:
    """Return the same network, by the native engine."""
    session = SESSIONS[name]
    experiment = experiment or session["experiment"]
    stepper = Stepper(mlplab.draw(experiment, int(session.get("seed", "0"))))
    for change in session.get("changes", []):
        stepper.train(change["update"] - stepper.step)
        if "training" in change:
            stepper.change(CHANGED.training)
        else:
            weights, biases = stepper.network
            layer, output, source = change["layer"], change["output"], change["source"]
            numbers = biases[layer] if source is None else weights[layer][:, source]
            numbers[output] = change["value"]
            stepper.replace(weights, biases)
    stepper.train(session.get("updates", 0) - stepper.step)
    return stepper


def run_program(text: bytes) -> dict[str, Any]:
    program: dict[str, Any] = {"__name__": "program", "__file__": "program.py"}
    exec(text.decode(), program)
    return program


def docstring_of(program: bytes) -> str:
    return str(ast.get_docstring(ast.parse(program)))


TRAINED = [
    name for name, session in SESSIONS.items() if "updates" in session and "points" not in session
]
