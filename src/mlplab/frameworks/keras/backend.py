"""Keras with a backend that can train; its global settings and generators are put back after use."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from mlplab.errors import MissingExtraError, MlplabError

TRAINING_BACKENDS = ("jax", "tensorflow", "torch")


def _import_keras() -> Any:
    """Import Keras with the backend that the user named, or JAX, and keep it quiet."""
    backend = os.environ.setdefault("KERAS_BACKEND", "jax")
    if backend not in TRAINING_BACKENDS:
        raise MlplabError(
            f"KERAS_BACKEND must name one that can train ({', '.join(TRAINING_BACKENDS)}), "
            f"or be unset for jax, received '{backend}'"
        )
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        import keras
    except ImportError as error:
        if error.name == backend != "jax":
            raise MlplabError(
                f"KERAS_BACKEND names {backend}, which is not installed: install it, or unset "
                "KERAS_BACKEND for jax"
            ) from error
        needs = f"this needs keras and its backend {backend}, and {error.name} is missing"
        raise MissingExtraError(needs, "keras") from error
    return keras


keras = _import_keras()


_SETTINGS = threading.RLock()
"""Held while Keras's global settings are ours: it has one precision for all threads."""


@contextmanager
def precision(dtype: str) -> Iterator[None]:
    """Let Keras compute in a dtype; JAX has to be told separately before it admits float64.

    Another thread that asks for a precision waits until this one is done.
    """
    with _SETTINGS, _precision(dtype):
        yield


@contextmanager
def _precision(dtype: str) -> Iterator[None]:
    before = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)
    try:
        if keras.backend.backend() == "jax":
            import jax

            with jax.enable_x64(dtype == "float64"):
                yield
        else:
            yield
    finally:
        keras.config.set_floatx(before[0])
        keras.config.set_dtype_policy(before[1])


@contextmanager
def global_generators_kept() -> Iterator[None]:
    """Put back Python's and NumPy's global generators, from which Keras draws."""
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002  # what Keras uses
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002  # what Keras uses
