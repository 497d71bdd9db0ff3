"""The peers: every library that does the same work, a file for each, and how each does it.

All but `jax-user`, which draws by itself, start from the trial's own initial weights, take its samples in
batches of the same size, and count the loss along the way. Those that can be told a shuffle take the
trial's, drawn beforehand: they need not shuffle, while the engine shuffles within its time.
"""

from __future__ import annotations

from collections.abc import Sequence

from mlplab.bench.side import Side
from mlplab.errors import MlplabError, suggestion

_KERAS = ("keras", "jax")

PEERS: dict[str, Side] = {
    side.name: side
    for side in (
        Side(
            "keras-fit",
            "Keras/JAX fit",
            "mlplab.bench.peers.keras:Fit",
            "`model.fit` for all epochs in one call, with the accuracy as a metric, as a student does; "
            "it shuffles by itself",
            needs=_KERAS,
        ),
        Side(
            "keras-steps",
            "Keras/JAX fit, steps_per_execution",
            "mlplab.bench.peers.keras:FitInSteps",
            "the same with an epoch's batches in one execution",
            needs=_KERAS,
        ),
        Side(
            "keras-batch",
            "Keras/JAX train_on_batch",
            "mlplab.bench.peers.keras:TrainOnBatch",
            "`model.train_on_batch` for every batch, without what `fit` adds",
            needs=_KERAS,
        ),
        Side(
            "jax-scan",
            "JAX jit + scan",
            "mlplab.bench.peers.jax:Scan",
            "one network, an epoch compiled as one program, written for speed",
            needs=("jax",),
        ),
        Side(
            "jax-vmap",
            "JAX vmap",
            "mlplab.bench.peers.jax:Vmap",
            "the same program for the whole population at once, each network on samples of its own",
            needs=("jax",),
            needs_population=True,
        ),
        Side(
            "jax-user",
            "JAX, a user's own",
            "mlplab.bench.peers.jax_user:DrawAndTrain",
            "what a user would write, in thirty lines: `jit` of `vmap` over one network's draw (samples, "
            "initial weights and shuffles by `jax.random`) and its whole training by `lax.scan`, 256 "
            "networks a call; the test split is looked at once, validation and the time to compile are "
            "left out",
            needs=("jax",),
            end_to_end=True,
        ),
        Side(
            "scikit-learn",
            "scikit-learn",
            "mlplab.bench.peers.scikit_learn:ScikitLearn",
            "`MLPClassifier.fit`; it minimises the log-loss (it has no squared error for classes) at a "
            "constant learning rate, shuffles by itself, and counts the loss but not the accuracy",
            needs=("sklearn",),
        ),
        Side(
            "pytorch",
            "PyTorch",
            "mlplab.bench.peers.pytorch:PyTorch",
            "eager, with samples in memory, no data loader and no scheduler, on one thread or all, "
            "whichever is faster",
            needs=("torch",),
        ),
        Side(
            "numpy",
            "NumPy",
            "mlplab.bench.peers.numpy:FromScratch",
            "the network from scratch, which is written to be read",
        ),
    )
}
"""Every peer by its name, in the order of the tables."""


def select_peers(words: Sequence[str]) -> list[Side]:
    """Return the peers that are called by their names, or all of a library by the name's beginning.

    Raises
    ------
    MlplabError
        If there is no such peer.

    Examples
    --------
    >>> [side.name for side in select_peers(["numpy", "jax"])]
    ['jax-scan', 'jax-vmap', 'jax-user', 'numpy']
    """
    chosen = set()
    for word in words:
        found = [name for name in PEERS if name == word or name.startswith(f"{word}-")]
        if not found:
            raise MlplabError(f"unknown peer '{word}'; {suggestion(word, PEERS)}")
        chosen |= set(found)
    return [side for name, side in PEERS.items() if name in chosen]
