"""Mistakes in `activation(x, name)`: each of its branches computes something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from mlplab.course.checker.mistakes.mistake import Change, Float, Way, row
from mlplab.course.checker.mistakes.solution import Solution

CREDIT = 0.25
NAMES = ("linear", "sigmoid", "relu", "softmax")
ELEMENTWISE = NAMES[:3]

_SIGMOID = "In activation, sigmoid is 1 / (1 + exp(-x)): "
_RELU = "In activation, relu is max(0, x) for each number: np.maximum(0, x)."
_LINEAR = "In activation, linear is x itself."
_SOFTMAX = "In activation, softmax is exp(x) / sum(exp(x)): "
_SHIFT = "In activation, compute e = np.exp(x - max) once, and return e / sum(e)."


def _exchanged() -> Iterator[tuple[Way, ...]]:
    """Yield each activation in place of each other one, and in place of softmax."""
    functions = {name: getattr(Solution, name) for name in ELEMENTWISE}
    functions["tanh"] = lambda s, z: np.tanh(z)
    for right in NAMES:
        for wrong, function in functions.items():
            if wrong == right:
                continue
            what = f'activation(x, "{right}") computes {wrong}.'
            look = (
                f'In activation, look at the branch of "{right}": is the formula under the right name, '
                "and does each branch return its own result?"
            )
            if wrong == "linear":
                what = f'activation(x, "{right}") returns x as it is.'
                look = f'In activation, the branch of "{right}" must compute {right} and return it.'
            change: Change = {right: lambda s, z, f=function, **_: f(s, z)}
            yield row(f"{wrong}-in-place-of-{right}", what, look, CREDIT, {"": change})


def _leaky(slope: float) -> Change:
    return {"relu": lambda s, z: np.where(z > 0, z, slope * z)}


def _rounded(name: str, digits: int) -> Change:
    right = getattr(Solution, name)
    return {name: lambda s, z, **over: np.round(right(s, z, **over), digits)}


DIGITS = {"whole numbers": 0, "1 digit": 1, "2 digits": 2, "3 digits": 3}
"""To how many digits something is rounded, in words."""

MAXIMA = {"along the axis": np.max, "of all": lambda z, **_: z.max()}
"""What is taken off x to keep exp from overflowing."""


def _share(z: Float, **over: Any) -> Float:
    """Return each number's share of their sum."""
    return np.asarray(z / z.sum(**over))


def _crossed(s: Solution, z: Float, axis: int | None = None, **over: Any) -> Float:
    """Return a softmax whose maximum is taken along the axis that its sum is not taken along."""
    top = z.max() if axis is None or z.ndim < 2 else z.max(axis=1 - axis % 2, keepdims=True)
    e = np.exp(z - top)
    return np.asarray(e / e.sum(axis=axis, **over))


