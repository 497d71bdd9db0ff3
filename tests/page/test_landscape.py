"""The loss landscape in the page: its numbers are Python's, and it waits for nobody."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from tests.page.visit import LAB, Visit, expect

from mlplab.engine import Stepper
from mlplab.explain import Landscape, landscape
from mlplab.report import EXPERIMENTS

pytestmark = pytest.mark.slow

ROUNDING = 2e-5
"""Relative: the page writes six digits, and a weight may be rounded to the other side."""


def _open(v: Visit) -> None:
    v.page.get_by_role("tab", name="Loss", exact=True).click()


def _wait_until_done(v: Visit) -> None:
    v.wait_for(".loss-tab [role=status]", "49 × 49 networks.")


def _said(v: Visit) -> str:
    return v.page.locator(".loss-tab").inner_text().replace("−", "-")


def _probe(v: Visit, keys: str) -> tuple[float, float, float]:
    """Point with some keys, and read x, y and the loss there."""
    canvas = v.page.locator(".landscape canvas")
    for key in keys.split():
        canvas.press(f"Arrow{key}")
    text = v.page.locator(".loss-tab .probe").inner_text().replace("−", "-")
    found = re.fullmatch(r"x (\S+), y (\S+): loss (\S+)", text)
    assert found is not None, text
    x, y, loss = map(float, found.groups())
    return x, y, loss


def _through(v: Visit) -> list[int]:
    """The updates after which the plane meets the path."""
    met = re.search(r"weights after ([\d,]+), ([\d,]+) and ([\d,]+) updates", _said(v))
    assert met is not None
    return [int(number.replace(",", "")) for number in met.groups()]


def _loss_at(found: Landscape, x: float, y: float) -> float:
    return Stepper(found.trial).scores("train", found.network(x, y))[0]


def test_the_path_lies_on_the_plane_that_python_lays_through_the_same_points(
    visit: Callable[..., Visit],
) -> None:
    v = visit()
    v.choose("preset", LAB["1.2"])
    _open(v)
    v.wait_for(".loss-tab [role=status]", "Train the network")
    v.play_to_the_end()
    _wait_until_done(v)
    through = _through(v)
    assert through[::2] == [0, 1280]
    found = landscape(EXPERIMENTS["1.2-relu"], seed=0, through=through, grid=2)
    for keys in ("Right", "Up Up Left Left Left", "Down Down Down Down Right Right"):
        x, y, loss = _probe(v, keys)
        assert loss == pytest.approx(_loss_at(found, x, y), rel=10 * ROUNDING)
    variance = re.search(r"(\d+\.\d) % of its variance", _said(v))
    assert variance is not None
    # The page's path has other points than Python's, but it is the same path.
    assert float(variance[1]) == pytest.approx(100 * found.variance_fraction[0], abs=1)


@pytest.mark.parametrize("plane", ["principal", "random"])
def test_the_other_planes_have_the_losses_of_python(
    visit: Callable[..., Visit], plane: str
) -> None:
    v = visit()
    v.choose("preset", LAB["1.2"])
    _open(v)
    v.play_to_the_end()
    _wait_until_done(v)
    v.press(plane.capitalize())
    v.wait_for(".loss-tab", "This plane goes through the end")
    _wait_until_done(v)
    found = landscape(EXPERIMENTS["1.2-relu"], seed=0, plane=plane, grid=49)  # type: ignore[arg-type]
    if plane == "random":
        low, high = (f"{float(f'{end(found.loss.ravel()):.3g}'):g}" for end in (min, max))
        assert f"the training loss is from {low} to {high}." in _said(v)
        fractions = 100 * found.length_fraction[0], 100 * found.variance_fraction[0]
        x, y, loss = _probe(v, "Right Right Up")
        assert (x, y) == pytest.approx((2 / 24, 1 / 24), rel=ROUNDING)
        assert loss == pytest.approx(found.loss[25, 26], rel=10 * ROUNDING)
        held = re.search(r"lie (\S+) % of the path's length and (\S+) % of its", _said(v))
        assert held is not None
        assert tuple(map(float, held.groups())) == pytest.approx(fractions, abs=2)
    else:
        # Of a path with a few other points, principal directions are a little different.
        variance = re.search(r"(\d+\.\d) % of its variance", _said(v))
        assert variance is not None
        assert float(variance[1]) == pytest.approx(100 * found.variance_fraction[0], abs=1)
        assert _probe(v, "Right Up")[2] > found.end_loss[0] / 2


def test_it_is_drawn_while_the_page_goes_on(visit: Callable[..., Visit]) -> None:
    v = visit()
    v.choose("preset", LAB["1.3"])
    v.page.get_by_label("layer width", exact=True).fill("24")
    v.press("+1 epoch")
    expect(v.page.locator(".tile dd").first).to_have_text("1")
    _open(v)
    v.wait_for(".loss-tab [role=status]", "networks so far")
    v.press("+1 epoch")
    expect(v.page.locator(".tile dd").first).to_have_text("2")
    v.wait_for(".loss-tab [role=status]", "The training has gone on since", seconds=120)
    v.press("New seed")
    v.wait_for(".loss-tab [role=status]", "Train the network")
    expect(v.page.locator(".landscape")).to_have_count(0)


def test_penalties_are_added_where_they_are_wanted(visit: Callable[..., Visit]) -> None:
    v = visit()
    v.choose("preset", LAB["1.2"])
    v.choose("kernel regularizer", "l2")
    _open(v)
    v.press("+1 epoch")
    _wait_until_done(v)
    experiment = EXPERIMENTS["1.2-relu"].varied({"network.kernel_regularizer": "l2"})
    found = landscape(experiment, seed=0, through=_through(v), grid=2)
    x, y, without = _probe(v, "Right Up")
    probe = v.page.locator(".loss-tab .probe")
    said = probe.inner_text()
    v.page.get_by_role("checkbox", name="with penalty").check()
    expect(probe).not_to_have_text(said)
    text = probe.inner_text()
    weights, _ = found.network(x, y)
    penalty = experiment.network.kernel_regularizer.of_layers(weights)  # type: ignore[union-attr]
    assert without == pytest.approx(_loss_at(found, x, y), rel=10 * ROUNDING)
    assert float(text.split("loss ")[1]) == pytest.approx(without + penalty, rel=10 * ROUNDING)
    assert "training loss with penalty" in _said(v)


def test_what_has_no_landscape_says_why(visit: Callable[..., Visit]) -> None:
    v = visit()
    v.choose("preset", LAB["1.2"])
    _open(v)
    v.press("+1 update")
    v.wait_for(".loss-tab [role=status]", "A plane through the path needs three points")
    v.page.get_by_label("learning rate", exact=True).fill("1e38")
    v.page.keyboard.press("Enter")
    v.press("+1 epoch")
    v.wait_for(".loss-tab [role=status]", "diverged")


def test_a_hundred_from_one_start_end_as_in_python(visit: Callable[..., Visit]) -> None:
    v = visit()
    v.choose("preset", LAB["1.2"])
    _open(v)
    v.play_to_the_end()
    _wait_until_done(v)
    v.page.get_by_role("checkbox", name="a hundred from this start").check()
    v.press("Principal")
    v.wait_for(".loss-tab [role=status]", "of 99 other runs")
    v.wait_for(".loss-tab", "This plane goes through the mean of the ends", seconds=120)
    found = landscape(EXPERIMENTS["1.2-relu"], seed=0, replications=100, plane="principal", grid=2)
    losses = found.end_loss
    said = _said(v)
    for value in (losses.min(), np.median(losses), losses.max()):
        assert f"{float(f'{value:.6g}'):g}"[:8] in said
    assert "100 runs from the same initial weights" in said
    # Changed on its way, it has no others.
    v.page.get_by_label("learning rate", exact=True).fill("0.5")
    v.page.keyboard.press("Enter")
    expect(v.page.get_by_role("checkbox", name="a hundred from this start")).to_be_disabled()
