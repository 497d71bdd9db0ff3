"""Many runs in the page are the engine's, and what is said of them is what Python says."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.page.test_own_points import Points
from tests.page.visit import BUILT, LAB, Visit, expect

import mlplab
from mlplab.report import EXPERIMENTS
from mlplab.statistics import compare_runs, count_failures, interquartile_mean, percentile_of

pytestmark = pytest.mark.slow


@pytest.fixture
def visit(browser: Any, tmp_path: Path) -> Iterator[Points]:
    """The page, opened from a folder in which there is nothing else, with its runs to be seen."""
    file = tmp_path / "page.html"
    shutil.copyfile(BUILT, file)
    opened = Points(browser, file)
    opened.page.get_by_role("tab", name="Runs").click()
    yield opened
    opened.close()


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.2f} %"


def _set(v: Visit, label: str, text: str) -> None:
    field = v.page.get_by_label(label, exact=True)
    field.fill(text)
    field.press("Enter")


def test_a_hundred_are_those_of_the_engine_and_one_can_be_set_up(visit: Visit) -> None:
    v, experiment = visit, EXPERIMENTS["1.2-relu"]
    v.choose("preset", LAB["1.2"])
    v.play_to_the_end()
    v.press("Train a hundred")
    v.wait_for(".runs", "100 of 100 runs")
    runs = mlplab.train(experiment, replications=100, seed=1)
    middle, failed = interquartile_mean(runs.test_accuracy), count_failures(runs)
    assert middle is not None
    v.wait_for(".runs", "Mean of the middle half")
    said = v.page.locator(".runs").inner_text()
    assert f"median {_percent(float(np.median(runs.test_accuracy)))}" in said
    assert f"Mean of the middle half (the mark below the dots): {_percent(middle.value)}" in said
    assert f"(95 % interval {100 * middle.low:.2f} to {100 * middle.high:.2f})" in said
    low, high = 100 * failed.fraction.low, 100 * failed.fraction.high
    assert f"Failed: {failed.stuck} stuck, {failed.diverged} diverged, of 100" in said
    assert f"(95 % interval {low:.1f} to {high:.1f} %)" in said
    mine = mlplab.train(experiment, seed=0)[0].test_accuracy
    percentile = percentile_of(mine, runs.test_accuracy, 0.0)
    assert f"percentile {percentile:g}, usual" in said
    v.page.get_by_text("All runs").click()
    row = v.page.locator(".all-runs tr").filter(has=v.page.get_by_label("set up seed 17"))
    run = runs[16]
    assert row.inner_text().split("\t") == ["17", _percent(run.test_accuracy), run.ending]
    v.page.get_by_label("set up seed 17").press("Enter")
    v.wait_for(".standing", "This run is one of the hundred")
    v.wait_for_tile("update", "0")
    v.wait_for_value("seed", "17")


def test_a_run_that_was_changed_is_not_compared_and_its_set_up_is(visit: Visit) -> None:
    v, a = visit, EXPERIMENTS["1.1-batch-16"]
    b = a.varied({"training.optimizer.learning_rate": 0.02})
    v.choose("preset", LAB["1.1"])
    v.press("Train a hundred")
    v.wait_for(".runs", "100 of 100 runs")
    v.press("Compare")
    v.press("Keep as A")
    v.wait_for(".runs", "A is this set-up")
    assert v.page.get_by_role("button", name="Compare with A").is_disabled()
    v.press("+1 epoch")
    v.wait_for_tile("epoch", "1")
    _set(v, "learning rate", "0.02")
    v.wait_for(".runs", "From A to this set-up: learning rate 1 → 0.02.")
    v.wait_for(".runs", "The comparison trains the set-up as it is now, from the first update")
    v.press("Compare with A")
    v.wait_for(".standing", "B is worse than A")
    runs_b, runs_a = (mlplab.train(each, replications=100, seed=1) for each in (b, a))
    found = compare_runs(runs_b, runs_a)
    assert v.page.locator(".standing").inner_text() == found.headline("B", "A") + "."
    assert v.page.locator(".clauses li").all_inner_texts() == list(found.clauses("B", "A"))
    v.press("A hundred")
    v.wait_for(".standing", "learning rate 1 → 0.02): this run is not compared")
    v.press("Compare")
    v.press("Set up A")
    v.wait_for_tile("update", "0")
    v.wait_for_value("learning rate", "1")


def test_own_points_have_one_split_and_their_verdict_says_so(visit: Points, tmp_path: Path) -> None:
    v, rng = visit, np.random.default_rng(5)
    rows = [
        f"{x:.3f},{y:.3f},{int(x * y > 0)},{('train', 'validation', 'test')[i % 3]}"
        for i, (x, y) in enumerate(rng.normal(size=(90, 2)))
    ]
    path = tmp_path / "points.csv"
    path.write_text("\n".join(["x1,x2,label,split", *rows]))
    v.choose("preset", LAB["1.2"])
    v.drop("points.csv", path.read_text())
    v.wait_for_tile("update", "0")
    v.press("Compare")
    v.press("Keep as A")
    _set(v, "batch size", "1")
    v.press("Compare with A")
    v.wait_for(".runs", "200 of 200 runs")
    a = EXPERIMENTS["1.2-relu"].varied({"dataset": {"kind": "file", "path": str(path)}})
    b = a.varied({"training.batch_size": 1})
    runs_b, runs_a = (mlplab.train(each, replications=100, seed=1) for each in (b, a))
    found = compare_runs(runs_b, runs_a)
    expect(v.page.locator(".standing")).to_have_text(found.headline("B", "A") + ".")
    assert v.page.locator(".clauses li").all_inner_texts() == list(found.clauses("B", "A"))
    assert found.one_split
    failed = count_failures(runs_a)
    a_side = v.page.get_by_role("region", name="A", exact=True)
    assert f"Failed: {failed.stuck} stuck, {failed.diverged} diverged" in a_side.inner_text()


def test_the_cells_of_a_map_are_those_of_the_engine_and_can_be_set_up(visit: Visit) -> None:
    v, experiment = visit, EXPERIMENTS["1.1-batch-16"]
    v.choose("preset", LAB["1.1"])
    v.press("Map")
    v.choose("upwards", "training.epochs")
    v.press("Train the map")
    v.wait_for(".runs", "400 of 400 runs")
    wanted = []
    for epochs in (16, 8, 4, 2, 1):
        for batch_size in (1, 4, 16, 64, 256):
            there = experiment.varied(
                {"training.epochs": epochs, "training.batch_size": batch_size}
            )
            runs = mlplab.train(there, replications=16, seed=1)
            failed = count_failures(runs)
            stuck = f"{failed.stuck} stuck" if failed.stuck else ""
            wanted.append(f"{100 * np.median(runs.test_accuracy):.1f}{stuck}")
    cells = v.page.locator(".map-cell")
    assert [text.replace("\n", "") for text in cells.all_inner_texts()] == wanted
    current = v.page.locator(".map-cell[aria-current=true]")
    assert current.get_attribute("aria-label").startswith("batch size 16, epochs 4: median")
    current.focus()
    v.page.keyboard.press("ArrowUp")
    v.page.keyboard.press("ArrowRight")
    v.page.keyboard.press("Enter")
    expect = pytest.importorskip("playwright.sync_api").expect
    expect(v.page.get_by_label("epochs", exact=True)).to_have_value("8")
    expect(v.page.get_by_label("batch size", exact=True)).to_have_value("64")
    v.wait_for(".map-cell[aria-current=true]", wanted[8])
    v.wait_for_tile("update", "0")


def test_a_study_is_stopped_by_its_button_and_by_another_one(visit: Visit) -> None:
    v = visit
    v.choose("preset", LAB["1.3"])
    v.press("Train a hundred")
    v.press("Stop")
    v.wait_for(".runs", "0 of 100 runs, stopped")
    v.press("Compare")
    v.press("Keep as A")
    _set(v, "batch size", "64")
    v.press("Compare with A")
    v.press("A hundred")
    v.press("Train a hundred")
    v.wait_for(".message", "The comparison was stopped: one study is trained at a time.")
    v.press("Compare")
    v.wait_for(".standing", "Not all runs are trained: no verdict")
    v.press("A hundred …")
    v.press("Stop")


def test_the_runs_tried_can_be_gone_back_to_compared_and_saved(visit: Visit) -> None:
    v, experiment = visit, EXPERIMENTS["1.1-batch-16"]
    v.choose("preset", LAB["1.1"])
    v.press("Tried")
    v.wait_for(".runs", "Each training of this visit has a line here")
    v.play_to_the_end()
    _set(v, "batch size", "64")
    v.press("Reset")
    v.play_to_the_end()
    v.press("New seed")
    v.play_to_the_end()
    runs = [
        mlplab.train(experiment, seed=0)[0],
        *mlplab.train(experiment.varied({"training.batch_size": 64}), replications=2, seed=0),
    ]
    v.wait_for(".tried tbody tr:first-child", "the seed alone")
    rows = [row.split("\t")[1:] for row in v.page.locator(".tried tbody tr").all_inner_texts()]
    said = ["the seed alone", "batch size 16 → 64", "the first run"]
    for row, differs, run in zip(rows, said, reversed(runs), strict=True):
        # The first run's batch size was changed after its end, which is no change on its way.
        assert row[0].strip().startswith(differs)
        assert row[1:4] == [
            str(run.seed),
            _percent(run.test_accuracy),
            _percent(run.train_accuracy),
        ]
    with v.page.expect_download() as download:
        v.press("Save as CSV")
    text = Path(download.value.path()).read_text(encoding="utf-8")
    table = list(csv.DictReader(text.splitlines()))
    assert [row["seed"] for row in table] == ["0", "0", "1"]
    assert [row["training.batch_size"] for row in table] == ["16", "64", "64"]
    accuracies = [run.test_accuracy for run in runs]
    assert [float(row["test_metric"]) for row in table] == pytest.approx(accuracies, abs=1e-7)
    v.press("keep run 2 as A")
    v.choose("what differs is told", "kept")
    v.wait_for(".tried tbody tr:last-child", "batch size 64 → 16")
    v.press("set up run 1")
    v.wait_for_tile("update", "0")
    v.wait_for_value("batch size", "16")
    v.press("Compare")
    v.wait_for(".runs", "From A to this set-up: batch size 64 → 16.")
