"""Task 3: weights for a line that is dragged draw that very line, and what is told of them is so."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mlplab.boundary import EQUATION_11, EQUATION_12, Extent, Line, LineFamily, SingleLayer, check
from mlplab.data import Split
from mlplab.errors import MlplabError
from mlplab.playground.by_hand.dragged_line import line_through, side_to_the_left, weights_near
from mlplab.playground.by_hand.findings import tell, usual_side
from mlplab.playground.by_hand.task_3 import FACTORS, FREE, FROM_THE_LAB, ByHand
from mlplab.playground.session.presets import PRESETS
from mlplab.playground.session.session import Session
from mlplab.playground.session.timeline import Moment

SQUARE = Extent(-0.1, 1.1, -0.1, 1.1)
TASK_3 = PRESETS["3  a line, by hand"]

within = st.floats(0, 1)
places = st.tuples(within, within)
numbers = st.floats(-1000, 1000, width=32)


@st.composite
def pictures(draw: st.DrawFn) -> Extent:
    """A square, of which the side and the place vary, as far as float32 can tell points apart."""
    side = draw(st.sampled_from([0.05, 0.9, 1.3, 7.0, 40.0, 1000.0]))
    left, low = (draw(st.floats(-2, 1)) * side for _ in range(2))
    return Extent(left, left + side, low, low + side)


def at(place: tuple[float, float], extent: Extent) -> tuple[float, float]:
    side = extent.x1_max - extent.x1_min
    return extent.x1_min + side * place[0], extent.x2_min + side * place[1]


@pytest.fixture
def session() -> Any:
    made = Session(TASK_3)
    yield made
    made.close()


# ---- The line ------------------------------------------------------------------------------------


@given(first=places, second=places, extent=pictures())
def test_a_line_goes_through_its_ends_but_for_rounding(first: Any, second: Any, extent: Extent):
    assume(math.dist(first, second) > 0.01)
    ends = at(first, extent), at(second, extent)
    line = line_through(*ends, extent)
    side = extent.x1_max - extent.x1_min
    assert line.distance(np.array(ends)).max() <= 0.03 * side
    assert len(str(line.a).lstrip("-")) <= 7
    assert (100 * line.a).denominator == 1


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        ((0.0, 1.0), (1.0, 0.0), "x2 = 1 - x1"),
        ((0.0, 0.301), (1.0, 0.299), "x2 = 0.3"),
        ((0.701, 0.0), (0.7, 1.0), "x1 = 0.7"),
        ((0.4, 0.0), (0.6, 1.0), "x2 = 5*x1 - 2"),
        ((0.5, 0.0), (0.55, 1.0), "x2 = 20*x1 - 10"),
    ],
)
def test_lines_as_a_person_would_write_them(first: Any, second: Any, text: str):
    assert str(line_through(first, second, Extent(0, 1, 0, 1))) == text


@pytest.mark.parametrize(
    ("ends", "sentence"),
    [
        (((0.5, 0.5), (0.5, 0.5)), "both ends of the line are at one place"),
        (((0.5, 0.5), (0.50001, 0.5)), "both ends of the line are at one place"),
        (((0.5, math.nan), (0.0, 0.5)), "dragged within the picture"),
        (((0.5, 0.5), (math.inf, 0.5)), "dragged within the picture"),
        (((0.5, 0.5), (1e300, 0.5)), "dragged within the picture"),
    ],
)
def test_ends_that_give_no_line_are_refused(ends: Any, sentence: str):
    with pytest.raises(MlplabError, match=sentence):
        line_through(*ends, SQUARE)


@given(angle=st.floats(0, 2 * math.pi))
def test_the_side_to_the_left_is_where_the_left_is(angle: float):
    first = (0.5, 0.5)
    second = (0.5 + 0.4 * math.cos(angle), 0.5 + 0.4 * math.sin(angle))
    line = line_through(first, second, SQUARE)
    left = np.array([[0.5 - 0.4 * math.sin(angle), 0.5 + 0.4 * math.cos(angle)]])
    expected = line.sides[1 if line.side(left)[0] > 0 else 0]
    assert side_to_the_left(line, first, second) == expected


# ---- Weights -------------------------------------------------------------------------------------


@given(
    first=places,
    second=places,
    extent=pictures(),
    now=st.lists(numbers, min_size=6, max_size=6),
    sharpness=st.one_of(st.just(0.0), st.floats(1e-6, 1e6)),
    which=st.integers(0, 1),
    dtype=st.sampled_from([np.float32, np.float64]),
)
def test_weights_near_draw_that_very_line_with_class_0_on_its_side(
    first: Any, second: Any, extent: Extent, now: Any, sharpness: float, which: int, dtype: Any
):
    assume(math.dist(first, second) > 0.01)
    line = line_through(at(first, extent), at(second, extent), extent)
    side = line.sides[which]
    present = SingleLayer(np.array(now[:4], dtype).reshape(2, 2), np.array(now[4:], dtype))
    layer = weights_near(line, side, present, sharpness, extent)
    assert layer.W.dtype == dtype
    assert layer.line_between(0, 1) == line
    found = check(layer.W, layer.b, line=line, class_0=side)
    assert found.is_right
    assert LineFamily.from_line(line).broken_constraints(layer.W, layer.b) == ()


@pytest.mark.parametrize("text", ["x2 = 0.85 - 1.2*x1", "x1 = 0.4", "x2 = 0.5"])
def test_the_second_row_stays_and_the_sharpness_about(text: str):
    line = Line.parse(text)
    layer = weights_near(line, line.sides[0], EQUATION_12, 2.0, SQUARE)
    assert layer.W[1].tolist() == [3, 2]
    assert layer.b[1] == -0.5
    assert check(layer.W, layer.b).sharpness == pytest.approx(2, rel=0.16)


def test_equation_10_worked_by_hand():
    line = Line.parse("x2 = 0.85 - 1.2*x1")
    layer = weights_near(line, "below", EQUATION_11, 2**0.5, SQUARE)
    assert layer.W.tolist() == [[-1.2, 0], [0, 1]]
    assert layer.b.tolist() == [0.85, 0]


def test_long_numbers_become_short_and_a_huge_second_row_gives_way():
    line = Line.parse("x2 = 1 - x1")
    now = SingleLayer([[1, 2], [0.123456, 7.65432]], [0, -1 / 3])
    layer = weights_near(line, "below", now, 10.0, SQUARE)
    assert layer.W[1].tolist() == [0.123, 7.65]
    assert layer.b[1] == -0.333
    huge = SingleLayer(np.array([[1, 2], [3e20, 0]], np.float32), np.zeros(2, np.float32))
    assert weights_near(line, "below", huge, 10.0, SQUARE).W[1].tolist() == [0, 0]


# ---- What is told --------------------------------------------------------------------------------

TRAIN = Split(np.array([[0.2, 0.2], [0.3, 0.3], [0.8, 0.8]]), np.array([0, 0, 1]))


def moment(layer: SingleLayer, dtype: Any = np.float32) -> Moment:
    return Moment(0, 0, (layer.W.astype(dtype),), (layer.b.astype(dtype),))


@given(
    w=st.lists(st.sampled_from([-1.0, 0.0, 0.5, 1.0]), min_size=4, max_size=4),
    b=st.lists(st.sampled_from([-1.0, 0.0, 0.5]), min_size=2, max_size=2),
    text=st.sampled_from(["x2 = 1 - x1", "x2 = 0.5", "x1 = 0.5", "x2 = 0.5 - 2*x1"]),
)
def test_all_constraints_are_met_exactly_when_the_line_is_drawn(w: Any, b: Any, text: str):
    wanted = Line.parse(text)
    layer = SingleLayer(np.array(w).reshape(2, 2), b)
    told = tell(moment(layer), wanted, TRAIN)
    met = [constraint["met"] for constraint in told["constraints"]]
    assert (
        all(met) == told["draws_wanted"] == LineFamily.from_line(wanted).contains(layer.W, layer.b)
    )
    for constraint in told["constraints"][:2]:
        left, right = Fraction(constraint["left"]), Fraction(constraint["right"])
        assert constraint["met"] == (left == right)
        assert Fraction(constraint["by"]) == abs(left - right)


def test_a_line_of_long_numbers_is_rounded_and_says_so():
    layer = SingleLayer([[-3.0663, -2.2192], [2.0663, 3.2192]], [3.1192, -2.1192])
    told = tell(moment(layer), Line.parse("x2 = 1 - x1"), TRAIN)
    assert (told["line"], told["line_is_exact"]) == ("x2 = 0.9632 - 0.9438*x1", False)


def test_numbers_of_the_constraints_worked_by_hand():
    layer = SingleLayer([[2, 1], [3, 2.5]], [0.5, -0.5])
    first, second, exclusion = tell(moment(layer), Line.parse("x2 = 1 - x1"), TRAIN)["constraints"]
    assert first == {
        "text": "w11 - w12 = w21 - w22",
        "left": "1",
        "right": "0.5",
        "met": False,
        "by": "0.5",
    }
    assert (second["left"], second["right"], second["met"]) == ("1.5", "2", False)
    assert (exclusion["text"], exclusion["met"]) == ("w12 != w22", True)


def test_labels_are_as_the_data_has_them_or_switched():
    wanted = Line.parse("x2 = 1 - x1")
    told = tell(moment(EQUATION_11), wanted, TRAIN)
    assert (told["labels"], told["class_0"]) == ("as the data has them", "below")
    turned = SingleLayer(EQUATION_11.W[::-1], EQUATION_11.b[::-1])
    told = tell(moment(turned), wanted, TRAIN)
    assert (told["labels"], told["class_0"]) == ("switched", "above")
    assert "Only the labels are swapped" in told["said"]
    even = Split(np.array([[0.2, 0.2], [0.8, 0.8]]), np.array([0, 0]))
    assert usual_side(wanted, even) is None
    assert tell(moment(turned), wanted, even)["labels"] == ""


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_network_that_diverged_draws_no_line(value: float):
    w = np.array([[value, 0], [0, 1]], np.float32)
    told = tell(Moment(0, 0, (w,), (np.zeros(2, np.float32),)), Line.parse("x1 = 0"), TRAIN)
    assert told["said"] == "These weights are no numbers, and draw no line."
    assert told["line"] == ""


# ---- Acts ----------------------------------------------------------------------------------------


def act(by_hand: ByHand, session: Session, name: str, **more: Any) -> dict[str, Any]:
    by_hand.act(session, SQUARE, {"act": name, **more})
    return by_hand.tell(session)


@pytest.mark.parametrize("name", FROM_THE_LAB)
def test_the_labs_weights_draw_its_line_and_can_be_switched(session: Session, name: str):
    by_hand = ByHand()
    told = act(by_hand, session, name)
    assert told["said"].startswith("These weights draw the line x2 = 1 - x1, as wanted.")
    assert told["labels"] == "as the data has them"
    accuracy = session.scores("test")[1]
    assert act(by_hand, session, "switch")["labels"] == "switched"
    assert session.scores("test")[1] == pytest.approx(1 - accuracy)
    assert act(by_hand, session, "switch")["labels"] == "as the data has them"


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("x2 = 1 - x1", 28),
        ("x2 = 0.85 - 1.2*x1", 28),
        ("x1 = 0.5", 28),
        ("x2 = 1/3", 28),
        ("x2 = 3.1416*x1 + 0.123", 10),  # float32 cannot hold every one
    ],
)
def test_other_solutions_draw_the_wanted_line_and_differ(session: Session, text: str, least: int):
    by_hand = ByHand()
    act(by_hand, session, "wanted", text=text)
    seen = set()
    for _ in range(len(FREE) * len(FACTORS)):
        told = act(by_hand, session, "another")
        assert told["draws_wanted"]
        assert told["labels"] == "as the data has them"
        seen.add((str(told["weights"]), str(told["biases"])))
    assert len(seen) >= least


@pytest.mark.parametrize("text", ["x2 = 1 - x1", "x2 = 0.75 - 1.5*x1", "x1 = 0.5"])
def test_other_solutions_are_whole_numbers_and_halves(session: Session, text: str):
    by_hand = ByHand()
    act(by_hand, session, "wanted", text=text)
    for _ in range(len(FREE) * len(FACTORS)):
        act(by_hand, session, "another")
        for part in (session.now.weights[0], session.now.biases[0]):
            assert (2 * part == np.rint(2 * part)).all()


def turn(angle: float) -> list[list[float]]:
    u, v = 0.3 * math.cos(angle), 0.3 * math.sin(angle)
    return [[0.5 - u, 0.5 - v], [0.5 + u, 0.5 + v]]


def test_a_whole_turn_ends_as_sharp_as_it_began_and_half_a_turn_switches_the_labels(
    session: Session,
):
    by_hand = ByHand()
    told = act(by_hand, session, "equation 11")
    sharpness = 2**0.5
    labels = []
    for angle in np.linspace(-math.pi / 4, -math.pi / 4 - 2 * math.pi, 101):
        # Class 0 is below: to the left of the way up from the right.
        told = act(by_hand, session, "line", ends=turn(float(angle) + math.pi))
        found = check(session.now.weights[0], session.now.biases[0])
        assert found.sharpness == pytest.approx(sharpness, rel=0.16)
        labels.append(told["labels"])
    assert (labels[0], labels[50], labels[100]) == (
        "as the data has them",
        "switched",
        "as the data has them",
    )
    assert told["line"] == "x2 = 1 - x1"


def test_a_line_can_be_dragged_from_nothing_and_trained_on(session: Session):
    by_hand = ByHand()
    told = by_hand.tell(session)
    assert "These weights draw no line" in told["said"]
    assert told["line"] == ""
    told = act(by_hand, session, "line", ends=[[1.0, 0.0], [0.0, 1.0]], number=7)
    assert (told["line"], told["heard"], told["draws_wanted"]) == ("x2 = 1 - x1", 7, True)
    assert session.scores("test")[1] > 0.95
    session.train_epoch()
    assert session.epoch == 1
    act(by_hand, session, "line", ends=[[1.0, 0.1], [0.1, 1.0]])
    assert by_hand.tell(session)["line"] == "x2 = 1.1 - x1"


def test_ends_at_one_place_change_nothing(session: Session):
    by_hand = ByHand()
    before = act(by_hand, session, "equation 12")
    with pytest.raises(MlplabError, match="at one place"):
        act(by_hand, session, "line", ends=[[0.5, 0.5], [0.5, 0.5]])
    assert by_hand.tell(session) == before


def test_another_line_can_be_wanted_and_one_that_is_wrong_says_why(session: Session):
    by_hand = ByHand()
    told = act(by_hand, session, "wanted", text="x1 = 0.5")
    assert (told["wanted"], told["is_the_labs"], told["trouble"]) == ("x1 = 0.5", False, "")
    assert told["family"]["weights"] == [["w21 + s", "w22"], ["w21", "w22"]]
    told = act(by_hand, session, "wanted", text="x2 = 1 - ")
    assert (told["wanted"], told["is_the_labs"]) == ("x1 = 0.5", False)
    assert "is not the equation of a line (position 10)" in told["trouble"]
    assert act(by_hand, session, "another")["trouble"] == ""
    act(by_hand, session, "equation 11")
    told = act(by_hand, session, "this line")
    assert (told["wanted"], told["draws_wanted"]) == ("x2 = 1 - x1", True)


def test_what_is_no_act_or_has_no_line_is_refused(session: Session):
    by_hand = ByHand()
    with pytest.raises(MlplabError, match="these weights draw no line"):
        act(by_hand, session, "this line")
    with pytest.raises(MlplabError, match="there is no 'equation 13' here"):
        act(by_hand, session, "equation 13")
    for name in ("equation 11", "switch", "another", "this line"):
        session.set_experiment(PRESETS["more  moons"])
        with pytest.raises(MlplabError, match="without hidden layers"):
            act(by_hand, session, name)


@pytest.mark.parametrize("text", ["x2 = 1e90*x1", "x1 = 1e-90", "x2 = 1e39", "1e-60 x1 + x2 = 1"])
def test_a_line_beyond_float32_is_refused_and_can_still_be_told(session: Session, text: str):
    by_hand = ByHand()
    act(by_hand, session, "wanted", text=text)
    before = session.now.weights[0].tolist()
    with pytest.raises(MlplabError, match="lost to rounding"):
        act(by_hand, session, "another")
    assert session.now.weights[0].tolist() == before
    act(by_hand, session, "equation 11")
    assert not by_hand.tell(session)["draws_wanted"]


def test_weights_at_the_end_of_their_range_can_be_told_and_dragged(session: Session):
    by_hand = ByHand()
    for place in itertools.product((0, 1), (0, 1, None)):
        session.set_number(0, place[0], place[1], 1e6)
        assert by_hand.tell(session)["said"]
    session.set_number(0, 0, 0, -1e6)
    assert act(by_hand, session, "line", ends=[[0.4, 1.0], [0.4, 0.0]])["line"] == "x1 = 0.4"


def test_after_it_diverged_one_can_begin_from_the_line(session: Session):
    nan = np.full((2, 2), np.nan, np.float32)
    session.set_network((nan,), (np.zeros(2, np.float32),))
    by_hand = ByHand()
    assert by_hand.tell(session)["weights"] == [["nan", "nan"], ["nan", "nan"]]
    assert act(by_hand, session, "line", ends=[[1.0, 0.0], [0.0, 1.0]])["line"] == "x2 = 1 - x1"
