"""Cells trained on a Dask cluster of real processes: the bits of one machine, and what goes wrong."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.data import Samples, with_samples
from mlplab.errors import ClusterError, MlplabError
from mlplab.spec import Experiment
from mlplab.store import Store
from mlplab.sweep import Axis, MapPlan, SearchPlan, Space, TrainedCells, train_map, train_search
from mlplab.sweep.candidates import Candidates
from mlplab.sweep.cluster import Cluster
from mlplab.sweep.training import train_cells

from .killing import rows

distributed = pytest.importorskip("distributed")

pytestmark = pytest.mark.slow  # processes of Dask

OTHER_NUMERICS = "from mlplab.spec import canonical; canonical.NUMERICS_VERSION = 99"
WITHOUT_MLPLAB = "import sys; sys.modules['mlplab'] = None"


@pytest.fixture(autouse=True)
def _each_block_is_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlplab.store.blocks.SECONDS", 0.0)


def many(size: int = 40, replications: int = 4) -> MapPlan:
    """A map of some more cells: more than a pilot's."""
    base = Experiment(
        dataset={"kind": "linear", "train_per_class": 20, "test_per_class": 10},
        training={"batch_size": 4, "epochs": 4},
    )
    x = Axis.parse(f"training.optimizer.learning_rate=log:0.001:10:{size}", base)
    y = Axis.parse(f"training.optimizer.momentum=lin:0:0.99:{size}", base)
    return MapPlan.of(base, x, y, replications=replications, seed=3)


@pytest.fixture(scope="module")
def many_here() -> TrainedCells:
    """What one machine makes of that map."""
    return train_map(many())


def assert_same(one: TrainedCells, other: TrainedCells) -> None:
    """All runs are there, and equal to the last bit."""
    assert not one.missing.any()
    assert np.array_equal(one.ending, other.ending)
    for name, values in one.values.items():
        assert values.tobytes() == other.values[name].tobytes(), name


def workers_by_name(client: Any) -> dict[str, str]:
    return {str(w["name"]): address for address, w in client.scheduler_info()["workers"].items()}


def test_a_map_has_the_bits_of_one_machine(client: Any, tmp_path: Path) -> None:
    one, two = tmp_path / "one.sqlite", tmp_path / "two.sqlite"
    with Store(one) as store:
        here = train_map(many(), store)
    told: list[int] = []
    with Store(two) as store:
        there = train_map(many(), store, client=client, progress=lambda done, _: told.append(done))
    assert_same(there, here)
    assert rows(one) == rows(two)
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0, many().run_count)


def test_a_small_map_and_what_a_store_has_of_it(client: Any, plan: MapPlan, tmp_path: Path) -> None:
    with Store(tmp_path / "runs.sqlite") as store:
        half = MapPlan.of(plan.experiment, plan.x, plan.y, replications=2, seed=7)
        train_map(half, store)
        found: list[tuple[int, int]] = []
        there = train_map(plan, store, client=client, progress=lambda *now: found.append(now))
        assert_same(there, train_map(plan))
        # The other map has other cells, of the same experiments.
        assert found[-1] == (60, 30)
        again = train_map(plan, store, client=client)
        assert_same(again, there)


def of_own_samples(file: Path) -> MapPlan:
    """A map of samples of a file, which it writes."""
    lines = [f"{i % 7},{i % 5},{'ab'[i % 2]}" for i in range(40)]
    file.write_text("\n".join(["x1,x2,label", *lines]) + "\n")
    own = Experiment(
        dataset={"kind": "file", "path": str(file)}, training={"epochs": 3, "batch_size": 4}
    )
    x = Axis.parse("training.optimizer.learning_rate=log:0.01:10:5", own)
    return MapPlan.of(own, x, Axis.parse("dataset.test_fraction=0.2,0.3", own), replications=3)


