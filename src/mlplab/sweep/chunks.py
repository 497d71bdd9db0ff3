"""Train cells, some thousands at a time: the next ones are prepared meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from mlplab.data import Samples
from mlplab.outcome_stream import stream_outcomes
from mlplab.run import Outcomes
from mlplab.spec import Cell
from mlplab.sweep.candidates import Cells

RUNS_AT_A_TIME = 1 << 15
"""Runs of a chunk, about: a second or so of small networks, and some ten megabytes."""


PILOT_RUNS = 256
"""Runs of the first chunk, about. Its cells lie all over them: they tell how long all will take."""


@dataclass(frozen=True)
class Chunk:
    """Cells that are trained together.

    Attributes
    ----------
    places : ndarray of int64, shape (cells,)
        Which cells they are, rising.
    cells : list of Cell
    """

    places: NDArray[np.int64]
    cells: list[Cell]


FindMissing = Callable[[Chunk], NDArray[np.bool_]]


class CellTrainer:
    """Trains the runs of cells that are missing.

    Parameters
    ----------
    cells : Cells
    seed : int
        Of the first replication.
    find_missing : callable
        Called with each chunk, before it is trained, in the thread that iterates; returns which of its
        runs are to be trained, shape (cells, replications).
    finite, threads
        As in `stream_outcomes`.
    """

    def __init__(
        self,
        cells: Cells,
        seed: int,
        find_missing: FindMissing,
        finite: Samples | None = None,
        threads: int | None = None,
    ) -> None:
        self._cells, self._seed, self._find_missing = cells, seed, find_missing
        self._finite, self._threads = finite, threads

    def train(self, missing: NDArray[np.bool_]) -> Generator[tuple[Chunk, Generator[Outcomes]]]:
        """Train, and yield each chunk with its outcomes, which are to be gone through before the next.

        Outcomes come as runs end; their `experiment` is a place in the chunk.

        Parameters
        ----------
        missing : ndarray of bool, shape (cells, replications)
            What may be missing; cells without any are left out.

        Raises
        ------
        As `stream_outcomes`, and SpecError for a cell whose values do not fit together.
        """
        places = list(_parts(missing.sum(axis=1)))
        with ThreadPoolExecutor(1) as aside:
            coming = [_Coming(self, aside, part) for part in places[:1]]
            for number in range(len(places)):
                now = coming.pop()
                outcomes = now.outcomes()
                if number + 1 < len(places):
                    coming.append(_Coming(self, aside, places[number + 1]))
                yield now.chunk, _advancing(outcomes, coming)

    def make(self, places: NDArray[np.int64]) -> Chunk:
        """Make the cells of a chunk, in a thread aside."""
        return Chunk(places, list(self._cells.cells(places.tolist())))

    def find_missing(self, chunk: Chunk) -> NDArray[np.bool_]:
        """Ask which runs of a chunk are missing."""
        return self._find_missing(chunk)

    def stream(self, chunk: Chunk, missing: NDArray[np.bool_]) -> Generator[Outcomes]:
        """Prepare the training of a chunk, in a thread aside; it trains once it is gone through."""
        which, replication = np.nonzero(missing)
        return stream_outcomes(
            [cell.experiment for cell in chunk.cells],
            which,
            self._seed + replication,
            finite=self._finite,
            threads=self._threads,
        )


def _parts(counts: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Yield the cells of each chunk, given how many runs of each cell are missing."""
    pilot, wanted = pilot_and_rest(counts)
    if len(pilot):
        yield pilot
    ends = np.flatnonzero(np.diff(np.cumsum(counts[wanted]) // RUNS_AT_A_TIME)) + 1
    yield from (part for part in np.split(wanted, ends) if len(part))


def pilot_and_rest(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return some cells from all over, with about `PILOT_RUNS` runs, and the others; rising.

    Parameters
    ----------
    counts : ndarray of int64, shape (cells,)
        How many runs of each cell are to be trained; cells without any are left out. Of few runs there
        is no pilot.
    """
    wanted = np.flatnonzero(counts)
    step = min(int(counts.sum()) // PILOT_RUNS, len(wanted))
    if step <= 1:
        return wanted[:0], wanted
    return wanted[step // 2 :: step], np.delete(wanted, np.s_[step // 2 :: step])


class _Coming:
    """A chunk on its way: its cells are made, then what is missing is found, then it is laid out."""

    chunk: Chunk

    def __init__(
        self, trainer: CellTrainer, aside: ThreadPoolExecutor, places: NDArray[np.int64]
    ) -> None:
        self._trainer, self._aside = trainer, aside
        self._made = aside.submit(trainer.make, places)
        self._stream: Future[Generator[Outcomes]] | None = None

    def advance(self, wait: bool = False) -> None:
        """Go to the next step, if the one before is done."""
        if self._stream is None and (wait or self._made.done()):
            self.chunk = self._made.result()
            missing = self._trainer.find_missing(self.chunk)
            self._stream = self._aside.submit(partial(self._trainer.stream, self.chunk, missing))

    def outcomes(self) -> Generator[Outcomes]:
        """Return what trains the chunk, once all steps are done."""
        self.advance(wait=True)
        assert self._stream is not None  # noqa: S101  # what waiting comes to
        return self._stream.result()


def _advancing(outcomes: Generator[Outcomes], coming: list[_Coming]) -> Generator[Outcomes]:
    with closing(outcomes):
        for block in outcomes:
            yield block
            for chunk in coming:
                chunk.advance()
