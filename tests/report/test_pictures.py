"""The report's pictures: drawn once each, and each of them shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure
from PIL import Image

import mlplab.report.pictures
from mlplab.report.document import compose
from mlplab.report.elements import Picture
from mlplab.report.pictures import pictures
from mlplab.report.reproduction import Reproduction

LAB = {
    1: "wanted-boundary",
    2: "classifier-1.1-batch-16",
    3: "classifier-1.1-batch-512",
    4: "classifier-1.2-linear",
    5: "classifier-1.2-sigmoid",
    6: "classifier-1.2-relu",
    7: "classifier-1.3",
    8: "curves-1.3",
    9: "classifier-1.4",
    10: "curves-1.4",
    11: "classifier-2",
    12: "classifier-3-eq11",
    13: "classifier-3-eq12",
}
"""The source's figures by number."""

MORE = {
    "agreement-1.2-relu",
    "agreement-1.3",
    "agreement-1.4",
    "classifier-1.1-batch-16-sigma-0.1",
    "classifier-1.1-batch-512-sigma-0.1",
    "regions-1.2-relu",
    "regions-1.4",
    "spread-1.1",
    "spread-1.2",
    "spread-1.3",
    "spread-1.4",
}


@pytest.fixture
def _undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the drawing itself, of which the figures' tests take care."""
    for name in (
        "_keras_classifier",
        "classifier_figure",
        "curves_figure",
        "linear_regions_figure",
        "spread_figure",
        "wanted_boundary_figure",
    ):
        monkeypatch.setattr(mlplab.report.pictures, name, lambda *_: Figure())


def shown(reproduction: Reproduction) -> list[str]:
    return [block.name for block in compose(reproduction) if isinstance(block, Picture)]


@pytest.mark.usefixtures("_undrawn")
@pytest.mark.parametrize("which", ["usual", "by_hand", "small"])
def test_what_is_drawn_is_shown_and_what_is_shown_is_drawn(
    which: str, request: pytest.FixtureRequest
) -> None:
    reproduction = request.getfixturevalue(which)
    drawn = [name for name, _ in pictures(reproduction)]
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == set(shown(reproduction))


@pytest.mark.usefixtures("_undrawn")
def test_the_whole_lab_has_the_sources_figures_and_the_replications(usual: Reproduction) -> None:
    assert {name for name, _ in pictures(usual)} == set(LAB.values()) | MORE


@pytest.mark.parametrize("number", LAB)
def test_a_figure_of_the_source_says_which_it_is(usual: Reproduction, number: int) -> None:
    captions = {b.name: b.caption for b in compose(usual) if isinstance(b, Picture)}
    assert f"(figure {number} of the source)" in captions[LAB[number]]


def test_pictures_are_written_as_png_and_svg(pictures_by_hand: Path) -> None:
    expected = {
        f"{name}.{kind}"
        for name in ("wanted-boundary", "classifier-3-eq11", "classifier-3-eq12")
        for kind in ("png", "svg")
    }
    assert {path.name for path in pictures_by_hand.iterdir()} == expected
    for path in pictures_by_hand.glob("*.png"):
        with Image.open(path) as picture:
            # Legible in print: at least 250 dots an inch on half a column of an A4 page.
            assert picture.width >= 700
            assert len(picture.convert("RGB").resize((64, 64)).getcolors(4096) or []) > 20


def test_a_spread_has_every_replication_and_the_two_single_numbers(
    small: Reproduction, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def ask(groups: Any) -> Figure:
        asked.append(groups)
        return Figure()

    for name in ("_keras_classifier", "classifier_figure", "wanted_boundary_figure"):
        monkeypatch.setattr(mlplab.report.pictures, name, lambda *_: Figure())
    monkeypatch.setattr(mlplab.report.pictures, "spread_figure", ask)
    list(pictures(small))
    tasks = {
        id: replace(task, keras=replace(task.keras, ending="diverged"))
        for id, task in small.tasks.items()
    }
    list(pictures(replace(small, tasks=tasks)))
    groups, without_keras = asked
    assert {group.keras for group in without_keras} == {None}
    for group, task in zip(groups, small.tasks.values(), strict=True):
        assert group.label == task.id
        assert group.values.tolist() == task.replicated.test_accuracy.tolist()
        assert group.published == task.published.test_accuracy
        assert group.keras == task.keras.test_accuracy
