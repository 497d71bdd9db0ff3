"""`mlplab why`: tell why runs do not learn, with the evidence, and what would help."""

from __future__ import annotations

import csv
import textwrap
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mlplab.cli.changes import Changes, read_experiment
from mlplab.cli.output import say_written
from mlplab.cli.saved_runs import saved_runs
from mlplab.cli.seed import FirstSeed
from mlplab.cli.signals import termination
from mlplab.staging import staged

if TYPE_CHECKING:
    from mlplab.explain import Explanation, Remedies


def why(
    of: Annotated[
        Path,
        typer.Argument(
            metavar="SPEC.toml",
            help="The experiment; or a folder of runs that `mlplab train` has written.",
        ),
    ],
    *,
    changes: Changes = None,
    replications: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="How many runs, of the experiment and of each change; 100 if not given.",
            show_default=False,
        ),
    ] = None,
    seed: FirstSeed = None,
    tries: Annotated[
        bool,
        typer.Option(
            "--changes/--no-changes",
            help="Try single changes of the experiment, each from the same seeds, and list what helps.",
        ),
    ] = True,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Write a picture of what the changes do, and a table, to this folder.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Tell why a network does not learn, and what would help.

    The worst runs are trained again from their seeds and measured on the way: dead and saturated neurons,
    gradients, steps, losses. Then single changes are tried (learning rate, optimizer, initializer,
    activation, batch size, epochs, width, …), each from the same seeds.

    For example:
        mlplab why 1.2-sigmoid.toml
        mlplab why 1.2-sigmoid.toml --seed 7 --replications 1 --no-changes
        mlplab why 1.3-runs --no-changes
        mlplab why 1.2-sigmoid.toml --set training.optimizer=adam --out why
    """
    from mlplab.cli.progress import run_bar, training_bar
    from mlplab.errors import MlplabError
    from mlplab.explain import changes as possible
    from mlplab.explain import remedies
    from mlplab.explain import why as explained
    from mlplab.explain.remedies import COLUMNS
    from mlplab.explain.why import MOST_LOOKED_AT
    from mlplab.training import train

    if out is not None and not tries:
        raise MlplabError("--out is for what the changes do, and --no-changes tries none")
    runs = saved_runs(of, {"--set": changes, "--replications": replications, "--seed": seed})
    if runs is None:
        count, first = 100 if replications is None else replications, seed or 0
        experiment = read_experiment(of, changes)
    else:
        experiment, first, count = runs.experiment, int(runs.seed[0]), len(runs)
    with termination() as told, nullcontext() if out is None else staged(out) as stage:
        with told.interrupting():
            if runs is None:
                with training_bar(experiment.training.epochs, count) as tell:
                    runs = train(experiment, count, first, progress=tell, keep_weights=0)
            with run_bar(min(len(runs), MOST_LOOKED_AT), "runs measured") as tell_runs:
                explanation = explained(runs, progress=lambda done, _: tell_runs(done, 0))
            say_explanation(explanation)
            if not tries:
                return
            with run_bar(len(possible(experiment)), "changes") as tell_changes:
                tried = remedies(
                    experiment, count, first, progress=lambda done, _: tell_changes(done, 0)
                )
        say_remedies(tried, of / "experiment.toml" if of.is_dir() else of)
        if stage is not None:
            from mlplab.figures import remedies_figure, save

            save(remedies_figure(tried), stage / "remedies")
            with (stage / "remedies.csv").open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([COLUMNS, *tried.table()])
    if out is not None:
        say_written(
            {
                f"{out / 'remedies'}.png and .svg": "runs that fail and the metric, with intervals",
                str(out / "remedies.csv"): "a row for each change",
            }
        )
    if tried.interrupted:
        typer.echo("mlplab: interrupted, with some of the changes not tried", err=True)
        raise typer.Exit(told.status)


def say_explanation(explanation: Explanation) -> None:
    """Print the headline, and an example of each cause."""
    for paragraph in str(explanation).split("\n\n"):
        first, *rest = paragraph.split("\n")
        _say(first)
        for line in rest:
            typer.echo(textwrap.indent(textwrap.fill(line, 78, break_on_hyphens=False), "  "))
        typer.echo("")


def say_remedies(tried: Remedies, spec: Path) -> None:
    """Print what changes do, as a table, and what was left out."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from mlplab.explain.remedies import HEAD
    from mlplab.streams import seeds_in_words

    _say(tried.headline)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for i, name in enumerate(HEAD):
        justify: Any = "right" if i in (1, 2) else "left"
        table.add_column(name, justify=justify, no_wrap=i > 0, overflow="fold")
    for row in tried.rows():
        table.add_row(*row)
    Console().print(table)
    seeds = seeds_in_words(tried.seeds[0], tried.seeds[-1])
    units = {each.comparison.measure.unit for each in tried.tried} - {""}
    unit = "".join(f", in {each}" for each in units)  # one: all are of the same metric
    _say(
        f"Each change was trained from {seeds}, as is the experiment. In brackets are 95 % "
        f"intervals; of the metric it is the difference on test samples{unit}. 'rescues': "
        "fewer runs fail; 'better', 'same', 'worse': by the metric and its margin. All tests are "
        "corrected for their number."
    )
    if tried.left_out:
        why_left = "Not tried" if tried.interrupted else "Left out, since they take too long"
        _say(f"{why_left}: {'; '.join(tried.left_out)}.")
    for best in tried.helpful[:1]:
        sets = " ".join(f"--set {part}" for part in best.change.name.split(" "))
        typer.echo(f"To train with the first: mlplab train {spec} {sets}")


def _say(sentence: str) -> None:
    typer.echo(textwrap.fill(sentence, 80, break_on_hyphens=False))
