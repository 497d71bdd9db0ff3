"""What to train next: maps of two settings."""

from mlplab.sweep.axis import Axis
from mlplab.sweep.cells import CELL_MEASURES, CellStatistics, TrainedCells, find_cell_measure
from mlplab.sweep.plan import MapPlan
from mlplab.sweep.trained_map import TrainedMap
from mlplab.sweep.training import train_map

__all__ = [
    "CELL_MEASURES",
    "Axis",
    "CellStatistics",
    "MapPlan",
    "TrainedCells",
    "TrainedMap",
    "find_cell_measure",
    "train_map",
]
