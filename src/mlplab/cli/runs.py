"""`mlplab runs`: what is in a store of finished runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mlplab.cli.output import say_written
from mlplab.cli.run_options import (
    DEFAULT_STORE,
    OfEnding,
    OfExperiment,
    Seeds,
    StoreFile,
    Where,
    chosen_runs,
)
from mlplab.errors import MlplabError

if TYPE_CHECKING:
    from rich.table import Table

    from mlplab.store import Store, StoredExperiment


def list_runs(
    *,
    store: StoreFile = DEFAULT_STORE,
    experiment: OfExperiment = "",
    seeds: Seeds = None,
    ending: OfEnding = None,
    where: Where = None,
    limit: Annotated[
        int, typer.Option(metavar="N", min=0, help="Show so many experiments; 0 for all.")
    ] = 20,
) -> None:
    """List experiments with the number of their runs, how these ended, and their mean test metric.

    It is the accuracy, and of targets R² or the mean absolute error. Diverged runs stand in no mean.

    For example:
        mlplab runs list
        mlplab runs list --store sweep.sqlite --where 'test_accuracy>0.9' --ending finished
    """
    from rich.console import Console

    from mlplab.store import Store

    chosen = chosen_runs(experiment, seeds, ending, where)
    with Store(store, read_only=True) as opened, opened.snapshot():
        runs, experiments = opened.count(chosen)
        listed = opened.experiments(chosen, limit or None)
    if listed:
        Console().print(_table(listed))
    typer.echo(f"{_number(runs, 'run')} of {_number(experiments, 'experiment')} in {store}")
    if len(listed) < experiments:
        typer.echo(f"The first {len(listed)} are shown; --limit 0 shows all.")


def show_runs(
    experiment: Annotated[
        str, typer.Argument(metavar="KEY", help="The first digits of an experiment's key.")
    ],
    *,
    store: StoreFile = DEFAULT_STORE,
) -> None:
    """Show an experiment: what it is as TOML, what its runs came to, and which commands trained them.

    For example:
        mlplab runs show 46514ca1
    """
    from rich.console import Console

    from mlplab.cli.summary import ending_sentences, summary_table
    from mlplab.store import RunFilter, Store

    with Store(store, read_only=True) as opened, opened.snapshot():
        found = _only(opened, experiment, store)
        described = opened.experiment(found.id)
        runs = opened.outcomes(RunFilter(found.key))
        commands = opened.commands(RunFilter(found.key))
    typer.echo(f"experiment {found.key}\n")
    typer.echo(described.to_toml())
    usable = runs.ending != "diverged"
    if usable.any():
        Console().print(summary_table(runs, found.metric, usable))
    for sentence in ending_sentences(runs.ending, found.metric):
        typer.echo(sentence)
    for command in commands:
        typer.echo(f"trained by: {command.text} (mlplab {command.version})")


def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="To be written: .csv or .parquet.")],
    *,
    store: StoreFile = DEFAULT_STORE,
    experiment: OfExperiment = "",
    seeds: Seeds = None,
    ending: OfEnding = None,
    where: Where = None,
) -> None:
    """Write a row for each run, by experiment and seed, with the settings in which experiments differ.

    The same runs give the same file on every machine, but for its columns seconds, finished_at and
    command.

    For example:
        mlplab runs export runs.csv --store sweep.sqlite
        mlplab runs export best.parquet --where 'test_accuracy>0.9'
    """
    from mlplab.store import Store, export_runs

    chosen = chosen_runs(experiment, seeds, ending, where)
    with Store(store, read_only=True) as opened:
        export_runs(opened, file, chosen)
        runs, experiments = opened.count(chosen)
    meaning = f"{_number(runs, 'run')} of {_number(experiments, 'experiment')}, a row for each run"
    say_written({str(file): meaning})


def delete(
    *,
    store: StoreFile = DEFAULT_STORE,
    experiment: OfExperiment = "",
    seeds: Seeds = None,
    ending: OfEnding = None,
    where: Where = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All runs, where nothing chooses some.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do delete them.")] = False,
) -> None:
    """Delete runs. They can be trained again, and are then the same.

    For example:
        mlplab runs delete --experiment 46514ca1 --seeds 100-199 --yes
    """
    from mlplab.store import Store

    chosen = chosen_runs(experiment, seeds, ending, where)
    if chosen.is_everything != everything:
        what = "both" if everything else "neither"
        raise MlplabError(
            "delete expects what to delete, such as --experiment KEY, or --all for all runs, "
            f"received {what}"
        )
    with Store(store, read_only=True) as opened:
        runs, experiments = opened.count(chosen)
    which = f"{_number(runs, 'run')} of {_number(experiments, 'experiment')}"
    if not yes:
        raise MlplabError(f"this would delete {which} from '{store}': add --yes to do it")
    with Store(store) as opened:
        deleted = opened.delete(chosen)
    typer.echo(f"deleted {_number(deleted, 'run')} from {store}")


def _only(opened: Store, experiment: str, store: Path) -> StoredExperiment:
    """Return the one experiment whose key begins so.

    Raises
    ------
    MlplabError
        If there is none, or several.
    """
    from mlplab.store import RunFilter

    found = opened.experiments(RunFilter(experiment), limit=3)
    if not found:
        raise MlplabError(f"'{store}' has no runs of an experiment whose key begins '{experiment}'")
    if len(found) > 1:
        keys = ", ".join(each.key[: max(12, len(experiment) + 4)] for each in found)
        raise MlplabError(
            f"more than one experiment in '{store}' has a key that begins '{experiment}': {keys}"
        )
    return found[0]


def _table(listed: list[StoredExperiment]) -> Table:
    from rich.table import Table

    from mlplab.run.metric import write_metric
    from mlplab.statistics import MEASURES

    metrics = {each.metric for each in listed}
    shared = MEASURES[f"test_{listed[0].metric}"] if len(metrics) == 1 else None
    table = Table("experiment")
    title = "on test samples" if shared is None else shared.title
    for column in ("runs", "seeds", "stuck", "diverged", title):
        table.add_column(column, justify="right")
    for each in listed:
        mean = "none"
        if each.test_metric is not None:
            mean = (
                write_metric(each.metric, each.test_metric)
                if shared is None
                else shared.write_value(each.test_metric)
            )
        first, last = each.first_seed, each.last_seed
        seeds = str(first) if first == last else f"{first} to {last}"
        counts = f"{each.runs:,}", seeds, f"{each.stuck:,}", f"{each.diverged:,}"
        table.add_row(each.key[:12], *counts, mean)
    return table


def _number(count: int, thing: str) -> str:
    """Write a number of things.

    >>> _number(1, "run"), _number(1200, "run")
    ('1 run', '1,200 runs')
    """
    return f"{count:,} {thing}" + ("" if count == 1 else "s")
