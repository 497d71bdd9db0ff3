"""What training leaves behind: a Run, and many of them as Runs, with a leading replication axis."""

from mlplab.run.ending import Cause, Ending, count_predictions, how_it_ended, how_they_ended
from mlplab.run.history import Float, Float64, History
from mlplab.run.run import Run
from mlplab.run.runs import Runs
from mlplab.run.samples import about_samples

__all__ = [
    "Cause",
    "Ending",
    "Float",
    "Float64",
    "History",
    "Run",
    "Runs",
    "about_samples",
    "count_predictions",
    "how_it_ended",
    "how_they_ended",
]
