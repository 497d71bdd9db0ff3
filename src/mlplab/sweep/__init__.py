"""What to train next: maps of two settings, and the search for the best one."""

from mlplab.sweep.axis import Axis
from mlplab.sweep.cells import (
    CELL_MEASURES,
    CellStatistics,
    TrainedCells,
    choose_cell_measure,
    find_cell_measure,
)
from mlplab.sweep.plan import MapPlan
from mlplab.sweep.search import TrainedRound, TrainedSearch, train_search
from mlplab.sweep.search_plan import SearchPlan
from mlplab.sweep.space import Range, Space
from mlplab.sweep.trained_map import TrainedMap
from mlplab.sweep.training import train_map
from mlplab.sweep.verdict import Finalist, SearchVerdict

__all__ = [
    "CELL_MEASURES",
    "Axis",
    "CellStatistics",
    "Finalist",
    "MapPlan",
    "Range",
    "SearchPlan",
    "SearchVerdict",
    "Space",
    "TrainedCells",
    "TrainedMap",
    "TrainedRound",
    "TrainedSearch",
    "choose_cell_measure",
    "find_cell_measure",
    "train_map",
    "train_search",
]
