"""Activations and their slopes, over any number of numbers: those of `spec.activations`, compiled.

An activation is two functions. `activate(h)` turns pre-activations z into h = σ(z), in place.
`multiply_by_slope(delta, h)` multiplies δ by σ'(z), in place; the slope is written in terms of h, which
a kernel has anyway. Where it does not follow from h, it is written in terms of z, which is then kept for
it (`kept`). `register` adds one; kernels call both by their address.

The kernels stand by families in `straight_activations`, `exponential_activations` and
`gated_activations`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

import numpy as np
from numba.core.errors import NumbaError
from numpy.typing import DTypeLike, NDArray

from mlplab.engine import exponential_activations as curved
from mlplab.engine import gated_activations as gated
from mlplab.engine import straight_activations as straight
from mlplab.engine.arrays import Flat
from mlplab.engine.calls import address
from mlplab.engine.compiling import kernel, number_type
from mlplab.errors import MlplabError, shown

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
    keeps_z : bool
        Whether the slope takes z in place of h.
    """

    activate: Activate
    multiply_by_slope: MultiplyBySlope
    keeps_z: bool = False


ACTIVATIONS: dict[str, Activation] = {}
"""The activations that kernels can call, by name."""


def register(
    name: str, activate: Activate, multiply_by_slope: MultiplyBySlope, keeps_z: bool = False
) -> None:
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
    keeps_z : bool
        Where the slope does not follow from h: `multiply_by_slope` gets `delta` and z.

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
    ACTIVATIONS[name] = Activation(_compiled(activate), _compiled(multiply_by_slope), keeps_z)


def _compiled(function: Formula) -> Formula:
    """Compile a function unless it is compiled already.

    Machine code of others' functions is not kept on disk: Numba would not see that what they call has
    changed.
    """
    return function if hasattr(function, "py_func") else cast(Formula, kernel(function))


def activation_addresses(names: Sequence[str], dtype: DTypeLike) -> NDArray[np.int64]:
    """Return what kernels know the activations of the hidden layers by, shape (hidden layers, 3).

    Of each the addresses of `activate` and of `multiply_by_slope`, and 1 where the latter takes z.

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
            addresses[layer] = (
                address(kernels.activate, line),
                address(kernels.multiply_by_slope, line, line),
                kernels.keeps_z,
            )
        except (NumbaError, TypeError) as error:  # TypeError: of another number of arguments
            raise MlplabError(
                f"the kernels of the activation {shown(name)} cannot be compiled: expected loops over "
                "the numbers of the arrays they are handed, `activate(h)` and "
                "`multiply_by_slope(delta, h)`, that make no array and no other object of Python"
            ) from error
    return addresses


_OF_H: dict[str, tuple[Activate, MultiplyBySlope]] = {
    "linear": (straight.linear, straight.multiply_by_one),
    "relu": (straight.relu, straight.multiply_by_relu_slope),
    "leaky_relu": (straight.leaky_relu, straight.multiply_by_leaky_relu_slope),
    "relu6": (straight.relu6, straight.multiply_by_relu6_slope),
    "hard_sigmoid": (straight.hard_sigmoid, straight.multiply_by_hard_sigmoid_slope),
    "sigmoid": (curved.sigmoid, curved.multiply_by_sigmoid_slope),
    "tanh": (curved.tanh, curved.multiply_by_tanh_slope),
    "softsign": (curved.softsign, curved.multiply_by_softsign_slope),
    "elu": (curved.elu, curved.multiply_by_elu_slope),
    "selu": (curved.selu, curved.multiply_by_selu_slope),
    "softplus": (curved.softplus, curved.multiply_by_softplus_slope),
    "exponential": (curved.exponential_of_any, curved.multiply_by_itself),
}
"""Activations whose slope follows from h."""

_OF_Z: dict[str, tuple[Activate, MultiplyBySlope]] = {
    "silu": (gated.silu, gated.multiply_by_silu_slope),
    "gelu": (gated.gelu, gated.multiply_by_gelu_slope),
    "gelu_tanh": (gated.gelu_tanh, gated.multiply_by_gelu_tanh_slope),
    "mish": (gated.mish, gated.multiply_by_mish_slope),
}
"""Activations whose slope takes z."""

for _name, _kernels in (_OF_H | _OF_Z).items():
    register(_name, *_kernels, keeps_z=_name in _OF_Z)
