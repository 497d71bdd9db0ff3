"""In a real browser: all that a pointer can do in the network, and every shortcut, without a pointer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.slow

Go = Callable[..., Any]


def test_shortcuts_work_from_the_start_and_after_a_button_was_pressed(visit: Go):
    page = visit()
    keys = page.page.keyboard
    page.page.locator("body").press("ArrowRight")
    page.wait_for(lambda: page.tiles()["update"] == "1")
    keys.press("e")
    page.wait_for(lambda: page.tiles()["epoch"] == "1")
    keys.press(" ")
    page.wait_for(lambda: page.status() == "training")
    keys.press(" ")
    page.wait_for(lambda: page.status() == "paused")
    keys.press("r")
    page.wait_for(lambda: page.tiles()["update"] == "0")
    page.press("+1 epoch")  # one of Panel's, in a shadow tree
    page.wait_for(lambda: page.tiles()["epoch"] == "1")
    keys.press("ArrowRight")
    page.wait_for(lambda: page.tiles()["update"] == "65")
    page.press("light or dark")  # one of the page's own
    keys.press("r")
    page.wait_for(lambda: page.tiles()["update"] == "0")
    page.press("+1 update")
    page.wait_for(lambda: page.tiles()["update"] == "1")
    keys.press(" ")  # is left to the button that has the focus
    page.wait_for(lambda: page.tiles()["update"] == "2")
    page.page.wait_for_timeout(300)
    assert page.status() == "paused"
    assert page.tiles()["update"] == "2"


def test_weights_and_biases_are_reached_and_set_by_keys(visit: Go):
    page = visit()
    keys = page.page.keyboard
    # The canvas comes after the controls of the shape in the order of the tabulator.
    page.page.get_by_role("button", name="a hidden layer more").focus()
    keys.press("Tab")
    told = page.page.locator(".network .unseen")
    page.wait_for(lambda: str(told.text_content()).startswith("hidden layer 1, neuron 1; bias 0"))
    keys.press("ArrowDown")
    page.wait_for(lambda: str(told.text_content()).startswith("hidden layer 1, neuron 2; bias"))
    keys.press("w")
    page.wait_for(lambda: "from x₁; to hidden layer 1, neuron 2" in str(told.text_content()))
    keys.press("w")
    page.wait_for(lambda: "from x₂; to hidden layer 1, neuron 2" in str(told.text_content()))
    tip = page.page.locator(".network .tip")
    assert "from x₂" in tip.inner_text()
    before = page.picture()
    keys.press("Enter")
    field = page.page.get_by_label("weight or bias by hand")
    assert page.page.locator(".editor span").inner_text() == (
        "weight from x₂ to hidden layer 1, neuron 2"
    )
    field.fill("25")
    keys.press("Enter")
    page.wait_for(lambda: page.status() == "weights by hand")
    page.wait_for(lambda: page.picture() != before)
    keys.press("Escape")
    assert not field.is_visible()
    keys.press("w")  # the neuron again, after its last link
    page.wait_for(
        lambda: "weights" in str(told.text_content()) and "25.0" in str(told.text_content())
    )
    keys.press("ArrowRight")
    keys.press("Enter")
    assert page.page.locator(".editor span").inner_text() == "bias of output 1"
    keys.press("Escape")
    assert page.tiles()["update"] == "0"  # the arrows went to the network


def test_own_points_are_added_moved_and_removed_by_keys(visit: Go):
    page = visit()
    keys = page.page.keyboard
    plane = page.page.locator(".plane-box canvas")

    def press(*names: str) -> None:
        for name in names:
            keys.press(name)

    def hint() -> str:
        return str(plane.get_attribute("aria-label"))

    page.press("Draw own")
    page.wait_for(lambda: "two classes at least" in page.message())
    page.press("add points")
    plane.focus()
    assert hint().endswith("Enter adds a point")
    left, right, up, down = (f"Arrow{way}" for way in ("Left", "Right", "Up", "Down"))
    for label, ways in (("0", [left] * 3), ("1", [right] * 8)):
        page.page.locator(".class-choice").select_option(label)
        for _ in range(3):
            press(*ways, "Enter")
            page.page.wait_for_timeout(120)
    page.wait_for(lambda: page.message() == "")
    assert page.tiles()["update"] == "0"  # the arrows went to the cross

    page.press("move points")
    plane.focus()  # the cross is where it was, on the last point
    before = page.still_picture()
    press("Enter", up, up)
    page.wait_for(lambda: page.picture() != before)
    press("Escape", down, down)
    page.wait_for(lambda: page.picture() == before)
    frame = page.root.get_attribute("data-drawn")
    press("Enter", *[up] * 6, "Enter", *[down] * 6)
    page.wait_for(lambda: page.root.get_attribute("data-drawn") != frame)
    assert page.still_picture() != before
    assert page.message() == ""

    page.press("remove points")
    plane.focus()
    press("Enter")  # there is none any more
    page.page.wait_for_timeout(300)
    assert page.message() == ""
    press(*[up] * 6, "Enter")
    page.wait_for(lambda: "needs a point in each" in page.message())


def test_enter_that_is_held_removes_one_point(visit: Go):
    page = visit()
    keys = page.page.keyboard
    page.press("Draw own")
    page.wait_for(lambda: "two classes at least" in page.message())
    page.press("add points")
    plane = page.page.locator(".plane-box canvas")
    plane.focus()
    keys.press("Enter")  # it only shows the cross
    for label, points in (("0", 3), ("1", 4)):
        page.page.locator(".class-choice").select_option(label)
        for _ in range(6):
            keys.press("ArrowRight")
        for _ in range(points):
            keys.press("Enter")
            page.page.wait_for_timeout(120)
    page.wait_for(lambda: page.message() == "")
    page.press("remove points")
    plane.focus()
    before = page.still_picture()
    for _ in range(8):
        keys.down("Enter")
        page.page.wait_for_timeout(100)
    keys.up("Enter")
    page.wait_for(lambda: page.picture() != before)
    assert page.still_picture() != before
    assert page.message() == ""  # three of class 1 are left, and enough
    keys.press("Enter")
    page.wait_for(lambda: "class 1 needs a point in each" in page.message())


def test_the_cross_goes_with_the_focus(visit: Go):
    page = visit()
    page.press("Draw own")
    page.wait_for(lambda: "two classes at least" in page.message())
    page.press("add points")
    plane, before = page.page.locator(".plane-box canvas"), page.still_picture()
    plane.focus()
    page.page.keyboard.press("Shift+ArrowLeft")
    page.wait_for(lambda: page.picture() != before)
    page.page.get_by_role("button", name="add points").focus()
    page.wait_for(lambda: page.picture() == before)
