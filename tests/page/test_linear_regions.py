"""Linear regions in the page: as many as `exact` finds, drawn over the plane, or a sentence."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from tests.page.visit import LAB, Visit

import mlplab
from mlplab.boundary import Extent, exact
from mlplab.playground.presets import PRESETS

pytestmark = pytest.mark.slow

RINGS = LAB["1.2"]


def square_of(experiment: mlplab.Experiment) -> Extent:
    """The square of the plane that the page shows: all points, and a margin of 6 % on each side."""
    dataset = mlplab.draw(experiment, 0).dataset
    points = np.concatenate(
        [split.x for split in (dataset.train, dataset.validation, dataset.test)]
    )
    low, high = points.min(axis=0).astype(float), points.max(axis=0).astype(float)
    half, middle = 0.56 * (high - low).max(), (low + high) / 2
    return Extent(middle[0] - half, middle[0] + half, middle[1] - half, middle[1] + half)


def test_they_are_those_that_exact_finds(visit: Callable[..., Visit]) -> None:
    v = visit()
    v.choose("preset", RINGS)
    v.wait_for_tile("update", "0")
    v.page.get_by_label("linear regions").check()
    v.play_to_the_end()
    experiment = PRESETS[RINGS]
    found = exact(mlplab.train(experiment, seed=0)[0], square_of(experiment))
    said = (
        f"{found.region_count} linear regions; decision boundary {found.boundary_length:.3g} long"
    )
    v.wait_for(".regions-said", said)


def test_they_are_drawn_and_can_be_left_out(visit: Callable[..., Visit]) -> None:
    v = visit()
    v.choose("preset", RINGS)
    v.wait_for_tile("update", "0")
    plane = v.page.locator(".plane canvas")
    without = plane.screenshot()
    box = v.page.get_by_label("linear regions")
    box.check()
    v.wait_for(".regions-said", "linear region")
    v.page.mouse.move(0, 0)
    assert plane.screenshot() != without
    box.uncheck()
    v.page.locator(".regions-said").wait_for(state="detached")
    v.page.mouse.move(0, 0)
    assert plane.screenshot() == without


def test_where_there_are_none_a_sentence_says_why(visit: Callable[..., Visit]) -> None:
    v = visit()
    v.choose("preset", RINGS)
    v.page.get_by_label("linear regions").check()
    v.choose("activation", "tanh")
    v.wait_for(".regions-said", "with tanh it has none")
