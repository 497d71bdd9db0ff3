"""A network without hidden layers: z = Wx + b, then softmax. Its boundaries are lines.

The larger of two outputs wins, so two classes meet where their z are equal, and the difference of two
linear functions is linear: a line (equations 3 to 9 of the lab report).

Classes are numbered from 0 here, as everywhere in mlplab. The report counts from 1: its "class 1", the
output z1, is class 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlplab.boundary.line import CLOSE, CLOSE_IN_FLOAT32, Line
from mlplab.errors import MlplabError, shown

Float = NDArray[np.floating[Any]]

LARGEST = 1e100
"""Largest size of a weight or bias; beyond it, floats overflow somewhere on the way."""

_DENOMINATORS = [10**digits for digits in range(7)]  # what a person may have meant, simplest first


@dataclass(frozen=True, eq=False)
class SingleLayer:
    """Two inputs, K outputs, softmax: z = Wx + b.

    Attributes
    ----------
    W : ndarray, shape (K, 2)
        Row k belongs to class k. float32 if W and b were given so, else float64; read-only.
    b : ndarray, shape (K,)
        Shape (K, 1), as in the course, is accepted and flattened.

    Raises
    ------
    MlplabError
        If a shape is wrong, or a value is no number, not finite or above 1e100 in size.

    Examples
    --------
    >>> layer = SingleLayer(W=[[-1, 0], [0, 1]], b=[1, 0])
    >>> layer.feedforward(np.array([[0.0, 0.0], [0.5, 0.5]])).round(3).tolist()
    [[0.731, 0.269], [0.5, 0.5]]
    >>> str(layer.line_between(0, 1))
    'x2 = 1 - x1'
    """

    W: Float
    b: Float

    def __init__(self, W: ArrayLike, b: ArrayLike) -> None:
        rows, biases = _numbers("W", W), _numbers("b", b)
        if rows.ndim != 2 or rows.shape[1] != 2 or len(rows) < 2:
            raise MlplabError(
                "W must have shape (K, 2), a row for each class and two classes at least, "
                f"received {rows.shape}"
            )
        if biases.shape not in ((len(rows),), (len(rows), 1)):
            raise MlplabError(
                f"b must have shape ({len(rows)},) or ({len(rows)}, 1), received {biases.shape}"
            )
        dtype = np.result_type(rows, biases)
        object.__setattr__(self, "W", _fixed(rows, dtype))
        object.__setattr__(self, "b", _fixed(biases.reshape(-1), dtype))

    @classmethod
    def of_one_output(cls, W: ArrayLike, b: ArrayLike) -> SingleLayer:
        """Return the layer of two classes that draws what one sigmoid output draws.

        Softmax of 0 and z is 1 - σ(z) and σ(z): class 0 has a row of zeros, and the classes meet where
        z = 0.

        Parameters
        ----------
        W : array_like, shape (1, 2)
        b : array_like, shape (1,)

        Raises
        ------
        MlplabError
            If a shape is wrong, or a value is no number, not finite or above 1e100 in size.

        Examples
        --------
        >>> layer = SingleLayer.of_one_output(W=[[2.0, 1.0]], b=[-1.0])
        >>> str(layer.line_between(0, 1)), layer.feedforward(np.array([[0.5, 0.0]])).tolist()
        ('x2 = 1 - 2*x1', [[0.5, 0.5]])
        """
        row, bias = _numbers("W", W), _numbers("b", b)
        if row.shape != (1, 2) or bias.shape != (1,):
            raise MlplabError(
                "one output needs W of shape (1, 2) and b of shape (1,), "
                f"received {row.shape} and {bias.shape}"
            )
        return cls(
            np.vstack([np.zeros_like(row), row]), np.concatenate([np.zeros_like(bias), bias])
        )

    @property
    def weights(self) -> tuple[Float, ...]:
        """W of each layer, as a run has them: one, shape (K, 2)."""
        return (self.W,)

    @property
    def biases(self) -> tuple[Float, ...]:
        """The bias vector of each layer, as a run has them: one, shape (K,)."""
        return (self.b,)

    def feedforward(self, x: Float, /) -> Float:
        """Return each class's probability: softmax(z)_k = exp(z_k - max z) / Σ_j exp(z_j - max z).

        Parameters
        ----------
        x : ndarray, shape (points, 2)

        Returns
        -------
        ndarray, shape (points, K)
            Each row sums to 1.
        """
        z = x @ self.W.T + self.b
        power = np.exp(z - z.max(axis=1, keepdims=True))
        probability: Float = power / power.sum(axis=1, keepdims=True)
        return probability

    def difference(self, first: int, second: int) -> tuple[Fraction, Fraction, Fraction]:
        """Return z_first - z_second, exactly, as (a, b, c): it is a·x1 + b·x2 - c.

        Weights and biases are read by `simple_fraction`: 0.1 is a tenth.
        """
        (a, b, one), (other_a, other_b, other) = self._read(first), self._read(second)
        return a - other_a, b - other_b, other - one

    def line_between(self, first: int, second: int) -> Line | None:
        """Return the line on which two outputs are equal; None if their difference is constant.

        Of the lines that give the very same floats, one with simple coefficients is preferred
        (denominators up to a million): one class's row is the other's + s·(a, b), and its bias the
        other's less s·c, rounded.

        Raises
        ------
        LineError
            If the line is too steep, flat or far away for floats (see `Line`).
        """
        a, b, c = self.difference(first, second)
        if a == b == 0:
            return None
        line, s = Line(a, b, c), b or a
        for largest in _DENOMINATORS:
            simple = Line(
                line.a.limit_denominator(largest), line.b, line.c.limit_denominator(largest)
            )
            if self._follows(first, second, s, simple) or self._follows(second, first, -s, simple):
                return simple
        return line

    @property
    def tolerance(self) -> float:
        """By how much a line may differ from one that is drawn, and count as it (`Line.is_close`)."""
        return CLOSE_IN_FLOAT32 if self.W.dtype == np.float32 else CLOSE

    def _follows(self, k: int, other: int, s: Fraction, line: Line) -> bool:
        """Whether row k and its bias are, rounded, what a line and s make of another row."""
        steps = (line.a, line.b, -line.c)
        exact = [v + s * step for v, step in zip(self._read(other), steps, strict=True)]
        # What is too large for float32 becomes infinite there, and is no entry of this row.
        with np.errstate(over="ignore"):
            return tuple(map(self.W.dtype.type, exact)) == (*self.W[k], self.b[k])

    def _read(self, k: int) -> list[Fraction]:
        """Read row k of W and its bias."""
        return [simple_fraction(value) for value in (*self.W[k], self.b[k])]


def two_classes(W: ArrayLike, b: ArrayLike) -> SingleLayer:
    """Return the network of W and b, checked to have exactly two classes."""
    layer = SingleLayer(W, b)
    if len(layer.W) != 2:
        raise MlplabError(
            f"W must have shape (2, 2), a row for each of two classes, received {layer.W.shape}"
        )
    return layer


def simple_fraction(value: np.floating[Any]) -> Fraction:
    """Read a float as a simple fraction that rounds to it, else as exactly what it is.

    Who writes 0.1 means a tenth, although the float is a little more. Denominators up to 1, 10, 100, …
    a million are tried in turn.

    Parameters
    ----------
    value : numpy.float64 or numpy.float32

    Examples
    --------
    >>> simple_fraction(np.float64(0.1)), simple_fraction(np.float32(1 / 3))
    (Fraction(1, 10), Fraction(1, 3))
    """
    exact = Fraction(float(value))
    for largest in _DENOMINATORS:
        simple = exact.limit_denominator(largest)
        if type(value)(simple) == value:
            return simple
    return exact


def _numbers(name: str, values: ArrayLike) -> Float:
    """Return values as finite floats: float32 where they are, else float64."""
    try:
        array = np.asarray(values)
        array = array.astype(
            np.float32 if array.dtype == np.float32 else np.float64, casting="safe"
        )
    except (TypeError, ValueError):
        raise MlplabError(
            f"{name} must be an array of real numbers, received {shown(values)}"
        ) from None
    if not (np.abs(array.astype(np.float64)) <= LARGEST).all():
        raise MlplabError(
            f"{name} must hold finite numbers up to 1e100 in size, received {shown(values)}"
        )
    return array


def _fixed(array: Float, dtype: np.dtype[Any]) -> Float:
    array = array.astype(dtype)
    array.flags.writeable = False
    return array


EQUATION_11 = SingleLayer(W=[[-1, 0], [0, 1]], b=[1, 0])
"""The report's first solution for the line x2 = 1 - x1."""

EQUATION_12 = SingleLayer(W=[[2, 1], [3, 2]], b=[0.5, -0.5])
"""The report's second solution; z1 - z2 is that of the first, and so is every probability."""
