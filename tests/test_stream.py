"""Runs as they end: in blocks, which together are those of `train`; stopped early, and gone on with."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

import mlplab
from mlplab.engine import LANES, Population
from mlplab.engine.jobs import Job
from mlplab.engine.work import do_job
from mlplab.errors import DataError, MlplabError, SpecError
from mlplab.run import Runs
from mlplab.spec import SGD, Experiment, Linear, Network, Polar, SamplesFile, Training
from mlplab.trainers import TOGETHER, TRAINERS
from mlplab.training import Interrupted, stream, train
from mlplab.trial import Trials

SMALL = Experiment(
    dataset=Polar(classes=3, train_per_class=8, test_per_class=5),
    network=Network(hidden_layers=1, layer_width=4, activation="tanh"),
    training=Training(optimizer=SGD(learning_rate=0.5), batch_size=6, epochs=2),
)

LONG = Experiment(
    dataset=Linear(train_per_class=1000, test_per_class=4),
    network=Network(hidden_layers=2, layer_width=300, activation="relu"),
    training=Training(batch_size=2000, epochs=3),
)
"""A tenth of a second: thousands of them take minutes."""

# Keras trains one by one, as the reference does.
quick_trainers = pytest.mark.parametrize("trainer", [name for name in TRAINERS if name != "keras"])


def in_order(blocks: list[Runs]) -> Runs:
    """Return the runs of all blocks by their seeds."""
    runs = Runs.concatenate(blocks)
    return runs[np.argsort(runs.seed)]


def assert_same(one: Runs, other: Runs) -> None:
    """Assert that runs agree bit for bit, but for the time that they took."""
    for field in fields(Runs):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if field.name in ("weights", "biases"):
            assert [p.tobytes() for p in a] == [p.tobytes() for p in b], field.name
        elif field.name == "history":
            for name, array in a.arrays().items():
                assert array.tobytes() == b.arrays()[name].tobytes(), name
        elif field.name != "seconds":
            assert np.array_equal(a, b), field.name


def engine_threads() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith("mlplab-engine")]


# ---- The same runs -------------------------------------------------------------------------------


@quick_trainers
def test_all_blocks_together_are_the_runs_of_train(trainer: str):
    count = 3 * LANES + 3 if trainer == "engine" else 4
    blocks = list(stream(SMALL, count, 5, trainer))
    assert all(len(runs) for runs in blocks)
    assert_same(in_order(blocks), train(SMALL, count, 5, trainer))
    if trainer not in ("engine", *TOGETHER):
        assert [len(runs) for runs in blocks] == [1] * count


def test_blocks_come_as_they_end_in_any_order(monkeypatch: pytest.MonkeyPatch):
    ended = np.zeros(10, np.bool_)

    def train_in_another_order(self: Population, progress: Any) -> Any:
        whole = original(self, lambda done: None)
        for _ in whole:
            pass
        for rows in ([7, 3], [], [9, 0, 1, 2, 4, 5, 6, 8]):
            ended[rows] = True
            yield

    original = Population.train
    monkeypatch.setattr(Population, "train", train_in_another_order)
    monkeypatch.setattr(Population, "done", lambda self, group: ended)
    blocks = list(stream(SMALL, 10))
    assert [len(runs) for runs in blocks] == [2, 8]
    monkeypatch.undo()
    assert_same(in_order(blocks), train(SMALL, 10))


def test_a_stream_is_a_name_of_the_package():
    assert mlplab.stream is stream


# ---- Stopped early -------------------------------------------------------------------------------


def test_to_leave_the_loop_stops_the_threads():
    for runs in stream(LONG, 10_000, keep_weights=1):
        assert len(runs) < 100
        assert engine_threads()
        break
    assert engine_threads() == []


def test_what_the_loop_raises_stops_the_threads():
    def look() -> None:
        for _ in stream(LONG, 10_000, keep_weights=1):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        look()
    assert engine_threads() == []


@quick_trainers
def test_nothing_is_trained_on_once_the_stream_is_closed(trainer: str):
    blocks = stream(SMALL, 3 if trainer != "engine" else 5000, trainer=trainer)
    next(blocks)
    blocks.close()
    assert engine_threads() == []
    assert next(blocks, None) is None


KEPT = """
import sys
from mlplab.spec import Experiment
from mlplab.training import stream