# fmt: off
ROWS = (
    *_exchanged(),
    row("sigmoid-with-wrong-sign",
        "The sigmoid falls where it should rise: the sign of x in the exponential is wrong.",
        f"{_SIGMOID}with a minus before x.", CREDIT, sigmoid=lambda s, z: 1 / (1 + np.exp(z))),
    row("sigmoid-not-divided", "The sigmoid comes out as 1 + exp(-x): it is not divided, or brackets are missing.",
        f"{_SIGMOID}the whole sum is the denominator.", CREDIT, sigmoid=lambda s, z: 1 + np.exp(-z)),
    row("sigmoid-without-one", "The sigmoid computes 1 / exp(-x): the 1 in the denominator is missing.",
        f"{_SIGMOID}add the 1.", CREDIT, sigmoid=lambda s, z: np.exp(z)),
    row("sigmoid-with-minus", "The sigmoid computes 1 / ({}): a minus stands where a plus belongs.",
        f"{_SIGMOID}add the exponential.", CREDIT,
        {"1 - exp(-x)": {"sigmoid": lambda s, z: 1 / (1 - np.exp(-z))},
            "exp(-x) - 1": {"sigmoid": lambda s, z: 1 / (np.exp(-z) - 1)}}),
    row("sigmoid-derivative", "activation returns the slope of the sigmoid, s (1 - s), and not the sigmoid s.",
        f"{_SIGMOID}its derivative is needed for training only.", CREDIT,
        sigmoid=lambda s, z: Solution.sigmoid(s, z) * (1 - Solution.sigmoid(s, z))),
    row("sigmoid-of-absolute-value",
        "The sigmoid of a negative number is wrong: it is the one of its absolute value.",
        f"{_SIGMOID}no absolute value around x; or, to avoid overflow, another formula for x < 0.", CREDIT,
        sigmoid=lambda s, z: 1 / (1 + np.exp(-np.abs(z)))),
    row("sigmoid-base-2", "The sigmoid uses powers of 2, not of e.", f"{_SIGMOID}use np.exp.", CREDIT,
        sigmoid=lambda s, z: 1 / (1 + 2.0**-z)),
    row("sigmoid-rounded", "The sigmoid is rounded to {}.", f"{_SIGMOID}no rounding.", CREDIT,
        {words: _rounded("sigmoid", digits) for words, digits in DIGITS.items()}),
    row("relu-minimum", "The relu keeps the negative numbers and drops the positive ones.", _RELU, CREDIT,
        relu=lambda s, z: np.minimum(z, 0)),
    row("relu-absolute", "The relu returns the absolute value.", _RELU, CREDIT, relu=lambda s, z: np.abs(z)),
    row("relu-step", "The relu returns 1 for positive numbers, where it should return the number itself.",
        _RELU, CREDIT, relu=lambda s, z: (z > 0) * 1.0),
    row("relu-leaky", "This is a leaky relu: negative numbers come out multiplied by {}, and not as 0.", _RELU,
        CREDIT, {f"{slope:g}": _leaky(slope) for slope in (0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.3, 0.5)}),
    row("relu-elu", "This is an elu: negative numbers come out as exp(x) - 1, and not as 0.", _RELU, CREDIT,
        relu=lambda s, z: np.where(z > 0, z, np.expm1(z))),
    row("relu-softplus", "This is a softplus, log(1 + exp(x)), and no relu.", _RELU, CREDIT,
        relu=lambda s, z: np.log1p(np.exp(z))),
    row("relu-clipped", "The relu cuts off numbers above {}.", _RELU, CREDIT,
        {str(top): {"relu": lambda s, z, top=top: np.clip(z, 0, top)} for top in (1, 6)}),
    row("relu-mirrored", "The relu returns -x for negative numbers and 0 for positive ones.", _RELU, CREDIT,
        relu=lambda s, z: np.maximum(-z, 0)),
    row("relu-maximum-of-all",
        "The relu returns the largest number of the array, not the larger of each number and 0.",
        "In activation, np.max(x, 0) is the maximum along axis 0; of two things, it is np.maximum(0, x).",
        CREDIT, {"axis": {"relu": lambda s, z: np.max(z, 0)}, "all": {"relu": lambda s, z: np.max(z)},
            "in each place": {"relu": lambda s, z: np.full_like(z, z.max())}}),
    row("linear-with-wrong-sign", 'activation(x, "linear") returns -x.', _LINEAR, CREDIT,
        linear=lambda s, z: -z),
    row("linear-of-ones", 'activation(x, "linear") returns 1 for every x: that is the slope of x, not x.',
        _LINEAR, CREDIT, linear=lambda s, z: np.ones_like(z)),
    row("softmax-without-sum",
        "The softmax is not divided by the sum: it is exp(x), or exp(x - max), alone.",
        f"{_SOFTMAX}divide by the sum of the exponentials of a point's outputs.", CREDIT,
        {"exp(x)": {"softmax": lambda s, z, **over: np.exp(z)},
            "exp(x - max)": {"softmax": lambda s, z, **over: np.exp(z - z.max(**over))},
            "exp(x - max of all)": {"softmax": lambda s, z, **over: np.exp(z - z.max())}}),
    row("softmax-without-exponential", "The softmax divides by a sum without exponentials, and has none above it.",
        f"{_SOFTMAX}take np.exp first.", CREDIT, {
            "x": {"softmax": lambda s, z, **over: z / z.sum(**over)},
            **{words: {"softmax": lambda s, z, top=top, **over: _share(z - top(z, **over), **over)}
                for words, top in MAXIMA.items()}}),
    row("softmax-by-sum-of-x", "The softmax divides by the sum of x, not of exp(x).",
        f"{_SOFTMAX}the exponential stands in the sum too.", CREDIT,
        softmax=lambda s, z, **over: np.exp(z) / z.sum(**over)),
    row("softmax-of-x-by-exponentials",
        "The softmax divides x by the sum of the exponentials: exp is missing above the line.",
        f"{_SOFTMAX}the exponential stands above the fraction line too.", CREDIT,
        softmax=lambda s, z, **over: z / np.exp(z).sum(**over)),
    row("softmax-by-mean", "The softmax divides by the mean of the exponentials, not by their sum.",
        f"{_SOFTMAX}use np.sum for the denominator.", CREDIT,
        softmax=lambda s, z, **over: np.exp(z) / np.exp(z).mean(**over)),
    row("softmax-by-count", "The softmax divides by the number of outputs, not by the sum of the exponentials.",
        f"{_SOFTMAX}use np.sum for the denominator.", CREDIT,
        softmax=lambda s, z, **over: np.exp(z) / np.ones_like(z).sum(**over)),
    row("softmax-by-root-of-squares",
        "The softmax divides by the length of the vector of exponentials, not by their sum.",
        f"{_SOFTMAX}use np.sum for the denominator.", CREDIT,
        softmax=lambda s, z, **over: np.exp(z) / np.sqrt((np.exp(z) ** 2).sum(**over))),
    row("softmax-with-wrong-sign",
        "The softmax gives the largest output the smallest probability: exp(-x) where exp(x) belongs.",
        f"{_SOFTMAX}no minus.", CREDIT, softmax=lambda s, z, **over: Solution.softmax(s, -z, **over)),
    row("softmax-shifted-above-only",
        "The softmax takes the maximum off x above the fraction line, but not below it.", _SHIFT, CREDIT,
        {words: {"softmax": lambda s, z, top=top, **over: np.exp(z - top(z, **over)) / np.exp(z).sum(**over)}
            for words, top in MAXIMA.items()}),
    row("softmax-shifted-below-only",
        "The softmax takes the maximum off x below the fraction line, but not above it.", _SHIFT, CREDIT,
        {words: {"softmax": lambda s, z, top=top, **over: np.exp(z) / np.exp(z - top(z, **over)).sum(**over)}
            for words, top in MAXIMA.items()}),
    row("softmax-along-two-axes", "The softmax takes the maximum along one axis and the sum along another one.",
        "In activation, take both along the axis of a point's classes: axis=1 with keepdims=True for points as "
        "rows, axis=0 for points as columns.", CREDIT,
        {"the sum over the classes": {"softmax": _crossed},
            "the sum over the points":
                {"softmax": _crossed, "over_classes": lambda s, z: s.softmax(z, axis=0, keepdims=True)},
            "of single columns":
                {"softmax": _crossed, "over_classes": lambda s, z: np.full_like(z, 1 / z.shape[1])}}),
    row("softmax-logarithm", "activation returns the logarithm of the softmax.",
        f"{_SOFTMAX}without a logarithm.", CREDIT,
        softmax=lambda s, z, **over: np.log(Solution.softmax(s, z, **over))),
    row("softmax-one-hot", "The softmax returns 1 for the largest output and 0 for the others.",
        f"{_SOFTMAX}probabilities, no maximum.", CREDIT,
        softmax=lambda s, z, **over: (z == z.max(**over)) * 1.0),
    row("softmax-base-2", "The softmax uses powers of 2, not of e.", f"{_SOFTMAX}use np.exp.", CREDIT,
        softmax=lambda s, z, **over: Solution.softmax(s, z * np.log(2), **over)),
    row("softmax-of-squares", "The softmax divides the squares of x by their sum, without exponentials.",
        f"{_SOFTMAX}use np.exp.", CREDIT, softmax=lambda s, z, **over: z**2 / (z**2).sum(**over)),
    row("softmax-rounded", "The softmax is rounded to {}.", f"{_SOFTMAX}no rounding.", CREDIT,
        {words: _rounded("softmax", digits) for words, digits in DIGITS.items()}),
)
# fmt: on
