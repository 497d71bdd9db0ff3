"""Cost curves: in which order they are measured, for how long, and what counts as a cliff."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplab.bench.curves import BLOCK, FULL, TARGET, Curve, Plan, measure_curve, plans
from mlplab.bench.workload import Workload
from mlplab.engine import LANES


def curve(seconds: list[float], operations: list[int] | None = None) -> Curve:
    sizes = tuple(2**i for i in range(len(seconds)))
    work = tuple(operations or [1] * len(seconds))
    return Curve("width", "one network", sizes, work, tuple((s,) for s in seconds))


def test_sizes_are_measured_up_and_down_after_a_first_look(
    tiny_workload: Callable[..., Workload],
) -> None:
    asked: list[tuple[int, int]] = []
    seen = []

    def seconds_of(workload: Workload) -> float:
        asked.append((workload.population, workload.epochs))
        return float(len(asked))

    plan = Plan("population", "1.3", {n: tiny_workload(n) for n in (1, 2, 4)})
    found = measure_curve(plan, seconds_of, rounds=3, on_size=lambda: seen.append(len(asked)))
    assert [n for n, _ in asked] == [1, 2, 4, 1, 2, 4, 4, 2, 1, 1, 2, 4]
    assert seen == list(range(1, 13))
    assert found.sizes == (1, 2, 4)
    assert found.seconds == ((4.0, 9.0, 10.0), (5.0, 8.0, 11.0), (6.0, 7.0, 12.0))
    assert found.medians == [9.0, 8.0, 7.0]


def test_short_trainings_are_given_epochs_enough(tiny_workload: Callable[..., Workload]) -> None:
    lasted: dict[int, int] = {}

    def seconds_of(workload: Workload) -> float:
        lasted[workload.population] = workload.epochs
        return {1: TARGET / 8, 2: TARGET, 4: 1e-9}[workload.population]

    plan = Plan("population", "1.3", {n: tiny_workload(n) for n in (1, 2, 4)})
    measure_curve(plan, seconds_of, rounds=1)
    assert lasted == {1: 8, 2: 1, 4: 1000}


@pytest.mark.parametrize(
    ("seconds", "operations", "steps"),
    [
        ([1.0, 2.0, 3.0], None, [2.0, 1.5]),
        ([1.0, 2.0, 8.0], [1, 2, 8], [1.0, 1.0]),
        ([1.0, 2.0, 8.0], [1, 4, 8], [0.5, 2.0]),
        ([4.0, 2.0, 3.0], [4, 2, 2], [0.5, 1.5]),
    ],
)
def test_a_step_is_what_the_cost_grows_by_beyond_the_work(
    seconds: list[float], operations: list[int] | None, steps: list[float]
) -> None:
    found = curve(seconds, operations)
    assert found.steps() == steps
    assert found.steepest == max(steps)
    before, after = found.steepest_at
    assert after == 2 * before
    assert steps[found.sizes.index(before)] == max(steps)


def test_full_curves_cover_the_sizes_that_were_promised() -> None:
    ends = {quantity: (sizes[0], sizes[-1]) for quantity, sizes in FULL.items()}
    assert ends == {
        "population": (1, 4096),
        "width": (2, 256),
        "depth": (1, 50),
        "batch_size": (1, 2560),
    }
    for sizes in FULL.values():
        assert list(sizes) == sorted(set(sizes))


def test_a_block_is_the_engines() -> None:
    assert BLOCK == LANES


def test_plans_vary_what_they_say_and_hold_the_rest() -> None:
    made = plans(quick=True, threads=2)
    assert [(plan.quantity, plan.name) for plan in made] == [
        ("population", "1.2-relu"),
        ("population", "1.3"),
        *(
            (q, name)
            for q in ("width", "depth", "batch_size")
            for name in ("one network", "32 networks")
        ),
    ]
    read = {
        "population": lambda work: work.population,
        "width": lambda work: work.experiment.network.layer_width,
        "depth": lambda work: work.experiment.network.hidden_layers,
        "batch_size": lambda work: work.experiment.training.batch_size,
    }
    for plan in made:
        for quantity, value in read.items():
            found = [value(work) for work in plan.workloads.values()]
            if quantity == plan.quantity:
                assert found == list(plan.workloads)
            else:
                assert len(set(found)) == 1
