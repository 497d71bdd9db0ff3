"""How much samples weigh in the loss that is trained: weights of their own, and those of classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from mlplab.data.dataset import Float, Float64, Split
from mlplab.errors import DataError, shown
from mlplab.spec.class_weight import class_weights


def weights_of_array(
    values: ArrayLike, samples: int, where: Callable[[int], str], source: str
) -> Float64:
    """Return weights that were handed in, shape (samples,), as `checked_weights` does.

    Raises
    ------
    DataError
        If they have another shape, are no real numbers, or are not valid.
    """
    array: NDArray[Any] = np.asarray(values)
    if array.dtype.kind not in "biuf" or array.shape != (samples,):
        raise DataError(
            f"{source}: expected sample_weight to be real numbers of shape ({samples},), received "
            f"{array.dtype} of shape {array.shape}"
        )
    return checked_weights(array.astype(np.float64), where, source)


def checked_weights(weight: Float64, where: Callable[[int], str], source: str) -> Float64:
    """Return the weights of samples, shape (samples,).

    Parameters
    ----------
    where : callable
        What messages call the place of the sample of an index.

    Raises
    ------
    DataError
        If one is negative or not finite, or all are 0.
    """
    bad = np.flatnonzero(~(np.isfinite(weight) & (weight >= 0)))
    if len(bad):
        raise DataError(
            f"{where(int(bad[0]))}: a sample's weight must be a finite number from 0 on, received "
            f"{shown(weight[bad[0]].item())}"
        )
    if not weight.any():
        raise DataError(f"{source}: a sample must have a weight above 0, all of them have 0")
    return weight


def training_weights(
    split: Split,
    class_weight: Mapping[str, float] | None,
    label_names: Sequence[str],
    dtype: DTypeLike,
) -> Float | None:
    """Return how much each sample weighs in training, shape (samples,); None where all weigh 1.

    It is the sample's own weight times that of its class, both rounded to the dtype first.

    Examples
    --------
    >>> split = Split(np.zeros((2, 1)), np.array([0, 1]), np.array([0.5, 2.0]))
    >>> training_weights(split, {"b": 3.0}, ("a", "b"), np.float32).tolist()
    [0.5, 6.0]
    """
    if split.weight is None and class_weight is None:
        return None
    if class_weight is None and split.weight is not None:
        own: Float = split.weight.astype(dtype)
        return own
    of_class = class_weights(class_weight, label_names).astype(dtype)[split.y]
    weights: Float = of_class if split.weight is None else split.weight.astype(dtype) * of_class
    return weights
