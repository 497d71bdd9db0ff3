"""A student's code in processes of its own: one for each test, with limits, and nothing to find there.

What this stops: endless loops, crashes, `sys.exit`, huge allocations, floods of text, files left behind,
one test's doings reaching another, prints taken for answers, and a look at the environment's variables.

What it does not stop: code that means harm. It runs as the user who checks, may read that user's files,
reach the network, and end that user's processes; a process that it starts and that makes itself
independent outlives the test; and code that searches its own process's memory can find the seal of its
answer. Expected values are not there to be found, so that an answer must still be right to earn marks.
Files from strangers belong into a container.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import struct
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Self

from mlplab.course.checker.hosting import Host, end_process
from mlplab.course.checker.inside.host import LENGTH
from mlplab.course.checker.inside.messages import pack, unpack
from mlplab.course.checker.pipes import SEAL, Pipes, two_pipes

Ending = Literal["answered", "time", "ended"]

FORKS = sys.platform == "linux"
"""Whether a process may be split off one with NumPy in it; elsewhere each test starts a new one."""


WALL = 3
"""Seconds of wall time for each of processor time that a test may take."""


@dataclass(frozen=True)
class Limits:
    """What one test may use.

    Attributes
    ----------
    seconds : float
        Of processor time, so that a busy machine costs nobody marks; of wall time `WALL` times as many.
    memory : int
        MiB, on top of what Python and NumPy take; on Linux only.
    file_size : int
        MiB of a file that it writes.
    """

    seconds: float = 5.0
    memory: int = 1024
    file_size: int = 16


@dataclass(frozen=True)
class Answer:
    """How a test's process ended, and what it said.

    Attributes
    ----------
    ending : str
        `answered`; `time` if it was ended for taking too long; `ended` if it ended without an answer.
    content : dict
        What `inside.calls` returned; empty without an answer.
    signal : str or None
        By which the process ended, such as SIGABRT.
    printed : str
        The last of what it printed.
    seconds : float
    unlimited : tuple of str
        What this system does not limit.
    """

    ending: Ending
    content: Mapping[str, Any]
    signal: str | None
    printed: str
    seconds: float
    unlimited: tuple[str, ...] = ()


class Workplace:
    """Where the files of one submission run; use it in a `with` statement, which leaves nothing behind.

    Parameters
    ----------
    files : mapping of str to bytes
        The student's files by name; each test gets them anew in a folder of its own.
    modules : mapping of str to bytes
        The course's modules beside them.
    limits : Limits
    preload : sequence of str
        Modules to import before any test: those of the student's imports that take long.
    stop : threading.Event, optional
        When it is set, a test that runs is ended, and `Stopped` raised.
    forks : bool
        See `FORKS`.
    """

    def __init__(
        self,
        files: Mapping[str, bytes],
        modules: Mapping[str, bytes],
        limits: Limits,
        preload: Sequence[str] = (),
        stop: threading.Event | None = None,
        forks: bool = FORKS,
    ) -> None:
        self.files, self.modules, self.limits, self.preload = files, modules, limits, preload
        self.stop = threading.Event() if stop is None else stop
        self.forks = forks
        self._host: Host | None = None

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(
            prefix="mlplab-check-", ignore_cleanup_errors=True
        )
        self._place = Path(self._folder.name).resolve()
        for name in ("home", "modules"):
            (self._place / name).mkdir()
        _write_files(self._place / "modules", self.modules)
        if self.preload:
            _copy_font_list(self._place / "home")
        return self

    def __exit__(self, *_: object) -> None:
        self._end_host()
        self._folder.cleanup()

    def run(self, action: str, **arguments: Any) -> Answer:
        """Run one of `inside.calls.ACTIONS` in a process of its own.

        Raises
        ------
        Stopped
            If checking was interrupted meanwhile.
        """
        folder = self._place / "test"
        _write_files(folder, self.files)
        seal = secrets.token_bytes(SEAL)
        request = {
            "action": action,
            "arguments": arguments,
            "folder": str(folder),
            "limits": asdict(self.limits),
            "seal": seal.hex(),
        }
        try:
            return self._run(pack(request), seal)
        finally:
            if not self.forks:
                self._end_host()
            shutil.rmtree(folder, ignore_errors=True)

    def _run(self, request: bytes, seal: bytes) -> Answer:
        with contextlib.ExitStack() as stack:
            answer, result, output, prints = (stack.enter_context(end) for end in two_pipes())
            host = self._ready_host()
            try:
                pid = host.start_test(request, (result.fileno(), prints.fileno()))
            except (OSError, struct.error):  # an earlier test has ended the host, on purpose
                self._end_host()
                return Answer("ended", {}, None, "", 0.0)
            result.close()
            prints.close()
            pipes = Pipes(answer.fileno(), output.fileno(), WALL * self.limits.seconds, self.stop)
            try:
                pipes.listen()
            finally:
                end_process(pid)
            status = host.reap()
        if status is None:
            self._end_host()
        return _understand(pipes, seal, status)

    def _ready_host(self) -> Host:
        if self._host is None or not self._host.is_alive():
            self._end_host()
            self._host = Host(self._place, self.preload, self.forks)
        return self._host

    def _end_host(self) -> None:
        if self._host is not None:
            self._host.end()
            self._host = None


def _understand(pipes: Pipes, seal: bytes, status: int | None) -> Answer:
    """Say how a test ended. An answer without the right seal is none."""
    name = _signal_name(status)
    printed = pipes.printed.decode(errors="replace")
    content = bytes(pipes.content)
    if content.startswith(seal):
        with contextlib.suppress(ValueError):
            message = unpack(content[SEAL + LENGTH.size :])
            unlimited = tuple(message["unlimited"])
            return Answer("answered", message["answer"], None, printed, pipes.seconds, unlimited)
    late = pipes.timed_out or name == "SIGXCPU"
    return Answer("time" if late else "ended", {}, None if late else name, printed, pipes.seconds)


def _signal_name(status: int | None) -> str | None:
    if status is None or not os.WIFSIGNALED(status):
        return None
    return signal.Signals(os.WTERMSIG(status)).name


def _write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _copy_font_list(home: Path) -> None:
    """Give matplotlib the list of fonts that it made for the user, if it did; another takes seconds."""
    import matplotlib as mpl

    for file in Path(mpl.get_cachedir()).glob("fontlist-*.json"):
        shutil.copy(file, home)
