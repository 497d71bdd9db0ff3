"""Who trains a map on a Dask cluster: the same runs as one process, into a store as fresh."""

from __future__ import annotations

import os
from pathlib import Path

from distributed import Client

from mlplab.bench.dask_cluster import ADDRESS
from mlplab.bench.store_sides import IntoStore, Map, check_count
from mlplab.bench.workload import Workload
from mlplab.store import Store
from mlplab.sweep import train_map


class MapOnCluster(IntoStore, Map):
    """What `mlplab map --scheduler` does before it draws, on the cluster of `started_cluster`."""

    def __init__(self, workload: Workload, threads: int) -> None:
        super().__init__(workload, threads)
        self.client = Client(os.environ[ADDRESS], set_as_default=False)
        self.client.wait_for_workers(threads)

    def _train_into(self, path: Path) -> None:
        with Store(path) as store:
            trained = train_map(self.plan, store, client=self.client)
        check_count(trained.count, self.networks)
