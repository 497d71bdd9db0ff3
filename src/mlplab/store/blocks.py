"""Runs go to a store in blocks: a transaction waits for the disk, far longer than a run takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mlplab.errors import StoreError
from mlplab.run import Outcomes
from mlplab.store.store import Store

SECONDS = 0.5
"""A block is written after so long: what a kill costs at most, beside what is being trained."""

RUNS = 65_536
"""Or when it has so many runs."""


class BlockWriter:
    """Collects outcomes, and writes them to a store in blocks, the last one when it is left.

    An error and an interrupt write what there is, too: it is finished.

    Parameters
    ----------
    store : Store
    command : callable
        Called with each block; returns the id of the command that trains, always the same.

    Attributes
    ----------
    written : int
        How many runs are on the disk by now; only these may be counted.
    """

    def __init__(self, store: Store, command: Callable[[], int]) -> None:
        self.written = 0
        self._store = store
        self._command = command
        self._waiting: list[Outcomes] = []
        self._since = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.write()

    def add(self, outcomes: Outcomes, ids: NDArray[np.int64]) -> None:
        """Take runs that have ended, and write the block if it is due; `ids` as in `Store.add_runs`."""
        if not self._waiting:
            self._since = time.monotonic()
        if len(outcomes):
            self._waiting.append(outcomes.of(ids))
        is_old = time.monotonic() - self._since >= SECONDS
        if is_old or sum(map(len, self._waiting)) >= RUNS:
            self.write()

    def write(self) -> None:
        """Write what waits."""
        if not self._waiting:
            return
        block = Outcomes.concatenate(self._waiting)
        try:
            self._store.add_runs(block, None, self._command())
        except StoreError:
            # It is not tried again: a full disk stays the error that it was.
            self._waiting = []
            raise
        # After an interrupt what waits is written once more, and what is there stays as it is.
        self._waiting = []
        self.written += len(block)
