"""Optimizers: how a gradient moves a weight. Keras's by Keras's names, defaults and formulas.

A file for each family: `base` (what all of them share), `gradient_descent`, `adam` (Adam, AdamW, Nadam),
`adaptive` (Adagrad, RMSprop, Adadelta: a step for each weight by the size of its gradients) and `lion`.

Source: Keras 3, `keras.optimizers`.
"""

# Kinds are known in the order of their definition, and menus begin with SGD.
# isort: off
from mlplab.spec.optimizers.base import OptimizerSpec, fill_step_sizes
from mlplab.spec.optimizers.gradient_descent import SGD
from mlplab.spec.optimizers.adam import Adam, AdamW, Nadam
from mlplab.spec.optimizers.adaptive import Adadelta, Adagrad, RMSprop
from mlplab.spec.optimizers.lion import Lion
# isort: on

__all__ = [
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Lion",
    "Nadam",
    "OptimizerSpec",
    "RMSprop",
    "fill_step_sizes",
]
