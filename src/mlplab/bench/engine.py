"""Our side: the engine's kernels alone, and the whole call of `mlplab.train`."""

from __future__ import annotations

import time

from mlplab.bench.outcome import outcome_of
from mlplab.bench.side import Outcome
from mlplab.bench.taken import Taken, time_of
from mlplab.bench.workload import Workload
from mlplab.engine import KernelTiming
from mlplab.training import train
from mlplab.trial import Trials, draw


class Kernels:
    """The updates of a population, without drawing, validation and evaluation."""

    def __init__(self, workload: Workload, threads: int) -> None:
        self.networks = workload.population
        self.workload = workload
        trials = Trials.from_seeds(workload.experiment, range(self.networks))
        self.timing = KernelTiming([trials], threads)

    def train(self) -> Taken:
        """Train; every network has samples and shuffles of its own."""
        processor = time.process_time()
        seconds = self.timing.seconds()
        return Taken(seconds, time.process_time() - processor)

    def outcome(self) -> Outcome:
        """Return what became of the first network."""
        trial = draw(self.workload.experiment, seed=0)
        updates = int(self.timing.done[0][0]) * self.workload.updates
        return outcome_of(trial, self.timing.jobs[0].network(0), updates)


class WholeCall:
    """`mlplab.train`, from the experiment to its runs."""

    def __init__(self, workload: Workload, threads: int) -> None:
        self.networks = workload.population
        self.workload = workload
        self.threads = threads

    def train(self) -> Taken:
        """Call it, and return what it took."""
        return time_of(self._train)

    def _train(self) -> None:
        self.runs = train(self.workload.experiment, self.networks, threads=self.threads)

    def outcome(self) -> Outcome:
        """Return what became of the first run."""
        run = self.runs[0]
        trial = draw(self.workload.experiment, seed=0)
        return outcome_of(trial, (run.weights, run.biases), run.updates)
