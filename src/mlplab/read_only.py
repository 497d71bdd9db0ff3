"""Records whose arrays cannot be written, also when they come out of a pickle or are copies."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np

Value = TypeVar("Value")


class ReadOnly:
    """Base of frozen dataclasses that hold arrays: it makes them read-only, also those in tuples.

    The arrays that were handed in stay as they are; the record holds views of them. NumPy's pickles and
    copies can be written, so that a record which comes out of one makes them read-only anew.

    Examples
    --------
    >>> from copy import deepcopy
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True, eq=False)
    ... class Sample(ReadOnly):
    ...     x: np.ndarray
    >>> sample = Sample(np.zeros(2))
    >>> sample.x.flags.writeable, deepcopy(sample).x.flags.writeable
    (False, False)
    """

    def __post_init__(self) -> None:
        self._make_read_only()

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._make_read_only()

    def _make_read_only(self) -> None:
        # A frozen dataclass refuses assignment, also to itself.
        vars(self).update({name: read_only(value) for name, value in vars(self).items()})


def read_only(value: Value) -> Value:
    """Return a read-only view of an array, a tuple with such views, or any other value itself."""
    view: Any = value
    if isinstance(value, np.ndarray) and value.flags.writeable:
        view = value.view()
        view.flags.writeable = False
    elif isinstance(value, tuple) and any(isinstance(each, np.ndarray) for each in value):
        view = tuple(read_only(each) for each in value)
    return view  # type: ignore[no-any-return]  # of the type that came
