"""The modules that come with the package: of these sources, with all kinds of parts, and small.

That they are what the sources make, byte for byte, `make built` says.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from mlplab.engine.activations import ACTIVATIONS
from mlplab.spec import InitializerSpec
from mlplab.spec.datasets import planar_recipes
from mlplab.spec.schedules import Schedule
from mlplab.wasm import BUILT, sources_digest

LARGEST = 450_000
"""Bytes of a module: a page should be there at once."""


@pytest.fixture(scope="module")
def contents() -> Any:
    return json.loads((BUILT / "engine.json").read_text(encoding="utf-8"))


def test_they_are_of_these_sources(contents: Any):
    assert contents["sources"] == sources_digest(), "build them anew: python -m mlplab.wasm"


def test_they_have_all_kinds(contents: Any):
    functions = contents["functions"]
    for family, kinds in (
        ("samples", planar_recipes()),
        ("layers", InitializerSpec.kinds),
        ("rates", Schedule.kinds),
    ):
        names = {
            name.removeprefix(f"{family}_") for name in functions if name.startswith(f"{family}_")
        }
        assert names == set(kinds)
    assert list(contents["addresses"]["activations"]) == list(ACTIVATIONS)


def test_they_are_small():
    for name in ("fused", "exact"):
        assert 100_000 < (BUILT / f"{name}.wasm").stat().st_size < LARGEST
