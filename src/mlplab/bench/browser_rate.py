"""How fast the browser's modules train in Node, beside the engine of this machine on one thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from mlplab.bench.rounds import Pair, measure_pairs
from mlplab.bench.side import Side
from mlplab.bench.verdict import GoalVerdict
from mlplab.bench.worker import Worker
from mlplab.bench.workload import Workload, lab_workload, whole_workload
from mlplab.engine import LANES

BROWSER_GOAL, BROWSER_GOAL_FOR = 0.25, "1.2-relu"
"""The fused module's speed, as a fraction of the engine's, that it should have at least, and where."""

NATIVE = Side(
    "native",
    "mlplab",
    "mlplab.bench.browser_sides:Native",
    note="",
    blas_threads=False,
)
FUSED = Side(
    "browser-fused",
    "The browser's fused module",
    "mlplab.bench.browser_sides:FusedInNode",
    note="",
    blas_threads=False,
)
EXACT = Side(
    "browser-exact",
    "The browser's exact module",
    "mlplab.bench.browser_sides:ExactInNode",
    note="",
    blas_threads=False,
)
IN_NODE = "browser"
"""What is left out where there is no Node."""

EPOCHS = {
    ("1.1-batch-16", 1): (200, 100),
    ("1.1-batch-16", LANES): (40, 10),
    ("1.2-relu", 1): (200, 100),
    ("1.2-relu", LANES): (20, 20),
    ("1.3", 1): (4, 1),
    ("1.3", LANES): (1, 0),
}
"""Of one measurement, by experiment and networks: usually, and quick (0: not measured)."""

TIMES = {"1.1-batch-16": 5, "1.2-relu": 5, "1.3": 1}
"""How often each pair is measured in a round: what takes milliseconds more often."""


@dataclass(frozen=True)
class BrowserCase:
    """One workload, the engine against the modules.

    Attributes
    ----------
    workload : Workload
        Its population is 1 or 16: a block.
    pairs : mapping of str to Pair
        Seconds for one epoch of one network; "ours" is the engine, "theirs" the module named.
    """

    workload: Workload
    pairs: Mapping[str, Pair]

    @property
    def native(self) -> float:
        """Seconds for one epoch of one network, of the engine: the median of all rounds."""
        return median(taken.seconds for pair in self.pairs.values() for taken in pair.ours)

    def seconds(self, name: str) -> float:
        """Return a module's seconds for one epoch of one network: the median of the rounds."""
        return median(taken.seconds for taken in self.pairs[name].theirs)

    def fractions(self, name: str) -> list[float]:
        """Return a module's speed as a fraction of the engine's, in each round."""
        return [1 / ratio for ratio in self.pairs[name].ratios]

    def fraction(self, name: str) -> float:
        """Return the median of `fractions`."""
        return median(self.fractions(name))

    def verdict(self, name: str) -> GoalVerdict | None:
        """Return whether a module reaches its goal; None where it has none."""
        if self.workload.id != BROWSER_GOAL_FOR or name != FUSED.name:
            return None
        what = f"{self.workload.name}: fused module, of native"
        return GoalVerdict(what, self.fraction(name), BROWSER_GOAL, "least")

    def as_json(self) -> dict[str, Any]:
        """Return all that was measured, and what follows from it."""
        return {
            "name": self.workload.name,
            "experiment": self.workload.experiment.model_dump(mode="json"),
            "networks": self.workload.population,
            "modules": {
                name: {
                    "native": [asdict(taken) for taken in pair.ours],
                    "module": [asdict(taken) for taken in pair.theirs],
                    "fraction": self.fraction(name),
                }
                for name, pair in self.pairs.items()
            },
        }


@dataclass(frozen=True)
class BrowserRate:
    """All that was measured in Node.

    Attributes
    ----------
    node : str
        Its version.
    cases : tuple of BrowserCase
    """

    node: str
    cases: tuple[BrowserCase, ...]

    def verdicts(self) -> list[GoalVerdict]:
        """Return every goal whose figure was measured."""
        found = [case.verdict(name) for case in self.cases for name in case.pairs]
        return [verdict for verdict in found if verdict is not None]

    def as_json(self) -> dict[str, Any]:
        """Return all that was measured, and what follows from it."""
        return {"node": self.node, "cases": [case.as_json() for case in self.cases]}


def browser_workloads(quick: bool) -> list[Workload]:
    """Return what is trained; quick ones for fewer epochs, and without the largest."""
    return [
        whole_workload(lab_workload(id, networks, epochs=1)).lasting(epochs[quick])
        for (id, networks), epochs in EPOCHS.items()
        if epochs[quick] > 0
    ]


def browser_steps(workloads: Sequence[Workload], modules: int, rounds: int) -> int:
    """Return how often `measure_browser` calls `on_step`."""
    return sum(1 + modules + rounds * TIMES[workload.id] * modules for workload in workloads)


def measure_browser(
    node: str,
    workloads: Sequence[Workload],
    workers: Mapping[str, Worker],
    rounds: int,
    on_step: Callable[[], None] = lambda: None,
) -> BrowserRate:
    """Measure each workload natively and by each module, in turns.

    Parameters
    ----------
    node : str
        Its version.
    workloads : sequence of Workload
    workers : mapping of str to Worker
        `NATIVE`, and `FUSED`, `EXACT` or both, by their names.
    rounds : int
    on_step : callable
        Called after each training that is not measured, and after each pair.
    """
    found = []
    for workload in workloads:
        for worker in workers.values():
            worker.prepare(workload)
            on_step()
        modules = {name: worker.measure for name, worker in workers.items() if name != NATIVE.name}
        times = rounds * TIMES[workload.id]
        pairs = measure_pairs(workers[NATIVE.name].measure, modules, times, on_step)
        found.append(BrowserCase(workload, pairs))
    return BrowserRate(node, tuple(found))
