"""Adam and its variants: each weight steps by the running means of its gradient and of its square."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from mlplab.elementary import power
from mlplab.kernel import kernel
from mlplab.spec.formulas import Formula, Rule
from mlplab.spec.optimizers.base import Decay, Epsilon, Float, Float64, OptimizerSpec
from mlplab.spec.schedules import LearningRate

MOMENTS = (
    Formula("m", "{m} + (1 - {β₁}) · ({g} - {m})"),
    Formula("v", "{v} + (1 - {β₂}) · ({g}² - {v})"),
)
SYMBOLS = {"β₁": "beta_1", "β₂": "beta_2", "ε": "epsilon"}


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
    epsilon: Epsilon = 1e-7

    moments: ClassVar[tuple[str, ...]] = ("first moment", "second moment")
    update_rules: ClassVar[tuple[Rule, ...]] = (
        Rule((*MOMENTS, Formula("w", "{w} - {α} · {m} / (√({v}) + {ε})"))),
    )
    symbols: ClassVar[dict[str, str]] = SYMBOLS
    moment_symbols: ClassVar[tuple[str, ...]] = ("m", "v")
    step_size_symbols: ClassVar[tuple[str, ...]] = ("α",)

    @staticmethod
    @kernel
    def scale(steps: Float64, sizes: Float64, beta_1: float, beta_2: float, epsilon: float) -> None:
        """α = η √(1 - β₂ᵗ) / (1 - β₁ᵗ)."""
        for i in range(len(steps)):
            t = steps[i] + 1.0
            sizes[0, i] *= np.sqrt(1.0 - power(beta_2, t)) / (1.0 - power(beta_1, t))

    def update(self, w: Float, gradient: Float, sizes: Sequence[float], *moments: Float) -> None:
        """Move m and v towards g and g², and w by α m / (√v + ε)."""
        (m, v), alpha = moments, sizes[0]
        m += (1 - self.beta_1) * (gradient - m)
        v += (1 - self.beta_2) * (gradient**2 - v)
        w -= alpha * m / (np.sqrt(v) + self.epsilon)


class AdamW(Adam):
    """Adam with weight decay: besides Adam's step, an update takes η λ times itself from each weight.

    The gradient does not know of it, so that weights with large gradients decay as fast as others. With
    an L2 penalty they would not: its gradient is divided by √v like the rest.

    Source: Loshchilov & Hutter 2019, "Decoupled weight decay regularization".
    """

    kind: Literal["adamw"] = "adamw"  # type: ignore[assignment]  # a kind of its own
    weight_decay: Annotated[float, Field(ge=0)] = 0.004


class Nadam(OptimizerSpec):
    """Adam with Nesterov's momentum: the step looks ahead to the next running mean of the gradient.

    m ← m + (1 - β₁)(g - m),  v ← v + (1 - β₂)(g² - v)     as in Adam
    uₜ = β₁ (1 - ½ · 0.96ᵗ),  Uₜ = u₁ u₂ … uₜ              how much of m counts, which grows towards β₁
    m̂ = uₜ₊₁ m / (1 - Uₜ₊₁) + (1 - uₜ) g / (1 - Uₜ)
    w ← w - η m̂ / (√(v / (1 - β₂ᵗ)) + ε)                   t = 1, 2, …

    Source: Dozat 2015, "Incorporating Nesterov momentum into Adam".

    Attributes
    ----------
    beta_1 : float
        Decay of the first moment, from 0 to below 1.
    beta_2 : float
        Decay of the second moment, from 0 to below 1.
    epsilon : float
        Keeps the quotient finite where the second moment is near 0.
    """

    kind: Literal["nadam"] = "nadam"
    learning_rate: LearningRate = 0.001
    beta_1: Decay = 0.9
    beta_2: Decay = 0.999
    epsilon: Epsilon = 1e-7

    moments: ClassVar[tuple[str, ...]] = ("first moment", "second moment")
    update_rules: ClassVar[tuple[Rule, ...]] = (
        Rule((*MOMENTS, Formula("w", "{w} - ({α₁} · {m} + {α₂} · {g}) / (√({α₃} · {v}) + {ε})"))),
    )
    symbols: ClassVar[dict[str, str]] = SYMBOLS
    moment_symbols: ClassVar[tuple[str, ...]] = ("m", "v")
    step_size_symbols: ClassVar[tuple[str, ...]] = ("α₁", "α₂", "α₃")
    step_size_count: ClassVar[int] = 3

    @staticmethod
    @kernel
    def scale(steps: Float64, sizes: Float64, beta_1: float, beta_2: float, epsilon: float) -> None:
        """η uₜ₊₁ / (1 - Uₜ₊₁) of m, η (1 - uₜ) / (1 - Uₜ) of g, and 1 / (1 - β₂ᵗ) of v."""
        made, product = 0.0, 1.0
        for i in range(len(steps)):
            t, rate = steps[i] + 1.0, sizes[0, i]
            if t < made:
                made, product = 0.0, 1.0
            while made < t:
                made += 1.0
                product *= beta_1 * (1.0 - 0.5 * power(0.96, made))
                if product < 1e-18:  # beside 1 it is nothing
                    made = t
            this = beta_1 * (1.0 - 0.5 * power(0.96, t))
            following = beta_1 * (1.0 - 0.5 * power(0.96, t + 1.0))
            sizes[0, i] = rate * following / (1.0 - product * following)
            sizes[1, i] = rate * (1.0 - this) / (1.0 - product)
            sizes[2, i] = 1.0 / (1.0 - power(beta_2, t))

    def update(self, w: Float, gradient: Float, sizes: Sequence[float], *moments: Float) -> None:
        """Move m and v towards g and g², and w by η m̂ / (√v̂ + ε)."""
        (m, v), (of_mean, of_gradient, of_square) = moments, sizes[:3]
        m += (1 - self.beta_1) * (gradient - m)
        v += (1 - self.beta_2) * (gradient**2 - v)
        w -= (of_mean * m + of_gradient * gradient) / (np.sqrt(of_square * v) + self.epsilon)
