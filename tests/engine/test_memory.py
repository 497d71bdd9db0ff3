"""What cannot fit into memory is refused before any work; what is not asked for is not kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mlplab.memory
from mlplab.engine import memory, population, usable_cores
from mlplab.engine.jobs import Shape
from mlplab.errors import DataError, MlplabError
from mlplab.memory import available_memory
from mlplab.spec import Experiment, Linear, Network, SamplesFile, Training
from mlplab.training import stream, train, train_crossed
from mlplab.trial import Trials

pytestmark = pytest.mark.slow

SMALL = Experiment(dataset=Linear(train_per_class=2, test_per_class=2))
WIDE = Network(hidden_layers=2, layer_width=100, activation="relu")


def trials_of(experiment: Experiment, replications: int = 1) -> Trials:
    return Trials.from_seeds(experiment, range(replications))


def of(training: dict[str, Any] | None = None, **parts: Any) -> Experiment:
    described = {"dataset": SMALL.dataset, "training": Training(**training or {}), **parts}
    return Experiment(**described)


# ---- What is refused -----------------------------------------------------------------------------

TOO_LARGE: dict[str, tuple[Experiment, dict[str, int]]] = {
    "width": (of(network=Network(hidden_layers=2, layer_width=10**6, activation="relu")), {}),
    "depth": (of(network=Network(hidden_layers=10**4, layer_width=10**4, activation="relu")), {}),
    "samples": (of(dataset=Linear(train_per_class=10**12)), {}),
    "test samples": (of(dataset=Linear(test_per_class=10**12)), {}),
    "epochs": (of({"epochs": 10**12}), {}),
    "more epochs than a number of the machine counts": (of({"epochs": 10**400}), {}),
    "updates": (of({"epochs": 10**7, "batch_size": 1}, dataset=Linear(train_per_class=10**4)), {}),
    "population": (SMALL, {"replications": 10**12}),
    "weights kept": (of(network=WIDE), {"replications": 10**8, "keep_weights": 10**8}),
}


@pytest.fixture
def no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(population, "do_job", lambda *_: pytest.fail("drawn"))


@pytest.mark.usefixtures("no_work")
@pytest.mark.parametrize("what", TOO_LARGE)
def test_what_cannot_fit_is_refused_before_any_work(what: str):
    experiment, how = TOO_LARGE[what]
    with pytest.raises(MlplabError, match="GB of memory") as refused:
        train(experiment, **how)
    assert str(refused.value).count("GB") == 4
    assert "\n" not in str(refused.value)


@pytest.mark.usefixtures("no_work")
def test_crossed_seeds_that_cannot_fit_are_refused():
    with pytest.raises(MlplabError, match="GB of memory"):
        train_crossed(of({"epochs": 10**7}), seeds=30)


@pytest.mark.usefixtures("no_work")
def test_a_stream_that_cannot_fit_is_refused_before_its_first_block():
    with pytest.raises(MlplabError, match="GB of memory"):
        stream(of({"epochs": 10**12}))


@pytest.mark.usefixtures("no_work")
def test_the_sentence_has_the_numbers(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(memory, "available_memory", lambda: 3_210_000_000)
    monkeypatch.setattr(memory, "job_bytes", lambda *_: 1_500_000_000)
    monkeypatch.setattr(memory, "run_bytes", lambda *_: 12_300_000)
    monkeypatch.setattr(memory, "weight_bytes", lambda *_: 1_000_000)
    with pytest.raises(MlplabError) as refused:
        train(SMALL, 100, threads=3, keep_weights=20)
    assert str(refused.value) == (
        "training needs about 5.8 GB of memory (1.2 GB of results, and up to 1.5 GB on each of 3 "
        "threads), and 3.2 GB are available: train fewer, smaller or shorter, or on fewer threads"
    )
    monkeypatch.setattr(memory, "available_memory", lambda: 5_750_000_000)
    memory.check_memory([trials_of(SMALL, 100)], 3, 20)


def test_as_many_jobs_count_as_there_are_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(memory, "job_bytes", lambda shape, together: 10**9)
    monkeypatch.setattr(memory, "available_memory", lambda: 2_900_000_000)
    for groups, threads in (([1], 8), ([32], 8), ([40, 40], 2)):
        memory.check_memory([trials_of(SMALL, n) for n in groups], threads, keep_weights=1)
    for groups in ([33], [1, 1, 1]):
        with pytest.raises(MlplabError, match="each of 3 threads"):
            memory.check_memory([trials_of(SMALL, n) for n in groups], threads=8, keep_weights=1)


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"threads": 0}, "threads must be at least 1, received 0"),
        ({"threads": 1.5}, "threads must be a whole number, received 1.5"),
        (
            {"threads": 2, "trainer": "reference"},
            "threads applies to the engine only, received trainer='reference'",
        ),
        ({"keep_weights": -1}, "keep_weights must be at least 0, received -1"),
        ({"replications": 2.0}, "replications must be a whole number, received 2.0"),
        ({"experiments": []}, "nothing to train: received no experiment"),
    ],
)
@pytest.mark.usefixtures("no_work")
def test_bad_numbers_are_refused_before_any_work(how: dict[str, Any], sentence: str):
    with pytest.raises(MlplabError) as refused:
        train(**{"experiments": SMALL, **how})
    assert str(refused.value) == sentence


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_samples_that_are_not_finite_are_refused(bad: float, tmp_path: Path):
    x = np.random.default_rng(1).normal(size=(20, 2))
    x[7, 1] = bad
    np.savez(tmp_path / "own.npz", x=x, y=np.arange(20) % 2)
    with pytest.raises(DataError, match="finite"):
        train(of(dataset=SamplesFile(path=str(tmp_path / "own.npz"))))


# ---- How much there is ---------------------------------------------------------------------------


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let the system say what a folder's files say; there are none at first."""
    for name in ("MEMORY_INFO", "GROUP_LIMIT", "GROUP_USE"):
        monkeypatch.setattr(mlplab.memory, name, tmp_path / name)
    return tmp_path


