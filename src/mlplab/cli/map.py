"""`mlplab map`: how a network does over two of its settings, each cell trained several times."""

from __future__ import annotations

import shlex
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mlplab.cli.changes import Changes, read_experiment
from mlplab.cli.completing import cell_measures, settings
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
from mlplab.errors import MlplabError
from mlplab.staging import staged

if TYPE_CHECKING:
    from mlplab.spec import Experiment
    from mlplab.sweep import Axis, TrainedMap


def map_settings(
    spec: Annotated[
        Path,
        typer.Argument(
            metavar="SPEC.toml", help="The experiment: its dataset, network and training."
        ),
    ],
    *,
    x: Annotated[
        str,
        typer.Option(
            "--x",
            metavar="AXIS",
            autocompletion=settings,
            help="A setting and its values: SETTING=log:FROM:TO:N, lin:FROM:TO:N, or a list such as "
            "training.batch_size=1,2,4.",
        ),
    ],
    y: Annotated[
        str,
        typer.Option("--y", metavar="AXIS", autocompletion=settings, help="Another one, upwards."),
    ],
    changes: Changes = None,
    window: Annotated[
        str | None,
        typer.Option(
            metavar="X0:X1,Y0:Y1",
            help="Show this part only, with as many values; the page says it for what is in view.",
            show_default=False,
        ),
    ] = None,
    replications: Annotated[
        int, typer.Option(metavar="N", help="Runs of each cell, from the same seeds.")
    ] = 4,
    seed: Seed = 0,
    measure: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            autocompletion=cell_measures,
            help="What is drawn and what is best: validation_, test_ or train_accuracy or _loss; of "
            "targets _r2 or _mean_absolute_error in place of _accuracy. If not given, the metric on "
            "validation samples.",
            show_default=False,
        ),
    ] = None,
    store: SweepStore = DEFAULT_STORE,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where pictures and numbers go; if not given, the name of the file with '-map', here.",
            show_default=False,
        ),
    ] = None,
    numbers: Numbers = "csv",
    threads: Threads = None,
    scheduler: Scheduler = None,
    yes: Yes = False,
) -> None:
    """Train an experiment over two of its settings, and draw how well it does.

    Every cell is trained from the same seeds. What has ended is in the store at once: however the
    command is ended, the same command goes on, and no run is ever trained twice.

    For example:
        mlplab map 1.1.toml --x training.optimizer.learning_rate=log:0.001:10:64
            --y training.batch_size=1,2,4,8,16,32,64,128
        mlplab map 1.3.toml --x network.hidden_layers=lin:1:10:10 --y network.activation=relu,tanh
            --scheduler tcp://127.0.0.1:8786
    """
    from mlplab.cli.progress import run_bar
    from mlplab.sweep import MapPlan, choose_cell_measure, train_map
    from mlplab.sweep.numbers import check_format
    from mlplab.training import thread_count

    check_format(numbers)
    command = shlex.join(["mlplab", *sys.argv[1:]])
    experiment = read_experiment(spec, changes)
    name = spec.name.removesuffix(".toml")
    folder = Path(f"{name}-map") if out is None else out
    if threads is not None:
        thread_count(threads)
    plan = MapPlan.of(experiment, *_axes(experiment, x, y, window), replications, seed)
    choose_cell_measure(measure, plan.metric)
    parts = [(plan.seeds, (0, plan.cell_count - 1))]
    said = plan.description, plan.run_count, parts
    files = ["map.png", "map.svg", "map.html", f"cells.{numbers}", "experiment.toml"]
    with (
        connected(scheduler, threads) as cluster,
        termination() as told,
        staged(folder, files) as stage,
        opened_store(store, plan.description, parts) as opened,
    ):
        for sentence in what_is_there(*said, opened):
            typer.echo(sentence)
        with kept_when_it_ends(told, opened, *said):
            with run_bar(plan.run_count) as bar, told.interrupting():
                trained = train_map(
                    plan,
                    opened,
                    threads=threads,
                    client=cluster,
                    progress=paced(bar, plan.run_count, yes),
                    command=command,
                )
            with told.interrupting():
                _write(trained, measure, stage, numbers, command)
    for sentence in summary(trained, measure):
        typer.echo(textwrap.fill(sentence, 80, break_on_hyphens=False))
    say_written(
        {
            f"{folder / 'map.png'} and .svg": "the map",
            str(folder / "map.html"): "the map, to be explored in a browser",
            str(folder / f"cells.{numbers}"): "a row for each cell",
            str(folder / "experiment.toml"): "the experiment, every value written out",
        }
    )


