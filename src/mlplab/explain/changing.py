"""Which single changes of an experiment are worth a try, when it does not learn.

The page has the same list in `page/src/studies/changes.ts`; cases of both hold them together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mlplab.errors import SpecError
from mlplab.spec import Experiment, FiniteSamples, Recipe
from mlplab.spec.schedules import Schedule

RATE = "training.optimizer.learning_rate"

FACTORS = (10.0, 3.0, 1 / 3, 0.1)
"""Of learning rates."""

INITIALIZERS = ("glorot_uniform", "he_normal")
ACTIVATIONS = ("relu", "leaky_relu", "tanh")
TIMES_LONGER = (3, 10)
TIMES_WIDER = (2, 4)

FIRST_LAYER = {
    "network.hidden_layers": 1,
    "network.layer_width": 10,
    "network.activation": "relu",
}
"""What is tried of a network without hidden layers."""


@dataclass(frozen=True)
class Change:
    """One change of an experiment.

    Attributes
    ----------
    values : dict of str to object
        What is set, by its path, as `Experiment.varied` takes it.
    experiment : Experiment
        With it.
    """

    values: dict[str, Any]
    experiment: Experiment

    @property
    def name(self) -> str:
        """As one writes it behind `--set`.

        >>> Change({"training.batch_size": 64}, Experiment(dataset="linear")).name
        'training.batch_size=64'
        """
        return " ".join(f"{path}={value}" for path, value in self.values.items())

    @property
    def short(self) -> str:
        """The same without the tables in which it stands.

        >>> Change({"training.batch_size": 64}, Experiment(dataset="linear")).short
        'batch_size=64'
        """
        values = self.values.items()
        return ", ".join(f"{path.rpartition('.')[2]}={value}" for path, value in values)


def changes(experiment: Experiment) -> tuple[Change, ...]:
    """Return the changes of an experiment that are worth a try, those that it allows.

    Each changes one thing: the learning rate, the optimizer, the loss, initial weights or biases, the
    activation, whether features are standardised, the batch size, how long it is trained, widths, the
    number of layers, or what is left out of training on purpose (dropout, noise).

    Parameters
    ----------
    experiment : Experiment

    Examples
    --------
    >>> tried = changes(Experiment(dataset="linear", training={"batch_size": 512}))
    >>> [change.name for change in tried if "batch" in change.name]
    ['training.batch_size=128']
    """
    found: list[Change] = []
    for values in _proposed(experiment):
        try:
            changed = experiment.varied(values)
        except SpecError:
            continue  # what this experiment does not allow is not tried
        if changed != experiment and all(changed != other.experiment for other in found):
            found.append(Change(values, changed))
    return tuple(found)


def _proposed(experiment: Experiment) -> Iterator[dict[str, Any]]:
    """Go through the changes, valid or not, in the order in which one would try them."""
    network, training, dataset = experiment.network, experiment.training, experiment.dataset
    yield from _rates(experiment)
    yield {"training.optimizer": "adam"}
    if not dataset.has_targets:
        yield {"training.loss": "categorical_crossentropy"}
    if isinstance(dataset, FiniteSamples):
        yield {"dataset.standardise": True}
    yield from ({"network.initializer": kind} for kind in INITIALIZERS)
    yield {"network.bias_initializer": "zeros"}
    if network.hidden_layers:
        yield from ({"network.activation": name} for name in ACTIVATIONS)
    most = dataset.counts[0] if isinstance(dataset, Recipe) else None
    for size in (4 * training.batch_size, training.batch_size // 4):
        if size >= 1 and (most is None or size <= most):
            yield {"training.batch_size": size}
    yield from ({"training.epochs": times * training.epochs} for times in TIMES_LONGER)
    if network.hidden_layers == 0:
        yield FIRST_LAYER
        return
    width = network.layer_width
    for times in TIMES_WIDER:
        wider = [times * w for w in width] if isinstance(width, tuple) else times * (width or 1)
        yield {"network.layer_width": wider}
    if not any(isinstance(each, tuple) for each in (width, network.activation, network.dropout)):
        yield {"network.hidden_layers": network.hidden_layers + 1}
        if network.hidden_layers > 1:
            yield {"network.hidden_layers": network.hidden_layers - 1}
    yield {"network.dropout": 0.0}
    yield {"network.input_noise": 0.0}


def _rates(experiment: Experiment) -> Iterator[dict[str, Any]]:
    """Go through other learning rates; of a schedule through other first rates, and no schedule."""
    rate = experiment.training.optimizer.learning_rate
    if not isinstance(rate, Schedule):
        yield from ({RATE: rounded(factor * rate)} for factor in FACTORS)
        return
    first = getattr(rate, "initial_learning_rate", None)
    if first is None:
        return
    yield {RATE: first}
    path = f"{RATE}.initial_learning_rate"
    yield from ({path: rounded(factor * first)} for factor in FACTORS)


def rounded(value: float) -> float:
    """Return a number with two digits, which is as exact as a try needs.

    >>> rounded(0.05 / 3)
    0.017
    """
    return float(f"{value:.1e}")
