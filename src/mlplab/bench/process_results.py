"""A process that works, and tells of each result as it has it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from mlplab.bench.process import begin_process, settings_of_libraries

Result = TypeVar("Result")
Work = Callable[[Callable[[Any], None]], None]
"""Does all of the work, and hands each result to what it is given."""


def results_of_process(
    prepare: Callable[..., Work],
    arguments: tuple[Any, ...],
    count: int,
    threads: int,
    on_result: Callable[[Result], None],
    called: str,
    each: str = "results",
) -> list[Result]:
    """Return the results of some work that is done in a process of its own.

    Parameters
    ----------
    prepare : callable
        Of a module: imports what is needed, and returns the work.
    arguments : tuple
        Of `prepare`.
    count : int
        How many results there will be.
    threads : int
        And cores, of the process.
    on_result : callable
        Called with each result when it is there.
    called : str
        What messages call the process.
    each : str
        What they call the results.

    Raises
    ------
    ImportError
        If a module cannot be imported.
    RuntimeError
        If the process ended before it was done.
    """
    context = multiprocessing.get_context("spawn")
    connection, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=_serve, args=(theirs, threads, prepare, arguments), daemon=True
    )
    with settings_of_libraries(threads):
        process.start()
    theirs.close()
    found: list[Result] = []
    try:
        why = connection.recv()
        if why is not None:
            raise ImportError(why)
        while len(found) < count:
            found.append(connection.recv())
            on_result(found[-1])
    except EOFError:
        process.join()
        ended = f"the process of {called} ended, status {process.exitcode}"
        raise RuntimeError(f"{ended}, after {len(found)} of {count} {each}") from None
    finally:
        process.terminate()
        process.join()
        connection.close()
    return found


def _serve(
    connection: Connection, threads: int, prepare: Callable[..., Work], arguments: tuple[Any, ...]
) -> None:
    """Work, in the process."""
    begin_process(threads)
    try:
        work = prepare(*arguments)
    except ImportError as error:
        connection.send(str(error))
        return
    connection.send(None)
    work(connection.send)
