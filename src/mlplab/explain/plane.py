"""Planes in weight space, on which a loss is drawn: through a training's path, or in random directions.

A place (x, y) of a plane stands for the network θ = origin + x·d₁ + y·d₂, all parameters in one line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mlplab.drawing import draw_weights
from mlplab.engine.evaluation import unflattened
from mlplab.errors import MlplabError
from mlplab.read_only import ReadOnly
from mlplab.spec import RandomNormal
from mlplab.streams import LARGEST_SEED

Float = NDArray[np.floating[Any]]
Float64 = NDArray[np.float64]
PlaneKind = Literal["path", "principal", "random"]

PLANE_KINDS: tuple[PlaneKind, ...] = ("path", "principal", "random")

MOST_POINTS = 1024
"""Of all paths together, principal directions are found from so many points at most."""

ON_A_LINE = 1e-5
"""A second direction that is shorter than this fraction of the first is rounding of the weights."""

ROUNDING = 4 * float(np.finfo(np.float32).eps)
"""Points that lie no farther apart than this fraction of the origin's length are one but for rounding."""

FIRST_SEED = LARGEST_SEED + 1
"""Of the directions of a random plane: a seed that is no trial's."""


@dataclass(frozen=True, eq=False)
class Plane(ReadOnly):
    """A plane in weight space.

    Attributes
    ----------
    origin : ndarray of float64, shape (parameters,)
    directions : ndarray of float64, shape (2, parameters)
        Of `path_plane` and `principal_plane` at right angles and of length 1, so that x and y are
        distances between weights; of `random_plane` as long as the network's neurons make them.
    """

    origin: Float64
    directions: Float64

    def networks(self, x: Float64, y: Float64) -> Float64:
        """Return the parameters of the networks at some places, shape (parameters, places)."""
        first, second = self.directions
        away = first[:, None] * x + second[:, None] * y
        return np.asarray(self.origin[:, None] + away, np.float64)

    def coordinates(self, weights: Float) -> Float64:
        """Return the places (x, y) of the nearest networks on the plane, shape (networks, 2)."""
        away = weights.astype(np.float64) - self.origin
        return np.asarray(np.linalg.solve(self.products, self.directions @ away.T).T, np.float64)

    @property
    def products(self) -> Float64:
        """Inner products of the directions, shape (2, 2)."""
        found: Float64 = self.directions @ self.directions.T
        return found

    def lengths(self, moves: Float64) -> Float64:
        """Return how long moves (Δx, Δy) on the plane are in weight space, shape (moves,)."""
        found: Float64 = np.sqrt(np.einsum("ni,ij,nj->n", moves, self.products, moves))
        return found


def path_plane(begin: Float, middle: Float, end: Float) -> Plane:
    """Return the plane through three points: x runs from the first to the last, which is right of it.

    Raises
    ------
    MlplabError
        If they lie on a line.
    """
    origin = begin.astype(np.float64)
    first, second = end - origin, middle - origin
    length = float(np.linalg.norm(first))
    if length <= _rounding(origin):
        raise MlplabError(
            "the last of the three points is where the first is, so that there is no path and no plane "
            "through it: did the training move any weight?"
        )
    first = first / length
    second = second - (second @ first) * first
    second = second - (second @ first) * first  # once more: rounding of the first time
    height = float(np.linalg.norm(second))
    if height <= max(ON_A_LINE * length, _rounding(origin)):
        raise MlplabError(
            "the three points lie on a line, and any plane could be laid through it: choose other "
            "points, or a random plane"
        )
    return Plane(origin, np.stack([first, second / height]))


def farthest_from_line(points: Float) -> int:
    """Return which point of a path is farthest from the straight line between its ends.

    >>> farthest_from_line(np.array([[0.0, 0.0], [1.0, 3.0], [2.0, 1.0], [4.0, 0.0]]))
    1
    """
    away = points.astype(np.float64) - points[0]
    direction = away[-1] / max(float(np.linalg.norm(away[-1])), np.finfo(np.float64).tiny)
    distance = np.linalg.norm(away - np.outer(away @ direction, direction), axis=1)
    distance[[0, -1]] = -1
    return int(distance.argmax())


