"""Optimizers: how a gradient moves a weight.

An optimizer holds the parameters (all W and b of the network, as one list of arrays) and what it
remembers of earlier gradients, in arrays of the same shapes. `update` moves the parameters in place.

Source: Keras 3, `keras.optimizers`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

from mlplab import spec
from mlplab.reference.activations import Float
from mlplab.reference.schedules import learning_rate


class Optimizer(Protocol):
    """What the training loop asks of an optimizer."""

    def update(self, gradients: Sequence[Float]) -> None:
        """Move the parameters, given ∂L/∂parameter of each, in the same order and shapes."""


class SGD:
    """Stochastic gradient descent.

    Plain:     w ← w - η g
    Momentum:  v ← μ v - η g,  w ← w + v
    Nesterov:  v ← μ v - η g,  w ← w + μ v - η g

    η is the learning rate of this update, μ the momentum, v a velocity that begins at 0.
    """

    def __init__(self, spec: spec.SGD, parameters: Sequence[Float]) -> None:
        self.spec = spec
        self.parameters = parameters
        self.velocities = [np.zeros_like(w) for w in parameters]
        self.step = 0

    def update(self, gradients: Sequence[Float]) -> None:
        """Make one update."""
        rate = learning_rate(self.spec.learning_rate, self.step)
        momentum = self.spec.momentum
        for w, v, g in zip(self.parameters, self.velocities, gradients, strict=True):
            v[...] = momentum * v - rate * g
            w += momentum * v - rate * g if self.spec.nesterov else v
        self.step += 1


class Adam:
    """Adam: each weight's step is scaled by the size of its own recent gradients.

    m ← m + (1 - β₁)(g - m)      running mean of the gradient
    v ← v + (1 - β₂)(g² - v)     running mean of its square
    α = η √(1 - β₂ᵗ) / (1 - β₁ᵗ)  makes up for both beginning at 0; t = 1, 2, …
    w ← w - α m / (√v + ε)

    Source: Kingma & Ba 2015, section 2's variant, in which ε stands outside the correction.
    """

    def __init__(self, spec: spec.Adam, parameters: Sequence[Float]) -> None:
        self.spec = spec
        self.parameters = parameters
        self.means = [np.zeros_like(w) for w in parameters]
        self.squares = [np.zeros_like(w) for w in parameters]
        self.step = 0

    def update(self, gradients: Sequence[Float]) -> None:
        """Make one update."""
        beta_1, beta_2 = self.spec.beta_1, self.spec.beta_2
        t = self.step + 1
        rate = learning_rate(self.spec.learning_rate, self.step)
        alpha = rate * math.sqrt(1 - beta_2**t) / (1 - beta_1**t)
        for w, m, v, g in zip(self.parameters, self.means, self.squares, gradients, strict=True):
            m += (1 - beta_1) * (g - m)
            v += (1 - beta_2) * (g**2 - v)
            w -= alpha * m / (np.sqrt(v) + self.spec.epsilon)
        self.step += 1


OPTIMIZERS: dict[str, Callable[[Any, Sequence[Float]], Optimizer]] = {"sgd": SGD, "adam": Adam}
