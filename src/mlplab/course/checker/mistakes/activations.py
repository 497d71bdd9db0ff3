"""Mistakes in `activation(x, name)`.

The question is a name and an array of z; for softmax, of one distribution. What acts on each number
alone can be recognised in any shape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mlplab.course.checker.mistakes.mistake import Entry, Float, Mistake, Registry
from mlplab.spec.activations import linear, relu, relu_derivative, sigmoid, sigmoid_derivative, tanh


@dataclass(frozen=True, eq=False)
class Activated:
    """`activation(z, name)`.

    Attributes
    ----------
    name : str
        linear, sigmoid, relu or softmax.
    z : ndarray
        For softmax of shape (K,).
    """

    name: str
    z: Float


ELEMENTWISE: dict[str, Callable[[Float], Float]] = {
    "linear": linear,
    "sigmoid": sigmoid,
    "relu": relu,
}
"""The right ones that act on each number alone."""

WRONG: dict[str, dict[str, tuple[Mistake, Callable[[Float], Float]]]] = {
    "linear": {},
    "sigmoid": {},
    "relu": {},
    "softmax": {},
}
"""For each name of the lab, mistakes and what they compute; softmax takes and gives one distribution."""


def _enter(right: str, name: str, what: str, look: str, function: Callable[[Float], Float]) -> None:
    WRONG[right][name] = (Mistake(name, what, look, credit=0.25), function)


def _exchange() -> None:
    """Enter each activation in place of each other one."""
    others: dict[str, Callable[[Float], Float]] = {**ELEMENTWISE, "tanh": tanh}
    for right in WRONG:
        for wrong, function in others.items():
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
            _enter(right, f"{wrong}-in-place-of-{right}", what, look, function)


_exchange()
_FORMULA = "sigmoid is 1 / (1 + exp(-x)): "

_enter(
    "sigmoid",
    "sigmoid-with-wrong-sign",
    "The sigmoid falls where it should rise: the sign of x in the exponential is wrong.",
    f"In activation, {_FORMULA}with a minus before x.",
    lambda z: 1 / (1 + np.exp(z)),
)
_enter(
    "sigmoid",
    "sigmoid-without-brackets",
    "The sigmoid computes 1/1 + exp(-x): brackets are missing.",
    f"In activation, {_FORMULA}the whole sum is the denominator.",
    lambda z: 1 + np.exp(-z),
)
_enter(
    "sigmoid",
    "sigmoid-without-one",
    "The sigmoid computes 1 / exp(-x): the 1 in the denominator is missing.",
    f"In activation, {_FORMULA}add the 1.",
    np.exp,
)
_enter(
    "sigmoid",
    "sigmoid-with-minus",
    "The sigmoid computes 1 / (1 - exp(-x)): a minus stands where a plus belongs.",
    f"In activation, {_FORMULA}add the exponential.",
    lambda z: 1 / (1 - np.exp(-z)),
)
_enter(
    "sigmoid",
    "sigmoid-derivative",
    "activation returns the slope of the sigmoid, s (1 - s), and not the sigmoid s.",
    f"In activation, {_FORMULA}its derivative is needed for training only.",
    sigmoid_derivative,
)
_enter(
    "sigmoid",
    "sigmoid-of-size",
    "The sigmoid of a negative number is wrong: it is the one of its absolute value.",
    f"In activation, {_FORMULA}no absolute value around x; or, to avoid overflow, another "
    f"formula for x < 0.",
    lambda z: 1 / (1 + np.exp(-np.abs(z))),
)
_RELU = "In activation, relu is max(0, x) for each number: np.maximum(0, x)."
_enter(
    "relu",
    "relu-minimum",
    "The relu keeps the negative numbers and drops the positive ones.",
    _RELU,
    lambda z: np.minimum(z, 0),
)
_enter("relu", "relu-absolute", "The relu returns the absolute value.", _RELU, np.abs)
_enter(
    "relu",
    "relu-step",
    "The relu returns 1 for positive numbers, where it should return the number itself.",
    _RELU,
    relu_derivative,
)
for _slope in (0.01, 0.1, 0.2, 0.3):
    _enter(
        "relu",
        f"relu-leaky-{_slope:g}",
        f"This is a leaky relu: negative numbers come out multiplied by {_slope:g}, and not as 0.",
        _RELU,
        lambda z, slope=_slope: np.where(z > 0, z, slope * z),  # type: ignore[misc]  # mypy infers no lambda with a default
    )
_enter(
    "relu",
    "relu-clipped",
    "The relu cuts off numbers above 1.",
    _RELU,
    lambda z: np.clip(z, 0, 1),
)
_enter(
    "linear",
    "linear-with-wrong-sign",
    'activation(x, "linear") returns -x.',
    "In activation, linear is x itself.",
    lambda z: -z,
)
_SOFTMAX = "In activation, softmax is exp(x) / sum(exp(x)): "
_enter(
    "softmax",
    "softmax-without-sum",
    "The softmax is not normalised: it returns exp(x), and the outputs do not sum to 1.",
    f"{_SOFTMAX}divide by the sum of the exponentials of a point's outputs.",
    np.exp,
)
_enter(
    "softmax",
    "softmax-without-exponential",
    "The softmax divides x by its sum, without exponentials.",
    f"{_SOFTMAX}take np.exp first.",
    lambda z: z / z.sum(),
)
_enter(
    "softmax",
    "softmax-by-sum-of-x",
    "The softmax divides by the sum of x, not of exp(x).",
    f"{_SOFTMAX}the exponential stands in the sum too.",
    lambda z: np.exp(z) / z.sum(),
)
_enter(
    "softmax",
    "softmax-by-maximum",
    "The softmax divides by the largest exponential, not by their sum.",
    f"{_SOFTMAX}use np.sum for the denominator.",
    lambda z: np.exp(z - z.max()),
)
_enter(
    "softmax",
    "softmax-by-count",
    "The softmax divides by the number of outputs (a mean), not by the sum of the exponentials.",
    f"{_SOFTMAX}use np.sum for the denominator.",
    lambda z: np.exp(z) / len(z),
)
_enter(
    "softmax",
    "softmax-by-mean",
    "The softmax divides by the mean of the exponentials, not by their sum.",
    f"{_SOFTMAX}use np.sum for the denominator.",
    lambda z: np.exp(z) / np.exp(z).mean(),
)
_enter(
    "softmax",
    "softmax-with-wrong-sign",
    "The softmax gives the largest output the smallest probability: exp(-x) where exp(x) belongs.",
    f"{_SOFTMAX}no minus.",
    lambda z: np.exp(-z) / np.exp(-z).sum(),
)
_enter(
    "softmax",
    "softmax-shifted-above-only",
    "The softmax takes the maximum off x above the fraction line, but not below it.",
    "In activation, compute e = np.exp(x - max) once, and return e / sum(e).",
    lambda z: np.exp(z - z.max()) / np.exp(z).sum(),
)
_enter(
    "softmax",
    "softmax-shifted-below-only",
    "The softmax takes the maximum off x below the fraction line, but not above it.",
    "In activation, compute e = np.exp(x - max) once, and return e / sum(e).",
    lambda z: np.exp(z) / np.exp(z - z.max()).sum(),
)
_enter(
    "softmax",
    "softmax-logarithm",
    "activation returns the logarithm of the softmax.",
    f"{_SOFTMAX}without a logarithm.",
    lambda z: z - np.log(np.exp(z).sum()),
)
_enter(
    "softmax",
    "softmax-hard",
    "The softmax returns 1 for the largest output and 0 for the others.",
    f"{_SOFTMAX}probabilities, no maximum.",
    lambda z: (z == z.max()).astype(float),
)
_enter(
    "softmax",
    "softmax-base-2",
    "The softmax uses powers of 2, not of e.",
    f"{_SOFTMAX}use np.exp.",
    lambda z: 2**z / (2**z).sum(),
)
_enter(
    "softmax",
    "softmax-of-ones",
    "The softmax returns 1 for every output: each is divided by itself.",
    f"{_SOFTMAX}the sum must go over all outputs of a point. For columns that is axis 0, for points as "
    "rows axis 1 with keepdims=True.",
    np.ones_like,
)

MISTAKES: Registry[Activated] = Registry()
"""What is looked for in the tests of `activation`."""

for _name, _table in WRONG.items():
    for _mistake, _function in _table.values():
        MISTAKES.entries.append(
            Entry(
                _mistake,
                lambda question, name=_name, function=_function: (  # type: ignore[misc]  # mypy infers no lambda with a default
                    function(question.z) if question.name == name else None
                ),
            )
        )
