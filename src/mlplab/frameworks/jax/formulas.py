"""The formulas of `mlplab.spec`, computed by JAX as they are written: in NumPy's functions.

NumPy hands its functions over to arrays that want to compute them themselves: a `FormulaArray` computes
each by its counterpart in JAX. So activations, heads, losses, penalties and optimizers are written once,
those from outside of the package as well.

Source: NEP 13 (`__array_ufunc__`) and NEP 18 (`__array_function__`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import scipy.special
from numpy.lib.mixins import NDArrayOperatorsMixin

from mlplab.errors import MlplabError
from mlplab.frameworks.jax.backend import Array, full_precision, jax
from mlplab.spec import OptimizerSpec
from mlplab.spec.activations import ACTIVATIONS


class FormulaArray(NDArrayOperatorsMixin):
    """An array of JAX that NumPy's functions take; what they return is one, too.

    Written to in place (`w -= …`, `v[...] = …`), it has another array afterwards: JAX's do not change.

    Attributes
    ----------
    array : Array
    """

    def __init__(self, array: Array) -> None:
        self.array = array

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        """Compute an elementwise function of NumPy or SciPy, or a reduction by it."""
        out = options.pop("out", None)
        function = getattr(_counterpart(ufunc), method)
        result = function(*unwrapped(inputs), **unwrapped(options))
        if out is None:
            return FormulaArray(result)
        (written,) = out
        written[...] = result
        return written

    def __array_function__(
        self, function: Callable[..., Any], types: Any, inputs: Any, options: Mapping[str, Any]
    ) -> Any:
        """Compute any other function of NumPy."""
        return FormulaArray(_counterpart(function)(*unwrapped(inputs), **unwrapped(options)))

    def __array__(self, *args: Any, **options: Any) -> Any:
        """Refuse to become an array of NumPy: there are no numbers yet when a program is traced."""
        raise TypeError("a formula that JAX is to compute needs NumPy's functions of arrays")

    def __setitem__(self, where: Any, value: Any) -> None:
        where, value = unwrapped(where), jax.numpy.asarray(unwrapped(value), self.array.dtype)
        if isinstance(where, jax.Array) and where.dtype == np.bool_ and value.ndim == 0:
            # JAX has no indices of a mask while a program is traced; it has one number where it is true.
            mask = where.reshape(where.shape + (1,) * (self.array.ndim - where.ndim))
            self.array = jax.numpy.where(mask, value, self.array)
        else:
            self.array = self.array.at[where].set(value)

    def __getitem__(self, where: Any) -> FormulaArray:
        return FormulaArray(self.array[unwrapped(where)])

    def __iter__(self) -> Iterator[FormulaArray]:
        return map(FormulaArray, self.array)

    def __len__(self) -> int:
        return len(self.array)

    def __bool__(self) -> bool:
        return bool(self.array)

    def __float__(self) -> float:
        return float(self.array)

    def item(self) -> FormulaArray:
        """Return a single number as it is: it is not known yet."""
        return self

    def __getattr__(self, name: str) -> Any:
        """Return what JAX's arrays have by NumPy's names, such as `shape` and `sum`."""
        if name == "mean":
            return partial(np.mean, self)
        if name == "sort":
            raise AttributeError("NumPy sorts in place, and arrays of JAX do not change: np.sort")
        found = getattr(self.array, name)
        if isinstance(found, jax.Array):
            return FormulaArray(found)
        if not callable(found):
            return found

        def method(*inputs: Any, **options: Any) -> Any:
            return FormulaArray(found(*map(unwrapped, inputs), **options))

        return method


def _mean(array: Array, **options: Any) -> Array:
    """Return a mean; of truth values it is float64, as NumPy's, and float32 in JAX."""
    if array.dtype == np.bool_:
        options.setdefault("dtype", np.float64)
    return jax.numpy.mean(array, **options)


