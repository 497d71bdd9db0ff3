"""What the tests of the bench share: a tiny workload, and workers that only say that they worked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mlplab.bench.cluster_rate import ON_CLUSTER
from mlplab.bench.curves import Plan
from mlplab.bench.end_to_end import EndToEndCase
from mlplab.bench.estimator_fits import EstimatorFits, Fit, fits_in_all
from mlplab.bench.node import Node
from mlplab.bench.page_rate import PageFigure, PageRate
from mlplab.bench.regularised import RegularisedWorkload
from mlplab.bench.rounds import Pair
from mlplab.bench.search_beside import GridSeconds, SearchBeside, searches_in_all
from mlplab.bench.side import Outcome, Side
from mlplab.bench.taken import Taken
from mlplab.bench.tuning import SWEEP, TunedTrial, Tuning
from mlplab.bench.tuning_compared import FreshRuns, TuningPlan
from mlplab.bench.worker import Ready, SideHere
from mlplab.bench.workload import Workload
from mlplab.spec import Experiment

GOALS = {"sgemm": 0.6, "numpy": 3, "jax-vmap": 2}


def tiny(population: int = 2, epochs: int = 1, momentum: float = 0.3) -> Workload:
    """Return a workload of 21 points and batches of 8, 8 and 5."""
    experiment = Experiment(
        dataset={"kind": "polar", "classes": 3, "train_per_class": 7, "test_per_class": 1},
        network={"hidden_layers": 2, "layer_width": 4, "activation": "relu"},
        training={
            "optimizer": {"kind": "sgd", "learning_rate": 0.5, "momentum": momentum},
            "batch_size": 8,
            "epochs": epochs,
        },
    )
    return Workload("1.3", experiment, population, GOALS)


def tiny_plans(quick: bool, threads: int) -> list[Plan]:
    """Return two curves of two sizes."""
    sizes = {n: tiny(n) for n in (1, 2)}
    return [
        Plan("population", "1.3", sizes),
        Plan("width", "one network", {4: tiny(1), 8: tiny(1)}),
    ]


def tiny_cases() -> list[EndToEndCase]:
    """Return one case, of which one network is measured too."""
    return [EndToEndCase(tiny(2, epochs=2, momentum=0.0), goal=90, floor=65, lead=10, single=True)]


def tiny_tuning(quick: bool) -> TuningPlan:
    """Return two searches of three candidates."""
    experiment = tiny(epochs=2).experiment.varied({"network.initializer": "random_normal"})
    return TuningPlan("1.3", experiment, trials=3, fresh_runs=4)


THEIR_TRIALS = (
    TunedTrial({"fresh": 0.5}, 0.6, 2.0),
    TunedTrial({"fresh": 0.72}, 0.9, 6.0),
    TunedTrial({"fresh": 0.8}, 0.7, 8.0),
)
OUR_TRIALS = (
    TunedTrial({"fresh": 0.6}, 0.725, 1.5, trainings=8),
    TunedTrial({"fresh": 0.74}, 0.75, 1.5, trainings=8),
    TunedTrial({"fresh": 0.78}, 0.8, 3.0, trainings=8),
)
"""Of fake tuners: that each setting has a mean in fresh runs is all that there is in it."""


def fake_tuner(where: str, *arguments: object, **named: Any) -> Tuning:
    """Return the trials of a tuner, without a process."""
    trials = OUR_TRIALS if where == SWEEP else THEIR_TRIALS
    for trial in trials:
        named["on_trial"](trial)
    return Tuning(trials)


def fake_judge(
    experiment: Experiment, settings: Sequence[Mapping[str, float]], *numbers: int
) -> list[FreshRuns]:
    """Return what the settings say."""
    means = [each.get("fresh", 0.5) for each in settings]
    return [FreshRuns(mean, mean - 0.01, mean + 0.02, 0) for mean in means]


SPEEDS = {
    **{"engine": 1.0, "sgemm": 0.5, "whole": 3.0, "own-engine": 2.0, "own-whole": 2.5},
    **{"seeds": 10.0, "seeds-stored": 10.4, "map": 10.0, "map-stored": 10.51, "cluster": 11.0},
    **{"native": 1.0, "browser-fused": 2.5, "browser-exact": 8.0},
}
"""Seconds that a fake side needs for one epoch of one network; every peer needs 10."""


class FakeWorker:
    """Takes no time, and says that it did; what it is asked is kept in `asked`."""

    asked: list[tuple[str, str]]
    threads_of: list[tuple[str, int]]

    def __init__(self, side: Side, threads: int, temporary: Path | None = None) -> None:
        self.side = side
        type(self).threads_of.append((side.name, threads))
        self.open = False

    def __enter__(self) -> FakeWorker:
        self.open = True
        return self

    def __exit__(self, *_: object) -> None:
        self.open = False

    def missing(self) -> str | None:
        return "it is broken" if self.side.name == "jax-scan" else None

    def prepare(self, workload: Workload) -> Ready:
        assert self.open
        type(self).asked.append((self.side.name, f"prepare {workload.name}"))
        networks = workload.population if self.side.name in ("engine", "whole") else 1
        seconds = SPEEDS.get(self.side.name, 10.0) * networks * workload.epochs
        return Ready(networks, seconds, Outcome(workload.updates, 0.2, 0.1))

    def measure(self) -> Taken:
        assert self.open
        type(self).asked.append((self.side.name, "measure"))
        seconds = SPEEDS.get(self.side.name, 10.0)
        return Taken(seconds, 2 * seconds)


def tiny_regularised(
    quick: bool = True, epochs: int = 2, dropout: float = 0.2
) -> RegularisedWorkload:
    """Return the tiny workload with Adam, dropout and an L2 penalty."""
    changes = {
        "training.optimizer": {"kind": "adam", "learning_rate": 0.01},
        "network.dropout": dropout,
        "network.kernel_regularizer": {"kind": "l2", "l2": 0.01},
    }
    return RegularisedWorkload("1.4", tiny(epochs=epochs).experiment.varied(changes), 2)


def pair(ours: list[float], theirs: list[float]) -> Pair:
    """Return a pair that took these seconds, and as many of one processor."""
    return Pair(tuple(Taken(s, s) for s in ours), tuple(Taken(s, s) for s in theirs))


@pytest.fixture(scope="session")
def tiny_workload() -> Callable[..., Workload]:
    return tiny


@pytest.fixture(scope="session")
def tiny_regularised_workload() -> Callable[..., RegularisedWorkload]:
    return tiny_regularised


@pytest.fixture(scope="session")
def pair_of() -> Callable[..., Pair]:
    return pair


def fake_fits(quick: bool, on_fit: Callable[[], None]) -> EstimatorFits:
    for _ in range(fits_in_all(quick)):
        on_fit()
    taken = Taken(1.0, 1.0), Taken(4.0, 4.0)
    return EstimatorFits(tuple(Fit("iris", (0.9, 0.8), (200, 100), taken) for _ in range(3)))


def fake_search(quick: bool, threads: int, on_search: Callable[[], None]) -> SearchBeside:
    for _ in range(searches_in_all(quick)):
        on_search()
    grids = GridSeconds(None, 2.0, 1.0, 30.0), GridSeconds(10, 0.5, 0.2, 10.0)
    return SearchBeside(60, 5, threads, 40, grids, (0.95, 0.94), (0.93, 0.97))


@pytest.fixture
def fake_bench(monkeypatch: pytest.MonkeyPatch) -> type[FakeWorker]:
    """Let the bench use tiny workloads and fake workers, and start no process."""
    FakeWorker.asked, FakeWorker.threads_of = [], []
    monkeypatch.setattr("mlplab.bench.run.Worker", FakeWorker)
    monkeypatch.setattr(
        "mlplab.bench.starting.run_program", lambda dtypes, cache: [0.5, 0.75, 2, 4]
    )
    monkeypatch.setattr("mlplab.bench.run.missing_modules", list)
    monkeypatch.setattr("mlplab.bench.tuning_compared.tune_in_process", fake_tuner)
    monkeypatch.setattr("mlplab.bench.run.missing_for_fits", list)
    monkeypatch.setattr("mlplab.bench.run.measure_fits", fake_fits)
    monkeypatch.setattr("mlplab.bench.run.measure_search", fake_search)
    monkeypatch.setattr("mlplab.bench.run.ON_CLUSTER", replace(ON_CLUSTER, needs=()))
    monkeypatch.setattr("mlplab.bench.run.started_cluster", lambda workers, folder: nullcontext(""))
    monkeypatch.setattr("mlplab.bench.tuning_compared._judge", fake_judge)
    monkeypatch.setattr("mlplab.bench.run.find_node", lambda: Node("20.1.0", fused=True))
    _make_tiny(monkeypatch)
    return FakeWorker


class WorkerHere(SideHere):
    """A side that works as in its process, without one: processes are the most of a tiny bench."""

    def __init__(self, side: Side, threads: int, temporary: Path | None = None) -> None:
        super().__init__(side, threads)

    def __enter__(self) -> WorkerHere:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is to end."""

    def missing(self) -> None:
        """Its library has been imported."""


