"""What to train next: maps of two settings."""

from mlplab.sweep.axis import Axis
from mlplab.sweep.plan import MapPlan
from mlplab.sweep.trained_map import MAP_MEASURES, CellStatistics, TrainedMap, find_map_measure
from mlplab.sweep.training import train_map

__all__ = [
    "MAP_MEASURES",
    "Axis",
    "CellStatistics",
    "MapPlan",
    "TrainedMap",
    "find_map_measure",
    "train_map",
]
