"""The client of the process that runs tests: it starts that server, asks it, and ends it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from mlplab.course.checker.inside.messages import pack
from mlplab.course.checker.inside.server import LENGTH, STATUS

STARTING = 120.0
"""Seconds that a server may take to import NumPy and the course's modules; charged to no test."""

REPLYING = 60.0
"""Seconds that it may then take to start a test, or to say how it ended; a test may have stopped it."""

PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from inside.server import serve
serve(int(sys.argv[2]), once=sys.argv[3] == "once")
"""
"""What a server runs."""

KEPT_VARIABLES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
"""By which Python itself may be found; all others are left behind."""


class Client:
    """Starts the process of `inside.server`, and holds the socket to it."""

    def __init__(self, place: Path, preload: Sequence[str], forks: bool) -> None:
        self._socket, theirs = socket.socketpair()
        self._forks = forks
        self._socket.settimeout(STARTING)
        command = [sys.executable, "-I", "-B", "-X", "utf8", "-c", PROGRAM]
        arguments = [str(Path(__file__).parent), str(theirs.fileno()), "" if forks else "once"]
        self._process = subprocess.Popen(  # noqa: S603  # our own program
            [*command, *arguments],
            env=clean_environment(place / "home"),
            cwd=place,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(theirs.fileno(),),
            start_new_session=True,
        )
        theirs.close()
        path = [folder for folder in sys.path if folder]
        modules = str(place / "modules")
        greeting = {
            "path": [modules, *path],
            "path_of_tests": [modules, *path],
            "preload": list(preload),
        }
        self._send(pack(greeting))
        if self._socket.recv(1) != b"r":
            raise RuntimeError("the process that runs the tests did not start")
        self._socket.settimeout(REPLYING)

    def is_alive(self) -> bool:
        """Return whether the process is still there."""
        return self._process.poll() is None

    def start_test(self, request: bytes, descriptors: tuple[int, int]) -> int:
        """Start a test that writes its answer and its prints to two pipes; return its process id.

        Raises
        ------
        TimeoutError
            If the server does not reply; whose fault that is, nobody knows.
        """
        socket.send_fds(self._socket, [b"t"], list(descriptors))
        self._send(request)
        if not self._forks:
            return self._process.pid
        (pid,) = STATUS.unpack(self._socket.recv(STATUS.size, socket.MSG_WAITALL))
        return int(pid)

    def reap(self) -> int | None:
        """Return how the test's process, which has been ended, ended; None if the server is gone too."""
        if not self._forks:
            code = self._process.wait()
            return -code if code < 0 else code << 8
        try:
            self._socket.sendall(b"e")
            content = self._socket.recv(STATUS.size, socket.MSG_WAITALL)
        except TimeoutError:
            raise
        except OSError:
            return None
        return int(STATUS.unpack(content)[0]) if len(content) == STATUS.size else None

    def end(self) -> None:
        """End the process."""
        self._socket.close()
        if self._process.poll() is None:
            end_process(self._process.pid)
            self._process.wait()

    def _send(self, content: bytes) -> None:
        self._socket.sendall(LENGTH.pack(len(content)) + content)


def clean_environment(home: Path) -> dict[str, str]:
    """Return the variables that a student's process sees: none of the user's but Python's library paths.

    Libraries are told to use one thread: tests run side by side.
    """
    threads = ("OMP", "OPENBLAS", "MKL", "NUMBA")
    return {
        "PATH": os.defpath,
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": str(home),
        "VECLIB_MAXIMUM_THREADS": "1",
        **{f"{name}_NUM_THREADS": "1" for name in threads},
        **{name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ},
    }


def seconds_waited(pid: int) -> float:
    """Return how long a process could have run and had no core, 0 where the system does not say.

    Linux says it; source: its documentation, scheduler/sched-stats, "/proc/<pid>/schedstat".
    """
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def end_process(pid: int) -> None:
    """End a process and all of its group, which it leads."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
