"""The page on screens of all sizes, in light and dark, and its pictures as files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.image
import numpy as np
import pytest

pytestmark = pytest.mark.slow

Go = Callable[..., Any]


def test_light_and_dark(visit: Go):
    page = visit()
    ground = "r => getComputedStyle(r).backgroundColor"
    light, picture = page.root.evaluate(ground), page.picture()
    page.press("light or dark")
    page.page.wait_for_timeout(300)
    assert page.root.evaluate(ground) != light
    assert page.picture() != picture


def test_the_theme_may_change_while_the_page_says_something_else(visit: Go):
    # Panel tells of the two together, and not within the document's lock; the server's log stays empty.
    page = visit()
    for _ in range(12):
        page.root.evaluate(
            """root => {
                root.querySelector("button[aria-label='light or dark']").click();
                window.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
            }"""
        )
        page.page.wait_for_timeout(60)
    page.wait_for(lambda: page.tiles()["update"] == "12")


def test_a_look_inside_is_enlarged_and_put_back(visit: Go):
    page = visit()
    inspect, network = page.page.locator(".inspect"), page.page.locator(".network")
    usual, wide = inspect.bounding_box(), network.bounding_box()
    page.press("enlarge")
    page.page.wait_for_timeout(300)
    large = inspect.bounding_box()
    assert large["x"] == wide["x"]
    assert large["width"] == wide["width"]
    assert large["height"] > wide["height"] + 100  # the curves' place as well
    assert network.evaluate("n => n.inert")  # what lies below is not to be reached by keyboard
    sharp = "c => c.width / c.clientWidth / window.devicePixelRatio"
    assert inspect.locator("canvas").evaluate(sharp) > 1.3
    page.press("+1 update")
    page.wait_for(lambda: page.tiles()["update"] == "1")
    page.page.locator(".tab[aria-selected='true']").focus()
    page.page.keyboard.press("Escape")
    page.page.wait_for_timeout(300)
    assert inspect.bounding_box() == usual
    assert network.bounding_box() == wide
    assert not network.evaluate("n => n.inert")


@pytest.mark.parametrize(
    ("where", "name"),
    [(".plane-box", "plane"), (".network", "network"), (".inspect-surface", "confusion")],
)
def test_every_picture_is_saved(where: str, name: str, visit: Go, tmp_path: Path):
    page = visit()
    page.press("+1 epoch")
    page.wait_for(lambda: page.tiles()["epoch"] == "1")
    box = page.page.locator(where)
    box.hover()
    with page.page.expect_download() as download:
        box.get_by_role("button", name="save this picture as PNG").click()
    assert download.value.suggested_filename == f"{name}.png"
    download.value.save_as(tmp_path / "picture.png")
    pixels = matplotlib.image.imread(tmp_path / "picture.png")
    size = box.bounding_box()
    assert pixels.shape[1] == pytest.approx(3 * size["width"], abs=6)
    assert pixels.shape[0] == pytest.approx(3 * size["height"], abs=6)
    assert len(np.unique(pixels.reshape(-1, pixels.shape[2]), axis=0)) > 50
    assert (pixels[..., 3] == 1).all()


@pytest.mark.parametrize("size", [(1280, 800), (1180, 820), (1024, 768), (768, 1024), (390, 844)])
def test_nothing_is_cut_off_on_any_screen(size: tuple[int, int], visit: Go):
    page = visit()
    page.page.set_viewport_size({"width": size[0], "height": size[1]})
    page.page.wait_for_timeout(400)
    assert page.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    for what in (".plane-box", ".network", ".inspect", ".curves", ".setup", ".footer"):
        box = page.page.locator(what).bounding_box()
        assert box["width"] > 200 or what == ".setup", what
        assert box["x"] >= 0, what
        assert box["x"] + box["width"] <= size[0], what
    for tile in page.page.locator(".tile-value").all():
        assert tile.evaluate("t => t.scrollWidth <= t.clientWidth + 1"), tile.inner_text()
    page.press("+1 update")
    page.wait_for(lambda: page.tiles()["update"] == "1")


def test_the_labels_of_ten_classes_stand_in_one_row(visit: Go):
    page = visit()
    page.page.get_by_label("classes", exact=True).fill("10")
    page.page.keyboard.press("Enter")
    entries = page.page.locator(".legend-entry")
    page.wait_for(lambda: entries.count() == 10)
    tops = {round(entry.bounding_box()["y"]) for entry in entries.all()}
    assert len(tops) == 1
    choice = page.page.get_by_role("button", name="show train points").bounding_box()
    assert abs(choice["y"] - tops.pop()) < choice["height"]
