"""The optimizers that kernels can call, by the kinds of `spec.optimizers`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from mlplab.engine.calls import address
from mlplab.engine.compiling import number_type
from mlplab.errors import MlplabError, shown
from mlplab.kernel import Kernel
from mlplab.spec import OptimizerSpec

Float64 = NDArray[np.float64]
Update = Callable[..., None]

CONSTANTS = 3
"""Numbers that an update may need besides its rates."""


@dataclass(frozen=True)
class Optimizer:
    """A kind of optimizer for kernels.

    Attributes
    ----------
    describe : Kernel
        describe(constants, *parameters) writes CONSTANTS float64 numbers, and returns which of the
        updates an optimizer of these parameters needs.
    updates : dict of str to callable
        One or several, each as the package's docstring has it, by names of their own.
    """

    describe: Kernel[..., int]
    updates: dict[str, Update]


_UNREAD: Any = [0.0] * CONSTANTS
"""Where constants are written that nobody asks for."""

OPTIMIZERS: dict[str, Optimizer] = {}
"""The optimizers that kernels can call, by kind."""


def register(kind: str, describe: Kernel[..., int], **updates: Update) -> None:
    """Add a kind of optimizer, so that networks can be trained by it.

    Parameters
    ----------
    kind : str
        Of a class in `spec.optimizers`.
    describe, **updates
        As `Optimizer` has them.
    """
    OPTIMIZERS[kind] = Optimizer(describe, updates)


def optimizer_name(spec: OptimizerSpec) -> str:
    """Return the name of the update that a spec needs.

    Raises
    ------
    MlplabError
        If its kind is not registered.
    """
    known = OPTIMIZERS.get(spec.kind)
    if known is None:
        raise MlplabError(
            f"the engine has no kernel of the optimizer {shown(spec.kind)}: give it to "
            "`mlplab.engine.updates.register`"
        )
    names = tuple(known.updates)
    return names[known.describe.py_func(_UNREAD, *spec.parameters) if len(names) > 1 else 0]


def optimizer_constants(spec: OptimizerSpec) -> Float64:
    """Return what an optimizer needs besides its rates, shape (CONSTANTS,)."""
    constants = np.zeros(CONSTANTS)
    OPTIMIZERS[spec.kind].describe.py_func(constants, *spec.parameters)
    return constants


def optimizer_address(spec: OptimizerSpec, dtype: DTypeLike) -> int:
    """Return what kernels know an optimizer by."""
    update = OPTIMIZERS[spec.kind].updates[optimizer_name(spec)]
    return _address(update, np.dtype(dtype))


def update_addresses(dtype: DTypeLike) -> dict[str, int]:
    """Return what kernels know all updates by, of all kinds, by their names."""
    updates = {name: u for known in OPTIMIZERS.values() for name, u in known.updates.items()}
    return {name: _address(update, np.dtype(dtype)) for name, update in updates.items()}


@lru_cache(maxsize=64)
def _address(update: Update, dtype: np.dtype[Any]) -> int:
    number = number_type(dtype)
    table, line = number[:, ::1], number[::1]
    return address(update, table, *[line] * 5)


describe: Any = None
"""Stands for a kind's formula; `kernel.entry` puts it in this place."""


def describe_optimizer(parameters: Any, constants: Float64, which: NDArray[np.int64]) -> None:
    """Write constants, shape (CONSTANTS,), and which of the kind's updates it needs, shape (1,)."""
    which[0] = describe(constants, *parameters)
