"""Names of columns are checked in a time that grows with their number, and not with its square."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlplab.data.arrays import checked_arrays
from mlplab.data.columns import check_names
from mlplab.errors import DataError

MANY = 3000


class Name(str):
    """A name that counts how often it is compared."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        Name.compared += 1
        return str.__eq__(self, str(other))

    def __hash__(self) -> int:
        return str.__hash__(self)

    def strip(self, chars: Any = None) -> Name:
        return self


class Table:
    source = "own.csv"

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def where(self, row: int) -> str:
        return self.source

    def holds_numbers(self, name: str) -> bool:
        return True

    def numbers(self, name: str) -> Any:
        return np.zeros(1)

    def values(self, name: str) -> Any:
        return np.zeros(1)


def test_many_columns_are_compared_few_times():
    names = [Name(f"c{i}") for i in range(MANY)]
    Name.compared = 0
    check_names(Table(list(names)), (), "label", [str(name) for name in names])
    assert Name.compared < 10 * MANY


def test_two_columns_of_one_name_are_refused_with_the_first():
    with pytest.raises(DataError, match=r"^own\.csv: 3 columns are called 'b'$"):
        check_names(Table(["a", "b", "", "c", "b", "c", "", "b"]), (), "label", None)
    with pytest.raises(DataError, match=r"did you mean 'c1'\? \(known: c0, .*, …\)"):
        check_names(Table([f"c{i}" for i in range(30)]), (), "label", ["C1"])
    x, y = np.zeros((4, 3)), [0, 1, 0, 1]
    with pytest.raises(DataError, match="each feature needs a name of its own, received 'b'"):
        checked_arrays(x, y, None, ["a", "b", "b"], "arrays")
