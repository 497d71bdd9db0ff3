"""What is timed of the engine is its training: the same networks, without validation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mlplab.bench.workload import Workload
from mlplab.engine import LANES, KernelTiming
from mlplab.training import train
from mlplab.trial import Trials


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("population", [1, LANES + 1])
def test_what_is_timed_trains_as_training_does_and_again_from_the_start(
    population: int, threads: int, tiny_workload: Callable[..., Workload]
) -> None:
    experiment = tiny_workload(epochs=2).experiment
    runs = train(experiment, population)
    timing = KernelTiming([Trials.from_seeds(experiment, range(population))], threads)
    for _ in range(2):
        assert timing.seconds() > 0
    assert [done.tolist() for done in timing.done] == [[2]] * len(timing.prepared)
    sizes = [LANES, 1] if len(timing.prepared) == 2 else [1] * population
    assert len(sizes) == len(timing.prepared)
    networks = [
        job.network(lane)
        for job, size in zip(timing.prepared, sizes, strict=True)
        for lane in range(size)
    ]
    for i, (weights, biases) in enumerate(networks):
        for layer in range(3):
            assert np.array_equal(weights[layer], runs.weights[layer][i])
            assert np.array_equal(biases[layer], runs.biases[layer][i])


@pytest.mark.parametrize("population", [1, 2 * LANES])
def test_what_is_timed_does_not_validate(
    population: int, tiny_workload: Callable[..., Workload]
) -> None:
    experiment = tiny_workload(epochs=2).experiment
    trials = Trials.from_seeds(experiment, range(population))
    for job in KernelTiming([trials], threads=1).prepared:
        stop, done = np.zeros(1, np.uint8), np.zeros(1, np.int64)
        history = job.train(stop, done, validate=False)
        assert np.isfinite(history[:, :2]).all()
        assert np.isnan(history[:, 2:]).all()
        assert np.isfinite(job.train(stop, done, validate=True)).all()


def test_validation_and_evaluation_are_timed_where_that_is_asked_for(
    tiny_workload: Callable[..., Workload], monkeypatch: pytest.MonkeyPatch
) -> None:
    timing = KernelTiming([Trials.from_seeds(tiny_workload().experiment, range(2))], threads=1)
    done: list[object] = []

    class Job:
        def train(self, stop: object, epochs: object, validate: bool) -> None:
            done.append(validate)

        def evaluate(self, split: int, stop: object) -> None:
            done.append(split)

    monkeypatch.setattr(timing, "prepared", [Job()])
    timing.seconds(scored=True)
    timing.seconds()
    assert done == [True, 0, 2, False]
