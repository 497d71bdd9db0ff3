"""A dataset: labelled samples in three splits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

from mlplab.errors import DataError
from mlplab.read_only import ReadOnly

Float = NDArray[np.floating[Any]]
Float64 = NDArray[np.float64]
SplitName = Literal["train", "validation", "test"]

SPLITS: tuple[SplitName, ...] = ("train", "validation", "test")


@dataclass(frozen=True, eq=False)
class Split(ReadOnly):
    """Labelled samples.

    Attributes
    ----------
    x : ndarray, shape (samples, features)
    y : ndarray of int64, shape (samples,)
        Class of each sample, 0..K-1.
    weight : ndarray of float64, shape (samples,), or None
        How much each sample weighs where it is trained on; None where all weigh 1.
    """

    x: Float
    y: NDArray[np.int64]
    weight: Float64 | None = None

    def __len__(self) -> int:
        return len(self.y)

    def __repr__(self) -> str:
        return f"<Split of {len(self)} samples>"


@dataclass(frozen=True, eq=False)
class Dataset(ReadOnly):
    """Samples to train on, to validate on after each epoch, and to test on at the end.

    Attributes
    ----------
    train, validation, test : Split
    label_names : tuple of str
        What the classes are called, in the order of their numbers; its length is K.
    feature_names : tuple of str
        What the columns of x are called; x1, x2, … if not given.
    mean, scale : ndarray of float64, shape (features,), or None
        Where the features are standardised: what was subtracted from them, and by what they were then
        divided. x = (original - mean) / scale.
    is_resplit : bool
        Whether the splits were chosen by the seed, from a finite set.
    """

    train: Split
    validation: Split
    test: Split
    label_names: tuple[str, ...]
    feature_names: tuple[str, ...] = ()
    mean: Float64 | None = None
    scale: Float64 | None = None
    is_resplit: bool = False

    def __post_init__(self) -> None:
        if not self.feature_names:
            object.__setattr__(self, "feature_names", numbered_features(self.train.x.shape[1]))
        super().__post_init__()

    def __repr__(self) -> str:
        samples = " + ".join(str(len(split)) for split in self.splits.values())
        features = f"{self.features} feature{'s' if self.features > 1 else ''}"
        return f"<Dataset of {self.classes} classes, {features}: {samples} samples>"

    @property
    def classes(self) -> int:
        """Number of classes K."""
        return len(self.label_names)

    @property
    def features(self) -> int:
        """Number of features d."""
        return len(self.feature_names)

    @property
    def splits(self) -> dict[SplitName, Split]:
        """The three splits by name, in the order train, validation, test."""
        return {"train": self.train, "validation": self.validation, "test": self.test}

    @property
    def resplit_ratio(self) -> float | None:
        """Test samples for each training sample, where the seed chose the splits; else None."""
        return len(self.test) / len(self.train) if self.is_resplit else None

    def as_measured(self) -> Dataset:
        """Return the dataset with its features as they were before they were standardised, in float64.

        So `Run.predict` and `Run.confusion_matrix` take them.

        Examples
        --------
        >>> split = Split(np.array([[-1.0], [1.0]]), np.array([0, 1]))
        >>> names = {"label_names": ("a", "b"), "mean": np.array([2.0]), "scale": np.array([0.5])}
        >>> Dataset(split, split, split, **names).as_measured().test.x.tolist()
        [[1.5], [2.5]]
        """
        if self.mean is None or self.scale is None:
            return self
        # Quarters, since a product may be larger than what it is a part of; to divide by four is exact.
        shift = np.where(np.maximum(np.abs(self.mean), self.scale) > 2.0**1020, 2, 0)
        scale, mean = np.ldexp(self.scale, -shift), np.ldexp(self.mean, -shift)
        train, validation, test = (
            replace(split, x=np.ldexp(split.x * scale + mean, shift))
            for split in self.splits.values()
        )
        return replace(self, train=train, validation=validation, test=test, mean=None, scale=None)

    def one_hot(self, y: NDArray[np.int64]) -> Float:
        """Return labels of shape (samples,) as rows of shape (samples, K): 1 at the class, else 0.

        The rows have the dtype of the samples.
        """
        return np.eye(self.classes, dtype=self.train.x.dtype)[y]

    def astype(self, dtype: DTypeLike) -> Dataset:
        """Return the dataset with features of another floating-point type.

        Raises
        ------
        DataError
            If a value is too large for that type.
        """

        def cast(name: SplitName) -> Split:
            split = self.splits[name]
            with np.errstate(over="ignore"):
                x = split.x.astype(dtype, copy=False)
            lost = np.isinf(x) & np.isfinite(split.x)
            if lost.any():
                row, column = np.argwhere(lost)[0].tolist()
                where = f"the {name} split, row {row}, feature {self.feature_names[column]!r}"
                raise DataError(too_large(where, split.x[row, column], x.dtype))
            return replace(split, x=x)

        train, validation, test = map(cast, SPLITS)
        return replace(self, train=train, validation=validation, test=test)


def numbered_features(count: int) -> tuple[str, ...]:
    """Return names for features that have none.

    >>> numbered_features(3)
    ('x1', 'x2', 'x3')
    """
    return tuple(f"x{i + 1}" for i in range(count))


def too_large(where: str, value: float, dtype: np.dtype[Any]) -> str:
    """Say that a value does not fit a floating-point type, and what helps."""
    return (
        f"{where}: {value:g} is beyond {dtype} (at most {np.finfo(dtype).max:.2g}); "
        'train in float64 (dtype = "float64"), or scale the features (standardise = true)'
    )
