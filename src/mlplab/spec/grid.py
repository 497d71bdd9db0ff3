"""A grid of variants: an experiment with every combination of the values of some settings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from mlplab.errors import SpecError
from mlplab.spec.canonical import (
    canonical_form,
    canonical_text,
    key_of_text,
    without_place,
)
from mlplab.spec.datasets import DatasetSpec
from mlplab.spec.experiment import Experiment, Training
from mlplab.spec.family import Family
from mlplab.spec.part import Part
from mlplab.spec.problems import first_problem
from mlplab.spec.variants import vary

MOST_KEPT = 1 << 14
"""Variants of a part that are kept; those of two settings in one part are made anew for each cell."""

HOLE = "\0"
HOLE_TEXT = canonical_text(HOLE)
"""What stands in the text of a training where its optimizer's comes."""

Indexes = tuple[int, ...]
"""Which value each setting has."""


@dataclass(frozen=True)
class Cell:
    """One combination: its experiment, and that experiment's key."""

    experiment: Experiment
    key: str


class Grid:
    """An experiment with every combination of the values of some settings, each combination once.

    A cell equals `experiment.varied` of the same values, and so does its key. Parts that cells have in
    common are validated and written down once: a cell takes some ten microseconds.

    Parameters
    ----------
    experiment : Experiment
        One that has a key: where its samples come from a file, their content is pinned.
    settings : mapping of str to sequence
        Values by the path of each setting, such as `training.batch_size`. The last one changes fastest.

    Attributes
    ----------
    shape : tuple of int
        How many values each setting has.

    Raises
    ------
    SpecError
        If the experiment has no key, or a path leads to no field.

    Examples
    --------
    >>> grid = Grid(
    ...     Experiment(dataset="linear"),
    ...     {"training.batch_size": [8, 16], "training.optimizer.learning_rate": [0.1, 0.2, 0.3]},
    ... )
    >>> grid.shape, len(grid), grid.changes(4)
    ((2, 3), 6, {'training.batch_size': 16, 'training.optimizer.learning_rate': 0.2})
    >>> [cell.experiment.training.batch_size for cell in grid.cells(range(6))]
    [8, 8, 8, 16, 16, 16]
    """

    def __init__(self, experiment: Experiment, settings: Mapping[str, Sequence[Any]]) -> None:
        self.experiment, self.settings = experiment, dict(settings)
        # Both are refused here: no key, and a path that leads nowhere.
        _ = experiment.key, vary(experiment, {path: values[0] for path, values in settings.items()})
        self.shape = tuple(len(values) for values in self.settings.values())
        training = experiment.training
        # Inner parts first: what is not in one of these is in the one around it.
        holders = (
            ("training.optimizer", training, "optimizer"),
            ("dataset", experiment, "dataset"),
            ("network", experiment, "network"),
            ("training", experiment, "training"),
        )
        rest = list(range(len(self.settings)))
        pieces = []
        for path, holder, name in holders:
            inside = [i for i in rest if f"{list(self.settings)[i]}.".startswith(f"{path}.")]
            rest = [i for i in rest if i not in inside]
            pieces.append(_Piece(path, holder, name, self.settings, inside, len(self.shape)))
        self._optimizer, self._dataset, self._network, self._training = pieces

    def __len__(self) -> int:
        return math.prod(self.shape)

    def changes(self, cell: int) -> dict[str, Any]:
        """Return what a cell changes: values by their paths."""
        indexes = [int(i) for i in np.unravel_index(cell, self.shape)]
        return {
            path: values[i]
            for (path, values), i in zip(self.settings.items(), indexes, strict=True)
        }

    def changes_texts(self, places: NDArray[np.int64]) -> list[str]:
        """Return what some cells change, each as JSON with sorted keys and no spaces."""
        indexes = np.unravel_index(places, self.shape)
        columns = [
            [f"{canonical_text(path)}:{canonical_text(value)}" for value in values]
            for path, values in self.settings.items()
        ]
        order = sorted(range(len(columns)), key=list(self.settings).__getitem__)
        picked = ([columns[i][k] for k in indexes[i].tolist()] for i in order)
        return [f"{{{','.join(parts)}}}" for parts in zip(*picked, strict=True)]

    def cells(self, places: Iterable[int]) -> Iterator[Cell]:
        """Go through some cells, which are counted from 0 to `len(grid) - 1`.

        Raises
        ------
        SpecError
            If the values of one do not fit together.
        """
        indexes = np.unravel_index(np.fromiter(places, np.int64), self.shape)
        for index in zip(*(each.tolist() for each in indexes), strict=True):
            dataset, dataset_text = self._dataset.at(index)
            network, network_text = self._network.at(index)
            optimizer, optimizer_text = self._optimizer.at(index)
            training, training_text = self._training.at(index)
            training = training.with_fitting({"optimizer": optimizer})
            training_text = training_text.replace(HOLE_TEXT, optimizer_text)
            text = (
                f'{{"dataset":{dataset_text},"network":{network_text},"training":{training_text}}}'
            )
            parts = {"dataset": dataset, "network": network, "training": training}
            yield Cell(self.experiment.with_fitting(parts), key_of_text(text))

    def datasets(self) -> Iterator[tuple[dict[str, Any], DatasetSpec]]:
        """Go through the datasets of all cells, each once, with what a cell changes in it."""
        return self._dataset.variants()

    def trainings(self) -> Iterator[Training]:
        """Go through the trainings of all cells, each once, with the optimizer that is given."""
        return (training for _, training in self._training.variants())

    def refused(self) -> list[tuple[dict[str, Any], str]]:
        """Return the values that the spec refuses, by their paths, and for each why.

        A value of another part has no say in it, and is left out.
        """
        found = []
        for piece in (self._optimizer, self._dataset, self._network, self._training):
            found += piece.refused()
        return found


