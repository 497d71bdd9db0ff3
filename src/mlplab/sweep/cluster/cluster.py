"""A Dask cluster: whether it answers, which workers it has, and whether these may train for us."""

from __future__ import annotations

import asyncio
import platform
import time
import uuid
import warnings
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as NotInTimeError
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from mlplab.data import Samples
from mlplab.errors import ClusterError, MissingExtraError, MlplabError, shown
from mlplab.sweep.cluster.sent import tell_versions_by_value, train_block_by_value
from mlplab.sweep.cluster.task import samples_as_bytes
from mlplab.sweep.cluster.versions import Versions, difference, versions

if TYPE_CHECKING:
    import distributed

ANSWER = 30.0
"""Seconds in which the scheduler must answer a question."""

LOOK = 1.0
"""Seconds between two looks at the workers."""

Say = Callable[[str], None]


class Cluster:
    """A client of a Dask cluster whose workers were checked.

    Every worker must have this process's versions (`versions.versions`) and its Python; those that join
    later are checked when they train.

    Parameters
    ----------
    client : distributed.Client
        One that is not asynchronous. It stays the caller's: it is not closed.
    say : callable, optional
        Told in a sentence of each worker that joins and may not train; by default it is a warning.
    first_worker : float
        Seconds to wait for a first worker. Adaptive clusters start one once there is work.
    lost_workers : float
        Seconds to wait for another worker when there is none any more.

    Attributes
    ----------
    address : str
        Of the scheduler.

    Raises
    ------
    ClusterError
        If the scheduler does not answer, no worker comes in time, or a worker differs: which, and how.
    MlplabError
        If the client is none, or an asynchronous one.
    """

    def __init__(
        self,
        client: distributed.Client,
        say: Say | None = None,
        *,
        first_worker: float = 60.0,
        lost_workers: float = 300.0,
    ) -> None:
        check_distributed()
        from distributed import Client

        if not isinstance(client, Client):
            raise MlplabError(f"client must be a distributed.Client, received {shown(client)}")
        if client.asynchronous:
            raise MlplabError("client must not be asynchronous: distributed.Client(address)")
        self._client = client
        self._say = say or _warn
        self._lost_workers = lost_workers
        self.address = str(client.scheduler.address)
        self._refused: set[str] = set()
        self._samples: dict[str, Any] = {}
        self._threads: Mapping[str, int] = {}
        self._looked = self._had_workers = time.monotonic()
        self._train_block = train_block_by_value(dict(versions()))
        self._wait_for_a_worker(first_worker)
        self._check_workers()

    @classmethod
    def of(cls, client: distributed.Client | Cluster) -> Cluster:
        """Return the cluster of a client; a cluster itself, which has been checked."""
        return client if isinstance(client, cls) else cls(cast("distributed.Client", client))

    @property
    def threads(self) -> int:
        """Threads of all workers that may train."""
        return sum(count for each, count in self._threads.items() if each not in self._refused)

    def look(self) -> None:
        """See which workers there are, about once a second.

        Raises
        ------
        ClusterError
            If the scheduler is lost or does not answer, or there has been no worker for long.
        """
        self._check_connection()
        now = time.monotonic()
        if now - self._looked < LOOK:
            return
        self._threads = self._ask(self._client.nthreads)
        self._looked = now = time.monotonic()
        # A worker that is started anew, with our versions, may have the address of one that had others.
        self._refused &= set(self._threads)
        if self.threads:
            self._had_workers = now
        elif now - self._had_workers > self._lost_workers:
            differing = f" ({len(self._refused)} of other versions)" if self._refused else ""
            raise ClusterError(
                f"the cluster at '{self.address}' has had no worker for {self._lost_workers:.0f} s"
                f"{differing}"
            )

    def submit(self, *arguments: Any, samples: Samples | None) -> Submitted:
        """Hand in a block, as `task.train_block` takes it, and its samples."""
        self._check_connection()
        key = f"mlplab-block-{uuid.uuid4().hex}"
        workers = sorted(set(self._threads) - self._refused) if self._refused else None
        future = self._client.submit(
            self._train_block,
            *arguments,
            None if samples is None else self._held(samples),
            key=key,
            workers=workers,
        )

        async def result() -> Any:
            return await future

        return Submitted(self._in_loop(result()), workers, future)

    def is_out_of_reach(self, submitted: Submitted) -> bool:
        """Tell whether a block may be trained by workers only that are all gone."""
        workers = submitted.workers
        return workers is not None and not set(workers) & set(self._threads)

    def refuse(self, address: str, name: str, theirs: Versions) -> None:
        """Give no more blocks to a worker that joined and differs, and say so once."""
        if address not in self._refused:
            self._refused.add(address)
            self._say(f"the worker '{address}' (name {name}) gets no work: it {difference(theirs)}")

    def _check_connection(self) -> None:
        # A client that loses its scheduler waits for another one there, which would know of nothing.
        if self._client.status != "running":
            raise ClusterError(f"the scheduler at '{self.address}' was lost")

    def _held(self, samples: Samples) -> Any:
        """Return a task that gives the samples, the same for all commands that have the same ones.

        The scheduler has them: it makes them anew when a worker that had them dies. A task that it gave
        up keeps its name for as long as blocks wait for it, so that the next one needs another name.
        """
        held = self._samples.get(samples.content)
        if held is None or held.status in ("cancelled", "error"):
            key = f"mlplab-samples-{samples.content}"
            if held is not None:
                key += f"-{uuid.uuid4().hex}"
            with warnings.catch_warnings():
                # Of a large graph; that the scheduler has it is what is wanted.
                warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
                held = self._client.submit(bytes, samples_as_bytes(samples), key=key)
            self._samples = {samples.content: held}
        return held

    def _wait_for_a_worker(self, seconds: float) -> None:
        end, probe = time.monotonic() + seconds, None
        while not (found := self._ask(self._client.nthreads)):
            if probe is None:
                probe = self._client.submit(int, key=f"mlplab-probe-{uuid.uuid4().hex}")
            if time.monotonic() > end:
                raise ClusterError(
                    f"the cluster at '{self.address}' has no workers, and none came within "
                    f"{seconds:.0f} s: start some with  dask worker {self.address}"
                )
            time.sleep(0.1)
        self._threads = found

    def _check_workers(self) -> None:
        """Refuse workers that run another Python or have other versions."""
        ours = ".".join(platform.python_version_tuple()[:2])
        # What is sent by value next can be read by the same Python only.
        differing = {
            address: f"runs Python {said}, and this is {ours}"
            for address, said in self._run(platform.python_version).items()
            if not str(said).startswith(f"{ours}.")
        }
        if not differing:
            told = self._run(tell_versions_by_value())
            differing = {address: why for address, said in told.items() if (why := _differs(said))}
        if differing:
            (address, why), *others = differing.items()
            name = self._client.scheduler_info()["workers"].get(address, {}).get("name")
            number = f"{len(others)} other workers differ" if others[1:] else "another one differs"
            more = f" ({number}, too)" if others else ""
            raise ClusterError(f"the worker '{address}' (name {name}) {why}{more}")

    def _run(self, function: Callable[[], Any]) -> dict[str, Any]:
        """Call a function on all workers, and return what each said or raised; none that is gone."""
        answers: dict[str, Any] = self._ask(lambda: self._client.run(function, on_error="return"))
        if any(isinstance(answer, OSError) for answer in answers.values()):
            there = self._ask(self._client.nthreads)
            answers = {address: each for address, each in answers.items() if address in there}
        return answers

    def _ask(self, question: Callable[[], Awaitable[Any]]) -> Any:
        """Put a question to the scheduler.

        Raises
        ------
        ClusterError
            If it does not answer in time, or is lost.
        """

        async def ask() -> Any:
            return await question()

        asked = self._in_loop(ask())
        try:
            return asked.result(ANSWER)
        except NotInTimeError:
            asked.cancel()
            raise ClusterError(
                f"the scheduler at '{self.address}' has not answered for {ANSWER:.0f} s"
            ) from None
        except (OSError, CancelledError) as error:
            raise ClusterError(f"the scheduler at '{self.address}' was lost: {error}") from error

    def _in_loop(self, coroutine: Coroutine[Any, Any, Any]) -> Future[Any]:
        """Run a coroutine in the client's thread, where its methods wait for nothing."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._client.loop.asyncio_loop)


@dataclass(frozen=True)
class Submitted:
    """A block that was handed in.

    Attributes
    ----------
    result : concurrent.futures.Future
        What the task returns or raises, on this machine.
    workers : list of str, optional
        Those that may train it; None for all.
    """

    result: Future[Any]
    workers: list[str] | None
    _future: distributed.Future

    def release(self) -> None:
        """Let the scheduler forget the block: it is not begun any more, and its result is dropped."""
        self.result.cancel()
        self._future.release()


def check_distributed() -> None:
    """Refuse to go on without Dask.

    Raises
    ------
    MissingExtraError
        If `distributed` is not installed.
    """
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise MissingExtraError("a cluster needs Dask's distributed", "cluster") from error


def _differs(said: Any) -> str | None:
    if isinstance(said, Exception):
        return f"cannot be asked for its versions ({said})"
    return difference(said)


def _warn(sentence: str) -> None:
    warnings.warn(sentence, RuntimeWarning, stacklevel=4)
