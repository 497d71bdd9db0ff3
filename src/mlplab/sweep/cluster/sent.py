"""Functions that travel to a worker by their code, not by their names.

Dask's scheduler unpickles what it hands on. It need not have mlplab: what stands inside of a function
is pickled by value, and imports mlplab once it is called, on the worker.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

TellVersions = Callable[[], dict[str, str]]


def tell_versions_by_value() -> TellVersions:
    """Return a function that tells the versions of the process that it runs in, or why it cannot."""

    def tell_versions() -> dict[str, str]:
        try:
            from mlplab.sweep.cluster.versions import versions
        except ImportError as error:
            return {"error": str(error)}
        return dict(versions())

    return tell_versions


def train_block_by_value(expected: dict[str, str]) -> Callable[..., dict[str, Any]]:
    """Return a function that trains a block, if the worker has the versions that are expected.

    It takes the arguments of `task.train_block`, and returns a table with the worker's address and its
    name, and either the block's `columns` or the `versions` that differ: a worker may join at any time.
    """
    tell_versions = tell_versions_by_value()

    def train_block(*arguments: Any) -> dict[str, Any]:
        from distributed import get_worker

        worker = get_worker()
        said = {"address": worker.address, "name": str(worker.name)}
        versions = tell_versions()
        if versions != expected:
            return {**said, "versions": versions}
        from mlplab.sweep.cluster import task

        return {**said, "columns": task.train_block(*arguments)}

    return train_block