def test_available_is_what_the_system_says_or_the_group_leaves(files: Path):
    (files / "MEMORY_INFO").write_text(
        "MemTotal:  9000 kB\nMemAvailable:  4000 kB\nBuffers: 1 kB\n"
    )
    assert available_memory() == 4000 * 1024
    (files / "GROUP_LIMIT").write_text("max\n")
    assert available_memory() == 4000 * 1024
    (files / "GROUP_LIMIT").write_text("3000000\n")
    (files / "GROUP_USE").write_text("1000000\n")
    assert available_memory() == 2_000_000


@pytest.mark.usefixtures("files")
def test_available_is_all_of_the_machine_where_the_system_does_not_say():
    # Of any machine of ours.
    assert 1e8 < available_memory() < 1e14


def test_a_system_that_does_not_say_how_much_there_is_sets_no_limit(
    files: Path, monkeypatch: pytest.MonkeyPatch
):
    assert not list(files.iterdir())
    monkeypatch.delattr(os, "sysconf", raising=False)  # as on Windows
    assert available_memory() == sys.maxsize
    train(SMALL, 2)


def test_own_samples_count_as_many_as_there_are(tmp_path: Path):
    path = tmp_path / "own.csv"
    path.write_text("x1,x2,label\n" + "0.5,0.5,0\n0.25,0.5,1\n" * 5000)
    own = trials_of(of(dataset=SamplesFile(path=str(path))))
    drawn = trials_of(of(dataset=Linear(train_per_class=3000, test_per_class=1000)))
    own_bytes, drawn_bytes = (memory.job_bytes(Shape.from_trials(t), 1) for t in (own, drawn))
    assert own_bytes == pytest.approx(drawn_bytes, rel=0.01)


# ---- Estimates against what a process takes ------------------------------------------------------

MEASURE = """
import json
import os
import sys
from mlplab.spec import Experiment
from mlplab.training import train

def peak():
    with open("/proc/self/status", encoding="ascii") as file:
        return 1024 * next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))

small = Experiment(dataset={"kind": "linear", "train_per_class": 1, "test_per_class": 1})
train(small, 32, threads=1)
for text, replications, kept in json.load(sys.stdin):
    # A process of its own, whose peak begins with what this one holds.
    if os.fork() == 0:
        experiment = Experiment.from_toml_text(text)
        like_it = small.model_copy(update={"training": experiment.training})
        train([small, like_it], 32, threads=1)
        before = peak()
        train(experiment, replications, threads=1, keep_weights=kept)
        print(peak() - before, flush=True)
        os._exit(0)
    assert os.wait()[1] == 0
"""

