"""The settings of a process in which something is measured: its cores, and what its libraries are told.

It is kept to as many cores as it has threads (where the system can), its libraries to as many threads.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
"""By which libraries are told their number of threads, when they are loaded."""

QUIET_ON_THE_PROCESSOR = {
    "KERAS_BACKEND": "jax",
    "JAX_PLATFORMS": "cpu",
    "CUDA_VISIBLE_DEVICES": "",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


@contextmanager
def settings_of_libraries(threads: int, temporary: Path | None = None) -> Iterator[None]:
    """Tell a process that is started meanwhile its libraries' threads, and where temporary files go.

    Parameters
    ----------
    threads : int
    temporary : Path, optional
        The system's own place if not given.
    """
    variables = dict.fromkeys(THREAD_VARIABLES, str(threads)) | QUIET_ON_THE_PROCESSOR
    if temporary is not None:
        variables["TMPDIR"] = str(temporary.resolve())
    with environment(variables):
        yield


def begin_process(threads: int) -> None:
    """Keep this process to so many cores; interrupts are left to the bench, which ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set variables for processes that are started meanwhile; the old ones come back at the end."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
