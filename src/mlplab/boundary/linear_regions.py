"""What `exact` finds: the linear regions of a network, and its decision boundary, as records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlplab.boundary.piecewise import PiecewiseNetwork
from mlplab.boundary.regions import Extent
from mlplab.errors import MlplabError
from mlplab.read_only import ReadOnly

Float64 = NDArray[np.float64]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Polygons(ReadOnly):
    """Convex polygons that share vertices.

    Attributes
    ----------
    vertices : ndarray of float64, shape (vertices, 2)
        x1 and x2.
    offsets : ndarray of int64, shape (polygons + 1,)
    corners : ndarray of int32
        `corners[offsets[i] : offsets[i + 1]]` are the vertices around polygon i, counter-clockwise. Some
        may lie on straight sides, where only neighbours have a corner.

    `len(polygons)` is how many there are, and `polygons[i]` the points around one, shape (corners, 2).

    Examples
    --------
    >>> square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    >>> halves = Polygons(square, np.array([0, 3, 6]), np.array([0, 1, 2, 0, 2, 3], np.int32))
    >>> len(halves), halves[1].tolist(), halves.areas.tolist()
    (2, [[0.0, 0.0], [1.0, 1.0], [0.0, 1.0]], [0.5, 0.5])
    """

    vertices: Float64
    offsets: Int64
    corners: Int32

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, i: int) -> Float64:
        if not -len(self) <= i < len(self):
            raise IndexError(f"there are {len(self)} polygons, and none is number {i}")
        i %= len(self)
        return self.vertices[self.corners[self.offsets[i] : self.offsets[i + 1]]]

    def __iter__(self) -> Iterator[Float64]:
        points = self.vertices[self.corners]
        return iter(np.split(points, self.offsets[1:-1]))

    @property
    def areas(self) -> Float64:
        """Area of each polygon, shape (polygons,): half the sum of x1 y2 - x2 y1 along its sides."""
        # From the first corner of each, or small polygons would be differences of large numbers.
        corners = np.diff(self.offsets)
        points = self.vertices[self.corners]
        points = points - np.repeat(points[self.offsets[:-1]], corners, axis=0)
        after = np.arange(1, len(points) + 1)
        after[self.offsets[1:] - 1] = self.offsets[:-1]
        x, y = points.T
        doubled: Float64 = np.add.reduceat(x * y[after] - x[after] * y, self.offsets[:-1])
        return doubled / 2

    def areas_of(self, classes: Int32, count: int) -> Float64:
        """Return the area of each class 0..count - 1, shape (count,), given one for each polygon."""
        areas = np.zeros(count)
        np.add.at(areas, classes, self.areas)
        return areas

    @property
    def centres(self) -> Float64:
        """Mean of each polygon's corners, shape (polygons, 2): a point within it."""
        sums = np.add.reduceat(self.vertices[self.corners], self.offsets[:-1], axis=0)
        means: Float64 = sums / np.diff(self.offsets)[:, None]
        return means


