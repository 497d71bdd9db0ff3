"""All solutions of a line: what they have in common, and that they are all."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlplab.boundary import EQUATION_11, EQUATION_12, Extent, Line, LineFamily, check, class_regions
from mlplab.errors import LineError, MlplabError

TEXTS = [
    "x2 = 1 - x1",
    "x2 = 1/3 - 2/3*x1",
    "x2 = 2*x1 - 1",
    "x2 = 5*x1",
    "x2 = 0.1",
    "x2 = 0",
    "x1 = 0.5",
    "x1 = 0",
    "x1 = -7/3",
]
FAMILIES = [LineFamily.from_line(Line.parse(text)) for text in TEXTS]
DIAGONAL = FAMILIES[0]

each_family = pytest.mark.parametrize("family", FAMILIES, ids=TEXTS)
fractions = st.fractions(-10, 10, max_denominator=100)


def named(W, b):
    """Name the entries of W and b as the report does."""
    (w11, w12), (w21, w22) = W
    return {"w11": w11, "w12": w12, "w21": w21, "w22": w22, "b1": b[0], "b2": b[1]}


def holds(equation, values):
    """Evaluate a constraint's text."""
    left, right = equation.split(" = ")
    return eval(left, {}, dict(values)) == pytest.approx(eval(right, {}, dict(values)), abs=1e-9)


def test_equation_10_to_the_letter():
    assert DIAGONAL.constraints == ("w11 - w12 = w21 - w22", "w12 + b1 = w22 + b2")
    assert DIAGONAL.exclusion == "w12 != w22"
    assert str(DIAGONAL) == "W = [[w21 + s, w22 + s], [w21, w22]]\nb = [b2 - s, b2]"


@pytest.mark.parametrize(
    ("text", "first", "second", "exclusion"),
    [
        (
            "x2 = 1/3 - 2/3*x1",
            "w11 - 2/3*w12 = w21 - 2/3*w22",
            "1/3*w12 + b1 = 1/3*w22 + b2",
            "w12 != w22",
        ),
        ("x2 = 2*x1", "w11 + 2*w12 = w21 + 2*w22", "b1 = b2", "w12 != w22"),
        ("x2 = 0.1", "w11 = w21", "0.1*w12 + b1 = 0.1*w22 + b2", "w12 != w22"),
        ("x1 = 0.5", "w12 = w22", "0.5*w11 + b1 = 0.5*w21 + b2", "w11 != w21"),
        ("x1 = 0", "w12 = w22", "b1 = b2", "w11 != w21"),
    ],
)
def test_constraints_of_other_lines(text, first, second, exclusion):
    family = LineFamily.from_line(Line.parse(text))
    assert family.constraints == (first, second)
    assert family.exclusion == exclusion


def test_parametrised_form_of_a_vertical_line():
    family = LineFamily.from_line(Line.parse("x1 = 0.5"))
    assert str(family) == "W = [[w21 + s, w22], [w21, w22]]\nb = [b2 - 0.5*s, b2]"


@each_family
@settings(max_examples=25)
@given(st.data())
def test_constraints_hold_exactly_where_the_outputs_meet_on_the_line(family, data):
    """Any W and b, half of them made to fit: the constraints say what z1 = z2 on the line says."""
    values = {name: data.draw(fractions) for name in ("w11", "w12", "w21", "w22", "b1", "b2")}
    if data.draw(st.booleans()):
        free = {name: values[name] for name in ("w21", "w22", "b2")} | {"s": values["w11"]}
        values |= {name: eval(text, {}, free) for name, text in family.entries.items()}
    a, b, c = family.line.a, family.line.b, family.line.c
    foot = (a * c / (a * a + b * b), b * c / (a * a + b * b))
    on_the_line = [(foot[0] + t * b, foot[1] - t * a) for t in (-1, 2)]
    meet = all(
        values["w11"] * x1 + values["w12"] * x2 + values["b1"]
        == pytest.approx(values["w21"] * x1 + values["w22"] * x2 + values["b2"], abs=1e-9)
        for x1, x2 in on_the_line
    )
    assert all(holds(constraint, values) for constraint in family.constraints) is meet


@each_family
@settings(max_examples=25)
@given(
    sharpness=st.floats(0.01, 1000),
    other_side=st.booleans(),
    free=st.tuples(*[st.floats(-10, 10).map(lambda value: round(value, 6))] * 3),
)
def test_members_draw_the_line_exactly(family, sharpness, other_side, free):
    side = family.line.sides[other_side]
    w21, w22, b2 = free
    layer = family.member(sharpness=sharpness, class_0=side, w21=w21, w22=w22, b2=b2)
    assert layer.line_between(0, 1) == family.line
    assert family.contains(layer.W, layer.b)
    assert family.broken_constraints(layer.W, layer.b) == ()
    assert layer.W[1].tolist() == [w21, w22]
    assert layer.b[1] == b2
    slope_1, slope_2, _ = layer.difference(0, 1)
    assert math.hypot(slope_1, slope_2) == pytest.approx(sharpness, rel=1e-8)


