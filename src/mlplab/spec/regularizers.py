"""Regularizers: what weights cost by their size. Keras's by Keras's names and defaults.

A penalty is added to the loss, so that training makes weights smaller unless they make up for it:

P = l1 Σ |w| + l2 Σ w²        ∂P/∂w = l1 sign(w) + 2 l2 w

The sums go over the weights of a layer; biases cost nothing. L1 pulls every weight equally hard, down to
zero; L2 pulls a large one harder.

Source: Keras 3, `keras.regularizers`, a layer's `kernel_regularizer`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from mlplab.spec.family import Family

Float = NDArray[np.floating[Any]]
Strength = Annotated[float, Field(ge=0)]


class Strengths(NamedTuple):
    """What a penalty multiplies `Σ |w|` and `Σ w²` by."""

    l1: float
    l2: float


SLOPE_FORMULA = "{l1} · sign({w}) + 2 · {l2} · {w}"
"""Template (`formulas`) of ∂P/∂w, of any regularizer."""


class RegularizerSpec(Family):
    """What a layer's weights cost; the last layer's, too."""

    @property
    @abstractmethod
    def strengths(self) -> Strengths:
        """What it multiplies `Σ |w|` and `Σ w²` by."""

    def function(self, w: Float) -> float:
        """`P = l1 Σ |w| + l2 Σ w²`, summed in float64."""
        l1, l2 = self.strengths
        w = w.astype(np.float64)
        penalty: float = (l1 * np.abs(w).sum() + l2 * (w**2).sum()).item()
        return penalty

    def derivative(self, w: Float) -> Float:
        """∂P/∂w = l1 sign(w) + 2 l2 w, of the shape and type of w.

        sign(0) = 0; in Keras on JAX, `|w|` has the slope 1 at 0.
        """
        l1, l2 = self.strengths
        slope: Float = l1 * np.sign(w) + 2 * l2 * w
        return slope

    def of_layers(self, weights: Iterable[Float]) -> float:
        """Return the penalty of all layers' weights.

        Examples
        --------
        >>> L1L2(l1=0.1, l2=0.01).of_layers([np.array([[1.0, -2.0]]), np.array([[3.0]])])
        0.74
        """
        return sum(map(self.function, weights), 0.0)


class L1(RegularizerSpec):
    """A penalty of the weights' absolute values.

    Attributes
    ----------
    l1 : float
        What the sum of the absolute values is multiplied by, from 0 on.
    """

    kind: Literal["l1"] = "l1"
    l1: Strength = 0.01

    @property
    def strengths(self) -> Strengths:
        """Its strength, and 0."""
        return Strengths(self.l1, 0.0)


class L2(RegularizerSpec):
    """A penalty of the weights' squares.

    Attributes
    ----------
    l2 : float
        What the sum of the squares is multiplied by, from 0 on.
    """

    kind: Literal["l2"] = "l2"
    l2: Strength = 0.01

    @property
    def strengths(self) -> Strengths:
        """0, and its strength."""
        return Strengths(0.0, self.l2)


class L1L2(RegularizerSpec):
    """A penalty of both, the elastic net's.

    Attributes
    ----------
    l1 : float
        What the sum of the absolute values is multiplied by, from 0 on.
    l2 : float
        What the sum of the squares is multiplied by, from 0 on.
    """

    kind: Literal["l1_l2"] = "l1_l2"
    l1: Strength = 0.0
    l2: Strength = 0.0

    @property
    def strengths(self) -> Strengths:
        """Both."""
        return Strengths(self.l1, self.l2)
