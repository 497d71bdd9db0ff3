"""Train cells on a cluster: some blocks are under way, and each is done once, whatever dies meanwhile."""

from __future__ import annotations

import queue
from collections.abc import Generator
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.data import Samples
from mlplab.errors import ClusterError
from mlplab.run import Outcomes
from mlplab.sweep.candidates import Cells
from mlplab.sweep.chunks import Chunk, FindMissing
from mlplab.sweep.cluster.blocks import Blocks
from mlplab.sweep.cluster.cluster import LOOK, Cluster, Submitted
from mlplab.sweep.cluster.task import cells_as_text, outcomes_of

UNDER_WAY = 2
"""Blocks for each thread: one is trained, and the next one waits beside it."""

GIVEN_UP = 3
"""So often Dask may give a block up, each time after several workers died of it, if no other one ends."""


@dataclass(eq=False)
class _Block:
    """Cells that one task trains.

    Attributes
    ----------
    chunk : Chunk
    missing : ndarray of bool, shape (cells, replications)
        Which of their runs it trains.
    submitted : Submitted
    given_up : int
        How often Dask gave it up since a block ended.
    """

    chunk: Chunk
    missing: NDArray[np.bool_]
    submitted: Submitted
    given_up: int = 0


class ClusterTrainer:
    """Trains the runs of cells that are missing, on a cluster; as `CellTrainer` does on this machine.

    Parameters
    ----------
    cells, seed, find_missing, finite
        As of `CellTrainer`.
    cluster : Cluster
    """

    def __init__(
        self,
        cells: Cells,
        seed: int,
        find_missing: FindMissing,
        finite: Samples | None,
        cluster: Cluster,
    ) -> None:
        self._cells, self._seed, self._find_missing = cells, seed, find_missing
        self._finite, self._cluster = finite, cluster
        self._under_way: dict[Future[Any], _Block] = {}
        self._ended: queue.SimpleQueue[Future[Any]] = queue.SimpleQueue()

    def train(self, missing: NDArray[np.bool_]) -> Generator[tuple[Chunk, Generator[Outcomes]]]:
        """Train, and yield each block that has ended with its outcomes, in no particular order.

        Closing the generator cancels what is under way.

        Parameters
        ----------
        missing : ndarray of bool, shape (cells, replications)
            What may be missing; cells without any are left out.

        Raises
        ------
        ClusterError
            If the scheduler or all workers are lost, or a block kills whatever trains it.
        As `stream_outcomes` on a worker, and SpecError for a cell whose values do not fit together.
        """
        blocks = Blocks(missing.sum(axis=1), self._cluster.threads)
        try:
            while True:
                while (chunk := self._next_chunk(blocks)) is not None:
                    wanted = self._find_missing(chunk)
                    if wanted.any():
                        self._submit(chunk, wanted)
                    else:
                        yield chunk, _outcomes()
                if not self._under_way:
                    return
                if (ended := self._wait()) is not None:
                    chunk, outcomes = ended
                    blocks.note(chunk.places[outcomes.experiment], outcomes.seconds)
                    yield chunk, _outcomes(outcomes)
        finally:
            for block in self._under_way.values():
                block.submitted.release()
            self._under_way.clear()

    def _next_chunk(self, blocks: Blocks) -> Chunk | None:
        threads = self._cluster.threads
        if len(self._under_way) >= UNDER_WAY * max(threads, 1):
            return None
        places = blocks.take(threads, is_idle=not self._under_way)
        return None if places is None else Chunk(places, list(self._cells.cells(places.tolist())))

    def _submit(self, chunk: Chunk, missing: NDArray[np.bool_], given_up: int = 0) -> None:
        text, places = cells_as_text(self._cells, chunk.places)
        submitted = self._cluster.submit(
            *(text, places.tobytes(), missing.tobytes(), self._seed), samples=self._finite
        )
        self._under_way[submitted.result] = _Block(chunk, missing, submitted, given_up)
        submitted.result.add_done_callback(self._ended.put)

    def _wait(self) -> tuple[Chunk, Outcomes] | None:
        """Wait for a block that ends, about a second; those that must be are submitted again."""
        self._cluster.look()
        for result, block in list(self._under_way.items()):
            if self._cluster.is_out_of_reach(block.submitted):
                self._again(result)
        try:
            result = self._ended.get(timeout=LOOK)
        except queue.Empty:
            return None
        if result not in self._under_way:
            return None  # it was submitted again
        return self._ending(result)

    def _ending(self, result: Future[Any]) -> tuple[Chunk, Outcomes] | None:
        """Return what became of a block: its outcomes, or None if it was submitted again."""
        from distributed.scheduler import KilledWorker

        block = self._under_way[result]
        try:
            said = result.result()
        except (KilledWorker, CancelledError, OSError) as error:
            self._cluster.look()
            block.given_up += 1
            if block.given_up >= GIVEN_UP:
                raise ClusterError(
                    f"a block of {np.count_nonzero(block.missing):,} runs was given up {GIVEN_UP} times, "
                    f"and no other one ended meanwhile; see the workers' logs, at last: {error}"
                ) from error
            self._again(result)
            return None
        if "versions" in said:
            self._cluster.refuse(said["address"], said["name"], said["versions"])
            self._again(result)
            return None
        del self._under_way[result]
        block.submitted.release()
        for other in self._under_way.values():
            other.given_up = 0
        return block.chunk, outcomes_of(said["columns"], block.missing, self._seed)

    def _again(self, result: Future[Any]) -> None:
        block = self._under_way.pop(result)
        block.submitted.release()
        self._submit(block.chunk, block.missing, block.given_up)


def _outcomes(*blocks: Outcomes) -> Generator[Outcomes]:
    yield from blocks
