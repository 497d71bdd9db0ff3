"""How the weights move: Keras's optimizers by Keras's names and defaults.

`mlplab.reference.optimizers` has their formulas.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from mlplab.spec.part import KindShorthand, Part
from mlplab.spec.schedules import LearningRate

Decay = Annotated[float, Field(ge=0, lt=1)]


class SGD(Part):
    """Stochastic gradient descent, with momentum and Nesterov's variant of it."""

    kind: Literal["sgd"] = "sgd"
    learning_rate: LearningRate = 0.01
    momentum: Annotated[float, Field(ge=0, le=1)] = 0.0
    nesterov: bool = False

    @model_validator(mode="after")
    def _nesterov_has_momentum(self) -> SGD:
        if self.nesterov and self.momentum == 0:
            raise ValueError("nesterov needs momentum above 0, received momentum=0")
        return self


class Adam(Part):
    """Adam (Kingma & Ba 2015), with ε outside the bias correction as Keras has it."""

    kind: Literal["adam"] = "adam"
    learning_rate: LearningRate = 0.001
    beta_1: Decay = 0.9
    beta_2: Decay = 0.999
    epsilon: Annotated[float, Field(gt=0)] = 1e-7


OptimizerSpec = Annotated[SGD | Adam, Field(discriminator="kind"), KindShorthand]