@each_family
@pytest.mark.parametrize("other_side", [False, True])
@pytest.mark.parametrize("sharpness", [0.5, 10.0])
def test_probability_of_class_0_is_the_sigmoid_of_distance(family, other_side, sharpness):
    side = family.line.sides[other_side]
    layer = family.member(sharpness=sharpness, class_0=side, w21=0.3, w22=-1.5, b2=2.0)
    x = np.random.default_rng(2).uniform(-2, 2, size=(100, 2))
    towards_class_0 = family.line.side(x) * (1 if other_side else -1)
    expected = 1 / (1 + np.exp(-sharpness * towards_class_0))
    np.testing.assert_allclose(layer.feedforward(x)[:, 0], expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("text", "side", "corner"),
    [
        ("x2 = 0.5", "below", (0, 0)),
        ("x2 = 0.5", "above", (2, 0)),
        ("x1 = 0.5", "left", (0, 0)),
        ("x1 = 0.5", "right", (0, 2)),
    ],
)
def test_sides_are_where_they_are_in_a_picture(text, side, corner):
    layer = LineFamily.from_line(Line.parse(text)).member(class_0=side)
    classes = class_regions(layer, Extent(0.0, 1.0, 0.0, 1.0), resolution=3).classes
    opposite = (2 - corner[0], 2 - corner[1])
    assert (classes[corner], classes[opposite]) == (0, 1)


@each_family
def test_class_0_is_below_or_left_unless_told(family):
    layer = family.member()
    expected = family.member(sharpness=10.0, class_0=family.line.sides[0])
    np.testing.assert_array_equal(layer.W, expected.W)
    np.testing.assert_array_equal(layer.b, expected.b)


def test_the_reports_solutions_are_members():
    for layer in (EQUATION_11, EQUATION_12):
        (w21, w22), b2 = layer.W[1].tolist(), float(layer.b[1])
        member = DIAGONAL.member(sharpness=2**0.5, class_0="below", w21=w21, w22=w22, b2=b2)
        np.testing.assert_allclose(member.W, layer.W, rtol=1e-15)
        np.testing.assert_allclose(member.b, layer.b, rtol=1e-15)


@pytest.mark.parametrize(
    ("W", "b", "broken"),
    [
        ([[2, 1], [3, 2]], [0.5, -0.4], ("w12 + b1 = w22 + b2",)),
        ([[2, 1], [3.5, 2]], [0.5, -0.5], ("w11 - w12 = w21 - w22",)),
        ([[2, 1], [3, 2.5]], [0.5, -0.5], DIAGONAL.constraints),
        ([[2, 1], [2, 1]], [0.5, -0.5], ("w12 + b1 = w22 + b2",)),
        ([[2, 1], [2, 1]], [0.5, 0.5], ()),
    ],
)
def test_what_is_no_member_and_why(W, b, broken):
    assert not DIAGONAL.contains(W, b)
    assert DIAGONAL.broken_constraints(W, b) == broken


@pytest.mark.parametrize("entry", ["w11", "w12", "b1"])
@pytest.mark.parametrize(
    ("dtype", "by", "is_member"),
    [
        (np.float64, 1e-11, True),
        (np.float64, 1e-7, False),
        (np.float32, 1e-6, True),
        (np.float32, 1e-4, False),
    ],
)
def test_members_may_be_off_by_rounding_only(entry, dtype, by, is_member):
    layer = DIAGONAL.member(sharpness=3.0, w21=0.7, w22=-0.2, b2=0.4)
    W, b = layer.W.astype(dtype), layer.b.astype(dtype)
    match entry:
        case "b1":
            b[0] += by
        case _:
            W[0, ("w11", "w12").index(entry)] += by
    assert DIAGONAL.contains(W, b) is is_member
    assert (DIAGONAL.broken_constraints(W, b) == ()) is is_member


@each_family
@settings(max_examples=25)
@given(
    sharpness=st.floats(1, 1000),
    other_side=st.booleans(),
    free=st.tuples(*[st.floats(-1, 1)] * 3),
)
def test_members_rounded_to_float32_are_still_members(family, sharpness, other_side, free):
    side = family.line.sides[other_side]
    w21, w22, b2 = free
    layer = family.member(sharpness=sharpness, class_0=side, w21=w21, w22=w22, b2=b2)
    W, b = layer.W.astype(np.float32), layer.b.astype(np.float32)
    assert family.contains(W, b)
    assert family.broken_constraints(W, b) == ()


