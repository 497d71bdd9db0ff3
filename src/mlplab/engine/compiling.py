"""How every kernel is compiled: in one place, because it decides what rounding may do.

Of fast math only this is allowed: a product and a sum may become one rounding (`contract`), a quotient
a product with the reciprocal (`arcp`), and the sign of zero does not matter (`nsz`). NaN and infinity
keep their meaning, since a diverged run is told by them, and sums keep their order, since a run must
come out the same whatever else is trained.

Kernels release the GIL and are cached on disk; where the package's folder is read-only, Numba caches
in the user's own folder.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

FAST_MATH = {"contract", "arcp", "nsz"}

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def kernel(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Compile a function when it is first called, for the types that it is called with."""
    compiled = numba.njit(nogil=True, cache=True, fastmath=FAST_MATH, error_model="numpy")(function)
    return cast(Callable[Parameters, Result], compiled)
