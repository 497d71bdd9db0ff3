r"""The border of trainability: where runs begin to fail, and how rough it is.

A map whose runs finish in some cells and fail in others, stuck or diverged, has a border between the two.
For some settings it is a fractal (Sohl-Dickstein 2024, "The boundary of neural network trainability is
fractal", arXiv:2402.06184). Its box-counting dimension says how rough it is: 1 for a smooth line, up to 2
for one that fills the map.

Boxes of side s have their corners in the cells' middles. The border passes through a box if there are
cells both inside and outside among its (s + 1)². Of a line of length L these are N(s) = L / s boxes; of a
fractal of dimension D, N(s) is proportional to s^-D. We take the mean over all places where the grid of
boxes can begin:

    N(s) = (number of boxes of side s with border, at all places) / s²

A box counts if its middle lies in the map, and by half on the map's edge. Cells beyond the edge are like
those at it, so that a line that leaves the map neither gains nor loses length. D is the negative slope of
log N(s) against log s, by least squares. On a map of 513 × 513 cells this gives 1.00 for straight
and smooth lines, 2.00 for noise, and 1.23 for Koch's curve instead of 1.26: tips thinner than a cell are
lost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from mlplab.errors import MlplabError
from mlplab.run import Float64
from mlplab.statistics.intervals import LEVEL
from mlplab.sweep.cells import ENDINGS
from mlplab.sweep.trained_map import TrainedMap

FEWEST_CELLS = 65
"""Of an axis: fewer leave too few scales for a slope."""

SMALLEST = 2
"""Side of the smallest boxes: what is thinner than a cell is missed, and smaller boxes feel that most."""

LARGEST_PART = 8
"""The largest boxes have this part of the shorter side at most: still larger ones see the map's frame."""


@dataclass(frozen=True, eq=False)
class BorderDimension:
    """The box-counting dimension of a map's border of trainability.

    Attributes
    ----------
    scales : tuple of int
        Sides of the boxes in cells, over which the slopes are taken.
    boxes : ndarray of float64, shape (scales,)
        N(s) of the majority's border.
    dimension : float
        Of the majority's border: between cells where more than half of the runs failed, and others. NaN
        where there is none.
    each : ndarray of float64, shape (replications,)
        Of the border of each replication alone; NaN where it has none.
    mean, low, high : float
        Mean of `each` and its 95 % interval by Student's distribution; NaN for fewer than two.
    """

    scales: tuple[int, ...]
    boxes: Float64
    dimension: float
    each: Float64
    mean: float
    low: float
    high: float


def failed_runs(trained: TrainedMap) -> NDArray[np.bool_]:
    """Tell which runs are stuck or have diverged, shape (y, x, replications)."""
    return np.isin(trained.ending, [ENDINGS.index("stuck"), ENDINGS.index("diverged")])


def border_dimension(trained: TrainedMap) -> BorderDimension:
    """Return the box-counting dimension of a map's border of trainability.

    **What the interval is.** Every replication has a seed of its own, the same in all cells: its endings
    are a map of one draw of weights, samples and order, as Sohl-Dickstein's are. The interval is of the
    mean of their dimensions, over seeds: where it would lie with more replications of these cells.

    **What it is not.** It does not say how far a dimension over these scales is from the limit of ever
    smaller boxes, which the definition has and no picture reaches; another window, another resolution or
    other scales may give a mean outside it. Nor is it one of `dimension`: the majority of several
    replications smooths the border, so that its dimension is mostly below those of `each`.

    Raises
    ------
    MlplabError
        If an axis is a list or has fewer than 65 values, or runs are missing.
    """
    plan = trained.plan
    for axis in (plan.x, plan.y):
        if axis.scale == "list" or len(axis) < FEWEST_CELLS:
            raise MlplabError(
                f"the dimension of a border needs axes of log: or lin: with at least {FEWEST_CELLS} "
                f"values, received {len(axis)} of {axis.setting} as {axis.scale}"
            )
    if trained.missing.any():
        raise MlplabError(
            f"the dimension of a border needs all runs of the map, received "
            f"{int(trained.trained.sum()):,} of {plan.run_count:,}"
        )
    scales = box_scales(plan.shape)
    failed = failed_runs(trained)
    majority = 2 * failed.sum(axis=-1) > plan.replications
    each = np.array(
        [box_dimension(failed[..., i], scales) for i in range(plan.replications)], np.float64
    )
    mean, low, high = _interval(each[np.isfinite(each)])
    return BorderDimension(
        scales=scales,
        boxes=box_counts(majority, scales),
        dimension=box_dimension(majority, scales),
        each=each,
        mean=mean,
        low=low,
        high=high,
    )


def box_scales(shape: tuple[int, int]) -> tuple[int, ...]:
    """Return the sides of boxes that suit a map: powers of two, from 2 to an eighth of the shorter side.

    >>> box_scales((512, 512))
    (2, 4, 8, 16, 32)
    """
    largest = (min(shape) - 1) // LARGEST_PART
    return tuple(1 << i for i in range(SMALLEST.bit_length() - 1, largest.bit_length()))


def box_counts(inside: NDArray[np.bool_], scales: tuple[int, ...]) -> Float64:
    """Return how many boxes of each side the border between cells inside and outside passes through.

    Parameters
    ----------
    inside : ndarray of bool, shape (y, x)
    scales : tuple of int
        Powers of two.

    Returns
    -------
    ndarray of float64, shape (scales,)
        N(s).
    """
    counts = []
    for scale in scales:
        some = every = np.pad(inside, scale // 2, mode="edge")
        side = 0
        # Cells of a box of side s are those of four of half the side, which have a row in common.
        while side < scale:
            step = max(side, 1)
            some, every = _joined(some, step, np.logical_or), _joined(every, step, np.logical_and)
            side += step
        mixed = (some & ~every).astype(np.float64)
        if scale > 1:
            for edge in (mixed[0], mixed[-1], mixed[:, 0], mixed[:, -1]):
                edge *= 0.5
        counts.append(mixed.sum() / scale**2)
    return np.array(counts)


def box_dimension(inside: NDArray[np.bool_], scales: tuple[int, ...]) -> float:
    """Return the box-counting dimension of the border between cells inside and outside.

    Parameters
    ----------
    inside : ndarray of bool, shape (y, x)
    scales : tuple of int
        At least two, as in `box_counts`.

    Returns
    -------
    float
        NaN where there is no border.

    Examples
    --------
    A straight line:

    >>> y, x = np.mgrid[:65, :65]
    >>> round(box_dimension(y > x / 2 + 3, (2, 4, 8)), 2)
    1.01
    """
    counts = box_counts(inside, scales)
    if not (counts > 0).all():
        return float("nan")
    slope, _ = np.polyfit(np.log(scales), np.log(counts), 1)
    return -float(slope)


def _joined(boxes: NDArray[np.bool_], step: int, join: np.ufunc) -> NDArray[np.bool_]:
    """Return for each box what it and those a step to the right and above have together."""
    across = join(boxes[:, step:], boxes[:, :-step])
    joined: NDArray[np.bool_] = join(across[step:], across[:-step])
    return joined


def _interval(values: Float64) -> tuple[float, float, float]:
    """Return the mean and its interval by Student's distribution."""
    n = len(values)
    if n < 2:
        return float(values.mean()) if n else float("nan"), float("nan"), float("nan")
    mean = float(values.mean())
    half = float(stdtrit(n - 1, (1 + LEVEL) / 2) * values.std(ddof=1) / np.sqrt(n))
    return mean, mean - half, mean + half
