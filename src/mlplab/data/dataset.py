"""A dataset: samples with labels or targets, in three splits."""

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
"""The name of a split."""

SPLITS: tuple[SplitName, ...] = ("train", "validation", "test")
"""The splits of a dataset, by name."""

SPLIT_WORDS: dict[str, str] = {"train": "training", "validation": "validation", "test": "test"}
"""What the samples of each split are called in a sentence."""


@dataclass(frozen=True, eq=False)
class Split(ReadOnly):
    """Samples with labels, or with targets.

    Attributes
    ----------
    x : ndarray, shape (samples, features)
    y : ndarray of int64, shape (samples,), or of float64, shape (samples, targets)
        Class of each sample, 0..K-1; or its targets.
    weight : ndarray of float64, shape (samples,), or None
        How much each sample weighs where it is trained on; None where all weigh 1.
    """

    x: Float
    y: NDArray[Any]
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
        What the classes are called, in the order of their numbers; its length is K. Empty where samples
        have targets.
    feature_names : tuple of str
        What the columns of x are called; x1, x2, … if not given.
    mean, scale : ndarray of float64, shape (features,), or None
        Where the features are standardised: what was subtracted from them, and by what they were then
        divided. x = (original - mean) / scale.
    is_resplit : bool
        Whether the splits were chosen by the seed, from a finite set.
    target_names : tuple of str
        What the targets are called; empty where samples have labels.
    """

    train: Split
    validation: Split
    test: Split
    label_names: tuple[str, ...]
    feature_names: tuple[str, ...] = ()
    mean: Float64 | None = None
    scale: Float64 | None = None
    is_resplit: bool = False
    target_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.feature_names:
            object.__setattr__(self, "feature_names", numbered_features(self.train.x.shape[1]))
        super().__post_init__()

    def __repr__(self) -> str:
        samples = " + ".join(str(len(split)) for split in self.splits.values())
        features = f"{self.features} feature{'s' if self.features > 1 else ''}"
        answers = said_answers(self.label_names, self.target_names)
        return f"<Dataset of {answers}, {features}: {samples} samples>"

    @property
    def has_targets(self) -> bool:
        """Whether samples have targets, numbers to approximate; else they have labels."""
        return bool(self.target_names)

    @property
    def classes(self) -> int:
        """Number of classes K; 0 where samples have targets."""
        return len(self.label_names)

    @property
    def answers(self) -> int:
        """Number of classes, or of targets."""
        return len(self.label_names) or len(self.target_names)

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
        """Return the dataset with features of another floating-point type; targets stay as they are.

        Raises
        ------
        DataError
            If a value, be it of a target, is too large for that type.
        """
        converted: dict[object, Float] = {}  # splits may share their samples

        def convert(values: Float) -> Float:
            place = values.ctypes.data, values.shape, values.strides
            if place not in converted:
                with np.errstate(over="ignore"):
                    converted[place] = values.astype(dtype, copy=False)
            return converted[place]

        def cast(name: SplitName) -> Split:
            split = self.splits[name]
            x = convert(split.x)
            _check_kept(
                x, split.x, f"the {name} split, row {{}}, feature", self.feature_names, SCALE
            )
            if self.has_targets:
                where = f"the {name} split, row {{}}, target"
                y = convert(split.y)
                _check_kept(y, split.y, where, self.target_names, OTHER_UNIT)
            return replace(split, x=x)

        train, validation, test = map(cast, SPLITS)
        return replace(self, train=train, validation=validation, test=test)


def _check_kept(
    values: Float, before: Float, where: str, names: tuple[str, ...], remedy: str
) -> None:
    """Refuse columns of which a value became infinite, in another type."""
    lost = np.isinf(values) & np.isfinite(before)
    if lost.any():
        row, column = np.argwhere(lost)[0].tolist()
        place = f"{where.format(row)} {names[column]!r}"
        raise DataError(too_large(place, before[row, column], values.dtype, remedy))


def numbered_features(count: int) -> tuple[str, ...]:
    """Return names for features that have none.

    >>> numbered_features(3)
    ('x1', 'x2', 'x3')
    """
    return tuple(f"x{i + 1}" for i in range(count))


def said_answers(label_names: tuple[str, ...], target_names: tuple[str, ...]) -> str:
    """Say how many classes or targets there are.

    >>> said_answers(("a", "b"), ()), said_answers((), ("price",))
    ('2 classes', '1 target')
    """
    if not target_names:
        return f"{len(label_names)} classes"
    return f"{len(target_names)} target{'s' if len(target_names) > 1 else ''}"


SCALE = "scale the features (standardise = true)"
"""What helps a feature that a floating-point type cannot hold."""

OTHER_UNIT = "choose another unit for the target"
"""What helps a target that a floating-point type cannot hold."""


def too_large(where: str, value: float, dtype: np.dtype[Any], remedy: str) -> str:
    """Say that a value does not fit a floating-point type, and what helps."""
    return (
        f"{where}: {value:g} is beyond {dtype} (at most {np.finfo(dtype).max:.2g}); "
        f'train in float64 (dtype = "float64"), or {remedy}'
    )
