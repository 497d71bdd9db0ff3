"""Adaptive rates: each weight has its own, by the size of the gradients that it has seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from mlplab.spec.formulas import Formula, Rule
from mlplab.spec.optimizers.base import Decay, Epsilon, Float, OptimizerSpec
from mlplab.spec.schedules import LearningRate


class Adagrad(OptimizerSpec):
    """The more a weight's gradients were in sum, the smaller are its steps.

    a ← a + g²,  w ← w - η g / √(a + ε)

    The sum a never falls, and begins at `initial_accumulator_value`.

    Source: Duchi, Hazan & Singer 2011, "Adaptive subgradient methods".

    Attributes
    ----------
    initial_accumulator_value : float
        What the sum of squared gradients begins with.
    epsilon : float
        Keeps the quotient finite where the sum is near 0.
    """

    kind: Literal["adagrad"] = "adagrad"
    learning_rate: LearningRate = 0.001
    initial_accumulator_value: Annotated[float, Field(ge=0)] = 0.1
    epsilon: Epsilon = 1e-7

    moments: ClassVar[tuple[str, ...]] = ("sum of squares",)
    update_rules: ClassVar[tuple[Rule, ...]] = (
        Rule((Formula("a", "{a} + {g}²"), Formula("w", "{w} - {η} · {g} / √({a} + {ε})"))),
    )
    symbols: ClassVar[dict[str, str]] = {"ε": "epsilon"}
    moment_symbols: ClassVar[tuple[str, ...]] = ("a",)
    begins_with: ClassVar[dict[str, str]] = {"a": "initial_accumulator_value"}

    def update(self, w: Float, gradient: Float, sizes: Sequence[float], *moments: Float) -> None:
        """a ← a + g², w ← w - η g / √(a + ε)."""
        (a,), rate = moments, sizes[0]
        a += gradient**2
        w -= rate * gradient / np.sqrt(a + self.epsilon)


class RMSprop(OptimizerSpec):
    """Adagrad that forgets: a running mean of squared gradients in the place of their sum.

    v ← ρ v + (1 - ρ) g²
    m ← μ m + η g / √(v + ε),  w ← w - m

    Keras's `centered` is not offered: with momentum it would remember a third number of each weight.

    Source: Tieleman & Hinton 2012, "Lecture 6.5: RMSprop", with momentum as in Keras.

    Attributes
    ----------
    rho : float
        How much of the running mean is kept, from 0 to below 1.
    momentum : float
        How much of the last step is kept, 0 to 1.
    epsilon : float
        Keeps the quotient finite where the running mean is near 0.
    """

    kind: Literal["rmsprop"] = "rmsprop"
    learning_rate: LearningRate = 0.001
    rho: Decay = 0.9
    momentum: Annotated[float, Field(ge=0, le=1)] = 0.0
    epsilon: Epsilon = 1e-7

    moments: ClassVar[tuple[str, ...]] = ("step", "mean square")
    update_rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            (
                Formula("v", "{ρ} · {v} + (1 - {ρ}) · {g}²"),
                Formula("m", "{μ} · {m} + {η} · {g} / √({v} + {ε})"),
                Formula("w", "{w} - {m}"),
            )
        ),
    )
    symbols: ClassVar[dict[str, str]] = {"ρ": "rho", "μ": "momentum", "ε": "epsilon"}
    moment_symbols: ClassVar[tuple[str, ...]] = ("m", "v")

    def update(self, w: Float, gradient: Float, sizes: Sequence[float], *moments: Float) -> None:
        """v ← ρ v + (1 - ρ) g², m ← μ m + η g / √(v + ε), w ← w - m."""
        (m, v), rate = moments, sizes[0]
        v[...] = self.rho * v + (1 - self.rho) * gradient**2
        m[...] = self.momentum * m + rate * gradient / np.sqrt(v + self.epsilon)
        w -= m


class Adadelta(OptimizerSpec):
    """RMSprop whose steps have the weights' own unit: the size of recent steps by that of gradients.

    a ← ρ a + (1 - ρ) g²
    s = √(d + ε) g / √(a + ε)
    d ← ρ d + (1 - ρ) s²
    w ← w - η s

    The paper has no learning rate: that is η = 1. Keras's default is 0.001.

    Source: Zeiler 2012, "ADADELTA: an adaptive learning rate method".

    Attributes
    ----------
    rho : float
        How much of both running means is kept, from 0 to below 1.
    epsilon : float
        Size of the first steps, squared, and what keeps the quotient finite.
    """

    kind: Literal["adadelta"] = "adadelta"
    learning_rate: LearningRate = 0.001
    rho: Decay = 0.95
    epsilon: Epsilon = 1e-7

    moments: ClassVar[tuple[str, ...]] = ("mean square", "mean squared step")
    update_rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            (
                Formula("a", "{ρ} · {a} + (1 - {ρ}) · {g}²"),
                Formula("w", "{w} - {η} · √({d} + {ε}) · {g} / √({a} + {ε})"),
                Formula("d", "{ρ} · {d} + (1 - {ρ}) · (√({d} + {ε}) · {g} / √({a} + {ε}))²"),
            )
        ),
    )
    symbols: ClassVar[dict[str, str]] = {"ρ": "rho", "ε": "epsilon"}
    moment_symbols: ClassVar[tuple[str, ...]] = ("a", "d")

    def update(self, w: Float, gradient: Float, sizes: Sequence[float], *moments: Float) -> None:
        """a ← ρ a + (1 - ρ) g², s = √(d + ε) g / √(a + ε), d ← ρ d + (1 - ρ) s², w ← w - η s."""
        (a, d), rate = moments, sizes[0]
        a[...] = self.rho * a + (1 - self.rho) * gradient**2
        step = np.sqrt(d + self.epsilon) * gradient / np.sqrt(a + self.epsilon)
        d[...] = self.rho * d + (1 - self.rho) * step**2
        w -= rate * step
