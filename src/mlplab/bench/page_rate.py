"""How fast the playground is as a user has it: the page in Chromium, without a network."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Literal

from mlplab.bench.verdict import GoalVerdict
from mlplab.playground.page import page_text

IN_CHROMIUM = "page"
"""What is left out where there is no Chromium, or no Playwright."""

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")

TITLES = {
    "1.1": "1.1  two clouds, batch 16",
    "1.2": "1.2  two rings, relu",
    "1.3": "1.3  five rings, momentum",
}
"""What the page's menu calls the experiments that are measured."""

WATCHED = 3.0
"""Seconds for which frames are counted."""

FIRST_PICTURE = """() => new Promise((done) => {
  const look = () =>
    document.querySelector(".tile-test dd")?.textContent.includes("%")
      ? done(performance.now() / 1000)
      : requestAnimationFrame(look);
  look();
})"""
"""Seconds from the begin of the navigation to the first scores."""

FRAMES = """(seconds) => new Promise((done) => {
  let frames = 0;
  const began = performance.now();
  const tiles = document.querySelector(".tiles");
  new MutationObserver(() => (frames += 1)).observe(tiles, { characterData: true, subtree: true });
  setTimeout(() => done((1000 * frames) / (performance.now() - began)), 1000 * seconds);
})"""
"""How often in a second the scores on the page are others: each is drawn with plane and network."""

RUNS = """(wanted) => new Promise((done) => {
  const began = performance.now();
  document.querySelector(".runs .row button").click();
  const look = () =>
    Number.parseInt(document.querySelector(".runs [role=status]")?.textContent ?? "") >= wanted
      ? done((performance.now() - began) / 1000)
      : requestAnimationFrame(look);
  look();
})"""
"""Seconds from the click until so many runs are trained and shown."""


@dataclass(frozen=True)
class PageFigure:
    """A figure of the page.

    Attributes
    ----------
    what : str
    values : tuple of float
        One of each round.
    goal : float
        For the median.
    sense : "least" or "most"
        What the goal is.
    """

    what: str
    values: tuple[float, ...]
    goal: float
    sense: Literal["least", "most"]

    @property
    def verdict(self) -> GoalVerdict:
        """Whether the median reaches the goal."""
        return GoalVerdict(self.what, median(self.values), self.goal, self.sense)


@dataclass(frozen=True)
class PageRate:
    """All that was measured in Chromium.

    Attributes
    ----------
    browser : str
        Its version.
    figures : tuple of PageFigure
    """

    browser: str
    figures: tuple[PageFigure, ...]

    def as_json(self) -> dict[str, Any]:
        """Return all that was measured."""
        return asdict(self)


Measurement = tuple[str, Callable[[Any], float], float, Literal["least", "most"]]

MEASUREMENTS: tuple[Measurement, ...] = (
    ("first picture, seconds", lambda page: page.evaluate(FIRST_PICTURE), 1.0, "most"),
    ("1.2: frames a second while it trains", lambda page: _frames(page, "1.2"), 30.0, "least"),
    ("1.3: frames a second while it trains", lambda page: _frames(page, "1.3"), 30.0, "least"),
    ("1.1: a hundred runs, seconds", lambda page: _runs(page, "1.1", 100), 0.4, "most"),
    ("1.2: a hundred runs, seconds", lambda page: _runs(page, "1.2", 100), 1.0, "most"),
    ("1.3: ten of a hundred runs, seconds", lambda page: _runs(page, "1.3", 10), 10.0, "most"),
)
"""What is measured, how, its goal and which way: each on a page that has just been opened."""


def missing_for_page() -> str | None:
    """Return why nothing can be measured in Chromium; None if something can."""
    if find_spec("playwright") is None:
        return "Playwright is not installed"
    return None if _program() else f"none of {', '.join(PROGRAMS)} is installed"


def measure_page(rounds: int, on_step: Callable[[], None] = lambda: None) -> PageRate:
    """Measure each figure in some rounds, in turns.

    Parameters
    ----------
    rounds : int
    on_step : callable
        Called after each measurement.
    """
    from playwright.sync_api import sync_playwright

    values: dict[str, list[float]] = {what: [] for what, *_ in MEASUREMENTS}
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "page.html"
        file.write_text(page_text(), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=_program(), args=["--no-sandbox"])
        for _ in range(rounds):
            for what, measure, *_ in MEASUREMENTS:
                with _opened(browser, file) as page:
                    values[what].append(measure(page))
                on_step()
        version = browser.version
        browser.close()
    return PageRate(
        version,
        tuple(
            PageFigure(what, tuple(values[what]), goal, sense)
            for what, _, goal, sense in MEASUREMENTS
        ),
    )


@contextmanager
def _opened(browser: Any, file: Path) -> Iterator[Any]:
    """Open the page from a file, as a new visitor without a network."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
    page = context.new_page()
    page.goto(file.as_uri(), wait_until="commit")
    yield page
    context.close()


def _frames(page: Any, task: str) -> float:
    _choose(page, task)
    page.get_by_role("button", name="Play").click()
    return float(page.evaluate(FRAMES, WATCHED))


def _runs(page: Any, task: str, wanted: int) -> float:
    _choose(page, task)
    page.get_by_role("tab", name="Runs").click()
    page.wait_for_selector(".runs .row button")
    return float(page.evaluate(RUNS, wanted))


def _choose(page: Any, task: str) -> None:
    page.evaluate(FIRST_PICTURE)
    page.get_by_label("preset", exact=True).select_option(TITLES[task])


def _program() -> str | None:
    found = (shutil.which(name) for name in PROGRAMS)
    return next(filter(None, found), None)
