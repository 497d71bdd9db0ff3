"""All sessions of a server share a few threads, and take turns.

A task is asked for a little work again and again. It says when it wants to be asked next; of those that
are due the one that has waited longest comes first, so that no session starves another, and one that
wants nothing costs nothing.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

from mlplab.engine import usable_cores

WorkerTask = Callable[[], float | None]
"""Does a little work; returns in how many seconds it wants to be asked again, None for not any more."""


class Workers:
    """Threads that do what is due.

    Parameters
    ----------
    threads : int, optional
        One for each usable core by default. They start when the first work comes.

    Examples
    --------
    >>> import threading
    >>> done = threading.Event()
    >>> turns = iter([0.0, 0.0, None])
    >>> def task():
    ...     wanted = next(turns)
    ...     if wanted is None:
    ...         done.set()
    ...     return wanted
    >>> workers = Workers(threads=1)
    >>> workers.wake(task)
    >>> done.wait(10)
    True
    >>> workers.close()
    """

    def __init__(self, threads: int | None = None) -> None:
        self._number = usable_cores() if threads is None else threads
        self._due: list[tuple[float, int, WorkerTask]] = []
        self._known: set[WorkerTask] = set()
        self._again: set[WorkerTask] = set()
        self._turn = itertools.count()
        self._change = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._closed = False

    def wake(self, task: WorkerTask) -> None:
        """Ask a task now; one that waits or works already is asked once more as soon as it can be."""
        with self._change:
            if self._closed:
                return
            if not self._threads:
                self._start()
            if task in self._known:
                self._again.add(task)  # if it is at work
                now = time.monotonic()
                self._due = [
                    (min(due, now), turn, other) if other == task else (due, turn, other)
                    for due, turn, other in self._due
                ]
                heapq.heapify(self._due)
            else:
                self._known.add(task)
                heapq.heappush(self._due, (time.monotonic(), next(self._turn), task))
            self._change.notify()

    def forget(self, task: WorkerTask) -> None:
        """Ask a task no more; if it is at work, it is not asked again."""
        with self._change:
            self._known.discard(task)
            self._again.discard(task)
            self._due = [entry for entry in self._due if entry[2] != task]
            heapq.heapify(self._due)

    def close(self) -> None:
        """Let the threads end with what they are at."""
        with self._change:
            self._closed = True
            self._due.clear()
            self._change.notify_all()
        for thread in self._threads:
            thread.join()

    def _start(self) -> None:
        self._threads = [
            threading.Thread(target=self._work, name=f"mlplab-worker-{i}", daemon=True)
            for i in range(self._number)
        ]
        for thread in self._threads:
            thread.start()

    def _work(self) -> None:
        while self._do_next():
            pass

    def _do_next(self) -> bool:
        """Do what is due next, and hold on to nothing of it; tell whether there may be more."""
        task = self._next()
        if task is None:
            return False
        try:
            wanted = task()
        except Exception:
            # A fault of ours in one session must not end the training of all others.
            logging.getLogger("mlplab").exception("a session of the playground failed")
            wanted = None
        self._put_back(task, wanted)
        return True

    def _next(self) -> WorkerTask | None:
        with self._change:
            while not self._closed:
                if not self._due:
                    self._change.wait()
                elif (left := self._due[0][0] - time.monotonic()) > 0:
                    self._change.wait(left)
                else:
                    task = heapq.heappop(self._due)[2]
                    self._again.discard(task)
                    return task
            return None

    def _put_back(self, task: WorkerTask, wanted: float | None) -> None:
        with self._change:
            if task not in self._known:
                return
            if task in self._again:
                wanted = 0.0
            if wanted is None:
                self._known.discard(task)
                return
            heapq.heappush(self._due, (time.monotonic() + wanted, next(self._turn), task))
            self._change.notify()
