"""JAX as this trainer uses it; what it sets is put back after use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mlplab.errors import MissingExtraError, MlplabError

LOWEST = "0.8"
"""The first version that this trainer works with, as in the package's metadata."""


def _import_jax() -> Any:
    try:
        import jax
    except ImportError as error:
        needs = f"training with JAX needs jax, and {error.name} is missing"
        raise MissingExtraError(needs, "jax") from error
    if jax.__version_info__ < tuple(map(int, LOWEST.split("."))):
        needs = f"training with JAX needs jax {LOWEST} or newer, and {jax.__version__} is installed"
        raise MissingExtraError(needs, "jax")
    return jax


jax = _import_jax()
"""The module."""

Array = Any
"""An array of JAX, or what stands for one while a program is traced."""


@contextmanager
def full_precision() -> Iterator[None]:
    """Let JAX know 64-bit numbers, and multiply float32 matrices in float32; by NumPy's rules.

    Sums over an epoch are float64, and noise is made of 64-bit integers, whatever is trained. Products
    would otherwise be rounded to fewer digits on GPUs. What a user may have set for the debugging of
    other programs, as JAX_DEBUG_NANS, would refuse formulas, and networks that diverge.
    """
    with (
        jax.enable_x64(True),
        jax.default_matmul_precision("highest"),
        jax.numpy_dtype_promotion("standard"),
        jax.numpy_rank_promotion("allow"),
        jax.debug_nans(False),
        jax.debug_infs(False),
    ):
        yield


def default_device() -> Any:
    """Return the device that JAX computes on, if nothing else is said.

    Raises
    ------
    MlplabError
        If there is none.
    """
    device = jax.config.jax_default_device
    return first_device(device) if device is None or isinstance(device, str) else device


def first_device(kind: str | None = None) -> Any:
    """Return JAX's first device of a kind, such as gpu; of its default one if none is named.

    Raises
    ------
    MlplabError
        If there is none, as where JAX_PLATFORMS names what this machine lacks.
    """
    try:
        return jax.devices(kind)[0]
    except (RuntimeError, AssertionError) as error:  # the second one where cuda has no plugin
        platforms = os.environ.get("JAX_PLATFORMS")
        said = f" (JAX_PLATFORMS is {platforms!r})" if platforms else ""
        reason = f": {error}" if str(error) else ""
        raise MlplabError(f"JAX finds no {kind or 'device'} here{said}{reason}") from error
