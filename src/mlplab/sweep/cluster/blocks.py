"""How large blocks are: worth their transfer, and all threads of a cluster end at about the same time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlplab.run.history import Float64
from mlplab.sweep.chunks import RUNS_AT_A_TIME, pilot_and_rest

SHORTEST, LONGEST = 0.05, 30.0
"""Seconds of a block at the end, when there is little left; and at most, on a very large cluster."""

SECONDS = 0.5
"""Of a block on a small cluster: transfer, scheduling and writing take some milliseconds."""

BLOCKS_A_SECOND = 20
"""So many blocks all threads together may end: each is a transaction of the one store, on one disk."""

PARTS = 4
"""For each thread, of the pilot, and of what is left at the end."""

UNKNOWN = 0.01
"""Seconds of a run, where none has been measured."""


class Blocks:
    """The cells that are to be trained, in blocks of about the same time.

    The first blocks are small and from all over the cells. How long the runs of a cell take is
    interpolated between these, and scaled by how long the blocks before took: a map may have cells that
    take a thousand times longer than others.

    Parameters
    ----------
    counts : ndarray of int64, shape (cells,)
        How many runs of each cell are to be trained.
    threads : int
        Of the cluster, as it begins.
    """

    def __init__(self, counts: NDArray[np.int64], threads: int) -> None:
        self._counts = counts
        pilot, self._rest = pilot_and_rest(counts)
        if not len(pilot):
            pilot, self._rest = self._rest, pilot
        self._is_pilot = np.zeros(len(counts), np.bool_)
        self._is_pilot[pilot] = True
        parts = min(len(pilot), PARTS * max(threads, 1))
        self._pilot = np.array_split(pilot, parts) if parts else []
        # Of measured cells, rising: which they are, and seconds of a run.
        self._cells, self._seconds = np.zeros(0, np.int64), np.zeros(0)
        self._scale = 1.0
        self._is_measured = False

    def take(self, threads: int, is_idle: bool) -> NDArray[np.int64] | None:
        """Return the cells of the next block; None if there is none, or it is not known how large.

        Parameters
        ----------
        threads : int
            Of the cluster, now.
        is_idle : bool
            Whether no block is under way, from which more would be known.
        """
        if self._pilot:
            return self._pilot.pop(0)
        if not len(self._rest) or not (self._is_measured or is_idle):
            return None
        end = self._end(max(threads, 1))
        block, self._rest = self._rest[:end], self._rest[end:]
        return block

    def note(self, cells: NDArray[np.int64], seconds: Float64) -> None:
        """Take note of how long the runs of a block took.

        Parameters
        ----------
        cells : ndarray of int64, shape (runs,)
            The cell of each run, rising.
        seconds : ndarray of float64, shape (runs,)
        """
        if not len(cells):
            return
        self._is_measured = True
        expected = self._expected(cells).sum()
        if not self._is_pilot[cells[0]]:
            if seconds.sum() > 0 and expected > 0:
                # Half of the way, in the logarithm: a block may lie beside what was measured.
                self._scale *= float(np.sqrt(seconds.sum() / expected))
            return
        measured, first, count = np.unique(cells, return_index=True, return_counts=True)
        together = np.concatenate([self._cells, measured])
        means = np.concatenate([self._seconds, np.add.reduceat(seconds, first) / count])
        order = np.argsort(together)
        self._cells, self._seconds = together[order], means[order]

    def _expected(self, cells: NDArray[np.int64]) -> Float64:
        """Return how long a run of each cell is expected to take."""
        if not len(self._cells):
            return np.full(len(cells), self._scale * UNKNOWN)
        return np.asarray(self._scale * np.interp(cells, self._cells, self._seconds))

    def _end(self, threads: int) -> int:
        """Return how many of the cells that are left the next block has."""
        step = 1 + len(self._rest) // 1000
        some = self._rest[::step]
        left = step * float(self._counts[some] @ self._expected(some))
        worth = min(max(SECONDS, threads / BLOCKS_A_SECOND), LONGEST)
        wanted = max(min(worth, left / (PARTS * threads)), SHORTEST)
        first = self._rest[:RUNS_AT_A_TIME]
        counts = self._counts[first]
        is_within = (np.cumsum(counts * self._expected(first)) <= wanted) & (
            np.cumsum(counts) <= RUNS_AT_A_TIME
        )
        return max(int(np.count_nonzero(is_within)), 1)
