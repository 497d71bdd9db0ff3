"""From checked arrays to a trial: what an estimator hands to the engine."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state

from mlplab.data import Dataset, Split
from mlplab.data.dataset import Float, Float64
from mlplab.errors import MlplabError, SpecError, shown
from mlplab.memory import available_memory, gigabytes


class Given(NamedTuple):
    """Samples as an estimator was given them, after scikit-learn's checks.

    Attributes
    ----------
    x : ndarray of float32 or float64, shape (samples, features)
    y : ndarray of int64, shape (samples,), or of float64, shape (samples, targets)
        Classes, 0 to K - 1, or targets.
    weight : ndarray of float64, shape (samples,), or None
    """

    x: Float
    y: NDArray[Any]
    weight: Float64 | None = None

    def rows(self, chosen: NDArray[np.int64]) -> Given:
        """Return some of the samples."""
        weight = None if self.weight is None else self.weight[chosen]
        return Given(self.x[chosen], self.y[chosen], weight)


def seed_of(random_state: Any) -> int:
    """Return the seed of a trial: a number is the seed itself, else it is drawn.

    >>> seed_of(7), seed_of(np.random.RandomState(0)) == seed_of(np.random.RandomState(0))
    (7, True)
    """
    if isinstance(random_state, int | np.integer):
        return int(random_state)
    return int(check_random_state(random_state).randint(np.iinfo(np.int32).max))


def dense(x: Any) -> Float:
    """Return samples as an array, of a sparse matrix with all its zeros.

    Parameters
    ----------
    x : ndarray or sparse matrix, shape (samples, features)

    Raises
    ------
    MlplabError
        If the array does not fit into memory.
    """
    if not issparse(x):
        return cast(Float, x)
    samples, features = x.shape
    needed, available = samples * features * x.dtype.itemsize, available_memory()
    if needed > available:
        raise MlplabError(
            f"{samples:,} samples of {features:,} features need {gigabytes(needed)} of memory with all "
            f"their zeros, with which mlplab computes, and {gigabytes(available)} are available: "
            "take fewer samples or features"
        )
    return cast(Float, x.toarray())


def validation_pair(validation_data: Any, X_val: Any, y_val: Any) -> tuple[Any, Any] | None:
    """Return the samples that `fit` was given for validation, X and y; they can be said in two ways.

    Raises
    ------
    MlplabError
        If both are used, or half of one.
    """
    if X_val is None and y_val is None:
        if validation_data is None:
            return None
        if not isinstance(validation_data, tuple | list) or len(validation_data) != 2:
            raise MlplabError(f"validation_data must be (X, y), received {shown(validation_data)}")
        return validation_data[0], validation_data[1]
    if validation_data is not None:
        raise MlplabError(
            "validation samples are given by validation_data, or by X_val and y_val, received both"
        )
    if X_val is None or y_val is None:
        missing, there = ("X_val", "y_val") if X_val is None else ("y_val", "X_val")
        raise MlplabError(f"{there} needs {missing}, which is missing")
    return X_val, y_val


def put_aside(given: Given, fraction: float, seed: int) -> tuple[Given, Given]:
    """Return samples to train on, and those put aside for validation, within each class.

    Raises
    ------
    ValueError
        In scikit-learn's words, if there are too few.
    """
    if fraction == 0:
        raise SpecError(
            "early_stopping needs samples to look at: raise validation_fraction, received 0, or give "
            "fit validation samples"
        )
    rows = np.arange(len(given.y))
    classes = given.y if given.y.ndim == 1 else None
    train, aside = train_test_split(rows, test_size=fraction, random_state=seed, stratify=classes)
    if len(aside) < 2:
        raise MlplabError(
            "The validation set is too small. Increase 'validation_fraction' or the size of your dataset."
        )
    return given.rows(train), given.rows(aside)


def scaled_weights(
    weight: Float64 | None, of_class: Float64 | None = None
) -> tuple[Float64 | None, float]:
    """Return weights with which samples weigh 1 on average, and what they weighed before.

    So a sample of weight 2 in a batch of all samples does what two samples do, as in scikit-learn, though
    the engine divides by the number of samples.

    Parameters
    ----------
    weight : ndarray of float64, shape (samples,), or None
        Of the samples themselves.
    of_class : ndarray of float64, shape (samples,), optional
        Of their classes, with which the engine multiplies.

    Raises
    ------
    MlplabError
        If one is negative, or all are 0.

    Examples
    --------
    >>> scaled_weights(np.array([1.0, 3.0]))
    (array([0.5, 1.5]), 2.0)
    >>> scaled_weights(None, np.array([1.0, 3.0]))
    (array([0.5, 0.5]), 2.0)
    """
    if weight is None:
        if of_class is None:
            return None, 1.0
        weight = np.ones(len(of_class))
    if (weight < 0).any():
        raise MlplabError("Negative values in data passed to `sample_weight`")
    largest = float(weight.max())
    relative = weight / (largest or 1.0)  # whose sum does not overflow
    total = relative if of_class is None else relative * of_class
    unit = float(total.max()) or 1.0
    mean = unit * float((total / unit).mean())
    if mean == 0:
        raise MlplabError("Sample weights must contain at least one non-zero number.")
    return relative / mean, largest * mean


def check_size(sizes: Sequence[int], dtype: str) -> None:
    """Refuse a network that does not fit into memory, before its weights are drawn.

    Parameters
    ----------
    sizes : sequence of int
        Of all layers, inputs and outputs among them.
    dtype : str

    Raises
    ------
    MlplabError
        With what it needs: weights as they are drawn and as they begin and are, and two moments.
    """
    parameters = sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))
    needed = parameters * (8 + 4 * np.dtype(dtype).itemsize)
    available = available_memory()
    if needed > available:
        raise MlplabError(
            f"a network with layers of {', '.join(map(str, sizes))} needs about {gigabytes(needed)} of "
            f"memory, and {gigabytes(available)} are available: make its layers smaller"
        )


def dataset_of(
    train: Given,
    validation: Given | None,
    label_names: Sequence[str],
    feature_names: Sequence[str],
    target_names: Sequence[str],
    dtype: str,
) -> Dataset:
    """Return samples as the engine takes them.

    It needs all three splits. The samples of the test are those of the validation, or of the training
    where there is none; then one sample stands for the validation, and is not looked at.

    Raises
    ------
    DataError
        If a value is too large for the type.
    """
    training = Split(train.x, train.y, train.weight)
    seen = None if validation is None else Split(validation.x, validation.y)
    dataset = Dataset(
        train=training,
        validation=seen or Split(train.x[:1], train.y[:1]),
        test=seen or Split(train.x, train.y),
        label_names=tuple(label_names),
        feature_names=tuple(feature_names),
        target_names=tuple(target_names),
    )
    return dataset.astype(dtype)
