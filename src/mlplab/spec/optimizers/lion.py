"""Lion: steps of one size, whose direction alone follows the gradient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from mlplab.spec.formulas import Formula, Rule
from mlplab.spec.optimizers.base import Decay, Float, OptimizerSpec
from mlplab.spec.schedules import LearningRate


class Lion(OptimizerSpec):
    """Each weight moves by the learning rate, up or down: only the sign of the momentum counts.

    w ← w - η sign(β₁ m + (1 - β₁) g)
    m ← β₂ m + (1 - β₂) g

    The sign of 0 is 0. Weights move until m is 0, also where the gradient is 0 by then.

    Source: Chen et al. 2023, "Symbolic discovery of optimization algorithms".

    Attributes
    ----------
    beta_1 : float
        How much the momentum counts beside the gradient, above 0 to 1.
    beta_2 : float
        Decay of the momentum, from 0 to below 1.
    """

    kind: Literal["lion"] = "lion"
    learning_rate: LearningRate = 0.001
    beta_1: Annotated[float, Field(gt=0, le=1)] = 0.9
    beta_2: Decay = 0.99

    moments: ClassVar[tuple[str, ...]] = ("momentum",)
    update_rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            (
                Formula("w", "{w} - {η} · sign({β₁} · {m} + (1 - {β₁}) · {g})"),
                Formula("m", "{β₂} · {m} + (1 - {β₂}) · {g}"),
            )
        ),
    )
    symbols: ClassVar[dict[str, str]] = {"β₁": "beta_1", "β₂": "beta_2"}
    moment_symbols: ClassVar[tuple[str, ...]] = ("m",)

    def update(self, w: Float, gradient: Float, sizes: Sequence[float], *moments: Float) -> None:
        """w ← w - η sign(β₁ m + (1 - β₁) g), m ← β₂ m + (1 - β₂) g."""
        (m,), rate = moments, sizes[0]
        w -= rate * np.sign(self.beta_1 * m + (1 - self.beta_1) * gradient)
        m[...] = self.beta_2 * m + (1 - self.beta_2) * gradient
