"""Decision boundaries: sampled on a grid for any model, derived where there is no hidden layer."""

from mlplab.boundary.agreement import Agreement, class_agreement
from mlplab.boundary.checking import Check, check
from mlplab.boundary.clusters import best_accuracy, cluster_lines, separate_clusters
from mlplab.boundary.family import Family
from mlplab.boundary.line import Line, Side
from mlplab.boundary.regions import Extent, HasFeedforward, Regions, class_regions
from mlplab.boundary.single_layer import EQUATION_11, EQUATION_12, SingleLayer

__all__ = [
    "EQUATION_11",
    "EQUATION_12",
    "Agreement",
    "Check",
    "Extent",
    "Family",
    "HasFeedforward",
    "Line",
    "Regions",
    "Side",
    "SingleLayer",
    "best_accuracy",
    "check",
    "class_agreement",
    "class_regions",
    "cluster_lines",
    "separate_clusters",
]