class _Piece:
    """The variants of one part of an experiment.

    Parameters
    ----------
    path : str
        Of the part.
    holder, name : Part, str
        The part around it, and its field there.
    settings : mapping of str to sequence
    inside : sequence of int
        Which of the settings are in the part.
    count : int
        Of settings.
    """

    def __init__(
        self,
        path: str,
        holder: Part,
        name: str,
        settings: Mapping[str, Sequence[Any]],
        inside: Sequence[int],
        count: int,
    ) -> None:
        paths, values = list(settings), list(settings.values())
        self._holder, self._name, self._inside = holder, name, list(inside)
        self._paths = [paths[i] for i in inside]
        # From the part around it: a setting may be the part as a whole, or its kind.
        self._relative = [name + paths[i].removeprefix(path) for i in inside]
        self._values = [values[i] for i in inside]
        self._part = getattr(holder, name)
        # Fields of one kind of a family need only be validated; what is nested goes the way of `varied`.
        steps = [each.split(".") for each in self._relative]
        is_plain = isinstance(self._part, Family) and all(
            len(each) == 2 and each[1] != "kind" for each in steps
        )
        self._fields = [each[1] for each in steps] if inside and is_plain else None
        self._own_fields = {
            field: getattr(self._part, field) for field in type(self._part).model_fields
        }
        combinations = math.prod(map(len, self._values))
        self._kept: dict[Indexes, tuple[Any, str]] | None = (
            {} if len(inside) < count or combinations <= MOST_KEPT else None
        )

    def at(self, indexes: Indexes) -> tuple[Any, str]:
        """Return the variant of a cell, and its canonical text."""
        own = tuple(indexes[i] for i in self._inside)
        if self._kept is None:
            return self._made(own)
        if own not in self._kept:
            self._kept[own] = self._made(own)
        return self._kept[own]

    def _made(self, own: Indexes) -> tuple[Any, str]:
        part = self._varied(own)
        form = canonical_form(part)
        if self._name == "dataset":
            form = without_place(form)
        elif self._name == "training":
            form["optimizer"] = HOLE
        return part, canonical_text(form)

    def _varied(self, own: Indexes) -> Any:
        values = [each[i] for each, i in zip(self._values, own, strict=True)]
        if self._fields is not None:
            try:
                fields = self._own_fields | dict(zip(self._fields, values, strict=True))
                return type(self._part).model_validate(fields)
            except ValidationError as error:
                name = type(self._part).__name__
                raise SpecError(f"{name}: {first_problem(error)}") from None
        changes = dict(zip(self._relative, values, strict=True))
        return getattr(self._holder.varied(changes) if changes else self._holder, self._name)

    def variants(self) -> Iterator[tuple[dict[str, Any], Any]]:
        """Go through the part's variants, with what each changes."""
        for own in product(*(range(len(values)) for values in self._values)):
            values = [each[i] for each, i in zip(self._values, own, strict=True)]
            yield dict(zip(self._paths, values, strict=True)), self._varied(own)

    def refused(self) -> list[tuple[dict[str, Any], str]]:
        """Return the combinations of the part's own values that the spec refuses, and why."""
        found = []
        for own in product(*(range(len(values)) for values in self._values)):
            try:
                self._varied(own)
            except SpecError as error:
                values = [each[i] for each, i in zip(self._values, own, strict=True)]
                found.append((dict(zip(self._paths, values, strict=True)), str(error)))
        return found
