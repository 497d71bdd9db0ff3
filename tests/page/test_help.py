"""Help in a browser: everything explains itself by pointer, keys and touch; glossary, tour and keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.page.visit import BUILT, LAB, Visit, expect

from mlplab.glossary import GLOSSARY
from mlplab.playground.opening import Opened
from mlplab.playground.page import page_text
from mlplab.playground.presets import PRESETS

pytestmark = pytest.mark.slow

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def button(v: Visit, name: str) -> Any:
    """A button by its whole name."""
    return v.page.get_by_role("button", name=name, exact=True)


def open_tab(v: Visit, name: str) -> None:
    """Open a tab of the details."""
    v.page.get_by_role("tab", name=name, exact=True).click()


def tip(v: Visit) -> Any:
    """What explains a part of the page."""
    return v.page.locator(".help-tip")


# ---- Everything explains itself ------------------------------------------------------------------

UNEXPLAINED = """
[...document.querySelectorAll("button, input, select, summary, a, canvas, figure, table, .tile")]
  .filter((each) => !each.closest("dialog, .help-tip, .tour, .pointing-bar"))
  .filter((each) => !each.closest("[hidden], [aria-hidden=true]"))
  .filter((each) => {
    const explained = each.closest("[data-help]");
    const isControl = each.matches("button, input, select, summary, a") && !each.closest(".map");
    return !explained?.dataset.help || (isControl && explained.dataset.quiet !== undefined);
  })
  .map((each) => each.outerHTML.slice(0, 200))
"""
"""What has no explanation; that of the panel around does not count for a control.

