"""A dataset: labelled points of the plane in three splits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

Float = NDArray[np.floating[Any]]
SplitName = Literal["train", "validation", "test"]

SPLITS: tuple[SplitName, ...] = ("train", "validation", "test")


@dataclass(frozen=True, eq=False)
class Split:
    """Labelled points.

    Attributes
    ----------
    x : ndarray, shape (points, 2)
        Coordinates x1 and x2.
    y : ndarray of int64, shape (points,)
        Class of each point, 0..K-1.
    """

    x: Float
    y: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.y)

    def __repr__(self) -> str:
        return f"<Split of {len(self)} points>"


@dataclass(frozen=True, eq=False)
class Dataset:
    """Points to train on, to validate on after each epoch, and to test on at the end.

    Attributes
    ----------
    train, validation, test : Split
    label_names : tuple of str
        What the classes are called, in the order of their numbers; its length is K.
    """

    train: Split
    validation: Split
    test: Split
    label_names: tuple[str, ...]

    def __repr__(self) -> str:
        points = " + ".join(str(len(split)) for split in self.splits.values())
        return f"<Dataset of {self.classes} classes: {points} points>"

    @property
    def classes(self) -> int:
        """Number of classes K."""
        return len(self.label_names)

    @property
    def splits(self) -> dict[SplitName, Split]:
        """The three splits by name, in the order train, validation, test."""
        return {"train": self.train, "validation": self.validation, "test": self.test}

    def one_hot(self, y: NDArray[np.int64]) -> Float:
        """Return labels of shape (points,) as rows of shape (points, K): 1 at the class, else 0.

        The rows have the dtype of the points.
        """
        return np.eye(self.classes, dtype=self.train.x.dtype)[y]

    def astype(self, dtype: DTypeLike) -> Dataset:
        """Return the dataset with coordinates of another floating-point type."""

        def cast(split: Split) -> Split:
            return Split(split.x.astype(dtype, copy=False), split.y)

        return Dataset(cast(self.train), cast(self.validation), cast(self.test), self.label_names)
