"""A Dask cluster on this machine: a scheduler and workers of one thread, each a process of its own."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from mlplab.bench.process import begin_process, environment, settings_of_libraries

LOOPBACK = "127.0.0.1"

QUIET = {"DASK_LOGGING__DISTRIBUTED": "critical"}

ADDRESS = "DASK_SCHEDULER_ADDRESS"
"""The variable, of Dask's own, that names the scheduler to processes that are started meanwhile."""

CLOSING = 10.0
"""Seconds in which a process should end when it is told to."""

Serve = Callable[[Connection, str], Coroutine[Any, Any, None]]


@contextmanager
def started_cluster(workers: int, folder: Path) -> Iterator[str]:
    """Start a cluster, and give the address of its scheduler; `ADDRESS` names it meanwhile.

    Parameters
    ----------
    workers : int
        Each with one thread. All processes together have as many cores.
    folder : Path
        Where the workers' files go.

    Raises
    ------
    ImportError
        If Dask's `distributed`, which is installed, cannot be imported.
    RuntimeError
        If a process ended before it was ready.
    """
    with ExitStack() as stack:
        stack.enter_context(settings_of_libraries(1, folder))
        stack.enter_context(environment(QUIET))
        address = stack.enter_context(_process(_scheduler, "", workers))
        for _ in range(workers):
            stack.enter_context(_process(_worker, address, workers))
        stack.enter_context(environment({ADDRESS: address}))
        yield address


@contextmanager
def _process(serve: Serve, scheduler: str, cores: int) -> Iterator[str]:
    """Start a process of the cluster, and give its address once it is ready."""
    context = multiprocessing.get_context("spawn")
    connection, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, serve, scheduler, cores), daemon=True)
    process.start()
    theirs.close()
    try:
        try:
            why, address = connection.recv()
        except EOFError:
            process.join()
            ended = f"a process of the Dask cluster ended, status {process.exitcode}"
            raise RuntimeError(ended) from None
        if why is not None:
            raise ImportError(why)
        yield address
    finally:
        connection.close()
        process.join(CLOSING)
        process.terminate()
        process.join()


def _serve(connection: Connection, serve: Serve, scheduler: str, cores: int) -> None:
    """Be a scheduler or a worker until the connection is closed, in its process."""
    begin_process(cores)
    try:
        import distributed  # noqa: F401  # whether it can be
    except ImportError as error:
        connection.send((str(error), None))
        return
    asyncio.run(serve(connection, scheduler))


async def _scheduler(connection: Connection, _: str) -> None:
    from distributed import Scheduler

    async with Scheduler(host=LOOPBACK, port=0, dashboard_address=f"{LOOPBACK}:0") as scheduler:
        await _ready(connection, scheduler.address)


async def _worker(connection: Connection, scheduler: str) -> None:
    from distributed import Worker

    async with Worker(scheduler, host=LOOPBACK, nthreads=1, dashboard=False) as worker:
        await _ready(connection, worker.address)


async def _ready(connection: Connection, address: str) -> None:
    """Tell the address, and wait until the connection is closed."""
    connection.send((None, address))
    await asyncio.to_thread(_wait_for_end, connection)


def _wait_for_end(connection: Connection) -> None:
    try:
        connection.recv()
    except EOFError:
        return
