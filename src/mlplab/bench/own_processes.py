"""Seconds of processor that this process and all its descendants have used, as Linux counts them."""

from __future__ import annotations

import ctypes
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

SET_CHILD_SUBREAPER, GET_CHILD_SUBREAPER = 36, 37
"""Of `prctl`, as Linux's <sys/prctl.h> has them."""


class Counted(NamedTuple):
    """What Linux says of one process: its parent, and its seconds with those it has waited for."""

    parent: int
    seconds: float


def own_seconds(processes: Path = Path("/proc")) -> float:
    """Return the seconds of processor of this process and of all its descendants.

    Those that ended count, too: where their parent waited for them, it has their seconds; where nobody
    did, they are zombies, which Linux still lists. Children whose parent ended before them count under
    `adopting_orphans`; children of a parent that ignores SIGCHLD no longer count once they have ended.
    """
    found = {
        int(folder.name): counted
        for folder in processes.iterdir()
        if folder.name.isdecimal() and (counted := _counted(folder / "stat"))
    }
    children = defaultdict(list)
    for process, counted in found.items():
        children[counted.parent].append(process)
    # Of itself it knows better than to the tick.
    seconds, descendants = sum(os.times()[:4]), list(children[os.getpid()])
    while descendants:
        process = descendants.pop()
        seconds += found[process].seconds
        descendants += children[process]
    return seconds


def _counted(file: Path) -> Counted | None:
    """Read a file of Linux's /proc/*/stat, see proc(5); None where it is gone, or another user's."""
    try:
        # The name, in parentheses, may have any letters.
        _, _, rest = file.read_bytes().rpartition(b")")
    except OSError:
        return None
    _state, parent, *others = rest.split()
    return Counted(int(parent), sum(map(int, others[9:13])) / os.sysconf("SC_CLK_TCK"))


@contextmanager
def adopting_orphans() -> Iterator[None]:
    """Let descendants whose parent has ended become children of this process, where Linux allows it.

    Else the system's first process becomes their parent, and nobody knows any more whose they were. Those
    that end are zombies until this process ends: to wait for any child could take the status of one for
    which other code waits.
    """
    if sys.platform != "linux":
        yield
        return
    prctl = ctypes.CDLL(None).prctl
    before = ctypes.c_int()
    prctl(GET_CHILD_SUBREAPER, ctypes.byref(before), 0, 0, 0)
    prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        prctl(SET_CHILD_SUBREAPER, before.value, 0, 0, 0)
