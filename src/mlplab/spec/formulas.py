"""Formulas as templates: one text for help, terminal and page, into which numbers are filled.

A template is arithmetic with names in braces, as "{z} / (1 + |{z}|)". It uses + - · / ² ³ √( ) | |, the
functions e^( ), log, tanh, min, max, sign, Φ and φ (the normal distribution's), π, and "A if condition
else B". Σ[ … ] stands for a sum with a term for each output: of a name with a number for each output, a
term has its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

Values = Mapping[str, float | Sequence[float]]
"""What stands for each name: a number, or one for each output."""

_NAME = re.compile(r"\{([^{}]+)\}")
_SUM = re.compile(r"Σ\[([^\]]*)\]")


class Formula(NamedTuple):
    """What is computed, and how.

    Attributes
    ----------
    name : str
        The symbol of the result, as in "h = …".
    template : str
        As the module's docstring has it.
    """

    name: str
    template: str

    @property
    def plain(self) -> str:
        """The formula with its names.

        >>> Formula("v", "{μ} · {v} - {η} · {g}").plain
        'v = μ · v - η · g'
        >>> Formula("ℓ", "-Σ[{y} · log({p})]").plain
        'ℓ = -Σ(y · log(p))'
        """
        named = _NAME.sub(lambda name: name[1], self.template)
        return f"{self.name} = {_SUM.sub(lambda terms: f'Σ({terms[1]})', named)}"


class Rule(NamedTuple):
    """Formulas one after the other: each may use the results of those before it.

    Attributes
    ----------
    lines : tuple of Formula
    when : mapping
        Values of fields that a part must have for this rule; empty for any other.
    """

    lines: tuple[Formula, ...]
    when: Mapping[str, object] = {}

    @property
    def names(self) -> set[str]:
        """All names that the templates read."""
        return {name for line in self.lines for name in _NAME.findall(line.template)}


def briefly(value: float) -> str:
    """Write a number with four digits.

    >>> briefly(0.123456), briefly(-2.0), briefly(1e-7), briefly(-0.0)
    ('0.1235', '-2', '1e-07', '0')
    """
    return f"{value + 0.0:.4g}"  # -0.0 + 0.0 is 0.0


def filled(
    template: str,
    values: Values,
    output: int = 0,
    write: Callable[[float], str] = briefly,
    most: int | None = None,
) -> str:
    """Return a template with numbers in the place of its names; negative ones stand in parentheses.

    Parameters
    ----------
    template : str
    values : mapping
        A number for each name, or one for each output.
    output : int
        Of which output the formula is, counted from 0.
    write : callable
        Writes a number.
    most : int, optional
        Terms of a sum that are written at most; the rest is "…". All of them, if not given.

    Examples
    --------
    >>> filled("{p} · ({g} - Σ[{g} · {p}])", {"p": [0.25, 0.75], "g": [-1.0, 0.0]})
    '0.25 · (-1 - (-1 · 0.25 + 0 · 0.75))'
    """

    def of_output(text: str, k: int, begins: bool = True) -> str:
        def number(found: re.Match[str]) -> str:
            value = values[found[1]]
            written = write(float(value[k] if isinstance(value, Sequence) else value))
            before, after = text[: found.start()], text[found.end() :]
            is_free = before.endswith(("(", ", ", "|", "if ", "< ")) or (begins and not before)
            is_alone = is_free and not after.startswith(("²", "³"))
            return f"({written})" if written.startswith("-") and not is_alone else written

        return _NAME.sub(number, text)

    def terms(found: re.Match[str]) -> str:
        lists = [values[name] for name in _NAME.findall(found[1])]
        count = max((len(v) for v in lists if isinstance(v, Sequence)), default=1)
        shown = count if most is None or count <= most else most
        written = [of_output(found[1], k, k == 0) for k in range(shown)]
        return f"({' + '.join([*written, *['…'] * (shown < count)])})"

    return of_output(_SUM.sub(terms, template), output)
