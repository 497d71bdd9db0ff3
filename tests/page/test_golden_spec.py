"""The cases that the page's spec is held against are what Python says now."""

from __future__ import annotations

import json

from tests.page.golden_spec import FILE, text

from mlplab.spec import DatasetSpec, InitializerSpec, OptimizerSpec, RegularizerSpec, Schedule


def test_the_file_is_what_python_says_now():
    assert FILE.read_text(encoding="utf-8") == text()


def test_there_are_enough_and_all_kinds_are_among_them():
    cases = json.loads(FILE.read_text(encoding="utf-8"))
    right = [case["written"] for case in cases["toml"] if "written" in case]
    wrong = [case["problems"] for case in cases["toml"] if "problems" in case]
    assert len(right) >= 60
    assert len(wrong) >= 180
    for family in (DatasetSpec, InitializerSpec, OptimizerSpec, RegularizerSpec, Schedule):
        for name in family.kinds:
            assert any(f'kind = "{name}"' in toml for toml in right), name
