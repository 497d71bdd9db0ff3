"""What to train next: maps of two settings."""

from mlplab.sweep.axis import Axis
from mlplab.sweep.plan import MapPlan
from mlplab.sweep.trained_map import MAP_MEASURES, CellStatistics, TrainedMap
from mlplab.sweep.training import train_map

__all__ = ["MAP_MEASURES", "Axis", "CellStatistics", "MapPlan", "TrainedMap", "train_map"]
