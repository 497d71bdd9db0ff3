"""Decision boundaries: sampled on a grid for any model, exact where it is piecewise linear, and derived
as lines where there is no hidden layer.
"""

from mlplab.boundary.agreement import Agreement, class_agreement
from mlplab.boundary.checking import BoundaryCheck, check
from mlplab.boundary.clusters import best_accuracy, cluster_lines, separate_clusters
from mlplab.boundary.exact_boundary import exact
from mlplab.boundary.family import LineFamily
from mlplab.boundary.line import Line, LineSide
from mlplab.boundary.linear_regions import LinearRegions, Polygons, PopulationRegions
from mlplab.boundary.regions import (
    Extent,
    HasFeedforward,
    Regions,
    class_regions,
    outputs_on_grid,
)
from mlplab.boundary.single_layer import EQUATION_11, EQUATION_12, SingleLayer

__all__ = [
    "EQUATION_11",
    "EQUATION_12",
    "Agreement",
    "BoundaryCheck",
    "Extent",
    "HasFeedforward",
    "Line",
    "LineFamily",
    "LineSide",
    "LinearRegions",
    "Polygons",
    "PopulationRegions",
    "Regions",
    "SingleLayer",
    "best_accuracy",
    "check",
    "class_agreement",
    "class_regions",
    "cluster_lines",
    "exact",
    "outputs_on_grid",
    "separate_clusters",
]
