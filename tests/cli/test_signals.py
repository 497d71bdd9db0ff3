"""A training that is told to end, by a signal or by a terminal that closes, leaves what is finished."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mlplab.training
from mlplab.cli.signals import SIGNALS, termination
from mlplab.run import Runs
from mlplab.spec import Experiment

EXPERIMENT = Experiment(
    dataset={"kind": "linear", "train_per_class": 256, "test_per_class": 8},
    network={"hidden_layers": 1, "layer_width": 50, "activation": "relu"},
    training={"batch_size": 16, "epochs": 6},
)

MANY = 100_000
"""Runs, of 3 MFLOP each: 3 s at 100 GFLOP/s. A test waits for the first 300 of them."""

posix_only = pytest.mark.skipif(os.name != "posix", reason="there are no such signals")

# In a process of its own: the command without its pictures, which take most of the time. Under
# nohup, tests hand on that SIGHUP is ignored, so it is set back.
COMMAND = f"""
import signal
signal.signal(signal.SIGHUP, signal.SIG_DFL)
import mlplab.cli.train_pictures
mlplab.cli.train_pictures.draw_pictures = lambda *_: {{}}
from mlplab.cli import main
arguments = ["train", "small.toml", "--replications", "{MANY}", "--threads", "1"]
"""

# It says how many epochs are done, a line each time.
TELLING = f"""
from contextlib import contextmanager
import mlplab.cli.progress

@contextmanager
def telling(epochs, runs):
    yield lambda done, total: print(done, flush=True)

mlplab.cli.progress.training_bar = telling
{COMMAND}
main(arguments)
"""

# A terminal must be the process's own, so that its end is told to it.
ON_A_TERMINAL = f"""
import fcntl, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
{COMMAND}
main(arguments)
"""


@pytest.fixture(autouse=True)
def _a_small_experiment(_in_an_empty_folder_and_80_columns: None) -> None:
    Path("small.toml").write_text(EXPERIMENT.to_toml())


def check_what_is_left() -> int:
    """Check that the runs that had ended are saved whole, and nothing else; return their number."""
    assert sorted(path.name for path in Path("small-runs").iterdir()) == [
        "experiment.toml",
        "runs.csv",
        "runs.safetensors",
    ]
    runs = Runs.load(Path("small-runs"))
    assert 1 <= len(runs) < MANY
    alone = mlplab.training.train(EXPERIMENT, seed=int(runs.seed[0]))
    np.testing.assert_array_equal(runs.weights[0][0], alone.weights[0][0])
    return len(runs)


HANGING_UP = """
import os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_DFL)
os.execv(sys.executable, [sys.executable, "-c", sys.argv[1]])
"""
"""Takes SIGHUP as usual: tests that run under nohup hand on to a child that it is ignored."""


def python(program: str) -> list[str]:
    """Return the command of a Python program that ends at a hangup."""
    return [sys.executable, "-c", HANGING_UP, program]


@pytest.mark.slow
@posix_only
def test_a_signal_keeps_the_runs_that_had_ended() -> None:
    process = subprocess.Popen(
        python(TELLING),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= 300 * EXPERIMENT.training.epochs:
            break
    process.send_signal(signal.SIGTERM)  # SIGHUP: below, by a terminal
    # What sends one signal often sends another, which must not end the saving.
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM, errors
    assert errors == f"mlplab: interrupted after {check_what_is_left()} of {MANY} runs\n"


@pytest.mark.slow
@posix_only
def test_a_terminal_that_closes_keeps_the_runs_that_had_ended() -> None:
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        python(ON_A_TERMINAL),
        **dict.fromkeys(("stdin", "stdout", "stderr"), theirs),
        start_new_session=True,
        env=os.environ | {"TERM": "xterm"},
    )
    os.close(theirs)
    shown = ""
    while not re.search(rf"[1-9]\d\d of {MANY} runs", shown):
        shown += os.read(ours, 4096).decode()
    os.close(ours)
    assert process.wait(timeout=60) == 128 + signal.SIGHUP
    check_what_is_left()


@posix_only
def test_a_signal_while_files_are_written_waits(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    save = Runs.save

    def told_to_end(runs: Runs, folder: Path) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        save(runs, folder)

    monkeypatch.setattr("mlplab.figures.save", lambda figure, stem: None)
    monkeypatch.setattr(Runs, "save", told_to_end)
    before = [signal.getsignal(number) for number in SIGNALS]
    result = run("train", "small.toml", "--replications", 2)
    assert (result.exit_code, result.stderr) == (0, "")
    assert len(Runs.load(Path("small-runs"))) == 2
    assert [signal.getsignal(number) for number in SIGNALS] == before


@posix_only
def test_a_signal_before_any_run_has_ended_leaves_nothing(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told_to_end(*_: Any, **__: Any) -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        except KeyboardInterrupt:
            raise mlplab.training.Interrupted([None]) from None

    monkeypatch.setattr(mlplab.training, "train", told_to_end)
    result = run("train", "small.toml")
    assert (result.exit_code, result.stdout) == (128 + signal.SIGTERM, "")
    assert result.stderr == "mlplab: interrupted\n"
    assert [path.name for path in Path().iterdir()] == ["small.toml"]


@posix_only
def test_a_signal_that_came_before_interrupts_at_once() -> None:
    with termination() as told:
        os.kill(os.getpid(), signal.SIGTERM)
        assert told.received
        with pytest.raises(KeyboardInterrupt), told.interrupting():
            pytest.fail("the training began")
        os.kill(os.getpid(), signal.SIGTERM)  # outside, it is only noted
    assert told.status == 128 + signal.SIGTERM


@posix_only
def test_signals_that_are_ignored_stay_so() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with termination() as told:
            os.kill(os.getpid(), signal.SIGHUP)
            assert not told.received
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_another_thread_than_the_main_one_leaves_signals_alone() -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    during = []

    def look() -> None:
        with termination():
            during.extend(signal.getsignal(number) for number in SIGNALS)

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert during == before


IN_TEXT = """
import os, signal, sys
from mlplab.cli.signals import termination

