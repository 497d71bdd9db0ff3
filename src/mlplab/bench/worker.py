"""A side in a process of its own, which waits while another is measured.

So no library sees another's threads, settings or memory, and each may use the same cores (`process`).
"""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from mlplab.bench.process import begin_process, settings_of_libraries
from mlplab.bench.side import Outcome, Side, Timed
from mlplab.bench.taken import Taken
from mlplab.bench.workload import Workload


@dataclass(frozen=True)
class Ready:
    """What a side says when it has made a workload ready.

    Attributes
    ----------
    networks : int
        That it trains at a time.
    first_seconds : float
        Of the first training, in which it may compile.
    outcome : Outcome or None
    """

    networks: int
    first_seconds: float
    outcome: Outcome | None


class Worker:
    """A side's process; use it in a `with` statement, which ends it.

    Parameters
    ----------
    side : Side
    threads : int
    temporary : Path, optional
        Where its temporary files go; the system's own place if not given.
    """

    def __init__(self, side: Side, threads: int, temporary: Path | None = None) -> None:
        self.side = side
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, side, threads), daemon=True)
        with settings_of_libraries(threads if side.blas_threads else 1, temporary):
            self._process.start()
        theirs.close()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()
        self._connection.close()

    def missing(self) -> str | None:
        """Wait until the side has been imported; return why it cannot be, or None. To be asked first."""
        why: str | None = self._answer()
        return why

    def prepare(self, workload: Workload) -> Ready:
        """Make a workload ready, and train it once for the sake of compilers and caches."""
        self._connection.send(workload)
        ready: Ready = self._answer()
        return ready

    def measure(self) -> Taken:
        """Train the prepared workload, and return what one epoch of one network took."""
        self._connection.send(None)
        taken: Taken = self._answer()
        return taken

    def _answer(self) -> Any:
        try:
            return self._connection.recv()
        except EOFError:
            self._process.join()
            status = self._process.exitcode
            raise RuntimeError(f"the process of {self.side.title} ended, status {status}") from None


class SideHere:
    """A side in this process: makes a workload ready, and measures it.

    Parameters
    ----------
    side : Side
    threads : int

    Raises
    ------
    ImportError
        If its library cannot be imported.
    """

    def __init__(self, side: Side, threads: int) -> None:
        self.side = side
        self._timed, self._threads = side.load(), threads
        self._ready: tuple[Timed, Workload] | None = None

    def prepare(self, workload: Workload) -> Ready:
        """Make a workload ready, and train it once for the sake of compilers and caches."""
        self._ready = None  # which frees its memory before the next one takes some
        training = self._timed(workload, self._threads)
        self._ready = training, workload
        taken, outcome = _train(training, workload)
        return Ready(training.networks, taken.seconds, outcome)

    def measure(self) -> Taken:
        """Train the prepared workload, and return what one epoch of one network took."""
        if self._ready is None:
            raise RuntimeError("expected a workload to be prepared before it is measured")
        training, workload = self._ready
        taken, _ = _train(training, workload)
        return taken.times(1 / (training.networks * workload.epochs))


def _serve(connection: Connection, side: Side, threads: int) -> None:
    """Do what a worker is asked, in its process."""
    begin_process(threads)
    try:
        here = SideHere(side, threads)
    except ImportError as error:
        connection.send(str(error))
        return
    connection.send(None)
    while True:
        try:
            asked: Workload | None = connection.recv()
        except EOFError:  # the bench has ended
            return
        connection.send(here.measure() if asked is None else here.prepare(asked))


def _train(training: Timed, workload: Workload) -> tuple[Taken, Outcome | None]:
    """Train once, and see to it that the time is that of all the work."""
    taken, outcome = training.train(), training.outcome()
    updates = workload.updates * workload.epochs
    if outcome is not None and outcome.updates != updates:
        raise RuntimeError(f"expected {updates} updates, counted {outcome.updates}")
    return taken, outcome
