"""Where a model predicts which class: its outputs on a grid over the plane.

This is the sampled view, and it works for any model. What can be derived instead of sampled (a line, for
a network without hidden layers) stands in the neighbouring files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray

from mlplab.errors import MlplabError

Float = NDArray[np.floating[Any]]

LARGEST_SIDE = 1e100
"""Of an extent: areas, and products of them with weights, are then numbers of float64."""


class HasFeedforward(Protocol):
    """Anything that turns points of shape (points, 2) into outputs of shape (points, K)."""

    def feedforward(self, x: Float, /) -> Float:
        """Return the K outputs of each point; the largest is the class that the model predicts."""
        ...


@dataclass(frozen=True)
class Extent:
    """A rectangle of the plane, in the units of the coordinates.

    Raises
    ------
    MlplabError
        If a bound is not finite, or the rectangle has no width or no height, or more than `LARGEST_SIDE`.

    Examples
    --------
    >>> Extent(0, 1, 0, 1)
    Extent(x1_min=0, x1_max=1, x2_min=0, x2_max=1)
    """

    x1_min: float
    x1_max: float
    x2_min: float
    x2_max: float

    def __post_init__(self) -> None:
        for name, low, high in (
            ("x1", self.x1_min, self.x1_max),
            ("x2", self.x2_min, self.x2_max),
        ):
            if not (np.isfinite(low) and np.isfinite(high) and low < high):
                raise MlplabError(
                    f"an extent needs finite {name}_min < {name}_max, received {low} and {high}"
                )
            if high - low > LARGEST_SIDE:
                raise MlplabError(
                    f"an extent is at most {LARGEST_SIDE:g} wide and high, for its squares to be "
                    f"numbers, received {name} from {low} to {high}"
                )

    @classmethod
    def around(cls, *points: Float, margin: float = 0.05) -> Extent:
        """Return the rectangle that holds all points, and a margin on each side.

        Parameters
        ----------
        *points : ndarray, shape (points, 2)
            One array or more, such as the training and the test points.
        margin : float
            As a fraction of the points' range in each coordinate; where that range is zero, in its units.

        Raises
        ------
        MlplabError
            If an array has another shape, there is no point, or a coordinate is not finite.

        Examples
        --------
        >>> Extent.around(np.array([[0.0, 2.0], [1.0, 4.0]]), margin=0.5)
        Extent(x1_min=-0.5, x1_max=1.5, x2_min=1.0, x2_max=5.0)
        """
        for array in points:
            if array.ndim != 2 or array.shape[1] != 2:
                raise MlplabError(f"points must have shape (points, 2), received {array.shape}")
        if not sum(len(array) for array in points):
            raise MlplabError("an extent around points needs one point at least, received none")
        together = np.concatenate(points).astype(np.float64)
        low, high = together.min(axis=0), together.max(axis=0)
        pad = margin * np.where(high > low, high - low, 1.0)
        (x1_min, x2_min), (x1_max, x2_max) = (low - pad).tolist(), (high + pad).tolist()
        return cls(x1_min, x1_max, x2_min, x2_max)


@dataclass(frozen=True, eq=False)
class Regions:
    """A model's outputs on a grid.

    Attributes
    ----------
    extent : Extent
        The grid's outermost points lie on its edges.
    x1, x2 : ndarray, shape (G,)
        Coordinates of the grid's columns and rows, evenly spaced and rising.
    outputs : ndarray, shape (G, G, K)
        `outputs[i, j]` is what the model predicts at (x1[j], x2[i]).
    """

    extent: Extent
    x1: Float
    x2: Float
    outputs: Float

    @property
    def classes(self) -> NDArray[np.int64]:
        """Class of each grid point, shape (G, G): the largest output, the first of equals.

        An output that is NaN counts as the largest; where that matters, see `Agreement.no_prediction`.
        """
        return np.asarray(self.outputs.argmax(axis=-1), dtype=np.int64)

    @property
    def confidence(self) -> Float:
        """Largest output at each grid point, shape (G, G); NaN where an output is NaN."""
        largest: Float = self.outputs.max(axis=-1)
        return largest


def class_regions(
    model: HasFeedforward, extent: Extent, resolution: int = 256, dtype: DTypeLike = np.float64
) -> Regions:
    """Ask a model for its outputs on a grid of resolution × resolution points.

    Parameters
    ----------
    model : HasFeedforward
        Asked once, for all grid points.
    resolution : int
        Number of rows and of columns G, two at least.
    dtype : dtype
        Of the points that the model is given.

    Raises
    ------
    MlplabError
        If the resolution is below 2, the model predicts targets, takes another number of features than
        two, or its outputs do not have the shape (points, K).

    Examples
    --------
    >>> class Diagonal:
    ...     def feedforward(self, x):
    ...         return np.stack([1 - x.sum(axis=1), x.sum(axis=1) - 1], axis=1)
    >>> class_regions(Diagonal(), Extent(0, 1, 0, 1), resolution=3).classes
    array([[0, 0, 0],
           [0, 0, 1],
           [0, 1, 1]])
    """
    check_classes(model, "class regions")
    check_plane(inputs_of(model), "class regions are those of a plane")
    return outputs_on_grid(model, extent, resolution, dtype)


def outputs_on_grid(
    model: HasFeedforward, extent: Extent, resolution: int = 256, dtype: DTypeLike = np.float64
) -> Regions:
    """Return what a model of two features predicts on a grid, be it of classes or of targets.

    Parameters and errors are those of `class_regions`.
    """
    if resolution < 2:
        raise MlplabError(f"the resolution must be 2 at least, received {resolution}")
    x1 = np.linspace(extent.x1_min, extent.x1_max, resolution).astype(dtype)
    x2 = np.linspace(extent.x2_min, extent.x2_max, resolution).astype(dtype)
    points = np.stack(np.meshgrid(x1, x2), axis=-1).reshape(-1, 2)
    outputs = outputs_of(model, points)
    return Regions(extent, x1, x2, outputs.reshape(resolution, resolution, -1))


def check_classes(model: object, what: str) -> None:
    """Refuse a run or a network that predicts targets.

    Raises
    ------
    MlplabError
        That begins with `what`, such as class regions.
    """
    head = getattr(model, "head", None)
    if getattr(model, "target_names", ()) or getattr(head, "has_targets", False):
        raise MlplabError(f"{what} are of classes, and the model predicts targets")


def inputs_of(model: object) -> int | None:
    """Return how many features a model takes, where it has weights of layers that say so; else None."""
    weights = getattr(model, "weights", None)
    if not isinstance(weights, list | tuple) or not weights:
        return None
    shape = np.shape(weights[0])
    return shape[1] if len(shape) == 2 else None


def check_plane(features: int | None, what: str) -> None:
    """Refuse samples, or a model, of another number of features than two; None passes.

    Raises
    ------
    MlplabError
        That begins with `what` needs a plane.
    """
    if features not in (None, 2):
        raise MlplabError(f"{what}: 2 features were expected, received {features}")


def outputs_of(model: HasFeedforward, points: Float) -> Float:
    """Return a model's outputs, shape (points, K), at points of shape (points, 2).

    Raises
    ------
    MlplabError
        If they have another shape.
    """
    outputs = np.asarray(model.feedforward(points))
    if outputs.ndim != 2 or len(outputs) != len(points):
        raise MlplabError(
            f"feedforward must return shape (points, K), here ({len(points)}, K), "
            f"received {outputs.shape}"
        )
    return outputs
