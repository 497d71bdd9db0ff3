"""How the engine's kernels are compiled: as all kernels are (`mlplab.kernel`), and with less around them.

They count no references to arrays, which would take longer than the arithmetic of a small network; so
they cannot make arrays, and get what they write to as arguments. Where a product and a sum are to be
rounded once, the code says so (`products`, `exponential`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ParamSpec, TypeVar, cast

import numba
import numpy as np
from numpy.typing import DTypeLike

from mlplab.kernel import OPTIONS, compile_and_keep

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

COMPILES = not bool(cast(Any, numba).config.DISABLE_JIT)
"""Whether kernels are compiled at all: NUMBA_DISABLE_JIT=1 runs them as Python."""

_OPTIONS: dict[str, Any] = {"no_cfunc_wrapper": True, "_nrt": False}
"""Nothing calls the kernels from C, which leaves a tenth less to compile."""

_njit: Any = partial(numba.njit, **OPTIONS, **_OPTIONS)


def number_type(dtype: DTypeLike) -> Any:
    """Return Numba's type of float32 or float64 numbers."""
    return numba.from_dtype(np.dtype(dtype))


def kernel(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Compile a function when it is first called, for the types that it is called with."""
    return cast(Callable[Parameters, Result], _njit()(function))


def inlined(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Compile a kernel into those that call it, which LLVM would rather not: a sixth faster."""
    return cast(Callable[Parameters, Result], _njit(forceinline=True)(function))


def entry(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Compile a kernel that is called from outside, by Python or by its address, once for all processes.

    Where its machine code is kept, `kernel.entry` says.
    """
    return cast(Callable[Parameters, Result], compile_and_keep(function, **_OPTIONS))
