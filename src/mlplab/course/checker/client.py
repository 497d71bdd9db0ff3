"""The client of the process that runs tests: it starts that server, asks it, and ends it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from mlplab.course.checker.inside.ending import kill_process_group
from mlplab.course.checker.inside.messages import pack
from mlplab.course.checker.inside.server import LENGTH, STATUS

START_TIMEOUT = 120.0
"""Seconds that a server may take to import NumPy and the course's modules; charged to no test."""

REPLY_TIMEOUT = 60.0
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
    """Starts the process of `inside.server`, and holds the socket to it.

    Parameters
    ----------
    root : Path
        The folder in which `modules` and `home` lie.
    preload : sequence of str
        Modules to import before any test.
    forks : bool
        Whether the server splits off a process for each test, or runs one test itself.

    Raises
    ------
    OSError
        If the server cannot be started, or does not answer in time; then it is ended.
    RuntimeError
        If it ends at once.
    """

    def __init__(self, root: Path, preload: Sequence[str], forks: bool) -> None:
        self._forks = forks
        with contextlib.ExitStack() as undo:
            self._socket, theirs = socket.socketpair()
            undo.callback(self._socket.close)
            with theirs:
                self._process = _start_server(root, theirs.fileno(), forks)
            undo.callback(self.end)
            self._greet([str(root / "modules"), *filter(None, sys.path)], preload)
            undo.pop_all()

    def _greet(self, path: Sequence[str], preload: Sequence[str]) -> None:
        """Say where modules are, and wait until the server is ready."""
        self._socket.settimeout(START_TIMEOUT)
        self._send(pack({"path": list(path), "preload": list(preload)}))
        if self._socket.recv(1) != b"r":
            raise RuntimeError("the process that runs the tests did not start")
        self._socket.settimeout(REPLY_TIMEOUT)

    def is_alive(self) -> bool:
        """Return whether the process is still there."""
        return self._process.poll() is None

    def start_test(self, request: bytes, result: int) -> int:
        """Start a test that writes its answer to a pipe; return its process id.

        Raises
        ------
        TimeoutError
            If the server does not reply; whose fault that is, nobody knows.
        OSError
            If it is gone.
        """
        socket.send_fds(self._socket, [b"t"], [result])
        self._send(request)
        if not self._forks:
            return self._process.pid
        reply = self._socket.recv(STATUS.size, socket.MSG_WAITALL)
        if len(reply) < STATUS.size:
            raise ConnectionResetError("the process that runs the tests has ended")
        return int(STATUS.unpack(reply)[0])

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
            kill_process_group(self._process.pid)
            self._process.wait()

    def _send(self, content: bytes) -> None:
        self._socket.sendall(LENGTH.pack(len(content)) + content)


def _start_server(root: Path, descriptor: int, forks: bool) -> subprocess.Popen[bytes]:
    """Start a server that is asked over a socket. What it and the tests print is discarded."""
    command = [sys.executable, "-I", "-B", "-X", "utf8", "-c", PROGRAM]
    arguments = [str(Path(__file__).parent), str(descriptor), "" if forks else "once"]
    return subprocess.Popen(  # noqa: S603  # our own program
        [*command, *arguments],
        env=clean_environment(root / "home"),
        cwd=root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(descriptor,),
        start_new_session=True,
    )


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
    """Return how many seconds a process could have run and had no core, 0 where no system says it.

    Linux says it; source: its documentation, scheduler/sched-stats, "/proc/<pid>/schedstat".
    """
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0
