"""A class of thirty: thirty pages in a browser, of which five train."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from mlplab.playground.session.presets import FIRST

pytestmark = pytest.mark.slow

Go = Callable[..., Any]

ON_FIVE = ["1.3  five rings, momentum"] * 2 + [FIRST] * 3

SMALL = {"width": 900, "height": 700}


def test_thirty_pages_side_by_side(visit: Go):
    pages = [visit(viewport=SMALL) for _ in range(30)]
    before = [page.tiles() for page in pages]
    training = pages[:5]
    for page, title in zip(training, ON_FIVE, strict=True):
        page.choose(0, title)
        page.page.get_by_label(re.compile("^stop")).select_option("never")
        page.press("▶  Play")
    for page in training:
        drawn = int(page.root.get_attribute("data-drawn"))
        page.wait_for(
            lambda page=page, drawn=drawn: int(page.root.get_attribute("data-drawn")) > drawn + 10
        )
        assert page.tiles()["update"] != "0"
    # Who does not train sees nothing of it, and can begin at once.
    for page, tiles in zip(pages[5:], before[5:], strict=True):
        assert page.tiles() == tiles
    pages[-1].press("+1 update")
    pages[-1].wait_for(lambda: pages[-1].tiles()["update"] == "1")
    assert pages[-2].tiles()["update"] == "0"
    for page in training:
        page.press("❚❚  Pause")
