"""What the tests of the course share: the kit's files as modules, and points."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

import mlplab.course
from mlplab.course.data_generator import DataGenerator

KIT = Path(mlplab.course.__file__).parent / "kit"


@pytest.fixture(scope="session")
def kit_module() -> Callable[[str], ModuleType]:
    """Return a function that loads a file of the kit, by its name without suffix."""

    def load(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(f"kit_{name}", KIT / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture
def rings() -> DataGenerator:
    """Three rings of a few points."""
    data = DataGenerator(verbose=False)
    data.generate(dataset="polar", N_train=40, N_test=30, K=3, sigma=0.05, seed=1)
    return data
