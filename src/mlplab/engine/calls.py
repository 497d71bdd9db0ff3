"""Calls of compiled functions by their address, so that a kernel does not contain all that it may call.

A kernel gets its activations, its optimizer and its head as numbers: the addresses of machine code. Each
function is compiled by itself, once it is asked for. A new one needs no change of the kernels.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from mlplab.drawing import PackedSamples
from mlplab.engine.arrays import Flat, Indices, Rows, Scratch, Whole
from mlplab.engine.compiling import COMPILES, Parameters
from mlplab.kernel import Kernel

Float64 = NDArray[np.float64]
Flags = NDArray[np.uint8]

_FUNCTIONS: list[Callable[..., None]] = []
"""Where nothing is compiled, an address is a place in this list, counted from 1; 0 is none."""

_ADDING = threading.Lock()
"""Held while a function gets its place: two threads may ask for an address at once."""


@lru_cache(maxsize=1024)
def address(function: Callable[..., None], *arguments: Any) -> int:
    """Return the address of a compiled function, for arguments of these types of Numba.

    Raises
    ------
    TypeError
        If the function returns something: what calls it has no place for it.
    """
    if not COMPILES:
        with _ADDING:
            _FUNCTIONS.append(function)
            return len(_FUNCTIONS)
    dispatcher: Any = function.compiled if isinstance(function, Kernel) else function
    # As a call from Python compiles it: so both have the same machine code on disk.
    dispatcher.compile(arguments)
    result = dispatcher.overloads[arguments]
    if result.signature.return_type != types.none:
        raise TypeError(f"{function.__qualname__} returns {result.signature.return_type}")
    return int(result.library.get_pointer_to_function(result.fndesc.llvm_func_name))


def _generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
    """Write a call of what lies at the first value, with the other values as its arguments."""
    kinds, convention = signature.args[1:], context.call_conv
    kind = convention.get_function_type(types.none, kinds)
    function = builder.inttoptr(values[0], kind.as_pointer())
    status, _ = convention.call_function(builder, function, types.none, kinds, values[1:])
    with builder.if_then(status.is_error, likely=False):
        convention.return_status_propagate(builder, status)
    return context.get_dummy_value()


def _call(function: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Make a call of a function that only says its arguments, the address first."""
    names = list(inspect.signature(function).parameters)

    def in_python(address: int, *arguments: Any) -> None:
        _FUNCTIONS[address - 1](*arguments)

    def compiled(_: Any, *arguments: Any) -> Any:
        kinds = [
            types.Array(a.dtype, a.ndim, "C")
            if isinstance(a, types.Array)
            else a
            if isinstance(a, types.CPointer)
            else types.intp
            for a in arguments
        ]
        return types.void(*kinds), _generate

    if not COMPILES:
        return cast(Callable[Parameters, None], in_python)
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter(name, kind) for name in ("context", *names)]
    compiled.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    compiled.__name__ = function.__name__
    return cast(Callable[Parameters, None], intrinsic(compiled))


@_call
def call_activate(address: int, h: Flat) -> None:
    """Call an activation, see `activations`."""


@_call
def call_slope(address: int, delta: Flat, h: Flat) -> None:
    """Call the slope of an activation, see `activations`."""


@_call
def call_update(
    address: int,
    constants: Rows,
    rate: Flat,
    theta: Flat,
    gradient: Flat,
    first_moment: Flat,
    second_moment: Flat,
) -> None:
    """Call an optimizer, see `updates`."""


@_call
def call_predict(
    address: int, z: Flat, outputs: int, stride: int, n: int, scratch: Scratch
) -> None:
    """Call the output activation of a head, see `output`."""


@_call
def call_score(
    address: int,
    p: Flat,
    answers: Flat,
    outputs: int,
    stride: int,
    n: int,
    scratch: Scratch,
    seen: Float64,
) -> None:
    """Call the loss and metric of a head, see `output`."""


@_call
def call_output_delta(
    address: int,
    p: Flat,
    answers: Flat,
    outputs: int,
    stride: int,
    n: int,
    samples: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """Call the derivative of a head, see `output`."""


@_call
def call_evaluate_block(
    address: int,
    theta: Rows,
    sizes: Whole,
    begin: Whole,
    level: Whole,
    activations: Whole,
    head: Whole,
    samples: PackedSamples,
    stop: Flags,
    indices: Indices,
    h: Rows,
    taken: Rows,
    answers: Rows,
    scratch: Scratch,
    seen: Float64,
    predicted: Whole,
) -> None:
    """Call `block_evaluation.evaluate`, which is then no part of the training's code."""


@_call
def call_evaluate_single(
    address: int,
    theta: Rows,
    sizes: Whole,
    begin: Whole,
    level: Whole,
    activations: Whole,
    head: Whole,
    samples: PackedSamples,
    stop: Flags,
    vectors: int,
    chosen: Whole,
    h: Rows,
    answers: Rows,
    scratch: Scratch,
    seen: Float64,
    predicted: Whole,
) -> None:
    """Call `single_evaluation.evaluate`, which is then no part of the training's code."""


@_call
def call_mean(address: int, seen: Float64, samples: int, outputs: int) -> None:
    """Call the last step of the scores of a head, see `output`."""


@_call
def call_masks(
    address: int,
    settings: Float64,
    keys: NDArray[np.uint64],
    networks: int,
    epoch: int,
    first: int,
    layer: int,
    neurons: int,
    count: int,
    stride: int,
    h: Flat,
) -> None:
    """Call `noise.multiply_by_masks`."""


@_call
def call_noise(
    address: int,
    settings: Float64,
    keys: NDArray[np.uint64],
    networks: int,
    epoch: int,
    first: int,
    features: int,
    count: int,
    stride: int,
    h: Flat,
) -> None:
    """Call `noise.add_noise`."""


@_call
def call_penalise(
    address: int,
    settings: Float64,
    networks: int,
    sizes: Whole,
    begin: Whole,
    layer: int,
    theta: Rows,
    gradient: Rows,
) -> None:
    """Call `penalty.penalise`."""