def test_own_samples_travel_by_their_content(client: Any, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    plan = of_own_samples(file)
    here = train_map(plan)
    file.unlink()  # a worker of another machine has no such file
    assert_same(train_map(plan, client=client), here)


def test_samples_that_the_scheduler_gave_up_are_sent_again(client: Any, tmp_path: Path) -> None:
    """As after the workers that had them were killed, which all blocks then wait for."""
    plan = of_own_samples(tmp_path / "own.csv")
    content = Samples.from_file(plan.experiment.dataset).content

    def die() -> None:
        raise OSError("the workers that had them are gone")

    given_up = client.submit(die, key=f"mlplab-samples-{content}")
    assert isinstance(given_up.exception(timeout=60), OSError)
    assert_same(train_map(plan, client=client), train_map(plan))


def test_candidates_of_any_kind(client: Any) -> None:
    base = Experiment(dataset={"kind": "linear", "train_per_class": 10, "test_per_class": 5})
    changes: list[dict[str, Any]] = [
        {},
        {"training.epochs": 2},
        {"network.hidden_layers": 2, "network.layer_width": 3, "network.activation": "tanh"},
        {"training.optimizer": {"kind": "adam", "learning_rate": 0.25}},
        {"training.dtype": "float64"},
    ]
    here, there = (TrainedCells((len(changes),), 3, 5) for _ in range(2))
    train_cells(Candidates(base, changes), here)
    train_cells(Candidates(base, changes), there, cluster=Cluster(client))
    assert_same(there, here)


@pytest.mark.parametrize("how", [{"sampler": "tpe"}, {"halving": "both"}])
def test_a_search_has_the_bits_of_one_machine(client: Any, how: dict[str, Any]) -> None:
    base = many().experiment
    space = Space.from_table({"training.optimizer.learning_rate": "log:0.001:10"}, base)
    plan = SearchPlan.of(base, space, candidates=18, replications=4, final=30, **how)
    here, there = train_search(plan), train_search(plan, client=client)
    assert there.changes == here.changes
    for one, other in zip(there.rounds, here.rounds, strict=True):
        assert_same(one.cells, other.cells)
    assert_same(there.verdict.cells, here.verdict.cells)


def test_an_interrupt_keeps_what_is_done_and_leaves_nothing_behind(
    client: Any, tmp_path: Path, wait_for: Callable[..., None], many_here: TrainedCells
) -> None:
    def interrupt(done: int, found: int) -> None:
        if done > found:
            raise KeyboardInterrupt

    with Store(tmp_path / "runs.sqlite") as store:
        with pytest.raises(KeyboardInterrupt):
            train_map(many(), store, client=client, progress=interrupt)
        kept = store.count()[0]
        assert 0 < kept < many().run_count
        wait_for(lambda: not client.futures)
        wait_for(lambda: not any(client.processing().values()))
        assert_same(train_map(many(), store, client=client), many_here)


def test_what_a_worker_refuses_comes_through(client: Any) -> None:
    base = Experiment(dataset={"kind": "linear", "train_per_class": 10**11})
    x = Axis.parse("training.optimizer.learning_rate=0.1,0.2", base)
    plan = MapPlan.of(base, x, Axis.parse("training.batch_size=1,2", base), replications=1)
    with pytest.raises(MlplabError, match=r"training needs about .* of memory"):
        train_map(plan, client=client)


def test_threads_are_the_workers(client: Any, plan: MapPlan) -> None:
    with pytest.raises(MlplabError, match="threads=2 and a cluster were received"):
        train_map(plan, client=client, threads=2)


def test_only_a_client_is_one(plan: MapPlan) -> None:
    with pytest.raises(
        MlplabError, match=r"client must be a distributed[.]Client, received 'tcp://"
    ):
        train_map(plan, client="tcp://127.0.0.1:8786")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("preload", "says"),
    [
        (OTHER_NUMERICS, "has version 99 of the numerics, and this has 2"),
        (WITHOUT_MLPLAB, "cannot import what it is to run"),
    ],
)
def test_a_worker_that_differs_is_refused_by_name(
    dask: Any,
    client: Any,
    wait_for: Callable[..., None],
    many_here: TrainedCells,
    preload: str,
    says: str,
) -> None:
    said: list[str] = []
    cluster = Cluster(client, say=said.append)
    joined = dask.worker(str(cluster.address), "--name", "stranger", preload=preload)
    seen: dict[str, str] = {}
    wait_for(lambda: seen.update(workers_by_name(client)) or "stranger" in seen)
    address = seen["stranger"]
    # It joined late: it gets no work, and the others do it all.
    assert_same(train_map(many(), client=cluster), many_here)
    assert [
        f"the worker '{address}' (name stranger) gets no work: it {says}" in s for s in said
    ] == [True]
    # It is there when a command begins.
    with pytest.raises(ClusterError, match=r"the worker .* [(]name stranger[)] ") as refused:
        Cluster(client)
    assert address in str(refused.value)
    assert says in str(refused.value)
    joined.kill()
    wait_for(lambda: "stranger" not in workers_by_name(client))


