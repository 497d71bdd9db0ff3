"""Samples of any number of features in a picture of the plane: which two numbers stand for a sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlplab.data import Dataset, Split
from mlplab.data.dataset import Float64
from mlplab.data.standardising import mean_and_scale
from mlplab.errors import MlplabError, shown, suggestion
from mlplab.figures.fonts import drawable

LONGEST_NAME = 28
"""Characters of a name that a label shows."""

SPREAD = 0.7
"""Height of a class's band in a picture of one feature; bands are 1 apart."""


@dataclass(frozen=True, eq=False)
class Projection:
    """The way from d features to a point of the plane: (x - centre) @ directionsᵀ.

    Attributes
    ----------
    centre : ndarray, shape (d,)
    directions : ndarray, shape (2, d)
    labels : (str, str)
        Of the horizontal axis and of the vertical one.
    note : str
        What is shown, where it is not simply the plane of the two features; else empty.
    banded : bool
        Whether the samples of a class are spread over a band, one class above the other, since one
        feature gives no height.
    """

    centre: Float64
    directions: Float64
    labels: tuple[str, str]
    note: str = ""
    banded: bool = False

    @property
    def is_line(self) -> bool:
        """Whether one feature is shown, and nothing stands for the height."""
        return not self.directions[1].any()

    def transform(self, split: Split) -> Split:
        """Return a split's samples as points of the plane, x of shape (samples, 2)."""
        x = (split.x.astype(np.float64) - self.centre) @ self.directions.T
        if self.banded:
            # The golden ratio's multiples fill the band evenly, however many samples there are.
            golden = np.arange(len(split)) * 0.6180339887498949
            x[:, 1] = split.y + SPREAD * (golden % 1 - 0.5)
        return Split(x, split.y)


def check_dataset(dataset: object) -> None:
    """Refuse something else than a dataset, such as a trial."""
    if not isinstance(dataset, Dataset):
        raise MlplabError(
            "expected the Dataset to draw, such as mlplab.draw(run.experiment, run.seed).dataset, "
            f"received {shown(dataset)}"
        )


def check_labels(dataset: object, what: str) -> None:
    """Refuse something else than a dataset, and one of which samples have targets.

    Raises
    ------
    MlplabError
        That begins with `what`, such as a classifier's figure.
    """
    check_dataset(dataset)
    if isinstance(dataset, Dataset) and dataset.has_targets:
        raise MlplabError(
            f"{what} is of classes, and the samples have targets: regression_figure and "
            "residuals_figure are of those"
        )


def projection_of(dataset: Dataset, features: Sequence[str] | None = None) -> Projection:
    """Return how to show a dataset.

    Two features are the plane, and one is spread over a band for each class; where samples have targets,
    nothing stands for its height. Of more features, the first two
    principal components are shown: the directions in which the training split's features, each
    standardised, vary most.

    Parameters
    ----------
    features : sequence of str, optional
        Show these instead: two of the features, or one.

    Raises
    ------
    MlplabError
        If there is no such feature, or they are not one or two.
    """
    names = dataset.feature_names
    if features is None and dataset.features > 2:
        return _principal_components(dataset)
    chosen = names if features is None else tuple(features)
    for name in chosen:
        if name not in names:
            raise MlplabError(f"no feature {name!r} in the dataset; {suggestion(name, names)}")
    if len(set(chosen)) != len(chosen) or len(chosen) not in (1, 2):
        raise MlplabError(
            f"a picture shows one or two different features, received {shown(chosen)}"
        )
    directions = np.zeros((2, len(names)))
    for row, name in enumerate(chosen):
        directions[row, names.index(name)] = 1
    centre = np.zeros(len(names))
    of = f"of {len(names)} features" if len(chosen) < len(names) else ""
    if len(chosen) == 1:
        if dataset.has_targets:
            return Projection(centre, directions, (_label(chosen[0]), ""), of and f"one {of}")
        note = f"one feature {of}".rstrip() + ", a band of points for each class"
        return Projection(centre, directions, (_label(chosen[0]), "class"), note, banded=True)
    labels = (_label(chosen[0]), _label(chosen[1]))
    return Projection(centre, directions, labels, f"two {of}" if of else "")


def _principal_components(dataset: Dataset) -> Projection:
    mean, scale = mean_and_scale(dataset.train.x.astype(np.float64))
    z = (dataset.train.x - mean) / scale
    _, variances, components = np.linalg.svd(z.T @ z / len(z))
    # A component's sign is arbitrary: its largest part is positive.
    largest = np.abs(components).argmax(axis=1)
    components *= np.sign(np.take_along_axis(components, largest[:, None], axis=1))
    fractions = 100 * variances / variances.sum() if variances.any() else variances
    return Projection(
        centre=mean,
        directions=components[:2] / scale,
        labels=(f"1st component ({fractions[0]:.0f} %)", f"2nd component ({fractions[1]:.0f} %)"),
        note=f"first two principal components of {dataset.features} features (% of the variance)",
    )


def titled(title: str | None, note: str) -> str | None:
    """Return a title and a note as one, each if it is there.

    >>> titled("iris.csv", "two of 4 features"), titled(None, ""), titled("moons", "")
    ('iris.csv: two of 4 features', None, 'moons')
    """
    return ": ".join(part for part in (title, note) if part) or None


def short_name(name: str) -> str:
    """Return a name as a label shows it: drawable, and not too long."""
    name = drawable(name)
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _label(feature: str) -> str:
    """Return what an axis calls a feature: x₁ and x₂ are written as such."""
    return {"x1": "x₁", "x2": "x₂"}.get(feature, short_name(feature))
