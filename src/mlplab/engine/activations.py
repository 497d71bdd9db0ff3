"""Activations and their slopes, over any number of numbers: those of `spec.activations`, compiled.

An activation is two functions. `activate(h)` turns pre-activations z into h = σ(z), in place.
`multiply_by_slope(delta, h)` multiplies δ by σ'(z), in place; the slope is written in terms of h, which
is what a kernel keeps. `register` adds one; kernels call both by their address.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

import numpy as np
from numba.core.errors import NumbaError
from numpy.typing import DTypeLike, NDArray

from mlplab.engine.arrays import Flat
from mlplab.engine.calls import address
from mlplab.engine.compiling import entry, kernel, number_type
from mlplab.engine.exponential import (
    exponential,
    exponential_minus_one,
    logarithm_of_one_plus,
)
from mlplab.errors import MlplabError, shown
from mlplab.spec.activations import LEAKY_RELU_SLOPE

Activate = Callable[[Flat], None]
MultiplyBySlope = Callable[[Flat, Flat], None]
Formula = TypeVar("Formula", bound=Callable[..., None])


@dataclass(frozen=True)
class Activation:
    """The two kernels of an activation.

    Attributes
    ----------
    activate, multiply_by_slope : callable
        As `register` takes them, compiled.
    """

    activate: Activate
    multiply_by_slope: MultiplyBySlope


ACTIVATIONS: dict[str, Activation] = {}
"""The activations that kernels can call, by name."""


def register(name: str, activate: Activate, multiply_by_slope: MultiplyBySlope) -> None:
    """Add an activation, so that networks can have it.

    Parameters
    ----------
    name : str
        Not yet taken.
    activate : callable
        h ← σ(h), in place; `h` has shape (numbers,), float32 or float64. Written for Numba: no objects of
        Python and no new arrays, so no `np.tanh(h)` either. Loops over `h` become vector instructions.
    multiply_by_slope : callable
        δ ← δ · σ'(z), in place, from `delta` and h = σ(z) of the same shape.

    Raises
    ------
    MlplabError
        If there is an activation of that name.

    Examples
    --------
    >>> def activate(h):
    ...     for q in range(len(h)):
    ...         h[q] = h[q] * abs(h[q])
    >>> def multiply_by_slope(delta, h):
    ...     for q in range(len(h)):
    ...         delta[q] *= 2 * np.sqrt(abs(h[q]))
    >>> register("signed_square", activate, multiply_by_slope)
    >>> _ = ACTIVATIONS.pop("signed_square")
    """
    if name in ACTIVATIONS:
        raise MlplabError(f"expected the name of a new activation, received {shown(name)}")
    ACTIVATIONS[name] = Activation(_compiled(activate), _compiled(multiply_by_slope))


def _compiled(function: Formula) -> Formula:
    """Compile a function unless it is compiled already.

    Machine code of others' functions is not kept on disk: Numba would not see that what they call has
    changed.
    """
    return function if hasattr(function, "py_func") else cast(Formula, kernel(function))


def activation_addresses(names: Sequence[str], dtype: DTypeLike) -> NDArray[np.int64]:
    """Return what kernels know the activations of the hidden layers by, shape (hidden layers, 3).

    Raises
    ------
    MlplabError
        If an activation is not registered, or its kernels cannot be compiled.
    """
    line = number_type(dtype)[::1]
    addresses = np.zeros((len(names), 3), np.int64)
    for layer, name in enumerate(names):
        if name not in ACTIVATIONS:
            raise MlplabError(
                f"the engine has no kernels of the activation {shown(name)}: give them to "
                "`mlplab.engine.activations.register`"
            )
        kernels = ACTIVATIONS[name]
        try:
            addresses[layer, :2] = (
                address(kernels.activate, line),
                address(kernels.multiply_by_slope, line, line),
            )
        except (NumbaError, TypeError) as error:  # TypeError: of another number of arguments
            raise MlplabError(
                f"the kernels of the activation {shown(name)} cannot be compiled: expected loops over "
                "the numbers of the arrays they are handed, `activate(h)` and "
                "`multiply_by_slope(delta, h)`, that make no array and no other object of Python"
            ) from error
    return addresses


# ---- Linear --------------------------------------------------------------------------------------


@entry
def _linear(h: Flat) -> None:
    pass


@entry
def _multiply_by_one(delta: Flat, h: Flat) -> None:
    pass


register("linear", _linear, _multiply_by_one)


# ---- ReLU ----------------------------------------------------------------------------------------


@entry
def _relu(h: Flat) -> None:
    zero = h.dtype.type(0)
    for q in range(len(h)):
        h[q] = zero if h[q] <= zero else h[q]  # NaN is not ≤ 0 and stays


@entry
def _multiply_by_relu_slope(delta: Flat, h: Flat) -> None:
    zero = h.dtype.type(0)
    for q in range(len(h)):
        d = delta[q]  # read in any case, else there are no vector instructions for it
        delta[q] = d if h[q] > zero else zero


register("relu", _relu, _multiply_by_relu_slope)


# ---- Leaky ReLU ----------------------------------------------------------------------------------


@entry
def _leaky_relu(h: Flat) -> None:
    zero, slope = h.dtype.type(0), h.dtype.type(LEAKY_RELU_SLOPE)
    for q in range(len(h)):
        h[q] = slope * h[q] if h[q] < zero else h[q]


@entry
def _multiply_by_leaky_relu_slope(delta: Flat, h: Flat) -> None:
    zero, slope = h.dtype.type(0), h.dtype.type(LEAKY_RELU_SLOPE)
    for q in range(len(h)):
        d = delta[q]
        delta[q] = slope * d if h[q] < zero else d


register("leaky_relu", _leaky_relu, _multiply_by_leaky_relu_slope)


# ---- Sigmoid -------------------------------------------------------------------------------------


@entry
def _sigmoid(h: Flat) -> None:
    zero, one = h.dtype.type(0), h.dtype.type(1)
    for q in range(len(h)):
        e = exponential(-abs(h[q]))
        h[q] = (e if h[q] < zero else one) / (one + e)


@entry
def _multiply_by_sigmoid_slope(delta: Flat, h: Flat) -> None:
    one = h.dtype.type(1)
    for q in range(len(h)):
        delta[q] *= h[q] * (one - h[q])


register("sigmoid", _sigmoid, _multiply_by_sigmoid_slope)


# ---- tanh ----------------------------------------------------------------------------------------


@entry
def _tanh(h: Flat) -> None:
    zero, two = h.dtype.type(0), h.dtype.type(2)
    for q in range(len(h)):
        e = exponential_minus_one(-two * abs(h[q]))
        t = -e / (two + e)
        h[q] = -t if h[q] < zero else t


@entry
def _multiply_by_tanh_slope(delta: Flat, h: Flat) -> None:
    one = h.dtype.type(1)
    for q in range(len(h)):
        delta[q] *= one - h[q] * h[q]


register("tanh", _tanh, _multiply_by_tanh_slope)


# ---- ELU -----------------------------------------------------------------------------------------


@entry
def _elu(h: Flat) -> None:
    zero = h.dtype.type(0)
    for q in range(len(h)):
        e = exponential_minus_one(zero if h[q] > zero else h[q])
        h[q] = h[q] if h[q] > zero else e


@entry
def _multiply_by_elu_slope(delta: Flat, h: Flat) -> None:
    zero, one = h.dtype.type(0), h.dtype.type(1)
    for q in range(len(h)):
        d = delta[q]
        delta[q] = d if h[q] > zero else d * (h[q] + one)


register("elu", _elu, _multiply_by_elu_slope)


# ---- Softplus ------------------------------------------------------------------------------------


@entry
def _softplus(h: Flat) -> None:
    zero = h.dtype.type(0)
    for q in range(len(h)):
        e = exponential(-abs(h[q]))
        h[q] = (zero if h[q] < zero else h[q]) + logarithm_of_one_plus(e)


@entry
def _multiply_by_softplus_slope(delta: Flat, h: Flat) -> None:
    for q in range(len(h)):
        delta[q] *= -exponential_minus_one(-h[q])


register("softplus", _softplus, _multiply_by_softplus_slope)
