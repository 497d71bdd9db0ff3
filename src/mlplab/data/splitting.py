"""Splits of samples that name none: chosen by the seed's samples stream."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlplab.spec import FiniteSamples
from mlplab.streams import stream, uniform


def choose_splits(
    spec: FiniteSamples, y: NDArray[np.int64], classes: int, seed: int
) -> NDArray[np.str_]:
    """Choose the split of each sample, within each class, so that every split has every class.

    A class's samples are taken in random order: the first fraction for validation, the next for the test,
    one each at least, and the rest to train on.

    Parameters
    ----------
    y : ndarray of int64, shape (samples,)
        Class of each sample; every class has three at least.

    Returns
    -------
    ndarray of text, shape (samples,)
    """
    split = np.full(len(y), "train", dtype="U10")
    for k in range(classes):
        members = np.flatnonzero(y == k)
        n = len(members)
        shuffled = members[np.argsort(uniform(stream(seed, "samples", k), n))]
        validation = min(max(1, round(spec.validation_fraction * n)), n - 2)
        test = min(max(1, round(spec.test_fraction * n)), n - validation - 1)
        split[shuffled[:validation]] = "validation"
        split[shuffled[validation : validation + test]] = "test"
    return split
