"""Adam with dropout and an L2 penalty on task 1.4, end to end, beside Keras and PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from mlplab.bench.rounds import Pair, measure_pairs
from mlplab.bench.side import WHOLE_CALL, Side
from mlplab.bench.store_overhead import measure_run
from mlplab.bench.worker import Worker
from mlplab.bench.workload import Workload
from mlplab.report.experiments import EXPERIMENTS
from mlplab.spec import L2, Adam, Polar

DROPOUT, PENALTY = 0.2, 1e-4
"""The rate of each hidden layer, and the strength of the penalty on all weights."""

NETWORKS, QUICK_EPOCHS = 64, 2

BESIDE: tuple[Side, ...] = (
    Side(
        "keras-regularised",
        "Keras/JAX fit, regularised",
        "mlplab.bench.peers.keras_regularised:RegularisedFit",
        "`model.fit` with `validation_data` and then `evaluate`, with Keras's own `Dropout` layers and "
        "`kernel_regularizer`",
        needs=("keras", "jax"),
    ),
    Side(
        "keras-regularised-steps",
        "Keras/JAX fit, regularised, steps_per_execution",
        "mlplab.bench.peers.keras_regularised:RegularisedFitInSteps",
        "the same with an epoch's batches in one execution",
        needs=("keras", "jax"),
    ),
    Side(
        "pytorch-regularised",
        "PyTorch, regularised",
        "mlplab.bench.peers.pytorch_regularised:RegularisedPyTorch",
        "eager, with its own `Dropout` and `Adam`, the penalty as a part of the loss, samples in memory, "
        "on one thread or all, whichever is faster",
        needs=("torch",),
    ),
)
"""Who does the same, one network at a time."""


@dataclass(frozen=True)
class RegularisedWorkload(Workload):
    """A workload with dropout and an L2 penalty, trained by Adam."""

    @property
    def is_written_out(self) -> bool:
        """Whether the peers have all that the experiment has."""
        training, network = self.experiment.training, self.experiment.network
        optimizer = training.optimizer
        rules = training.early_stopping, training.reduce_lr_on_plateau, training.class_weight
        return (
            isinstance(self.experiment.dataset, Polar)
            and set(network.layer_widths) <= {network.layer_width}
            and set(network.activations) <= {"relu"}
            and network.input_noise == 0
            and isinstance(network.kernel_regularizer, L2 | None)
            and training.loss == "mean_squared_error"
            and training.dtype == "float32"
            and type(optimizer) is Adam
            and optimizer.weight_decay == 0
            and optimizer.clipping == (0, 0.0)
            and rules == (None, None, None)
        )


@dataclass(frozen=True)
class Regularised:
    """What one network took, end to end.

    Attributes
    ----------
    workload : Workload
    pairs : mapping of str to Pair
        Seconds for one network; "theirs" is the side named.
    """

    workload: Workload
    pairs: Mapping[str, Pair]

    @property
    def seconds(self) -> float:
        """Of `mlplab.train` for one network: the median of all rounds."""
        return median(taken.seconds for pair in self.pairs.values() for taken in pair.ours)

    def theirs(self, name: str) -> float:
        """Return another side's seconds for one network: the median of all rounds."""
        return median(taken.seconds for taken in self.pairs[name].theirs)

    def as_json(self) -> dict[str, Any]:
        """Return all that was measured, and what follows from it."""
        return {
            "experiment": self.workload.experiment.model_dump(mode="json"),
            "population": self.workload.population,
            "seconds": self.seconds,
            "pairs": {
                name: asdict(pair)
                | {"ratio": pair.ratio, "lowest": pair.lowest, "highest": pair.highest}
                for name, pair in self.pairs.items()
            },
        }


def regularised_workload(quick: bool) -> RegularisedWorkload:
    """Return task 1.4 with dropout and the penalty; a quick one has fewer epochs."""
    changes: dict[str, Any] = {
        "network.dropout": DROPOUT,
        "network.kernel_regularizer": {"kind": "l2", "l2": PENALTY},
    }
    if quick:
        changes["training.epochs"] = QUICK_EPOCHS
    return RegularisedWorkload("1.4", EXPERIMENTS["1.4"].varied(changes), NETWORKS)


def regularised_steps(peers: int, rounds: int) -> int:
    """Return how often `measure_regularised` calls `on_step`, with so many peers."""
    return 1 + peers + rounds * peers


def measure_regularised(
    workload: Workload,
    workers: Mapping[str, Worker],
    rounds: int,
    on_step: Callable[[], None] = lambda: None,
) -> Regularised:
    """Measure `mlplab.train` beside each peer, in turns.

    Parameters
    ----------
    workload : Workload
    workers : mapping of str to Worker
        `WHOLE_CALL` and those of `BESIDE` that there are, by their names.
    rounds : int
    on_step : callable
        Called after each training that is not measured, and after each pair.
    """
    for worker in workers.values():
        worker.prepare(workload)
        on_step()
    measured = {name: measure_run(worker, workload) for name, worker in workers.items()}
    ours = measured.pop(WHOLE_CALL.name)
    return Regularised(workload, measure_pairs(ours, measured, rounds, on_step))
