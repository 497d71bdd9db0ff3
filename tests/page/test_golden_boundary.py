"""The page's cases of task 3's algebra are what Python answers now."""

from __future__ import annotations

from tests.page.golden_boundary import FILE, text


def test_the_cases_of_the_boundary_are_as_python_makes_them_now():
    assert FILE.read_text(encoding="utf-8") == text(), (
        "run `python -m tests.page.golden_boundary`, and the page's tests"
    )
