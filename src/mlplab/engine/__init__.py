"""The compiled engine: the mathematics of `reference`, for a whole population, on all cores.

From the outside inwards: `memory` (whether there is enough), `population` (threads), `jobs` (who trains
with whom), `drawn` and `finite` (samples, weights and shuffles of some jobs), `work` (one job),
`prepared` (laid out for a kernel as `layout` says), `trained` (what it trained), `results` and
`outcome_results` (where it leaves that), the two
kernels `block` and `single`, with `block_passes` and `single_passes`, and what they are made of: `lanes`,
`gathering`, `products` and their `tiling`, `activations`, `output`, `updates`, `exponential`.
`aligned` makes their arrays, `arrays` names the types of them. `compiling` says how kernels are compiled,
`calls` how they call each other by addresses. `timing` trains a population for its time only, `stepping`
one trial a few updates at a time.
"""

from mlplab.engine.jobs import places_by_shape
from mlplab.engine.lanes import LANES
from mlplab.engine.memory import check_memory
from mlplab.engine.outcome_results import OutcomeResults
from mlplab.engine.population import Population, usable_cores
from mlplab.engine.snapshot import Snapshot
from mlplab.engine.stepping import Stepper
from mlplab.engine.timing import KernelTiming

__all__ = [
    "LANES",
    "KernelTiming",
    "OutcomeResults",
    "Population",
    "Snapshot",
    "Stepper",
    "check_memory",
    "places_by_shape",
    "usable_cores",
]