Dialogs are made of words, which stand beside their controls.
"""


def test_every_control_and_picture_has_an_explanation(visit: Callable[..., Visit]) -> None:
    v = visit()
    found: dict[str, list[str]] = {"start": v.page.evaluate(UNEXPLAINED)}
    v.choose("preset", LAB["1.1"])  # which has all tabs
    v.play_to_the_end()
    for tab in v.page.get_by_role("tab").all_inner_texts():
        open_tab(v, tab)
        found[tab] = v.page.evaluate(UNEXPLAINED)
    open_tab(v, "Runs")
    v.press("Train a hundred")
    v.wait_for(".runs", "Mean of the middle half")
    v.page.locator("summary").click()
    found["a hundred"] = v.page.evaluate(UNEXPLAINED)
    v.press("Compare")
    v.press("Keep as A")
    v.page.get_by_label("batch size", exact=True).fill("64")
    v.page.keyboard.press("Enter")
    v.press("Compare with A")
    v.page.locator(".clauses li").first.wait_for()
    found["compare"] = v.page.evaluate(UNEXPLAINED)
    v.press("Map")
    found["map"] = v.page.evaluate(UNEXPLAINED)
    v.press("Tried")
    v.wait_for(".tried", "the first run")
    found["tried"] = v.page.evaluate(UNEXPLAINED)
    open_tab(v, "Loss")
    v.press("+1 epoch")
    v.press("Draw now")
    v.page.locator(".landscape canvas").wait_for()
    found["landscape"] = v.page.evaluate(UNEXPLAINED)
    v.page.get_by_label("time line").fill("10")
    v.page.locator(".network canvas").click(position={"x": 5, "y": 200})
    found["looking back"] = v.page.evaluate(UNEXPLAINED)
    v.page.locator(".network canvas").focus()
    for key in ("ArrowRight", "w", "Enter"):
        v.page.keyboard.press(key)
    expect(v.page.locator(".editor")).to_be_visible()
    found["editor"] = v.page.evaluate(UNEXPLAINED)
    v.page.keyboard.press("Escape")
    v.choose("preset", "more  Franke's surface")
    v.press("+1 epoch")
    open_tab(v, "Predicted")
    found["a target"] = v.page.evaluate(UNEXPLAINED)
    v.press("Draw own")
    found["own points"] = v.page.evaluate(UNEXPLAINED)
    assert len(found) > 14
    assert not any(found.values()), found
    # The test can fail: a control that is only within a picture's panel is found.
    v.page.evaluate("document.querySelector('.plane-bar').append(document.createElement('button'))")
    assert v.page.evaluate(UNEXPLAINED) == ["<button></button>"]
    v.page.locator(".plane-bar > button:empty").evaluate("(each) => each.remove()")


def test_every_control_of_a_lesson_has_an_explanation(visit: Callable[..., Visit]) -> None:
    v = visit()
    found: dict[str, list[str]] = {}
    v.press("Lessons")
    v.press("1.1  Why does a batch of 512 do worse?")
    found["a lesson"] = v.page.evaluate(UNEXPLAINED)
    v.press("Lessons")
    v.press("Edit this lesson")
    v.press("Close")
    v.press("Add a question")
    v.page.get_by_label("answered by").last.select_option("open")
    found["a lesson that is written"] = v.page.evaluate(UNEXPLAINED)
    v.press("See it as a student")
    for answer in ("Predict", "Show the answer"):
        v.page.get_by_role("radio").first.check()
        v.press(answer)
    found["a lesson's answers"] = v.page.evaluate(UNEXPLAINED)
    assert not any(found.values()), found


def test_every_kind_of_field_is_explained(visit: Callable[..., Visit]) -> None:
    v = visit()
    for menu in ("dataset", "initializer", "optimizer", "learning rate is", "kernel regularizer"):
        select = v.page.locator(".setup").get_by_label(menu, exact=True)
        for kind in select.locator("option").evaluate_all("(all) => all.map((each) => each.value)"):
            select.select_option(kind)
            without = v.page.locator(".setup .field").evaluate_all(
                "(fields) => fields.filter(({ dataset }) => !dataset.help || !dataset.try)"
                ".map((each) => each.textContent)"
            )
            assert without == [], (menu, kind)


def test_a_control_explains_itself_to_the_pointer(visit: Callable[..., Visit]) -> None:
    v = visit(clock=True)
    field = v.page.get_by_label("momentum", exact=True)
    field.hover()
    expect(tip(v)).to_contain_text("How much of the last step is kept")
    expect(tip(v)).to_contain_text("Try:")
    tip(v).hover()  # it can be pointed at,
    v.page.clock.run_for(500)
    expect(tip(v)).to_be_visible()  # stays,
    v.page.keyboard.press("Escape")  # and goes at Escape
    expect(tip(v)).to_have_count(0)
    v.page.locator("h1").hover()
    v.page.get_by_text("acc. test", exact=True).hover()
    expect(tip(v)).to_contain_text("what counts in the end")
    v.page.locator("h1").hover()
    expect(tip(v)).to_have_count(0)
    button(v, "New seed").click()  # who clicks knows it
    v.page.clock.run_for(900)
    expect(tip(v)).to_have_count(0)


def test_a_control_explains_itself_to_those_who_use_keys(visit: Callable[..., Visit]) -> None:
    v = visit()
    v.page.get_by_label("preset", exact=True).focus()
    expect(tip(v)).to_have_count(0)  # the focus was put there by the page
    v.page.keyboard.press("Tab")
    expect(tip(v)).to_contain_text("Trains on until the stop rule ends it")
    expect(tip(v)).to_have_attribute("role", "tooltip")
    expect(button(v, "▶ Play")).to_have_accessible_description(re.compile("Trains on until"))
    v.page.keyboard.press("F1")
    expect(tip(v)).to_be_focused()
    v.page.keyboard.press("Tab")
    v.page.keyboard.press("Tab")
    v.page.keyboard.press("Enter")
    expect(v.page.get_by_role("dialog", name="Glossary")).to_be_visible()
    expect(v.page.locator("dt:focus")).to_have_text("update")
    expect(v.page.locator(".glossary-terms .wanted")).to_be_in_viewport()
    v.page.keyboard.press("Escape")
    expect(button(v, "▶ Play")).to_be_focused()
    v.page.keyboard.press("Tab")
    expect(tip(v)).to_contain_text("one update")
    v.page.keyboard.press("Escape")
    expect(tip(v)).to_have_count(0)
    expect(button(v, "+1 update")).to_be_focused()


def test_a_mark_is_pressed_by_a_key_and_gives_the_focus_back(visit: Callable[..., Visit]) -> None:
    v = visit(clock=True)
    mark = button(v, "help: plane")
    mark.focus()
    v.page.keyboard.press("Enter")
    expect(tip(v)).to_contain_text("All points, and behind them the class")
    expect(tip(v)).to_be_focused()
    v.page.keyboard.press("Escape")
    expect(mark).to_be_focused()
    v.page.locator(".plane canvas").hover()
    v.page.clock.run_for(900)
    expect(tip(v)).to_have_count(0)  # the plane tells of the place under the pointer


def test_a_finger_gets_all_explanations(visit: Callable[..., Visit]) -> None:
    v = visit(**PHONE)
    assert v.page.evaluate("innerWidth") == 390  # nothing makes a phone show the page smaller
    sigma = v.page.locator(".field", has=v.page.get_by_label("sigma", exact=True))
    marks = {
        "Standard deviation of the normal noise": sigma.get_by_role("button", name="explain this"),
        "All points": button(v, "help: plane"),
    }
    for text, mark in marks.items():
        mark.tap()
        expect(tip(v)).to_contain_text(text)
        expect(tip(v)).to_be_in_viewport(ratio=1)
        mark.tap()
        expect(tip(v)).to_have_count(0)
    v.page.locator(".tile-test").tap()
    expect(tip(v)).to_contain_text("what counts in the end")
    button(v, "help").tap()
    button(v, "Explain what I tap").tap()
    box = v.page.get_by_text("+1 update").evaluate(
        "(each) => { each.scrollIntoView({ block: 'nearest', inline: 'center' });"
        " const { x, y } = each.getBoundingClientRect(); return [x, y]; }"
    )
    v.page.touchscreen.tap(box[0] + 10, box[1] + 10)
    expect(tip(v)).to_contain_text("Trains for one update")
    assert v.tiles()["update"] == "0"  # and nothing else was done
    v.page.touchscreen.tap(200, 250)
    expect(tip(v)).to_contain_text("All points")
    button(v, "Done").tap()
    expect(tip(v)).to_have_count(0)
    v.page.get_by_text("+1 update").tap()
    v.wait_for_tile("update", "1")


def test_the_explanation_of_every_field_is_whole_on_a_phone(visit: Callable[..., Visit]) -> None:
    v = visit(viewport=PHONE["viewport"], has_touch=True)
    v.page.get_by_label("learning rate is", exact=True).select_option("cosine_decay_restarts")
    v.page.locator(".setup").get_by_label("loss", exact=True).select_option("binary_crossentropy")
    v.page.get_by_label("class weight", exact=True).check()
    fields = v.page.locator(".setup .field")
    assert fields.count() > 30
    for i in range(fields.count()):
        control = fields.nth(i).locator("input, select")
        control.focus()
        v.page.keyboard.press("F1")
        expect(tip(v)).to_be_in_viewport(ratio=1)
        v.page.keyboard.press("Escape")


def test_the_glossary_finds_terms(visit: Callable[..., Visit]) -> None:
    v = visit()
    v.press("help")
    v.press("Glossary")
    terms = v.page.locator(".glossary dt")
    assert terms.all_inner_texts() == list(GLOSSARY)
    v.page.locator(".glossary input").fill("Momentum")
    assert set(terms.all_inner_texts()) >= {"momentum", "nesterov", "velocity"}
    assert "epoch" not in terms.all_inner_texts()
    v.press("close")
    expect(button(v, "help")).to_be_focused()


# ---- Legends -------------------------------------------------------------------------------------


def test_every_palette_has_a_legend(visit: Callable[..., Visit]) -> None:
    v = visit()
    v.choose("preset", LAB["1.1"])
    v.play_to_the_end()
    plane = v.page.locator(".plane").get_by_role("list", name="classes")
    expect(plane).to_contain_text(re.compile("0.*1.*wrong.*pale: unsure", re.DOTALL))
    expect(v.page.locator(".network .legend")).to_contain_text("weight")
    expect(v.page.locator(".curves .legend")).to_contain_text("validation")
    for tab, text in {
        "Confusion": "all of the row",
        "Weights": "below 0",
        "Task 3": "wanted",
    }.items():
        open_tab(v, tab)
        expect(v.page.locator(".tab-panel .legend")).to_contain_text(text)
    open_tab(v, "Runs")
    v.press("Train a hundred")
    expect(v.page.locator(".tab-panel .legend")).to_contain_text("mean of the middle half")
    v.press("Map")
    expect(v.page.locator(".tab-panel .legend").first).to_contain_text("worst cell")
    v.choose("preset", LAB["1.3"])
    open_tab(v, "Hidden")
    expect(v.page.locator(".tab-panel .legend .dot")).to_have_count(5)
    v.choose("preset", "more  Franke's surface")
    expect(v.page.locator(".plane .legend")).to_contain_text("lines 0.2 apart")
    expect(v.page.locator(".tab-panel .legend")).to_contain_text("y")
    open_tab(v, "Predicted")
    expect(v.page.locator(".tab-panel .legend")).to_contain_text("a right prediction")


# ---- The tour ------------------------------------------------------------------------------------

INVITED = ".invitation"


def test_the_tour_shows_five_parts_and_the_page_stays_usable(visit: Callable[..., Visit]) -> None:
    v = visit()
    v.press("Take the tour")
    card = v.page.locator(".tour")
    toured = v.page.locator("[data-toured]")
    seen = []
    for step in range(5):
        expect(card).to_contain_text(f"Step {step + 1} of 5")
        expect(card).to_be_focused()  # so that it is read
        expect(card).to_be_in_viewport(ratio=1)
        expect(toured).to_have_count(1)
        expect(toured).to_be_in_viewport()
        seen.append(toured.get_attribute("data-tour"))
        if seen[-1] == "play":
            v.press("+1 update")
            v.wait_for_tile("update", "1")
        if step < 4:
            v.press("Next")
    assert seen == ["data", "network", "play", "plane", "runs"]
    v.press("Back")
    expect(card).to_contain_text("Step 4")
    v.press("Next")
    v.press("Done")
    expect(card).to_have_count(0)
    expect(toured).to_have_count(0)


def test_the_tour_traps_nobody_and_is_called_back(visit: Callable[..., Visit]) -> None:
    v = visit()
    v.press("help")
    v.page.locator("dialog").get_by_role("button", name="Take the tour").click()
    card = v.page.locator(".tour")
    expect(card).to_have_attribute("role", "dialog")
    expect(card).not_to_have_attribute("aria-modal", "true")
    expect(card).to_have_accessible_name("The data")
    for _ in range(3):  # its two buttons, and out of it
        v.page.keyboard.press("Tab")
    assert not card.evaluate("(each) => each.contains(document.activeElement)")
    v.page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(v.page.locator(INVITED)).to_have_count(0)
    v.press("help")
    v.page.locator("dialog").get_by_role("button", name="Take the tour").click()
    v.press("Leave the tour")
    expect(card).to_have_count(0)
    expect(button(v, "help")).to_be_focused()


def test_one_is_asked_once(visit: Callable[..., Visit]) -> None:
    v = visit()
    expect(v.page.locator(INVITED)).to_be_visible()
    expect(v.page.locator(".tour")).to_have_count(0)  # nothing begins by itself
    v.press("no tour")
    address = v.page.url
    expect(v.page.locator(INVITED)).to_have_count(0)
    for page in (v.page, v.context.new_page()):
        page.goto(address)
        expect(page.locator(".tile-test")).to_contain_text("%")
        expect(page.locator(INVITED)).to_have_count(0)


BLOCKED = """
for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError"); } });
"""


def test_one_is_asked_once_in_a_tab_that_stores_nothing(browser: Any) -> None:
    context = browser.new_context()
    context.add_init_script(BLOCKED)
    page = context.new_page()
    page.goto(BUILT.as_uri())
    page.get_by_role("button", name="Take the tour", exact=True).click()
    expect(page.locator(".tour")).to_be_visible()
    page.reload()
    expect(page.locator(".tile-test")).to_contain_text("%")
    expect(page.locator(INVITED)).to_have_count(0)
    context.close()


def test_nobody_is_asked_who_comes_with_something(browser: Any, tmp_path: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{BUILT.as_uri()}#mlplab-2-!")
    expect(page.locator(".complaint")).to_contain_text("damaged")
    expect(page.locator(INVITED)).to_have_count(0)
    opened = tmp_path / "opened.html"
    opened.write_text(page_text(Opened(PRESETS[LAB["1.1"]], 3)), encoding="utf-8")
    page.goto(opened.as_uri())
    expect(page.get_by_label("preset", exact=True)).to_have_value(LAB["1.1"])
    expect(page.locator(INVITED)).to_have_count(0)
    context.close()
