"""Clipping: a gradient that is too large is made smaller before it moves anything.

Where the loss is steep, as at a cliff, one update by the whole gradient may throw the weights far away.
Clipped by value, each number of the gradient is held between two limits, which changes its direction.
Clipped by norm, it keeps its direction and becomes shorter.

Source: Pascanu, Mikolov & Bengio 2013, "On the difficulty of training recurrent neural networks"; the
rules are Keras's.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mlplab.spec import OptimizerSpec
from mlplab.spec.activations import Float


def clip(optimizer: OptimizerSpec, gradients: Sequence[Float]) -> list[Float]:
    """Return the gradient of each W and each b as the optimizer takes it: clipped, or as it is."""
    if optimizer.clipvalue is not None:
        return [np.clip(g, -optimizer.clipvalue, optimizer.clipvalue) for g in gradients]
    if optimizer.clipnorm is not None:
        return [shortened(g, norm([g]), optimizer.clipnorm) for g in gradients]
    if optimizer.global_clipnorm is not None:
        length = norm(gradients)
        return [shortened(g, length, optimizer.global_clipnorm) for g in gradients]
    return list(gradients)


def norm(gradients: Sequence[Float]) -> float:
    """Return the length of some arrays together, √Σ g², summed in float64."""
    squares = [np.sum(np.square(g, dtype=np.float64)) for g in gradients]
    return float(np.sqrt(np.sum(squares)))


def shortened(gradient: Float, length: float, limit: float) -> Float:
    """Return g · limit / length where the length is above the limit, else g as it is."""
    return gradient * (limit / length) if length > limit else gradient
