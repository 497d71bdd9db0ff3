"""Kernels cost nothing to import, pickle by name, and are kept on disk under a name of their own."""

from __future__ import annotations

import copy
import pickle
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import numba
import numpy as np
import pytest

import mlplab.kernel
from mlplab.kernel import entry, kernel
from mlplab.spec import InitializerSpec, Schedule, recipes

compiled_only = pytest.mark.skipif(
    bool(numba.config.DISABLE_JIT), reason="says what only machine code does"
)


# ---- Import, pickle ------------------------------------------------------------------------------


def test_to_import_kernels_imports_no_numba():
    code = (
        "import mlplab.spec, mlplab.drawing, mlplab.trial, sys; "
        "print(*({'numba', 'llvmlite'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == ""


FORMULAS = [
    *(kind.rate for kind in Schedule.kinds.values()),
    *(kind.weights for kind in InitializerSpec.kinds.values()),
    *(kind.place for kind in recipes().values()),
]


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.__qualname__)
def test_kernels_are_pickled_and_copied_by_name(formula: Any):
    assert pickle.loads(pickle.dumps(formula)) is formula
    assert copy.deepcopy(formula) is formula
    assert formula.__doc__ == formula.py_func.__doc__


# ---- What rounding may do ------------------------------------------------------------------------


@kernel
def square_less(a: float, b: float) -> float:
    return a * a - b


@kernel
def quotient(a: float, b: float) -> float:
    return a / b


@kernel
def quotient_less(a: float, b: float) -> float:
    """A kernel that calls another, and reads a number."""
    return quotient(a, b) - ONE


ONE = 1.0


def test_products_and_sums_are_rounded_one_by_one():
    # (1 + ε)² - (1 + 2ε) is 0 where the square is rounded by itself; one rounding would leave ε².
    small = np.finfo(np.float64).eps.item()
    assert square_less(1 + small, 1 + 2 * small) == 0


@compiled_only
def test_division_by_zero_is_infinite_and_kernels_let_other_threads_run():
    assert quotient(1.0, 0.0) == np.inf
    assert quotient_less(1.0, 0.0) == np.inf
    assert np.isnan(quotient(0.0, 0.0))
    assert quotient.compiled.targetoptions["nogil"]
    assert not quotient.compiled.targetoptions.get("fastmath")
    assert entry(_fill, formula=double).targetoptions["nogil"]


@compiled_only
def test_a_kernel_within_another_is_compiled_without_what_python_needs_to_call_it():
    assert quotient_less(1.0, 2.0) == -0.5
    assert quotient._within.signatures
    assert quotient._within.targetoptions["no_cpython_wrapper"]


# ---- Machine code on disk ------------------------------------------------------------------------

formula: Any = None


def _fill(values: np.ndarray) -> None:
    for i in range(len(values)):
        values[i] = formula(values[i])


@kernel
def double(x: float) -> float:
    return 2 * x


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for machine code."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "compiled"))
    return tmp_path


@pytest.fixture
def load(folder: Path) -> Iterator[Callable[[str, str], ModuleType]]:
    """Return a function of (name, source): write a file and import it, anew if it was already."""
    loaded = []

    def write_and_import(name: str, source: str) -> ModuleType:
        path = folder / f"{name}.py"
        path.write_text(f"from mlplab.kernel import kernel\n{source}", encoding="utf-8")
        spec = spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None  # noqa: PT018
        module = module_from_spec(spec)
        sys.modules[name] = module
        loaded.append(name)
        # Python itself takes a file of the same second and size for unchanged.
        exec(compile(path.read_text(encoding="utf-8"), path, "exec"), module.__dict__)
        return module

    yield write_and_import
    for name in set(loaded):
        del sys.modules[name]


def compiled_with(part: Any) -> tuple[float, int]:
    """Return the part's value of 3 through an entry, and how often its machine code came from disk.

    As another process has it: nothing is remembered of an entry of before.
    """
    fill = entry.__wrapped__(_fill, formula=part)
    values = np.full(1, 3.0)
    fill(values)
    return values.item(), sum(fill.stats.cache_hits.values())


def files(folder: Path) -> int:
    """How many pieces of machine code there are."""
    return len(list((folder / "compiled").rglob("*.nbc")))


DOUBLE = "@kernel\ndef formula(x):\n    return 2 * x\n"
TRIPLE = "@kernel\ndef formula(x):\n    return 3 * x\n"


