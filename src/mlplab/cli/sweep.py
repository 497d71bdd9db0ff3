"""`mlplab sweep`: search for the best setting of an experiment, and judge it by fresh runs."""

from __future__ import annotations

import shlex
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from mlplab.cli.changes import Changes, read_experiment
from mlplab.cli.completing import objectives, samplers
from mlplab.cli.output import say_written
from mlplab.cli.run_options import DEFAULT_STORE
from mlplab.cli.scheduler import Scheduler, connected
from mlplab.cli.seed import Seed
from mlplab.cli.signals import termination
from mlplab.cli.sweeping import (
    Numbers,
    SweepStore,
    Threads,
    Yes,
    kept_when_it_ends,
    opened_store,
    paced,
    what_is_there,
    write_experiment,
)
from mlplab.errors import MissingExtraError
from mlplab.staging import staged

if TYPE_CHECKING:
    from mlplab.sweep import TrainedSearch
    from mlplab.sweep.search_plan import Resource


def sweep(
    spec: Annotated[
        Path,
        typer.Argument(
            metavar="SPEC.toml", help="The experiment, whose setting is the one to beat."
        ),
    ],
    space: Annotated[
        Path,
        typer.Argument(
            metavar="SPACE.toml",
            help="The same with what may be chosen in place of values: a list, or a range such as "
            '"log:0.001:1".',
        ),
    ],
    *,
    changes: Changes = None,
    sampler: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            autocompletion=samplers,
            help="Who names candidates: random, sobol, grid or tpe.",
        ),
    ] = "random",
    candidates: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="64 if not given; a grid has all there are.", show_default=False
        ),
    ] = None,
    replications: Annotated[
        int, typer.Option(metavar="N", help="Runs of each candidate, from the same seeds.")
    ] = 8,
    halving: Annotated[
        str | None,
        typer.Option(
            metavar="WHAT",
            help="Successive halving: begin with few replications, epochs or both, and give the best "
            "candidates more, round by round.",
            show_default=False,
        ),
    ] = None,
    factor: Annotated[
        int, typer.Option(metavar="N", help="One of N candidates comes into the next round.")
    ] = 3,
    objective: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            autocompletion=objectives,
            help="What is best: validation_accuracy or validation_loss; of targets validation_r2 or "
            "validation_mean_absolute_error in place of the accuracy. If not given, it is the metric.",
            show_default=False,
        ),
    ] = None,
    final: Annotated[
        int,
        typer.Option(
            metavar="N",
            help="Fresh runs of the winner, the runner-up and the given setting, judged by test samples.",
        ),
    ] = 100,
    seed: Seed = 0,
    store: SweepStore = DEFAULT_STORE,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where pictures and numbers go; if not given, the name of the file with '-sweep', "
            "here.",
            show_default=False,
        ),
    ] = None,
    numbers: Numbers = "csv",
    threads: Threads = None,
    scheduler: Scheduler = None,
    yes: Yes = False,
) -> None:
    """Search for the best setting of an experiment, and judge the winner by fresh runs.

    Candidates are compared by validation samples. The winner, the runner-up and the setting that was
    given are then trained from new seeds and compared by test samples, so that the search does not
    flatter itself. However the command is ended, the same command goes on.

    For example:
        mlplab sweep 1.3.toml space.toml --candidates 81 --replications 27 --halving both
        mlplab sweep 1.2.toml space.toml --sampler tpe --candidates 200
    """
    from mlplab.cli.progress import run_bar
    from mlplab.sweep import SearchPlan, Space, train_search
    from mlplab.sweep.numbers import check_format
    from mlplab.training import thread_count

    check_format(numbers)
    command = shlex.join(["mlplab", *sys.argv[1:]])
    experiment = read_experiment(spec, changes)
    name = spec.name.removesuffix(".toml")
    folder = Path(f"{name}-sweep") if out is None else out
    if threads is not None:
        thread_count(threads)
    plan = SearchPlan.of(
        experiment,
        Space.from_toml(space, experiment),
        sampler,
        candidates,
        replications,
        seed,
        objective=objective,
        halving=cast("Resource | None", halving),
        factor=factor,
        final=final,
    )
    said = plan.description, plan.run_count, plan.parts
    files = ["history.png", f"candidates.{numbers}", "winner.toml", "summary.md"]
    with (
        connected(scheduler, threads) as cluster,
        termination() as told,
        staged(folder, files) as stage,
        opened_store(store, plan.description, plan.parts) as opened,
    ):
        for sentence in what_is_there(*said, opened):
            typer.echo(sentence)
        with kept_when_it_ends(told, opened, *said):
            with run_bar(plan.step_count, plan.step_name) as bar, told.interrupting():
                found = train_search(
                    plan,
                    opened,
                    threads=threads,
                    client=cluster,
                    progress=paced(bar, plan.step_count, yes),
                    command=command,
                )
            with told.interrupting():
                left_out = _write(found, stage, numbers, command)
    _show(found)
    for sentence in left_out:
        typer.echo(textwrap.fill(sentence, 80, break_on_hyphens=False))
    say_written(
        {
            str(folder / "summary.md"): "what is said here",
            str(folder / "winner.toml"): "the winner, to be trained",
            str(folder / f"candidates.{numbers}"): "a row for each candidate",
            f"{folder / 'history.png'} and others": "the search in pictures, each as .svg, too",
        }
    )


def _write(found: TrainedSearch, folder: Path, numbers: str, command: str) -> list[str]:
    """Write all files; return in sentences what could not be drawn."""
    from mlplab.figures import save
    from mlplab.sweep.numbers import candidate_table, write_table
    from mlplab.sweep.search_figures import importance_picture, search_pictures
    from mlplab.sweep.summary import as_markdown

    said = []
    pictures = search_pictures(found)
    try:
        pictures |= importance_picture(found)
    except MissingExtraError as error:
        said.append(f"No picture of importances: {error}.")
    for name, figure in pictures.items():
        save(figure, folder / name)
    write_table(candidate_table(found), folder / f"candidates.{numbers}")
    write_experiment(folder / "winner.toml", "The winner of", command, found.verdict.experiment)
    summary = as_markdown(found, command, sorted(pictures))
    (folder / "summary.md").write_text(summary, encoding="utf-8", newline="\n")
    return said


def _show(found: TrainedSearch) -> None:
    """Print what was found."""
    from rich.console import Console
    from rich.table import Table

    from mlplab.sweep.summary import finalist_rows, sentences

    head, *rows = finalist_rows(found)
    table = Table()
    for number, name in enumerate(head):
        table.add_column(name, justify="left" if number == 0 else "right", no_wrap=number > 0)
    for row in rows:
        table.add_row(*row)
    before, after = sentences(found)
    for sentence in before:
        typer.echo(textwrap.fill(sentence, 80, break_on_hyphens=False))
    Console().print(table)
    for sentence in after:
        typer.echo(textwrap.fill(sentence, 80, break_on_hyphens=False))
