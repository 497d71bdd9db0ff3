"""The playground in a real browser: it shows what the engine computes, and says what is wrong."""

from __future__ import annotations

import random
import runpy
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlplab.playground.session.presets import FIRST, PRESETS
from mlplab.spec import Experiment
from mlplab.statistics import percentile_of
from mlplab.training import train
from mlplab.trial import draw

pytestmark = pytest.mark.slow

Go = Callable[..., Any]


def percent(share: float) -> str:
    return f"{100 * share:.2f} %"


def test_a_preset_trains_to_what_the_engine_gives_to_the_last_digit(visit: Go):
    page = visit()
    for title in (FIRST, "1.1  two clouds, batch 16", "more  xor"):
        page.choose(0, title)
        page.wait_for(lambda: page.tiles()["update"] == "0")
        page.play_to_the_end()
        run = train(PRESETS[title], seed=0)[0]
        tiles = page.tiles()
        assert tiles["acc. training"] == percent(run.train_accuracy)
        assert tiles["acc. validation"] == percent(run.history.validation_accuracy[-1])
        assert tiles["acc. test"] == percent(run.test_accuracy)
        assert tiles["loss, test"] == f"{run.test_loss:.4f}"
        assert tiles["epoch"] == str(PRESETS[title].training.epochs)
        assert tiles["update"] == f"{run.updates:,}"


def test_reset_gives_the_same_again_and_another_seed_does_not(visit: Go):
    page = visit()
    page.play_to_the_end()
    first, tiles = page.still_picture(), page.tiles()
    page.press("Reset")
    page.wait_for(lambda: page.tiles()["update"] == "0")
    page.wait_for(lambda: page.picture() != first)
    page.play_to_the_end()
    assert page.tiles() == tiles
    assert page.still_picture() == first
    page.press("New seed")
    page.wait_for(lambda: page.tiles()["update"] == "0")
    page.play_to_the_end()
    assert page.still_picture() != first


def test_a_number_that_is_refused_says_why_where_it_was_changed(visit: Go):
    page = visit()
    page.press("+1 update")
    page.wait_for(lambda: page.tiles()["update"] == "1")
    alerts = page.page.get_by_role("alert")
    # A browser sends numbers from 1e20 on as whole ones, of more digits than a machine's.
    for name, value in (
        ("learning rate", "-1e30"),
        ("epochs", "1" + 25 * "0"),
        ("momentum", "1e25"),
    ):
        field = page.page.get_by_label(name, exact=True).first
        before = field.input_value()
        field.fill(value)
        field.press("Enter")
        page.wait_for(lambda name=name: name in "".join(alerts.all_inner_texts()))
        field.fill(before)
        field.press("Enter")
        page.wait_for(lambda: alerts.count() == 0)
    assert page.tiles()["update"] == "1"  # the running experiment is kept


def test_a_link_restores_the_same_picture_in_a_new_session(visit: Go):
    page = visit()
    page.press("+1 epoch")
    page.press("+1 update")
    page.wait_for(lambda: page.tiles()["update"] == "65")
    page.press("Copy link")
    page.page.wait_for_function("() => window.location.hash.startsWith('#mlplab-1-')")
    page.wait_for(lambda: "the link is in the address line" in page.message())
    fragment = page.page.evaluate("() => window.location.hash")
    other = visit(fragment)
    other.wait_for(lambda: other.tiles()["update"] == "65")
    for where in (".plane-box", ".network", ".inspect-surface"):
        assert other.still_picture(where) == page.still_picture(where), where
    assert other.tiles() == page.tiles()
    for each in (page, other):
        each.press("+1 epoch")
        each.wait_for(lambda each=each: each.tiles()["epoch"] == "2")
    assert other.still_picture() == page.still_picture()


def test_a_broken_link_says_so_and_leaves_a_page_that_works(visit: Go):
    page = visit("#mlplab-1-AAAA")
    page.wait_for(lambda: "the link is damaged" in page.message())
    page.press("+1 update")
    page.wait_for(lambda: page.tiles()["update"] == "1")
    assert page.message() == ""


