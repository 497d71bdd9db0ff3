"""A Dask cluster in the bench: its processes, and its networks a second beside those of one process."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mlplab.bench import Record, Settings, run_bench, tasks
from mlplab.bench.cluster_rate import CLUSTER_GOAL, ON_CLUSTER, ONE_PROCESS, ClusterRate
from mlplab.bench.cluster_table import cluster_table
from mlplab.bench.dask_cluster import ADDRESS, started_cluster
from mlplab.bench.report import as_markdown
from mlplab.bench.rounds import Pair
from mlplab.bench.tables import left_out_sentences
from mlplab.bench.worker import Worker
from mlplab.bench.workload import Workload

SETTINGS = Settings(rounds=3, threads=1, quick=True, parts=("cluster",))


@pytest.fixture
def record(fake_bench: Any, tmp_path: Path) -> Record:
    return run_bench(SETTINGS, [], folder=tmp_path)


def test_the_fraction_is_of_the_networks_a_second_of_one_process(record: Record) -> None:
    part = record.cluster
    assert part is not None
    # A run takes 11 s on the cluster and 10.51 s in one process.
    assert part.fraction == pytest.approx(10.51 / 11)
    assert part.rates == pytest.approx((1 / 11, 1 / 10.51))
    [verdict] = record.verdicts()
    assert (verdict.goal, verdict.sense, verdict.reached) == (CLUSTER_GOAL, "least", True)
    process, cluster = cluster_table(part).rows
    assert process == ("one process, 1 thread", "0.0951", "", "", "", "")
    assert cluster == ("Dask, 1 worker", "0.0909", "96 %", "96 to 96 %", "≥ 90 %", "reached")


@pytest.mark.parametrize(("seconds", "reached"), [(1.0, True), (1.1, True), (1.12, False)])
def test_the_goal_is_nine_tenths(
    tiny_workload: Callable[..., Workload],
    pair_of: Callable[..., Pair],
    seconds: float,
    reached: bool,
) -> None:
    part = ClusterRate(tiny_workload(), 2, pair_of([seconds], [1.0]))
    assert part.verdict.reached is reached


def test_both_are_measured_in_turn(record: Record, fake_bench: Any) -> None:
    one, cluster = ONE_PROCESS.name, ON_CLUSTER.name
    measured = [name for name, what in fake_bench.asked if what == "measure"]
    assert measured == [cluster, one, one, cluster, cluster, one]
    prepared = [name for name, what in fake_bench.asked if what.startswith("prepare")]
    assert prepared == [cluster, one], "each has trained the map before it is measured"


def test_without_dask_it_is_left_out(fake_bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    absent = replace(ON_CLUSTER, needs=("no_such_module_here",))
    monkeypatch.setattr("mlplab.bench.run.ON_CLUSTER", absent)
    record = run_bench(SETTINGS, [])
    assert record.cluster is None
    assert left_out_sentences(record) == [
        "Training on a Dask cluster is left out: no_such_module_here is not installed."
    ]
    assert "## Cluster" not in as_markdown(record)
    assert record.as_json()["cluster"] is None


def test_a_dask_that_cannot_be_imported_is_left_out(
    fake_bench: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "distributed.py").write_text("raise ImportError('it needs another Python')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("mlplab.bench.run.started_cluster", started_cluster)
    record = run_bench(SETTINGS, [], folder=tmp_path)
    assert left_out_sentences(record) == [
        "Training on a Dask cluster is left out: it needs another Python."
    ]


def test_json_and_report_have_every_round(record: Record) -> None:
    found = json.loads(json.dumps(record.as_json(), allow_nan=False))["cluster"]
    assert (found["runs"], found["workers"]) == (8, 1)
    assert [len(found["cluster"]), len(found["one_process"])] == [3, 3]
    assert found["fraction"] == pytest.approx(10.51 / 11)
    report = as_markdown(record)
    for wanted in ("## Cluster", "| Dask, 1 worker |", "loopback interface"):
        assert wanted in report


def test_its_progress_goes_to_the_end_and_its_files_are_gone(
    fake_bench: Any, tmp_path: Path
) -> None:
    steps: list[tuple[str, int, int]] = []
    run_bench(SETTINGS, [], lambda *step: steps.append(step), folder=tmp_path)
    assert tasks(SETTINGS) == ["a Dask cluster"]
    assert steps == [("a Dask cluster", done, 5) for done in range(1, 6)]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_cluster_in_earnest_has_processes_of_one_thread_which_end_with_it(
    tiny_workload: Callable[..., Workload], tmp_path: Path
) -> None:
    distributed = pytest.importorskip("distributed")
    before = multiprocessing.active_children()
    with started_cluster(2, tmp_path) as address:
        assert os.environ[ADDRESS] == address
        processes = [each for each in multiprocessing.active_children() if each not in before]
        with distributed.Client(address, set_as_default=False) as client:
            assert sorted(client.nthreads().values()) == [1, 1]
            ids = {process.pid for process in processes}
            assert {client.run_on_scheduler(os.getpid), *client.run(os.getpid).values()} == ids
        with Worker(ON_CLUSTER, 1, tmp_path) as worker:
            assert worker.missing() is None
            assert worker.prepare(tiny_workload(8, momentum=0.0)).networks == 8
            assert worker.measure().seconds > 0
    assert len(processes) == 3
    assert multiprocessing.active_children() == before
    assert ADDRESS not in os.environ
