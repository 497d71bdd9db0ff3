"""Whether a side did the work: its updates, and its loss as the network from scratch has it."""

from __future__ import annotations

from collections.abc import Sequence

from mlplab.bench.side import Outcome
from mlplab.reference import MultilayerPerceptron
from mlplab.reference.training import evaluate
from mlplab.trial import Float, Trial

Layers = tuple[Sequence[Float], Sequence[Float]]
"""W of each layer, (outputs, inputs), and b of each, (outputs,)."""


def outcome_of(trial: Trial, layers: Layers, updates: int) -> Outcome:
    """Return what a training from a trial's initial weights to others came to."""

    def loss(weights: Sequence[Float], biases: Sequence[Float]) -> float:
        activations = trial.experiment.network.activations
        return evaluate(
            MultilayerPerceptron(weights, biases, activations, trial.head),
            trial,
            trial.dataset.train,
        )[0]

    return Outcome(updates, loss(trial.weights, trial.biases), loss(*layers))
