"""The tab Step in a browser: its numbers are Python's, by field, pointer and keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.page.visit import LAB, Visit, expect

import mlplab
from mlplab.explain import Step, step
from mlplab.playground.presets import PRESETS

pytestmark = pytest.mark.slow

RELU, DEEP = LAB["1.2"], LAB["1.3"]


def opened(visit: Callable[..., Visit], title: str = RELU, **options: Any) -> Visit:
    """The page with a preset and the tab open."""
    v = visit(**options)
    v.choose("preset", title)
    v.page.get_by_role("tab", name="Step").click()
    v.wait_for(".step-tab", "Update 0, in epoch 0")
    return v


def go_to(v: Visit, stage: int) -> None:
    """Show a stage, by the slider."""
    slider = v.page.get_by_role("slider", name="stage")
    slider.focus()
    slider.press("Home")
    for _ in range(stage):
        slider.press("ArrowRight")
    expect(slider).to_have_value(str(stage))  # which is drawn with the lines


def values(v: Visit) -> dict[str, float]:
    """What the lines come to, by their symbols."""
    v.page.locator(".step-lines").wait_for()
    lines = v.page.locator(".step-line").all_inner_texts()
    found = [re.match(r"(\S+)\s*=[\s\S]* = (-?[\d.e+-]+)$", line) for line in lines]
    return {match[1]: float(match[2]) for match in found if match}


def assert_shows(v: Visit, expected: dict[str, Any]) -> None:
    """The lines come to these numbers, of which four digits are shown."""
    found = values(v)
    assert found.keys() >= expected.keys()
    for name, value in expected.items():
        assert found[name] == pytest.approx(float(value), rel=6e-4, abs=1e-12), name


def whole_step(v: Visit, made: Step) -> None:
    """Go through all stages of a network with one hidden layer, and compare with Python's update."""
    hidden, last = made.layers
    below = "₁₂₃₄₅"
    go_to(v, 0)
    assert_shows(v, {f"z{below[j]}": hidden.z[0, j] for j in range(5)})
    assert_shows(v, {f"h{below[j]}": hidden.h[0, j] for j in range(5)})
    go_to(v, 1)
    assert_shows(v, {f"p{below[k]}": last.h[0, k] for k in range(2)})
    go_to(v, 2)
    if made.point is None:
        assert_shows(v, {"L": made.loss_before})
    else:
        assert_shows(v, {"ℓ": made.loss_before})
    go_to(v, 3)
    assert_shows(v, {f"δ{below[k]}": last.delta[0, k] for k in range(2)})
    go_to(v, 4)
    assert_shows(v, {f"δ{below[j]}": hidden.delta[0, j] for j in range(5)})
    go_to(v, 5)
    for name, value in (("layer", "2"), ("neuron", "1"), ("input", "4")):
        v.page.locator(".step-weight label", has_text=name).locator("select").select_option(value)
        # A menu sets the others' choices, too, as they were drawn last: of layer 2 there are five inputs.
        expect(
            v.page.locator(".step-weight label", has_text="input").locator("option")
        ).to_have_count(6)
    v.wait_for(".step-lines", "∂L/∂w₁₄")
    weights = last.weights
    assert_shows(v, {"∂L/∂w₁₄": weights.gradient[0, 3], "w": weights.after[0, 3]})
    go_to(v, 6)
    before, after = (f"{loss:.4g}" for loss in (made.loss_before, made.loss_after))
    v.wait_for(".step-lines", f"{before} before, {after} after")


def test_the_numbers_of_one_point_are_pythons(visit: Callable[..., Visit]) -> None:
    v = opened(visit)
    v.page.get_by_role("button", name="one point").click()
    v.page.get_by_label("point", exact=True).fill("700")
    v.page.get_by_label("point", exact=True).press("Enter")
    v.wait_for(".step-tab", "as training point 700 alone would make it")
    whole_step(v, step(PRESETS[RELU], seed=0, update=0, point=700))