def _counterpart(function: Callable[..., Any]) -> Callable[..., Array]:
    """Return JAX's function for one of NumPy or SciPy, which is known by itself, not by its name.

    Raises
    ------
    TypeError
        If it is none of theirs, or JAX has none.
    """
    if function is np.mean:
        return _mean
    name = function.__name__
    for module, of_jax in _MODULES:
        if getattr(module, name, None) is function and hasattr(of_jax, name):
            return getattr(of_jax, name)  # type: ignore[no-any-return]  # JAX's modules are of no type here
    raise TypeError(f"JAX has no counterpart of the function {name}")


_MODULES = (
    (np, jax.numpy),
    (np.linalg, jax.numpy.linalg),
    (np.fft, jax.numpy.fft),
    (scipy.special, jax.scipy.special),
)
"""Modules whose functions are known, and where JAX has those of the same names."""


def unwrapped(value: Any) -> Any:
    """Return JAX's own array of a `FormulaArray`, also within collections; anything else as it is."""
    if isinstance(value, FormulaArray):
        return value.array
    if isinstance(value, list | tuple):
        return type(value)(map(unwrapped, value))
    if isinstance(value, dict):
        return {name: unwrapped(each) for name, each in value.items()}
    return value


def by_jax(formula: Callable[..., Any]) -> Callable[..., Array]:
    """Return a formula that takes and returns arrays of JAX."""

    def computed(*arrays: Array) -> Array:
        return unwrapped(
            formula(*(FormulaArray(a) if isinstance(a, jax.Array) else a for a in arrays))
        )

    return computed


def updated(
    optimizer: OptimizerSpec, w: Array, gradient: Array, sizes: Array, moments: Sequence[Array]
) -> tuple[Array, tuple[Array, ...]]:
    """Return parameters and their moments after an update; `sizes` are its numbers of `step_sizes`."""
    moved, remembered = FormulaArray(w), [FormulaArray(m) for m in moments]
    of_update = [FormulaArray(sizes[i]) for i in range(len(sizes))]
    optimizer.update(moved, FormulaArray(gradient), of_update, *remembered)  # type: ignore[arg-type]  # as an array of NumPy
    return moved.array, tuple(m.array for m in remembered)


def check_formulas(activations: Sequence[str], optimizer: OptimizerSpec) -> None:
    """Refuse activations and optimizers from outside whose formulas JAX cannot compute.

    Raises
    ------
    MlplabError
        That names the first of them.
    """
    array = jax.ShapeDtypeStruct((2, 3), np.float32)
    sizes = jax.ShapeDtypeStruct((optimizer.step_size_count + 1,), np.float32)

    def update(w: Array, sizes: Array) -> Any:
        return updated(optimizer, w, w, sizes, [w] * len(optimizer.moments))

    with full_precision():
        for name in dict.fromkeys(activations):
            for formula in (ACTIVATIONS[name].function, ACTIVATIONS[name].derivative):
                _check(f"the activation {name!r}", _keeping_shape(formula), array)
        _check(f"the optimizer {optimizer.kind!r}", update, array, sizes)


def _keeping_shape(formula: Callable[..., Any]) -> Callable[[Array], Array]:
    def computed(z: Array) -> Array:
        found = by_jax(formula)(z)
        if found.shape != z.shape:
            raise ValueError(f"it makes an array of shape {found.shape} of one of shape {z.shape}")
        return found

    return computed


def _check(what: str, formula: Callable[..., Any], *arrays: Any) -> None:
    try:
        jax.eval_shape(formula, *arrays)
    except (TypeError, AttributeError, ValueError, IndexError, NotImplementedError) as error:
        reason = str(error).partition("\n")[0].rstrip(". ")
        raise MlplabError(
            f"JAX cannot train with {what}: its formula must keep the shape of arrays, and be written in "
            "functions of NumPy that JAX has, too, without conditions on numbers; the engine, or "
            f"trainer='reference', trains it ({reason})"
        ) from error
