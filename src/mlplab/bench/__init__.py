"""How fast the engine is: measured against its peers, the machine, and itself at other sizes.

`mlplab bench` runs it. A `Workload` is the same work for all; a `Side` is who does it, each in a process
of its own (`worker`); pairs are measured right after one another in an order that alternates (`rounds`);
`curves` and `starting` look at the engine alone; the `Record` of it all becomes JSON and a report.
"""

from mlplab.bench.peers import PEERS, select_peers
from mlplab.bench.record import Record, Settings
from mlplab.bench.run import run_bench, tasks

__all__ = ["PEERS", "Record", "Settings", "run_bench", "select_peers", "tasks"]
