"""Lines on a heat map: contours of its values, and the outline of a set of cells.

Places are in cells: (0, 0) is the middle of the first one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from contourpy import contour_generator
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from mlplab.data.dataset import Float
from mlplab.run import Float64

FEWEST_CELLS = 8
"""On each axis, below which there are no contours."""

FINEST_OUTLINE = 96
"""Cells of an axis up to which a set is outlined along the cells' edges; beyond, smoothly."""

_SMOOTHING = 0.012  # of an axis's cells, and one cell at least
_SHORTEST = 0.25  # of an axis: shorter contours are noise
_SMALLEST_ISLAND = 0.02
_NEAR, _PLATEAU = 0.02, 0.2  # parts of the values' range, and of the cells
_MOST_LENGTH = 14.0  # of an axis: what is longer covers the map


def contours(values: Float64) -> list[tuple[float, list[Float]]]:
    """Return a few round levels and the lines where a map's values cross them.

    Means of a few runs are noisy: the field is smoothed by a Gaussian of about one cell, of which places
    without a value are left out, and short lines are dropped. A level whose lines would still cover the
    map, as of a fractal, has none, nor has one at which much of the map lies.

    Parameters
    ----------
    values : ndarray, shape (y, x)
        NaN where there is none.

    Returns
    -------
    list of (float, list of ndarray of shape (vertices, 2))
        Each level that has lines; x and y of their vertices.
    """
    finite = values[np.isfinite(values)]
    if min(values.shape) < FEWEST_CELLS or finite.size < values.size // 10:
        return []
    low, high = np.quantile(finite, [0.02, 0.98])
    if high - low <= 1e-6 * max(abs(low), abs(high)):
        return []
    field = smoothed(values)
    side = np.array(values.shape[::-1], np.float64)
    generator = contour_generator(z=np.ma.masked_invalid(field))
    found = []
    for level in MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high):
        near = np.abs(finite - level) < _NEAR * (high - low)
        if not low < level < high or near.mean() > _PLATEAU:
            continue
        lines = [line for line in _lines(generator, level) if _length(line, side) >= _SHORTEST]
        if lines and sum(_length(line, side) for line in lines) <= _MOST_LENGTH:
            found.append((float(level), lines))
    return found


def smoothed(values: Float64) -> Float64:
    """Return the means of each cell's surroundings, by a Gaussian; NaN where a cell has no value."""
    known = np.isfinite(values)
    sigma = [max(1.0, _SMOOTHING * cells) for cells in values.shape]
    total = gaussian_filter(np.where(known, values, 0.0), sigma, mode="nearest")
    weight = gaussian_filter(known.astype(np.float64), sigma, mode="nearest")
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(known, total / weight, np.nan)


def outline(inside: NDArray[np.bool_]) -> list[Float]:
    """Return the lines around a set of cells.

    Up to `FINEST_OUTLINE` cells on each axis they run along the cells' edges; beyond, along the half-way
    line of the smoothed set, without its smallest islands: edges of a quarter of a million cells would
    blacken it.

    Parameters
    ----------
    inside : ndarray of bool, shape (y, x)

    Returns
    -------
    list of ndarray, shape (vertices, 2)
    """
    if max(inside.shape) <= FINEST_OUTLINE:
        return _edges(inside)
    padded = np.pad(inside.astype(np.float64), 2)
    field = gaussian_filter(padded, [max(1.0, 0.004 * cells) for cells in inside.shape])
    side = np.array(inside.shape[::-1], np.float64)
    lines = _lines(contour_generator(z=field), 0.5)
    return [
        np.clip(line - 2, -0.5, side - 0.5)
        for line in lines
        if _length(line, side) >= _SMALLEST_ISLAND
    ]


def _edges(inside: NDArray[np.bool_]) -> list[Float]:
    """Return the edges between cells inside and outside, those in one row or column joined."""
    padded = np.pad(inside, 1)
    lines: list[Float] = []
    for axis in (0, 1):
        changes = np.diff(padded.astype(np.int8), axis=axis) != 0
        changes = changes[:, 1:-1].T if axis == 0 else changes[1:-1]
        # A row for each cell along the edges, a column for each place of an edge.
        for place in np.flatnonzero(changes.any(axis=0)):
            run = np.flatnonzero(np.diff(np.pad(changes[:, place].astype(np.int8), 1)))
            for start, end in run.reshape(-1, 2) - 0.5:
                across = place - 0.5
                ends = np.array([[start, across], [end, across]], np.float64)
                lines.append(ends if axis == 0 else ends[:, ::-1])
    return lines


def _lines(generator: Any, level: float) -> list[Float]:
    return list(generator.lines(level))


def _length(line: Float, side: Float64) -> float:
    """Return a line's length as a part of the map's side."""
    return float(np.hypot(*(np.diff(line, axis=0) / side).T).sum())
