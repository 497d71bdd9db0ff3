"""Lines: one form for all their equations, text and back, and distances."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mlplab.boundary import Line
from mlplab.errors import LineError, MlplabError

fractions = st.fractions(-1000, 1000, max_denominator=10**9)
nonzero = fractions.filter(bool)


@st.composite
def lines(draw):
    a, b = draw(fractions), draw(fractions)
    assume(a or b)
    return Line(a, b, draw(fractions))


@given(lines(), nonzero)
def test_every_multiple_of_an_equation_is_the_same_line(line, factor):
    multiple = Line(line.a * factor, line.b * factor, line.c * factor)
    assert multiple == line
    assert hash(multiple) == hash(line)


@given(lines(), nonzero)
def test_other_equations_are_other_lines(line, step):
    assert Line(line.a, line.b, line.c + step) != line
    assert Line(line.a - step * line.b, line.b + step * line.a, line.c) != line


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2x1 + 2x2 = 2", (1, 1, 1)),
        ("x2 = 3", (0, 1, 3)),
        ("-2x1 = 1", (1, 0, "-1/2")),
        ("x1 - 2x2 = 4", ("-1/2", 1, -2)),
    ],
)
def test_form_is_x2_alone_or_x1_alone(text, form):
    line = Line.parse(text)
    assert (line.a, line.b, line.c) == tuple(Fraction(value) for value in form)


@pytest.mark.parametrize(
    "text",
    [
        "x2 = 1 - x1",
        "x1 = 0.5",
        "x1 = 0",
        "x1 = -2/3",
        "x2 = 0",
        "x2 = -0.25",
        "x2 = x1",
        "x2 = -x1",
        "x2 = 2*x1 - 1",
        "x2 = 1 + 2*x1",
        "x2 = -1 - 2*x1",
        "x2 = 1/3 - 2/3*x1",
        "x2 = 0.1",
    ],
)
def test_reads_as_one_writes_it(text):
    assert str(Line.parse(text)) == text


@given(lines())
def test_text_reads_back_to_the_same_line(line):
    assert Line.parse(str(line)) == line


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_lines_of_floats_read_back_too(slope, intercept):
    assume(all(value == 0 or abs(value) > 1e-90 for value in (slope, intercept)))
    line = Line(Fraction(slope), Fraction(1), Fraction(intercept))
    assert Line.parse(str(line)) == line


def test_no_direction_is_no_line():
    with pytest.raises(LineError, match="received a=0, b=0, c=1"):
        Line(0, 0, 1)


@pytest.mark.parametrize("text", ["x2 = 1e101", "x1 = 1e-101", "x2 = 1e200*x1 + 1"])
def test_what_floats_cannot_hold_is_refused(text):
    with pytest.raises(LineError, match="between 1e-100 and 1e100"):
        Line.parse(text)


def test_a_float_is_refused_since_it_is_not_the_number_one_wrote():
    with pytest.raises(TypeError, match=r"received c=0\.1"):
        Line(1, 1, 0.1)


def test_numpy_whole_numbers_count_as_whole_numbers():
    line = Line(np.int64(1), np.int64(3), np.int64(1))
    assert line == Line(1, 3, 1)
    assert type(line.a.numerator) is int


def test_side_by_hand():
    # 3·x1 + 4·x2 = 5: the origin is one unit below, (3, 4) is (9 + 16 - 5) / 5 = 4 above.
    line = Line(3, 4, 5)
    points = np.array([[0.0, 0.0], [3.0, 4.0], [1.0, 0.5]])
    np.testing.assert_allclose(line.side(points), [-1.0, 4.0, 0.0], atol=1e-15)
    np.testing.assert_allclose(line.distance(points), [1.0, 4.0, 0.0], atol=1e-15)


@given(lines(), nonzero)
def test_positive_is_above_or_to_the_right(line, factor):
    same = Line(line.a * factor, line.b * factor, line.c * factor)
    point = np.zeros((1, 2))
    step = np.array([[1e4, 0.0]] if line.is_vertical else [[0.0, 1e4]])
    assert (same.side(point + step) > same.side(point)).all()
    assert line.sides == (("left", "right") if line.is_vertical else ("below", "above"))


@pytest.mark.parametrize("dtype", [np.float32, np.int64])
def test_distances_are_float64_whatever_the_points_are(dtype):
    line, points = Line.parse("x2 = 0.1 - x1"), np.array([[1, 2], [3, 4]], dtype=dtype)
    assert line.side(points).dtype == line.distance(points).dtype == np.float64
    np.testing.assert_array_equal(line.side(points), line.side(points.astype(np.float64)))


def test_side_needs_points():
    with pytest.raises(MlplabError, match=r"\(points, 2\), received \(2,\)"):
        Line(1, 1, 1).side(np.zeros(2))


@pytest.mark.parametrize(
    ("text", "side", "known"),
    [("x2 = 1 - x1", "left", "'below' or 'above'"), ("x1 = 1", "above", "'left' or 'right'")],
)
def test_sides_that_a_line_lacks_are_refused(text, side, known):
    with pytest.raises(MlplabError, match=f"{known}, received '{side}'"):
        Line.parse(text).check_side(side)


def test_rounded_keeps_significant_digits():
    line = Line.parse("x2 = 1/3 - 0.00123456789*x1")
    assert line.rounded(3) == Line.parse("x2 = 0.333 - 0.00123*x1")


@pytest.mark.parametrize(
    ("one", "other", "parallel"),
    [
        (Line(3, 4, 5), Line(3, 4, -7), True),
        (Line(3, 4, 5), Line(-4, 3, 5), False),
        (Line(0, 1, 2), Line(Fraction("0.9e-9"), 1, 2), True),
        (Line(0, 1, 2), Line(Fraction("1.1e-9"), 1, 2), False),
        (Line(1, Fraction("1e-12"), 3), Line(1, Fraction("-1e-12"), 3), True),
    ],
)
def test_parallel_lines_have_one_direction(one, other, parallel):
    assert one.is_parallel(other) is other.is_parallel(one) is parallel


def tilted(by):
    return Line(Fraction(by), 1, 2)


@pytest.mark.parametrize(
    ("one", "other", "close"),
    [
        (Line(0, 1, 2), tilted("1e-10"), True),
        (Line(0, 1, 2), tilted("1e-8"), False),
        (Line(0, 1, 2), Line(0, 1, Fraction("2.0000000019")), True),
        (Line(0, 1, 2), Line(0, 1, Fraction("2.0000000021")), False),
        (Line(0, 1, 0), Line(0, 1, Fraction("0.9e-9")), True),
        (Line(0, 1, 0), Line(0, 1, Fraction("1.1e-9")), False),
        (Line(1, 0, 3), Line(1, Fraction("1e-12"), 3), True),
        (Line(1, 0, 3), Line(1, Fraction("-1e-12"), 3), True),
        (Line(1, 0, 3), Line(1, Fraction("-1e-12"), -3), False),
        (Line(0, 1, 1), Line(0, 1, -1), False),
        (Line(1, 0, 1), Line(0, 1, 1), False),
    ],
)
def test_close_lines_differ_by_rounding_only(one, other, close):
    assert one.is_close(other) is close
    assert other.is_close(one) is close