@pytest.mark.parametrize("by", ["mouse", "finger"])
def test_points_that_are_put_in_train(by: str, visit: Go):
    page = visit(has_touch=by == "finger")
    put = page.page.mouse.click if by == "mouse" else page.page.touchscreen.tap
    page.press("Draw own")
    page.wait_for(lambda: "two classes at least" in page.message())
    page.press("add points")
    box = page.page.locator(".plane-box").bounding_box()
    generator = random.Random(0)
    for label, middle in (("0", 0.3), ("1", 0.7)):
        page.page.locator(".class-choice").select_option(label)
        for _ in range(8):
            put(
                box["x"] + box["width"] * (middle + generator.uniform(-0.1, 0.1)),
                box["y"] + box["height"] * (middle + generator.uniform(-0.1, 0.1)),
            )
            page.page.wait_for_timeout(120)
    page.wait_for(lambda: page.message() == "")
    assert (
        page.page.locator(".head-controls select").nth(0).evaluate("e => e.value") == "own set-up"
    )
    page.play_to_the_end()
    assert page.tiles()["acc. training"] == "100.00 %"
    page.press("remove points")
    page.page.mouse.click(box["x"] + 0.02 * box["width"], box["y"] + 0.5 * box["height"])
    assert page.tiles()["acc. training"] == "100.00 %"  # there was nothing to remove


def test_the_plane_keeps_its_picture_until_the_next(visit: Go):
    page = visit()
    page.page.evaluate(
        """() => {
            const canvas = [...document.querySelectorAll("*")]
                .map((e) => e.shadowRoot?.querySelector(".plane-box canvas"))
                .find(Boolean);
            const middle = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
            window.blank = 0;
            const look = () => {
                middle.clearRect(0, 0, 1, 1);
                middle.drawImage(canvas, canvas.width / 2, canvas.height / 2, 1, 1, 0, 0, 1, 1);
                if (middle.getImageData(0, 0, 1, 1).data[3] === 0) window.blank += 1;
                requestAnimationFrame(look);
            };
            look();
        }"""
    )
    for name in ("New seed", "+1 epoch", "Reset", "Edit these"):
        page.press(name)
        page.page.wait_for_timeout(300)
    assert page.page.evaluate("window.blank") == 0


def test_own_points_are_moved_and_removed_by_mouse(visit: Go):
    page = visit()
    page.press("Draw own")
    page.wait_for(lambda: "two classes at least" in page.message())
    page.press("add points")
    box = page.page.locator(".plane-box").bounding_box()
    mouse = page.page.mouse

    def at(x: float, y: float) -> tuple[float, float]:
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    for label, x in (("0", 0.3), ("1", 0.7)):
        page.page.locator(".class-choice").select_option(label)
        for y in (0.3, 0.5, 0.7):
            mouse.click(*at(x, y))
            page.page.wait_for_timeout(120)
    page.wait_for(lambda: page.message() == "")
    before = page.still_picture()
    page.press("move points")
    mouse.move(*at(0.7, 0.5))
    mouse.down()
    mouse.move(*at(0.5, 0.4))
    page.wait_for(lambda: page.picture() != before)  # it is under way
    mouse.move(*at(0.5, 0.5))
    frame = page.root.get_attribute("data-drawn")
    mouse.up()
    page.wait_for(lambda: page.root.get_attribute("data-drawn") != frame)
    page.press("remove points")
    mouse.click(*at(0.7, 0.5))  # it is there no more
    page.page.wait_for_timeout(300)
    assert page.message() == ""
    mouse.click(*at(0.5, 0.5))
    page.wait_for(lambda: "class 1 needs a point in each" in page.message())


