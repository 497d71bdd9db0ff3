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