@st.composite
def errors(draw):
    """Draw nothing, or anything between a rounding of float64 and a thousandth, up or down."""
    return draw(st.sampled_from([-1.0, 0.0, 1.0])) * 10 ** -draw(st.floats(3, 16))


@pytest.mark.slow
@each_family
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@settings(max_examples=20)
@given(st.data())
def test_no_constraint_is_broken_exactly_where_the_line_is_drawn(family, dtype, data):
    """Also of weights as near to the line as the tolerance, where two judges might differ."""
    (w21, w22, b2), s = (data.draw(st.floats(-3, 3)) for _ in range(3)), data.draw(st.floats(1, 9))
    line = family.line
    near = [s * (float(part) + data.draw(errors())) for part in (line.a, line.b, -line.c)]
    first = [own + step for own, step in zip((w21, w22, b2), near, strict=True)]
    W, b = np.array([first[:2], [w21, w22]], dtype), np.array([first[2], b2], dtype)
    found = check(W, b, line=line)
    broken = family.broken_constraints(W, b)
    assert found.draws_wanted_line is family.contains(W, b) is (broken == ())
    assert all(constraint in found.explain() for constraint in broken)


def test_of_parallel_lines_that_differ_hardly_the_second_constraint_is_broken():
    # The steep lines are 2.5e-8 apart at x1 = 0, and 2.5e-8 / √(20² + 1²) = 1.2e-9 from each other.
    family = LineFamily.from_line(Line.parse("x2 = 20*x1 - 3"))
    W, b = [[-20, 1], [0, 0]], [3 + 2.5e-8, 0]
    assert not family.contains(W, b)
    assert family.broken_constraints(W, b) == ("-3*w12 + b1 = -3*w22 + b2",)


@each_family
def test_another_bias_is_another_line(family):
    layer = family.member(sharpness=3.0, w21=0.7, w22=-0.2, b2=0.4)
    b = layer.b + np.array([1e-3, 0.0])
    assert not family.contains(layer.W, b)
    assert family.broken_constraints(layer.W, b) == family.constraints[1:]


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("x2 = 1 - x1", {"class_0": "left"}, "'below' or 'above', received 'left'"),
        ("x1 = 1", {"class_0": "above"}, "'left' or 'right', received 'above'"),
        ("x1 = 1", {"class_0": ""}, "received ''"),
        ("x2 = 1", {"sharpness": 0.0}, "sharpness must be above 0"),
        ("x2 = 1", {"sharpness": -1.0}, r"received -1\.0"),
        ("x2 = 1", {"sharpness": math.nan}, "received nan"),
        ("x2 = 1", {"sharpness": math.inf}, "received inf"),
        ("x2 = 1", {"w21": math.nan}, "w21 must be finite"),
        ("x2 = 1", {"b2": -math.inf}, "b2 must be finite"),
        ("x2 = 1 - x1", {"w22": 1e18}, "lost to rounding beside .*w22=1e\\+18"),
        ("x2 = 1 - x1", {"w21": 1e18}, "lost to rounding beside w21=1e\\+18"),
        ("x1 = 1", {"b2": 1e18}, "lost to rounding beside .*b2=1e\\+18"),
        ("x2 = 0", {"w22": 1e6, "sharpness": math.pi * 1e-6}, "a sharpness above 3.1"),
    ],
)
def test_impossible_members_are_refused(text, options, message):
    with pytest.raises(MlplabError, match=message):
        LineFamily.from_line(Line.parse(text)).member(**options)


@pytest.mark.parametrize("judge", [DIAGONAL.contains, DIAGONAL.broken_constraints])
def test_three_classes_have_no_single_line(judge):
    with pytest.raises(MlplabError, match=r"\(2, 2\), .* received \(3, 2\)"):
        judge(np.zeros((3, 2)), np.zeros(3))


@pytest.mark.parametrize("judge", [DIAGONAL.contains, DIAGONAL.broken_constraints])
def test_a_line_beyond_floats_is_not_judged(judge):
    with pytest.raises(LineError, match="1e100 in size, received a larger one"):
        judge([[1, 1e-300], [0, 0]], [0, 0])


def test_every_solution_has_parameters():
    """The converse: from any W and b whose outputs meet on the line, s is found and gives them back."""
    line = Line(Fraction(2), Fraction(3), Fraction(1))
    W, b = [[2.0 * 1.5 + 4, 3.0 * 1.5 - 1], [4.0, -1.0]], [0.25 - 1.5, 0.25]
    assert LineFamily.from_line(line).contains(W, b)
    sharpness = 1.5 * math.hypot(2, 3)
    layer = LineFamily.from_line(line).member(
        sharpness=sharpness, class_0="above", w21=4, w22=-1, b2=0.25
    )
    np.testing.assert_allclose(layer.W, W, rtol=1e-14)
    np.testing.assert_allclose(layer.b, b, rtol=1e-14)
