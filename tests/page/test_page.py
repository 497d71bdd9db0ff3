"""The page without a server: one file, opened by double click, that trains as `mlplab train` does."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from tests.page.visit import BUILT, LAB, Visit, same_network

import mlplab
from mlplab.playground.presets import PRESETS

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]

# ---- It trains as the engine does ----------------------------------------------------------------


def test_a_preset_ends_as_mlplab_train_does(visit: Callable[..., Visit]) -> None:
    v = visit()
    for title, epochs in {LAB["1.1"]: 4, LAB["1.2"]: 20, LAB["1.3"]: 3}.items():
        v.choose("preset", title)
        v.wait_for_tile("update", "0")
        v.page.get_by_label("epochs", exact=True).fill(str(epochs))
        v.play_to_the_end()
        run = mlplab.train(PRESETS[title].varied({"training.epochs": epochs}), seed=0)[0]
        file = v.weights()
        assert file["updates"] == run.updates
        assert file["changes"] == []
        assert same_network(file, run)
        assert v.tiles()["acc. test"] == f"{100 * run.test_accuracy:.2f} %"


def test_a_surface_ends_as_mlplab_train_does_and_is_shown(visit: Callable[..., Visit]) -> None:
    title = "more  Franke's surface"
    v = visit()
    v.choose("preset", title)
    v.wait_for_tile("update", "0")
    v.play_to_the_end()
    run = mlplab.train(PRESETS[title], seed=0)[0]
    assert same_network(v.weights(), run)
    assert v.tiles()["R² test"] == f"{run.test_metric:.4f}"
    v.wait_for("[role=tab][aria-selected=true]", "Predicted")
    v.wait_for(".residuals", "standard deviation")
    v.wait_for("[aria-label=target]", "lines 0.2 apart")
    label = v.page.locator(".plane canvas").get_attribute("aria-label")
    assert label.startswith("The plane: what the network predicts where")
    v.choose("dataset", "moons")
    v.wait_for("[role=tab][aria-selected=true]", "Confusion")
    v.wait_for(".tile-test", "%")


def test_what_is_changed_in_flight_is_trained_as_the_stepper_trains_and_is_told(
    visit: Callable[..., Visit],
) -> None:
    experiment = PRESETS[LAB["1.2"]]
    v = visit()
    v.press("+1 epoch")
    for _ in range(6):
        v.press("+1 update")
    v.wait_for_tile("update", "70")
    v.page.get_by_label("learning rate", exact=True).fill("0.25")
    v.page.get_by_label("batch size", exact=True).fill("48")
    v.press("+1 epoch")
    stepper = mlplab.engine.Stepper(mlplab.draw(experiment, seed=0))
    stepper.train(70)
    changed = experiment.varied(
        {"training.batch_size": 48, "training.optimizer.learning_rate": 0.25}
    )
    stepper.change(changed.training)
    stepper.train(stepper.updates_left)
    v.wait_for_tile("update", str(stepper.step))
    file = v.weights()
    weights, biases = stepper.network
    for layer, w, b in zip(file["layers"], weights, biases, strict=True):
        assert np.array_equal(np.array(layer["weights"], np.float32), w)
        assert np.array_equal(np.array(layer["biases"], np.float32), b)
    assert file["changes"] == ["update 70: learning rate 1 → 0.25, batch size 16 → 48"]


def test_one_looks_back_and_goes_on_from_there(visit: Callable[..., Visit]) -> None:
    v = visit()
    v.play_to_the_end()
    there = v.weights()
    v.page.get_by_role("tab", name="Weights").click()
    expect = pytest.importorskip("playwright.sync_api").expect
    weights = v.page.locator(".histograms canvas")
    expect(weights).to_have_accessible_name(
        re.compile("layer 1: .* gradient 0.0.* outputs: .* gradient 0.0")
    )
    v.page.get_by_label("time line").press("PageDown")
    v.wait_for_status("epoch 19, update 1,216 of 1,280")
    expect(weights).not_to_have_accessible_name(re.compile("gradient"))
    v.press("▶ Play")
    v.wait_for(".message", "Go on from here")
    v.page.get_by_label("time line").fill("640")
    v.wait_for_status("epoch 10, ")
    v.wait_for_status("640 of 1,280")
    back = v.weights()
    assert back["updates"] == 640
    assert back["layers"] != there["layers"]
    v.press("Go on from here")
    v.wait_for_status("paused")
    v.wait_for_tile("update", "640")
    v.play_to_the_end()
    v.wait_for_tile("update", "1,280")
    assert v.weights()["layers"] == there["layers"]


def test_a_crowd_of_points_has_its_colour_and_not_that_of_their_edges(
    visit: Callable[..., Visit],
) -> None:
    v = visit(viewport={"width": 1920, "height": 1080})
    red, _, blue = v.page.locator(".plane canvas").evaluate(
        """canvas => {
            const [x, y] = [canvas.width / 2 - 10, canvas.height / 2 - 10];
            const { data } = canvas.getContext("2d").getImageData(x, y, 20, 20);
            return [0, 1, 2].map((channel) => data.filter((_, i) => i % 4 === channel)
                .reduce((sum, value) => sum + value, 0) / 400);
        }"""
    )
    assert red < blue / 2


def test_play_after_the_end_says_what_to_raise(visit: Callable[..., Visit]) -> None:
    v = visit()
    v.play_to_the_end()
    v.press("▶ Play")
    v.wait_for(".message", "raise the epochs")
    v.page.get_by_label("epochs", exact=True).fill("25")
    v.page.get_by_label("epochs", exact=True).press("Enter")
    v.wait_for_status("paused")
    v.press("▶ Play")
    v.wait_for_tile("epoch", "25")


def test_a_number_by_hand_is_put_in_and_told(visit: Callable[..., Visit]) -> None:
    v = visit()
    v.page.locator(".network canvas").focus()
    v.page.keyboard.press("ArrowRight")
    v.page.keyboard.press("w")
    v.page.keyboard.press("Enter")
    v.page.locator(".editor input").fill("1,5")
    v.page.keyboard.press("Enter")
    assert "a number with a point" in v.page.locator(".editor").inner_text()
    v.page.locator(".editor input").fill("1.5")
    v.page.keyboard.press("Enter")
    v.page.get_by_role("tab", name="Changes").click()
    v.wait_for(".provenance", "set to 1.5 by hand")
    assert v.weights()["layers"][0]["weights"][0][0] == 1.5


# ---- What is shown -------------------------------------------------------------------------------


PLACES = ((0.02, 0.1), (0.98, 0.1), (0.1, 0.97), (0.9, 0.9), (0.505, 0.495))
"""Of the plane: near its corners, where there are no points, and in its middle."""


def test_a_region_has_the_colour_of_the_class_that_the_network_gives_there(
    visit: Callable[..., Visit],
) -> None:
    v = visit()
    v.play_to_the_end()
    run = mlplab.train(PRESETS[LAB["1.2"]], seed=0)[0]
    canvas = v.page.locator(".plane canvas")
    box = canvas.bounding_box()
    pixels = canvas.evaluate(
        """(canvas, places) => {
          const { width, height } = canvas;
          const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
          return places.map(([across, down]) => {
            const at = 4 * (Math.floor(down * height) * width + Math.floor(across * width));
            return [data[at], data[at + 1], data[at + 2]];
          });
        }""",
        PLACES,
    )
    seen = set()
    for (across, down), (red, _, blue) in zip(PLACES, pixels, strict=True):
        canvas.hover(position={"x": across * box["width"], "y": down * box["height"]})
        lines = v.page.locator(".plane .tip div").all_inner_texts()
        point = [float(number.replace("\u2212", "-")) for number in lines[0].split()[1::2]]
        given = run.predict_proba(np.array([point], np.float32))[0]
        assert lines[1].startswith(f"class {given.argmax()}: ")
        assert abs(float(lines[1].split()[-2]) - 100 * given.max()) < 2
        assert (blue > red) == (given.argmax() == 0)  # of two classes, the first is blue
        seen.add(int(given.argmax()))
    assert seen == {0, 1}


def test_pictures_are_saved_as_they_are_shown(visit: Callable[..., Visit]) -> None:
    v = visit()
    for name in ("Plane", "Network"):
        pixels = plt.imread(io.BytesIO(v.file(f"{name} (PNG)")))
        assert pixels.shape[0] > 200
        assert (pixels[..., 3] == 1).all()  # nothing is transparent
        assert len(np.unique(pixels.reshape(-1, 4), axis=0)) > 50


def test_what_a_hidden_layer_makes_of_the_points_is_shown(visit: Callable[..., Visit]) -> None:
    v = visit()
    v.choose("preset", LAB["1.3"])
    v.page.get_by_role("tab", name="Hidden").click()
    v.choose("hidden layer", "10")
    label = v.page.locator(".hidden-box canvas")
    expect = pytest.importorskip("playwright.sync_api").expect
    expect(label).to_have_attribute(
        "aria-label", re.compile("hidden layer 10 answers them, by component 1")
    )


def test_a_page_that_stands_does_nothing(visit: Callable[..., Visit]) -> None:
    v = visit(clock=True)
    v.press("+1 epoch")
    v.wait_for_tile("epoch", "1")
    v.page.clock.run_for(10_000)  # longer than it waits for the worker before it asks again
    before = v.page.evaluate("window.ran")
    assert before > 0
    v.page.clock.run_for(60_000)
    assert v.page.evaluate("window.ran") == before


def test_nothing_is_cut_at_the_side(visit: Callable[..., Visit]) -> None:
    v = visit()
    for width, height in ((1366, 768), (1920, 1080), (390, 844)):
        v.page.set_viewport_size({"width": width, "height": height})
        assert v.page.evaluate("document.documentElement.scrollWidth") <= width
        if width > 1100:
            assert v.page.evaluate("document.documentElement.scrollHeight") <= height


def test_plane_or_details_are_enlarged_and_put_back(visit: Callable[..., Visit]) -> None:
    v = visit()

    def width(selector: str) -> float:
        return float(v.page.locator(selector).bounding_box()["width"])

    plane, details = width(".plane"), width(".inspect")
    for name, part, selector, before in (
        ("present: a larger plane and network", "plane", ".plane", plane),
        ("larger details", "details", ".inspect", details),
    ):
        v.press(name)
        v.page.wait_for_selector(f".enlarged-{part}")
        assert width(selector) > 1.2 * before
        v.press(name)
        v.page.wait_for_selector(".enlarged-nothing")
        assert width(selector) == before


def test_every_control_has_a_name(visit: Callable[..., Visit]) -> None:
    v = visit()
    unnamed = v.page.evaluate("""
        [...document.querySelectorAll("button, input, select, canvas, [role]")]
          .filter((each) => !each.closest("[aria-hidden=true]"))
          .filter((each) => !each.matches("[role=status], [role=alert]"))
          .filter((each) => !each.getAttribute("aria-label") && !each.getAttribute("aria-labelledby"))
          .filter((each) => !each.labels?.length && !each.textContent.trim())
          .map((each) => each.outerHTML)
    """)
    assert unnamed == []


# ---- The file ------------------------------------------------------------------------------------


def test_the_policy_is_strict() -> None:
    head = BUILT.read_text(encoding="utf-8")[:1500]
    assert "default-src 'none'" in head
    assert "unsafe-inline" not in head
    assert "'unsafe-eval'" not in head


def test_the_page_is_small_enough_to_be_sent_along() -> None:
    assert BUILT.stat().st_size < 1_000_000


@pytest.mark.skipif(
    shutil.which("node") is None or not (ROOT / "page" / "node_modules").exists(),
    reason="needs Node, and `npm install` in page/",
)
def test_the_page_in_the_repository_is_that_of_its_sources(tmp_path: Path) -> None:
    fresh = tmp_path / "index.html"
    subprocess.run(["node", "build.mjs", str(fresh)], cwd=ROOT / "page", check=True)
    assert fresh.read_bytes() == BUILT.read_bytes()


def test_on_a_phone_play_covers_no_button_that_is_scrolled_to(visit: Callable[..., Visit]) -> None:
    v = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    v.page.locator(".controls").evaluate("(controls) => { controls.scrollLeft = 9999; }")
    one = v.page.get_by_role("button", name="+1 update", exact=True)
    one.evaluate("(each) => each.scrollIntoView({ block: 'nearest', inline: 'nearest' })")
    v.page.get_by_role("button", name="▶ Play", exact=True).tap()
    play = v.page.get_by_role("button", name="❚❚ Pause", exact=True).bounding_box()
    assert one.bounding_box()["x"] >= play["x"] + play["width"]
