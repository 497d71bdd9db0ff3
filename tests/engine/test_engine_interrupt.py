"""An interrupt, or what a job or `progress` raises, ends a population soon; what is finished is kept.

The times are generous, and far below those that the trainings would take.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mlplab.engine.jobs import Job
from mlplab.engine.work import do_job
from mlplab.run import Run
from mlplab.spec import Experiment, Linear, Network, Training
from mlplab.training import Interrupted, train, train_crossed

SOON = 5.0
"""Seconds; half a second is usual."""

SHORT = Experiment(
    dataset=Linear(train_per_class=4, test_per_class=4), training=Training(batch_size=4, epochs=2)
)

MANY = SHORT.varied({"dataset.train_per_class": 400, "training.epochs": 50})
"""Of which thousands take many times as long as it takes to look how far they are."""

ENDLESS = Experiment(
    dataset=Linear(train_per_class=1000, test_per_class=4),
    network=Network(hidden_layers=2, layer_width=300, activation="relu"),
    training=Training(batch_size=2000, epochs=20_000),
)
"""Minutes long, in epochs of some hundredths of a second."""


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    """Compile before the clock runs: an interrupt has to wait for the compiler."""
    train(SHORT, 17, threads=1)


def after(epochs: int, error: type[BaseException]) -> Callable[[int, int], None]:
    """Return a progress that raises after so many epochs."""

    def progress(done: int, total: int) -> None:
        if done >= epochs:
            raise error

    return progress


def test_finished_runs_are_kept_in_their_places(same: Callable[[Run, Run], None]):
    # One of two threads is busy for ever; the other is done with the rest before ten epochs of that.
    began = time.monotonic()
    with pytest.raises(Interrupted) as interrupt:
        train(
            [SHORT, ENDLESS, SHORT],
            seed=7,
            threads=2,
            progress=after(2 * 2 + 10, KeyboardInterrupt),
        )
    assert time.monotonic() - began < SOON
    first, endless, last = interrupt.value.runs
    assert endless is None
    for runs in (first, last):
        assert runs is not None
        assert runs.seed.tolist() == [7]
        same(runs[0], train(SHORT, seed=7)[0])


def test_of_many_runs_those_that_had_ended_are_kept(same: Callable[[Run, Run], None]):
    with pytest.raises(Interrupted) as interrupt:
        train(MANY, 5000, seed=7, threads=1, progress=after(50 * 16, KeyboardInterrupt))
    (runs,) = interrupt.value.runs
    assert runs is not None
    assert 1 <= len(runs) < 5000
    # Blocks are trained in turn.
    assert runs.seed.tolist() == list(range(7, 7 + len(runs)))
    same(runs[0], train(MANY, seed=7)[0])


def test_what_progress_raises_comes_through():
    began = time.monotonic()
    with pytest.raises(ZeroDivisionError):
        train(ENDLESS, 40, threads=2, progress=after(1, ZeroDivisionError))
    assert time.monotonic() - began < SOON


@pytest.mark.parametrize("threads", [1, 2])
def test_what_a_job_raises_comes_through_and_stops_the_others(
    threads: int, monkeypatch: pytest.MonkeyPatch
):
    def fail(job: Job, *rest: Any) -> bool:
        if job.shape.epochs == SHORT.training.epochs:
            raise ZeroDivisionError("a fault of ours")
        return do_job(job, *rest)

    # A longer one comes first, and would keep a thread busy for minutes.
    groups = [SHORT] if threads == 1 else [ENDLESS, SHORT]
    began = time.monotonic()
    with monkeypatch.context() as patch:
        patch.setattr("mlplab.engine.population.do_job", fail)
        patch.setattr("mlplab.engine.population.compile_for", lambda groups, jobs: None)
        with pytest.raises(ZeroDivisionError, match="a fault of ours"):
            train(groups, threads=threads)
    assert time.monotonic() - began < SOON
    assert not [t for t in threading.enumerate() if t.name.startswith("mlplab-engine")]


# ---- Crossed seeds -------------------------------------------------------------------------------


def test_of_crossed_runs_those_that_had_ended_are_kept():
    with pytest.raises(Interrupted) as interrupt:
        train_crossed(MANY, 20, seed=3, progress=after(50 * 16, KeyboardInterrupt), threads=1)
    (runs,) = interrupt.value.runs
    assert runs is not None
    assert 1 <= len(runs) < 20**3
    assert runs.seed.tolist() == np.repeat(np.arange(3, 23), 400)[: len(runs)].tolist()
    whole = train_crossed(MANY, 1, seed=3)
    assert runs.test_loss[0] == whole.test_loss[0]


def test_what_progress_raises_ends_crossed_runs_too():
    with pytest.raises(ZeroDivisionError):
        train_crossed(MANY, 20, progress=after(1, ZeroDivisionError), threads=1)
    assert not [t for t in threading.enumerate() if t.name.startswith("mlplab-engine")]


# ---- Ctrl-C --------------------------------------------------------------------------------------

WIDE = Network(hidden_layers=3, layer_width=1000, activation="relu")
"""An eighth of a millisecond for a sample."""

LONG: dict[str, Experiment] = {
    "in many short epochs": ENDLESS,
    "in one long batch": Experiment(
        dataset=Linear(train_per_class=100_000, test_per_class=1),
        network=WIDE,
        training=Training(batch_size=200_000),
    ),
    "in one long validation": Experiment(
        dataset=Linear(train_per_class=1, test_per_class=200_000), network=WIDE
    ),
}

SCRIPT = """
import signal, sys, time
from mlplab.spec import Experiment
from mlplab.training import Interrupted, train

