"""Who trains as a browser does: both modules in Node, and the engine on the same work."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import ClassVar, Literal

from mlplab.bench.node import NodeProcess
from mlplab.bench.outcome import Layers
from mlplab.bench.taken import Taken, time_of
from mlplab.bench.workload import Workload
from mlplab.engine import Stepper
from mlplab.training import train
from mlplab.trial import draw

WARM_UP = 3
"""Trainings before the first measurement: Node compiles again what is called often."""


class Native:
    """The engine of this machine: one network without drawing, several by a whole call.

    Both with validation after every epoch, as in a browser.
    """

    def __init__(self, workload: Workload, threads: int) -> None:
        self.workload = workload
        self.networks = workload.population
        self.threads = threads
        self.trained: list[Layers] = []

    def train(self) -> Taken:
        """Train, and return what it took."""
        experiment = self.workload.experiment
        if self.networks > 1:
            return time_of(self._train_several)
        stepper = Stepper(draw(experiment, seed=0))
        taken = time_of(lambda: stepper.train(self.workload.epochs * stepper.updates_per_epoch))
        self.trained = [stepper.network]
        return taken

    def _train_several(self) -> None:
        count, experiment = self.networks, self.workload.experiment
        runs = train(experiment, count, threads=self.threads, keep_weights=count)
        self.trained = [(run.weights, run.biases) for run in runs]

    def outcome(self) -> None:
        """Return nothing: modules are held to the weights themselves."""


class InNode:
    """A module in Node: one network without drawing, several as a block, to which drawing belongs."""

    module: ClassVar[Literal["fused", "exact"]]

    def __init__(self, workload: Workload, threads: int) -> None:
        self.networks = workload.population
        native = Native(workload, threads)
        native.train()
        self.asked = {
            "experiment": workload.experiment.model_dump(mode="json"),
            "module": self.module,
            "seeds": [str(seed) for seed in range(workload.population)],
            "weights": weights_digest(native.trained),
        }
        self.node = NodeProcess()
        for _ in range(WARM_UP):
            self.train()

    def train(self) -> Taken:
        """Train, and return what it took.

        Raises
        ------
        RuntimeError
            If the weights are not those of the engine.
        """
        answer = self.node.ask(self.asked)
        if not answer["right"]:
            raise RuntimeError(f"the {self.module} module trains other weights than the engine")
        return Taken(answer["seconds"], answer["processor"])

    def outcome(self) -> None:
        """Return nothing: that the weights are right is seen to in every training."""


class FusedInNode(InNode):
    """The module that rounds a product and a sum once, by one instruction."""

    module = "fused"


class ExactInNode(InNode):
    """The module that does the same by way of doubles."""

    module = "exact"


def weights_digest(networks: Sequence[Layers]) -> str:
    """Return SHA-256 of W and b of each layer, row by row, of one network after another.

    Parameters
    ----------
    networks : sequence of (W, b)
        W of each layer, (outputs, inputs), and b of each, (outputs,): float32.
    """
    found = hashlib.sha256()
    for weights, biases in networks:
        for parts in zip(weights, biases, strict=True):
            for part in parts:
                found.update(part.astype("<f4").tobytes())
    return found.hexdigest()
