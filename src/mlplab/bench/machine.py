"""On what it was measured: the machine, its load, and the versions of all that took part."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path
from typing import Any

import numpy as np

from mlplab.bench.own_processes import own_seconds
from mlplab.engine import usable_cores

DISTRIBUTIONS = (
    "mlplab",
    "numpy",
    "numba",
    "llvmlite",
    "keras",
    "jax",
    "jaxlib",
    "scikit-learn",
    "torch",
    "optuna",
    "distributed",
)
"""Whose versions bear on the times."""


def machine() -> dict[str, Any]:
    """Return what the numbers depend on: processor, cores, memory, system, Python, and NumPy's BLAS."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "usable_cores": usable_cores(),
        "memory_gib": memory_gib(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "blas": f"{blas['name']} {blas['version']}",
    }


def load() -> float | None:
    """Return how many processes wanted a core, on average of the last minute; None if nobody counts."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


class Watch:
    """How much of the cores other processes use, from the moment that it is made.

    Linux counts what each core does, and what each process does. Descendants of this process are none of
    the others, whether they work still or have ended (see `own_processes`).
    """

    def __init__(self, counters: Path = Path("/proc/stat")) -> None:
        self._counters = counters
        self._clock, self._all = time.perf_counter(), self._busy()
        self._own = 0.0 if self._all is None else own_seconds()

    def others(self) -> float | None:
        """Return the fraction of its cores that others used, 0 to 1; None where nobody counts."""
        busy, before = self._busy(), self._all
        if busy is None or before is None:
            return None
        own = own_seconds() - self._own
        most = (time.perf_counter() - self._clock) * usable_cores()
        return round(min(1.0, max(0.0, (busy - before - own) / most)), 3)

    def _busy(self) -> float | None:
        """Return the seconds that the cores of this process have worked, for whomever."""
        is_counted = hasattr(os, "sched_getaffinity") and hasattr(os, "sysconf")
        if not is_counted or not self._counters.is_file():
            return None
        cores = {f"cpu{number}" for number in os.sched_getaffinity(0)}
        ticks = 0
        for line in self._counters.read_text(encoding="utf-8").splitlines():
            name, *counts = line.split()
            if name in cores:
                user, nice, system, _idle, _waiting, *interrupts = map(int, counts[:8])
                ticks += user + nice + system + sum(interrupts)
        return ticks / os.sysconf("SC_CLK_TCK") if ticks else None


def processor(information: Path = Path("/proc/cpuinfo")) -> str:
    """Return the processor's name: from Linux's own file, or as the platform has it."""
    if information.is_file():
        for line in information.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def memory_gib() -> float | None:
    """Return the machine's memory in GiB, or None where it does not say."""
    names = ("SC_PAGE_SIZE", "SC_PHYS_PAGES")
    if not hasattr(os, "sysconf") or not set(names) <= set(os.sysconf_names):
        return None
    page, pages = map(os.sysconf, names)
    return round(page * pages / 2**30, 1)
