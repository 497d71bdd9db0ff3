"""Make a notebook's `import keras` and `from tensorflow import keras` work, whatever is installed.

A notebook of the course takes Keras from TensorFlow. Keras 3 needs no TensorFlow; here it runs on JAX.
Importing this module

- lets Keras choose a backend that is installed, unless KERAS_BACKEND already names one;
- where TensorFlow is *not* installed, enters a module `tensorflow` into this process that holds Keras and
  nothing else, and says so when it is asked for more. Where TensorFlow is installed, it is left alone.

Only the two modules of the lab's folder import this, never the package itself.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import numpy as np

BACKENDS = ("jax", "tensorflow", "torch")
"""That can train, the first that is installed is taken."""


def prepare() -> None:
    """Do what this module is for; nothing where Keras or every backend is missing.

    The datasets need no Keras, so that it is `keras_mlp` that says what is missing.
    """
    installed = [name for name in BACKENDS if _is_installed(name)]
    if not _is_installed("keras") or not installed:
        return
    os.environ.setdefault("KERAS_BACKEND", installed[0])
    if "tensorflow" not in installed:
        _stand_in_for_tensorflow()


def _is_installed(name: str) -> bool:
    return not isinstance(sys.modules.get(name), StandIn) and find_spec(name) is not None


class StandIn(ModuleType):
    """What `import tensorflow` gives where there is no TensorFlow: Keras, and an explanation."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(
            f"module 'tensorflow' has no attribute '{name}': TensorFlow is not installed, and what "
            "stands in for it in this lab has only 'keras'"
        )


def _stand_in_for_tensorflow() -> None:
    from mlplab.frameworks.keras import keras

    # Keras looks for TensorFlow when it first could use it, here, and remembers the answer. It must not
    # find the stand-in, which it would ask for more than Keras.
    keras.saving.serialize_keras_object(np.float32(0))
    module = StandIn("tensorflow", "Keras alone: TensorFlow is not installed.")
    module.__spec__ = ModuleSpec("tensorflow", loader=None)
    module.__dict__["keras"] = keras
    # Keras asks it of whatever is called so whether a layer is called within a graph of TensorFlow's.
    module.__dict__["executing_eagerly"] = lambda: True
    sys.modules["tensorflow"] = module


prepare()
