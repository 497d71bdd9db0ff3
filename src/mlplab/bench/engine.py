"""Our sides: the engine's kernels alone, and the whole call of `mlplab.train`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from mlplab.bench.outcome import outcome_of
from mlplab.bench.side import Outcome
from mlplab.bench.taken import Taken, time_of
from mlplab.bench.workload import Workload
from mlplab.data import write_samples
from mlplab.engine import KernelTiming
from mlplab.spec import Experiment, SamplesFile
from mlplab.training import train
from mlplab.trial import Trials, draw

OWN_NETWORKS_FACTOR = 4
"""How many times as many networks are trained on own samples, which are read once for all of them."""


class Kernels:
    """The updates of a population, without drawing, validation and evaluation."""

    scored = False
    networks_factor = 1

    def __init__(self, workload: Workload, threads: int) -> None:
        self.networks = workload.population * self.networks_factor
        self.workload = workload
        with self._described() as experiment:
            trials = Trials.from_seeds(experiment, range(self.networks))
        self.trial = trials[0]
        self.timing = KernelTiming([trials], threads)

    @contextmanager
    def _described(self) -> Iterator[Experiment]:
        yield self.workload.experiment

    def train(self) -> Taken:
        """Train; every network has a shuffle of its own."""
        processor = time.process_time()
        seconds = self.timing.seconds(self.scored)
        return Taken(seconds, time.process_time() - processor)

    def outcome(self) -> Outcome:
        """Return what became of the first network."""
        updates = int(self.timing.done[0][0]) * self.workload.updates
        return outcome_of(self.trial, self.timing.prepared[0].network(0), updates)


class WholeCall:
    """`mlplab.train`, from the experiment to its runs."""

    networks_factor = 1

    def __init__(self, workload: Workload, threads: int) -> None:
        self.networks = workload.population * self.networks_factor
        self.workload = workload
        self.threads = threads

    @contextmanager
    def _described(self) -> Iterator[Experiment]:
        yield self.workload.experiment

    def train(self) -> Taken:
        """Call it, and return what it took."""
        with self._described() as experiment:
            self.trial = draw(experiment, seed=0)
            return time_of(lambda: self._train(experiment))

    def _train(self, experiment: Experiment) -> None:
        self.runs = train(experiment, self.networks, threads=self.threads)

    def outcome(self) -> Outcome:
        """Return what became of the first run."""
        run = self.runs[0]
        return outcome_of(self.trial, (run.weights, run.biases), run.updates)


class OwnKernels(Kernels):
    """The kernels on samples that all networks share, those of validation and evaluation too."""

    scored = True
    networks_factor = OWN_NETWORKS_FACTOR

    @contextmanager
    def _described(self) -> Iterator[Experiment]:
        with own_file(self.workload.experiment) as experiment:
            yield experiment


class OwnWholeCall(WholeCall):
    """`mlplab.train` on a file of samples that names their splits: to read it is part of the call."""

    networks_factor = OWN_NETWORKS_FACTOR

    @contextmanager
    def _described(self) -> Iterator[Experiment]:
        with own_file(self.workload.experiment) as experiment:
            yield experiment


@contextmanager
def own_file(experiment: Experiment) -> Iterator[Experiment]:
    """Write the samples of seed 0 to a CSV file; give the experiment that has them for its dataset."""
    with TemporaryDirectory(prefix="mlplab-bench-") as folder:
        path = Path(folder, "samples.csv")
        write_samples(draw(experiment, seed=0).dataset, path)
        described = experiment.model_dump() | {"dataset": SamplesFile(path=str(path))}
        yield Experiment(**described)
