"""Parity: one trial trained by several libraries, and where their weights part.

Samples, initial weights, batches and noise are the trial's, the same for all (`batches`). The reference
is what others are compared with (`reference_training`, `differences`). Each library is a training that
makes one update at a time (`engine_training`, `jax_training`, `keras_training`, `scikit_learn_training`,
`pytorch_training`), and those that need it run in a process of their own (`worker`). A student's training
step is one, too (`mine`). What the libraries do differently by default is a table (`defaults`), whose
effects are measured (`variants`, `effects`). `compare` does all of it, `text` says it.
"""

from mlplab.parity.compare import Parity, compare_libraries
from mlplab.parity.differences import TOLERANCES, Differences

__all__ = ["TOLERANCES", "Differences", "Parity", "compare_libraries"]
