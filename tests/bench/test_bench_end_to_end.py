"""End to end: who is measured in which order, what follows from the times, and what is a goal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mlplab.bench import PEERS, Settings, run_bench
from mlplab.bench.end_to_end import EndToEnd, EndToEndCase, cases, sides_of
from mlplab.bench.end_to_end_table import end_to_end_table
from mlplab.bench.report import as_markdown
from mlplab.bench.rounds import Pair
from mlplab.bench.side import KERNELS, OWN_KERNELS, SGEMM, WHOLE_CALL
from mlplab.bench.workload import Workload
from mlplab.report.experiments import EXPERIMENTS

SETTINGS = Settings(rounds=2, threads=1, quick=False, parts=("end-to-end",))

SECONDS = {
    ("whole", 1): (0.4, 0.4, 0.2),
    ("engine", 1): (0.2, 0.2, 0.2),
    ("whole", 2): (0.2, 0.2, 0.2),
    ("engine", 2): (0.1, 0.1, 0.1),
    ("own-whole", 2): (0.12, 0.11, 0.1),
    ("own-engine", 2): (0.1, 0.1, 0.1),
    ("sgemm", 2): (2e-4, 4e-4, 2e-4),
    ("jax-user", 2): (2.0, 2.4, 1.0),
}
"""Of one network, by side and threads."""


@pytest.fixture
def part(tiny_workload: Callable[..., Workload], pair_of: Callable[..., Pair]) -> EndToEnd:
    workload = tiny_workload(population=2, epochs=2)
    case = EndToEndCase(workload, goal=90, floor=65, lead=10, single=True)
    return EndToEnd(case, 2, SECONDS, pair_of([0.001, 0.002, 0.001], [0.003, 0.002, 0.004]))


def test_the_goals_are_those_of_whole_experiments() -> None:
    found = {case.workload.id: case for case in cases()}
    assert {id: (c.goal, c.floor, c.lead, c.single) for id, c in found.items()} == {
        "1.1-batch-16": (90, 65, 10, False),
        "1.2-relu": (27, 21, 20, True),
    }
    for id, case in found.items():
        assert case.workload.experiment == EXPERIMENTS[id]


def test_one_thread_stands_beside_all() -> None:
    found = [(side.name, threads) for side, threads in sides_of(2, [PEERS["jax-user"]])]
    assert found == list(SECONDS)
    assert [threads for _, threads in sides_of(1, [])] == [1] * 5


def test_sides_are_measured_in_turn_and_one_network_last(fake_bench: Any) -> None:
    record = run_bench(SETTINGS, [PEERS["jax-user"], PEERS["numpy"]])
    names = ["whole", "engine", "own-whole", "own-engine", "sgemm", "jax-user"]
    assert fake_bench.threads_of == [(name, 1) for name in names]
    asked = [name for name, what in fake_bench.asked if what == "measure"]
    assert asked[:12] == names + names[::-1]
    first, second = ["engine", "whole"], ["whole", "engine"]
    assert asked[12:] == (first + second) * 5
    (found,) = record.end_to_end
    # The fakes say seconds for an epoch; the workload has two.
    assert found.seconds["whole", 1] == (6.0, 6.0)
    assert found.single is not None
    assert (found.single_kernel, found.single_seconds) == (2.0, 6.0)


def test_rates_and_ratios_follow_from_the_times(part: EndToEnd) -> None:
    operations = part.case.workload.operations * 2
    assert (part.rate(WHOLE_CALL), part.rate(WHOLE_CALL, 1), part.rate(KERNELS)) == (5.0, 2.5, 10.0)
    assert part.second_thread == 2.0
    assert part.gflops == pytest.approx(operations / 2e-4 / 1e9)
    assert part.per_gflops == pytest.approx(5.0 / (operations / 2e-4 / 1e9))
    assert part.own_samples == pytest.approx(1.1)
    assert part.ratio(PEERS["jax-user"], than=WHOLE_CALL) == 10.0
    assert (part.has(OWN_KERNELS), part.has(OWN_KERNELS, 1)) == (True, False)


def test_a_goal_is_judged_where_its_figure_was_measured(part: EndToEnd) -> None:
    found = {what: verdict.reached for what, verdict in part.verdicts().items()}
    assert found == {
        "a second thread": True,
        "networks a second for each GFLOP/s": True,
        "own samples": True,
        "jax-user": True,
        "one network, seconds": True,
    }
    single = part.verdicts()["one network, seconds"]
    assert (single.value, single.goal) == (0.003, 2 * 0.001 + 0.001)
    fewer = {key: value for key, value in SECONDS.items() if key[0] != "jax-user"}
    assert "jax-user" not in replace(part, seconds=fewer, single=None).verdicts()
    slow = SECONDS | {("whole", 2): (0.3, 0.3, 0.3), ("own-whole", 2): (0.2, 0.2, 0.2)}
    slower = replace(part, seconds=slow).verdicts()
    assert not any(slower[what].reached for what in ("a second thread", "own samples", "jax-user"))


def test_two_threads_are_not_judged_on_one(part: EndToEnd) -> None:
    one = {(name, 1): seconds for (name, _), seconds in SECONDS.items()}
    alone = replace(part, threads=1, seconds=one)
    assert "a second thread" not in alone.verdicts()
    table = end_to_end_table(alone)
    assert table.head == ("", "1 thread", "ratio", "goal", "verdict")
    assert table.rows[0] == ("mlplab.train", "5.00", "", "", "")


def test_the_table_has_every_figure(part: EndToEnd) -> None:
    table = end_to_end_table(part)
    assert table.head == ("", "1 thread", "2 threads", "ratio", "goal", "verdict")
    assert table.title.startswith("1.3, end to end: networks a second, at ")
    rows = {name: cells for name, *cells in table.rows}
    assert rows["mlplab.train"] == ["2.50", "5.00", "2.00 ×", "≥ 1.8 ×", "reached"]
    assert rows["for each GFLOP/s"][-2:] == ["≥ 90 (65)", "reached"]
    assert rows["kernels alone"] == ["5.00", "10.0", "", "", ""]
    assert rows["own samples"] == ["", "9.09", "1.10 ×", "≤ 1.1 ×", "reached"]
    assert rows["their kernels"] == ["", "10.0", "", "", ""]
    assert rows["JAX, a user's own"] == ["", "0.500", "10.0 ×", "≥ 10 ×", "reached"]
    assert rows["one network"] == ["3.00 ms", "", "", "≤ 3.00 ms", "reached"]
    assert rows["its kernel"] == ["1.00 ms", "", "", "", ""]
    assert {len(row) for row in table.rows} == {6}


def test_json_has_every_round(part: EndToEnd) -> None:
    found = part.as_json()
    assert {(side["side"], side["threads"]): tuple(side["seconds"]) for side in found["sides"]} == (
        SECONDS
    )
    rates = {side["side"]: side["networks_a_second"] for side in found["sides"]}
    assert (rates["whole"], rates[SGEMM.name]) == (5.0, None)
    assert found["sgemm_gflops"] == part.gflops
    assert len(found["single"]["kernel"]) == len(found["single"]["whole"]) == 3
    assert replace(part, single=None).as_json()["single"] is None


def test_the_report_begins_with_it_and_names_the_peer(fake_bench: Any) -> None:
    record = run_bench(SETTINGS, [PEERS["jax-user"]])
    report = as_markdown(record)
    assert "## End to end" in report
    assert "fresh draws of samples, initial weights and shuffles" in report
    assert "- JAX, a user's own: what a user would write" in report
    assert "## Kernels against peers" not in report
    assert [verdict.what for verdict in record.verdicts()] == [
        "1.3: networks a second for each GFLOP/s",
        "1.3: own samples",
        "1.3: jax-user",
        "1.3: one network, seconds",
    ]
