"""The compiled engine: the mathematics of `reference`, for a whole population, on all cores.

It shares only spec, data and trial with the reference. From the outside inwards: `population` (threads),
`work` (one job), `jobs` (who trains with whom), the two kernels `block` and `single`, and what they are
made of: `lanes`, `activations`, `output`, `updates`, `order`, `rates`, `exponential`.
"""

from mlplab.engine.jobs import Member
from mlplab.engine.lanes import LANES
from mlplab.engine.population import train_population, usable_cores

__all__ = ["LANES", "Member", "train_population", "usable_cores"]
