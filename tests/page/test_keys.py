"""The keys under "?": each that is listed works, and each that is tried here is listed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.page.visit import LAB, Visit

pytestmark = pytest.mark.slow


def expect(locator: Any) -> Any:
    """Playwright's expectation of an element."""
    return pytest.importorskip("playwright.sync_api").expect(locator)


def press(v: Visit, *keys: str) -> None:
    """Press keys one after the other, where the focus is."""
    for key in keys:
        v.page.keyboard.press(key)


def nowhere(v: Visit) -> None:
    """Take the focus away from every control."""
    v.page.evaluate("document.activeElement.blur()")


def focus(v: Visit, selector: str) -> None:
    """Put the focus on something."""
    v.page.locator(selector).first.focus()


# ---- Everywhere ----------------------------------------------------------------------------------


def space(v: Visit) -> None:
    nowhere(v)
    press(v, " ")
    expect(v.page.get_by_role("button", name="❚❚ Pause")).to_be_visible()
    press(v, " ")
    expect(v.page.get_by_role("button", name="▶ Play")).to_be_visible()


def right(v: Visit) -> None:
    nowhere(v)
    press(v, "ArrowRight")
    v.wait_for_tile("update", "1")


def epoch(v: Visit) -> None:
    nowhere(v)
    press(v, "e")
    v.wait_for_tile("epoch", "1")


def reset(v: Visit) -> None:
    epoch(v)
    press(v, "r")
    v.wait_for_tile("epoch", "0")


def this_help(v: Visit) -> None:
    v.press("+1 update")  # the button keeps the focus, and takes no letters
    v.wait_for_tile("update", "1")
    press(v, "e")
    v.wait_for_tile("epoch", "1")
    press(v, "?")
    expect(v.page.locator("dialog.help")).to_be_visible()
    press(v, "Escape")
    expect(v.page.locator("dialog.help")).to_be_hidden()


def new_seed(v: Visit) -> None:
    nowhere(v)
    press(v, "n")
    v.wait_for_value("seed", "1")


def explain(v: Visit) -> None:
    focus(v, ".primary")
    press(v, "F1")
    expect(v.page.locator(".help-tip")).to_be_focused()


def escape(v: Visit) -> None:
    explain(v)
    press(v, "Escape")
    expect(v.page.locator(".help-tip")).to_have_count(0)
    v.press("Take the tour")
    expect(v.page.locator(".tour")).to_be_focused()
    press(v, "Escape")
    expect(v.page.locator(".tour")).to_have_count(0)


# ---- Parts ---------------------------------------------------------------------------------------


def told(v: Visit, part: str) -> Any:
    """What a picture tells of the place that keys have come to."""
    return v.page.locator(f"{part} .unseen[role=status]")


def neurons(v: Visit) -> None:
    focus(v, ".network canvas")
    press(v, "ArrowRight", "ArrowDown")
    expect(told(v, ".network")).to_contain_text("hidden layer 1, neuron 2")


def links(v: Visit) -> None:
    focus(v, ".network canvas")
    press(v, "w")
    expect(told(v, ".network")).to_contain_text("weight from x")


def edit(v: Visit) -> None:
    links(v)
    press(v, "Enter")
    expect(v.page.locator(".editor")).to_be_visible()


def own(v: Visit) -> None:
    """Own points, with the cross in the middle of the plane."""
    v.press("Draw own")
    plane = v.page.locator(".plane canvas")
    empty = re.compile("The plane with 0 points.*Enter adds a point")
    expect(plane).to_have_attribute("aria-label", empty)
    focus(v, ".plane canvas")
    expect(plane).to_be_focused()


def cross(v: Visit) -> None:
    own(v)
    press(v, "ArrowRight")
    first = told(v, ".plane").inner_text()
    press(v, "Shift+ArrowRight")
    expect(told(v, ".plane")).not_to_have_text(first)


def add(v: Visit) -> None:
    own(v)
    press(v, "ArrowRight", "Enter")
    expect(v.page.get_by_role("button", name="undo")).to_be_enabled()
    one = re.compile("The plane with 1 point,")
    expect(v.page.locator(".plane canvas")).to_have_attribute("aria-label", one)


def put_back(v: Visit) -> None:
    add(v)
    v.page.get_by_role("button", name="Move", exact=True).click()
    focus(v, ".plane canvas")
    press(v, "ArrowRight", "ArrowLeft", "Enter", "ArrowUp", "Escape")
    undone = v.page.get_by_role("button", name="redo")
    expect(undone).to_be_disabled()


def undo(v: Visit) -> None:
    add(v)
    press(v, "Control+z")
    expect(v.page.get_by_role("button", name="redo")).to_be_enabled()


def redo(v: Visit) -> None:
    undo(v)
    press(v, "Control+y")
    expect(v.page.get_by_role("button", name="redo")).to_be_disabled()


def line(v: Visit) -> None:
    v.choose("preset", LAB["1.1"])
    v.press("+1 epoch")
    v.page.get_by_role("tab", name="Task 3").click()
    for key in ("ArrowUp", "Shift+ArrowUp"):
        before = v.page.locator(".drawn").inner_text()
        focus(v, ".plane canvas")
        press(v, key)
        expect(v.page.locator(".drawn")).not_to_have_text(before)


def point_of_step(v: Visit) -> None:
    v.page.get_by_role("tab", name="Step").click()
    focus(v, ".plane canvas")
    for key, point in (("ArrowRight", "0"), ("ArrowRight", "1"), ("ArrowLeft", "0")):
        press(v, key)
        v.wait_for(".step-tab", f"as training point {point} alone")


