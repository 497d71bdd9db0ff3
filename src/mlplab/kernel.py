"""Kernels: functions of numbers and arrays that are compiled when they are first called.

A kernel is a plain Python function without Python objects in it. It may stand anywhere, a formula of an
experiment's part included, because to import it costs nothing: Numba, which takes most of a second, is
imported when a kernel is first called or compiled into another one.

There is no fast math: every product, sum and quotient is rounded as it is written, and NaN and infinity
keep their meaning. So a number is the same to the last bit in a vector register and by itself, and on
every processor. Kernels hold no lock of Python's.
"""

from __future__ import annotations

import functools
import hashlib
import warnings
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any, Generic, ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
"""How every kernel is compiled: it decides what rounding may do."""


class Kernel(Generic[Parameters, Result]):
    """A function that is compiled for the types that it is called with; what `kernel` makes.

    Attributes
    ----------
    py_func : callable
        The function as it is written.
    """

    __qualname__: str

    def __init__(self, function: Callable[Parameters, Result]) -> None:
        functools.update_wrapper(self, function)
        self.py_func = function

    @functools.cached_property
    def compiled(self) -> Any:
        """Numba's dispatcher of the function."""
        from numba import njit

        return njit(**OPTIONS)(self.py_func)

    @property
    def _numba_type_(self) -> Any:
        # By this name Numba asks a global of a function that it compiles for its type.
        from numba import types

        return types.Dispatcher(self.compiled)

    def __call__(self, *args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        """Call the compiled function."""
        result: Result = self.compiled(*args, **kwargs)
        return result

    def __reduce__(self) -> str:
        return self.__qualname__


def kernel(function: Callable[Parameters, Result]) -> Kernel[Parameters, Result]:
    """Make a kernel of a function."""
    return Kernel(function)


@functools.cache
def entry(driver: Callable[..., Any], **parts: Kernel[..., Any] | int) -> Callable[..., Any]:
    """Compile a function that Python calls, once for all processes: its machine code is kept on disk.

    Parameters
    ----------
    driver : callable
        A plain function. To call a formula with the numbers of an array it uses `fixed_tuple`, whose
        length must be one of the parts.
    **parts : Kernel or int
        What some of the driver's global names stand for, such as the formula of a schedule. Each choice
        of parts is compiled for itself.

    Numba keeps the code beside the driver's source; where that is read-only, in the user's own folder;
    or where NUMBA_CACHE_DIR says. It takes a function for unchanged as long as its own file is, even if
    what it calls has changed. So a digest of all sources is made part of its name. A part that has no
    source file, since it was typed into a session, is compiled in each process anew.
    """
    from numba import config, njit
    from numba.np.unsafe.ndarray import to_fixed_tuple

    names: dict[str, Any] = {**driver.__globals__, **parts}
    if not config.DISABLE_JIT:  # type: ignore[attr-defined]  # Numba sets it when it is imported
        names["fixed_tuple"] = to_fixed_tuple
    function = FunctionType(driver.__code__, names, driver.__name__)
    function.__module__ = driver.__module__
    kernels = [part for part in parts.values() if isinstance(part, Kernel)]
    sources = [_outside_source(part) for part in kernels]
    numbers = [f"{name}={part}" for name, part in parts.items() if not isinstance(part, Kernel)]
    digest = hashlib.sha256(b"".join([_package_digest(), *(s or b"" for s in sources)])).hexdigest()
    words = [driver.__qualname__, *(part.__qualname__ for part in kernels), *numbers, digest[:16]]
    function.__qualname__ = "-".join(words)
    if None not in sources:
        try:
            compiled: Callable[..., Any] = njit(cache=True, **OPTIONS)(function)
        except RuntimeError:
            warnings.warn(
                "no folder can be written to keep compiled kernels in, so that every process compiles "
                "them anew: set NUMBA_CACHE_DIR to a folder that can",
                RuntimeWarning,
                stacklevel=1,  # one place, so that it is said once for all kernels
            )
        else:
            return compiled
    uncached: Callable[..., Any] = njit(**OPTIONS)(function)
    return uncached


def fixed_tuple(row: Any, length: int) -> tuple[Any, ...]:
    """Return the numbers of an array as a tuple of a length that is known when it is compiled."""
    return tuple(row[:length])


@functools.cache
def _package_digest() -> bytes:
    """Return a digest of the package's sources in which kernels stand."""
    folder = Path(__file__).parent
    sources = sorted(
        path for room in (".", "spec", "engine") for path in (folder / room).glob("*.py")
    )
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).digest()


def _outside_source(part: Kernel[..., Any]) -> bytes | None:
    """Return the source file of a part outside of the package, nothing of one inside, None if none."""
    path = Path(part.py_func.__code__.co_filename)
    if Path(__file__).parent in path.parents:
        return b""
    return path.read_bytes() if path.is_file() else None
