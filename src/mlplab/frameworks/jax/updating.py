"""One update of a network: its gradient, penalised and clipped, moves its parameters."""

from __future__ import annotations

from collections.abc import Sequence

from mlplab.frameworks.jax.backend import Array, jax
from mlplab.frameworks.jax.formulas import by_jax, updated
from mlplab.frameworks.jax.network import Layers
from mlplab.spec import OptimizerSpec, RegularizerSpec

Moments = tuple[tuple[Array, ...], ...]
"""What an optimizer remembers of each W and then of each b."""


def penalised(
    regularizer: RegularizerSpec | None, weights: Sequence[Array], gradients: Sequence[Array]
) -> tuple[Array, ...]:
    """Return the gradients of all W with the slope of the penalty."""
    if regularizer is None:
        return tuple(gradients)
    slope = by_jax(regularizer.derivative)
    return tuple(g + slope(w) for w, g in zip(weights, gradients, strict=True))


def clipped(optimizer: OptimizerSpec, gradients: Sequence[Array]) -> list[Array]:
    """Return the gradient of each W and each b as the optimizer takes it: clipped, or as it is."""
    if (limit := optimizer.clipvalue) is not None:
        return [jax.numpy.clip(g, -limit, limit) for g in gradients]
    if (limit := optimizer.clipnorm) is not None:
        return [_shortened(g, _norm([g]), limit) for g in gradients]
    if (limit := optimizer.global_clipnorm) is not None:
        length = _norm(gradients)
        return [_shortened(g, length, limit) for g in gradients]
    return list(gradients)


def _norm(gradients: Sequence[Array]) -> Array:
    """Return the length of some arrays together, summed in float64."""
    return jax.numpy.sqrt(sum((g.astype("float64") ** 2).sum() for g in gradients))


def _shortened(gradient: Array, length: Array, limit: float) -> Array:
    times = jax.numpy.where(length > limit, limit / length, 1.0)
    return gradient * times.astype(gradient.dtype)


def moved(
    optimizer: OptimizerSpec, layers: Layers, gradients: Layers, sizes: Array, moments: Moments
) -> tuple[Layers, Moments]:
    """Return the parameters after an update, and what the optimizer remembers then."""
    after = []
    parameters = (*layers.weights, *layers.biases)
    of_each = clipped(optimizer, (*gradients.weights, *gradients.biases))
    for w, g, m in zip(parameters, of_each, moments, strict=True):
        decayed = w - sizes[-1] * w if optimizer.weight_decay > 0 else w
        after.append(updated(optimizer, decayed, g, sizes, m))
    numbers, remembered = zip(*after, strict=True)
    count = len(layers.weights)
    return Layers(numbers[:count], numbers[count:]), remembered
