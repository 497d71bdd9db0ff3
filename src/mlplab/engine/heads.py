"""The heads by their names: which functions kernels call on the last layer, and what a sample answers.

What the functions do is said in `output`. A loss has two heads. The plain one knows nothing but labels or
targets. That of weighted samples multiplies losses and δ by weights, and smooths labels where the loss
can; a label that is not smoothed has a smoothing of 0, and a sample without a weight the weight 1. To
look at a network all samples weigh 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from numba import types
from numpy.typing import DTypeLike, NDArray

from mlplab.engine import binary_output, linear_output, output, softmax_output
from mlplab.engine.calls import address
from mlplab.engine.compiling import entry, number_type

OF_EACH_OUTPUT = ("targets", "scales")
"""Answers of which a sample has one for each output; the others it has once.

`label`, `smoothing`, how much of the label all classes share alike, and `weight` explain themselves;
`targets` and `scales` are as `linear_output` says.
"""


@dataclass(frozen=True)
class Head:
    """The functions of a head, made by `compiling.entry`, and what a packed sample has for it.

    Attributes
    ----------
    answers : tuple of str
        What follows the features of a packed sample, in this order.
    """

    predict: Callable[..., None]
    score: Callable[..., None]
    output_delta: Callable[..., None]
    mean: Callable[..., None]
    answers: tuple[str, ...]

    def places(self, outputs: int) -> dict[str, slice]:
        """Return which of a sample's answers is what, for so many outputs.

        >>> HEADS["weighted_linear_mean_squared_error"].places(2)["weight"]
        slice(4, 5, None)
        """
        counts = [outputs if name in OF_EACH_OUTPUT else 1 for name in self.answers]
        ends = accumulate(counts)
        return {
            name: slice(end - count, end)
            for name, count, end in zip(self.answers, counts, ends, strict=True)
        }

    def answer_count(self, outputs: int) -> int:
        """Return how many numbers of a packed sample follow its features, for so many outputs."""
        return sum(outputs if name in OF_EACH_OUTPUT else 1 for name in self.answers)

    @property
    def weighs(self) -> bool:
        """Whether samples have weights."""
        return "weight" in self.answers


ANSWERS, WEIGHS = 4, 5
"""Where a head's array, after the addresses of its functions, says how many answers a sample has, and
whether the last of them is its weight."""


def head_name(loss: str, has_targets: bool, is_weighted: bool) -> str:
    """Return what a head is called; it is weighted where samples are, or labels are smoothed.

    >>> head_name("mean_squared_error", has_targets=True, is_weighted=True)
    'weighted_linear_mean_squared_error'
    """
    return f"{'weighted_' * is_weighted}{'linear_' * has_targets}{loss}"


def head_addresses(name: str, dtype: DTypeLike, outputs: int) -> NDArray[np.int64]:
    """Return what kernels know a head by, shape (6,): its functions, `ANSWERS` and `WEIGHS`."""
    number, whole = number_type(dtype), types.intp
    line, scratch, seen = number[::1], number[:, :, ::1], types.float64[:, ::1]
    size = whole, whole, whole
    head = HEADS[name]
    return np.array(
        [
            address(head.predict, line, *size, scratch),
            address(head.score, line, line, *size, scratch, seen),
            address(head.output_delta, line, line, *size, whole, scratch, line),
            address(head.mean, seen, whole, whole),
            head.answer_count(outputs),
            head.weighs,
        ],
        np.int64,
    )


def _head(
    *answers: str,
    predict: Callable[..., None],
    measure: Any,
    lose: Any,
    add: Any = output.add_up,
    derive: Any,
    mean: Callable[..., None],
) -> Head:
    """Make a head of its parts, which `output` describes."""
    weighs = "weight" in answers
    of_outputs = sum(name in OF_EACH_OUTPUT for name in answers)
    weight: dict[str, int] = {
        "weighs": int(weighs),
        "of_each_output": of_outputs,
        "of_each_sample": len(answers) - of_outputs - weighs,
    }
    return Head(
        predict=predict,
        score=entry(output.score, measure=measure, lose=lose, add=add, **weight),
        output_delta=entry(output.output_delta, derive=derive, **weight),
        mean=mean,
        answers=answers,
    )


_SQUARES: dict[str, Any] = {
    "predict": softmax_output.softmax,
    "measure": softmax_output.count_right,
    "lose": softmax_output.lose_squares,
    "derive": softmax_output.derive_squares,
    "mean": output.mean_over_outputs,
}
_OF_CLASSES: dict[str, Any] = {
    "predict": softmax_output.softmax,
    "measure": softmax_output.count_right,
    "mean": output.mean_over_samples,
}
_OF_TWO_CLASSES: dict[str, Any] = {
    "predict": binary_output.sigmoid,
    "measure": binary_output.count_right_of_two,
    "mean": output.mean_over_samples,
}
_LINEAR_SQUARED: dict[str, Any] = {
    "predict": linear_output.linear,
    "measure": linear_output.measure_spread,
    "lose": linear_output.lose_squared,
    "derive": linear_output.derive_squared,
    "mean": linear_output.mean_with_r_squared,
}
_LINEAR: dict[str, Any] = {
    "predict": linear_output.linear,
    "measure": linear_output.measure_absolute,
    "mean": linear_output.mean_with_absolute_error,
}
_ABSOLUTE = _LINEAR | {
    "lose": linear_output.lose_absolute,
    "derive": linear_output.derive_absolute,
}
_HUBER = _LINEAR | {"lose": linear_output.lose_huber, "derive": linear_output.derive_huber}

HEADS = {
    "mean_squared_error": _head("label", **_SQUARES),
    "weighted_mean_squared_error": _head("label", "weight", **_SQUARES),
    "categorical_crossentropy": _head(
        "label",
        lose=softmax_output.pick,
        add=softmax_output.add_cross_entropy,
        derive=softmax_output.derive_cross_entropy,
        **_OF_CLASSES,
    ),
    "weighted_categorical_crossentropy": _head(
        *("label", "smoothing", "weight"),
        lose=softmax_output.lose_smoothed,
        derive=softmax_output.derive_smoothed,
        **_OF_CLASSES,
    ),
    "binary_crossentropy": _head(
        "label",
        lose=binary_output.pick_of_two,
        add=binary_output.add_binary,
        derive=binary_output.derive_binary,
        **_OF_TWO_CLASSES,
    ),
    "weighted_binary_crossentropy": _head(
        *("label", "smoothing", "weight"),
        lose=binary_output.lose_smoothed_binary,
        derive=binary_output.derive_smoothed_binary,
        **_OF_TWO_CLASSES,
    ),
    "linear_mean_squared_error": _head("targets", "scales", **_LINEAR_SQUARED),
    "weighted_linear_mean_squared_error": _head("targets", "scales", "weight", **_LINEAR_SQUARED),
    "linear_mean_absolute_error": _head("targets", **_ABSOLUTE),
    "weighted_linear_mean_absolute_error": _head("targets", "weight", **_ABSOLUTE),
    "linear_huber": _head("targets", **_HUBER),
    "weighted_linear_huber": _head("targets", "weight", **_HUBER),
}
"""The heads by their names, see `head_name`."""
