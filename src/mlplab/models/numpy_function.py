"""An activation as the text of a Python function: the formula of `mlplab.spec.activations` itself."""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np

from mlplab.errors import MlplabError
from mlplab.spec.activations import ACTIVATIONS


class FormulaSource(NamedTuple):
    """What the text of a function is made of.

    Attributes
    ----------
    scipy : tuple of str
        What it calls of SciPy.
    numbers : dict of str to float
        The numbers that it reads by their names.
    body : str
        All below the line of `def`.
    """

    scipy: tuple[str, ...]
    numbers: dict[str, float]
    body: str


def formula_source(formula: Callable[..., Any]) -> FormulaSource:
    """Return what the text of a function of z is made of.

    Raises
    ------
    MlplabError
        If it calls another function of its module, whose text would be missing.
    """
    loads = [step.argval for step in dis.get_instructions(formula) if step.opname == "LOAD_GLOBAL"]
    read = [(name, formula.__globals__.get(name)) for name in dict.fromkeys(loads)]
    for name, value in read:
        if isinstance(value, FunctionType):
            raise MlplabError(
                f"the activation {formula.__name__} cannot be written on its own: it calls '{name}'"
            )
    return FormulaSource(
        tuple(name for name, value in read if isinstance(value, np.ufunc)),
        {name: value for name, value in read if isinstance(value, int | float)},
        inspect.getsource(formula).split(":\n", 1)[1].rstrip().replace(": Float", ""),
    )


def numpy_function(name: str, activation: str) -> str:
    """Return an activation as a Python function of some name, with an empty line before it.

    It is the formula of `mlplab.spec.activations` itself, with the numbers that it reads by their names,
    and what it calls of SciPy.

    Examples
    --------
    >>> print(numpy_function("activation", "tanh"))
    <BLANKLINE>
    def activation(z):
        \"\"\"σ(z) = tanh z.\"\"\"
        return np.tanh(z)
    <BLANKLINE>
    """
    scipy, numbers, body = formula_source(ACTIVATIONS[activation].function)
    imports = [f"from scipy.special import {n}" for n in scipy]
    constants = [f"{n} = {value!r}" for n, value in numbers.items()]
    before = [*imports, *[""] * bool(imports and constants), *constants]
    blank = [""] * bool(before)
    return "\n".join(["", *before, *blank, *blank, f"def {name}(z):", body, ""])
