"""Piecewise linear networks of the plane, as flat arrays for kernels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.boundary.regions import check_plane
from mlplab.errors import MlplabError, shown
from mlplab.reference import MultilayerPerceptron
from mlplab.run import Run, Runs
from mlplab.spec.activations import ACTIVATIONS, Activation
from mlplab.spec.heads import HEADS, Head

Float64 = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PiecewiseNetwork:
    """What kernels need to know of networks of one shape.

    Attributes
    ----------
    weights, biases : ndarray of float64, shape (networks, numbers)
        Of each network, W of each layer row by row, one layer after the other, and b of each.
    sizes : ndarray of int64, shape (layers + 1,)
        Features, the width of each hidden layer, and the outputs.
    pieces : ndarray of float64, shape (hidden layers, 3, kinks + 1)
        Of each hidden layer: kinks, and the slope and the intercept before, between and after them.
    head : Head
    places : ndarray of int64, shape (networks,)
        Of these networks among those that were handed in.
    """

    weights: Float64
    biases: Float64
    sizes: NDArray[np.int64]
    pieces: Float64
    head: Head
    places: NDArray[np.int64]

    @property
    def outputs(self) -> int:
        """How many outputs the last layer has."""
        return int(self.sizes[-1])

    @property
    def classes(self) -> int:
        """How many classes there are; 0 with targets."""
        if self.head.has_targets:
            return 0
        return 2 if self.head.has_one_output else self.outputs

    @property
    def most_regions(self) -> int:
        """How many linear regions such a network can have, whatever its weights.

        Π over the hidden layers of 1 + m + m (m - 1) / 2, with m lines of a layer: its neurons times
        their kinks. So many parts m lines divide the plane into, and no layer divides a region of the
        ones before it into more. Source: Zaslavsky (1975); Serra, Tjandraatmadja & Ramalingam (2018).

        Examples
        --------
        >>> network = MultilayerPerceptron([np.eye(2), np.eye(2)], [np.zeros(2)] * 2, "relu")
        >>> piecewise_network(network).most_regions
        4
        """
        kinks = np.isfinite(self.pieces[:, 0]).sum(axis=1).tolist()
        lines = [int(n) * k for n, k in zip(self.sizes[1:-1], kinks, strict=True)]
        return math.prod(1 + m + m * (m - 1) // 2 for m in lines)

    def layers(self, i: int) -> list[tuple[Float64, Float64]]:
        """Return W, shape (outputs, inputs), and b of each layer of network i."""
        found, w, b = [], 0, 0
        for inputs, outputs in pairwise(self.sizes.tolist()):
            weights = self.weights[i, w : w + inputs * outputs].reshape(outputs, inputs)
            found.append((weights, self.biases[i, b : b + outputs]))
            w, b = w + inputs * outputs, b + outputs
        return found


def piecewise_network(network: object) -> PiecewiseNetwork:
    """Return one network as arrays.

    Parameters
    ----------
    network : Run or MultilayerPerceptron, or anything with the weights of a layer, as SingleLayer

    Raises
    ------
    MlplabError
        If it has no weights, an activation is not piecewise linear, a weight is not finite, or it does
        not take two features.
    """
    if isinstance(network, Run):
        network = MultilayerPerceptron.from_run(network)
    weights, biases = getattr(network, "weights", None), getattr(network, "biases", None)
    if not isinstance(weights, list | tuple) or not isinstance(biases, list | tuple):
        raise MlplabError(
            "linear regions are those of a network whose weights are known: a Run, Runs, or a "
            f"MultilayerPerceptron; received {shown(network)}"
        )
    activations = getattr(network, "activations", [])
    stacked = [np.asarray(w)[None] for w in weights], [np.asarray(b)[None] for b in biases]
    found = _flat(*stacked, activations, getattr(network, "head", HEADS["mean_squared_error"]))
    if not (np.isfinite(found.weights).all() and np.isfinite(found.biases).all()):
        raise MlplabError(
            "linear regions need finite weights, and the network has others: it diverged"
        )
    return found


def piecewise_networks(networks: Runs) -> PiecewiseNetwork:
    """Return many networks of one shape as arrays, without those that have weights that are not finite.

    Raises
    ------
    MlplabError
        As `piecewise_network`, or if no network is left.
    """
    if not len(networks.kept):
        raise MlplabError(
            f"linear regions need weights, and none of {len(networks)} runs kept its own"
        )
    experiment = networks.experiment
    activations = [ACTIVATIONS[name] for name in experiment.network.activations]
    found = _flat(networks.weights, networks.biases, activations, experiment.head)
    usable = np.isfinite(found.weights).all(axis=1) & np.isfinite(found.biases).all(axis=1)
    if not usable.any():
        raise MlplabError("linear regions need finite weights, and every run diverged")
    return PiecewiseNetwork(
        found.weights[usable],
        found.biases[usable],
        found.sizes,
        found.pieces,
        found.head,
        networks.kept[usable],
    )


def check_piecewise_linear(activations: Sequence[Activation]) -> None:
    """Refuse activations of which one is not piecewise linear, before there is a network.

    Raises
    ------
    MlplabError
    """
    for activation in activations:
        pieces_of(activation)


def _flat(
    weights: Sequence[NDArray[Any]],
    biases: Sequence[NDArray[Any]],
    activations: Sequence[Activation],
    head: Head,
) -> PiecewiseNetwork:
    """Put arrays of shapes (networks, outputs, inputs) and (networks, outputs) one after the other."""
    check_plane(weights[0].shape[2], "linear regions are drawn in a plane")
    pieces = [pieces_of(activation) for activation in activations]
    longest = max((piece.shape[1] for piece in pieces), default=1)
    table = np.full((len(pieces), 3, longest), np.inf)
    for row, piece in zip(table, pieces, strict=True):
        row[:, : piece.shape[1]] = piece
        row[1:, piece.shape[1] :] = piece[1:, -1:]
    networks = len(weights[0])
    return PiecewiseNetwork(
        np.hstack([w.reshape(networks, -1) for w in weights]).astype(np.float64),
        np.hstack(list(biases)).astype(np.float64),
        np.array([weights[0].shape[2], *(b.shape[1] for b in biases)], np.int64),
        table,
        head,
        np.arange(networks),
    )


def pieces_of(activation: Activation) -> Float64:
    """Return kinks, slopes and intercepts of an activation, shape (3, kinks + 1); the last kink is ∞.

    >>> pieces_of(ACTIVATIONS["leaky_relu"]).tolist()
    [[0.0, inf], [0.2, 1.0], [0.0, 0.0]]

    Raises
    ------
    MlplabError
        If it is not piecewise linear.
    """
    kinks = activation.kinks
    if kinks is None:
        known = ", ".join(name for name, each in ACTIVATIONS.items() if each.kinks is not None)
        name = next((n for n, each in ACTIVATIONS.items() if each == activation), "this one")
        raise MlplabError(
            "linear regions are those of networks that are piecewise linear, by the activations "
            f"{known}; with {name} the network has none"
        )
    if not kinks:
        inside = np.zeros(1)
    else:
        middle = [(a + b) / 2 for a, b in pairwise(kinks)]
        inside = np.array([kinks[0] - 1, *middle, kinks[-1] + 1])
    slopes = activation.derivative(inside)
    return np.array([[*kinks, np.inf], slopes, activation.function(inside) - slopes * inside])
