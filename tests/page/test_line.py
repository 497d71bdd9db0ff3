"""Task 3 in the page: weights that draw a line, by pointer, by keys and typed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from tests.page.visit import Visit

import mlplab
from mlplab.playground.presets import PRESETS

pytestmark = pytest.mark.slow

TITLE = "3  a line, by hand"
MARGIN = 0.06
"""Of the points' spread, about the points on the plane."""


def drawn_by(v: Visit) -> str:
    """The line that the network's weights draw, as `mlplab.boundary` reads it."""
    (layer,) = v.weights()["layers"]
    weights, biases = (np.array(layer[name], np.float32) for name in ("weights", "biases"))
    return str(mlplab.boundary.check(weights, biases).line)


def test_the_preset_opens_its_tab_and_calls_the_weights_as_the_equations_do(
    visit: Callable[..., Visit],
) -> None:
    expect = pytest.importorskip("playwright.sync_api").expect
    v = visit()
    v.choose("preset", TITLE)
    v.wait_for(".drawn", "no line yet: click a link")
    expect(v.page.get_by_role("tab", name="Hidden")).to_have_count(0)
    v.page.locator(".network canvas").press("ArrowDown")
    v.page.locator(".network canvas").press("w")
    v.wait_for(".network .tip", "w₁₁, weight from x₁ to output 0: 0")


def test_a_line_is_dragged_shifted_and_wanted(visit: Callable[..., Visit]) -> None:
    expect = pytest.importorskip("playwright.sync_api").expect
    v = visit()
    expect(v.page.get_by_role("tab", name="Task 3")).to_have_count(0)
    v.choose("preset", TITLE)
    v.wait_for(".drawn", "no line")
    points = np.concatenate(
        [each.x for each in mlplab.draw(PRESETS[TITLE], seed=0).dataset.splits.values()]
    )
    low, high = points.min(0), points.max(0)
    half = (0.5 + MARGIN) * (high - low).max()
    canvas = v.page.locator(".plane canvas")
    side = canvas.bounding_box()["width"]

    def at(x1: float, x2: float) -> dict[str, float]:
        left, top = (low + high) / 2 - half, (low + high) / 2 + half
        return {
            "x": float((x1 - left[0]) / (2 * half) * side),
            "y": float((top[1] - x2) / (2 * half) * side),
        }

    # What lies between the handles of the dashed line is dragged: both ends move.
    canvas.hover(position=at(0.5, 0.5))
    v.page.mouse.down()
    canvas.hover(position=at(0.55, 0.55))
    canvas.hover(position=at(0.6, 0.6))
    v.page.mouse.up()
    v.wait_for(".drawn", "x₂ = 1.2 − x₁")
    v.wait_for(".drawn", "not as wanted")
    assert drawn_by(v) == "x2 = 1.2 - x1"
    v.wait_for(".constraints", "by 1.2")
    v.wait_for(".constraints", "labels as the points have them")
    # Keys are counted, however fast they come.
    canvas.focus()
    for _ in range(10):
        v.page.keyboard.press("ArrowDown")
    v.wait_for(".drawn", "x₂ = 1.04 − x₁")
    v.page.keyboard.press("Shift+ArrowUp")
    expect(v.page.locator(".drawn strong")).not_to_have_text("x₂ = 1.04 − x₁")
    v.press("equation 12 of the lab report")
    v.wait_for(".drawn", "as wanted")
    v.press("Switch labels")
    v.wait_for(".constraints", "labels switched")
    v.press("A solution")
    v.wait_for(".constraints", "labels as the points have them")
    # A line is typed; what is none is said beside the field, which keeps it.
    field = v.page.get_by_label("wanted line")
    field.fill("x2 = 1 / x1")
    field.press("Enter")
    v.wait_for(".wanted [role=alert]", "divides by x1 or x2")
    expect(field).to_have_value("x2 = 1 / x1")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("2x1 + 4x2 = 3")
    field.press("Enter")
    expect(field).to_have_value("x₂ = 0.75 − 0.5·x₁")
    v.wait_for(".drawn", "not as wanted")
    v.press("This line")
    v.wait_for(".drawn", "as wanted")
    assert v.weights()["changes"] == ["update 0: weights and biases of layer 1 set by hand"]
    v.press("+1 epoch")
    v.wait_for_tile("epoch", "1")
