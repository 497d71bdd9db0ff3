"""Ways to train a trial that other libraries have: by the engine where it can, else by the reference."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any, cast

import numpy as np

from mlplab.engine import Stepper
from mlplab.parity.batches import Layers, batches_of
from mlplab.parity.reference_training import ReferenceTraining
from mlplab.spec import OptimizerSpec, learning_rates
from mlplab.spec.heads import Head, Weight
from mlplab.trial import Float, Trial

TOLERANCE, EPOCHS_WITHOUT_CHANGE = 1e-4, 10
"""scikit-learn's `tol` and `n_iter_no_change`."""


def by_engine(trial: Trial, updates: int) -> Layers:
    """Train a trial by the engine, and return the network."""
    stepper = Stepper(trial)
    stepper.train(updates)
    weights, biases = stepper.network
    return tuple(weights), tuple(biases)


def by_reference(
    trial: Trial,
    updates: int,
    optimizer_at: Callable[[int], OptimizerSpec] | None = None,
    head: Head | None = None,
    shuffled: bool = True,
) -> Layers:
    """Train a trial by the reference, and return the network.

    Parameters
    ----------
    trial : Trial
    updates : int
    optimizer_at, head
        As of `ReferenceTraining`.
    shuffled : bool
        Whether each epoch has a new order.
    """
    training = ReferenceTraining(trial, optimizer_at, head)
    for batch in islice(batches_of(trial, shuffled), updates):
        training.update(batch)
    return training.network


def epsilon_after_correction(trial: Trial, updates: int) -> Layers:
    """Train by Adam as PyTorch has it: w ← w - α m / (√v + ε √(1 - β₂ᵗ)), ε as in the experiment."""
    spec = cast(Any, trial.experiment.training.optimizer)

    def optimizer_at(step: int) -> OptimizerSpec:
        epsilon = spec.epsilon * np.sqrt(1 - spec.beta_2 ** (step + 1))
        return cast(OptimizerSpec, spec.model_copy(update={"epsilon": float(epsilon)}))

    return by_reference(trial, updates, optimizer_at)


def velocity_without_rate(trial: Trial, updates: int) -> Layers:
    """Train by SGD as PyTorch has it: u ← m u + g, w ← w - η u.

    Of v = -η u that is v ← (m ηₜ / ηₜ₋₁) v - ηₜ g: the momentum follows the rate.
    """
    spec = cast(Any, trial.experiment.training.optimizer)
    rates = learning_rates(spec.learning_rate, np.arange(trial.updates, dtype=np.float64))

    def optimizer_at(step: int) -> OptimizerSpec:
        grown = rates[step] / rates[step - 1] if step and rates[step - 1] else 1.0
        momentum = float(spec.momentum * grown)
        return cast(OptimizerSpec, spec.model_copy(update={"momentum": momentum}))

    return by_reference(trial, updates, optimizer_at)


def unclipped(head: Head) -> Head:
    """Return a head of the cross-entropy without bounds of its probabilities: ∂L/∂z = (p - y) / n.

    Source: scikit-learn's `_backprop`; PyTorch's CrossEntropyLoss has the same gradient.
    """

    class _Unclipped(Head):
        def delta(self, p: Float, y: Float, weight: Weight = 1.0) -> Float:
            off: Float = weight * (p - self.smoothed(y)) / len(p)
            return off

    return _Unclipped(**{name: getattr(head, name) for name in Head.__dataclass_fields__})


def stopped_by_scikit_learn(trial: Trial, updates: int) -> Layers:
    """Train by the engine until scikit-learn's MLPClassifier would stop.

    It stops after more than `EPOCHS_WITHOUT_CHANGE` epochs whose loss is not lower than the best one by
    more than `TOLERANCE`; the best one is the lowest, by however little.
    """
    stepper = Stepper(trial)
    best, without = np.inf, 0
    while stepper.step < updates and not stepper.diverged:
        stepper.train(min(stepper.updates_left, updates - stepper.step))
        if stepper.used:
            break
        loss = float(stepper.history.train_loss[-1])
        without = without + 1 if loss > best - TOLERANCE else 0
        best = min(best, loss)
        if without > EPOCHS_WITHOUT_CHANGE:
            break
    weights, biases = stepper.network
    return tuple(weights), tuple(biases)
