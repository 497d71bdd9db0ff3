"""The linear regions and the decision boundary of piecewise linear networks in the plane, exactly.

A network of linear, relu, leaky_relu, relu6 or hard_sigmoid layers is affine wherever no neuron comes
to a kink. So the plane falls into convex polygons, which are found by cutting a box neuron by neuron,
layer by layer; and within each of them, the decision boundary is made of straight lines. Exact means: up
to the rounding of float64, where a grid sees nothing between its points.

Sources: Berzins, Polyhedral Complex Extraction from ReLU Networks using Edge Subdivision (ICML 2023), for
signs at vertices; Humayun et al., SplineCam (CVPR 2023).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, overload

import numpy as np

from mlplab.boundary import piecewise_kernels as kernels
from mlplab.boundary.linear_regions import (
    Float64,
    Int32,
    LinearRegions,
    Polygons,
    PopulationRegions,
    lengths_of,
)
from mlplab.boundary.piecewise import PiecewiseNetwork, piecewise_network, piecewise_networks
from mlplab.boundary.regions import Extent, HasFeedforward
from mlplab.boundary.subdivision import EDGES, FULL, NOT_FINITE, STATUS, VERTICES
from mlplab.boundary.workspace import Workspace
from mlplab.errors import MlplabError, shown, whole_number
from mlplab.kernel import entry
from mlplab.run import Runs


@overload
def exact(network: Runs, box: Extent, most_regions: int | None = None) -> PopulationRegions: ...


@overload
def exact(
    network: HasFeedforward, box: Extent, most_regions: int | None = None
) -> LinearRegions: ...


def exact(
    network: HasFeedforward | Runs, box: Extent, most_regions: int | None = None
) -> LinearRegions | PopulationRegions:
    """Return the linear regions of a network in a box, and its decision boundary.

    Parameters
    ----------
    network : Run or MultilayerPerceptron or SingleLayer, or Runs
        Of two features. With many runs, the result says of each how many regions it has, and where its
        boundary is; those that kept no weights, or diverged, are left out.
    box : Extent
        In the coordinates that the network takes: where an experiment standardises its features, they
        are standardised.
    most_regions : int, optional
        Beyond which it is given up; by default, as many as 1 GiB of memory holds.

    Returns
    -------
    LinearRegions, or PopulationRegions of Runs

    Raises
    ------
    MlplabError
        If there are no weights, or they are not finite; if an activation is not piecewise linear; if the
        network does not take two features; or if there are too many regions.

    Examples
    --------
    A network of two neurons, relu(x1 - 0.5) and relu(x2 - 0.5), and one output for each:

    >>> from mlplab.reference import MultilayerPerceptron
    >>> W, b = [np.eye(2), np.eye(2)], [np.array([-0.5, -0.5]), np.zeros(2)]
    >>> found = exact(MultilayerPerceptron(W, b, "relu"), Extent(0, 1, 0, 1))
    >>> found
    <LinearRegions: 4 in the box, decision boundary 1.207>
    >>> found.region_count, found.regions.areas.tolist(), found.class_areas.tolist()
    (4, [0.25, 0.25, 0.25, 0.25], [0.625, 0.375])

    Of equal outputs the first is predicted: of class 1 is what is above 0.5 and above the diagonal.

    >>> round(found.boundary_length, 4) == round(0.5 + 0.5**0.5, 4)
    True
    """
    if not isinstance(box, Extent):
        raise MlplabError(
            f"box must be an Extent, such as Extent(-1, 1, -1, 1), received {shown(box)}"
        )
    if most_regions is not None:
        most_regions = whole_number("most_regions", most_regions, least=1)
    if isinstance(network, Runs):
        return _of_many(piecewise_networks(network), box, most_regions)
    return _of_one(piecewise_network(network), box, most_regions)


def _of_one(network: PiecewiseNetwork, box: Extent, most_regions: int | None) -> LinearRegions:
    space = _workspace(network, most_regions)
    if not _subdivide(space, network, 0, box):
        raise MlplabError("the network's outputs are too large for float64 within the box")
    edges = _Edges.of(space)
    regions, corners = space.faces, _corners(space)
    if network.classes:
        _run(space, "classify", network.outputs)
    vertices = space.arrays.points[: space.arrays.state[VERTICES]].copy()
    classes = space.arrays.classes[: space.faces if network.classes else 0].copy()
    boundary, beside = _boundary(space, network)
    return LinearRegions(
        network=network,
        box=box,
        regions=Polygons(vertices, *corners),
        edges=edges.vertices,
        edge_regions=edges.faces,
        edge_neurons=edges.neurons,
        pieces=Polygons(vertices, *(corners if space.faces == regions else _corners(space))),
        piece_regions=space.arrays.regions[: space.faces].copy(),
        piece_classes=classes,
        boundary=boundary,
        boundary_classes=beside,
    )


def _of_many(network: PiecewiseNetwork, box: Extent, most_regions: int | None) -> PopulationRegions:
    space = _workspace(network, most_regions)
    counts: list[int] = []
    areas: list[Float64] = []
    segments: list[tuple[Float64, Int32]] = []
    usable = np.zeros(len(network.places), bool)
    for i in range(len(network.places)):
        usable[i] = _subdivide(space, network, i, box)
        if not usable[i]:
            continue
        counts.append(space.faces)
        if network.classes:
            _run(space, "classify", network.outputs)
            pieces = Polygons(space.arrays.points, *_corners(space))
            areas.append(pieces.areas_of(space.arrays.classes[: space.faces], network.classes))
        segments.append(_boundary(space, network))
    if not usable.any():
        raise MlplabError("the outputs of all networks are too large for float64 within the box")
    lengths = [lengths_of(boundary).sum() for boundary, _ in segments]
    return PopulationRegions(
        network=network,
        box=box,
        runs=network.places[usable],
        region_count=np.array(counts, np.int64),
        boundary_length=np.array(lengths),
        class_areas=np.array(areas).reshape(len(counts), network.classes),
        boundary=np.concatenate([boundary for boundary, _ in segments]),
        boundary_classes=np.concatenate([beside for _, beside in segments]),
        boundary_offsets=np.cumsum([0, *(len(boundary) for boundary, _ in segments)]),
    )


def _workspace(network: PiecewiseNetwork, most_regions: int | None) -> Workspace:
    rows = int(max(network.sizes[:-1].max(), network.outputs + 2))
    return Workspace(rows, most_regions, network.most_regions)


def _subdivide(space: Workspace, network: PiecewiseNetwork, i: int, box: Extent) -> bool:
    """Find the linear regions of network i; tell whether all its values in the box are finite."""
    _compiled("begin_box")(space.arrays, box.x1_min, box.x1_max, box.x2_min, box.x2_max)
    arrays = (network.weights[i], network.biases[i], network.sizes, network.pieces)
    _run(space, "subdivide", *arrays)
    return bool(space.arrays.state[STATUS] != NOT_FINITE)


def _run(space: Workspace, name: str, *arguments: Any) -> None:
    """Call a kernel, and enlarge the arrays until they hold all that it makes."""
    _compiled(name)(space.arrays, *arguments)
    while space.arrays.state[STATUS] == FULL:
        space.enlarge()
        _compiled(name)(space.arrays, *arguments)


@cache
def _compiled(name: str) -> Callable[..., Any]:
    return entry(getattr(kernels, name))


@dataclass(frozen=True)
class _Edges:
    """Edges with their vertices, faces and neurons, copied."""

    vertices: Int32
    faces: Int32
    neurons: Int32

    @classmethod
    def of(cls, space: Workspace) -> _Edges:
        edges = int(space.arrays.state[EDGES])
        vertices, faces = (
            of_halves[: 2 * edges].reshape(edges, 2)
            for of_halves in (space.arrays.origins, space.arrays.faces)
        )
        return cls(vertices.copy(), faces.copy(), space.arrays.neurons[:edges].copy())


def _corners(space: Workspace) -> tuple[Any, Int32]:
    """Return where the corners of each face begin, and the corners."""
    offsets = np.empty(space.faces + 1, np.int64)
    corners = np.empty(2 * int(space.arrays.state[EDGES]), np.int32)
    _compiled("polygons")(space.arrays, offsets, corners)
    return offsets, corners[: offsets[-1]].copy()


def _boundary(space: Workspace, network: PiecewiseNetwork) -> tuple[Float64, Int32]:
    """Return the segments along which the class changes, and the classes beside them."""
    if not network.classes:
        return np.empty((0, 2, 2)), np.empty((0, 2), np.int32)
    edges = _Edges.of(space)
    beside = np.where(edges.faces < 0, -1, space.arrays.classes[edges.faces])
    parts = (beside[:, 0] != beside[:, 1]) & (beside >= 0).all(axis=1)
    return space.arrays.points[edges.vertices[parts]], beside[parts]
