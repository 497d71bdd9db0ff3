"""What the tests share: Keras's backend, hypothesis without chance, and every tolerance in one place."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from llvmlite.binding import get_host_cpu_name
from numpy.typing import NDArray

os.environ.setdefault("KERAS_BACKEND", "jax")

# Tests run side by side: threads of libraries would wait for each other. XLA compiles for longer than
# these small programs run: without what makes them fast, to compile takes it a quarter of that time.
# Processes that a test starts inherit it, those of `--numprocesses` too. XLA ends a process at a flag
# that it does not know.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault(
    "XLA_FLAGS",
    "--xla_cpu_multi_thread_eigen=false --xla_backend_optimization_level=0 "
    "--xla_cpu_use_fusion_emitters=false --xla_cpu_parallel_codegen_split_count=1",
)

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))),
    None,
)
"""Where Chromium is; its shell has no window to draw, and takes a third of the time."""

HOW = (
    "pages are tested in Debian's Chromium, which is not there: "
    "apt-get install chromium-headless-shell, and pip install playwright"
)

settings.register_profile("mlplab", derandomize=True, deadline=None)
settings.register_profile("quick", settings.get_profile("mlplab"), max_examples=25)
settings.load_profile("mlplab")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, one for all tests of a process: Playwright starts once. Skips where there is none."""
    if CHROMIUM is None:
        pytest.skip(HOW)
    sync_api = pytest.importorskip("playwright.sync_api", reason=HOW)
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"], headless=True
        )
        yield launched
        launched.close()


@pytest.fixture
def signals_as_usual() -> Iterator[None]:
    """Let processes take Ctrl-C and SIGHUP as usual: a job in the background, and nohup, ignore them."""
    usual = {signal.SIGINT: signal.default_int_handler, signal.SIGHUP: signal.SIG_DFL}
    before = {number: signal.signal(number, how) for number, how in usual.items()}
    yield
    for number, how in before.items():
        signal.signal(number, how)


def pytest_configure(config: pytest.Config) -> None:
    """Keep what Keras's backend compiled: for all processes of these tests, and for the next time.

    Keras compiles each model anew, which takes three quarters of its time. `--cache-clear` forgets it.
    """
    if "JAX_COMPILATION_CACHE_DIR" in os.environ:
        return
    if hasattr(config, "cache"):
        # Machine code is for the processor that it was compiled on; a clone may be read by several.
        folder = str(config.cache.mkdir(f"jax-{get_host_cpu_name()}"))
    else:
        folder = tempfile.mkdtemp(prefix="mlplab-jax-")
        config.add_cleanup(lambda: shutil.rmtree(folder))
    os.environ["JAX_COMPILATION_CACHE_DIR"] = folder
    os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"
    os.environ["JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES"] = "-1"


def pytest_collection_finish() -> None:
    """Spare the garbage collector what was imported, which takes it a tenth of the time of the tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


@dataclass(frozen=True)
class Tolerance:
    """How near two numbers must be, and why not nearer. Absolute, where nothing else is said."""

    step: float = 6e-6
    """Of a central difference: the cube root of float64's 2.2e-16, where its two errors balance."""

    by_hand: float = 1e-14
    """Fractions worked by hand against float64: a few dozen roundings of 1e-16 of numbers of about 1."""

    difference: float = 1e-6
    """Relative: a central difference leaves out h² L'''/6, and h² is 4e-11; L''' may outgrow the gradient
    some thousandfold, as that of log p does for a small p."""

    difference_rounding: float = 1e-9
    """A central difference divides rounded losses of about 1 by 2h: 2.2e-16 / 1.2e-5 = 2e-11, and a loss
    of several layers is itself off by a few roundings."""

    float64: float = 1e-12
    """The same formula in float64 by two libraries, values of about 1, some hundred terms or updates:
    each rounds in its own order, at 1e-16 a time. Keras's trackers of loss and accuracy are float64 here
    too."""

    float32: float = 1e-6
    """The same formula in float32, values of about 1: a few roundings of 6e-8, or some dozen that cancel,
    as in the losses of an epoch's batches that Keras's tracker adds up."""

    keras_float32: float = 2e-7
    """Relative to the largest value: Keras on JAX takes cosines, tanh and means in float32 even in
    float64. Rounding π costs a cosine up to 1.2e-7, its own result 6e-8."""

    trajectory_float64: float = 1e-9
    """Weights after 200 updates in float64. Observed: 1e-15. What one update rounds away the next ones
    carry on, so that there is some room; a wrong formula shows above 1e-3."""

    trajectory_float32: float = 1e-5
    """Weights after 20 updates in float32. Observed: 3e-7. No trial is safe from a jump: where a weighted
    sum rounds to the other side of relu's kink, a whole step of Adam may turn (by 1e-4 to 1e-2), in
    either library: seen in three of twelve trials of task 1.4 within two epochs. The tests' do not."""


@pytest.fixture(scope="session")
def tolerance() -> Tolerance:
    """Every tolerance of the tests, with its reason."""
    return Tolerance()


@pytest.fixture(scope="session")
def central_difference(
    tolerance: Tolerance,
) -> Callable[[Callable[[], float], NDArray[Any]], NDArray[Any]]:
    """Return a function of (loss, array): (L(a + h) - L(a - h)) / 2h for each entry of the array.

    `loss` takes nothing and reads the array, which is moved in place and put back.
    """
    h = tolerance.step

    def gradient(loss: Callable[[], float], array: NDArray[Any]) -> NDArray[Any]:
        result = np.empty_like(array)
        for i in np.ndindex(array.shape):
            value = array[i]
            array[i] = value + h
            above = loss()
            array[i] = value - h
            below = loss()
            array[i] = value
            result[i] = (above - below) / (2 * h)
        return result

    return gradient
