"""What cells are: a grid's, or any list of changes to one experiment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mlplab.spec import Cell, Experiment
from mlplab.store import changes_text


class Cells(Protocol):
    """Numbered variants of one experiment; `spec.Grid` is one."""

    experiment: Experiment

    def __len__(self) -> int: ...

    def changes(self, cell: int) -> dict[str, Any]:
        """Return what a cell changes: values by their paths."""
        ...

    def changes_texts(self, places: NDArray[np.int64]) -> list[str]:
        """Return what some cells change, as the texts that a store keeps."""
        ...

    def cells(self, places: Iterable[int]) -> Iterator[Cell]:
        """Go through some cells."""
        ...


class Candidates:
    """An experiment with any changes.

    Parameters
    ----------
    experiment : Experiment
        One that has a key: where its samples come from a file, their content is pinned.
    changes : sequence of mapping
        Of each cell, values by their paths.

    Examples
    --------
    >>> cells = Candidates(Experiment(dataset="linear"), [{"training.batch_size": 4}, {}])
    >>> [cell.experiment.training.batch_size for cell in cells.cells([0, 1])]
    [4, 32]
    """

    def __init__(self, experiment: Experiment, changes: Sequence[Mapping[str, Any]]) -> None:
        self.experiment = experiment
        self._changes = [dict(each) for each in changes]

    def __len__(self) -> int:
        return len(self._changes)

    def extend(self, changes: Sequence[Mapping[str, Any]]) -> None:
        """Add cells after those that are there."""
        self._changes += [dict(each) for each in changes]

    def changes(self, cell: int) -> dict[str, Any]:
        """Return what a cell changes."""
        return dict(self._changes[cell])

    def changes_texts(self, places: NDArray[np.int64]) -> list[str]:
        """Return what some cells change, each as JSON with sorted keys and no spaces."""
        return [changes_text(self._changes[place]) for place in places.tolist()]

    def cells(self, places: Iterable[int]) -> Iterator[Cell]:
        """Go through some cells.

        Raises
        ------
        SpecError
            If the values of one do not fit together.
        """
        for place in places:
            experiment = self.experiment.varied(self._changes[place])
            yield Cell(experiment, experiment.key)
