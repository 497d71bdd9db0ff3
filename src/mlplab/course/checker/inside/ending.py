"""How a test's process is ended, by the server or by its client."""

from __future__ import annotations

import contextlib
import os
import signal


def kill_process_group(pid: int) -> None:
    """End a process that leads a group or is about to, and all of its group.

    The process comes first: from then on it neither begins a group nor starts another process.
    """
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
