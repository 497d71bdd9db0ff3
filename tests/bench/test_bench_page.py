"""The page in the bench: what is measured in Chromium, and how it is told."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mlplab.bench import Settings, run_bench, tasks
from mlplab.bench.page_rate import (
    MEASUREMENTS,
    PageFigure,
    PageRate,
    measure_page,
    missing_for_page,
)
from mlplab.bench.page_table import page_table
from mlplab.bench.report import as_markdown
from mlplab.bench.tables import left_out_sentences

SETTINGS = Settings(rounds=2, threads=1, quick=True, parts=("page",))

FOUND = PageRate(
    "153.0",
    (
        PageFigure("first picture, seconds", (0.5, 2.0, 0.7), 1.0, "most"),
        PageFigure("1.3: frames a second while it trains", (20.0, 28.0, 31.0), 30.0, "least"),
    ),
)


def test_the_median_of_the_rounds_is_held_to_the_goal() -> None:
    table = page_table(FOUND)
    assert table.title == "The page in Chromium 153.0"
    assert table.rows == (
        ("first picture, seconds", "0.700", "0.500 to 2.00", "≤ 1", "reached"),
        ("1.3: frames a second while it trains", "28.0", "20.0 to 31.0", "≥ 30", "missed"),
    )


def test_it_stands_in_record_and_report(fake_bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlplab.bench.run.measure_page", lambda rounds, on_step: FOUND)
    record = run_bench(SETTINGS, [])
    assert [verdict.reached for verdict in record.verdicts()] == [True, False]
    found = json.loads(json.dumps(record.as_json(), allow_nan=False))["page"]
    assert found["browser"] == "153.0"
    assert found["figures"][0]["values"] == [0.5, 2.0, 0.7]
    assert "| first picture, seconds | 0.700 |" in as_markdown(record)
    assert tasks(SETTINGS) == ["the page"]


@pytest.mark.parametrize(
    ("playwright", "why"),
    [
        (None, "Playwright is not installed"),
        (
            object(),
            "none of chromium, chromium-browser, google-chrome, chromium-headless-shell is installed",
        ),
    ],
)
def test_without_a_browser_it_is_left_out(
    fake_bench: Any, monkeypatch: pytest.MonkeyPatch, playwright: object, why: str
) -> None:
    monkeypatch.setattr("mlplab.bench.run.missing_for_page", missing_for_page)
    monkeypatch.setattr("mlplab.bench.page_rate.find_spec", lambda name: playwright)
    monkeypatch.setenv("PATH", "")
    record = run_bench(SETTINGS, [])
    assert record.page is None
    assert left_out_sentences(record) == [f"The page in Chromium is left out: {why}."]
    assert "## Page" not in as_markdown(record)


@pytest.mark.slow
@pytest.mark.skipif(missing_for_page() is not None, reason="needs Chromium and Playwright")
def test_all_is_measured_in_chromium(monkeypatch: pytest.MonkeyPatch) -> None:
    # The last two are as the one before, with longer experiments.
    short = MEASUREMENTS[:4]
    monkeypatch.setattr("mlplab.bench.page_rate.MEASUREMENTS", short)
    monkeypatch.setattr("mlplab.bench.page_rate.WATCHED", 0.3)
    steps: list[None] = []
    with ThreadPoolExecutor(
        1
    ) as thread:  # a thread has one Playwright, which may be the tests' own
        found = thread.submit(measure_page, 1, lambda: steps.append(None)).result()
    assert [figure.what for figure in found.figures] == [what for what, *_ in short]
    assert all(figure.values[0] > 0 for figure in found.figures)
    assert len(steps) == len(short)