def principal_plane(origin: Float64, points: Float) -> Plane:
    """Return the plane of the two directions in which points lie farthest from an origin.

    These are the principal components of the differences to the origin, which is not moved to their
    mean. Each is turned so that the first point lies on its negative side.

    Source: Li, Xu, Taylor, Studer & Goldstein 2018, section 7.

    Parameters
    ----------
    origin : ndarray, shape (parameters,)
        As a rule the end of a training.
    points : ndarray, shape (points, parameters)
        Of its path; of more than MOST_POINTS evenly chosen ones.

    Raises
    ------
    MlplabError
        If they lie on a line.
    """
    if len(points) > MOST_POINTS:
        points = points[np.rint(np.linspace(0, len(points) - 1, MOST_POINTS)).astype(np.int64)]
    away = points.astype(np.float64) - origin
    if len(away) < away.shape[1]:
        squares, vectors = np.linalg.eigh(away @ away.T)
        found = vectors[:, :-3:-1].T @ away
    else:
        squares, vectors = np.linalg.eigh(away.T @ away)
        found = vectors[:, :-3:-1].T
    spread = np.sqrt(np.maximum(squares[::-1], 0))
    if len(spread) < 2 or spread[1] <= max(ON_A_LINE * spread[0], _rounding(origin)):
        raise MlplabError(
            "the path does not move in two directions, so that it has no principal plane: did the "
            "training move the weights? A random plane needs no path"
        )
    first = found[0] / np.linalg.norm(found[0])
    second = found[1] - (found[1] @ first) * first
    directions = np.stack([first, second / np.linalg.norm(second)])
    signs = np.where(directions @ away[0] > 0, -1.0, 1.0)
    return Plane(origin, signs[:, None] * directions)


def random_plane(origin: Float64, sizes: tuple[int, ...], seed: int) -> Plane:
    """Return the plane of two random, filter-normalised directions around a network.

    A filter of a layer of neurons is what comes into one of them: a row of W. Both directions are normal
    numbers, each row of them made as long as that row of the network: d ← d · ‖w‖ / ‖d‖. So x = 1
    changes every neuron's weights by their own length, and landscapes of networks of other scale can be
    compared. Biases stay as they are, as in the source's code. The directions are nearly at right
    angles, and not turned to be so.

    Source: Li, Xu, Taylor, Studer & Goldstein 2018, section 4.

    Parameters
    ----------
    origin : ndarray, shape (parameters,)
    sizes : tuple of int
        Inputs, neurons of each layer.
    seed : int
        Of the directions: the weights that `RandomNormal(0, 1)` draws from the two seeds from
        2^62 + 1 + 2·seed on, which are no trial's.

    Raises
    ------
    MlplabError
        If all weights of the network are 0.
    """
    first = FIRST_SEED + 2 * seed
    seeds = np.array([first, first + 1], np.uint64)
    drawn = draw_weights([RandomNormal(mean=0.0, stddev=1.0)] * 2, seeds, sizes)
    directions = np.zeros((2, len(origin)))
    of_network, _ = unflattened(origin, sizes)
    for direction, numbers in zip(directions, drawn, strict=True):
        used = 0
        for into, w in zip(unflattened(direction, sizes)[0], of_network, strict=True):
            d = numbers[used : used + w.size].reshape(w.shape)
            lengths = np.linalg.norm(d, axis=1, keepdims=True)
            into[:] = d * (np.linalg.norm(w, axis=1, keepdims=True) / lengths)
            used += w.size
    if not directions.any():
        raise MlplabError("all weights are 0, and directions of their lengths are none")
    return Plane(origin, directions)


def _rounding(origin: Float64) -> float:
    """Return how far two points may lie apart by the rounding of float32."""
    return ROUNDING * float(np.linalg.norm(origin))
