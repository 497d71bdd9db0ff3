"""What one reads, zooms and copies in the page of a map is right."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.sweep import Axis, TrainedMap
from mlplab.sweep.page import write_page

from .made_maps import NAMED, NUMERIC, RATE, made


class Visit:
    """A page of a map in a browser, which must not complain."""

    def __init__(self, browser: Any, path: Path, **options: Any) -> None:
        self.complaints: list[str] = []
        self.context = browser.new_context(
            **{"viewport": {"width": 1200, "height": 800}, **options}
        )
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("#map[data-drawn]")
        self.canvas = self.page.locator("#map")

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()
        assert self.complaints == []

    def settle(self) -> None:
        """Wait until what was asked for is drawn."""
        self.page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def key(self, *keys: str) -> None:
        self.canvas.focus()
        for key in keys:
            self.page.keyboard.press(key)
        self.settle()

    def hover(self, across: float, up: float) -> None:
        """Point at a part of the canvas, from its left and its foot."""
        box = self.canvas.bounding_box()
        self.page.mouse.move(box["x"] + across * box["width"], box["y"] + (1 - up) * box["height"])
        self.settle()

    def readout(self) -> dict[str, str]:
        rows = self.page.locator("#readout div").all()
        return {row.locator("dt").inner_text(): row.locator("dd").inner_text() for row in rows}

    def window(self) -> str:
        return str(self.page.locator("#window").inner_text())

    def picture(self) -> str:
        return str(self.canvas.evaluate("c => c.toDataURL()"))


@pytest.fixture(scope="module")
def numeric() -> TrainedMap:
    return made(*NUMERIC)


@pytest.fixture(scope="module")
def numeric_page(numeric: TrainedMap, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("map") / "map.html"
    write_page(numeric, path)
    return path


def check_readout(readout: dict[str, str], trained: TrainedMap) -> tuple[int, int]:
    """Check that what is read is what the map has at that cell, and return the cell, y and x."""
    plan = trained.plan

    def place(axis: Axis) -> int:
        read = float(readout[axis.setting])
        (found,) = [
            i for i, v in enumerate(axis.values) if v == pytest.approx(read, rel=1e-3, abs=1e-9)
        ]
        return found

    cell = place(plan.y), place(plan.x)
    statistics = trained.statistics()
    runs = int(trained.trained[cell])
    assert readout["validation accuracy"] == f"{100 * statistics.mean[cell]:.2f} %"
    low, high = map(float, re.findall(r"[\d.]+", readout["95 % interval"]))
    assert low == pytest.approx(100 * statistics.low[cell], abs=0.02)
    assert high == pytest.approx(100 * statistics.high[cell], abs=0.02)
    assert readout["N (runs in the mean)"] == f"{statistics.count[cell]} of {runs}"
    for ending, code in (("stuck", 2), ("diverged", 3)):
        assert readout[ending] == f"{(trained.ending[cell] == code).sum()} of {runs}"
    return cell


@pytest.mark.slow
def test_hovering_reads_the_cell_under_the_pointer(
    browser: Any, numeric_page: Path, numeric: TrainedMap
) -> None:
    with Visit(browser, numeric_page) as visit:
        seen = set()
        for across, up in ((0.3, 0.4), (0.5, 0.5), (0.55, 0.8), (0.7, 0.3)):
            visit.hover(across, up)
            y, x = check_readout(visit.readout(), numeric)
            # Labels take a little room at the left and at the foot.
            assert x / 24 == pytest.approx(across, abs=0.12)
            assert y / 16 == pytest.approx(up, abs=0.12)
            seen.add((y, x))
        assert len(seen) == 4
        visit.page.mouse.move(5, 5)
        visit.settle()
        assert visit.readout() == {"": "Point at a cell to read it."}


@pytest.mark.slow
def test_arrow_keys_read_one_cell_after_the_other(
    browser: Any, numeric_page: Path, numeric: TrainedMap
) -> None:
    with Visit(browser, numeric_page) as visit:
        visit.key("ArrowUp")
        y, x = check_readout(visit.readout(), numeric)
        visit.key("ArrowRight", "ArrowRight", "ArrowUp")
        assert check_readout(visit.readout(), numeric) == (y + 1, x + 2)
        visit.key("Shift+ArrowLeft")
        assert check_readout(visit.readout(), numeric) == (y + 1, x - 8)
        assert f"{RATE} " in visit.page.locator("#spoken").inner_text()
        visit.key("+", "+", "+", "Shift+ArrowRight")
        assert check_readout(visit.readout(), numeric) == (y + 1, x + 2)


@pytest.mark.slow
def test_a_tap_reads_and_two_fingers_zoom(
    browser: Any, numeric_page: Path, numeric: TrainedMap
) -> None:
    with Visit(
        browser, numeric_page, has_touch=True, viewport={"width": 400, "height": 800}
    ) as visit:
        box = visit.canvas.bounding_box()
        visit.page.touchscreen.tap(box["x"] + 200, box["y"] + 150)
        visit.settle()
        check_readout(visit.readout(), numeric)
        whole = visit.window()
        session = visit.context.new_cdp_session(visit.page)

        def touch(kind: str, *places: tuple[float, float]) -> None:
            points = [
                {"x": box["x"] + x, "y": box["y"] + y, "id": i} for i, (x, y) in enumerate(places)
            ]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        touch("touchStart", (180, 150), (220, 150))
        for apart in (30, 50, 80):
            touch("touchMove", (200 - apart, 150), (200 + apart, 150))
        touch("touchEnd")
        visit.settle()
        assert widths(visit.window())[0] < widths(whole)[0] / 2


def widths(window: str) -> tuple[float, float]:
    """Return how many decades of x and what part of y a window spans."""
    x, y = window.removeprefix("--window ").split(",")
    (x0, x1), (y0, y1) = (map(float, part.split(":")) for part in (x, y))
    return float(np.log10(x1 / x0)), y1 - y0


@pytest.mark.slow
def test_zoom_and_pan_change_the_window_and_all_can_be_shown_again(
    browser: Any, numeric_page: Path, numeric: TrainedMap
) -> None:
    with Visit(browser, numeric_page) as visit:
        whole = visit.window()
        assert whole == "--window 0.001:10,0:0.9"
        visit.hover(0.5, 0.5)
        before = visit.readout()[RATE]
        for _ in range(4):
            visit.page.mouse.wheel(0, -120)
        visit.settle()
        zoomed = visit.window()
        assert widths(zoomed)[0] == pytest.approx(4 / 4, rel=0.1)
        assert widths(zoomed)[1] == pytest.approx(0.9 / 4, rel=0.1)
        # The cell under the pointer stays there.
        visit.hover(0.5, 0.501)
        assert visit.readout()[RATE] == before
        x_axis, y_axis = (
            axis.windowed(*map(float, part.split(":")))
            for axis, part in zip(
                (numeric.plan.x, numeric.plan.y),
                zoomed.removeprefix("--window ").split(","),
                strict=True,
            )
        )
        assert (len(x_axis), len(y_axis)) == (24, 16)
        visit.page.mouse.down()
        visit.hover(0.6, 0.5)
        visit.page.mouse.up()
        moved = visit.window()
        assert widths(moved)[0] == pytest.approx(widths(zoomed)[0], rel=0.01)
        assert float(moved.split()[1].split(":")[0]) < float(zoomed.split()[1].split(":")[0])
        box = visit.canvas.bounding_box()
        visit.page.mouse.dblclick(box["x"] + 300, box["y"] + 200)
        visit.settle()
        assert visit.window() == whole
        visit.page.get_by_role("button", name="Zoom in").click()
        visit.settle()
        assert widths(visit.window())[0] == pytest.approx(2, rel=0.1)
        visit.page.get_by_role("button", name="Show all").click()
        visit.settle()
        assert visit.window() == whole


@pytest.mark.slow
@pytest.mark.parametrize("width", [1200, 400])
def test_buttons_stay_where_they_are(browser: Any, numeric_page: Path, width: int) -> None:
    """One that moves as the pointer leaves the map would be missed by the click."""
    with Visit(browser, numeric_page, viewport={"width": width, "height": 800}) as visit:
        button = visit.page.get_by_role("button", name="Zoom in")
        places = [button.bounding_box()]
        for keys in (["ArrowUp"], ["+", "+", "+", "ArrowRight"], ["Escape"], ["0"]):
            visit.key(*keys)
            places.append(button.bounding_box())
        assert places == [places[0]] * 5


@pytest.mark.slow
def test_the_window_can_be_copied(browser: Any, numeric_page: Path) -> None:
    permissions = ["clipboard-read", "clipboard-write"]
    with Visit(browser, numeric_page, permissions=permissions) as visit:
        visit.key("+")
        visit.page.get_by_role("button", name="Copy").click()
        visit.page.wait_for_selector("#copy:has-text('Copied')")
        assert visit.page.evaluate("() => navigator.clipboard.readText()") == visit.window()


@pytest.mark.slow
def test_menus_change_the_picture_and_its_scale(
    browser: Any, numeric_page: Path, numeric: TrainedMap
) -> None:
    with Visit(browser, numeric_page) as visit:
        pictures = {visit.picture()}
        titles = [visit.page.locator("#scale-title").inner_text()]
        mean = numeric.statistics().mean
        assert visit.page.locator("#scale-high").inner_text() == f"{100 * np.nanmax(mean):.2f} %"
        for quantity in ("width", "failed", "stuck", "diverged"):
            visit.page.select_option("#quantity", quantity)
            visit.settle()
            pictures.add(visit.picture())
            titles.append(visit.page.locator("#scale-title").inner_text())
        visit.page.select_option("#quantity", "mean")
        visit.page.select_option("#measure", "train_loss")
        visit.settle()
        pictures.add(visit.picture())
        assert len(pictures) == 6
        assert titles == [
            "validation accuracy: mean",
            "validation accuracy: width of the 95 % interval",
            "failed runs (stuck or diverged)",
            "stuck runs",
            "diverged runs",
        ]
        visit.hover(0.4, 0.5)
        assert "training loss" in visit.readout() or "train loss" in visit.readout()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_map_of_names_has_no_window(browser: Any, tmp_path: Path, scheme: str) -> None:
    trained = made(*NAMED, 2, 0.8)
    write_page(trained, tmp_path / "map.html", "test_loss", "A <b>bold</b> title")
    with Visit(browser, tmp_path / "map.html", color_scheme=scheme) as visit:
        assert visit.page.locator("h1").inner_text() == "A <b>bold</b> title"
        assert visit.page.locator("#measure").input_value() == "test_loss"
        assert "needs axes of log: or lin:" in visit.window()
        assert visit.page.get_by_role("button", name="Copy").is_disabled()
        visit.key("ArrowUp", "ArrowUp")
        readout = visit.readout()
        assert readout["training.optimizer"] == "rmsprop"
        assert readout["network.activation"] == "sigmoid"
        assert readout["runs"] == "not trained"
        dark = scheme == "dark"
        paper = visit.page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        assert (sum(map(int, re.findall(r"\d+", paper)[:3])) < 200) == dark


@pytest.mark.slow
def test_every_control_has_a_name_and_takes_the_focus(browser: Any, numeric_page: Path) -> None:
    with Visit(browser, numeric_page) as visit:
        visit.canvas.focus()
        reached = []
        for _ in range(6):
            visit.page.keyboard.press("Tab")
            reached.append(visit.page.evaluate("() => document.activeElement.id"))
        assert reached == ["measure", "quantity", "copy", "nearer", "farther", "all"]
        for name, role in (
            ("Measure", "combobox"),
            ("Show", "combobox"),
            ("linear", "application"),
        ):
            assert visit.page.get_by_role(role, name=name).count() == 1
