"""A lock that is handed on in the order of asking."""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType


class FairLock:
    """A reentrant lock, for `with`, which those who wait get in the order in which they came.

    Of Python's own locks, one who lets go and asks again at once mostly gets it again: a session that
    trains without a pause kept its page waiting for seconds, and with it the pages of all others.

    Examples
    --------
    >>> lock = FairLock()
    >>> with lock, lock:
    ...     lock.is_wanted
    False
    """

    def __init__(self) -> None:
        self._change = threading.Lock()
        self._owner: int | None = None
        self._depth = 0
        self._waiting: deque[tuple[int, threading.Lock]] = deque()

    @property
    def is_wanted(self) -> bool:
        """Whether somebody waits: who holds it for long may look, and let go between two steps."""
        return bool(self._waiting)

    def __enter__(self) -> None:
        me = threading.get_ident()
        with self._change:
            if self._owner == me:
                self._depth += 1
                return
            if self._owner is None:
                self._owner, self._depth = me, 1
                return
            gate = threading.Lock()
            gate.acquire()
            asked = me, gate
            self._waiting.append(asked)
        try:
            gate.acquire()  # until `_hand_on` opens it
        except BaseException:  # interrupted: it is for nobody, or for us by now
            with self._change:
                if asked in self._waiting:
                    self._waiting.remove(asked)
                else:
                    self._hand_on()
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._change:
            self._depth -= 1
            if self._depth == 0:
                self._hand_on()

    def _hand_on(self) -> None:
        self._owner, self._depth = None, 0
        if self._waiting:
            self._owner, gate = self._waiting.popleft()
            self._depth = 1
            gate.release()
