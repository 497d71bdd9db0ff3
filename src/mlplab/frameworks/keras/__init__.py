"""The same trial, trained by Keras 3 itself: what the other trainers are compared with.

`train` starts from the trial's own weights and takes its own shuffles, so that it must follow the
same path as our trainers. `fit` lets Keras draw the initial weights and shuffle, as a student does.

The backend is the one that KERAS_BACKEND names, and JAX where it names none (`backend`). What an
experiment describes becomes Keras's own objects (`parts`), save for the few formulas that Keras takes
in float32 or has not (`formulas`); of them a model is built (`model`), with our noise where it is given
(`noise`), and trained (`training`).
"""

from mlplab.frameworks.keras.backend import keras, precision
from mlplab.frameworks.keras.formulas import accuracy, keras_activation, keras_loss, keras_metric
from mlplab.frameworks.keras.model import KerasNetwork, build_model, get_weights, set_weights
from mlplab.frameworks.keras.parts import (
    keras_callbacks,
    keras_initializer,
    keras_learning_rate,
    keras_optimizer,
    keras_regularizer,
)
from mlplab.frameworks.keras.training import fit, train

__all__ = [
    "KerasNetwork",
    "accuracy",
    "build_model",
    "fit",
    "get_weights",
    "keras",
    "keras_activation",
    "keras_callbacks",
    "keras_initializer",
    "keras_learning_rate",
    "keras_loss",
    "keras_metric",
    "keras_optimizer",
    "keras_regularizer",
    "precision",
    "set_weights",
    "train",
]
