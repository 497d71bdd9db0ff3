"""`mlplab reproduce`: the whole lab again, and a report of it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mlplab.cli.output import say_written
from mlplab.cli.seed import Seed
from mlplab.staging import staged

if TYPE_CHECKING:
    from rich.table import Table

    from mlplab.report.reproduction import Reproduction


def reproduce(
    *,
    replications: Annotated[
        int,
        typer.Option(metavar="N", help="How often each experiment is trained from fresh draws."),
    ] = 100,
    tasks: Annotated[
        str | None,
        typer.Option(
            metavar="TASKS",
            help="Only these, with commas: 1.1, 1.2, 1.3, 1.4, 2, 3, or one experiment: 1.2-relu, "
            "1.3-shared-initializer.",
            show_default=False,
        ),
    ] = None,
    seed: Seed = 0,
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where the report goes.", show_default=True)
    ] = Path("report"),
) -> None:
    """Reproduce the lab: train every experiment, and write the report.

    Each experiment is trained once by Keras, as a student does, and N times by the compiled engine.
    Tasks 2 and 3 compare the network from scratch with Keras, and check the weights found by hand.

    For example:
        mlplab reproduce --tasks 1.2,3 --out activation
    """
    from rich.console import Console

    from mlplab.cli.progress import task_bars
    from mlplab.report.document import import_typst, write_report
    from mlplab.report.pictures import draw_pictures
    from mlplab.report.reproduce import reproduce as reproduce_lab
    from mlplab.report.results import results
    from mlplab.report.selection import select_tasks

    words = None if tasks is None else [word.strip() for word in tasks.split(",")]
    chosen = select_tasks(words)
    import_typst()  # missing, it is missed before hours of training
    began = time.perf_counter()
    with staged(out, _FILES) as stage, task_bars([*chosen, "report"]) as progress:
        reproduction = reproduce_lab(replications, chosen, seed, progress)
        progress("report", 0, 3)
        (stage / "figures").mkdir()
        draw_pictures(reproduction, stage / "figures")
        progress("report", 2, 3)
        write_report(reproduction, stage)
        record = json.dumps(results(reproduction), indent=2, allow_nan=False)
        (stage / "results.json").write_text(f"{record}\n", encoding="utf-8")
        progress("report", 3, 3)
    if reproduction.tasks:
        Console().print(_table(reproduction))
    for sentence in _verdicts(reproduction):
        typer.echo(sentence)
    typer.echo(f"The report took {time.perf_counter() - began:.0f} s and lies here:")
    say_written(
        {
            str(out / "report.pdf"): "the report, to print",
            str(out / "report.html"): "the same in one file, for a browser",
            str(out / "results.json"): "every number in it",
            str(out / "figures"): "its figures, as PNG and SVG",
        }
    )


_FILES = ("report.pdf", "report.html", "results.json", "figures/*")


def _table(reproduction: Reproduction) -> Table:
    """Return the test accuracies side by side, 80 columns wide."""
    from rich.table import Table

    from mlplab.report.wording import NOTHING, percent, single
    from mlplab.statistics import percentile_of, summarise

    def bare(percentage: str) -> str:
        return percentage.removesuffix(" %")

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("test accuracy (%)", no_wrap=True)
    for name in ("published", "Keras", "median", "range", "percentile"):
        table.add_column(name, justify="right", no_wrap=True)
    for task in reproduction.tasks.values():
        published, runs = task.published.test_accuracy, summarise(task.test_accuracy)
        stands = None if published is None else percentile_of(published, task.test_accuracy)
        table.add_row(
            task.id,
            bare(percent(published)),
            bare(single(task.keras, task.keras.test_accuracy)),
            NOTHING if runs is None else bare(percent(runs.median)),
            NOTHING if runs is None else f"{bare(percent(runs.min))}–{bare(percent(runs.max))}",
            NOTHING if stands is None else f"{stands:.0f}",
        )
    of = f"of {reproduction.replications} runs"
    table.caption = f"median, range, and the percentile of the published number: {of}"
    return table


def _verdicts(reproduction: Reproduction) -> list[str]:
    """Return what tasks 2 and 3 came to, and which runs failed, a sentence each."""
    from mlplab.report.wording import endings

    said = [
        f"{task.id}: {endings(task.replicated)}."
        for task in reproduction.tasks.values()
        if endings(task.replicated)
    ]
    parity = reproduction.parity
    if parity is not None:
        said.append(
            "2: the own network's outputs differ from Keras's by at most "
            f"{parity.largest_difference:.1e}."
        )
    said += [
        f"3: equation {solution.equation} draws {solution.check.line}, as wanted."
        if solution.check.is_right
        else f"3: equation {solution.equation} does not draw the wanted line."
        for solution in reproduction.by_hand
    ]
    return said
