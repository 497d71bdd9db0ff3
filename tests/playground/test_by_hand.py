"""Task 3 in a real browser: a line is dragged, weights follow, and what is asked of them is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from mlplab.playground.session.presets import FIRST

pytestmark = pytest.mark.slow

Go = Callable[..., Any]

PRESET = "3  a line, by hand"
AS_PRINTED = str.maketrans("₀₁₂₃₄₅₆₇₈₉−·≠", "0123456789-*≠")


class Tab:
    """The tab of task 3, and the plane, as a user has them."""

    def __init__(self, visit: Any) -> None:
        self.visit = visit
        visit.choose(
            0, FIRST
        )  # so that the next choice begins anew; it has a hidden layer, and no task 3
        visit.wait_for(lambda: not self.is_offered())
        visit.choose(0, PRESET)
        visit.wait_for(self.is_offered)
        visit.page.get_by_role("tab", name="Task 3").click()
        visit.wait_for(lambda: "no line yet" in self.text(".drawn"))

    def is_offered(self) -> bool:
        return bool(self.visit.page.get_by_role("tab", name="Task 3").is_visible())

    def text(self, where: str = ".by-hand") -> str:
        """What stands somewhere, with figures as one types them."""
        return str(self.visit.page.locator(where).inner_text()).translate(AS_PRINTED)

    def line(self) -> str:
        return self.text(".drawn-line")

    def marks(self) -> list[str]:
        """Met or missed, for each thing that is asked of the weights."""
        return [text[0] for text in self.visit.page.locator(".constraints .tick").all_inner_texts()]

    def accuracy(self) -> float:
        return float(self.visit.tiles()["acc. test"].split()[0])

    def place(self, across: float, up: float) -> tuple[float, float]:
        """Where on the page a share of the plane's side is."""
        box = self.visit.page.locator(".plane-box").bounding_box()
        side = min(box["width"], box["height"])
        left = box["x"] + (box["width"] - side) / 2
        top = box["y"] + (box["height"] - side) / 2
        return left + across * side, top + (1 - up) * side

    def drag(self, begin: tuple[float, float], *ways: tuple[float, float]) -> None:
        mouse = self.visit.page.mouse
        mouse.move(*self.place(*begin))
        mouse.down()
        for way in ways:
            mouse.move(*self.place(*way), steps=6)
        mouse.up()

    def wait(self, what: Callable[[], bool]) -> None:
        self.visit.wait_for(what)
        self.visit.page.wait_for_timeout(200)


@pytest.fixture
def tab(shared_visit: Any) -> Tab:
    return Tab(shared_visit)


def slope(line: str) -> float:
    """Of x2 = c - a*x1, how x2 grows with x1."""
    found = re.search(r"([-+=]) ?(-?[\d.]*)\*?x1", line)
    assert found, line
    size = found[2].strip("*") or "1"
    return float(size if size != "-" else "-1") * (-1 if found[1] == "-" else 1)


def test_before_there_is_a_line_it_says_what_is_missing(tab: Tab):
    assert tab.marks() == ["✓", "✓", "✗"]
    assert "w12 ≠ w22" in tab.text(".constraints .missed")
    assert "These weights draw no line" in tab.text()
    tab.visit.press("another solution for the wanted line")
    tab.wait(lambda: tab.line() == "x2 = 1 - x1")
    assert tab.marks() == ["✓"] * 4
    assert tab.accuracy() > 97
    first = tab.text(".by-hand > .matrices")
    tab.visit.press("another solution for the wanted line")
    tab.wait(lambda: tab.text(".by-hand > .matrices") != first)
    assert tab.line() == "x2 = 1 - x1"


def test_the_labs_solutions_and_the_labels_switched(tab: Tab):
    tab.visit.press("equation 11 of the lab report")
    tab.wait(lambda: "draw the line x2 = 1 - x1, as wanted. Class 0 lies below" in tab.text())
    picture, accuracy = tab.visit.picture(), tab.accuracy()
    tab.visit.press("switch the labels")
    tab.wait(lambda: "labels switched" in tab.text())
    assert tab.accuracy() == pytest.approx(100 - accuracy, abs=0.011)
    assert tab.marks() == ["✓", "✓", "✓", "✗"]
    tab.visit.press("equation 12 of the lab report")
    tab.wait(lambda: "labels as the data has them" in tab.text())
    tab.visit.page.mouse.move(5, 5)
    tab.wait(lambda: tab.visit.picture() == picture)


def test_a_handle_turns_the_line_and_weights_follow(tab: Tab):
    tab.visit.press("equation 11 of the lab report")
    tab.wait(lambda: tab.line() == "x2 = 1 - x1")
    before = tab.accuracy()
    network = tab.visit.picture(".network")
    tab.drag((0.2, 0.8), (0.3, 0.95), (0.5, 0.9))
    tab.wait(lambda: tab.line() != "x2 = 1 - x1" and tab.accuracy() < before)
    assert slope(tab.line()) == pytest.approx(-0.7 / 0.3, abs=0.15)
    assert tab.marks()[:2] == ["✗", "✗"]
    assert "by " in tab.text(".constraints")
    assert tab.visit.picture(".network") != network
    assert tab.visit.status() == "weights by hand"
    tab.visit.press("+1 epoch")
    tab.wait(lambda: tab.visit.tiles()["epoch"] == "1")
    assert tab.accuracy() > before - 5


