"""What the system keeps the student's process to: processor time, memory, size of files.

Limits are set by the process on itself, before any of the student's code, and cannot be raised again.
"""

from __future__ import annotations

import math
import os
import resource
import time
from pathlib import Path

from .guard import OPEN_FILES

MEBIBYTE = 2**20


def set_limits(seconds: float, memory: int, file_size: int) -> bool:
    """Limit this process.

    Parameters
    ----------
    seconds : float
        Of processor time from now on; the judge has a clock of its own for the wall time.
    memory : int
        MiB on top of what the process has taken already (NumPy reserves much that it never uses).
    file_size : int
        MiB of a file that is written.

    Returns
    -------
    bool
        Whether memory is limited, which not every system can do.
    """
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    _limit(resource.RLIMIT_FSIZE, file_size * MEBIBYTE)
    used = time.process_time()
    # The signal that comes first names its reason. Code that ignores it is ended by the judge's clock,
    # which names it too. What the system forces comes later: it ends what has left the process's group.
    _limit(resource.RLIMIT_CPU, math.ceil(used + seconds), spare=math.ceil(10 * seconds))
    reserved = reserved_memory()
    if reserved is None:
        return False
    _limit(resource.RLIMIT_AS, reserved + memory * MEBIBYTE)
    return True


def reserved_memory() -> int | None:
    """Return how many bytes of addresses this process has, or None where the system does not say.

    Linux says it, and holds a process to a limit; macOS does neither.
    """
    statistics = Path("/proc/self/statm")
    if not statistics.exists():
        return None
    return int(statistics.read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _limit(what: int, amount: int, spare: int = 0) -> None:
    _, most = resource.getrlimit(what)
    hard = amount + spare if most == resource.RLIM_INFINITY else min(amount + spare, most)
    resource.setrlimit(what, (min(amount, hard), hard))
