"""Equations as text: what is read, what is refused and where, and that nothing is evaluated."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlplab.boundary import equation
from mlplab.boundary.equation import parse_equation, write_number, write_sum
from mlplab.errors import LineError


@pytest.mark.parametrize(
    ("text", "constant", "x1", "x2"),
    [
        ("x2 = 1 - x1", -1, 1, 1),
        ("x1=.5", "-1/2", 1, 0),
        ("x1 = 5.", -5, 1, 0),
        ("1e-3 = x2", "1/1000", 0, -1),
        ("2E+2x1 = x2", 0, 200, -1),
        ("2x1 + 3 x2 = 1", -1, 2, 3),
        ("1/2x1 = x2", 0, "1/2", -1),
        ("x1/2/3 = 1", -1, "1/6", 0),
        ("(x1)(2) = x2", 0, 2, -1),
        ("2(x1 - (1 - x2)) = 3", -5, 2, 2),
        ("-(x1 - x2)*-2 = 1", -1, 2, -2),
        ("1 - 2 - x1 = 0", -1, -1, 0),
        ("--x1 = +-+1", 1, 1, 0),
        ("x2 = 1/3 - 2/3*x1", "-1/3", "2/3", 1),
        ("(x1 - x1)*x2 + x2/(3 - 1) = 0", 0, 0, "1/2"),
        ("\tx2\n=\r 1 − x1 ", -1, 1, 1),
    ],
)
def test_reads_exactly(text, constant, x1, x2):
    assert parse_equation(text) == tuple(Fraction(value) for value in (constant, x1, x2))


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("x1*x2 = 1", 3, "not linear"),
        ("x1 (x2) = 1", 4, "not linear"),
        ("1/x1 = 2", 2, "divides by x1 or x2"),
        ("x1 = 2/(x2 + 1)", 7, "divides by x1 or x2"),
        ("x1 = 2/(1 - 1)", 7, "divides by zero"),
        ("x3 = 1", 1, "unknown name 'x3', the coordinates are called x1"),
        ("y = 1 - x", 1, "unknown name 'y', the coordinates are called x1"),
        ("x₁ = 1", 1, "unknown name 'x₁'"),
        ("X1 = 1", 1, "unknown name 'X1'"),
        ("x1 = x1x2", 6, "unknown name 'x1x2'"),
        ("x1 = 2e", 7, "unknown name 'e'"),
        ("(x1 = 1", 1, "this parenthesis is not closed"),
        ("2*(x1 + (x2) = 1", 3, "this parenthesis is not closed"),
        ("x1 = (1", 6, "this parenthesis is not closed"),
        ("x1 = 1)", 7, "received '\\)'"),
        ("x1) = 1", 3, "received '\\)'"),
        ("() = x1", 2, "received '\\)'"),
        ("(x1 3) = 1", 5, "expected an operator or '\\)', received '3'"),
        ("x1 = 1 = x2", 8, "second '='"),
        ("x1 == 1", 5, "received '='"),
        ("x1 + x2", 8, "expected one '=', received its end"),
        ("x1 = ", 6, "received its end"),
        ("= 1", 1, "received '='"),
        ("x1 + = 2", 6, "received '='"),
        ("x1 2 = 2", 4, "expected an operator or '=', received '2'"),
        ("x1 = 1.2.3", 9, "received '.3'"),
        ("x1 = 1,5", 7, "unexpected character ','"),
        ("x1^2 = 1", 3, "unexpected character '\\^'"),
        ("x1**2 = 1", 4, "received '\\*'"),
        ("x1 = 1; import os", 7, "unexpected character ';'"),
        ("__import__('os') = x1", 12, "unexpected character"),
        ("exit() = x1", 1, "unknown name 'exit'"),
        ("x1 = 1e301", 6, "beyond 300"),
        ("x1 = 1e-999999999999", 6, "beyond 300"),
        ("x1 = " + "1e300*" * 20 + "1", 53, "grow too large"),
        ("(" * 51 + "x1" + ")" * 51 + " = 1", 51, "more than 50 deep"),
    ],
)
def test_refuses_and_says_where(text, position, message):
    with pytest.raises(LineError, match=rf"\(position {position}\): .*{message}"):
        parse_equation(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'' is not the equation of a line: it is empty"),
        (" \n", "it is empty"),
        ("1 = 2", "holds nowhere"),
        ("x1 + x2 = x2 + x1 + 1", "holds nowhere"),
        ("x1 = x1", "holds everywhere"),
        ("0*x1 = 0", "holds everywhere"),
        ("x1 = " + "1" * 996, "1001 characters, more than 1000"),
    ],
)
def test_refuses_the_whole(text, message):
    with pytest.raises(LineError, match=message) as caught:
        parse_equation(text)
    assert len(str(caught.value)) < 200


def test_nesting_is_deep_enough_for_a_person():
    depth = equation.DEEPEST_NESTING
    assert parse_equation("(" * depth + "x1" + ")" * depth + " = 1").x1 == 1
    assert parse_equation("()".join(["(x1)"]) + " = 1" + " - (1)" * 100).constant == 99


@given(st.text(alphabet="x12y()+-*/=.eE 0₁−\n", max_size=40) | st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused_in_one_line(text):
    try:
        value = parse_equation(text)
    except LineError as error:
        message = str(error)
    else:
        message = "read"
        assert value.x1 or value.x2
    assert "\n" not in message


numbers = st.fractions(-9, 9, max_denominator=8)


leaves = st.one_of(
    numbers.map(lambda number: (f"({number})", lambda x1, x2: number)),
    st.just(("x1", lambda x1, x2: x1)),
    st.just(("x2", lambda x1, x2: x2)),
)


def combine(parts):
    """Expressions made of expressions; each is its text and its value as a function of x1 and x2."""

    def negative(part):
        return f"-({part[0]})", lambda x1, x2: -part[1](x1, x2)

    def multiple(part, number):
        return f"({number})({part[0]})", lambda x1, x2: number * part[1](x1, x2)

    def total(one, other):
        return f"({one[0]} + {other[0]})", lambda x1, x2: one[1](x1, x2) + other[1](x1, x2)

    def difference(one, other):
        return f"{one[0]} - ({other[0]})", lambda x1, x2: one[1](x1, x2) - other[1](x1, x2)

    return st.one_of(
        parts.map(negative),
        st.builds(multiple, parts, numbers),
        st.builds(total, parts, parts),
        st.builds(difference, parts, parts),
    )


expressions = st.recursive(leaves, combine, max_leaves=8)


@given(expressions, expressions, numbers, numbers)
def test_value_is_that_of_ordinary_arithmetic(left, right, x1, x2):
    (left_text, left_value), (right_text, right_value) = left, right
    # A factor that no small numbers cancel, so that x1 never drops out.
    text = f"{left_text} + 1000003x1 = {right_text}"
    parsed = parse_equation(text)
    expected = left_value(x1, x2) + 1000003 * x1 - right_value(x1, x2)
    assert parsed.constant + parsed.x1 * x1 + parsed.x2 * x2 == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("7", "7"),
        ("-1/2", "-0.5"),
        ("1/3", "1/3"),
        ("-2/7", "-2/7"),
        ("1/1000", "0.001"),
        ("1/512", "0.001953125"),
        ("1/1024", "1/1024"),
        ("123.25", "123.25"),
    ],
)
def test_numbers_are_short_decimals_or_fractions(value, text):
    assert write_number(Fraction(value)) == text


def test_sums_leave_out_zeros_and_ones():
    one, zero = Fraction(1), Fraction(0)
    assert write_sum([(zero, "s"), (one, "w21"), (-one, "s"), (zero, "")]) == "w21 - s"
    assert write_sum([(-one, "s"), (Fraction(2), "")]) == "-s + 2"
    assert write_sum([(zero, "s")]) == "0"
