"""What a worker does: a block of cells made anew from texts, trained by the engine on one thread."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.data import Samples
from mlplab.outcome_stream import stream_outcomes
from mlplab.run import Outcomes
from mlplab.spec import Experiment, Grid
from mlplab.store import spec_text
from mlplab.store.rows import as_columns, from_columns
from mlplab.sweep.candidates import Candidates, Cells

Columns = Mapping[str, NDArray[Any]]
"""Outcomes as numbers (`store.rows`), in the order of what was missing, which says whose they are."""


def cells_as_text(cells: Cells, places: NDArray[np.int64]) -> tuple[str, NDArray[np.int64]]:
    """Return cells as JSON for another process, and where the wanted ones are among them.

    A grid travels as its settings, the same text for all of its blocks; of other cells, the wanted ones
    do, each as its changes.
    """
    base = spec_text(cells.experiment)
    if isinstance(cells, Grid):
        return json.dumps({"base": base, "settings": list(cells.settings.items())}), places
    changes = cells.changes_texts(places)
    return json.dumps({"base": base, "changes": changes}), np.arange(len(places))


@lru_cache(maxsize=8)
def cells_from_text(text: str) -> Cells:
    """Return the cells of a text; a worker keeps the last few, since blocks of a grid have one text."""
    table = json.loads(text)
    base = Experiment(**json.loads(table["base"]))
    if "settings" in table:
        return Grid(base, dict(table["settings"]))
    return Candidates(base, [json.loads(each) for each in table["changes"]])


def samples_as_bytes(samples: Samples) -> bytes:
    """Return own samples in a form that can be read without mlplab."""
    return pickle.dumps({name: getattr(samples, name) for name in Samples.__dataclass_fields__})


@lru_cache(maxsize=2)
def samples_from_bytes(content: bytes) -> Samples:
    """Return the samples of some bytes; a worker keeps the last ones."""
    fields = pickle.loads(content)  # noqa: S301  # a cluster runs what its clients send
    for array in fields.values():
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
    return Samples(**fields)


def train_block(
    text: str, places: bytes, missing: bytes, seed: int, samples: bytes | None
) -> Columns:
    """Train the missing runs of some cells, on one thread: a worker runs as many tasks as it has threads.

    Parameters
    ----------
    text : str
        The cells, as `cells_as_text` wrote them.
    places : bytes
        Of an array of int64: which of them the block has.
    missing : bytes
        Of an array of bool, shape (cells of the block, replications): which runs to train.
    seed : int
        Of the first replication.
    samples : bytes, optional
        Own samples, as `samples_as_bytes` wrote them.

    Raises
    ------
    As `stream_outcomes`.
    """
    which = np.frombuffer(places, np.int64)
    cell, replication = np.nonzero(np.frombuffer(missing, np.bool_).reshape(len(which), -1))
    outcomes = Outcomes.concatenate(
        stream_outcomes(
            [each.experiment for each in cells_from_text(text).cells(which.tolist())],
            cell,
            seed + replication,
            finite=None if samples is None else samples_from_bytes(samples),
            threads=1,
        )
    )
    columns = as_columns(outcomes[np.lexsort((outcomes.seed, outcomes.experiment))])
    del columns["experiment"], columns["seed"]
    return columns


def outcomes_of(columns: Columns, missing: NDArray[np.bool_], seed: int) -> Outcomes:
    """Return what a block came to, given which runs were missing, shape (cells, replications)."""
    cell, replication = np.nonzero(missing)
    return from_columns({**columns, "experiment": cell, "seed": seed + replication})
