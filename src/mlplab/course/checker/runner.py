"""A student's code in processes of its own: one for each test, with limits, and nothing to find there.

What this stops: endless loops, crashes, `sys.exit`, huge allocations, floods of text, files left behind,
folders removed, one test's doings reaching another, prints taken for answers, and a look at the
environment's variables.

What it does not stop: code that means harm. It runs as the user who checks, may read and remove that
user's files, reach the network, and end that user's processes; and a process that it starts and that
makes itself independent outlives the test.

An answer is what the student's process says, no more. It comes in a pipe that belongs to this one test,
so that it cannot speak for another; code that writes into the pipe by itself forges its own answer only.
That earns nothing: no expected value is in the process, so that a forged answer must be right as well.
There is no secret that would tell our code from the student's in the same process, because there it could
be found. Files from strangers belong into a container.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from mlplab.course.checker.answer import Answer, Limits, read_answer
from mlplab.course.checker.client import Client, seconds_waited
from mlplab.course.checker.inside.ending import kill_process_group
from mlplab.course.checker.inside.messages import pack
from mlplab.course.checker.pipes import AnswerPipe
from mlplab.course.checker.system import check_system
from mlplab.course.checker.temporary import TemporaryFolder, remove

PREFIX = "mlplab-check-"
"""Of the name of each submission's temporary folder."""

FORKS = sys.platform == "linux"
"""Whether a process may be split off one with NumPy in it; elsewhere each test starts a new one."""

WALL_TIME_FACTOR = 3
"""Seconds of wall time for each of processor time that a test may take."""


class Runner:
    """Runs the files of one submission; use it in a `with` statement, which leaves nothing behind.

    Parameters
    ----------
    files : mapping of str to bytes
        The student's files by name; each test gets copies in a folder of its own.
    modules : mapping of str to bytes
        The course's modules beside them.
    limits : Limits
    preload : sequence of str
        Modules to import before any test: those of the student's imports that take long.
    stop : threading.Event, optional
        When it is set, a test that runs is ended, and `Stopped` raised.
    forks : bool
        See `FORKS`.

    Raises
    ------
    MlplabError
        If the system cannot do it, as Windows.
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
        check_system()
        self.files, self.modules, self.limits, self.preload = files, modules, limits, preload
        self.stop = threading.Event() if stop is None else stop
        self.forks = forks
        self._client: Client | None = None

    def __enter__(self) -> Self:
        self._folders = [TemporaryFolder(PREFIX)]
        self._make_place()
        return self

    def __exit__(self, *_: object) -> None:
        self._end_client()
        for folder in self._folders:
            folder.remove()

    def run(self, action: str, **arguments: Any) -> Answer:
        """Run one of `inside.calls.ACTIONS` in a process of its own.

        Raises
        ------
        Stopped
            If checking was interrupted meanwhile.
        OSError
            If the test could not be run, for a reason that need not be the student's code.
        """
        folder = self._ready_folder()
        request = {
            "action": action,
            "arguments": arguments,
            "folder": str(folder),
            "limits": asdict(self.limits),
        }
        try:
            return self._run(pack(request))
        finally:
            if not self.forks:
                self._end_client()
            remove(folder)

    def _run(self, request: bytes) -> Answer:
        reading, writing = os.pipe()
        with io.FileIO(reading) as answer, io.FileIO(writing, "w") as result:
            client, pid = self._start(request, result.fileno())
            result.close()
            seconds = WALL_TIME_FACTOR * self.limits.seconds
            pipe = AnswerPipe(answer.fileno(), seconds, self.stop, lambda: seconds_waited(pid))
            try:
                pipe.listen()
            finally:
                kill_process_group(pid)
            status = client.reap()
        if status is None:
            self._end_client()
        return read_answer(pipe.answer, status, pipe.timed_out, pipe.seconds)

    def _start(self, request: bytes, result: int) -> tuple[Client, int]:
        """Start a test; by another server if this one is gone, which is no fault of this test's."""
        client = self._ready_client()
        try:
            return client, client.start_test(request, result)
        except TimeoutError:
            raise
        except OSError:
            self._end_client()
        client = self._ready_client()
        return client, client.start_test(request, result)

    def _ready_folder(self) -> Path:
        """Make the folder of a test. A test before may have removed or locked all that lies above it."""
        try:
            if self._place.is_there():
                return self._make_folder()
        except OSError:
            pass
        self._end_client()
        self._make_place()
        return self._make_folder()

    def _make_folder(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="test-", dir=self._root))
        _write_files(folder, self.files)
        _write_files(self._root / "modules", self.modules)
        (self._root / "home").mkdir(exist_ok=True)
        return folder

    @property
    def _root(self) -> Path:
        """Where the tests' folders are."""
        return self._place.path

    def _make_place(self) -> None:
        """Make a place for the tests' folders, the course's modules and what libraries leave.

        All of them are in one folder, so that what becomes of one is removed with it.
        """
        try:
            if not self._folders[-1].is_there():
                raise FileNotFoundError(self._folders[-1].path)
            self._place = TemporaryFolder("place-", self._folders[-1].path)
        except OSError:  # a test before has removed, moved or locked it
            self._folders.append(TemporaryFolder(PREFIX))
            self._place = TemporaryFolder("place-", self._folders[-1].path)
        (self._root / "home").mkdir()
        if self.preload:
            _copy_font_list(self._root / "home")

    def _ready_client(self) -> Client:
        if self._client is None or not self._client.is_alive():
            self._end_client()
            self._client = Client(self._root, self.preload, self.forks)
        return self._client

    def _end_client(self) -> None:
        if self._client is not None:
            self._client.end()
            self._client = None


def _write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _copy_font_list(home: Path) -> None:
    """Give matplotlib the list of fonts that it made for the user, if it did; another takes seconds."""
    import matplotlib as mpl

    for file in Path(mpl.get_cachedir()).glob("fontlist-*.json"):
        shutil.copy(file, home)
