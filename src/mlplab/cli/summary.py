"""What a training came to, as a table and in plain words."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import get_args

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from mlplab.run import Ending, Float64, Runs

MEASURES = {
    "test accuracy": "test_accuracy",
    "test loss": "test_loss",
    "training accuracy": "train_accuracy",
    "training loss": "train_loss",
}


STATISTICS: dict[str, Callable[[Float64], float]] = {
    "mean": lambda values: values.mean(),
    "sd": lambda values: values.std(ddof=1),
    "min": lambda values: values.min(),
    "median": np.median,
    "max": lambda values: values.max(),
}

VERBS: dict[Ending, str] = {"finished": "finished", "stuck": "got stuck", "diverged": "diverged"}

MEANINGS: dict[Ending, str] = {
    "stuck": "on the training points no better than always answering the most common class",
    "diverged": "a loss or a weight became infinite or not a number",
}


def print_summary(runs: Runs) -> None:
    """Print final losses and accuracies, how the runs ended, and what they took.

    Diverged runs are not in the table's numbers, and that is said.
    """
    usable = runs.ending != "diverged"
    if usable.any():
        Console().print(summary_table(runs, usable))
    for sentence in (*endings(runs.ending), effort(runs)):
        typer.echo(textwrap.fill(sentence, 80))


def summary_table(runs: Runs, usable: NDArray[np.bool_]) -> Table:
    """Return final accuracies and losses of the usable runs: their statistics, or one run's values."""
    table = Table("")
    single = np.count_nonzero(usable) == 1
    for name in (f"seed {runs.seed[usable][0]}",) if single else STATISTICS:
        table.add_column(name, justify="right")
    for label, name in MEASURES.items():
        values = getattr(runs, name)[usable]
        numbers = values if single else [of(values) for of in STATISTICS.values()]
        table.add_row(label, *(_shown(value, name) for value in numbers))
    return table


def endings(ending: NDArray[np.str_]) -> list[str]:
    """Return how runs ended: a sentence for all, and one for each way that needs explaining.

    Examples
    --------
    >>> for sentence in endings(np.array(["finished", "finished", "diverged"])):
    ...     print(sentence)
    Of 3 runs, 2 finished, 1 diverged.
    Diverged: a loss or a weight became infinite or not a number; left out of the table.
    """
    n = len(ending)
    counts = {way: np.count_nonzero(ending == way) for way in get_args(Ending)}
    ways = {way: count for way, count in counts.items() if count}
    if len(ways) > 1:
        listing = ", ".join(f"{count} {VERBS[way]}" for way, count in ways.items())
        sentences = [f"Of {n} runs, {listing}."]
    else:
        sentences = [f"{'The run' if n == 1 else f'All {n} runs'} {VERBS[next(iter(ways))]}."]
    for way in ways:
        if way in MEANINGS:
            left_out = "; left out of the table" if way == "diverged" and len(ways) > 1 else ""
            sentences.append(f"{way.capitalize()}: {MEANINGS[way]}{left_out}.")
    return sentences


def effort(runs: Runs) -> str:
    """Return what the runs took: their updates, and the time of training.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> effort(SimpleNamespace(updates=np.array([80, 80]), seconds=np.array([1.0, 2.0])))
    '80 updates a run; 1.5 s a run, 3 s in all.'
    """
    least, most = runs.updates.min(), runs.updates.max()
    updates = f"{most:,}" if least == most else f"{least:,} to {most:,}"
    seconds = f"{runs.seconds.mean():.3g} s"
    if len(runs.updates) == 1:
        return f"{updates} updates in {seconds}."
    return f"{updates} updates a run; {seconds} a run, {runs.seconds.sum():.3g} s in all."


def _shown(value: float, name: str) -> str:
    if name.endswith("accuracy"):
        return f"{100 * value:.2f} %"
    return f"{value:.4f}" if value >= 0.001 or value == 0 else f"{value:.1e}"
