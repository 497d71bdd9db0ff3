"""The experiment as data: dataset, network and training, in Keras's words, equal to a TOML file.

A part carries its formula: a dataset its samples, an initializer its weights, a schedule its rates, an
optimizer its update, an activation its derivative. One that is defined outside of the package is known,
read, drawn and trained with like those inside.
"""

from mlplab.spec.activations import ACTIVATIONS, Activation
from mlplab.spec.datasets import (
    Circles,
    DatasetSpec,
    Linear,
    Moons,
    Polar,
    Recipe,
    Spirals,
    Xor,
    recipes,
)
from mlplab.spec.experiment import DtypeName, Experiment, LossName, Training
from mlplab.spec.finite import Arrays, FiniteSamples, SamplesFile
from mlplab.spec.grid import Cell, Grid
from mlplab.spec.heads import HEADS, LOSSES, Head, Loss
from mlplab.spec.initializers import (
    Constant,
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    Identity,
    InitializerSpec,
    LecunNormal,
    LecunUniform,
    Ones,
    Orthogonal,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    Zeros,
)
from mlplab.spec.network import ActivationName, Network
from mlplab.spec.optimizers import SGD, Adam, OptimizerSpec
from mlplab.spec.schedules import (
    CosineDecay,
    CosineDecayRestarts,
    ExponentialDecay,
    InverseTimeDecay,
    LearningRate,
    PiecewiseConstantDecay,
    PolynomialDecay,
    Schedule,
    learning_rates,
)

__all__ = [
    "ACTIVATIONS",
    "HEADS",
    "LOSSES",
    "SGD",
    "Activation",
    "ActivationName",
    "Adam",
    "Arrays",
    "Cell",
    "Circles",
    "Constant",
    "CosineDecay",
    "CosineDecayRestarts",
    "DatasetSpec",
    "DtypeName",
    "Experiment",
    "ExponentialDecay",
    "FiniteSamples",
    "GlorotNormal",
    "GlorotUniform",
    "Grid",
    "HeNormal",
    "HeUniform",
    "Head",
    "Identity",
    "InitializerSpec",
    "InverseTimeDecay",
    "LearningRate",
    "LecunNormal",
    "LecunUniform",
    "Linear",
    "Loss",
    "LossName",
    "Moons",
    "Network",
    "Ones",
    "OptimizerSpec",
    "Orthogonal",
    "PiecewiseConstantDecay",
    "Polar",
    "PolynomialDecay",
    "RandomNormal",
    "RandomUniform",
    "Recipe",
    "SamplesFile",
    "Schedule",
    "Spirals",
    "Training",
    "TruncatedNormal",
    "Xor",
    "Zeros",
    "learning_rates",
    "recipes",
]
