"""The lab's published report as data, and its reproduction as a report of our own."""

from mlplab.report.experiments import EXPERIMENTS
from mlplab.report.published import PUBLISHED, PUBLISHED_UPDATES, Published
from mlplab.report.selection import TASKS, select_tasks

__all__ = ["EXPERIMENTS", "PUBLISHED", "PUBLISHED_UPDATES", "TASKS", "Published", "select_tasks"]
