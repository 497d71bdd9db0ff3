"""The page's cases of exports, and the texts that it makes programs of, are what Python writes now."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.page import golden_exports

AGAIN = "run `python -m tests.page.golden_exports`, and the page's tests"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (golden_exports.FILE, golden_exports.text),
        (golden_exports.TEXTS, golden_exports.program_texts_of_mlplab),
    ],
)
def test_what_the_page_has_of_exports_is_as_python_makes_it_now(path: Path, text: Any):
    assert path.read_text(encoding="utf-8") == text(), AGAIN


@pytest.mark.parametrize("family", ["initializers", "optimizers", "schedules"])
def test_there_is_a_case_for_each_kind(family: str):
    cases = golden_exports.FILE.read_text(encoding="utf-8")
    known = json.loads(golden_exports.program_texts_of_mlplab())[family]
    assert [kind for kind, each in known.items() if f".{each['name']}(" not in cases] == []