LARGE: dict[str, tuple[Experiment, int, int]] = {
    "a wide network": (
        of(network=Network(hidden_layers=2, layer_width=3000, activation="relu")),
        1,
        1,
    ),
    "a wide layer of few weights": (
        of(network=Network(hidden_layers=1, layer_width=1_000_000, activation="relu")),
        1,
        1,
    ),
    "a block of deep networks": (
        of(network=Network(hidden_layers=400, layer_width=50, activation="relu")),
        16,
        16,
    ),
    "many samples": (
        of({"batch_size": 1000}, dataset=Linear(train_per_class=150_000, test_per_class=80_000)),
        16,
        16,
    ),
    "many updates": (
        of(
            {"batch_size": 1, "epochs": 3000}, dataset=Linear(train_per_class=300, test_per_class=1)
        ),
        16,
        16,
    ),
    "many epochs": (of({"epochs": 1000}), 5000, 0),
    "weights": (of(network=WIDE), 3000, 3000),
}


@pytest.fixture(scope="module")
def peaks() -> dict[str, int]:
    """What each training took at most, in bytes; to compile would take some, too, and comes before."""
    for replications in (1, 32):
        train(of(network=WIDE), replications)
    given = [(each.to_toml(), *counts) for each, *counts in LARGE.values()]
    done = subprocess.run(
        [sys.executable, "-c", MEASURE],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return dict(zip(LARGE, map(int, done.stdout.split()), strict=True))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak")
@pytest.mark.parametrize("what", LARGE)
def test_estimates_are_near_what_a_process_takes(what: str, peaks: dict[str, int]):
    experiment, replications, kept = LARGE[what]
    shape = Shape.from_trials(trials_of(experiment))
    together = min(replications, 16) if shape.block_worth < replications else 1
    results = replications * memory.run_bytes(shape) + kept * memory.weight_bytes(shape)
    estimate = results + max(results, memory.job_bytes(shape, together))
    assert peaks[what] > 1e8
    assert estimate == pytest.approx(peaks[what], rel=1 / 3)


# ---- What is kept --------------------------------------------------------------------------------


def peak_of(replications: int, keep_weights: int) -> int:
    """Return the peak of what Python holds while a population trains, in bytes; not the kernels' own."""
    tracemalloc.start()
    try:
        runs = train(of(network=WIDE), replications, threads=1, keep_weights=keep_weights)
        assert len(runs) == replications
        assert [len(w) for w in runs.weights] == [keep_weights] * 3 * (keep_weights > 0)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_neither_trials_nor_weights_pile_up():
    # 10,702 weights of four bytes each make 13 MB of three hundred networks.
    train(of(network=WIDE), 17, threads=1)
    assert peak_of(300, keep_weights=5) < 8e6
    assert peak_of(300, keep_weights=300) > 13e6


def test_the_first_runs_keep_their_weights_and_all_keep_the_rest():
    runs = train(of(network=WIDE), 20, seed=3, keep_weights=2)
    whole = train(of(network=WIDE), 20, seed=3)
    assert [len(w) for w in runs.weights] == [2, 2, 2]
    assert [len(b) for b in runs.biases] == [2, 2, 2]
    assert (runs[1].weights, runs[2].weights)[1] == ()
    np.testing.assert_array_equal(runs[1].weights[0], whole[1].weights[0])
    np.testing.assert_array_equal(runs.test_loss, whole.test_loss)
    np.testing.assert_array_equal(runs.history.train_loss, whole.history.train_loss)


def test_a_run_that_is_kept_does_not_hold_on_to_its_block():
    run = train(SMALL, 16)[5]
    assert run.history.train_loss.base is None or run.history.train_loss.base.nbytes < 1000


def test_threads_are_those_that_the_process_may_use():
    assert 1 <= usable_cores() <= 4096
