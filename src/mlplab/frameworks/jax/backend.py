"""JAX as this trainer uses it; what it sets is put back after use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mlplab.errors import MissingExtraError


def _import_jax() -> Any:
    try:
        import jax
    except ImportError as error:
        needs = f"training with JAX needs jax, and {error.name} is missing"
        raise MissingExtraError(needs, "jax") from error
    return jax


jax = _import_jax()
"""The module."""

Array = Any
"""An array of JAX, or what stands for one while a program is traced."""


@contextmanager
def exactly() -> Iterator[None]:
    """Let JAX know 64-bit numbers, and multiply float32 matrices in float32.

    Sums over an epoch are float64, and noise is made of 64-bit integers, whatever is trained. Products
    would otherwise be rounded to fewer digits on GPUs.
    """
    with jax.enable_x64(True), jax.default_matmul_precision("highest"):
        yield
