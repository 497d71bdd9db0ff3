"""Records with arrays stay read-only, also through pickle and copy."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from mlplab.read_only import ReadOnly


@dataclass(frozen=True, eq=False)
class Record(ReadOnly):
    """A name, an array and a tuple of arrays."""

    name: str
    array: NDArray[np.float64]
    layers: tuple[NDArray[np.float64], ...]


WAYS: dict[str, Callable[[Record], Record]] = {
    "made": lambda record: record,
    "pickled": lambda record: pickle.loads(pickle.dumps(record)),
    "copied": copy.copy,
    "copied deeply": copy.deepcopy,
    "replaced": lambda record: replace(record, array=np.ones(3)),
}


@pytest.mark.parametrize("way", WAYS)
def test_arrays_cannot_be_written(way: str) -> None:
    record = WAYS[way](Record("a", np.ones(3), (np.zeros((2, 2)), np.zeros(2))))
    assert (record.name, record.array.tolist(), len(record.layers)) == ("a", [1, 1, 1], 2)
    for array in (record.array, *record.layers):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 5


def test_the_arrays_that_were_handed_in_stay_as_they_are() -> None:
    array = np.ones(3)
    record = Record("a", array, ())
    array[0] = 7
    assert record.array[0] == 7
