"""Splits: those that samples come with, checked, or those that the seed's samples stream chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.data.dataset import SPLITS
from mlplab.data.labels import NUMBERS_ARE_TARGETS, look_like_targets
from mlplab.drawing import draw_splits
from mlplab.errors import DataError, suggestion
from mlplab.spec import FiniteSamples


def put_aside(spec: FiniteSamples, y: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """Return how many samples of each class go to validation and to the test, shape (classes, 2).

    It is the fraction that is asked for, and at least one each; one sample at least is left to train on.

    Parameters
    ----------
    y : ndarray of int64, shape (samples,)
        Class of each sample; every class has three at least.
    """
    aside = np.zeros((classes, 2), np.int64)
    for k, n in enumerate(np.bincount(y, minlength=classes).tolist()):
        validation = min(max(1, round(spec.validation_fraction * n)), n - 2)
        test = min(max(1, round(spec.test_fraction * n)), n - validation - 1)
        aside[k] = validation, test
    return aside


def choose_splits(
    spec: FiniteSamples, y: NDArray[np.int64], classes: int, seed: int
) -> NDArray[np.str_]:
    """Choose the split of each sample, within each class, so that every split has every class.

    Parameters
    ----------
    y : ndarray of int64, shape (samples,)
        Class of each sample; every class has three at least.

    Returns
    -------
    ndarray of text, shape (samples,)
    """
    chosen = draw_splits(y, put_aside(spec, y, classes), np.array([seed], np.uint64))
    return np.asarray(np.array(SPLITS)[chosen[0]])


def split_names(split: Iterable[Any], where: Callable[[int], str]) -> NDArray[np.str_]:
    """Return the name of each sample's split as samples come with it.

    Parameters
    ----------
    where : callable
        What messages call the place of the sample of an index.

    Raises
    ------
    DataError
        If a name is none of train, validation and test.
    """
    chosen = np.array([str(name).strip() for name in split])
    found, first = np.unique(chosen, return_index=True)
    for name, row in zip(found.tolist(), first.tolist(), strict=True):
        if name not in SPLITS:
            raise DataError(f"{where(row)}: unknown split {name!r}; {suggestion(name, SPLITS)}")
    return chosen


def check_every_class(
    y: NDArray[np.int64],
    label_names: tuple[str, ...],
    split: NDArray[np.str_] | None,
    source: str,
) -> None:
    """Refuse samples of which a split has, or would have, no sample of some class.

    Raises
    ------
    DataError
        With the class, and the split that lacks it.
    """
    if split is None:
        counts = np.bincount(y)
        if counts.min() < 3:
            name, count = label_names[counts.argmin()], counts.min()
            hint = NUMBERS_ARE_TARGETS if look_like_targets(label_names) else ""
            raise DataError(
                f"{source}: each class needs three samples at least, {name!r} has {count}{hint}"
            )
        return
    for part in SPLITS:
        counts = np.bincount(y[split == part], minlength=len(label_names))
        if not counts.all():
            name = label_names[counts.argmin()]
            raise DataError(f"{source}: the {part} split has no sample of class {name!r}")


def check_every_split(samples: int, split: NDArray[np.str_] | None, source: str) -> None:
    """Refuse samples of which a split has, or would have, none.

    Raises
    ------
    DataError
        With how many there are, or the split that lacks samples.
    """
    if split is None:
        if samples < 3:
            raise DataError(f"{source}: three samples at least are needed, received {samples}")
        return
    for part in SPLITS:
        if part not in split:
            raise DataError(f"{source}: the {part} split has no sample")
