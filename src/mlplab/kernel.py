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
import re
import sys
import warnings
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from types import FunctionType
from typing import Any, Generic, ParamSpec, TypeVar

import numpy as np

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

_KERNELS = re.compile(rb"import numba|from numba|mlplab\.kernel import|engine\.compiling import")
"""Marks a source of kernels: this file, too."""

_READ = re.compile(rb"from mlplab\.((?:spec|engine|explain)\.[\w.]+) import")

OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
"""How every kernel is compiled: it decides what rounding may do. Nothing calls kernels from C."""


class Kernel(Generic[Parameters, Result]):
    """A function that is compiled for the types that it is called with; what `kernel` makes.

    Attributes
    ----------
    py_func : callable
        The function as it is written.
    """

    __qualname__: str

    def __init__(self, function: Callable[Parameters, Result], **options: Any) -> None:
        functools.update_wrapper(self, function)
        self.py_func = function
        self._options = options

    @functools.cached_property
    def compiled(self) -> Any:
        """Numba's dispatcher of the function; if NUMBA_DISABLE_JIT is set, the function itself."""
        return _compiled(self.py_func, **self._options)

    @functools.cached_property
    def _within(self) -> Any:
        """The dispatcher for other kernels, without what Python needs to call it: less to compile."""
        return _compiled(self.py_func, no_cpython_wrapper=True, **self._options)

    @property
    def _numba_type_(self) -> Any:
        # Numba reads this of each global that a function names, to know its type.
        from numba import types

        return types.Dispatcher(self._within)

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
    what it calls has changed. So a digest of all sources is made part of its name. Where a part cannot be
    found by its name, since it was typed into a session or made within a function, the driver is compiled
    in each process anew.
    """
    function, outside = composed(driver, **parts)
    return _compiled(function) if outside is None else compile_and_keep(function, outside)


def composed(
    driver: Callable[..., Any], **parts: Kernel[..., Any] | int
) -> tuple[FunctionType, bytes | None]:
    """Return a driver with its parts in their places, as `entry` says, and the parts' outside sources.

    The function's name tells its parts. Of a part that cannot be found by its name there are no sources.
    """
    from numba import config
    from numba.np.unsafe.ndarray import to_fixed_tuple

    names: dict[str, Any] = {**driver.__globals__, **parts}
    if not config.DISABLE_JIT:  # type: ignore[attr-defined]  # Numba sets it when it is imported
        names["fixed_tuple"] = to_fixed_tuple
    function = FunctionType(driver.__code__, names, driver.__name__)
    function.__module__ = driver.__module__
    kernels = [part for part in parts.values() if isinstance(part, Kernel)]
    numbers = [f"{name}={part}" for name, part in parts.items() if not isinstance(part, Kernel)]
    function.__qualname__ = "-".join(
        [driver.__qualname__, *(part.__qualname__ for part in kernels), *numbers]
    )
    return function, _outside_sources(kernels)


def compile_and_keep(
    function: Callable[..., Any], outside: bytes = b"", **options: Any
) -> Callable[..., Any]:
    """Compile a function when it is first called, and keep its machine code on disk.

    Parameters
    ----------
    function : callable
        Gets a digest of all sources of kernels as part of its name.
    outside : bytes
        Sources outside of the package that it calls.
    **options
        For Numba, besides `OPTIONS`.
    """
    digest = hashlib.sha256(package_digest() + outside).hexdigest()
    function.__qualname__ += f"-{digest[:16]}"
    try:
        return _compiled(function, cache=True, **options)
    except RuntimeError:
        _warn_that_nothing_is_kept()
    return _compiled(function, **options)


@functools.cache
def _warn_that_nothing_is_kept() -> None:
    """Say it once for all kernels; `warnings` forgets what it has said whenever Numba compiles."""
    warnings.warn(
        "no folder can be written to keep compiled kernels in, so that every process compiles them "
        "anew: set NUMBA_CACHE_DIR to a folder that can",
        RuntimeWarning,
        stacklevel=3,
    )


def fixed_tuple(row: Any, length: int) -> tuple[Any, ...]:
    """Return the numbers of an array as a tuple of a length that is known when it is compiled."""
    return tuple(row[:length])


@functools.cache
def package_digest() -> bytes:
    """Return a digest of the package's sources in which kernels, or what compiles them, stand.

    With those of these rooms from which they import constants and types, in folders, too.
    """
    folder = Path(__file__).parent
    inside = ((folder / room).rglob("*.py") for room in ("spec", "engine", "boundary", "explain"))
    rooms = (folder.glob("*.py"), *inside)
    paths = sorted(chain.from_iterable(rooms))
    sources = {path: path.read_bytes() for path in paths}
    kernels = {path for path, source in sources.items() if _KERNELS.search(source)}
    read = {name.decode() for path in kernels for name in _READ.findall(sources[path])}
    places = [folder.joinpath(*name.split(".")) for name in read]
    read_from = {place.with_suffix(".py") for place in places}
    read_from |= {place / "__init__.py" for place in places}
    kernels |= read_from & sources.keys()
    return hashlib.sha256(b"".join(sources[path] for path in sorted(kernels))).digest()


def _outside_sources(kernels: list[Kernel[..., Any]]) -> bytes | None:
    """Return the sources of kernels outside of the package, and what they call or read by its name.

    None if one of them cannot be found by its name: then another may have the same name.
    """
    found: dict[Kernel[..., Any], bytes] = {}
    waiting = list(kernels)
    while waiting:
        part = waiting.pop()
        path = Path(part.py_func.__code__.co_filename)
        if part in found or Path(__file__).parent in path.parents:
            continue
        if not path.is_file() or not _is_found_by_name(part):
            return None
        names = part.py_func.__globals__
        read = {n: names[n] for n in part.py_func.__code__.co_names if n in names}
        numbers = {n: value for n, value in read.items() if isinstance(value, int | float | tuple)}
        found[part] = path.read_bytes() + repr(numbers).encode()
        waiting += [value for value in read.values() if isinstance(value, Kernel)]
    return b"".join(sorted(found.values()))


def _is_found_by_name(part: Kernel[..., Any]) -> bool:
    """Tell whether a kernel is what its module has by its name, as pickle asks, too."""
    found: Any = sys.modules.get(part.__module__)
    for name in part.__qualname__.split("."):
        found = getattr(found, name, None)
    return found is part


def _compiled(function: Callable[..., Any], **more: Any) -> Callable[..., Any]:
    """Compile a function; if NUMBA_DISABLE_JIT is set, only keep it from warning of what overflows."""
    from numba import njit

    compiled: Callable[..., Any] = njit(**OPTIONS, **more)(function)
    if more.get("cache"):
        from mlplab.kept_code import keep_code

        keep_code(compiled)
    return np.errstate(all="ignore")(function) if compiled is function else compiled
