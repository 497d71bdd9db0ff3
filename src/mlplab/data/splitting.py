"""Splits of samples that name none: chosen by the seed's samples stream."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlplab.data.dataset import SPLITS
from mlplab.drawing import choose_splits as choose
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
    chosen = choose(y, put_aside(spec, y, classes), np.array([seed], np.uint64))
    return np.asarray(np.array(SPLITS)[chosen[0]])
