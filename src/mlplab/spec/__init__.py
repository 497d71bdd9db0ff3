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
from mlplab.spec.heads import HEADS, LOSSES, Head, Loss, head_of
from mlplab.spec.initializers import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    InitializerSpec,
    LecunNormal,
    LecunUniform,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    Zeros,
)
from mlplab.spec.network import ActivationName, Network
from mlplab.spec.optimizers import (
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    AdamW,
    Lion,
    Nadam,
    OptimizerSpec,
    RMSprop,
)
from mlplab.spec.regularizers import L1, L1L2, L2, RegularizerSpec
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
from mlplab.spec.stopping import EarlyStopping, MonitorName, ReduceLROnPlateau

__all__ = [
    "ACTIVATIONS",
    "HEADS",
    "L1",
    "L1L2",
    "L2",
    "LOSSES",
    "SGD",
    "Activation",
    "ActivationName",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Arrays",
    "Cell",
    "Circles",
    "CosineDecay",
    "CosineDecayRestarts",
    "DatasetSpec",
    "DtypeName",
    "EarlyStopping",
    "Experiment",
    "ExponentialDecay",
    "FiniteSamples",
    "GlorotNormal",
    "GlorotUniform",
    "Grid",
    "HeNormal",
    "HeUniform",
    "Head",
    "InitializerSpec",
    "InverseTimeDecay",
    "LearningRate",
    "LecunNormal",
    "LecunUniform",
    "Linear",
    "Lion",
    "Loss",
    "LossName",
    "MonitorName",
    "Moons",
    "Nadam",
    "Network",
    "OptimizerSpec",
    "PiecewiseConstantDecay",
    "Polar",
    "PolynomialDecay",
    "RMSprop",
    "RandomNormal",
    "RandomUniform",
    "Recipe",
    "ReduceLROnPlateau",
    "RegularizerSpec",
    "SamplesFile",
    "Schedule",
    "Spirals",
    "Training",
    "TruncatedNormal",
    "Xor",
    "Zeros",
    "head_of",
    "learning_rates",
    "recipes",
]