@dataclass(frozen=True, eq=False)
class LinearRegions(ReadOnly):
    """The linear regions of one network in a box, and its decision boundary there.

    A linear region is a part of the plane in which no neuron comes to a kink of its activation, so that
    the network's outputs, before softmax or sigmoid, are affine in it. Two of them may have the same
    affine function by chance, as where a neuron has no weights to what follows; they count as two.

    Attributes
    ----------
    network : PiecewiseNetwork
        Which they are of.
    box : Extent
    regions : Polygons
    edges : ndarray of int32, shape (edges, 2)
        Vertices between which each edge runs; edges end where others meet them.
    edge_regions : ndarray of int32, shape (edges, 2)
        The region at the left and the one at the right of each edge; -1 outside of the box.
    edge_neurons : ndarray of int32, shape (edges,)
        Which neuron is at a kink along each edge, counted from 0 through all hidden layers; -1 for the
        sides of the box.
    pieces : Polygons
        Regions, divided where the class changes within them. Where targets are predicted, the regions.
    piece_regions : ndarray of int32, shape (pieces,)
        The region that each piece is part of.
    piece_classes : ndarray of int32, shape (pieces,)
        The class that is predicted in it; empty with targets.
    boundary : ndarray of float64, shape (segments, 2, 2)
        The decision boundary: where each segment begins and ends. Empty with targets.
    boundary_classes : ndarray of int32, shape (segments, 2)
        The class at the left and the one at the right of each segment.
    """

    network: PiecewiseNetwork
    box: Extent
    regions: Polygons
    edges: Int32
    edge_regions: Int32
    edge_neurons: Int32
    pieces: Polygons
    piece_regions: Int32
    piece_classes: Int32
    boundary: Float64
    boundary_classes: Int32

    def __repr__(self) -> str:
        boundary = f", decision boundary {self.boundary_length:.4g}" if self.network.classes else ""
        return f"<LinearRegions: {self.region_count} in the box{boundary}>"

    @property
    def region_count(self) -> int:
        """How many linear regions there are in the box."""
        return len(self.regions)

    @property
    def boundary_length(self) -> float:
        """Length of the decision boundary in the box, in units of the coordinates."""
        return float(lengths_of(self.boundary).sum())

    @property
    def class_areas(self) -> Float64:
        """Area in which each class is predicted, shape (classes,)."""
        if not self.network.classes:
            return np.empty(0)
        return self.pieces.areas_of(self.piece_classes, self.network.classes)

    def affine_maps(self) -> tuple[Float64, Float64]:
        """Return the affine function of each region: its outputs before softmax or sigmoid are A x + c.

        Returns
        -------
        A : ndarray of float64, shape (regions, outputs, 2)
        c : ndarray of float64, shape (regions, outputs)

        Computed at a point within each region, where every neuron is on one of its pieces: A is the
        product of the layers' weights and the slopes of these pieces.
        """
        layers = self.network.layers(0)
        points = self.regions.centres
        slopes = np.broadcast_to(np.eye(2), (len(points), 2, 2))
        h = points
        for layer, (w, b) in enumerate(layers):
            h, slopes = h @ w.T + b, w @ slopes
            if layer < len(layers) - 1:
                kinks, slope, intercept = self.network.pieces[layer]
                piece = (h[..., None] > kinks[:-1]).sum(axis=-1)
                h, slopes = slope[piece] * h + intercept[piece], slope[piece][..., None] * slopes
        constants: Float64 = h - (slopes @ points[..., None])[..., 0]
        return slopes, constants


@dataclass(frozen=True, eq=False)
class PopulationRegions(ReadOnly):
    """How many linear regions each of many networks has in a box, and where their boundaries run.

    Attributes
    ----------
    network : PiecewiseNetwork
        The networks.
    box : Extent
    runs : ndarray of int64, shape (networks,)
        Places of these networks among the runs; those that kept no weights, or diverged, are left out.
    region_count : ndarray of int64, shape (networks,)
    boundary_length : ndarray of float64, shape (networks,)
    class_areas : ndarray of float64, shape (networks, classes)
        Area in which each network predicts each class.
    boundary : ndarray of float64, shape (segments, 2, 2)
        The decision boundaries, one after the other: where each segment begins and ends.
    boundary_classes : ndarray of int32, shape (segments, 2)
        The class at the left and the one at the right of each segment.
    boundary_offsets : ndarray of int64, shape (networks + 1,)
        `boundary[boundary_offsets[i] : boundary_offsets[i + 1]]` is that of network i.
    """

    network: PiecewiseNetwork
    box: Extent
    runs: Int64
    region_count: Int64
    boundary_length: Float64
    class_areas: Float64
    boundary: Float64
    boundary_classes: Int32
    boundary_offsets: Int64

    def __len__(self) -> int:
        return len(self.runs)

    def __repr__(self) -> str:
        counts = f": {self.region_count.min()} to {self.region_count.max()}" if len(self) else ""
        return f"<PopulationRegions of {len(self)} networks{counts} in the box>"

    def boundary_of(self, i: int) -> Float64:
        """Return the segments of one network's boundary, shape (segments, 2, 2).

        Raises
        ------
        MlplabError
            If there is no such network.
        """
        return self.boundary[self._segments_of(i)]

    def boundary_classes_of(self, i: int) -> Int32:
        """Return the classes beside the segments of one network's boundary, shape (segments, 2).

        Raises
        ------
        MlplabError
            If there is no such network.
        """
        return self.boundary_classes[self._segments_of(i)]

    def _segments_of(self, i: int) -> slice:
        if not 0 <= i < len(self):
            raise MlplabError(f"there are {len(self)} networks, numbered from 0, received {i}")
        return slice(self.boundary_offsets[i], self.boundary_offsets[i + 1])


def lengths_of(segments: Float64) -> Float64:
    """Return the length of each segment, shape (segments,)."""
    across, up = (segments[:, 1] - segments[:, 0]).T
    lengths: Float64 = np.hypot(across, up)
    return lengths
