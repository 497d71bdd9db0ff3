"""From an estimator's layers, initializers and penalties to the network of an experiment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mlplab.errors import SpecError, shown
from mlplab.estimators.constraints import SKLEARN_ACTIVATIONS
from mlplab.spec import Network
from mlplab.spec.regularizers import L1L2, L2, RegularizerSpec


def network_of(parameters: Mapping[str, Any], weight_of_batch: float) -> Network:
    """Return the network that an estimator's parameters say.

    Parameters
    ----------
    parameters : mapping
        All parameters of the estimator.
    weight_of_batch : float
        What the samples of a batch weigh together: their number, where each weighs 1.

    Raises
    ------
    SpecError
        If a layer has no neuron, or there is not one activation, or dropout rate, for each hidden layer.
    """
    sizes = hidden_sizes(parameters["hidden_layer_sizes"])
    activation, dropout = parameters["activation"], parameters["dropout"]
    if not sizes:
        for name, value in (("activation", activation), ("dropout", dropout)):
            if not isinstance(value, str) and np.any(value):
                raise SpecError(
                    f"{name} does not apply to hidden_layer_sizes=(), a network without hidden layers, "
                    f"received {name}={value!r}"
                )
    of_layers: dict[str, Any] = {
        "layer_width": sizes,
        "activation": _activations(activation),
        "dropout": np.asarray(dropout).tolist(),
    }
    return Network(
        hidden_layers=len(sizes),
        initializer=parameters["kernel_initializer"],
        bias_initializer=parameters["bias_initializer"],
        kernel_regularizer=with_alpha(
            parameters["kernel_regularizer"], parameters["alpha"], weight_of_batch
        ),
        input_noise=parameters["input_noise"],
        **(of_layers if sizes else {}),
    )


def hidden_sizes(given: Any) -> tuple[int, ...]:
    """Return the neurons of each hidden layer, given one number or some.

    Raises
    ------
    SpecError
        If one is no whole number, or, in scikit-learn's words, not above 0.

    Examples
    --------
    >>> hidden_sizes(100), hidden_sizes([30, 20]), hidden_sizes(())
    ((100,), (30, 20), ())
    """
    sizes = np.atleast_1d(np.asarray(given, dtype=object)).tolist()
    if not all(isinstance(n, int | np.integer) and not isinstance(n, bool) for n in sizes):
        raise SpecError(f"hidden_layer_sizes must be whole numbers, received {shown(given)}")
    if not all(n > 0 for n in sizes):
        raise SpecError(f"hidden_layer_sizes must be > 0, got {sizes}.")
    return tuple(map(int, sizes))


def _activations(given: Any) -> str | list[str]:
    """Return activations by Keras's names: one for all hidden layers, or one for each."""
    if isinstance(given, str):
        return SKLEARN_ACTIVATIONS.get(given, given)
    return [SKLEARN_ACTIVATIONS.get(name, name) for name in map(str, given)]


def with_alpha(
    regularizer: RegularizerSpec | str | None, alpha: float, weight_of_batch: float
) -> RegularizerSpec | None:
    """Return what weights cost, besides by a regularizer, by scikit-learn's `alpha`.

    scikit-learn adds ½ alpha Σ w² / n to the loss of a batch of n samples, or of the weight n. Keras's
    penalty is the same for every batch, l2 Σ w². So l2 = alpha / (2 n) for whole batches; the last batch
    of an epoch, where it is smaller, costs less than in scikit-learn.

    Examples
    --------
    >>> with_alpha(None, alpha=0.1, weight_of_batch=25)
    L2(kind='l2', l2=0.002)
    """
    besides: RegularizerSpec | None = (
        RegularizerSpec.kinds[regularizer]() if isinstance(regularizer, str) else regularizer
    )
    if alpha == 0:
        return besides
    l2 = alpha / (2 * weight_of_batch)
    if besides is None:
        return L2(l2=l2)
    return L1L2(l1=besides.strengths.l1, l2=besides.strengths.l2 + l2)
