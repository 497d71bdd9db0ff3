"""Who trains as a browser does: both modules in Node, and the engine on the same work."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from typing import ClassVar, Literal

from mlplab.bench.node import NodeProcess
from mlplab.bench.outcome import Layers
from mlplab.bench.taken import Taken, time_of
from mlplab.bench.workload import Workload
from mlplab.engine import KernelTiming, Stepper
from mlplab.trial import Trials, draw

WARM_UP = 0.3
"""Seconds of training before the first measurement: Node compiles again what is called often."""


class Native:
    """The engine of this machine: one network without drawing, sixteen as a block, drawn and scored.

    Both with validation after every epoch, as in a browser.
    """

    def __init__(self, workload: Workload, threads: int) -> None:
        self.workload = workload
        self.networks = workload.population
        self.threads = threads
        self.trained: list[Layers] = []

    def train(self) -> Taken:
        """Train, and return what it took."""
        return self._train_one() if self.networks == 1 else self._train_block()

    def _train_one(self) -> Taken:
        stepper = Stepper(draw(self.workload.experiment, seed=0))
        taken = time_of(lambda: stepper.train(self.workload.epochs * stepper.updates_per_epoch))
        self.trained = [stepper.network]
        return taken

    def _train_block(self) -> Taken:
        timings: list[KernelTiming] = []

        def draw_block() -> None:
            trials = Trials.from_seeds(self.workload.experiment, range(self.networks))
            timings.append(KernelTiming([trials], self.threads))

        drawing = time_of(draw_block)
        [timing] = timings
        processor = time.process_time()
        seconds = timing.seconds(scored=True)  # which leaves out what starts a thread
        processor = time.process_time() - processor
        [block] = timing.prepared
        self.trained = [block.network(lane) for lane in range(self.networks)]
        return Taken(drawing.seconds + seconds, drawing.processor + processor)

    def outcome(self) -> None:
        """Return nothing: modules are held to the weights themselves."""


class InNode:
    """A module in Node: one network without drawing, sixteen as a block, drawn and scored."""

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
        began = time.perf_counter()
        while time.perf_counter() - began < WARM_UP:
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
