"""The option --scheduler: train on a Dask cluster, which somebody else has started."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from mlplab.errors import ClusterError, MlplabError, shown

if TYPE_CHECKING:
    from mlplab.sweep.cluster import Cluster

TIMEOUT = 10.0
"""Seconds in which a scheduler must answer for the first time."""

Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="tcp://HOST:PORT",
        help="Train on the workers of this Dask cluster, with their threads; tls:// with the "
        "certificates of Dask's configuration.",
        show_default=False,
    ),
]


@contextmanager
def connected(scheduler: str | None, threads: int | None) -> Iterator[Cluster | None]:
    """Connect to a cluster and check its workers; None without a scheduler's address.

    Raises
    ------
    MlplabError
        If the address is none, or the number of threads is given, too.
    ClusterError
        If no scheduler answers there, or its workers cannot be used.
    MissingExtraError
        If Dask is not installed.
    """
    if scheduler is None:
        yield None
        return
    if threads is not None:
        raise MlplabError("with --scheduler the threads are the workers': leave out --threads")
    _check_address(scheduler)
    from mlplab.sweep.cluster import Cluster, check_distributed

    check_distributed()
    from distributed import Client

    with _quiet():
        try:
            client = Client(scheduler, timeout=TIMEOUT, set_as_default=False)
        except OSError as error:
            raise ClusterError(f"no scheduler answers at '{scheduler}': {error}") from error
        except (TypeError, ValueError) as error:  # no certificates, or an unknown kind of address
            raise ClusterError(f"'{scheduler}' cannot be connected to: {error}") from error
        try:
            yield Cluster(client, say=lambda sentence: typer.echo(f"mlplab: {sentence}", err=True))
        finally:
            client.close(timeout=TIMEOUT)


def _check_address(scheduler: str) -> None:
    found = re.fullmatch(r"[a-z]+://[^/\s]+:([0-9]{1,5})", scheduler)
    if found is None or not 0 < int(found[1]) < 1 << 16:
        raise MlplabError(
            "--scheduler expects an address such as tcp://127.0.0.1:8786, received "
            f"{shown(scheduler)}"
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask from logging to stderr: what matters of it comes as an error, in a sentence."""
    import distributed.config  # noqa: F401  # it sets the levels when it is imported

    loggers = [
        logging.getLogger(name)
        for name in ["distributed", *logging.Logger.manager.loggerDict]
        if name.split(".")[0] == "distributed"
    ]
    before = [each.level for each in loggers]
    for each in loggers:
        each.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for each, level in zip(loggers, before, strict=True):
            each.setLevel(level)
