"""The page on screens of all sizes, in light and dark, and its pictures as files."""

from __future__ import annotations

import itertools
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
    light, picture = page.root.evaluate(ground), page.still_picture()
    page.press("light or dark")
    page.wait_for(lambda: page.root.evaluate(ground) != light)
    page.wait_for(lambda: page.picture() != picture)


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


def test_every_picture_is_saved(visit: Go, tmp_path: Path):
    page = visit()
    page.press("+1 epoch")
    page.wait_for(lambda: page.tiles()["epoch"] == "1")
    for where, name in (
        (".plane-box", "plane"),
        (".network", "network"),
        (".inspect-surface", "confusion"),
    ):
        box = page.page.locator(where)
        box.hover()
        with page.page.expect_download() as download:
            box.get_by_role("button", name="save this picture as PNG").click()
        assert download.value.suggested_filename == f"{name}.png"
        download.value.save_as(tmp_path / "picture.png")
        pixels = matplotlib.image.imread(tmp_path / "picture.png")
        size = box.bounding_box()
        assert pixels.shape[1] == pytest.approx(3 * size["width"], abs=6), name
        assert pixels.shape[0] == pytest.approx(3 * size["height"], abs=6), name
        colours = np.unique((255 * pixels).round().astype(np.uint8).view(np.uint32))
        assert len(colours) > 50, name
        assert (pixels[..., 3] == 1).all(), name


def test_nothing_is_cut_off_on_any_screen(visit: Go):
    page = visit()
    screens = [(1280, 800), (1180, 820), (1024, 768), (820, 1180), (768, 1024), (390, 844)]
    for update, (width, height) in enumerate(screens, start=1):
        page.page.set_viewport_size({"width": width, "height": height})
        page.page.wait_for_timeout(400)
        assert page.page.evaluate("document.documentElement.scrollWidth") <= width
        for what in (".plane-box", ".network", ".inspect", ".curves", ".setup", ".footer"):
            box = page.page.locator(what).bounding_box()
            assert box["width"] > 200 or what == ".setup", (what, width)
            assert box["x"] >= 0, (what, width)
            assert box["x"] + box["width"] <= width, (what, width)
        for tile in page.page.locator(".tile-value").all():
            fits = tile.evaluate("t => t.scrollWidth <= t.clientWidth + 1")
            assert fits, (tile.inner_text(), width)
        page.press("+1 update")
        page.wait_for(lambda update=update: page.tiles()["update"] == str(update))


def test_a_phone_lays_the_page_out_in_its_own_width(visit: Go):
    page = visit(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    widths = page.page.evaluate("[window.innerWidth, document.documentElement.scrollWidth]")
    assert widths == [390, 390]


def assert_numbers_stand_in_their_tiles(page: Any) -> None:
    for tile in page.page.locator(".tile-value").all():
        assert tile.evaluate("t => t.scrollWidth <= t.clientWidth"), tile.inner_text()


def test_the_numbers_of_a_long_run_stand_in_their_tiles(visit: Go):
    page = visit()
    page.page.get_by_label("stop", exact=True).select_option(label="never")
    page.choose(1, "fastest")
    page.press("▶  Play")
    page.wait_for(lambda: page.tiles()["update"].endswith("M"), 120)
    page.press("❚❚  Pause")
    page.wait_for(lambda: page.status() == "paused")
    for name, letter in (("epoch", "K"), ("step", "M")):
        value = page.page.locator(f".tile-{name} .tile-value")
        exact = int(str(value.get_attribute("title")).replace(",", ""))
        shown = float(value.inner_text().rstrip(letter)) * {"K": 1e3, "M": 1e6}[letter]
        assert shown == pytest.approx(exact, rel=0.005)
    # "1,287" and "16.5K" are as many letters, and not equally wide.
    scrub = page.page.locator("input[type=range]")
    last, at_last = scrub.get_attribute("max"), page.tiles()["epoch"]
    for width in (1280, 1180):
        page.page.set_viewport_size({"width": width, "height": 800})
        page.page.wait_for_timeout(200)
        assert_numbers_stand_in_their_tiles(page)
        for step, epoch in (("0", "0"), ("80000", "1,"), (last, at_last)):
            scrub.fill(step)
            page.wait_for(lambda epoch=epoch: page.tiles()["epoch"].startswith(epoch))
            assert_numbers_stand_in_their_tiles(page)


def test_long_names_of_classes_are_cut_and_leave_the_page_its_shape(visit: Go, tmp_path: Path):
    page = visit()
    names = [f"a_very_long_name_of_a_class_that_never_ends_{k}" for k in range(6)]
    rows = [f"{i % 7},{i % 11},{names[i % 6]}" for i in range(120)]
    path = tmp_path / "long.csv"
    path.write_text("x1,x2,label\n" + "\n".join(rows) + "\n")
    page.page.locator("input[type=file]").set_input_files(path)
    entries = page.page.locator(".legend-entry")
    page.wait_for(lambda: entries.count() == 6)
    assert [entry.get_attribute("title") for entry in entries.all()] == names
    assert page.page.locator(".legend").bounding_box()["height"] < 60
    assert page.page.locator(".inspect").bounding_box()["height"] > 130


def test_twelve_layers_stand_apart_and_a_thirteenth_is_refused(visit: Go):
    page = visit()
    controls = page.page.locator(".layer-control")
    for layers in range(2, 13):
        page.press("a hidden layer more")
        page.wait_for(lambda n=layers: controls.count() == n)
    boxes = [control.bounding_box() for control in controls.all()]
    gaps = [right["x"] - left["x"] - left["width"] for left, right in itertools.pairwise(boxes)]
    assert min(gaps) > 4
    page.press("a hidden layer more")
    page.wait_for(lambda: "at most 12 hidden layers, received 13" in page.message())
    page.page.wait_for_timeout(400)
    assert "at most 12 hidden layers, received 13" in page.message()
    page.page.get_by_label("batch size", exact=True).fill("32")
    page.page.keyboard.press("Enter")  # which the refused layer does not hinder
    page.wait_for(lambda: page.message() == "")
    assert page.page.get_by_role("alert").count() == 0


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
