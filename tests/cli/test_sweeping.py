"""Ctrl-C and SIGTERM during `mlplab map` and `mlplab sweep`: what is done is kept.

In a process of its own, a training is told to end in `test_signals` and `test_cli_runs`.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlplab.store import Store
from mlplab.store.blocks import BlockWriter

SMALL = """
dataset = {kind = "linear", train_per_class = 16, test_per_class = 8}
[training]
optimizer = {kind = "sgd", learning_rate = 1.0}
batch_size = 4
epochs = 2
"""
RATE = "training.optimizer.learning_rate"
MAP = [
    *("map", "small.toml", "--x", f"{RATE}=log:0.01:10:200"),
    *("--y", "training.batch_size=1,4,16"),
]
SWEEP = [
    *("sweep", "small.toml", "space.toml", "--sampler", "tpe"),
    *("--candidates", "20", "--replications", "9", "--final", "30"),
]


def runs_there() -> int:
    """Return how many runs the store has by now."""
    with Store("mlplab-runs.sqlite", read_only=True) as store:
        return store.count()[0]


@pytest.mark.parametrize(
    ("command", "number", "total"),
    [
        (MAP, signal.SIGINT, 200 * 3 * 4),
        (SWEEP, signal.SIGTERM, 20 * 9 + 3 * 30),
    ],
    ids=["map-SIGINT", "sweep-SIGTERM"],
)
@pytest.mark.usefixtures(
    "_in_an_empty_folder_and_80_columns", "signals_as_usual", "undrawn_figures"
)
def test_a_signal_keeps_what_is_done_and_the_same_command_goes_on(
    run: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    number: signal.Signals,
    total: int,
) -> None:
    Path("small.toml").write_text(SMALL)
    Path("space.toml").write_text(f'"{RATE}" = "log:0.01:10"\n')
    write = BlockWriter.write
    told: list[signal.Signals] = []

    def write_and_be_told_to_end(writer: BlockWriter) -> None:
        write(writer)
        if not told and runs_there():
            told.append(number)
            os.kill(os.getpid(), number)

    monkeypatch.setattr("mlplab.store.blocks.SECONDS", 0.0)
    monkeypatch.setattr("mlplab.sweep.chunks.RUNS_AT_A_TIME", 256)
    monkeypatch.setattr(BlockWriter, "write", write_and_be_told_to_end)
    began = run(*command)
    assert began.exit_code == 128 + number, began.stderr
    assert "interrupted" in began.stderr
    assert "the same command goes on" in began.stderr
    assert not Path(f"small-{command[0]}").exists()
    assert 0 < runs_there() < total
    ended = run(*command)
    assert f" {total:,} runs of this {command[0]}" in ended.stdout
    assert runs_there() == total