def _axes(experiment: Experiment, x: str, y: str, window: str | None) -> tuple[Axis, Axis]:
    from mlplab.sweep import Axis

    axes = Axis.parse(x, experiment, "--x"), Axis.parse(y, experiment, "--y")
    if window is None:
        return axes
    try:
        (x0, x1), (y0, y1) = (map(float, part.split(":")) for part in window.split(","))
    except ValueError:
        raise MlplabError(
            f"--window expects X0:X1,Y0:Y1, such as 0.1:0.2,8:64, received {window!r}"
        ) from None
    return axes[0].windowed(x0, x1), axes[1].windowed(y0, y1)


def _write(
    trained: TrainedMap, measure: str | None, folder: Path, numbers: str, command: str
) -> None:
    from mlplab.figures import save
    from mlplab.sweep.figure import map_figure
    from mlplab.sweep.numbers import cell_table, write_table
    from mlplab.sweep.page import write_page

    save(map_figure(trained, measure), folder / "map")
    write_table(cell_table(trained, measure), folder / f"cells.{numbers}")
    write_page(trained, folder / "map.html", measure)
    said, experiment = "The experiment that was varied by", trained.plan.experiment
    write_experiment(folder / "experiment.toml", said, command, experiment)


def summary(trained: TrainedMap, measure: str | None) -> list[str]:
    """Return in sentences how many runs failed, which cell is best, and what cannot be told from it."""
    import numpy as np

    from mlplab.sweep.cells import ENDINGS
    from mlplab.sweep.figure import published_place, samples_scope
    from mlplab.sweep.trained_map import FEWEST

    plan, total = trained.plan, trained.count
    stuck, diverged = (
        np.count_nonzero(trained.ending == ENDINGS.index(ending))
        for ending in ("stuck", "diverged")
    )
    said = [
        f"{total:,} runs of {plan.cell_count:,} cells: {100 * stuck / total:.1f} % got stuck, "
        f"{100 * diverged / total:.1f} % diverged."
    ]
    best = trained.best(measure)
    if best is None:
        return [*said, "All runs diverged: there is no best cell."]
    cells = trained.statistics(measure)
    write = cells.measure.write_value
    y, x = best
    interval = ""
    if plan.replications > 1:
        interval = (
            f" (95 % interval of the mean {write(cells.low[best])} to {write(cells.high[best])})"
        )
    said.append(
        f"Best mean {cells.measure.title}: {write(cells.mean[best])}{interval}, at "
        f"{plan.x.setting} = {plan.x.labels[x]} and {plan.y.setting} = {plan.y.labels[y]}. "
        "It was chosen among all cells by these runs, which flatters it."
    )
    alike = trained.as_good_as_best(measure)
    if alike is None:
        said.append(
            f"Which cells are worse than the best is said of {FEWEST} replications or more; this map has "
            f"{plan.replications}."
        )
    else:
        said.append(
            f"{np.count_nonzero(alike):,} of {plan.cell_count:,} cells cannot be told from it (paired "
            "t-test, Holm, 5 %)."
        )
    if (scope := samples_scope(plan)) is not None:
        said.append(scope)
    if published_place(plan) is None:
        said.append("The experiment's own setting is not among the cells.")
    return said + _border(trained)


def _border(trained: TrainedMap) -> list[str]:
    """Return in a sentence how rough the border of trainability is, where the map has room for one."""
    import math

    from mlplab.sweep.border import FEWEST_CELLS, border_dimension

    axes = trained.plan.x, trained.plan.y
    if any(axis.scale == "list" or len(axis) < FEWEST_CELLS for axis in axes):
        return []
    found = border_dimension(trained)
    if math.isnan(found.mean):
        return []
    interval = (
        "" if math.isnan(found.low) else f" (95 % interval {found.low:.2f} to {found.high:.2f})"
    )
    return [
        "The border between runs that finished and runs that failed has the box-counting dimension "
        f"{found.mean:.2f}, the mean over replications{interval}; a smooth line has 1."
    ]
