"""How the engine's kernels are compiled: as all kernels are (`mlplab.kernel`), and with less around them.

They count no references to arrays, which would take longer than the arithmetic of a small network; so
they cannot make arrays, and get what they write to as arguments. Where a product and a sum are to be
rounded once, the code says so (`products`, `exponential`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba
import numpy as np
from numpy.typing import DTypeLike

from mlplab.kernel import Kernel, compile_and_keep, composed

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

COMPILES = not bool(cast(Any, numba).config.DISABLE_JIT)
"""Whether kernels are compiled at all: NUMBA_DISABLE_JIT=1 runs them as Python."""


def number_type(dtype: DTypeLike) -> Any:
    """Return Numba's type of float32 or float64 numbers."""
    return numba.from_dtype(np.dtype(dtype))


def pointer_type(number: Any) -> Any:
    """Return Numba's type of where numbers of a type begin, as `lanes.pointer` returns it."""
    return numba.types.CPointer(number)  # type: ignore[no-untyped-call]  # Numba's own


def kernel(function: Callable[Parameters, Result]) -> Kernel[Parameters, Result]:
    """Compile a function when it is first called, for the types that it is called with."""
    return Kernel(function, _nrt=False)


def inlined(function: Callable[Parameters, Result]) -> Kernel[Parameters, Result]:
    """Compile a kernel into those that call it, which LLVM would rather not: a sixth faster."""
    return Kernel(function, _nrt=False, forceinline=True)


def entry(function: Callable[Parameters, Result], **parts: Any) -> Callable[Parameters, Result]:
    """Compile a kernel that is called from outside, by Python or by its address, once for all processes.

    What its `parts` are, which stand for some of its global names, and where its machine code is kept,
    `kernel.entry` says; they are kernels of the engine and numbers.
    """
    composed_of = composed(function, **parts)[0] if parts else function
    return cast(Callable[Parameters, Result], compile_and_keep(composed_of, _nrt=False))
