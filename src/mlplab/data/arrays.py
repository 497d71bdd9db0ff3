"""Arrays that are handed in: their shapes, their numbers and their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.data.dataset import Float64, numbered_features
from mlplab.errors import DataError


def checked_arrays(
    x: Any,
    y: Any,
    split: Any,
    feature_names: Sequence[str] | None,
    source: str,
    target: Sequence[str] | None = None,
) -> tuple[Float64, NDArray[Any], NDArray[Any] | None, tuple[str, ...]]:
    """Return x as float64, y, the splits and the features' names, after a check of their form.

    Parameters
    ----------
    x, y, split, feature_names, source, target
        As `Samples.from_arrays` has them.

    Returns
    -------
    x : ndarray of float64, shape (samples, features)
    y : ndarray, shape (samples,), or of targets float64, shape (samples, targets)
    split : ndarray of text, shape (samples,), or None
    feature_names : tuple of str

    Raises
    ------
    DataError
        If shapes do not fit together, or x holds something else than finite real numbers.
    """
    values, labels = _array(x, "x", source), _array(y, "y", source)
    if target is not None:
        columns = labels.shape[1:] or (1,)
        if labels.ndim > 2 or labels.shape[:1] != values.shape[:1] or columns != (len(target),):
            raise DataError(
                f"{source}: expected y of shape ({len(values) if values.ndim else 'samples'}, "
                f"{len(target)}), a column for each target, received {labels.shape}"
            )
        targets = _numbers(labels.reshape(len(labels), -1), tuple(target), source, "y", "target")
        labels = labels.reshape(len(labels), -1)[:, 0]
    if values.ndim != 2 or not values.size or labels.shape != values.shape[:1]:
        hint = ""
        if values.ndim == 1 and values.shape == labels.shape:
            hint = "; one feature is x.reshape(-1, 1)"
        elif labels.ndim == 2:
            hint = (
                "; of one-hot labels, y.argmax(axis=1); of numbers to approximate, the dataset names "
                'them: target = ["…", …]'
            )
        raise DataError(
            f"{source}: expected x of shape (samples, features) and y of shape (samples,), "
            f"received {values.shape} and {labels.shape}{hint}"
        )
    named = getattr(x, "columns", None) if feature_names is None else feature_names
    names = numbered_features(values.shape[1]) if named is None else _names(named, source)
    if len(names) != values.shape[1]:
        raise DataError(
            f"{source}: expected {values.shape[1]} feature names, as many as x has columns, "
            f"received {len(names)}"
        )
    splits = None if split is None else _array(split, "split", source)
    if splits is not None and (splits.dtype.kind not in "UOT" or splits.shape != labels.shape):
        raise DataError(
            f"{source}: expected split to be text of shape {labels.shape}, "
            f"received {splits.dtype} of shape {splits.shape}"
        )
    answers = labels if target is None else targets
    return _numbers(values, names, source), answers, splits, names


def _array(values: Any, name: str, source: str) -> NDArray[Any]:
    if np.ma.is_masked(values):
        raise DataError(f"{source}: {name} has masked values; every sample must be whole")
    try:
        return np.asarray(values)
    except ValueError as error:
        raise DataError(f"{source}: {name} is no array: {error}") from None


def _names(names: Iterable[Any], source: str) -> tuple[str, ...]:
    found = tuple(str(name).strip() for name in names)
    for name, count in Counter(found).items():
        if not name or count > 1:
            raise DataError(f"{source}: each feature needs a name of its own, received {name!r}")
    return found


def _numbers(
    values: NDArray[Any], names: tuple[str, ...], source: str, what: str = "x", of: str = "feature"
) -> Float64:
    if values.dtype.kind not in "biufO":
        raise DataError(f"{source}: {what} must hold real numbers, received {values.dtype}")
    try:
        with np.errstate(
            over="ignore"
        ):  # what is beyond float64 becomes infinite, and is named below
            x = values.astype(np.float64)
    except (OverflowError, TypeError, ValueError) as error:
        raise DataError(f"{source}: {what} must hold real numbers only: {error}") from None
    if not np.isfinite(x).all():
        row, column = np.argwhere(~np.isfinite(x))[0].tolist()
        raise DataError(
            f"{source}, row {row}, {of} {names[column]!r}: expected a finite number, "
            f"received {x[row, column]}"
        )
    return x
