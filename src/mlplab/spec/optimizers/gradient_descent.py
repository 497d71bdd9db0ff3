"""Gradient descent: a step down the gradient, and what momentum makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from mlplab.spec.formulas import Formula, Rule
from mlplab.spec.optimizers.base import Float, OptimizerSpec
from mlplab.spec.schedules import LearningRate


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
    update_rules: ClassVar[tuple[Rule, ...]] = (
        Rule((Formula("w", "{w} - {η} · {g}"),), {"momentum": 0.0}),
        Rule(
            (
                Formula("v", "{μ} · {v} - {η} · {g}"),
                Formula("w", "{w} + {μ} · {v} - {η} · {g}"),
            ),
            {"nesterov": True},
        ),
        Rule((Formula("v", "{μ} · {v} - {η} · {g}"), Formula("w", "{w} + {v}"))),
    )
    symbols: ClassVar[dict[str, str]] = {"μ": "momentum"}
    moment_symbols: ClassVar[tuple[str, ...]] = ("v",)

    @model_validator(mode="after")
    def _nesterov_has_momentum(self) -> SGD:
        if self.nesterov and self.momentum == 0:
            raise ValueError("nesterov needs momentum above 0, received momentum=0")
        return self

    def update(self, w: Float, gradient: Float, sizes: Sequence[float], *moments: Float) -> None:
        """v ← μ v - η g, and w ← w + v or Nesterov's w + μ v - η g."""
        (v,), rate = moments, sizes[0]
        v[...] = self.momentum * v - rate * gradient
        w += self.momentum * v - rate * gradient if self.nesterov else v
