"""Kernels are compiled without fast math, kept on disk and fetched again, and work uncompiled too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest

import mlplab
from mlplab.engine.compiling import entry, kernel

compiled_only = pytest.mark.skipif(
    bool(numba.config.DISABLE_JIT), reason="says what only machine code does"
)


def options_of(compiled: Any) -> dict[str, Any]:
    """How a kernel, or an entry, is compiled."""
    options: dict[str, Any] = getattr(compiled, "compiled", compiled).targetoptions
    return options


# ---- What rounding may do ------------------------------------------------------------------------


@compiled_only
@pytest.mark.parametrize("compile_it", [kernel, entry])
def test_kernels_take_no_liberties_with_arithmetic(compile_it: Callable[..., Any]):
    @compile_it
    def products(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> None:
        for i in range(len(a)):
            out[i] = a[i] * a[i] - b[i]

    assert not options_of(products).get("fastmath")
    # (1 + ε)² - (1 + 2ε) is 0 where the square is rounded by itself; one rounding would leave ε².
    small = np.finfo(np.float32).eps
    a = np.full(67, 1 + small, np.float32)
    out = np.empty_like(a)
    products(a, a + small, out)
    assert not out.any()


@compiled_only
def test_kernels_keep_nan_infinity_the_order_of_sums_and_true_quotients():
    @kernel
    def operate(x: np.ndarray, out: np.ndarray) -> None:
        total = x.dtype.type(0)
        for i in range(len(x)):
            total += x[i]
        out[0] = total
        for i in range(len(x)):
            out[1 + i] = x[i] / x[0]

    x = np.array([3.0, 1e38, -1e38, *range(1, 68)], np.float32)
    out = np.empty(1 + len(x), np.float32)
    operate(x, out)
    # In this order 3 is lost in 1e38; another order would keep it.
    assert out[0] == sum(range(1, 68))
    assert out[1:].tobytes() == (x / x[0]).tobytes()
    x[5:8] = np.nan, np.inf, -np.inf
    operate(x, out)
    assert np.isnan(out[0])
    np.testing.assert_array_equal(out[1:], x / x[0])


@compiled_only
def test_kernels_let_other_threads_run():
    for compile_it in (kernel, entry):
        assert options_of(compile_it(lambda: None))["nogil"]


# ---- Machine code on disk ------------------------------------------------------------------------

ACTIVATE = """
import numpy as np
from mlplab.engine import exponential_activations

h = np.full(1, 0.5)
exponential_activations.tanh(h)
stats = exponential_activations.tanh.stats
print(repr(h.item()), sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))
"""
"""The smallest kernel that calls another file's; those that train are kept in the same way."""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of mlplab whose own folder Numba cannot write to, not even for root."""
    folder = tmp_path_factory.mktemp("installed")
    source = Path(next(iter(mlplab.__path__)))
    shutil.copytree(source, folder / "mlplab", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "mlplab" / "engine" / "__pycache__").write_text("not a folder")
    return folder


def run(package: Path, home: Path, code: str = ACTIVATE) -> subprocess.CompletedProcess[str]:
    """Run Python with a copy of the package and a home of its own."""
    hidden = ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "NUMBA_DISABLE_JIT", "PYTHONWARNINGS")
    inherited = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**inherited, "PYTHONPATH": str(package), "HOME": str(home)},
        cwd=package,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@compiled_only
@pytest.mark.slow
def test_a_package_that_cannot_be_written_to_is_compiled_once_and_anew_when_any_file_changes(
    package: Path, tmp_path: Path
):
    first, second = run(package, tmp_path), run(package, tmp_path)
    assert (first.stderr, second.stderr) == ("", "")
    tanh, hits, misses = first.stdout.split()
    assert (hits, misses) == ("0", "1")
    assert second.stdout.split() == [tanh, "1", "0"]

    # Numba by itself looks at the file of a kernel only, and would go on with the old machine code.
    called = package / "mlplab" / "engine" / "exponential.py"
    right = called.read_text(encoding="utf-8")
    wrong = right.replace("return power * rest + (power - type(x)(1))", "return power * rest")
    assert wrong != right
    called.write_text(wrong, encoding="utf-8")
    try:
        third = run(package, tmp_path)
    finally:
        called.write_text(right, encoding="utf-8")
    other, hits, misses = third.stdout.split()
    assert (hits, misses) == ("0", "1")
    assert float(other) < float(tanh)


@compiled_only
@pytest.mark.slow
def test_where_nothing_can_be_written_each_process_compiles_and_says_so(
    package: Path, tmp_path: Path
):
    home = tmp_path / "home"
    home.write_text("not a folder")
    done = run(package, home)
    assert done.returncode == 0
    assert done.stdout
    assert done.stderr.count("set NUMBA_CACHE_DIR to a folder that can") == 1


# ---- Uncompiled ----------------------------------------------------------------------------------

UNCOMPILED = """
import numpy as np
from mlplab.engine import block
from mlplab.training import train
from mlplab.spec import Experiment

assert not hasattr(block.train, "signatures")
for activation in ("relu", "tanh", "softplus"):
    for dtype, near in (("float32", 1e-6), ("float64", 1e-13)):
        experiment = Experiment(
            dataset={"kind": "polar", "classes": 3, "train_per_class": 7, "test_per_class": 3},
            network={"hidden_layers": 1, "layer_width": 3, "activation": activation},
            training={"optimizer": "adam", "batch_size": 8, "epochs": 2, "dtype": dtype},
        )
        ref = train(experiment, 17, seed=1, trainer="reference")
        comp = train(experiment, 17, seed=1)
        assert comp.updates.tolist() == [6] * 17
        for a, b in zip((*ref.weights, *ref.biases), (*comp.weights, *comp.biases), strict=True):
            np.testing.assert_allclose(b, a, rtol=0, atol=near)
        np.testing.assert_allclose(comp.test_loss, ref.test_loss, rtol=0, atol=near)
        np.testing.assert_array_equal(comp.test_accuracy, ref.test_accuracy)
print("the same")
"""


@pytest.mark.slow
def test_without_compilation_the_kernels_follow_the_reference():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", UNCOMPILED],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.stdout, done.stderr) == ("the same\n", "")
