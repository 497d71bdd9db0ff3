"""Linear equations in x1 and x2 as text: read exactly, and written as one writes them.

The grammar, with · for nothing at all (`2x1` means `2*x1`, and `1/2x1` means `(1/2)*x1`):

    equation = sum "=" sum
    sum      = product { ("+" | "-") product }
    product  = factor { ("*" | "/" | ·) factor }
    factor   = { "+" | "-" } ( number | "x1" | "x2" | "(" sum ")" )

All arithmetic is on fractions, so `0.1` is a tenth and nothing is rounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from mlplab.errors import LineError

LONGEST_TEXT = 1000
DEEPEST_NESTING = 50
_LARGEST_BITS = 8192  # of a numerator or denominator; keeps arithmetic quick whatever is typed

_TOKEN = re.compile(
    r"(?P<number>([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?)|(?P<name>[^\W\d]\w*)|(?P<sign>[-+*/=()])"
)


class LinearExpression(NamedTuple):
    """The value of a linear expression, exact: the constant, and the factors of x1 and of x2."""

    constant: Fraction
    x1: Fraction
    x2: Fraction

    @property
    def is_constant(self) -> bool:
        """Whether neither x1 nor x2 is left in it."""
        return not (self.x1 or self.x2)

    def plus(self, other: LinearExpression, times: int) -> LinearExpression:
        """Add `times` the other expression."""
        return LinearExpression(
            *(mine + times * its for mine, its in zip(self, other, strict=True))
        )

    def scaled(self, factor: Fraction) -> LinearExpression:
        """Multiply by a number."""
        return LinearExpression(*(mine * factor for mine in self))


def parse_equation(text: str) -> LinearExpression:
    """Read a linear equation; return its left side minus its right side.

    Raises
    ------
    LineError
        If the text is empty, too long, not an equation, not linear, or true nowhere or everywhere; one
        sentence that says what is wrong and at which position (the first character has position 1).

    Examples
    --------
    >>> parse_equation("x2 = 1 - x1")
    LinearExpression(constant=Fraction(-1, 1), x1=Fraction(1, 1), x2=Fraction(1, 1))
    """
    return _Parser(text).equation()


def write_sum(terms: Iterable[tuple[Fraction, str]]) -> str:
    """Write a sum of terms (coefficient, name), the name empty for a constant; leave zeros out.

    Numbers are decimals where nine decimals say them exactly, and else fractions.

    Examples
    --------
    >>> write_sum([(Fraction(1, 3), ""), (Fraction(-2, 3), "x1"), (Fraction(1), "x2")])
    '1/3 - 2/3*x1 + x2'
    >>> write_sum([(Fraction(0), "x1"), (Fraction(-1, 8), "")])
    '-0.125'
    """
    text = ""
    for coefficient, name in terms:
        if coefficient == 0:
            continue
        size = write_number(abs(coefficient))
        term = size if not name else name if size == "1" else f"{size}*{name}"
        if text:
            text += f" - {term}" if coefficient < 0 else f" + {term}"
        else:
            text = f"-{term}" if coefficient < 0 else term
    return text or "0"


def write_number(value: Fraction) -> str:
    """Write a number exactly: as a decimal where nine decimals are enough, else a fraction.

    Examples
    --------
    >>> write_number(Fraction(1, 8)), write_number(Fraction(-1, 3)), write_number(Fraction(2))
    ('0.125', '-1/3', '2')
    """
    billionths = value * 10**9
    if value.denominator == 1 or billionths.denominator != 1:
        return str(value)
    whole, rest = divmod(abs(billionths.numerator), 10**9)
    return f"{'-' if value < 0 else ''}{whole}.{rest:09d}".rstrip("0")


class _Token(NamedTuple):
    kind: str  # number, name, end, or the sign itself
    text: str
    position: int


class _Parser:
    """Recursive descent over the grammar above: a method for each of its rules."""

    def __init__(self, text: str) -> None:
        self.text = text
        if len(text) > LONGEST_TEXT:
            raise self._error(f"it has {len(text)} characters, more than {LONGEST_TEXT}")
        if not text.strip():
            raise self._error("it is empty")
        self.tokens = self._tokens()
        self.next = 0
        self.depth = 0

    def equation(self) -> LinearExpression:
        left = self._sum()
        equals = self._take()
        if equals.kind != "=":
            raise self._unexpected(
                equals, "one '='" if equals.kind == "end" else "an operator or '='"
            )
        right = self._sum()
        end = self._take()
        if end.kind == "=":
            raise self._error("it has a second '='", end.position)
        if end.kind != "end":
            raise self._unexpected(end, "an operator or the end")
        difference = left.plus(right, times=-1)
        if difference.is_constant:
            holds = "nowhere" if difference.constant else "everywhere"
            raise self._error(f"x1 and x2 drop out of it, so that it holds {holds}")
        return difference

    def _sum(self) -> LinearExpression:
        value = self._product()
        while (operator := self.tokens[self.next]).kind in ("+", "-"):
            self.next += 1
            value = value.plus(self._product(), times=1 if operator.kind == "+" else -1)
            self._check_size(value, operator)
        return value

    def _product(self) -> LinearExpression:
        value = self._factor()
        while (operator := self.tokens[self.next]).kind in ("*", "/", "name", "("):
            self.next += operator.kind in ("*", "/")
            factor = self._factor()
            if operator.kind == "/":
                value = self._quotient(value, factor, operator)
            elif factor.is_constant:
                value = value.scaled(factor.constant)
            elif value.is_constant:
                value = factor.scaled(value.constant)
            else:
                what = "it multiplies x1 or x2 with x1 or x2, which is not linear"
                raise self._error(what, operator.position)
            self._check_size(value, operator)
        return value

    def _factor(self) -> LinearExpression:
        sign = 1
        while (token := self._take()).kind in ("+", "-"):
            sign = -sign if token.kind == "-" else sign
        match token.kind:
            case "number":
                value = LinearExpression(self._number(token), Fraction(0), Fraction(0))
            case "name":
                value = self._variable(token)
            case "(":
                value = self._inside(token)
            case _:
                raise self._unexpected(token, "a number, x1, x2 or '('")
        return value.scaled(Fraction(sign))

    def _inside(self, opening: _Token) -> LinearExpression:
        self.depth += 1
        if self.depth > DEEPEST_NESTING:
            what = f"its parentheses are nested more than {DEEPEST_NESTING} deep"
            raise self._error(what, opening.position)
        value = self._sum()
        closing = self._take()
        if closing.kind in ("end", "="):
            raise self._error("this parenthesis is not closed", opening.position)
        if closing.kind != ")":
            raise self._unexpected(closing, "an operator or ')'")
        self.depth -= 1
        return value

    def _quotient(
        self, value: LinearExpression, divisor: LinearExpression, operator: _Token
    ) -> LinearExpression:
        if not divisor.is_constant:
            raise self._error("it divides by x1 or x2, which is not linear", operator.position)
        if divisor.constant == 0:
            raise self._error("it divides by zero", operator.position)
        return value.scaled(1 / divisor.constant)

    def _number(self, token: _Token) -> Fraction:
        exponent = re.split("[eE]", token.text)[1:]
        if exponent and abs(int(exponent[0])) > 300:
            raise self._error(f"the exponent of '{token.text}' is beyond 300", token.position)
        return Fraction(token.text)

    def _variable(self, token: _Token) -> LinearExpression:
        if token.text not in ("x1", "x2"):
            what = (
                f"unknown name '{token.text}', the coordinates are called x1 (across) and x2 (up)"
            )
            raise self._error(what, token.position)
        return LinearExpression(
            Fraction(0), Fraction(token.text == "x1"), Fraction(token.text == "x2")
        )

    def _tokens(self) -> list[_Token]:
        tokens = []
        # A minus sign that was copied from a typeset page.
        text = self.text.replace("−", "-")
        at = 0
        while at < len(text):
            if text[at].isspace():
                at += 1
                continue
            match = _TOKEN.match(text, at)
            if not match:
                raise self._error(f"unexpected character '{text[at]}'", at + 1)
            kind = str(match.lastgroup)
            tokens.append(_Token(match[0] if kind == "sign" else kind, match[0], at + 1))
            at = match.end()
        return [*tokens, _Token("end", "", len(text) + 1)]

    def _take(self) -> _Token:
        """Return the next token and step past it; the end is never stepped past."""
        token = self.tokens[self.next]
        self.next += token.kind != "end"
        return token

    def _check_size(self, value: LinearExpression, operator: _Token) -> None:
        for part in value:
            if max(part.numerator.bit_length(), part.denominator.bit_length()) > _LARGEST_BITS:
                raise self._error("its numbers grow too large", operator.position)

    def _unexpected(self, token: _Token, expected: str) -> LineError:
        came = "its end" if token.kind == "end" else f"'{token.text}'"
        return self._error(f"expected {expected}, received {came}", token.position)

    def _error(self, what: str, position: int | None = None) -> LineError:
        shown = self.text if len(self.text) <= 60 else f"{self.text[:57]}..."
        where = f" (position {position})" if position else ""
        return LineError(f"{shown!r} is not the equation of a line{where}: {what}")
