"""The network from scratch, in plain NumPy: the page to read in order to understand an MLP.

In the order in which one would teach it: `activations`, `losses`, `network`, `schedules`,
`optimizers`, `training`. (How weights begin stands in `mlplab.initializers`, since a trial draws them
before any trainer comes in.)
"""

from mlplab.reference.activations import ACTIVATIONS
from mlplab.reference.losses import LOSSES
from mlplab.reference.network import MultilayerPerceptron
from mlplab.reference.optimizers import OPTIMIZERS
from mlplab.reference.schedules import SCHEDULES, learning_rate
from mlplab.reference.training import train

__all__ = [
    "ACTIVATIONS",
    "LOSSES",
    "OPTIMIZERS",
    "SCHEDULES",
    "MultilayerPerceptron",
    "learning_rate",
    "train",
]
