"""Where many models predict the same class, and where they part: fractions of votes on a grid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray

from mlplab.boundary.regions import (
    Extent,
    Float,
    HasFeedforward,
    check_classes,
    check_plane,
    class_regions,
    inputs_of,
    outputs_of,
)
from mlplab.errors import MlplabError

Float64 = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Agreement:
    """What many models predict on a grid.

    Attributes
    ----------
    extent : Extent
        The grid's outermost points lie on its edges.
    x1, x2 : ndarray, shape (G,)
        Coordinates of the grid's columns and rows, evenly spaced and rising.
    fractions : ndarray of float64, shape (G, G, K)
        `fractions[i, j, k]` is the fraction of all models that predict class k at (x1[j], x2[i]).
    no_prediction : ndarray of float64, shape (G, G)
        Fraction of the models that predict nothing there, because an output of theirs is not finite. At
        every place it and the K fractions add up to 1.
    models : int
        How many were asked.
    """

    extent: Extent
    x1: Float
    x2: Float
    fractions: Float64
    no_prediction: Float64
    models: int

    @property
    def classes(self) -> NDArray[np.int64]:
        """Class that most models predict at each grid point, shape (G, G); the first of equals."""
        return np.asarray(self.fractions.argmax(axis=-1), dtype=np.int64)

    @property
    def fraction(self) -> Float64:
        """Fraction of all models that predict that class, shape (G, G); 0 where no model predicts."""
        largest: Float64 = self.fractions.max(axis=-1)
        return largest


def class_agreement(
    models: Iterable[HasFeedforward],
    extent: Extent,
    resolution: int = 128,
    dtype: DTypeLike = np.float64,
    batch_size: int = 128,
) -> Agreement:
    """Ask models for their classes on a grid, and count at each place how many predict which.

    A model predicts the class of its largest output, the first of equals, as in `class_regions`; where
    one of its outputs is not finite, it predicts nothing.

    Parameters
    ----------
    models : iterable of HasFeedforward
        One at least. They are taken one at a time, so that a generator that builds each when it is its
        turn needs the memory of one.
    resolution : int
        Number of rows and of columns G, two at least.
    dtype : dtype
        Of the points that the models are given.
    batch_size : int
        Points that a model is asked at once. So few suit networks in NumPy: what a deep one's layers make
        of them stays in the processor's cache, which is faster than all at once, and needs memory that
        does not grow with the grid. A model that takes long to be called, such as a `KerasNetwork`, wants
        more.

    Raises
    ------
    MlplabError
        If there is no model, the resolution is below 2, the batch size below 1, a model predicts targets,
        takes another number of features than two, its outputs do not have the shape (points, K), or their
        number K is not every model's.

    Examples
    --------
    Three networks that change from class 0 to class 1 at x1 = 0.2, 0.4 and 0.8, on a grid whose columns
    are at 0, 0.5 and 1:

    >>> from mlplab.boundary import SingleLayer
    >>> models = [SingleLayer([[0, 0], [1, 0]], [edge, 0]) for edge in (0.2, 0.4, 0.8)]
    >>> found = class_agreement(models, Extent(0, 1, 0, 1), resolution=3)
    >>> found.classes[0], found.fraction[0].round(2)
    (array([0, 1, 1]), array([1.  , 0.67, 1.  ]))
    """
    if batch_size < 1:
        raise MlplabError(f"batch_size must be 1 at least, received {batch_size}")
    counts: NDArray[np.int64] | None = None
    asked = 0
    for asked, model in enumerate(models, start=1):
        check_classes(model, "an agreement's predictions")
        check_plane(inputs_of(model), "an agreement is that of a plane")
        regions = class_regions(_InBatches(model, batch_size), extent, resolution, dtype)
        K = regions.outputs.shape[-1]
        if counts is None:
            counts = np.zeros(regions.outputs.shape, dtype=np.int64)
        elif counts.shape[-1] != K:
            raise MlplabError(
                f"every model must have as many outputs as the first, here {counts.shape[-1]}, "
                f"received {K} from model {asked}"
            )
        known = np.isfinite(regions.outputs).all(axis=-1, keepdims=True)
        counts += known & (regions.classes[..., None] == np.arange(K))
    if counts is None:
        raise MlplabError("an agreement needs one model at least, received none")
    # Both from whole numbers: one minus the sum of the fractions would leave roundings of zero.
    return Agreement(
        extent=extent,
        x1=regions.x1,
        x2=regions.x2,
        fractions=counts / asked,
        no_prediction=(asked - counts.sum(axis=-1)) / asked,
        models=asked,
    )


@dataclass(frozen=True)
class _InBatches:
    """A model that is asked a few points at a time."""

    model: HasFeedforward
    batch_size: int

    def feedforward(self, x: Float, /) -> Float:
        starts = range(0, len(x), self.batch_size)
        batches = [outputs_of(self.model, x[start : start + self.batch_size]) for start in starts]
        return np.concatenate(batches)