blocks = stream(Experiment.from_toml_text(sys.argv[1]), 10_000)
next(blocks)
print("left")
"""


@pytest.mark.slow
def test_an_iterator_that_is_kept_does_not_keep_python_from_ending():
    done = subprocess.run(
        [sys.executable, "-c", KEPT, LONG.to_toml()],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.stdout, done.returncode) == ("left\n", 0)


# ---- Gone on with --------------------------------------------------------------------------------


@quick_trainers
def test_only_the_seeds_that_are_missing_are_trained(trainer: str):
    count = LANES + 8 if trainer == "engine" else 4
    whole = train(SMALL, count, 5, trainer)
    there = whole[[1, 3]]
    rest = list(stream(SMALL, count, 5, trainer, done=there))
    assert sorted(np.concatenate([runs.seed for runs in rest])) == [
        seed for seed in range(5, 5 + count) if seed not in (6, 8)
    ]
    assert_same(in_order([there, *rest]), whole)


def test_as_many_keep_their_weights_as_in_one_go():
    whole = train(SMALL, 20, keep_weights=6)
    for there in (whole[[1, 3]], whole[[0, 1, 2, 3, 4, 5, 6]], whole[[10]]):
        rest = list(stream(SMALL, 20, done=there, keep_weights=6))
        assert_same(in_order([there, *rest]), whole)


@pytest.mark.parametrize("trainer", ["engine", "reference"])
@pytest.mark.parametrize("own", [False, True])
def test_where_all_is_done_nothing_is_trained(own: bool, trainer: str):
    trials = Trials.from_seeds(SMALL, range(3))
    whole = train(trials)
    chosen = Trials.from_trials([trials[i] for i in range(3)]) if own else trials
    assert list(stream(chosen, trainer=trainer, done=whole)) == []


def test_own_samples_go_on_with_the_same_samples_only():
    x = np.random.default_rng(1).normal(size=(30, 2))
    y = np.arange(30) % 2
    own = Experiment(dataset="arrays", training={"epochs": 1})
    there = train(own, 2, data=(x, y))
    (rest,) = stream(own, 3, data=(x, y), done=there)
    assert rest.seed.tolist() == [2]
    with pytest.raises(MlplabError, match="runs that are done must be of the experiment"):
        stream(own, 3, data=(x + 1, y), done=there)


# ---- What is refused, before the first block -----------------------------------------------------


@pytest.mark.parametrize(
    ("what", "how", "error", "sentence"),
    [
        (SMALL, {"trainer": "kers"}, MlplabError, "unknown trainer 'kers'"),
        (SMALL, {"replications": 0}, MlplabError, "replications must be at least 1"),
        (SMALL, {"seed": -1}, MlplabError, "must be a whole number from 0"),
        (SMALL, {"threads": 0}, MlplabError, "threads must be at least 1"),
        (SMALL, {"keep_weights": -1}, MlplabError, "keep_weights must be at least 0"),
        (SMALL, {"data": 3}, DataError, "data must be"),
        (SMALL, {"label": "species"}, DataError, "data=… is missing"),
        (SMALL, {"done": []}, MlplabError, r"^done must be Runs, received \[\]$"),
        ([SMALL], {}, SpecError, "an Experiment was expected"),
        (SMALL.varied({"dataset": SamplesFile(path="no.csv")}), {}, DataError, "cannot read"),
        (SMALL.varied({"dataset": "arrays"}), {}, DataError, "must be handed in"),
    ],
)
def test_errors_come_before_the_first_block(
    what: Any, how: dict[str, Any], error: type[MlplabError], sentence: str
):
    with pytest.raises(error, match=sentence):
        stream(what, **how)


def test_runs_of_another_experiment_are_no_beginning():
    other = train(SMALL.varied({"training.epochs": 1}))
    with pytest.raises(MlplabError, match="must be of the experiment that is trained"):
        stream(SMALL, done=other)


def test_an_error_of_a_job_ends_the_stream(monkeypatch: pytest.MonkeyPatch):
    trials = Trials.from_seeds(SMALL, range(40))

    def fail(job: Job, *rest: Any) -> bool:
        if job.row[0] == LANES:
            raise ZeroDivisionError("a fault of ours")
        return do_job(job, *rest)

    monkeypatch.setattr("mlplab.engine.population.do_job", fail)
    with pytest.raises(ZeroDivisionError, match="a fault of ours"):
        list(stream(trials))
    assert engine_threads() == []


def test_an_interrupt_while_threads_begin_stops_those_that_did(monkeypatch: pytest.MonkeyPatch):
    begin = threading.Thread.start

    def interrupted(thread: threading.Thread) -> None:
        begin(thread)
        if thread.name == "mlplab-engine-0":
            raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    with pytest.raises(Interrupted):
        train(LONG, replications=10_000, threads=2, keep_weights=1)
    assert engine_threads() == []
