"""The page says why a network does not learn, as Python does, and what would help."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.page.visit import Visit, expect

from mlplab.explain import why
from mlplab.playground.presets import PRESETS

pytestmark = pytest.mark.slow

SIGMOID = "1.2  two rings, sigmoid"


def trained(v: Visit, preset: str) -> Visit:
    v.choose("preset", preset)
    v.play_to_the_end()
    return v


def test_a_network_that_does_not_learn_is_explained_as_in_python(visit: Callable[..., Visit]):
    v = trained(visit(), SIGMOID)
    tab = v.page.get_by_role("tab", name="Why")
    assert "is-marked" in (tab.get_attribute("class") or "")
    tab.click()
    (run,) = why(PRESETS[SIGMOID], 1, 0).runs
    v.wait_for(".cause", run.findings[0].sentence)
    expect(v.page.locator(".causes li")).to_have_count(len(run.findings) - 1)
    assert v.complaints == []


def test_one_that_learned_has_no_mark(visit: Callable[..., Visit]):
    v = trained(visit(), "1.2  two rings, relu")
    v.page.get_by_role("tab", name="Why").click()
    v.wait_for(".cause", "Nothing is wrong")
    expect(v.page.locator(".is-marked")).to_have_count(0)
    expect(v.page.locator(".cause.is-wrong")).to_have_count(0)


def test_before_and_while_it_trains_nothing_is_claimed(visit: Callable[..., Visit]):
    v = visit()
    v.page.get_by_role("tab", name="Why").click()
    v.wait_for(".why", "Nothing is trained yet")
    v.press("▶ Play")
    v.wait_for(".why", "When the training ends")
    v.page.get_by_role("button", name="Pause").click()
    v.wait_for(".why", "So far")


def test_what_would_help_can_be_stopped_and_loaded(visit: Callable[..., Visit]):
    v = visit(viewport={"width": 390, "height": 844})
    v.choose("preset", SIGMOID)
    v.page.get_by_role("tab", name="Why").click()
    v.press("What would help?")
    v.wait_for(".remedies", "activation sigmoid → relu")
    v.press("Stop")
    v.wait_for(".why", "stopped")
    v.page.get_by_role("button", name="activation sigmoid → relu", exact=True).click()
    v.wait_for_value("activation", "relu")
    v.wait_for(".why", "The set-up is another one now.")
    v.press("Back to the one of the table")
    v.wait_for_value("activation", "sigmoid")
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not v.page.evaluate(wide)
    assert v.complaints == []
