"""The lab's network in Keras. What is in here comes from mlplab: `help(KerasMLP)` explains it."""

import mlplab.course.keras_at_hand  # noqa: F401  # `from tensorflow import keras` needs no TensorFlow
from mlplab.course.keras_mlp import KerasMLP, keras  # noqa: F401  # for the notebook