@pytest.fixture
def tiny_bench(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bench use tiny workloads and all sides in this process."""
    monkeypatch.setattr("mlplab.bench.run.Worker", WorkerHere)
    _make_tiny(monkeypatch)


PAGE_RATE = PageRate("153.0", (PageFigure("first picture, seconds", (0.5, 0.7), 1.0, "most"),))
"""What a fake browser says of the page."""


def _make_tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlplab.bench.run.missing_for_page", lambda: None)
    monkeypatch.setattr("mlplab.bench.run.measure_page", lambda rounds, on_step: PAGE_RATE)
    monkeypatch.setattr("mlplab.bench.run.workloads", lambda quick: [tiny(2), tiny(1)])
    monkeypatch.setattr("mlplab.bench.run.whole_workload", lambda workload: workload.lasting(5))
    monkeypatch.setattr("mlplab.bench.run.plans", tiny_plans)
    monkeypatch.setattr("mlplab.bench.run.regularised_workload", tiny_regularised)
    monkeypatch.setattr("mlplab.bench.run.cases", tiny_cases)
    monkeypatch.setattr("mlplab.bench.run.stored_workload", lambda quick: tiny(8, momentum=0.0))
    monkeypatch.setattr("mlplab.bench.run.browser_workloads", lambda quick: [tiny(1), tiny(16)])
    monkeypatch.setattr("mlplab.bench.run.full_store_runs", lambda quick: 64)
    monkeypatch.setattr("mlplab.bench.run.tuning_plan", tiny_tuning)
