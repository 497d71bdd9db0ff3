"""`mlplab train --store`: train the runs that a store does not have, and say what all of them came to."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mlplab.cli.signals import termination
from mlplab.errors import MlplabError

if TYPE_CHECKING:
    from mlplab.spec import Experiment


def check_options(trainer: str, out: Path | None) -> None:
    """Refuse what a store does not keep.

    Raises
    ------
    MlplabError
        If the trainer is not the engine, or a folder for pictures and histories was named.
    """
    if trainer != "engine":
        raise MlplabError(
            "--store keeps runs of the engine, which are the same on every machine, "
            f"received --trainer {trainer}"
        )
    if out is not None:
        raise MlplabError(
            "--store keeps neither histories nor weights, which --out needs: expected one of them, "
            f"received --store and --out '{out}'"
        )


def train_into_store(
    path: Path,
    experiment: Experiment,
    replications: int,
    seed: int,
    threads: int | None,
    name: str,
) -> None:
    """Train what is missing, and print how many runs were found and what all came to.

    Raises
    ------
    typer.Exit
        With the signal's status, if training was interrupted; what had ended is in the store.
    """
    from mlplab.cli.progress import training_bar
    from mlplab.cli.summary import print_stored_summary
    from mlplab.spec import FiniteSamples
    from mlplab.store import Store, train_stored
    from mlplab.streams import seeds_in_words

    epochs = experiment.training.epochs
    stored = 0
    with termination() as told, Store(path) as store:
        try:
            with training_bar(epochs, replications) as show, told.interrupting():

                def progress(done: int, total: int) -> None:
                    nonlocal stored
                    stored = done
                    show(done * epochs, total * epochs)

                trained = train_stored(
                    store,
                    experiment,
                    replications,
                    seed,
                    threads=threads,
                    progress=progress,
                    command=command_line(),
                )
        except KeyboardInterrupt:
            typer.echo(
                f"mlplab: interrupted with about {stored} of {replications} runs in the store '{path}'; "
                "the same command goes on",
                err=True,
            )
            raise typer.Exit(told.status) from None
    new = replications - trained.found
    seeds = seeds_in_words(seed, seed + replications - 1)
    typer.echo(f"{name}: {seeds}, {trained.found} found in the store, {new} trained by engine")
    samples = trained.experiment.dataset
    one_split = trained.resplit_ratio is None and isinstance(samples, FiniteSamples)
    metric = trained.experiment.head.metric_name
    print_stored_summary(trained.outcomes, metric, trained.resplit_ratio, one_split)
    typer.echo(f"stored in {path}: experiment {trained.experiment.key[:12]}")


def command_line() -> str:
    """Return the command that is running, as one would type it."""
    return shlex.join(["mlplab", *sys.argv[1:]])
