"""What predictions are made of: samples and labels as they come from a user, checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlplab.errors import MlplabError, shown, suggestion
from mlplab.run.history import Float


def checked_samples(x: Any, feature_names: Sequence[str]) -> Float:
    """Return samples as floating-point numbers of shape (samples, features).

    Parameters
    ----------
    x : array_like, shape (samples, features), or DataFrame
        Of a DataFrame the columns of these names are taken, in this order.
    feature_names : sequence of str

    Raises
    ------
    MlplabError
        If a column is missing, the shape is another one, or a value is no finite number.
    """
    wanted = f"(samples, {len(feature_names)})"
    if hasattr(x, "columns") and hasattr(x, "loc"):
        missing = [name for name in feature_names if name not in x.columns]
        if missing:
            known = suggestion(missing[0], map(str, x.columns))
            raise MlplabError(
                f"x must have a column for each feature, '{missing[0]}' is missing; {known}"
            )
        x = x[list(feature_names)]
    try:
        samples = np.asarray(x)
        if not np.issubdtype(samples.dtype, np.floating):
            samples = samples.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise MlplabError(f"x must hold numbers, of shape {wanted}, received {shown(x)}") from error
    if samples.ndim != 2 or samples.shape[1] != len(feature_names):
        one = samples.shape == (len(feature_names),)
        hint = "; one sample is a row of its own, as in x[None, :]" if one else ""
        listing = ", ".join(feature_names)
        raise MlplabError(
            f"x must have shape {wanted}, a column for each of {listing}, "
            f"received {samples.shape}{hint}"
        )
    if not np.isfinite(samples).all():
        i, j = np.argwhere(~np.isfinite(samples))[0].tolist()
        raise MlplabError(
            f"features must be finite numbers, received {samples[i, j]} in x[{i}, {j}], "
            f"the feature {feature_names[j]}"
        )
    return samples


def class_numbers(y: ArrayLike, label_names: Sequence[str], samples: int) -> NDArray[np.int64]:
    """Return the class 0..K-1 of each label.

    Parameters
    ----------
    y : array_like, shape (samples,)
        Label names. Numbers are labels where all names are numbers, else classes.
    label_names : sequence of str
    samples : int
        How many labels there must be.

    Raises
    ------
    MlplabError
        If y has another shape, or a label is unknown.

    Examples
    --------
    >>> class_numbers(["setosa", "virginica"], ["setosa", "virginica"], samples=2).tolist()
    [0, 1]
    >>> class_numbers([10, 2], ["2", "10"], samples=2).tolist()
    [1, 0]
    """
    labels = np.asarray(y)
    if labels.shape != (samples,):
        raise MlplabError(
            f"y must have shape ({samples},), a label a sample, received {labels.shape}"
        )
    known: dict[Any, int] = {name: k for k, name in enumerate(label_names)}
    if np.issubdtype(labels.dtype, np.number):
        numbers = _as_numbers(label_names)
        known = {number: k for k, number in enumerate(numbers or range(len(label_names)))}
    values, places = np.unique(labels, return_inverse=True)
    for value in values.tolist():
        if value not in known:
            raise MlplabError(
                f"the label {shown(value)} in y is unknown; {suggestion(str(value), label_names)}"
            )
    classes = np.array([known[value] for value in values.tolist()], dtype=np.int64)
    return classes[places]


def _as_numbers(label_names: Sequence[str]) -> list[float]:
    """Return label names as numbers; nothing if one is none, or two are the same number."""
    try:
        numbers = [float(name) for name in label_names]
    except ValueError:
        return []
    return numbers if len(set(numbers)) == len(numbers) else []
