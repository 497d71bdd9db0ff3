"""The check of hand-made weights: every verdict, and what it tells the student."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlplab.boundary import Line, LineFamily, check
from mlplab.errors import LineError, MlplabError

DIAGONAL = Line.parse("x2 = 1 - x1")
REPORT = ([[2, 1], [3, 2]], [0.5, -0.5])
SWAPPED = ([[3, 2], [2, 1]], [-0.5, 0.5])


def test_the_reports_solution_is_right():
    found = check(*REPORT, line=DIAGONAL, class_0="below")
    assert (found.line, found.class_0, found.everywhere) == (DIAGONAL, "below", None)
    assert found.sharpness == pytest.approx(math.sqrt(2), rel=1e-15)
    assert (found.draws_wanted_line, found.labels_swapped, found.is_right) == (True, False, True)
    text = found.explain()
    assert "the line x2 = 1 - x1, as wanted" in text
    assert "Class 0 lies below it, class 1 above it." in text
    assert "sharpness is 1.414" in text
    assert "distance of 1.554 to be 90 % sure" in text


def test_90_percent_is_reached_at_the_distance_told():
    layer = LineFamily.from_line(DIAGONAL).member(sharpness=2.0)
    x = np.array([[0.5, 0.5]]) - math.log(9) / 2.0 / math.sqrt(2)
    assert layer.feedforward(x)[0, 0] == pytest.approx(0.9, rel=1e-12)
    assert f"{math.log(9) / 2:.4g} to be 90 %" in check(layer.W, layer.b).explain()


def test_course_biases_may_be_columns():
    assert check([[-1, 0], [0, 1]], [[1], [0]], line=DIAGONAL).is_right


def test_labels_swapped():
    found = check(*SWAPPED, line=DIAGONAL, class_0="below")
    assert (found.draws_wanted_line, found.labels_swapped, found.is_right) == (True, True, False)
    assert found.class_0 == "above"
    text = found.explain()
    assert "Only the labels are swapped: class 0 lies above it, not below it as wanted" in text
    assert "exchange the rows of W, and the biases" in text


def test_without_a_wanted_side_either_is_right():
    for weights in (REPORT, SWAPPED):
        found = check(*weights, line=DIAGONAL)
        assert (found.labels_swapped, found.is_right) == (None, True)
        assert "swapped" not in found.explain()


def test_without_a_wanted_line_nothing_is_judged():
    found = check(*REPORT)
    assert (found.draws_wanted_line, found.labels_swapped, found.is_right) == (None, None, None)
    assert found.explain().startswith("These weights draw the line x2 = 1 - x1. Class 0 lies below")


@pytest.mark.parametrize(
    ("W", "b", "line", "reason"),
    [
        (
            [[2, 1], [3, 2]],
            [0.5, -0.4],
            "x2 = 0.9 - x1",
            "because w12 + b1 = w22 + b2 does not hold.",
        ),
        (
            [[2, 1], [3.5, 2]],
            [0.5, -0.5],
            "x2 = 1 - 1.5*x1",
            "because w11 - w12 = w21 - w22 does not hold.",
        ),
        (
            [[1, 0], [0, 0]],
            [-0.5, 0],
            "x1 = 0.5",
            "because neither w11 - w12 = w21 - w22 nor w12 + b1 = w22 + b2 holds.",
        ),
    ],
)
def test_another_line_breaks_a_constraint(W, b, line, reason):
    found = check(W, b, line=DIAGONAL, class_0="below")
    assert found.line == Line.parse(line)
    assert (found.draws_wanted_line, found.labels_swapped, found.is_right) == (False, False, False)
    assert f"draw the line {line}, not the wanted x2 = 1 - x1, {reason}" in found.explain()


@pytest.mark.parametrize("sign", [1, -1])
def test_vertical_lines_have_left_and_right(sign):
    found = check([[sign, 0], [0, 0]], [-0.25 * sign, 0], line=Line.parse("x1 = 0.25"))
    mine, other = ("right", "left") if sign == 1 else ("left", "right")
    assert found.class_0 == mine
    expected = f"Class 0 lies to the {mine} of it, class 1 to the {other} of it."
    assert expected in found.explain()


@pytest.mark.parametrize("lean", [1e-12, -1e-12])
def test_a_line_vertical_but_for_rounding_is_judged_as_vertical(lean):
    found = check([[1, lean], [0, 0]], [-0.5, 0], line=Line.parse("x1 = 0.5"), class_0="right")
    assert found.is_right
    assert (found.class_0, found.line.is_vertical) == ("right", False)


def test_ties_everywhere():
    found = check([[2, 1], [2, 1]], [0.5, 0.5], line=DIAGONAL, class_0="below")
    assert (found.line, found.class_0, found.sharpness, found.everywhere) == (None, None, 0.0, None)
    assert (found.draws_wanted_line, found.labels_swapped, found.is_right) == (False, False, False)
    text = found.explain()
    assert "draw no line" in text
    assert "both classes have the probability 0.5 at every point" in text
    assert "They do fulfil w11 - w12 = w21 - w22 and w12 + b1 = w22 + b2" in text
    assert "but w12 != w22 is needed as well" in text


@pytest.mark.parametrize(("b", "winner"), [([0.5, 0.25], 0), ([0.25, 0.5], 1)])
def test_one_class_everywhere(b, winner):
    found = check([[2, 1], [2, 1]], b)
    assert (found.line, found.everywhere, found.is_right) == (None, winner, None)
    probability = found.layer.feedforward(np.array([[3.0, -7.0]]))[0, winner]
    assert f"class {winner} has the larger probability, {probability:.4g}," in found.explain()


def test_long_coefficients_are_rounded_for_reading():
    found = check(np.random.default_rng(1).normal(size=(2, 2)), [0, 0.1])
    text = found.explain()
    assert "(rounded)" in text
    written = text.split("the line ")[1].split(" (rounded)")[0]
    assert len(written) < 40
    shown, exact = Line.parse(written), found.line
    assert shown.is_close(exact, tolerance=1e-5)
    assert shown != exact


@given(
    st.tuples(*[st.fractions(-5, 5, max_denominator=20)] * 3).filter(lambda abc: any(abc[:2])),
    st.booleans(),
    st.booleans(),
)
def test_a_member_of_the_family_always_passes(coefficients, side, wanted_side):
    line = Line(*coefficients)
    layer = LineFamily.from_line(line).member(class_0=line.sides[side], w21=0.1, w22=0.2, b2=0.3)
    found = check(layer.W, layer.b, line=line, class_0=line.sides[wanted_side])
    assert found.line == line
    assert found.labels_swapped is (side is not wanted_side)
    assert found.is_right is (side is wanted_side)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((np.zeros((3, 2)), [0, 0, 0]), MlplabError, r"\(2, 2\), .* received \(3, 2\)"),
        ((np.zeros((2, 2, 1)), [0, 0]), MlplabError, r"received \(2, 2, 1\)"),
        ((np.eye(2), [0, math.nan]), MlplabError, "finite"),
        ((np.eye(2), [0, 0], None, "below"), MlplabError, "wanted line, which is missing"),
        ((np.eye(2), [0, 0], DIAGONAL, "left"), MlplabError, "'below' or 'above'"),
        (([[1, 1e-300], [0, 0]], [0, 0]), LineError, "1e100 in size"),
    ],
)
def test_bad_requests_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        check(*arguments)
