"""In a real browser: two set-ups are compared, a map is trained, and a click on a cell loads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mlplab.playground.session.presets import PRESETS
from mlplab.playground.studies.hyperparameters import with_value
from mlplab.statistics import compare_runs
from mlplab.training import train

pytestmark = pytest.mark.slow

Go = Callable[..., Any]

A, B = "1.1  two clouds, batch 16", "1.1  two clouds, batch 512"


def open_view(page: Any, name: str) -> None:
    page.page.get_by_role("tab", name="Many runs").click()
    page.press(name)


def status(page: Any) -> str:
    """What the picture says, as one hears it."""
    shown = page.page.locator(".inspect-body .unseen:not([hidden])")
    return str(shown.text_content()) if shown.count() else ""


def cell(page: Any, name: str) -> Any:
    return page.page.get_by_role("group", name="map of").get_by_role("button", name=name)


def test_two_set_ups_are_compared_and_the_verdict_is_that_of_the_statistics(visit: Go):
    page = visit()
    page.choose(0, A)
    open_view(page, "Compare")
    words = page.page.locator(".verdict")
    page.press("keep this set-up as A")
    page.wait_for(lambda: "This set-up is A" in words.inner_text())
    start = page.page.get_by_role("button", name="train a hundred each of A and of this set-up")
    assert start.is_disabled()
    page.choose(0, B)
    page.wait_for(lambda: words.inner_text() == "batch size 16 → 512")
    before = page.picture(".inspect-surface")
    start.click()
    page.wait_for(lambda: "percentage points" in status(page), 120)
    a, b = (train(PRESETS[title], 100, seed=1) for title in (A, B))
    assert status(page) == compare_runs(b, a).sentence("B", "A")
    assert status(page).startswith("B is worse than A: ")
    done = page.picture(".inspect-surface")
    assert done != before
    page.choose(0, A)
    page.wait_for(lambda: "(A is set up now)" in words.inner_text())
    assert status(page).startswith("B is worse than A: ")
    page.choose(0, "more  xor")
    page.wait_for(lambda: status(page) == "")
    page.choose(0, B)
    page.wait_for(lambda: page.picture(".inspect-surface") == done)


def test_a_comparison_is_stopped(visit: Go):
    page = visit()
    page.choose(0, "1.3  five rings, momentum")
    open_view(page, "Compare")
    page.press("keep this set-up as A")
    page.choose(0, "1.4  five rings, Adam")
    start = page.page.get_by_role("button", name="train a hundred each of A and of this set-up")
    page.page.wait_for_function("b => !b.disabled && !b.hidden", arg=start.element_handle())
    start.click()
    page.wait_for(lambda: "runs trained" in status(page))
    assert start.inner_text() == "Stop"
    start.click()
    page.wait_for(lambda: "no verdict" in status(page))


def test_a_cell_of_the_map_is_loaded_by_mouse_and_by_keyboard(visit: Go):
    page = visit()
    page.choose(0, B)
    open_view(page, "Map")
    page.page.get_by_label("to the right").select_option(label="epochs")
    page.press("train a few runs in each cell of the map")
    page.wait_for(lambda: status(page) == "25 of 25 cells", 120)
    chosen = cell(page, "epochs 16, learning rate 4;")
    chosen.hover()
    tip = page.page.locator(".map-cells .tip")
    experiment = with_value(PRESETS[B], "training.epochs", 16)
    experiment = with_value(experiment, "training.optimizer.learning_rate", 4.0)
    accuracy = train(experiment, 16, seed=1).test_accuracy
    median, low, high = (100 * f(accuracy) for f in (np.median, np.min, np.max))
    assert f"median {median:.2f} %, from {low:.2f} % to {high:.2f} %" in tip.inner_text()
    chosen.click()
    rate = page.page.get_by_label("learning rate", exact=True)
    epochs = page.page.get_by_label("epochs", exact=True)
    page.wait_for(lambda: (rate.input_value(), epochs.input_value()) == ("4", "16"))
    page.wait_for(lambda: chosen.get_attribute("aria-current") == "true")
    page.page.keyboard.press("ArrowLeft")
    page.page.keyboard.press("ArrowDown")
    assert "epochs 8, learning rate 1" in tip.inner_text()
    page.page.keyboard.press("Enter")
    page.wait_for(lambda: (rate.input_value(), epochs.input_value()) == ("1", "8"))
    page.wait_for(
        lambda: cell(page, "epochs 8, learning rate 1;").get_attribute("aria-current") == "true"
    )
    assert page.tiles()["update"] == "0"


def test_a_map_is_of_two_numbers(visit: Go):
    page = visit()
    open_view(page, "Map")
    across, up = (page.page.get_by_label(name) for name in ("to the right", "upwards"))
    across.select_option(label="learning rate")
    assert up.input_value() == "training.batch_size"
    cells = page.page.locator(".map-cell")
    page.wait_for(lambda: cells.count() == 25)
    assert "not trained yet" in str(cells.first.get_attribute("aria-label"))
    cells.first.click(force=True)  # which does nothing
    page.page.wait_for_timeout(200)
    assert page.message() == ""
