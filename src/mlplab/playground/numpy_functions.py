"""Activations as NumPy functions, for the programs that the page exports."""

from __future__ import annotations

import inspect

from mlplab.spec import ACTIVATIONS


def numpy_function(name: str, activation: str) -> str:
    """Return an activation as a Python function of some name, with an empty line before it.

    It is the formula of `mlplab.spec.activations` itself, with the numbers that it reads by their names.

    Examples
    --------
    >>> print(numpy_function("activation", "tanh"))
    <BLANKLINE>
    def activation(z):
        \"\"\"σ(z) = tanh z.\"\"\"
        return np.tanh(z)
    <BLANKLINE>
    """
    formula = ACTIVATIONS[activation].function
    read = ((n, formula.__globals__.get(n)) for n in formula.__code__.co_names)
    numbers = [f"{n} = {value!r}" for n, value in read if isinstance(value, int | float)]
    body = inspect.getsource(formula).split(":\n", 1)[1].rstrip()
    blank = [""] * bool(numbers)
    return "\n".join(["", *numbers, *blank, *blank, f"def {name}(z):", body, ""])
