"""The page's cases of own points are what Python makes now."""

from __future__ import annotations

from tests.page import golden_points


def test_the_cases_are_what_python_makes_now():
    again = "run `python -m tests.page.golden_points`, and the page's tests"
    assert golden_points.FILE.read_text(encoding="utf-8") == golden_points.text(), again


def test_files_are_read_and_refused_for_many_reasons():
    results = [each["result"] for each in golden_points.cases() if each["call"] == "read"]
    assert sum(isinstance(result, dict) for result in results) > 40
    reasons = ("mark closed", "not text in UTF-8", "is missing", "are called", "a finite number")
    for reason in (*reasons, "three samples", "has no sample", "one number in two", "split"):
        assert any(reason in result for result in results if isinstance(result, str)), reason


def test_some_points_are_blurred_and_some_are_not():
    results = [each["result"] for each in golden_points.cases() if each["call"] == "precision"]
    assert 5 < sum(result is None for result in results) < len(results) - 5
