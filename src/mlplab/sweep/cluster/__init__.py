"""Cells trained on a Dask cluster: in blocks, each one a task, with the bits of one machine.

From the outside inwards: `trainer` (which blocks are under way, and what becomes of them), `blocks` (how
large they are), `cluster` (the scheduler, its workers, and what they must have in common with this
process), `versions` (what that is), `sent` (functions that travel) and `task` (what a worker does).
"""

from mlplab.sweep.cluster.cluster import Cluster, check_distributed
from mlplab.sweep.cluster.trainer import ClusterTrainer

__all__ = ["Cluster", "ClusterTrainer", "check_distributed"]
