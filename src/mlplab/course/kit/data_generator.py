"""The lab's datasets. What is in here comes from mlplab: `help(DataGenerator)` explains it."""

import mlplab.course.keras_at_hand  # noqa: F401  # `from tensorflow import keras` needs no TensorFlow
from mlplab.course.data_generator import DataGenerator  # noqa: F401  # for the notebook
