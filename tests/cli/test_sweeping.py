"""Ctrl-C, SIGTERM and SIGHUP during `mlplab map` and `mlplab sweep`: what is done is kept."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mlplab.errors import StoreError
from mlplab.store import Store

SMALL = """
dataset = {kind = "linear", train_per_class = 16, test_per_class = 8}
[training]
optimizer = {kind = "sgd", learning_rate = 1.0}
batch_size = 4
epochs = 2000
"""
RATE = "training.optimizer.learning_rate"
MAP = [
    *("map", "small.toml", "--x", f"{RATE}=log:0.01:10:200"),
    *("--y", "training.batch_size=1,4,16"),
]
SWEEP = [
    *("sweep", "small.toml", "space.toml", "--sampler", "tpe"),
    *("--candidates", "40", "--replications", "60"),
]
"""Either is at its first fifth when the first runs are in the store, and takes a second for the rest."""


def runs_there() -> int:
    """Return how many runs the store has by now."""
    try:
        with Store("mlplab-runs.sqlite", read_only=True) as store:
            return store.count()[0]
    except StoreError:  # it is just being made
        return 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "number", "total"),
    [
        (MAP, signal.SIGINT, 2400),
        (SWEEP, signal.SIGTERM, 2700),
    ],
    ids=["map-SIGINT", "sweep-SIGTERM"],  # each signal, of a training: test_signals
)
@pytest.mark.usefixtures("_in_an_empty_folder_and_80_columns", "signals_as_usual")
def test_a_signal_keeps_what_is_done_and_the_same_command_goes_on(
    command: list[str], number: signal.Signals, total: int
) -> None:
    Path("small.toml").write_text(SMALL)
    Path("space.toml").write_text(f'"{RATE}" = "log:0.01:10"\n')
    arguments = [sys.executable, "-m", "mlplab", *command]
    began = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and began.poll() is None and not runs_there():
        time.sleep(0.02)
    began.send_signal(number)
    _, said = began.communicate(timeout=60)
    assert began.returncode == 128 + number, said
    assert "interrupted" in said
    assert "the same command goes on" in said
    assert not Path(f"small-{command[0]}").exists()
    ended = subprocess.run(arguments, check=True, capture_output=True, text=True)
    assert f" {total:,} runs of this {command[0]}" in ended.stdout
    assert runs_there() == total
