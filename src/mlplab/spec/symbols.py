"""How symbols and sums of numbers are written where a formula is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.spec.formulas import briefly

_DIGITS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_MOST_COORDINATES = 6
MOST_TERMS = 6
"""Of a sum that is written."""


def subscript(number: int) -> str:
    """Write a number below the line.

    >>> subscript(12)
    '₁₂'
    """
    return str(number).translate(_DIGITS)


def weight_symbol(neuron: int, source: int) -> str:
    """Write the symbol of a weight, both counted from 1.

    >>> weight_symbol(1, 2), weight_symbol(12, 3)
    ('w₁₂', 'w₁₂,₃')
    """
    comma = "," if max(neuron, source) > 9 else ""
    return f"w{subscript(neuron)}{comma}{subscript(source)}"


def tuple_of(values: NDArray[Any]) -> str:
    """Write some numbers, and how many are left out.

    >>> tuple_of(np.array([0.5, -1.0])), tuple_of(np.zeros(8))
    ('(0.5, -1)', '(0, 0, 0, 0, 0, 0, … 2 more)')
    """
    shown = [briefly(float(value)) for value in values[:_MOST_COORDINATES]]
    left = len(values) - len(shown)
    return f"({', '.join(shown)}{f', … {left} more' if left else ''})"


def products(pairs: Sequence[tuple[float, float]], most: int) -> str:
    """Write a sum of products, of more than `most` the largest, in their order.

    >>> products([(0.41, 0.23), (-0.12, 0.77), (2.0, -1.0)], 6)
    '0.41·0.23 - 0.12·0.77 + 2·(-1)'
    >>> products([(1.0, 1.0), (0.1, 0.1), (2.0, 1.0)], 2)
    '1·1 + 2·1 + … (1 smaller term)'
    """
    sizes = np.abs([a * b for a, b in pairs])
    largest = np.sort(np.argsort(-sizes, kind="stable")[:most])
    text = ""
    for i in largest:
        a, b = pairs[i]
        sign = ("-" if a < 0 else "") if not text else (" - " if a < 0 else " + ")
        text += f"{sign}{briefly(abs(a))}·{in_parentheses(b)}"
    left = len(pairs) - len(largest)
    return f"{text} + … ({left} smaller term{'s' if left > 1 else ''})" if left else text


def in_parentheses(value: float) -> str:
    """Write a number, a negative one in parentheses.

    >>> in_parentheses(0.5), in_parentheses(-0.5)
    ('0.5', '(-0.5)')
    """
    written = briefly(value)
    return f"({written})" if written.startswith("-") else written
