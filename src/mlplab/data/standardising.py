"""Standardised features: mean 0 and standard deviation 1 in the training split."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mlplab.data.dataset import Dataset, Float, Float64
from mlplab.errors import DataError


def standardised(dataset: Dataset) -> Dataset:
    """Return a float64 dataset with every split scaled by the training split's mean and deviation.

    x' = (x - mean) / scale, feature by feature; scale is the standard deviation (of n, not n - 1), or 1
    where the training split has one value only. `Dataset.mean` and `Dataset.scale` say them.

    Raises
    ------
    DataError
        If a value lies so far from what the training split has that no float64 says how far.

    Examples
    --------
    >>> from mlplab.data import Split
    >>> split = Split(np.array([[1.0, 7.0], [3.0, 7.0]]), np.array([0, 1]))
    >>> dataset = standardised(Dataset(split, split, split, ("a", "b")))
    >>> dataset.train.x.tolist(), dataset.mean.tolist(), dataset.scale.tolist()
    ([[-1.0, 0.0], [1.0, 0.0]], [2.0, 7.0], [1.0, 1.0])
    """
    mean, scale = mean_and_scale(dataset.train.x)
    train, validation, test = (
        replace(split, x=_finite(scaled(split.x, mean, scale), split.x, name, dataset))
        for name, split in dataset.splits.items()
    )
    return replace(dataset, train=train, validation=validation, test=test, mean=mean, scale=scale)


def scaled(x: Float, mean: Float64, scale: Float64) -> Float64:
    """Return (x - mean) / scale, shape (samples, features); the difference does not overflow.

    Numbers above 2^1022 are divided by four first, which is exact, as are mean and scale.

    Examples
    --------
    >>> scaled(np.array([[1.5e308]]), np.array([-1.5e308]), np.array([1e308])).tolist()
    [[3.0]]
    """
    largest = np.maximum(np.abs(x).max(axis=0, initial=0), np.abs(mean))
    shift = np.where(largest > 2.0**1022, -2, 0)
    # What overflows nevertheless is infinite: a number near 2^1024 where the scale is small.
    with np.errstate(over="ignore"):
        return np.asarray((np.ldexp(x, shift) - np.ldexp(mean, shift)) / np.ldexp(scale, shift))


def _finite(x: Float64, original: Float, name: str, dataset: Dataset) -> Float64:
    """Refuse features that are not finite once they are scaled."""
    lost = np.argwhere(~np.isfinite(x))
    if len(lost):
        row, column = lost[0].tolist()
        raise DataError(
            f"the {name} split, row {row}, feature {dataset.feature_names[column]!r}: "
            f"{original[row, column]:g} is too far from the training samples to be standardised"
        )
    return x


def mean_and_scale(x: Float) -> tuple[Float64, Float64]:
    """Return each feature's mean, and its standard deviation or, where it is constant, 1.

    Squares neither overflow nor vanish: features are first scaled by a power of two, which is exact.

    Parameters
    ----------
    x : ndarray of float64, shape (samples, features)

    Returns
    -------
    mean, scale : ndarray of float64, shape (features,)
    """
    low, high = x.min(axis=0), x.max(axis=0)
    _, exponent = np.frexp(np.maximum(np.abs(low), np.abs(high)))
    small = np.ldexp(x, -exponent)
    mean = small.sum(axis=0) / len(x)
    deviation = np.sqrt(((small - mean) ** 2).sum(axis=0) / len(x))
    # The sum of equal numbers rounds, so that their mean may be another number.
    mean = np.where(low == high, low, np.ldexp(mean, exponent))
    scale = np.where(low == high, 0.0, np.ldexp(deviation, exponent))
    return mean, np.where(scale > 0, scale, 1.0)
