"""The modules that come with the package are those that its sources make."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from mlplab.engine.activations import ACTIVATIONS
from mlplab.spec import InitializerSpec
from mlplab.spec.datasets import planar_recipes
from mlplab.spec.schedules import Schedule
from mlplab.wasm import BUILT, build, sources_digest

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


@pytest.mark.slow
def test_built_anew_one_is_the_same(tmp_path: Path, contents: Any):
    # The other takes another minute, and is linked from the same code by the same program.
    if shutil.which("wasm-ld") is None:
        pytest.skip("modules are linked by LLVM's wasm-ld, which is not there: apt-get install lld")
    build(tmp_path, ["fused"])
    anew = json.loads((tmp_path / "engine.json").read_text(encoding="utf-8"))
    assert anew.pop("code") == {"fused": contents["code"]["fused"]}
    linker = anew.pop("linker")
    assert anew == {k: v for k, v in contents.items() if k not in ("code", "linker")}
    if linker != contents["linker"]:
        pytest.skip(f"the code is the same; {linker} may place it elsewhere")
    assert (tmp_path / "fused.wasm").read_bytes() == (BUILT / "fused.wasm").read_bytes()
