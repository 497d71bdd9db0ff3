"""Standardised features: mean 0 and standard deviation 1 in the training split."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mlplab.data.dataset import Dataset, Float, Float64, Split


def standardised(dataset: Dataset) -> Dataset:
    """Return a float64 dataset with every split scaled by the training split's mean and deviation.

    x' = (x - mean) / scale, feature by feature; scale is the standard deviation (of n, not n - 1), or 1
    where the training split has one value only. `Dataset.mean` and `Dataset.scale` say them.

    Examples
    --------
    >>> split = Split(np.array([[1.0, 7.0], [3.0, 7.0]]), np.array([0, 1]))
    >>> dataset = standardised(Dataset(split, split, split, ("a", "b")))
    >>> dataset.train.x.tolist(), dataset.mean.tolist(), dataset.scale.tolist()
    ([[-1.0, 0.0], [1.0, 0.0]], [2.0, 7.0], [1.0, 1.0])
    """
    mean, scale = mean_and_scale(dataset.train.x)
    train, validation, test = (
        Split((split.x - mean) / scale, split.y) for split in dataset.splits.values()
    )
    return replace(dataset, train=train, validation=validation, test=test, mean=mean, scale=scale)


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
    scaled = np.ldexp(x, -exponent)
    mean = scaled.sum(axis=0) / len(x)
    deviation = np.sqrt(((scaled - mean) ** 2).sum(axis=0) / len(x))
    # The sum of equal numbers rounds, so that their mean may be another number.
    mean = np.where(low == high, low, np.ldexp(mean, exponent))
    scale = np.where(low == high, 0.0, np.ldexp(deviation, exponent))
    return mean, np.where(scale > 0, scale, 1.0)
