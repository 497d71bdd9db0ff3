"""The compiled engine: the mathematics of `reference`, for a whole population, on all cores.

It shares only spec, data and trial with the reference. From the outside inwards: `memory` (whether there
is enough), `population` (threads), `work` (one job), `jobs` (who trains with whom), `prepared` (trials
laid out for a kernel), the two kernels `block` and `single`, and what they are made of: `lanes`,
`products`, `gathering`, `shuffle`, `exponential`, `rates`; and what they call by its address (`calls`):
`activations`, `output`, `updates`. `timing` trains a population for its time only, `stepping` one trial a
few updates at a time.
"""

from mlplab.engine.jobs import Member
from mlplab.engine.lanes import LANES
from mlplab.engine.memory import check_memory
from mlplab.engine.population import train_population, usable_cores
from mlplab.engine.stepping import Progress, Stepper
from mlplab.engine.timing import Rehearsal

__all__ = [
    "LANES",
    "Member",
    "Progress",
    "Rehearsal",
    "Stepper",
    "check_memory",
    "train_population",
    "usable_cores",
]
