"""Optimizers: how a gradient moves a weight. Keras's by Keras's names and defaults.

Source: Keras 3, `keras.optimizers`.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from mlplab.elementary import power
from mlplab.kernel import entry
from mlplab.spec.family import Family
from mlplab.spec.schedules import LearningRate, learning_rates

Float = NDArray[np.floating[Any]]
Float64 = NDArray[np.float64]
Decay = Annotated[float, Field(ge=0, lt=1)]


class OptimizerSpec(Family):
    """How the parameters move.

    Attributes
    ----------
    learning_rate : float or Schedule
        How far an update goes: one number, or a schedule of the update.
    moments : tuple of str
        What it remembers of earlier gradients: so many arrays for each array of parameters, which begin
        at zero.
    """

    learning_rate: LearningRate

    moments: ClassVar[tuple[str, ...]]

    @abstractmethod
    def step_sizes(self, steps: Float64) -> Float64:
        """Return what some updates multiply their direction by.

        Parameters
        ----------
        steps : ndarray of float64, shape (n,)
            How many updates were made before.

        Returns
        -------
        ndarray of float64, shape (n,)
        """

    @abstractmethod
    def update(self, w: Float, gradient: Float, step_size: float, *moments: Float) -> None:
        """Move parameters by one update, in place, and their moments with them; all of one shape."""


class SGD(OptimizerSpec):
    """Stochastic gradient descent, with momentum and Nesterov's variant of it.

    Plain:     w ← w - η g
    Momentum:  v ← μ v - η g,  w ← w + v
    Nesterov:  v ← μ v - η g,  w ← w + μ v - η g

    η is the learning rate of this update, μ the momentum, v the velocity.

    Attributes
    ----------
    momentum : float
        How much of the last step is kept, 0 to 1.
    nesterov : bool
        Whether to look ahead; only with momentum.
    """

    kind: Literal["sgd"] = "sgd"
    learning_rate: LearningRate = 0.01
    momentum: Annotated[float, Field(ge=0, le=1)] = 0.0
    nesterov: bool = False

    moments: ClassVar[tuple[str, ...]] = ("velocity",)

    @model_validator(mode="after")
    def _nesterov_has_momentum(self) -> SGD:
        if self.nesterov and self.momentum == 0:
            raise ValueError("nesterov needs momentum above 0, received momentum=0")
        return self

    def step_sizes(self, steps: Float64) -> Float64:
        """Return the learning rates η."""
        return learning_rates(self.learning_rate, steps)

    def update(self, w: Float, gradient: Float, step_size: float, *moments: Float) -> None:
        """v ← μ v - η g, and w ← w + v or Nesterov's w + μ v - η g."""
        (v,) = moments
        v[...] = self.momentum * v - step_size * gradient
        w += self.momentum * v - step_size * gradient if self.nesterov else v


class Adam(OptimizerSpec):
    """Adam: each weight's step is scaled by the size of its own recent gradients.

    m ← m + (1 - β₁)(g - m)      first moment: running mean of the gradient
    v ← v + (1 - β₂)(g² - v)     second moment: running mean of its square
    α = η √(1 - β₂ᵗ) / (1 - β₁ᵗ)  makes up for both beginning at 0; t = 1, 2, …
    w ← w - α m / (√v + ε)

    Source: Kingma & Ba 2015, section 2's variant, in which ε stands outside the correction.

    Attributes
    ----------
    beta_1 : float
        Decay of the first moment, from 0 to below 1.
    beta_2 : float
        Decay of the second moment, from 0 to below 1.
    epsilon : float
        Keeps the quotient finite where the second moment is near 0.
    """

    kind: Literal["adam"] = "adam"
    learning_rate: LearningRate = 0.001
    beta_1: Decay = 0.9
    beta_2: Decay = 0.999
    epsilon: Annotated[float, Field(gt=0)] = 1e-7

    moments: ClassVar[tuple[str, ...]] = ("first moment", "second moment")

    def step_sizes(self, steps: Float64) -> Float64:
        """Return α = η √(1 - β₂ᵗ) / (1 - β₁ᵗ)."""
        sizes = learning_rates(self.learning_rate, steps)
        entry(correct_bias)(steps, self.beta_1, self.beta_2, sizes)
        return sizes

    def update(self, w: Float, gradient: Float, step_size: float, *moments: Float) -> None:
        """Move m and v towards g and g², and w by α m / (√v + ε)."""
        m, v = moments
        m += (1 - self.beta_1) * (gradient - m)
        v += (1 - self.beta_2) * (gradient**2 - v)
        w -= step_size * m / (np.sqrt(v) + self.epsilon)


def correct_bias(steps: Float64, beta_1: float, beta_2: float, sizes: Float64) -> None:
    """Multiply each rate by √(1 - β₂ᵗ) / (1 - β₁ᵗ), t = step + 1; both arrays (n,)."""
    for i in range(len(steps)):
        t = steps[i] + 1.0
        sizes[i] *= np.sqrt(1.0 - power(beta_2, t)) / (1.0 - power(beta_1, t))
