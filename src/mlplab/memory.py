"""How much memory there is, and how a number of bytes is written."""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path

MEMORY_INFO = Path("/proc/meminfo")
GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
GROUP_USE = Path("/sys/fs/cgroup/memory.current")


def available_memory() -> int:
    """Return how many bytes this process can have: no limit where the system does not say."""
    found = []
    if MEMORY_INFO.exists():
        lines = (line.split() for line in MEMORY_INFO.read_text(encoding="ascii").splitlines())
        found += [1024 * int(line[1]) for line in lines if line[0] == "MemAvailable:"]
    if GROUP_LIMIT.exists() and (limit := GROUP_LIMIT.read_text(encoding="ascii").strip()) != "max":
        found.append(int(limit) - int(GROUP_USE.read_text(encoding="ascii")))
    if not found and hasattr(os, "sysconf"):  # Windows has none
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min(found, default=sys.maxsize)


def gigabytes(size: int) -> str:
    """Write a number of bytes, whatever it is.

    >>> gigabytes(1_540_000_000), gigabytes(30_000_000), gigabytes(800), gigabytes(10**400)
    ('1.5 GB', '0.03 GB', '0.01 GB', '10^391 GB')
    """
    size = max(size, 10**7)
    if size > 10**15:
        return f"10^{round(math.log10(size)) - 9} GB"
    return f"{size / 1e9:.2g} GB" if size < 1e10 else f"{size / 1e9:,.0f} GB"