signal.signal(signal.SIGHUP, signal.SIG_DFL)
number = int(sys.argv[1])
with termination() as told:
    try:
        with told.interrupting():
            exec("os.kill(os.getpid(), number); [None] * 10")
    except KeyboardInterrupt:
        print("handled")
sys.exit(told.status)
"""

COMMAND_IN_TEXT = """
import os, signal
from mlplab.cli import app, main

@app.command()
def wait():
    exec("os.kill(os.getpid(), signal.SIGINT); [None] * 10")

main(["wait"])
"""


def run_as_module(program: str, *arguments: object) -> tuple[int, str, str]:
    """Run a program as `python -m` does, and return its status and what it wrote.

    By `python -c` a process ends before CPython looks whether an interrupt was handled.
    """
    Path("program.py").write_text(program)
    done = subprocess.run(
        [sys.executable, "-m", "program", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@posix_only
@pytest.mark.usefixtures("signals_as_usual")
@pytest.mark.parametrize("number", [signal.SIGINT, *SIGNALS])
def test_a_signal_in_code_that_was_given_as_text_is_handled(number: signal.Signals) -> None:
    # As dataclasses and named tuples are made. CPython kills a process at its end by SIGINT, whatever
    # its status, if a KeyboardInterrupt itself left such code.
    assert run_as_module(IN_TEXT, int(number)) == (128 + number, "handled\n", "")


@posix_only
@pytest.mark.usefixtures("signals_as_usual")
def test_ctrl_c_in_code_that_was_given_as_text_ends_any_command_as_it_should() -> None:
    assert run_as_module(COMMAND_IN_TEXT) == (130, "", "mlplab: interrupted\n")


@posix_only
@pytest.mark.parametrize("command", ["step", "landscape"])
def test_a_command_that_trains_for_a_look_only_is_ended_by_a_signal_as_by_ctrl_c(
    command: str, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told_to_end(*_: object) -> Any:
        os.kill(os.getpid(), signal.SIGTERM)
        pytest.fail("the signal did not interrupt")

    # By its name in the package, `step` is the function.
    monkeypatch.setattr(import_module(f"mlplab.explain.{command}"), "draw", told_to_end)
    result = run(command, "small.toml")
    assert (result.exit_code, result.stdout) == (128 + signal.SIGTERM, "")
    assert result.stderr.endswith("mlplab: interrupted\n")
    assert [path.name for path in Path().iterdir()] == ["small.toml"]


@posix_only
def test_within_another_termination_the_other_one_takes_note_only() -> None:
    with termination() as outer, outer.interrupting():
        with termination():
            os.kill(os.getpid(), signal.SIGTERM)
        assert (outer.received, outer.status) == (True, 128 + signal.SIGTERM)


@posix_only
@pytest.mark.usefixtures("signals_as_usual")
@pytest.mark.parametrize("number", [signal.SIGINT, *SIGNALS])
def test_a_signal_during_a_callback_comes_again(number: signal.Signals) -> None:
    """What is raised in the callback of a weak reference, or in `__del__`, Python only prints."""

    class Target:
        pass

    targets = [Target()]
    reference = weakref.ref(targets[0], lambda _: os.kill(os.getpid(), number))

    def let_go_and_wait() -> None:
        targets.clear()
        time.sleep(10)

    with termination() as told, told.interrupting(), pytest.raises(KeyboardInterrupt):
        let_go_and_wait()
    assert reference() is None


def test_an_interrupt_while_an_extension_is_loaded_is_one() -> None:
    """contourpy, interrupted in its first lines of C, raises this."""

    def load(cause: BaseException) -> None:
        raise ImportError("initialization failed") from cause

    with termination() as told:
        with pytest.raises(KeyboardInterrupt), told.interrupting():
            load(KeyboardInterrupt())
        with pytest.raises(ImportError), told.interrupting():
            load(ValueError())