def test_a_csv_trains_and_one_that_is_wrong_says_why(visit: Go, csv: Callable[[str], Path]):
    page = visit()
    page.press("+1 update")
    page.wait_for(lambda: page.tiles()["update"] == "1")
    chooser = page.page.locator("input[type=file]")
    chooser.set_input_files(csv("x1,x2,label\n1,2,a\n1,oops,b\n"))
    alert = page.page.get_by_role("alert").filter(has_text="mine.csv")
    alert.wait_for()
    assert alert.inner_text() == (
        "mine.csv, line 3, column 'x2': expected a number, received 'oops'"
    )
    assert page.tiles()["update"] == "1"
    rows = [f"{i},{i % 3},{'ab'[i % 2]}" for i in range(20)]
    chooser.set_input_files(csv("x1,x2,label\n" + "\n".join(rows) + "\n"))
    page.wait_for(lambda: page.page.locator(".legend").inner_text().split() == ["a", "b"])
    page.press("+1 epoch")
    page.wait_for(lambda: page.tiles()["epoch"] == "1")


def test_a_number_out_of_range_is_refused_beside_its_field_and_training_goes_on(visit: Go):
    page = visit()
    page.press("▶  Play")
    field = page.page.get_by_label("sigma").first
    field.fill("-1")
    field.press("Enter")
    alert = page.page.get_by_role("alert").filter(has_text="sigma")
    alert.wait_for()
    assert "greater than or equal to 0" in alert.inner_text()
    before = int(page.tiles()["update"].replace(",", ""))
    page.wait_for(lambda: int(page.tiles()["update"].replace(",", "")) > before)
    field.fill("0.2")
    field.press("Enter")
    alert.wait_for(state="hidden")


def test_learning_rate_takes_effect_in_flight_and_neurons_begin_anew(visit: Go):
    page = visit()
    page.press("+1 epoch")
    page.wait_for(lambda: page.tiles()["update"] == "64")
    field = page.page.get_by_label("learning rate", exact=True)
    field.fill("0")
    field.press("Enter")
    accuracy = page.tiles()["acc. test"]
    page.page.wait_for_timeout(300)
    page.press("+1 epoch")
    page.wait_for(lambda: page.tiles()["update"] == "128")
    assert page.tiles()["acc. test"] == accuracy
    page.page.get_by_role("button", name="a neuron more in hidden layer 1").click()
    page.wait_for(lambda: page.tiles()["update"] == "0")
    page.page.get_by_role("button", name="a hidden layer more").click()
    page.wait_for(lambda: page.page.locator(".layer-control").count() == 2)
    assert page.page.locator(".layer-control .count").all_inner_texts() == ["6", "6"]


def test_each_layer_may_have_an_activation_of_its_own(visit: Go):
    page = visit()
    page.page.get_by_role("button", name="a hidden layer more").click()
    page.wait_for(lambda: page.page.locator(".layer-control").count() == 2)
    menu = page.page.get_by_label("activation of the hidden layers")
    menu.select_option(label="one for each layer")
    page.page.get_by_label("layer 2", exact=True).select_option(label="tanh")
    page.page.get_by_role("button", name="a hidden layer more").click()
    page.wait_for(lambda: page.page.get_by_label("layer 3", exact=True).count() == 1)
    page.press("+1 epoch")
    page.wait_for(lambda: page.tiles()["epoch"] == "1")
    described = PRESETS[FIRST].model_dump()
    described["network"] |= {"hidden_layers": 3, "activation": ("relu", "tanh", "tanh")}
    described["training"] |= {"epochs": 1}
    run = train(Experiment(**described), seed=0)[0]
    page.wait_for(lambda: page.tiles()["acc. test"] == percent(run.test_accuracy))
    assert page.tiles()["loss, test"] == f"{run.test_loss:.4f}"
    menu.select_option(label="relu")
    page.wait_for(lambda: page.page.get_by_label("layer 1", exact=True).count() == 0)


def test_the_time_line_goes_back_and_to_the_present(visit: Go):
    page = visit()
    before = page.still_picture()
    page.play_to_the_end()
    end = page.still_picture()
    scrub = page.page.locator("input[type=range]")
    scrub.fill("0")
    page.wait_for(lambda: "looking back: update 0 of 1,280" in page.status())
    page.wait_for(lambda: page.picture() == before)
    page.press("back to the present")
    page.wait_for(lambda: page.picture() == end)


