"""Finished runs on disk: what was trained once is never trained again.

with Store("mlplab-runs.sqlite") as store:
    trained = train_stored(store, experiment, replications=100)
trained.outcomes.test_metric, trained.found
"""

from mlplab.store.blocks import BlockWriter
from mlplab.store.experiments import changes_text, spec_text
from mlplab.store.exporting import export_runs
from mlplab.store.filtering import EVERYTHING, Condition, RunFilter
from mlplab.store.listing import READABLE, Command, StoredExperiment, readable_columns
from mlplab.store.store import ANY, Store
from mlplab.store.sweeps import Sweep
from mlplab.store.training import StoredTraining, train_stored

__all__ = [
    "ANY",
    "EVERYTHING",
    "READABLE",
    "BlockWriter",
    "Command",
    "Condition",
    "RunFilter",
    "Store",
    "StoredExperiment",
    "StoredTraining",
    "Sweep",
    "changes_text",
    "export_runs",
    "readable_columns",
    "spec_text",
    "train_stored",
]
