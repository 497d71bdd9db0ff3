"""In a real browser: what the page says when its server is gone, and before anything has come from it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.slow

Go = Callable[..., Any]


def test_a_page_whose_server_is_gone_says_so_for_good(browser: Any):
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "mlplab", "play", "--no-open", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    found = re.search(r"http://\S+/", process.stdout.readline())
    assert found
    context = browser.new_context()
    page = context.new_page()
    page.clock.install()
    page.goto(found.group())
    page.wait_for_selector(".playground[data-drawn]")
    process.terminate()
    process.wait(20)
    process.stdout.close()
    sentence = page.get_by_text("The connection to mlplab play is lost")
    sentence.wait_for()
    page.clock.fast_forward(11_000)  # longer than other messages stay
    assert sentence.is_visible()
    assert "reload this page" in sentence.inner_text()
    context.close()


def test_a_map_is_not_to_be_trained_before_its_numbers_have_come(visit: Go):
    page = visit()
    page.page.get_by_role("tab", name="Many runs").click()
    # Pressed at once: nothing of the map has come from the server.
    at_once = """(inspect) => {
        const named = (text) =>
            [...inspect.querySelectorAll("button")].find((b) => b.textContent === text);
        named("Map").click();
        return named("Train the map").disabled;
    }"""
    assert page.page.locator(".inspect").evaluate(at_once)
    start = page.page.get_by_role("button", name="train a few runs in each cell of the map")
    page.wait_for(start.is_enabled)
