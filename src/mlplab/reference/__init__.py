"""The network from scratch, in plain NumPy: the pages to read in order to understand an MLP.

In the order in which one would teach it: activations and heads (`mlplab.spec.activations`,
`mlplab.spec.heads`: each formula beside its derivative), `network`, schedules and optimizers
(`mlplab.spec.schedules`, `mlplab.spec.optimizers`), `training`. How weights begin stands in
`mlplab.spec.initializers`.
"""

from mlplab.reference.network import MultilayerPerceptron
from mlplab.reference.training import train

__all__ = ["MultilayerPerceptron", "train"]
