"""Paths on a plane of weight space: where they run, and how much of them lies in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlplab.explain.plane import Plane, PlaneKind
from mlplab.explain.training_paths import TrainingPaths

Float64 = NDArray[np.float64]

MARGIN = 0.2
"""Of a landscape: so much of the paths' extent is beyond them on each side."""

NARROWEST = 0.25
"""A landscape of a path that is nearly straight is at least so high, as a fraction of its width."""


def project(paths: TrainingPaths, plane: Plane) -> tuple[Float64, Float64, Float64, Float64]:
    """Return places and distances of all points, and the fractions of each path in the plane.

    Returns
    -------
    places : ndarray, shape (runs, points, 2)
        Those that are nearest to the weights; NaN where weights are no numbers, here and below.
    distance : ndarray, shape (runs, points)
    length, variance : ndarray, shape (runs,)
        As `Landscape.length_fraction` and `variance_fraction`; NaN where nothing moves.
    """
    runs, points, _ = paths.weights.shape
    places, distance = np.full((runs, points, 2), np.nan), np.full((runs, points), np.nan)
    length, variance = np.full(runs, np.nan), np.full(runs, np.nan)
    for run in range(runs):
        weights = paths.weights[run].astype(np.float64)
        known = np.isfinite(weights).all(axis=1)
        weights = weights[known]
        places[run, known] = plane.coordinates(weights)
        there = places[run, known]
        distance[run, known] = np.linalg.norm(weights - plane.networks(*there.T).T, axis=1)
        moves = np.linalg.norm(np.diff(weights, axis=0), axis=1).sum()
        spread = ((weights - weights.mean(axis=0)) ** 2).sum()
        if moves > 0:
            length[run] = plane.lengths(np.diff(there, axis=0)).sum() / moves
            variance[run] = (plane.lengths(there - there.mean(axis=0)) ** 2).sum() / spread
    return places, distance, length, variance


def grid_axes(kind: PlaneKind, places: Float64, grid: int) -> tuple[Float64, Float64]:
    """Return the coordinates of a grid around all paths, or from -1 to 1 of a random plane."""
    if kind == "random":
        axis = np.linspace(-1.0, 1.0, grid)
        return axis, axis
    low = np.nanmin(places, axis=(0, 1))
    high = np.nanmax(places, axis=(0, 1))
    middle, half = (low + high) / 2, (high - low) / 2
    half = (1 + 2 * MARGIN) * np.maximum(half, NARROWEST * half.max())
    x, y = (np.linspace(m - h, m + h, grid) for m, h in zip(middle, half, strict=True))
    return x, y
