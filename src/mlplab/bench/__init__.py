"""How fast training is: end to end, then the engine against its peers, the machine and itself.

`mlplab bench` runs it. A `Workload` is the same work for all; a `Side` is who does it, each in a process
of its own (`worker`). `end_to_end` measures what a user gets, `regularised` what dropout and a penalty
cost on each side. Then come the kernels: pairs are measured right after one another in an order that
alternates (`rounds`); `curves` and `starting` look at the engine alone, `store_overhead` and `full_store`
at the store, `tuning_compared` at a search, `estimator_fits` at scikit-learn's estimators, `cluster_rate`
at Dask's workers, `browser_rate` at the browser's modules in Node, and `device_rate`, by itself, at JAX
on a GPU. The `Record` of it all becomes JSON
and a report, which says how (`method`).
`against` compares two versions of the package itself.
"""

from mlplab.bench.peers import PEERS, select_peers
from mlplab.bench.record import PARTS, Record, Settings
from mlplab.bench.run import run_bench
from mlplab.bench.tasks import select_parts, tasks

__all__ = [
    "PARTS",
    "PEERS",
    "Record",
    "Settings",
    "run_bench",
    "select_parts",
    "select_peers",
    "tasks",
]
