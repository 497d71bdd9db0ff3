"""What the checker asks of the system: Linux and macOS have it, Windows does not."""

from __future__ import annotations

import os
import platform
import socket
from importlib.util import find_spec

from mlplab.errors import MlplabError


def check_system() -> None:
    """Refuse a system on which a student's code could not be kept in a process of its own.

    Raises
    ------
    MlplabError
        If it cannot end a group of processes, hand a pipe to another process, or limit a process.

    Examples
    --------
    >>> check_system()
    """
    there = {
        "os.killpg": hasattr(os, "killpg"),
        "socket.send_fds": hasattr(socket, "send_fds"),
        "resource": find_spec("resource") is not None,
    }
    missing = [name for name, is_there in there.items() if not is_there]
    if missing:
        raise MlplabError(
            f"an mlp.py cannot be run here: on {platform.system()}, Python has no {', '.join(missing)}, "
            "so that nothing would end it or limit its memory; use Linux, a container, or macOS"
        )