def test_the_numbers_of_the_batch_are_pythons_where_the_training_stands(
    visit: Callable[..., Visit],
) -> None:
    v = opened(visit)
    v.page.get_by_role("button", name="+1 epoch").click()
    v.page.get_by_role("button", name="+1 update").click()
    v.wait_for(".step-tab", "Update 65, in epoch 1: a batch of 16")
    whole_step(v, step(PRESETS[RELU], seed=0, update=65))


def test_a_click_on_the_plane_and_arrows_choose_a_point(visit: Callable[..., Visit]) -> None:
    v = opened(visit)
    dataset = mlplab.draw(PRESETS[RELU], seed=0).dataset
    points = np.concatenate([each.x for each in dataset.splits.values()])
    low, high = points.min(0), points.max(0)
    half = 0.56 * (high - low).max()
    left, top = (low + high) / 2 - half, (low + high) / 2 + half
    canvas = v.page.locator(".plane canvas")
    side = canvas.bounding_box()["width"]
    outermost = int(np.abs(dataset.train.x).sum(axis=1).argmax())
    x1, x2 = dataset.train.x[outermost]
    place = {
        "x": float((x1 - left[0]) / (2 * half) * side),
        "y": float((top[1] - x2) / (2 * half) * side),
    }
    canvas.click(position=place)
    v.wait_for(".step-tab", f"as training point {outermost} alone would make it")
    canvas.press("ArrowLeft")
    v.wait_for(".step-tab", f"as training point {outermost - 1} alone would make it")


def test_a_link_of_the_diagram_chooses_its_weight(visit: Callable[..., Visit]) -> None:
    v = opened(visit)
    go_to(v, 5)
    v.page.locator(".link .wide").last.dispatch_event("click")
    selects = v.page.locator(".step-weight select")
    for i, value in enumerate(["2", "2", "5"]):
        expect(selects.nth(i)).to_have_value(value)


def test_a_deep_network_shows_some_neurons_and_says_so(visit: Callable[..., Visit]) -> None:
    v = opened(visit, DEEP)
    go_to(v, 5)
    v.wait_for(".step-tab", "47 other neurons of this layer are not shown.")
    expect(v.page.locator(".step-diagram .neuron")).to_have_count(12)
    made = step(PRESETS[DEEP], seed=0, update=0)
    layer, found = made.layers[5], values(v)
    number = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
    for name, value in found.items():
        j = int(name[1:].translate(number)) - 1
        expected = layer.z[0, j] if name[0] == "z" else layer.h[0, j]
        assert value == pytest.approx(float(expected), rel=6e-4)
    assert len(found) == 6


def test_slow_motion_plays_the_stages_and_ends(visit: Callable[..., Visit]) -> None:
    v = opened(visit, clock=True)
    button = v.page.get_by_role("button", name="Slow motion")
    button.click()
    v.page.clock.run_for(2600)
    v.wait_for(".step-title", "Forward, layer 2 of 2")
    for _ in range(7):
        v.page.clock.run_for(2600)
    v.wait_for(".step-title", "The effect on the plane")
    v.page.get_by_role("button", name="Slow motion").wait_for()


def test_while_it_trains_it_says_to_pause(visit: Callable[..., Visit]) -> None:
    v = opened(visit)
    v.page.get_by_role("button", name="Play").click()
    v.wait_for(".step-tab", "While it trains, there is no update to look at: pause.")
    v.page.get_by_role("button", name="Pause", exact=False).first.click()
    v.wait_for(".step-tab", "a batch of 16")


def test_nothing_is_wider_than_a_phone(visit: Callable[..., Visit]) -> None:
    v = opened(visit, DEEP, viewport={"width": 390, "height": 800})
    for stage in (0, 12, 24):
        go_to(v, stage)
        assert v.page.evaluate("document.documentElement.scrollWidth") <= 390
