"""The page by axe-core: nothing serious in any state, on a laptop in light and on a phone in dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.page.visit import LAB, Visit

AXE = Path(__file__).parents[2] / "page" / "node_modules" / "axe-core" / "axe.min.js"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not AXE.is_file(), reason="needs axe-core: npm install, in page/"),
]

BAD = ("serious", "critical")


def findings(v: Visit) -> list[str]:
    """Return what axe-core finds that is serious."""
    found: dict[str, Any] = v.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{each['id']}: {each['help']}: {each['nodes'][0]['html']}"
        for each in found["violations"]
        if each["impact"] in BAD
    ]


@pytest.mark.parametrize(
    ("size", "theme"), [((1366, 768), "light"), ((390, 844), "dark")], ids=["laptop", "phone"]
)
def test_no_state_has_a_serious_finding(
    visit: Callable[..., Visit], size: tuple[int, int], theme: str
) -> None:
    v = visit(viewport={"width": size[0], "height": size[1]}, color_scheme=theme)
    v.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = {"invitation": findings(v)}
    v.press("Take the tour")
    found["tour"] = findings(v)
    v.press("Leave the tour")
    v.page.get_by_role("button", name="help: network", exact=True).click()
    v.press("weight")
    v.wait_for(".glossary .wanted", "weight")
    found["glossary"] = findings(v)
    v.press("close")
    v.page.get_by_label("momentum", exact=True).focus()
    v.page.keyboard.press("F1")
    v.wait_for(".help-tip", "Try:")
    found["explained"] = findings(v)
    v.page.keyboard.press("Escape")
    v.press("help")
    v.press("Explain what I tap")
    found["pointing"] = findings(v)
    v.press("Done")
    v.choose("preset", LAB["1.1"])  # which has all tabs
    v.play_to_the_end()
    v.page.get_by_label("sigma", exact=True).fill("1,5")
    v.page.keyboard.press("Enter")
    for tab in v.page.get_by_role("tab").all_inner_texts():
        v.page.get_by_role("tab", name=tab, exact=True).click()
        found[tab] = findings(v)
    v.page.get_by_role("tab", name="Runs", exact=True).click()
    v.press("Train a hundred")
    v.wait_for(".runs", "Mean of the middle half")
    found["a hundred"] = findings(v)
    for dialog in ("Files", "help"):
        v.press(dialog)
        found[dialog] = findings(v)
        v.page.keyboard.press("Escape")
    v.choose("preset", "more  Franke's surface")
    v.press("+1 epoch")
    v.page.get_by_role("tab", name="Predicted", exact=True).click()
    v.wait_for(".residuals", "standard deviation")
    found["surface"] = findings(v)
    v.press("Draw own")
    found["own points"] = findings(v)
    assert not any(found.values()), found