# A shell's job in the background, as tests may be, hears of no Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
said = False

def progress(done, total):
    global said
    if done >= 2 and not said:
        said = True
        print("under way", flush=True)

long, short = (Experiment.from_toml_text(text) for text in sys.argv[1:])
try:
    train([short, long], threads=2, progress=progress)
except Interrupted as interrupt:
    print([None if runs is None else len(runs) for runs in interrupt.runs])
    print(time.monotonic())
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "when",
    [
        "in many short epochs",
        pytest.param("in one long batch", marks=pytest.mark.slow),
        pytest.param("in one long validation", marks=pytest.mark.slow),
    ],
)
def test_ctrl_c_ends_a_training_soon(when: str):
    command = [sys.executable, "-c", SCRIPT, LONG[when].to_toml(), SHORT.to_toml()]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            # The short run is done; the long one is drawn, and goes on for at least ten seconds.
            time.sleep(1)
            sent = time.monotonic()
            process.send_signal(signal.SIGINT)
            out, error = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (said, error) == ("under way\n", "")
    ended, at = out.splitlines()
    assert ended == "[1, None]"
    # One clock for all processes of a machine.
    assert float(at) - sent < SOON
    assert process.returncode == 0


# ---- Progress ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "training",
    [
        Training(epochs=40, batch_size=4),
        Training(epochs=40, batch_size=4, optimizer={"kind": "sgd", "learning_rate": 1e38}),
    ],
    ids=["to the end", "diverging"],
)
def test_progress_grows_to_the_total(training: Any):
    calls: list[tuple[int, int]] = []
    spec = Experiment(dataset=Linear(train_per_class=100, test_per_class=4), training=training)
    train([spec, SHORT], 70, progress=lambda done, total: calls.append((done, total)))
    done = [d for d, _ in calls]
    assert {total for _, total in calls} == {70 * 42}
    assert done == sorted(done)
    assert done[-1] == 70 * 42
    assert len(calls) >= 2


def test_progress_is_heard_of_while_a_single_run_trains():
    calls: list[int] = []

    def progress(done: int, total: int) -> None:
        calls.append(done)
        if len(set(calls)) == 5:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        train(ENDLESS, progress=progress)
    assert len(set(calls)) == 5
