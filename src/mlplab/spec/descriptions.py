"""What a part and its fields are, read from its docstring: one home for readers of code and for forms."""

from __future__ import annotations

import inspect
import re

_FIELDS = re.compile(r"^(\w[\w, ]*) : .*\n((?:    .*\n|\n)*)", re.MULTILINE)
"""An entry of NumPy's section of attributes: names and type, then its text, indented."""


def summary(part: type) -> str:
    """Return the first sentence of a docstring of its own.

    Examples
    --------
    >>> from mlplab.spec import Moons
    >>> summary(Moons)
    "Two interleaving half circles, as scikit-learn's `make_moons`; `sigma` is its `noise`."
    """
    return _one_line(_documentation(part).split("\n\n")[0])


def field_descriptions(part: type) -> dict[str, str]:
    """Return what the docstrings of a part and of its bases say of fields, the part's own first.

    Examples
    --------
    >>> from mlplab.spec import Moons
    >>> field_descriptions(Moons)["sigma"]
    'Standard deviation of the normal noise, in the units of what it is added to, 0 to 1e6.'
    """
    found: dict[str, str] = {}
    for base in part.__mro__:
        _, _, section = _documentation(base).partition("Attributes\n----------\n")
        attributes = re.split(r"\n\n\w+\n-+\n", section)[0]
        for names, text in _FIELDS.findall(f"{attributes}\n"):
            for name in names.split(", "):
                if text.strip():
                    found.setdefault(name, _one_line(text))
    return found


def _documentation(part: type) -> str:
    return inspect.cleandoc(part.__dict__.get("__doc__") or "")


def _one_line(text: str) -> str:
    return " ".join(text.split())
