"""Weights and biases as a user types them, and as we print them."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from mlplab.errors import MlplabError

if TYPE_CHECKING:
    from mlplab.boundary import SingleLayer


def read_weights(text: str) -> list[list[float]]:
    """Read rows of two numbers, typed as `-1,0;0,1` or `[[-1, 0], [0, 1]]`.

    Raises
    ------
    MlplabError
        If a row has not two numbers, or something is no number.

    Examples
    --------
    >>> read_weights("-1, 0; 0, 1/2"), read_weights("[[-1, 0], [0, 0.5]]")
    ([[-1.0, 0.0], [0.0, 0.5]], [[-1.0, 0.0], [0.0, 0.5]])
    """
    rows = _read_rows(text, "--weights")
    for i, row in enumerate(rows, start=1):
        if len(row) != 2:
            raise MlplabError(
                "--weights must have two numbers in each row, such as '-1,0;0,1', "
                f"received {len(row)} in row {i} of '{text}'"
            )
    return rows


def read_biases(text: str) -> list[float]:
    """Read numbers, typed as `1,0`, `1;0` or `[1, 0]`.

    Raises
    ------
    MlplabError
        If something is no number.

    Examples
    --------
    >>> read_biases("1,0"), read_biases("[[1], [0]]")
    ([1.0, 0.0], [1.0, 0.0])
    """
    return [number for row in _read_rows(text, "--biases") for number in row]


def write_layer(layer: SingleLayer) -> str:
    """Return W, each row on a line, and b, with all digits, so that `read_weights` reads them back.

    Examples
    --------
    >>> from mlplab.boundary import EQUATION_11
    >>> print(write_layer(EQUATION_11))
    W = [[-1.0, 0.0],
         [0.0, 1.0]]
    b = [1.0, 0.0]
    """
    rows = str(layer.W.tolist()).replace("], [", "],\n     [")
    biases = textwrap.fill(f"b = {layer.b.tolist()}", 76, subsequent_indent=" " * 5)
    return f"W = {rows}\n{biases}"


def write_briefly(layer: SingleLayer) -> str:
    """Return W and b on one line, with four digits, for a title.

    Examples
    --------
    >>> from mlplab.boundary import EQUATION_12
    >>> write_briefly(EQUATION_12)
    'W = [[2, 1], [3, 2]], b = [0.5, -0.5]'
    """
    rows = ", ".join(_brief(row) for row in layer.W.tolist())
    return f"W = [{rows}], b = {_brief(layer.b.tolist())}"


def _brief(values: list[float]) -> str:
    return f"[{', '.join(f'{value:.4g}' for value in values)}]"


def _read_rows(text: str, option: str) -> list[list[float]]:
    plain = text.replace("],", ";").replace("[", "").replace("]", "").replace("−", "-")
    return [[_number(part, option) for part in row.split(",")] for row in plain.split(";")]


def _number(text: str, option: str) -> float:
    numerator, slash, denominator = text.partition("/")
    try:
        return float(numerator) / float(denominator) if slash else float(numerator)
    except (ValueError, ZeroDivisionError):
        raise MlplabError(
            f"{option} must hold numbers such as 2, -0.5 or 1/3, received '{text.strip()}'"
        ) from None
