"""Own points in the page: drawn, edited and opened, by pointer and by keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.page.visit import Visit

import mlplab
from mlplab.playground.presets import FIRST, PRESETS
from mlplab.spec import SamplesFile

pytestmark = pytest.mark.slow

POINTS = "x1,x2,label\n" + "".join(
    f"{x:.3f},{y:.3f},{'in' if x * x + y * y < 1 else 'out'}\n"
    for x, y in np.random.default_rng(3).normal(size=(120, 2))
)


class Points(Visit):
    """A visit to draw points."""

    def expect_points(self, count: int) -> None:
        """Wait until the plane, which has no network yet, has so many points."""
        expect = pytest.importorskip("playwright.sync_api").expect
        canvas = self.page.locator(".plane canvas")
        expect(canvas).to_have_attribute("aria-label", re.compile(f"with {count} points?,"))

    def at(self, share: float, down: float | None = None) -> dict[str, float]:
        """A place on the plane, in pixels of its canvas."""
        side = self.page.locator(".plane canvas").bounding_box()["width"]
        return {"x": share * side, "y": (share if down is None else down) * side}

    def click(self, *places: tuple[float, float]) -> None:
        """Click into the plane, at shares of its side."""
        for across, down in places:
            self.page.locator(".plane canvas").click(position=self.at(across, down))

    def use(self, tool: str) -> None:
        """Choose a tool, and wait until it is chosen."""
        self.press(tool)
        self.expect_tool(tool)

    def expect_tool(self, tool: str) -> None:
        """Wait until a tool is chosen."""
        expect = pytest.importorskip("playwright.sync_api").expect
        button = self.page.get_by_role("button", name=tool, exact=True)
        expect(button).to_have_attribute("aria-pressed", "true")

    def said(self, text: str) -> None:
        """Wait for what is said of the points."""
        self.wait_for(".points-said", text)

    def drop(self, name: str, content: str) -> None:
        """Drop a file on the plane."""
        data = self.page.evaluate_handle(
            "([name, text]) => { const data = new DataTransfer(); "
            "data.items.add(new File([text], name)); return data; }",
            [name, content],
        )
        self.page.locator(".plane canvas").dispatch_event("drop", {"dataTransfer": data})


@pytest.fixture
def drawing(visit: Callable[..., Points]) -> Points:
    """A page on which nothing is drawn yet."""
    return visit(kind=Points)


def test_points_are_drawn_moved_and_undone_by_pointer(drawing: Points) -> None:
    expect = pytest.importorskip("playwright.sync_api").expect
    v = drawing
    v.press("+1 epoch")
    v.wait_for_tile("epoch", "1")
    v.press("Draw own")
    v.expect_tool("Add")
    v.said("Points of at least two classes are needed")
    v.page.locator(".plane canvas").click(button="right")
    v.wait_for_status("waits for more points")
    v.wait_for_tile("update", "–")
    v.wait_for(".network", "The network of the data before")
    v.press("▶ Play")
    v.wait_for(".message", "There is no network of these points yet")
    v.press("close")
    v.click((0.2, 0.3), (0.3, 0.2), (0.25, 0.25))
    v.expect_points(3)
    v.choose("class of points", "1")
    v.click((0.8, 0.7), (0.7, 0.8))
    v.said("Class 1 needs a point")
    v.click((0.6, 0.6))
    v.wait_for_tile("update", "0")
    expect(v.page.locator(".of-before")).to_have_count(0)
    v.press("+1 update")
    v.wait_for_tile("update", "1")
    # While a point is dragged the network stays; it is trained anew where the point is put down.
    v.use("Move")
    canvas = v.page.locator(".plane canvas")
    canvas.hover(position=v.at(0.6))
    v.page.mouse.down()
    canvas.hover(position=v.at(0.5))
    canvas.hover(position=v.at(0.4))
    v.wait_for_tile("update", "1")
    v.page.mouse.up()
    v.wait_for_tile("update", "0")
    v.said("began anew")
    v.use("Remove")
    v.click((0.4, 0.4))
    v.expect_points(5)
    v.press("undo")
    v.wait_for_tile("update", "0")
    for _ in range(8):
        v.press("undo")
    v.wait_for_status("paused")
    expect(v.page.get_by_role("button", name="Draw own")).to_be_visible()
    for _ in range(9):
        v.press("redo")
    v.expect_points(5)
    v.press("Clear")
    v.expect_points(0)
    v.press("Back to a dataset")
    v.wait_for_status("paused")


def test_points_are_edited_by_keys(drawing: Points) -> None:
    v = drawing
    v.press("Draw own")
    v.expect_tool("Add")
    canvas = v.page.locator(".plane canvas")
    keys = v.page.keyboard
    canvas.focus()
    keys.press("Enter")  # the cross is to be seen before it does something
    v.expect_points(0)
    keys.press("Enter")
    for _ in range(10):
        keys.press("ArrowRight")
    keys.press("Shift+ArrowRight")
    keys.press("Enter")
    v.expect_points(2)
    v.wait_for(".plane-box [role=status]", "x₁")
    v.use("Move")
    canvas.focus()
    for key in ("Enter", "Enter", *["ArrowUp"] * 10, "Enter"):
        keys.press(key)
    v.use("Remove")
    canvas.focus()
    for key in ("Enter", *["ArrowUp"] * 10, "Enter"):
        keys.press(key)
    v.expect_points(1)
    keys.press("Control+z")
    v.expect_points(2)


def test_a_file_is_trained_as_mlplab_trains_it(drawing: Points, tmp_path: Path) -> None:
    v = drawing
    file = tmp_path / "points.csv"
    file.write_text(POINTS)
    v.page.get_by_label("seed", exact=True).fill("7")
    v.page.get_by_label("seed", exact=True).press("Enter")
    v.page.locator("input[type=file]").set_input_files(file)
    v.wait_for(".plane .legend", "out")
    v.play_to_the_end()
    experiment = PRESETS[FIRST].model_copy(update={"dataset": SamplesFile(path=str(file))})
    run = mlplab.train(experiment, seed=7)[0]
    for layer, weights in zip(v.weights()["layers"], run.weights, strict=True):
        assert np.array_equal(np.array(layer["weights"], np.float32), weights)
    assert v.tiles()["acc. test"] == f"{100 * run.test_accuracy:.2f} %"
    # What is no file of points is said, and changes nothing.
    v.drop("odd.csv", POINTS.replace("label", "lable"))
    v.wait_for(".message", "odd.csv: the label's column 'label' is missing; did you mean 'lable'?")
    v.wait_for_tile("update", str(run.updates))
    # A label is text, and no markup.
    v.drop("bold.csv", POINTS.replace(",in", ",<b>in</b>"))
    v.wait_for(".plane .legend", "<b>in</b>")
    # Who leaves is asked.
    with v.page.expect_event("dialog") as asked:
        v.page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.accept()
