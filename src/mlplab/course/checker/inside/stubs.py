"""Stubs in place of Keras and its like, and of mlplab, which has networks of its own.

Many students leave `import keras` at the top of their file. To import it is no mistake, but it takes
seconds, and the machine that checks may not have it. So the import gives a stub; only who computes with
it gets an error, which says why, and is noted for the report. One function is real: `to_categorical`,
which makes one-hot labels and no network.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any, NoReturn

import numpy as np

from .borrowed import note
from .guard import HIDDEN, NAME, Guard

STUBBED = {
    "chainer",
    "equinox",
    "fastai",
    "flax",
    "haiku",
    "jax",
    "keras",
    "keras_mlp",
    "lightning",
    "mlplab",
    "mxnet",
    "optax",
    "paddle",
    "pytorch_lightning",
    "safetensors",
    "sklearn",
    "skorch",
    "tensorflow",
    "tf_keras",
    "theano",
    "tinygrad",
    "torch",
}
"""`keras_mlp` is the course's own module over Keras; `safetensors` reads Keras's numbers."""


class NotHereError(RuntimeError):
    """A library was used that the checker does not have."""


class Placeholder:
    """Stands for anything in a stub; only its name is known."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return _member(self._name, name)

    def __call__(self, *_: object, **__: object) -> NoReturn:
        """Say that this is not there."""
        note(self._name)
        raise NotHereError(
            f"{self._name} is not there when your file is checked: compute with NumPy only"
        )

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        """Let a class be derived from this, which may be left over, but no object of it be made."""

        def refuse(_: type, *__: object, **___: object) -> NoReturn:
            self()

        return (type(self._name.rpartition(".")[2], (), {"__new__": refuse}),)


class StubModule(ModuleType):
    """A module in which every name is there, and none works."""

    def __getattr__(self, name: str) -> Any:
        return _member(self.__name__, name)


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports stubs; of mlplab, which nobody has left over, every import is noted."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Take the libraries of the list, and all modules within them."""
        top = fullname.split(".", maxsplit=1)[0]
        if top not in STUBBED or (top in HIDDEN and self._guard.is_open):
            return None
        if top == NAME:
            note(fullname)
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """Make a stub."""
        return StubModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Leave it empty."""


def install_stubs(guard: Guard) -> None:
    """From now on, let the libraries of the list be stubs."""
    sys.meta_path.insert(0, Finder(guard))


def to_categorical(x: Any, num_classes: int | None = None) -> Any:
    """Return labels as one-hot rows, as `keras.utils.to_categorical`."""
    labels = np.asarray(x, dtype=int).reshape(-1)
    return np.eye(num_classes or labels.max() + 1)[labels]


def _member(owner: str, name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    if name == "to_categorical":
        return to_categorical
    return Placeholder(f"{owner}.{name}")
