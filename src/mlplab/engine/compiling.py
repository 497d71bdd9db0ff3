"""How kernels are compiled, in one place, because it decides what rounding may do.

There is no fast math: every product, sum and quotient is rounded as it is written, and NaN and infinity
keep their meaning. So a number is the same to the last bit whether it is computed in a vector register or
by itself, and on which processor. Where a product and a sum are to be rounded once, the code says so
(`products`, `exponential`).

Kernels release the GIL. They count no references to arrays, which would take longer than the arithmetic
of a small network; so they cannot make arrays, and get what they write to as arguments.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numba
import numpy as np
from numpy.typing import DTypeLike

from mlplab.kept_code import keep_code

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

_FILES = [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))]
_KERNELS = [file for file in _FILES if b"numba" in file or b"engine.compiling import" in file]
_SOURCES = hashlib.sha256(b"".join(_KERNELS)).hexdigest()[:16]

COMPILES = not bool(cast(Any, numba).config.DISABLE_JIT)
"""Whether kernels are compiled at all: NUMBA_DISABLE_JIT=1 runs them as Python."""

_njit: Any = partial(numba.njit, nogil=True, error_model="numpy", no_cfunc_wrapper=True, _nrt=False)
"""Nothing calls the kernels from C, which leaves a tenth less to compile."""


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
    """Compile a kernel that is called from outside: by Python, or by its address.

    It is compiled once for all processes: the machine code is kept on disk. Numba keeps it beside the
    source; where that is read-only, in the user's own folder; or where NUMBA_CACHE_DIR says. Where none
    can be written, each process compiles anew, and a warning says so.

    Numba takes a kernel for unchanged as long as its own file is, even if a file that it calls has
    changed. So a digest of all files that hold kernels is made part of its name.
    """
    function.__qualname__ += f"-{_SOURCES}"
    try:
        compiled = _njit(cache=True)(function)
        keep_code(compiled)
    except RuntimeError:
        warnings.warn(
            "no folder can be written to keep the compiled engine in, so that every process compiles it "
            "anew, for about half a minute: set NUMBA_CACHE_DIR to a folder that can",
            RuntimeWarning,
            stacklevel=1,  # one place, so that it is said once for all kernels
        )
        compiled = _njit()(function)
    return cast(Callable[Parameters, Result], compiled)
