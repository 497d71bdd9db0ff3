"""How long it takes to start: compiling once for a machine, and from then on only loading."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

FIRST_GOAL = 13.0
"""Seconds of a first training, with an empty cache: what a user waits for on a new machine."""

COMPILING_GOAL = 30.0
"""Seconds for all that is compiled, with an empty cache."""

START_GOAL = 1.0
"""Seconds from the start of a process to its first update, with a full cache."""

COMPILED = (
    ("float32", "a block"),
    ("float32", "one network"),
    ("float64", "a block"),
    ("float64", "one network"),
)
"""All that the engine compiles, in the order in which the program below has it done.

The first one includes what the draws of samples, weights and shuffles compile.
"""

PROGRAM = """
import sys
from mlplab import Experiment, train
from mlplab.engine import LANES

for dtype in sys.argv[1:]:
    experiment = Experiment(
        dataset={"kind": "polar", "train_per_class": 16, "test_per_class": 1},
        network={"hidden_layers": 1, "layer_width": 50, "activation": "relu"},
        training={"batch_size": 32, "dtype": dtype},
    )
    for replications in (LANES, 1):
        train(experiment, replications, threads=1)
        print(replications, flush=True)
"""
"""As a user's script: it trains a block and one network by one update each, and says so each time."""


@dataclass(frozen=True)
class Starting:
    """Seconds from the start of a process to the end of a training of one update.

    Attributes
    ----------
    compiling : mapping of str to float, or None
        With an empty cache: for each kernel, since the one before it (for the first one, since the start
        of the process). None if not measured.
    loading : tuple of float
        With a full cache, to the first update; one number for each round.
    """

    compiling: Mapping[str, float] | None
    loading: tuple[float, ...]

    @property
    def first(self) -> float | None:
        """Seconds of a first training, from the start of its process."""
        return None if self.compiling is None else next(iter(self.compiling.values()))

    @property
    def in_all(self) -> float | None:
        """Seconds to compile everything."""
        return None if self.compiling is None else sum(self.compiling.values())

    @property
    def start(self) -> float:
        """Median of the seconds to the first update of a second process."""
        return median(self.loading)


def measure_starting(
    rounds: int, compile_too: bool, on_process: Callable[[], None] = lambda: None
) -> Starting:
    """Start processes of the program above, and take the time.

    Parameters
    ----------
    rounds : int
        Processes with a full cache.
    compile_too : bool
        Whether to start one with an empty cache, first. If not, the cache is the user's own, and one
        process more fills it where it is not yet full.
    on_process : callable
        Called after each process.
    """
    with tempfile.TemporaryDirectory(prefix="mlplab-bench-") as folder:
        cache = Path(folder) if compile_too else None
        dtypes = ("float32", "float64") if compile_too else ("float32",)
        times = run_program(dtypes, cache)
        on_process()
        compiling = None
        if compile_too:
            spans = [
                after - before for before, after in zip([0.0, *times[:-1]], times, strict=True)
            ]
            names = [f"{dtype}, {kernel}" for dtype, kernel in COMPILED]
            compiling = dict(zip(names, spans, strict=True))
        loading = []
        for _ in range(rounds):
            loading.append(run_program(("float32",), cache)[0])
            on_process()
    return Starting(compiling, tuple(loading))


def run_program(dtypes: tuple[str, ...], cache: Path | None) -> list[float]:
    """Run the program above in a process, and return when it said something, in seconds from its start.

    Parameters
    ----------
    dtypes : tuple of str
        Of the networks that it trains.
    cache : Path, optional
        Where compiled kernels are kept; the user's own place if not given.
    """
    environment = os.environ | ({} if cache is None else {"NUMBA_CACHE_DIR": str(cache)})
    command = [sys.executable, "-c", PROGRAM, *dtypes]
    times = []
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603  # our own program
        command, env=environment, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None  # noqa: S101  # what PIPE means
        for _ in process.stdout:
            times.append(time.perf_counter() - began)  # noqa: PERF401  # a line at a time
    if process.returncode != 0:
        raise RuntimeError(f"the program that times the start ended, status {process.returncode}")
    return times
