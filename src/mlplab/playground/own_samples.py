"""Own samples of an experiment, as the points that the page begins with."""

from __future__ import annotations

import numpy as np

from mlplab.data import Dataset, Samples
from mlplab.errors import MlplabError
from mlplab.playground.limits import FARTHEST, LARGEST, MOST_POINTS
from mlplab.spec import SamplesFile

Point = tuple[float, float, str, str]
"""The two features, the label, and the split."""

MARGIN = 0.06
"""Of the points' spread, on each side of the plane."""


def own_points(spec: SamplesFile, seed: int) -> tuple[Point, ...]:
    """Return the samples of a file as networks learn from them: in the splits of a seed, standardised if
    the description says so.

    Raises
    ------
    DataError
        If the file cannot be read, or holds others than are meant.
    MlplabError
        If there are too many for the page, or they do not lie in its plane.
    """
    samples = Samples.from_file(spec)
    features = len(samples.feature_names)
    if features != 2:
        raise MlplabError(
            f"{samples.source}: the playground takes 2 features, received {features}: `mlplab train` "
            "takes any number"
        )
    counts = {
        "classes": (len(samples.label_names), LARGEST["classes"]),
        "own points": (len(samples), MOST_POINTS),
    }
    for name, (count, most) in counts.items():
        if count > most:
            raise MlplabError(
                f"{samples.source}: the playground takes at most {most:,} {name}, received {count:,}: "
                "`mlplab train` takes more"
            )
    samples.check_precision("float32", spec.standardise)
    points = _points(samples.split_by(spec, seed))
    farthest = max((abs(x) for point in points for x in point[:2]), default=0.0)
    if farthest > FARTHEST:
        raise MlplabError(
            f"{samples.source}: a coordinate must lie between -{FARTHEST:,.0f} and {FARTHEST:,.0f}, "
            f"received one of size {farthest:g}"
        )
    return points


def _points(dataset: Dataset) -> tuple[Point, ...]:
    return tuple(
        (x1, x2, dataset.label_names[k], name)
        for name, split in dataset.splits.items()
        for (x1, x2), k in zip(split.x.tolist(), split.y.tolist(), strict=True)
    )


def square_around(points: tuple[Point, ...]) -> list[float]:
    """Return the square that holds all points with a margin: left, right, bottom, top.

    Examples
    --------
    >>> square = square_around(((0.0, 1.0, "a", "train"), (100.0, 3.0, "b", "train")))
    >>> [round(side, 3) for side in square]
    [-6.0, 106.0, -54.0, 58.0]
    """
    x = np.array([point[:2] for point in points])
    low, high = x.min(axis=0), x.max(axis=0)
    half = (0.5 + MARGIN) * (float((high - low).max()) or 1.0)
    return [float(m + d) for m in (low + high) / 2 for d in (-half, half)]