def stages(v: Visit) -> None:
    v.page.get_by_role("tab", name="Step").click()
    v.page.get_by_role("slider", name="stage").focus()
    press(v, "ArrowRight", "ArrowRight")
    v.wait_for(".step-title", "The loss")
    press(v, "ArrowLeft")
    v.wait_for(".step-title", "Forward, layer 2 of 2")


def look_back(v: Visit) -> None:
    nowhere(v)
    for update in ("1", "2", "3"):
        press(v, "ArrowRight")
        v.wait_for_tile("update", update)  # what is shown is kept
    v.page.get_by_label("time line").focus()
    press(v, "ArrowLeft")
    v.wait_for_status("update 2 of 3")
    press(v, "ArrowLeft", "ArrowRight")
    v.wait_for_status("update 2 of 3")


def look_back_by_epochs(v: Visit) -> None:
    epoch(v)
    v.page.get_by_label("time line").focus()
    press(v, "PageDown")
    v.wait_for_status("epoch 0, update 0 of 64")


def open_tab(v: Visit, key: str, first: str, then: str) -> None:
    v.page.get_by_role("tab", name=first).focus()
    press(v, key)
    expect(v.page.get_by_role("tab", name=then)).to_have_attribute("aria-selected", "true")
    expect(v.page.get_by_role("tab", name=then)).to_be_focused()


def next_tab(v: Visit) -> None:
    open_tab(v, "ArrowRight", "Confusion", "Step")
    open_tab(v, "ArrowLeft", "Step", "Confusion")


def last_tab(v: Visit) -> None:
    open_tab(v, "End", "Confusion", "Changes")
    open_tab(v, "Home", "Changes", "Confusion")


def cells(v: Visit) -> None:
    v.page.get_by_role("tab", name="Runs").click()
    v.press("Map")
    focus(v, ".map-cell[tabindex='0']")
    before = v.page.locator(".map-cell:focus").get_attribute("data-cell")
    press(v, "ArrowRight")
    assert v.page.locator(".map-cell:focus").get_attribute("data-cell") != before


def set_up(v: Visit) -> None:
    v.choose("preset", LAB["1.1"])
    v.page.get_by_role("tab", name="Runs").click()
    v.press("Map")
    v.press("Train the map")
    v.wait_for(".runs", "400 of 400 runs")
    before = v.page.locator(".map-cell[aria-current]").get_attribute("data-cell")
    focus(v, ".map-cell[aria-current]")
    press(v, "ArrowLeft", "Enter")
    expect(v.page.locator(".map-cell[aria-current]")).not_to_have_attribute("data-cell", before)


def landscape(v: Visit) -> None:
    v.press("+1 epoch")
    v.wait_for_tile("epoch", "1")
    v.page.get_by_role("tab", name="Loss").click()
    v.press("Draw now")
    v.wait_for(".loss-tab", "networks.")
    focus(v, ".landscape canvas")
    press(v, "ArrowRight")
    expect(v.page.locator(".probe")).to_contain_text(": loss")


def numbers(v: Visit) -> None:
    v.page.get_by_label("epochs", exact=True).focus()
    press(v, "ArrowUp")
    v.wait_for_value("epochs", "21")
    press(v, "ArrowDown")
    v.wait_for_value("epochs", "20")


KEYS: dict[tuple[str, str], Callable[[Visit], None]] = {
    ("", "space"): space,
    ("", "→"): right,
    ("", "E"): epoch,
    ("", "R"): reset,
    ("", "N"): new_seed,
    ("", "?"): this_help,
    ("on any control", "F1"): explain,
    ("wherever there is one", "Esc"): escape,
    ("in the network", "arrows"): neurons,
    ("in the network", "W"): links,
    ("in the network", "Enter"): edit,
    ("in the plane, for own points", "arrows"): cross,
    ("in the plane, for own points", "Enter"): add,
    ("in the plane, for own points", "Esc"): put_back,
    ("in the plane, for own points", "Ctrl Z"): undo,
    ("in the plane, for own points", "Ctrl Y"): redo,
    ("in the plane, for task 3", "arrows"): line,
    ("in the plane, for a step", "← →"): point_of_step,
    ("in a step", "← →"): stages,
    ("in the time line", "← →"): look_back,
    ("in the time line", "Page ↑ ↓"): look_back_by_epochs,
    ("in the tabs", "← →"): next_tab,
    ("in the tabs", "Home End"): last_tab,
    ("in the map", "arrows"): cells,
    ("in the map", "Enter"): set_up,
    ("in the landscape of the loss", "arrows"): landscape,
    ("in number fields", "↑ ↓"): numbers,
}
"""What each key does, by where it works and its name."""

OWN_POINTS = "in the plane, for own points"

PLACES = dict.fromkeys(place for place, _ in KEYS)


def test_the_list_has_the_keys_that_are_tried_here(visit: Callable[..., Visit]) -> None:
    v = visit()
    v.press("help")
    rows = v.page.locator(".help .keys tr").evaluate_all(
        "(rows) => rows.map((row) => [row.cells[2].textContent, row.cells[0].textContent])"
    )
    assert [tuple(row) for row in rows] == list(KEYS)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place or "everywhere")
def test_keys_work(visit: Callable[..., Visit], place: str) -> None:
    v = None
    for (where, _), works in KEYS.items():
        if where == place:
            if v is None or place == OWN_POINTS:  # which could still be undone
                v = visit()
            v.choose("preset", LAB["1.2"])
            v.wait_for_tile("update", "0")
            works(v)
