"""What training leaves behind: a Run; many as Runs, with a leading replication axis; or only Outcomes."""

from mlplab.run.ending import Cause, Ending, count_predictions, how_it_ended, how_they_ended
from mlplab.run.history import Float, Float64, History
from mlplab.run.outcomes import Outcomes
from mlplab.run.run import Run
from mlplab.run.runs import Runs
from mlplab.run.samples import about_samples

__all__ = [
    "Cause",
    "Ending",
    "Float",
    "Float64",
    "History",
    "Outcomes",
    "Run",
    "Runs",
    "about_samples",
    "count_predictions",
    "how_it_ended",
    "how_they_ended",
]