def test_what_lies_between_shifts_the_line_and_it_follows_live(tab: Tab):
    tab.visit.press("equation 11 of the lab report")
    tab.wait(lambda: tab.line() == "x2 = 1 - x1")
    mouse = tab.visit.page.mouse
    mouse.move(*tab.place(0.5, 0.5))
    mouse.down()
    mouse.move(*tab.place(0.4, 0.4), steps=5)
    tab.wait(lambda: tab.line() != "x2 = 1 - x1")
    on_the_way = tab.line()
    assert slope(on_the_way) == -1
    mouse.move(*tab.place(0.3, 0.3), steps=5)
    tab.wait(lambda: tab.line() != on_the_way)
    mouse.up()
    assert slope(tab.line()) == -1


def test_the_wanted_line_can_be_dragged_where_there_is_none_yet(tab: Tab):
    tab.drag((0.5, 0.5), (0.51, 0.51), (0.55, 0.55))
    tab.wait(lambda: tab.line().startswith("x2 = 1."))
    assert slope(tab.line()) == -1
    assert tab.accuracy() > 90


def test_handles_at_one_place_are_refused(tab: Tab):
    tab.visit.press("equation 11 of the lab report")
    tab.wait(lambda: tab.line() == "x2 = 1 - x1")
    tab.drag((0.2, 0.8), (0.8, 0.2))
    tab.visit.page.wait_for_timeout(500)
    assert tab.line() != "no line yet"
    assert tab.visit.message() == ""
    tab.visit.press("equation 12 of the lab report")
    tab.wait(lambda: tab.line() == "x2 = 1 - x1")


def test_a_finger_reaches_a_handle_from_afar(tab: Tab):
    tab.visit.press("equation 11 of the lab report")
    tab.wait(lambda: tab.line() == "x2 = 1 - x1")
    x, y = tab.place(0.2, 0.8)
    canvas = tab.visit.page.locator(".plane-box canvas")
    for name, to in (
        ("pointerdown", (x - 14, y - 14)),
        ("pointermove", (x + 60, y - 14)),
        ("pointerup", (x + 60, y - 14)),
    ):
        pointer = {"clientX": to[0], "clientY": to[1], "pointerType": "touch", "pointerId": 1}
        if name == "pointerdown":
            # A pointer that is not real cannot be captured.
            canvas.evaluate("c => { c.setPointerCapture = () => undefined; }")
        canvas.dispatch_event(name, pointer)
    tab.wait(lambda: tab.line() != "x2 = 1 - x1")


def test_by_keyboard(tab: Tab):
    tab.visit.press("equation 11 of the lab report")
    tab.wait(lambda: tab.line() == "x2 = 1 - x1")
    canvas = tab.visit.page.locator(".plane-box canvas")
    canvas.focus()
    canvas.press("ArrowRight")
    tab.wait(lambda: tab.line() != "x2 = 1 - x1")
    shifted = tab.line()
    assert slope(shifted) == -1
    canvas.press("Shift+ArrowLeft")
    tab.wait(lambda: tab.line() != shifted)
    assert slope(tab.line()) == pytest.approx(-0.96, abs=0.02)
    for _ in range(5):
        canvas.press("ArrowLeft")
    tab.visit.page.wait_for_timeout(400)
    assert tab.visit.tiles()["update"] == "0"
    assert tab.visit.page.locator(".drawn[role=status]").count() == 1
    tab.visit.page.get_by_role("tab", name="Confusion").click()
    canvas.press("ArrowRight")
    tab.visit.wait_for(lambda: tab.visit.tiles()["update"] == "1")


def test_another_line_can_be_wanted_and_a_wrong_one_says_why(visit: Go):
    tab = Tab(visit())  # of its own: the wanted line outlasts a choice of what is shown
    field = tab.visit.page.get_by_label("wanted line", exact=True)
    field.fill("x1 = 0.4")
    field.press("Enter")
    tab.wait(lambda: "w12 = w22" in tab.text(".constraints"))
    assert not tab.visit.page.get_by_role(
        "button", name="equation 11 of the lab report"
    ).is_visible()
    tab.visit.press("another solution for the wanted line")
    tab.wait(lambda: tab.line() == "x1 = 0.4")
    field.fill("x2 = ")
    field.press("Enter")
    alert = tab.visit.page.locator(".by-hand-trouble")
    alert.wait_for()
    assert "is not the equation of a line" in alert.inner_text()
    assert "All that draw x1 = 0.4" in tab.text(".solutions")
    assert field.input_value() == "x2 = "
    tab.drag((0.5, 0.5), (0.5, 0.5))
    tab.visit.press("another solution for the wanted line")
    alert.wait_for(state="hidden")
    assert field.input_value() == "x₁ = 0.4"
    field.fill("x₂ = 0.9 − 1.2·x₁")
    field.press("Enter")
    tab.wait(lambda: "All that draw x2 = 0.9 - 1.2*x1" in tab.text(".solutions"))
    tab.visit.press("want the line that is drawn")
    tab.wait(lambda: "All that draw x1 = 0.4" in tab.text(".solutions"))


def test_it_fits(tab: Tab):
    tab.visit.press("another solution for the wanted line")
    tab.wait(lambda: tab.line() == "x2 = 1 - x1")
    for where in (".by-hand", ".inspect", ".inspect-choice"):
        wide = "e => e.scrollWidth - e.clientWidth"
        assert tab.visit.page.locator(where).evaluate(wide) <= 0, where
