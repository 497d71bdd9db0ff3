"""A population trained by JAX: one compiled program for an epoch of many networks, on a CPU or a GPU.

From the outside inwards: `training` (trials in, runs out), `memory` (how many at a time), `rules` (who
stops, and whose rate falls), `programs` (what JAX compiles: a scan over updates, mapped over networks),
`network` (feedforward and backpropagation), `updating`, `noise`, `formulas` (those of `mlplab.spec`,
computed by JAX as they are written) and `backend` (JAX, and what is set while it computes).

Samples, initial weights and shuffles are the trial's, drawn on the host; dropout and noise on inputs are
the trial's, too, made where JAX computes. Numbers differ from the reference's by rounding only.
"""

from mlplab.frameworks.jax.memory import networks_together
from mlplab.frameworks.jax.training import check, train_together

__all__ = ["check", "networks_together", "train_together"]
