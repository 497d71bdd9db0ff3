"""Files that one process has at a time, where the system and the disk know locks."""

from __future__ import annotations

import contextlib
from typing import IO, Any

try:
    import fcntl
except ImportError:  # Windows has none
    CAN_LOCK = False
else:
    CAN_LOCK = True


def lock(file: IO[Any]) -> bool:
    """Lock an open file, and do not wait; tell whether this process may use it.

    The lock ends with `unlock`, or once no process has the file open. Where nothing can be locked, all
    may use it.
    """
    if not CAN_LOCK:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # some network disks cannot do it
        return True
    return True


def unlock(file: IO[Any]) -> None:
    """End the lock of a file, also where a process was forked meanwhile and has it open, too."""
    if CAN_LOCK:
        with contextlib.suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_UN)
