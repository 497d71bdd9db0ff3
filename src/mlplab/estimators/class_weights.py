"""What the samples of a class weigh, as the classifier's `class_weight` says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from mlplab.data.dataset import Float64
from mlplab.errors import SpecError, shown
from mlplab.spec import Training
from mlplab.spec.class_weight import check_class_weight, class_weights


def weights_by_name(
    class_weight: Any, classes: NDArray[Any], y: NDArray[np.int64]
) -> dict[str, float] | None:
    """Return class weights by the names of classes; None where all weigh 1.

    A weight of another class is left out if each class has its own: some samples of a split may lack a
    class. So it is in scikit-learn.

    Parameters
    ----------
    class_weight : dict, "balanced" or None
    classes : ndarray, shape (K,)
        Labels.
    y : ndarray of int64, shape (samples,)
        Places of the samples' classes.

    Raises
    ------
    SpecError
        If there is a weight for what is no class.

    Examples
    --------
    >>> weights_by_name("balanced", np.array(["a", "b"]), np.array([0, 0, 0, 1]))
    {'a': 0.6666666666666666, 'b': 2.0}
    """
    if class_weight is None:
        return None
    names = list(map(str, classes.tolist()))
    if class_weight == "balanced":
        counts = np.bincount(y, minlength=len(names))
        return dict(zip(names, (len(y) / (len(names) * counts)).tolist(), strict=True))
    weights: dict[str, float] = {}
    foreign = []
    for label, weight in cast(Mapping[Any, Any], class_weight).items():
        places = np.flatnonzero(classes == label)
        if len(places):
            number = weight.item() if isinstance(weight, np.generic) else weight
            weights[names[places[0]]] = number
        else:
            foreign.append(label)
    if foreign and len(weights) < len(names):
        raise SpecError(
            f"class_weight has a weight for {foreign[0]!r}, which is no class: the classes are "
            f"{shown(classes.tolist())}"
        )
    return weights


def weights_of_samples(
    weights: dict[str, float], names: Sequence[str], y: NDArray[np.int64]
) -> Float64:
    """Return what each sample weighs by its class, shape (samples,).

    Raises
    ------
    SpecError
        If a weight is no weight, or all are 0.

    Examples
    --------
    >>> weights_of_samples({"b": 5.0}, ("a", "b"), np.array([0, 1, 1]))
    array([1., 5., 5.])
    """
    checked = Training(class_weight=cast(Any, weights)).class_weight
    check_class_weight(checked, list(weights), len(names), names)
    return class_weights(checked, names)[y]
