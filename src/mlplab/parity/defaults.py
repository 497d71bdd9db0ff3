"""Defaults that differ between Keras, scikit-learn and PyTorch, where an experiment meets them.

A default is a row: what it is, its value in each library, and changes of this experiment that follow a
library's value instead. `effects` measures what they do.

Source: the documentation of Keras 3.15, of scikit-learn 1.9's MLPClassifier, and of PyTorch 2.13; the
tests read the values from the libraries where they are installed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

import numpy as np

from mlplab.parity.batches import Layers
from mlplab.parity.variants import (
    by_engine,
    by_reference,
    epsilon_after_correction,
    stopped_by_scikit_learn,
    unclipped,
    velocity_without_rate,
)
from mlplab.streams import stream
from mlplab.trial import Float, Trial, draw

LibraryName = Literal["Keras", "scikit-learn", "PyTorch", "reference"]
Variant = Callable[[Trial, int], Layers]
"""Trains a trial for so many updates in another way, and returns the network."""


@dataclass(frozen=True)
class Default:
    """One thing that libraries do differently.

    Attributes
    ----------
    what : str
    keras, scikit_learn, pytorch : str
        Its value in each; "–" where there is no such thing.
    variants : mapping
        How this experiment is trained with the value of a library.
    """

    what: str
    keras: str
    scikit_learn: str
    pytorch: str
    variants: Mapping[LibraryName, Variant] = field(default_factory=dict)


OPTIMIZERS: dict[str, dict[str, tuple[Any, Any, Any]]] = {
    "sgd": {"learning_rate": (0.01, 0.001, 0.001), "momentum": (0.0, 0.9, 0.0)},
    "adam": {"epsilon": (1e-7, 1e-8, 1e-8)},
    "adamw": {"epsilon": (1e-7, None, 1e-8), "weight_decay": (0.004, None, 0.01)},
    "rmsprop": {
        "learning_rate": (0.001, None, 0.01),
        "rho": (0.9, None, 0.99),
        "epsilon": (1e-7, None, 1e-8),
    },
    "adagrad": {
        "learning_rate": (0.001, None, 0.01),
        "initial_accumulator_value": (0.1, None, 0.0),
        "epsilon": (1e-7, None, 1e-10),
    },
    "adadelta": {
        "learning_rate": (0.001, None, 1.0),
        "rho": (0.95, None, 0.9),
        "epsilon": (1e-7, None, 1e-6),
    },
    "nadam": {"learning_rate": (0.001, None, 0.002), "epsilon": (1e-7, None, 1e-8)},
}
"""Parameters of optimizers whose defaults differ: Keras's, scikit-learn's, PyTorch's."""

_NAMES: tuple[LibraryName, ...] = ("Keras", "scikit-learn", "PyTorch")


def defaults_of(trial: Trial) -> list[Default]:
    """Return the defaults that matter in a trial's experiment."""
    return [
        *_numbers(trial),
        *_initial(trial),
        *_batches(trial),
        *_loss(trial),
        *_optimizer(trial),
        *_schedule(trial),
        *_penalty(trial),
        _stopping(),
    ]


