"""Numbers and arrays as text that every language reads back exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import Any

import numpy as np

from mlplab.models.model import Model
from mlplab.run.history import Float


def number_text(value: np.floating[Any]) -> str:
    """Write a finite number with as few digits as give it back, also if it is read as a float64 first.

    Examples
    --------
    >>> number_text(np.float32(0.1)), number_text(np.float64(0.1)), number_text(np.float32(1e-7))
    ('0.1', '0.1', '1e-07')
    """
    short = np.format_float_scientific(value, trim="0")
    kind = type(value)
    plain = repr(float(short))
    return plain if kind(float(plain)) == value else repr(float(value))


def vector_text(
    array: Float,
    brackets: tuple[str, str],
    write: Callable[[np.floating[Any]], str] = number_text,
) -> str:
    """Write a vector on a line.

    >>> vector_text(np.array([1.0, 2.5]), ("{", "}"))
    '{1.0, 2.5}'
    """
    return f"{brackets[0]}{', '.join(map(write, array))}{brackets[1]}"


def matrix_text(rows: Iterable[str], brackets: tuple[str, str], indent: int = 0) -> str:
    """Write rows that are texts below each other, and brackets around them.

    Parameters
    ----------
    rows : iterable of str
    brackets : (str, str)
    indent : int
        Spaces before the closing bracket; rows stand four further to the right.

    Examples
    --------
    >>> print(matrix_text(["[1.0]", "[2.0]"], ("[", "]")))
    [
        [1.0],
        [2.0],
    ]
    """
    lines = [f"{' ' * (indent + 4)}{row}," for row in rows]
    return "\n".join([brackets[0], *lines, f"{' ' * indent}{brackets[1]}"])


def origin_of(model: Model) -> str:
    """Return the sentence that says what a file holds, and what wrote it."""
    layers = " - ".join(map(str, model.layer_sizes))
    seed = "" if model.seed is None else f" of seed {model.seed}"
    return (
        f"A multilayer perceptron{seed}, layers {layers}, output {model.output_activation}; "
        f"written by mlplab {version('mlplab')}."
    )
