"""`import mlplab` is instant, names are there when asked for, and trainers know nothing of each other."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec

import pytest

import mlplab

HEAVY = {"numpy", "scipy", "numba", "keras", "jax", "matplotlib", "typst", "safetensors"}


def loaded_by(statement: str) -> set[str]:
    """All modules that a statement imports, in a Python of its own."""
    done = subprocess.run(
        [sys.executable, "-c", f"{statement}\nimport sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("module", [name for name in ("mlplab", "mlplab.cli") if find_spec(name)])
def test_import_loads_nothing_heavy(module: str):
    loaded = loaded_by(f"import {module}")
    assert module in loaded
    assert not loaded & HEAVY


@pytest.mark.parametrize("name", mlplab.__all__)
def test_every_public_name_is_there(name: str):
    assert getattr(mlplab, name) is not None
    assert getattr(mlplab, name) is getattr(mlplab, name)


def test_all_is_sorted_and_says_nothing_twice():
    assert mlplab.__all__ == sorted(set(mlplab.__all__))


def test_every_public_name_is_listed_before_it_is_used():
    done = subprocess.run(
        [sys.executable, "-c", "import mlplab; print(*dir(mlplab))"],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.split() == mlplab.__all__
    for name in mlplab.__all__:
        assert name in str(mlplab.__doc__)


def test_the_version_is_that_of_the_package():
    assert mlplab.__version__ == version("mlplab")


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'mlplab' has no attribute 'nonsense'"):
        mlplab.nonsense  # noqa: B018  # it raises


def test_the_reference_loads_no_other_trainer():
    loaded = loaded_by("import mlplab.reference, mlplab.reference.training")
    assert "mlplab.reference.training" in loaded
    others = {"keras", "jax", "numba", "mlplab.engine", "mlplab.frameworks", "mlplab.training"}
    assert not loaded & others
