"""Train the cells of a grid, some thousands at a time, and hand out what ends."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlplab.data import Samples
from mlplab.outcome_stream import stream_outcomes
from mlplab.run import Outcomes
from mlplab.spec import Cell, Grid

RUNS_AT_A_TIME = 1 << 15
"""Runs of a chunk, about: a second or so of small networks, and some ten megabytes."""


@dataclass(frozen=True)
class Chunk:
    """Cells that are trained together.

    Attributes
    ----------
    places : ndarray of int64, shape (cells,)
        Which cells of the grid they are.
    cells : list of Cell
    """

    places: NDArray[np.int64]
    cells: list[Cell]


def train_grid(
    grid: Grid,
    missing: NDArray[np.bool_],
    seed: int,
    *,
    finite: Samples | None = None,
    threads: int | None = None,
) -> Iterator[tuple[Chunk, Outcomes]]:
    """Train the runs of a grid that are missing.

    Parameters
    ----------
    grid : Grid
    missing : ndarray of bool, shape (cells, replications)
    seed : int
        Of the first replication.
    finite, threads
        As in `stream_outcomes`.

    Yields
    ------
    Chunk, Outcomes
        Runs of the chunk that have ended since; their `experiment` is a place in the chunk.

    Raises
    ------
    As `stream_outcomes`, and SpecError for a cell whose values do not fit together.
    """

    def prepare(places: NDArray[np.int64]) -> tuple[Chunk, Iterator[Outcomes]]:
        chunk = Chunk(places, list(grid.cells(places.tolist())))
        which, replication = np.nonzero(missing[places])
        experiments = [cell.experiment for cell in chunk.cells]
        return chunk, stream_outcomes(
            experiments, which, seed + replication, finite=finite, threads=threads
        )

    counts = missing.sum(axis=1)
    wanted = np.flatnonzero(counts)
    ends = np.flatnonzero(np.diff(np.cumsum(counts[wanted]) // RUNS_AT_A_TIME)) + 1
    # A chunk is prepared while the one before it trains.
    with ThreadPoolExecutor(1) as aside:
        waiting = None
        for places in [*np.split(wanted, ends), None]:
            coming = None if places is None else aside.submit(prepare, places)
            if waiting is not None:
                chunk, blocks = waiting.result()
                for outcomes in blocks:
                    yield chunk, outcomes
            waiting = coming