def test_every_look_inside_paints(visit: Go):
    page = visit()
    page.press("+1 epoch")
    page.wait_for(lambda: page.tiles()["epoch"] == "1")
    pictures = {page.still_picture(".inspect-surface")}  # the confusion matrix
    for name in ("Hidden space", "Weights"):
        page.page.get_by_role("tab", name=name).click()
        page.wait_for(lambda: page.picture(".inspect-surface") not in pictures)
        pictures.add(page.still_picture(".inspect-surface"))
    assert len(pictures) == 3


def test_a_hundred_more_say_how_usual_this_run_is(visit: Go):
    page = visit()
    page.play_to_the_end()
    page.page.get_by_role("tab", name="Many runs").click()
    page.press("train the same set-up from a hundred fresh draws")
    verdict = page.page.locator(".verdict")
    page.wait_for(lambda: "percentile" in verdict.inner_text(), 60)
    runs = train(PRESETS[FIRST], 100, seed=1)
    mine = train(PRESETS[FIRST], seed=0)[0].test_accuracy
    percentile = percentile_of(mine, runs.test_accuracy, rounding=0)
    assert verdict.inner_text().startswith(f"This run is at percentile {percentile:.0f}: ")
    page.press("Reset")  # of a run that is not yet trained, no verdict
    page.wait_for(lambda: verdict.inner_text().startswith("After 0 of 20 epochs, this run is at"))


def test_a_bias_by_hand_moves_the_regions(visit: Go):
    page = visit()
    before, accuracy = page.picture(), page.tiles()["acc. test"]
    page.page.locator(".layers-control").get_by_role("button", name="a hidden layer less").click()
    page.wait_for(lambda: page.picture() != before)
    before = page.still_picture()
    box = page.page.locator(".network").bounding_box()
    # The upper output stands right of the middle, a little above it.
    page.page.mouse.click(box["x"] + 0.745 * box["width"], box["y"] + 0.46 * box["height"])
    field = page.page.get_by_label("weight or bias by hand")
    field.wait_for()
    assert "bias of output 0" in page.page.locator(".editor").inner_text()
    field.fill("50")
    field.press("Enter")
    page.wait_for(lambda: page.picture() != before)
    page.wait_for(lambda: page.tiles()["acc. test"] == "50.00 %")
    assert accuracy != "50.00 %"
    assert page.status() == "weights by hand"


def test_an_experiment_from_a_file_and_one_that_is_wrong(visit: Go, tmp_path: Path):
    page = visit()
    chooser = page.page.locator("input[type=file]")
    path = tmp_path / "mine.toml"
    path.write_text("[dataset]\nkind = 'moon'\n")
    chooser.set_input_files(path)
    page.page.get_by_role("alert").filter(has_text="did you mean 'moons'?").wait_for()
    path.write_text(PRESETS["more  xor"].to_toml())
    chooser.set_input_files(path)
    preset = page.page.locator(".head-controls select").nth(0)
    page.wait_for(lambda: preset.evaluate("e => e.value") == "more  xor")


def test_everything_is_downloaded(visit: Go, tmp_path: Path):
    page = visit()
    page.press("+1 epoch")
    page.wait_for(lambda: page.tiles()["epoch"] == "1")
    with page.page.expect_download() as download:
        page.page.get_by_text("Download mlplab.zip").click()
    download.value.save_as(tmp_path / "all.zip")
    archive = zipfile.ZipFile(tmp_path / "all.zip")
    assert {"experiment.toml", "network_keras.py", "session.txt"} <= set(archive.namelist())
    # The program that is handed out answers as the page says.
    program = runpy.run_path(archive.extract("network_numpy.py", tmp_path))
    test = draw(PRESETS[FIRST], seed=0).dataset.test
    right = program["feedforward"](test.x).argmax(axis=1) == test.y
    assert page.tiles()["acc. test"] == percent(right.mean())
