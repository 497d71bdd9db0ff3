"""Class weights: how much the samples of a class weigh in the loss that is trained.

They are a table from label names to weights, as in `class_weight = { "0" = 1.0, "1" = 5.0 }`. A class
that is not named weighs 1; so a weight of 1 is left out, and equal weights are equal tables. Which
classes were named is kept beside the table until it is known which there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Annotated, Any, NoReturn

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field

from mlplab.errors import SpecError, shown

_WHOLE = re.compile("0|[1-9][0-9]{0,999}")

_MOST_NAMES = 20
"""Of classes that a message names."""


class ClassWeights(dict[str, float]):
    """A table of weights that cannot be changed, and therefore has a hash."""

    def __hash__(self) -> int:  # type: ignore[override]  # a dict has none, since it can change
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[ClassWeights], tuple[dict[str, float]]]:
        # A pickle fills a dict item by item, which this one refuses.
        return type(self), (dict(self),)

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise SpecError(
            "class weights cannot be changed: make a variant of the experiment by "
            'varied({"training.class_weight": {…}})'
        )

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse


ClassWeight = Annotated[dict[str, Annotated[float, Field(ge=0)]], AfterValidator(ClassWeights)]


def in_one_way(weights: Mapping[str, float]) -> ClassWeights | None:
    """Return weights without those of 1, by number or alphabet; nothing if none is left.

    >>> in_one_way({"a": 1, "b": 2.0, "10": 3.0, "9": 0.0}), in_one_way({"a": 1.0})
    ({'9': 0.0, '10': 3.0, 'b': 2.0}, None)
    """
    other = {name: weights[name] for name in in_order(weights) if weights[name] != 1}
    return ClassWeights(other) if other else None


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return names by number or alphabet."""
    return tuple(
        sorted(names, key=lambda name: (not _is_number(name), len(name) * _is_number(name), name))
    )


def _is_number(name: str) -> bool:
    """Tell whether a name is a whole number as Python writes it; of more digits, it is no class."""
    return bool(_WHOLE.fullmatch(name))


def check_class_weight(
    weights: Mapping[str, float] | None,
    named: Sequence[str],
    classes: int,
    label_names: Sequence[str] | None = None,
) -> None:
    """Refuse weights of classes that are not there, and those by which nothing weighs anything.

    Parameters
    ----------
    weights : mapping of str to float or None
        Without those of 1.
    named : sequence of str
        All that a weight was given for.
    classes : int
        Number of classes K.
    label_names : sequence of str, optional
        What they are called; by default their numbers, from 0 to K - 1.

    Raises
    ------
    SpecError
        With the classes that there are.

    Examples
    --------
    >>> check_class_weight({"setosa": 2.0}, ["setosa"], 2, ("setosa", "virginica"))
    """
    if not named:
        return
    names = label_names if label_names is not None else map(str, range(min(classes, _MOST_NAMES)))
    listed = ", ".join(map(repr, islice(names, _MOST_NAMES)))
    listed += ", …" if classes > _MOST_NAMES else ""
    for name in named:
        is_number = _is_number(name) and int(name) < classes
        if not (is_number if label_names is None else name in label_names):
            raise SpecError(
                f"class_weight has a weight for {shown(name)}, which is no class: "
                f"the classes are {listed}"
            )
    if weights is not None and len(weights) == classes and not any(weights.values()):
        raise SpecError(
            f"class_weight must leave a class with a weight above 0, received 0 for {listed}"
        )


def class_weights(
    weights: Mapping[str, float] | None, label_names: Sequence[str]
) -> NDArray[np.float64]:
    """Return the weight of each class, shape (K,), in the order of the names.

    >>> class_weights({"b": 5.0}, ("a", "b")).tolist()
    [1.0, 5.0]
    """
    return np.array([(weights or {}).get(name, 1.0) for name in label_names])
