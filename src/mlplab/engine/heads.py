"""The heads by their names: which functions kernels call on the last layer.

`predict`, `score`, `output_delta` and `mean` are as `output` says. A head of weighted samples has
another score while it trains, `training_score`: evaluations are not weighted. `answers` is how many
numbers of a packed sample follow its features: the label, how much it is smoothed, and how much the
sample weighs, each where the head needs it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numba import types
from numpy.typing import DTypeLike, NDArray

from mlplab.engine import binary_output, output, regression_output, weighted_output
from mlplab.engine.calls import address
from mlplab.engine.compiling import number_type


@dataclass(frozen=True)
class Head:
    """The functions of a head, made by `compiling.entry`."""

    predict: Callable[..., None]
    score: Callable[..., None]
    output_delta: Callable[..., None]
    mean: Callable[..., None]
    training_score: Callable[..., None]
    answers: int = 1


ANSWERS = 5
"""Where a head's array, after the addresses of its functions, says how many answers a sample has."""


def head_name(loss: str, is_weighted: bool, is_smoothed: bool) -> str:
    """Return what a head is called.

    >>> head_name("binary_crossentropy", is_weighted=True, is_smoothed=True)
    'weighted_smoothed_binary_crossentropy'
    """
    return f"{'weighted_' * is_weighted}{'smoothed_' * is_smoothed}{loss}"


def head_addresses(name: str, dtype: DTypeLike) -> NDArray[np.int64]:
    """Return what kernels know a head by, shape (6,): its functions, and the answers of a sample."""
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
            address(head.training_score, line, line, *size, scratch, seen),
            head.answers,
        ],
        np.int64,
    )


HEADS = {
    "mean_squared_error": Head(
        output.softmax,
        output.score_squared_error,
        output.delta_of_squared_error,
        output.mean_of_squared_error,
        output.score_squared_error,
    ),
    "weighted_mean_squared_error": Head(
        output.softmax,
        output.score_squared_error,
        weighted_output.delta_of_weighted_squared_error,
        output.mean_of_squared_error,
        weighted_output.score_weighted_squared_error,
        answers=2,
    ),
    "categorical_crossentropy": Head(
        output.softmax,
        output.score_cross_entropy,
        output.delta_of_cross_entropy,
        output.mean_of_cross_entropy,
        output.score_cross_entropy,
    ),
    "weighted_categorical_crossentropy": Head(
        output.softmax,
        output.score_cross_entropy,
        weighted_output.delta_of_weighted_cross_entropy,
        output.mean_of_cross_entropy,
        weighted_output.score_weighted_cross_entropy,
        answers=2,
    ),
    "smoothed_categorical_crossentropy": Head(
        output.softmax,
        weighted_output.score_smoothed_cross_entropy,
        weighted_output.delta_of_smoothed_cross_entropy,
        output.mean_of_cross_entropy,
        weighted_output.score_smoothed_cross_entropy,
        answers=2,
    ),
    "weighted_smoothed_categorical_crossentropy": Head(
        output.softmax,
        weighted_output.score_smoothed_cross_entropy,
        weighted_output.delta_of_weighted_smoothed_cross_entropy,
        output.mean_of_cross_entropy,
        weighted_output.score_weighted_smoothed_cross_entropy,
        answers=3,
    ),
    "binary_crossentropy": Head(
        binary_output.sigmoid,
        binary_output.score_binary,
        binary_output.delta_of_binary,
        output.mean_of_cross_entropy,
        binary_output.score_binary,
    ),
    "weighted_binary_crossentropy": Head(
        binary_output.sigmoid,
        binary_output.score_binary,
        binary_output.delta_of_weighted_binary,
        output.mean_of_cross_entropy,
        binary_output.score_weighted_binary,
        answers=2,
    ),
    "smoothed_binary_crossentropy": Head(
        binary_output.sigmoid,
        binary_output.score_smoothed_binary,
        binary_output.delta_of_smoothed_binary,
        output.mean_of_cross_entropy,
        binary_output.score_smoothed_binary,
        answers=2,
    ),
    "weighted_smoothed_binary_crossentropy": Head(
        binary_output.sigmoid,
        binary_output.score_smoothed_binary,
        binary_output.delta_of_weighted_smoothed_binary,
        output.mean_of_cross_entropy,
        binary_output.score_weighted_smoothed_binary,
        answers=3,
    ),
}
"""The heads by their names; that of a loss alone has no weights and no smoothing."""

REGRESSION_HEADS = {
    "mean_squared_error": Head(
        regression_output.linear,
        regression_output.score_squared,
        regression_output.delta_of_squared,
        regression_output.mean_over_outputs,
        regression_output.score_squared,
        answers=1,
    ),
    "weighted_mean_squared_error": Head(
        regression_output.linear,
        regression_output.score_squared,
        regression_output.delta_of_weighted_squared,
        regression_output.mean_over_outputs,
        regression_output.score_weighted_squared,
        answers=2,
    ),
    "mean_absolute_error": Head(
        regression_output.linear,
        regression_output.score_absolute,
        regression_output.delta_of_absolute,
        regression_output.mean_over_outputs,
        regression_output.score_absolute,
        answers=1,
    ),
    "weighted_mean_absolute_error": Head(
        regression_output.linear,
        regression_output.score_absolute,
        regression_output.delta_of_weighted_absolute,
        regression_output.mean_over_outputs,
        regression_output.score_weighted_absolute,
        answers=2,
    ),
    "huber": Head(
        regression_output.linear,
        regression_output.score_huber,
        regression_output.delta_of_huber,
        regression_output.mean_over_outputs,
        regression_output.score_huber,
        answers=1,
    ),
    "weighted_huber": Head(
        regression_output.linear,
        regression_output.score_huber,
        regression_output.delta_of_weighted_huber,
        regression_output.mean_over_outputs,
        regression_output.score_weighted_huber,
        answers=2,
    ),
}
"""The heads of regression by their names; `answers` of one target, and one more for each other target."""
