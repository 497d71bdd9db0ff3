"""PyTorch, one update at a time: its activations, its automatic gradient, its optimizers.

Where an optimizer of PyTorch's has another formula than Keras's, its numbers are set before each update
so that both say the same:

- Adam adds ε after the correction of the second moment, Keras before: ε' = ε / √(1 - β₂ᵗ).
- SGD's velocity u does not have the learning rate in it, Keras's has: v = -η u. Where the rate changes,
  the momentum of update t is multiplied by ηₜ₋₁ / ηₜ.

Weight decay of SGD and Adam is added to the gradient in PyTorch; Keras takes it off the weights, which is
done here in a line of its own.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, cast

import numpy as np

from mlplab.parity.batches import Batch, Layers
from mlplab.spec import learning_rates
from mlplab.spec.heads import EPSILON
from mlplab.trial import Trial

ACTIVATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "linear": lambda f, z: z,
    "sigmoid": lambda f, z: f.sigmoid(z),
    "tanh": lambda f, z: f.tanh(z),
    "relu": lambda f, z: f.relu(z),
    "leaky_relu": lambda f, z: f.leaky_relu(z, 0.2),
    "elu": lambda f, z: f.elu(z),
    "softplus": lambda f, z: f.softplus(z),
    "softsign": lambda f, z: f.softsign(z),
    "selu": lambda f, z: f.selu(z),
    "hard_sigmoid": lambda f, z: f.hardsigmoid(z),
    "relu6": lambda f, z: f.relu6(z),
    "exponential": lambda f, z: z.exp(),
    "silu": lambda f, z: f.silu(z),
    "gelu": lambda f, z: f.gelu(z),
    "gelu_tanh": lambda f, z: f.gelu(z, approximate="tanh"),
    "mish": lambda f, z: f.mish(z),
}
"""Its functions by our names, of `torch.nn.functional` and the pre-activations."""


def cannot_express(trial: Trial) -> str | None:
    """Return what part of an experiment PyTorch has in another form only, if any."""
    training = trial.experiment.training
    optimizer = training.optimizer
    of_sgd = optimizer.kind == "sgd" and cast(Any, optimizer).nesterov
    changes = not isinstance(optimizer.learning_rate, float | int)
    names = set(trial.experiment.network.activations)
    parts = (
        (not names <= set(ACTIVATIONS), f"the activation {', '.join(sorted(names))}"),
        (
            optimizer.kind not in ("sgd", "adam", "adamw", "adadelta"),
            f"the optimizer {optimizer.kind}: PyTorch's is another formula, or there is none",
        ),
        (
            of_sgd and changes,
            "Nesterov's momentum with a learning rate that changes: its velocity is without the rate",
        ),
        (
            bool(optimizer.clipnorm or optimizer.global_clipnorm),
            "clipping by a norm: its clip_grad_norm_ divides by the norm + 1e-6",
        ),
    )
    return next((part for is_missing, part in parts if is_missing), None)


class PyTorchTraining:
    """A training by PyTorch, on the processor.

    Parameters
    ----------
    trial : Trial
        For which `cannot_express` has nothing to say.
    """

    def __init__(self, trial: Trial) -> None:
        self.torch: Any = importlib.import_module("torch")
        self.functional: Any = importlib.import_module("torch.nn.functional")
        experiment, torch = trial.experiment, self.torch
        self.experiment, self.spec = experiment, cast(Any, experiment.training.optimizer)
        self.weights = [torch.tensor(w, requires_grad=True) for w in trial.weights]
        self.biases = [torch.tensor(b, requires_grad=True) for b in trial.biases]
        steps = np.arange(trial.updates, dtype=np.float64)
        self._rates = learning_rates(self.spec.learning_rate, steps).tolist()
        self._one_output = trial.head.has_one_output
        self._optimizer, self._step = self._make_optimizer(), 0

    def _make_optimizer(self) -> Any:
        spec, optim = self.spec, self.torch.optim
        parameters, rate = [*self.weights, *self.biases], self._rates[0]
        if spec.kind == "sgd":
            how = {"momentum": spec.momentum, "nesterov": spec.nesterov}
            return optim.SGD(parameters, lr=rate, **how)
        if spec.kind == "adadelta":
            return optim.Adadelta(parameters, lr=rate, rho=spec.rho, eps=spec.epsilon)
        return optim.Adam(parameters, lr=rate, betas=(spec.beta_1, spec.beta_2), eps=spec.epsilon)

    def update(self, batch: Batch) -> None:
        """Make the update of a batch."""
        torch = self.torch
        self._optimizer.zero_grad()
        self._loss(batch).backward()
        if self.spec.clipvalue:
            torch.nn.utils.clip_grad_value_([*self.weights, *self.biases], self.spec.clipvalue)
        group, rate = self._optimizer.param_groups[0], self._rates[self._step]
        group["lr"] = rate
        if self.spec.kind in ("adam", "adamw"):
            group["eps"] = self.spec.epsilon / np.sqrt(1 - self.spec.beta_2 ** (self._step + 1))
        if self.spec.kind == "sgd" and self._step and rate:
            group["momentum"] = self.spec.momentum * self._rates[self._step - 1] / rate
        with torch.no_grad():
            for parameter in [*self.weights, *self.biases] if self.spec.weight_decay else ():
                parameter.mul_(1 - rate * self.spec.weight_decay)
        self._optimizer.step()
        self._step += 1

    def _loss(self, batch: Batch) -> Any:
        torch, functional = self.torch, self.functional
        h = torch.tensor(batch.x)
        activations = self.experiment.network.activations
        for i, activation in enumerate(activations):
            z = functional.linear(h, self.weights[i], self.biases[i])
            h = ACTIVATIONS[activation](functional, z)
            if batch.masks is not None:
                h = h * torch.tensor(batch.masks[i])
        z = functional.linear(h, self.weights[-1], self.biases[-1])
        of_samples = self._loss_of_samples(z, torch.tensor(batch.y))
        if batch.weight is not None:
            of_samples = of_samples * torch.tensor(batch.weight)
        regularizer = self.experiment.network.kernel_regularizer
        if regularizer is None:
            return of_samples.mean()
        l1, l2 = regularizer.strengths
        return of_samples.mean() + sum(
            l1 * w.abs().sum() + l2 * w.square().sum() for w in self.weights
        )

    def _loss_of_samples(self, z: Any, y: Any) -> Any:
        """Return the loss of each sample: PyTorch's own, of probabilities where it would take sums."""
        functional, training = self.functional, self.experiment.training
        if training.loss == "mean_absolute_error":
            return functional.l1_loss(z, y, reduction="none").mean(dim=1)
        if training.loss == "huber":
            return functional.huber_loss(z, y, reduction="none").mean(dim=1)
        if self.experiment.head.has_targets:
            return functional.mse_loss(z, y, reduction="none").mean(dim=1)
        p = z.sigmoid() if self._one_output else functional.softmax(z, dim=1)
        if training.loss == "mean_squared_error":
            return functional.mse_loss(p, y, reduction="none").mean(dim=1)
        s, p = training.label_smoothing, p.clamp(EPSILON, 1 - EPSILON)
        if self._one_output:
            smoothed = y * (1 - s) + 0.5 * s
            return functional.binary_cross_entropy(p, smoothed, reduction="none").mean(dim=1)
        smoothed = y * (1 - s) + s / y.shape[1]
        return -(smoothed * p.log()).sum(dim=1)

    @property
    def network(self) -> Layers:
        """W and b of each layer, as they are now."""
        weights, biases = (
            tuple(parameter.detach().numpy().copy() for parameter in of)
            for of in (self.weights, self.biases)
        )
        return weights, biases