@compiled_only
def test_kernels_of_one_name_from_two_files_are_not_mixed_up(load: Any):
    twice, thrice = load("toy_one", DOUBLE), load("toy_two", TRIPLE)
    assert compiled_with(twice.formula) == (6, 0)
    assert compiled_with(thrice.formula) == (9, 0)
    assert compiled_with(twice.formula) == (6, 1)
    assert compiled_with(thrice.formula) == (9, 1)


@compiled_only
def test_a_file_that_changed_is_compiled_anew(load: Any):
    assert compiled_with(load("toy", DOUBLE).formula) == (6, 0)
    assert compiled_with(load("toy", TRIPLE).formula) == (9, 0)
    assert compiled_with(load("toy", TRIPLE).formula) == (9, 1)


@compiled_only
def test_what_a_kernel_calls_and_reads_from_other_files_counts_as_its_own(load: Any):
    caller = (
        "from toy_callee import formula as other, FACTOR\n"
        "@kernel\ndef formula(x):\n    return FACTOR * other(x)\n"
    )
    load("toy_callee", f"FACTOR = 1\n{DOUBLE}")
    assert compiled_with(load("toy_caller", caller).formula) == (6, 0)
    load("toy_callee", f"FACTOR = 1\n{TRIPLE}")
    assert compiled_with(load("toy_caller", caller).formula) == (9, 0)
    load("toy_callee", "import os\nFACTOR = len(os.sep)\n" + TRIPLE)
    assert compiled_with(load("toy_caller", caller).formula) == (9, 0)
    sys.modules["toy_callee"].FACTOR = 10
    changed = load("toy_caller", caller)
    assert compiled_with(changed.formula) == (90, 0)
    assert compiled_with(changed.formula) == (90, 1)


@compiled_only
def test_kernels_made_within_a_function_share_a_name_and_so_are_not_kept(folder: Path):
    def times(factor: float) -> Any:
        @kernel
        def scaled(x: float) -> float:
            return factor * x

        return scaled

    assert [compiled_with(times(factor)) for factor in (2.0, 5.0, 2.0)] == [
        (6, 0),
        (15, 0),
        (6, 0),
    ]
    assert files(folder) == 0


@compiled_only
def test_a_kernel_typed_into_a_session_works_and_is_not_kept(folder: Path):
    session: dict[str, Any] = {"__name__": "__main__", "kernel": kernel}
    exec(compile(DOUBLE, "<stdin>", "exec"), session)
    assert compiled_with(session["formula"]) == (6, 0)
    assert files(folder) == 0


@compiled_only
def test_numbers_are_parts_that_are_compiled_for_themselves(folder: Path):
    for factor, hits in ((2, 0), (3, 0), (2, 1)):
        fill = entry.__wrapped__(_fill_multiples, factor=factor)
        values = np.full(1, 3.0)
        fill(values)
        assert (values.item(), sum(fill.stats.cache_hits.values())) == (3.0 * factor, hits)
    assert files(folder) == 2


factor: Any = None


def _fill_multiples(values: np.ndarray) -> None:
    for i in range(len(values)):
        values[i] = factor * values[i]


@pytest.mark.parametrize(
    ("source", "is_a_kernels"),
    [
        ("kernel.py", True),
        ("drawing.py", True),
        ("spec/schedules.py", True),
        ("spec/heads.py", True),  # has no kernel, and a constant that the engine's read
        ("spec/optimizers/adam.py", True),
        ("engine/updates/adam.py", True),
        ("engine/compiling.py", True),
        ("engine/options.py", True),  # which kernels read constants and types of
        ("engine/results.py", False),
        ("spec/experiment.py", False),
    ],
)
def test_what_kernels_are_made_of_is_in_their_name(
    source: str, is_a_kernels: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    package = Path(mlplab.kernel.__file__).parent
    for path in package.rglob("*.py"):
        (tmp_path / path.relative_to(package)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, tmp_path / path.relative_to(package))
    monkeypatch.setattr(mlplab.kernel, "__file__", str(tmp_path / "kernel.py"))
    digest = mlplab.kernel.package_digest.__wrapped__
    before = digest()
    with (tmp_path / source).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert (digest() != before) == is_a_kernels


@compiled_only
def test_where_no_folder_can_be_written_one_warning_says_so(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("numba.core.caching.CacheImpl._locator_classes", [])
    mlplab.kernel._warn_that_nothing_is_kept.cache_clear()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("default")
        assert [compiled_with(part) for part in (double, square_of)] == [(6, 0), (9, 0)]
    (warning,) = said
    assert issubclass(warning.category, RuntimeWarning)
    assert str(warning.message).endswith("set NUMBA_CACHE_DIR to a folder that can")


@kernel
def square_of(x: float) -> float:
    return x * x