def _changed(**changes: Any) -> Variant:
    """Return a training by the engine with changes of the experiment, by their paths with __ for dots."""
    paths = {name.replace("__", "."): value for name, value in changes.items()}

    def train(trial: Trial, updates: int) -> Layers:
        experiment = trial.experiment.varied(paths)
        changed = replace(trial, experiment=experiment)
        # As many epochs: with other batches that is another number of updates.
        return by_engine(changed, -(-updates * changed.updates // trial.updates))

    return train


def _numbers(trial: Trial) -> Iterator[Default]:
    yield Default(
        "order of sums (rounding only)",
        "its own",
        "its own",
        "its own",
        {"reference": by_reference},
    )
    here = trial.experiment.training.dtype
    other = "float32" if here == "float64" else "float64"

    def in_other(trial: Trial, updates: int) -> Layers:
        experiment = trial.experiment.varied({"training.dtype": other})
        return by_engine(draw(experiment, trial.seed), updates)

    whose: LibraryName = "Keras" if other == "float32" else "scikit-learn"
    yield Default(
        "type of numbers",
        f"float32; here {here}",
        "that of X, mostly float64",
        "float32",
        {whose: in_other},
    )


def _initial(trial: Trial) -> Iterator[Default]:
    network = trial.experiment.network
    names = network.activations
    factor = 2.0 if names and names[0] == "sigmoid" else 6.0

    def uniform(part: int, name: LibraryName) -> Variant:
        """Return a training from W (part 0) or b (part 1) as a library draws them."""

        def train(trial: Trial, updates: int) -> Layers:
            generator = stream(trial.seed, "weights", 1 + part)
            drawn: list[Float] = []
            for w, b in zip(trial.weights, trial.biases, strict=True):
                fans = sum(w.shape) if name == "scikit-learn" else w.shape[1]
                bound = np.sqrt((factor if name == "scikit-learn" else 1.0) / fans)
                shape = (w, b)[part].shape
                drawn.append(generator.uniform(-bound, bound, shape).astype(w.dtype))
            return by_engine(_with_layers(trial, part, tuple(drawn)), updates)

        return train

    pytorch = "uniform within 1/√fan_in"
    scikit_learn = f"uniform within √({factor:g}/(fan_in+fan_out))"
    for part, what, keras in (
        (0, "initial weights", f"GlorotUniform; here {type(network.initializer).__name__}"),
        (1, "initial biases", f"zeros; here {type(network.bias_initializer).__name__}"),
    ):
        variants = {name: uniform(part, name) for name in _NAMES[1:]}
        yield Default(what, keras, scikit_learn, pytorch, variants)
    if network.initializer.kind in ("glorot_normal", "he_normal"):
        name = type(network.initializer).__name__
        yield Default(
            f"normal weights of {name}",
            "cut off at 2 standard deviations",
            "–",
            "not cut off (xavier_normal_, kaiming_normal_)",
            {"PyTorch": _normal_weights},
        )


def _normal_weights(trial: Trial, updates: int) -> Layers:
    """Train from weights of the same variance that are not cut off."""
    generator = stream(trial.seed, "weights", 3)
    is_glorot = trial.experiment.network.initializer.kind == "glorot_normal"
    drawn = []
    for w in trial.weights:
        fans = sum(w.shape) if is_glorot else w.shape[1]
        drawn.append((generator.standard_normal(w.shape) * np.sqrt(2 / fans)).astype(w.dtype))
    return by_engine(_with_layers(trial, 0, tuple(drawn)), updates)


def _with_layers(trial: Trial, part: int, drawn: tuple[Float, ...]) -> Trial:
    return replace(trial, biases=drawn) if part else replace(trial, weights=drawn)


def _batches(trial: Trial) -> Iterator[Default]:
    samples, size = len(trial.dataset.train), trial.experiment.training.batch_size
    theirs = {"Keras": 32, "scikit-learn": min(200, samples)}
    variants = {
        cast(LibraryName, name): _changed(training__batch_size=number)
        for name, number in theirs.items()
        if number != size
    }
    yield Default("batch size", f"32; here {size}", "200 at most", "1 (DataLoader)", variants)
    yield Default(
        "a new order each epoch",
        "yes",
        "yes",
        "no (DataLoader, shuffle=False)",
        {"PyTorch": lambda trial, updates: by_reference(trial, updates, shuffled=False)},
    )


def _loss(trial: Trial) -> Iterator[Default]:
    head, loss = trial.head, trial.experiment.training.loss
    if head.has_targets:
        if loss == "mean_squared_error":
            rate = trial.experiment.training.optimizer.learning_rate
            halved = (
                isinstance(rate, float | int) and trial.experiment.training.optimizer.kind == "sgd"
            )
            variants: dict[LibraryName, Variant] = {}
            if halved:
                scale = 0.5 * trial.dataset.answers * cast(float, rate)
                variants = {"scikit-learn": _changed(training__optimizer__learning_rate=scale)}
            yield Default(
                "squared error",
                "mean over targets",
                "half of the sum over targets",
                "mean over targets",
                variants,
            )
        return
    if loss == "mean_squared_error":
        entropy: Variant = _changed(training__loss="categorical_crossentropy")
        yield Default(
            "loss of classes",
            "chosen; here mean_squared_error",
            "log loss, always",
            "chosen, mostly CrossEntropyLoss",
            {"scikit-learn": entropy},
        )
        return
    yield Default(
        "probabilities in the cross-entropy",
        "kept within 1e-7 and 1 - 1e-7",
        "not kept in the gradient",
        "not kept (CrossEntropyLoss of sums)",
        {
            "PyTorch": lambda trial, updates: by_reference(
                trial, updates, head=unclipped(trial.head)
            )
        },
    )


def _optimizer(trial: Trial) -> Iterator[Default]:
    optimizer = cast(Any, trial.experiment.training.optimizer)
    changes = not isinstance(optimizer.learning_rate, float | int)
    for parameter, values in OPTIMIZERS.get(optimizer.kind, {}).items():
        here = getattr(optimizer, parameter)
        if parameter == "learning_rate" and changes:
            continue  # a schedule takes its place: see there
        variants: dict[LibraryName, Variant] = {}
        for name, value in zip(_NAMES, values, strict=True):
            if value is None or value == here:
                continue
            how = {f"training__optimizer__{parameter}": value}
            if (parameter, name) == ("momentum", "scikit-learn"):
                how["training__optimizer__nesterov"] = True
            variants[name] = _changed(**how)
        keras, scikit_learn, pytorch = ("–" if v is None else f"{v:g}" for v in values)
        keras += "" if values[0] == here else f"; here {here:g}"
        if parameter == "momentum":
            scikit_learn += ", Nesterov's"
        yield Default(
            f"{parameter} of {type(optimizer).__name__}", keras, scikit_learn, pytorch, variants
        )
    if optimizer.kind in ("adam", "adamw"):
        yield Default(
            "ε of Adam is added",
            "before the correction of √v",
            "before the correction of √v",
            "after the correction of √v",
            {"PyTorch": epsilon_after_correction},
        )
    if optimizer.kind == "sgd" and optimizer.momentum and changes:
        yield Default(
            "velocity where the learning rate changes",
            "has the rate in it",
            "has the rate in it",
            "is multiplied by the new rate",
            {"PyTorch": velocity_without_rate},
        )


def _schedule(trial: Trial) -> Iterator[Default]:
    rate = trial.experiment.training.optimizer.learning_rate
    if isinstance(rate, float | int):
        return
    first = float(getattr(rate, "initial_learning_rate", 0.0))
    variants: dict[LibraryName, Variant] = {}
    if first:
        variants["scikit-learn"] = _changed(training__optimizer__learning_rate=first)
    steps = getattr(rate, "decay_steps", None)
    if steps is not None:
        each = trial.updates // trial.experiment.training.epochs
        path = "training__optimizer__learning_rate__decay_steps"
        variants["PyTorch"] = _changed(**{path: steps * each})
    yield Default(
        "a schedule counts",
        "updates (decay_steps)",
        "no such schedule: constant",
        "calls of scheduler.step(), mostly epochs",
        variants,
    )


def _penalty(trial: Trial) -> Iterator[Default]:
    regularizer, size = (
        trial.experiment.network.kernel_regularizer,
        trial.experiment.training.batch_size,
    )
    l2 = 0.0 if regularizer is None else regularizer.strengths.l2
    if regularizer is not None and not l2:
        return

    def penalised(strength: float) -> Variant:
        return _changed(network__kernel_regularizer={"kind": "l2", "l2": strength})

    if not l2:
        yield Default(
            "L2 penalty",
            "none",
            "alpha = 0.0001: α/(2n) · Σw², n the batch",
            "none",
            {"scikit-learn": penalised(1e-4 / (2 * min(size, len(trial.dataset.train))))},
        )
        return
    yield Default(
        f"an L2 penalty of {l2:g}",
        "λ · Σw², gradient 2λw",
        "α/(2n) · Σw², n the batch",
        "weight_decay: gradient λw, of biases too",
        {
            "scikit-learn": penalised(l2 / (2 * min(size, len(trial.dataset.train)))),
            "PyTorch": penalised(l2 / 2),  # of weights; the engine has no penalty on biases
        },
    )


def _stopping() -> Default:
    return Default(
        "the end of the training",
        "all epochs",
        "10 epochs without 0.0001 less loss",
        "all epochs",
        {"scikit-learn": stopped_by_scikit_learn},
    )
