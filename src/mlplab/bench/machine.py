"""On what it was measured: the machine, its load, and the versions of all that took part."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from mlplab.engine import usable_cores

DISTRIBUTIONS = {
    "mlplab": "mlplab",
    "numpy": "numpy",
    "numba": "numba",
    "llvmlite": "llvmlite",
    "keras": "keras",
    "jax": "jax",
    "jaxlib": "jaxlib",
    "scikit-learn": "scikit-learn",
    "torch": "torch",
}


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


def versions(distributions: Iterable[str] = DISTRIBUTIONS) -> dict[str, str]:
    """Return the versions of those that are installed."""
    found = {}
    for name in distributions:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def load() -> float | None:
    """Return how many processes wanted a core, on average of the last minute; None if nobody counts."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


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