def test_a_scheduler_without_workers_then_one_that_does_not_answer_and_dies(
    dask: Any,
    client: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    many_here: TrainedCells,
) -> None:
    address = dask.scheduler()
    process: subprocess.Popen[bytes] = dask.last
    with distributed.Client(address, set_as_default=False) as lonely:
        with pytest.raises(ClusterError, match="has no workers, and none came within 0 s"):
            Cluster(lonely, first_worker=0.2)
        dask.worker(address, "--nthreads", "1")
        cluster = Cluster(lonely)
        process.send_signal(signal.SIGSTOP)
        # Only now: a machine that is busy may take longer to begin.
        with monkeypatch.context() as patch:
            patch.setattr("mlplab.sweep.cluster.cluster.ANSWER", 1.0)
            with pytest.raises(ClusterError, match="has not answered for 1 s"):
                train_map(many(), client=cluster)
        process.send_signal(signal.SIGCONT)
        with Store(tmp_path / "runs.sqlite") as store:

            def kill(done: int, found: int) -> None:
                if done > found:
                    process.kill()
                    process.wait()

            with pytest.raises(ClusterError, match=r"the scheduler at 'tcp://.*' was lost"):
                train_map(many(), store, client=cluster, progress=kill)
            assert 0 < store.count()[0] < many().run_count
            assert_same(train_map(many(), store, client=client), many_here)


def test_workers_that_come_and_go(
    dask: Any, tmp_path: Path, wait_for: Callable[..., None], many_here: TrainedCells
) -> None:
    address = dask.scheduler()
    first = dask.worker(address, "--nthreads", "1")
    with distributed.Client(address, set_as_default=False) as client:
        cluster = Cluster(client, lost_workers=2.0)

        def join(done: int, found: int) -> None:
            if done > found and cluster.threads == 1 and first.poll() is None:
                dask.worker(address, "--nthreads", "1", "--name", "late")
                wait_for(lambda: "late" in workers_by_name(client))
                wait_for(lambda: cluster.look() or cluster.threads == 2)
                first.kill()

        with Store(tmp_path / "runs.sqlite") as store:
            assert_same(train_map(many(), store, client=cluster, progress=join), many_here)
        dask.last.kill()
        with pytest.raises(ClusterError, match="has had no worker for 2 s"):
            train_map(many(), client=cluster)


def test_an_adaptive_cluster_starts_workers_for_the_work(plan: MapPlan) -> None:
    with (
        distributed.LocalCluster(
            n_workers=0, threads_per_worker=1, processes=False, dashboard_address=":0"
        ) as local,
        distributed.Client(local, set_as_default=False) as client,
    ):
        local.adapt(minimum=0, maximum=1, interval="100ms")
        assert_same(train_map(plan, client=client), train_map(plan))


def test_a_block_that_kills_what_trains_it_is_not_tried_for_ever(
    dask: Any, plan: MapPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlplab.sweep.cluster.trainer.GIVEN_UP", 2)
    address = dask.scheduler(ALLOWED_FAILURES=0)
    # It dies once its nanny has seen it begin, which would not start another one else.
    deadly = """
import os, time
from mlplab.sweep.cluster import task
task.train_block = lambda *_: (time.sleep(0.5), os._exit(1))
"""
    dask.worker(address, "--nthreads", "1", "--nanny", preload=deadly)
    with (
        distributed.Client(address, set_as_default=False) as client,
        pytest.raises(ClusterError, match="runs was given up 2 times, and no other one ended"),
    ):
        train_map(plan, client=client)


def test_samples_are_held_once_and_made_anew_when_they_are_lost(
    client: Any, wait_for: Callable[..., None]
) -> None:
    rng = np.random.default_rng(0)
    samples = Samples.from_arrays(rng.normal(size=(40, 2)), ["a", "b"] * 20)
    own, finite = with_samples(Experiment(dataset="arrays", training={"epochs": 2}), samples)
    changes = [{"training.optimizer.learning_rate": rate} for rate in (0.01, 0.1, 1.0)]
    here, there, again = (TrainedCells((3,), 2, 0) for _ in range(3))
    cluster = Cluster(client)
    train_cells(Candidates(own, changes), here, finite=finite)
    train_cells(Candidates(own, changes), there, finite=finite, cluster=cluster)
    wait_for(lambda: list(client.futures) == [f"mlplab-samples-{samples.content}"])
    key = f"mlplab-samples-{samples.content}"
    client.cancel([distributed.Future(key, client)], force=True)
    train_cells(Candidates(own, changes), again, finite=finite, cluster=cluster)
    assert_same(there, here)
    assert_same(again, here)
