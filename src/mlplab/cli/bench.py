"""`mlplab bench`: how fast the engine is, on this machine and against what is installed."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mlplab.cli.output import say_written
from mlplab.errors import MlplabError
from mlplab.staging import staged

if TYPE_CHECKING:
    from rich.table import Table as RichTable

    from mlplab.bench import Record
    from mlplab.bench.tables import TextTable

ROUNDS, QUICK_ROUNDS, MOST_THREADS = 7, 2, 2
"""If nothing else is said; the goals are set for two threads."""


def bench(
    *,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick", help="Only a look: few rounds, epochs and sizes, and nothing compiled anew."
        ),
    ] = False,
    rounds: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help=f"How often each pair is measured; {ROUNDS}, or {QUICK_ROUNDS} if quick.",
            show_default=False,
        ),
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option(
            metavar="T",
            help="Threads, and cores, of every side; 2, or 1 where there is no more.",
            show_default=False,
        ),
    ] = None,
    peers: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help="Only these, with commas: keras (or keras-fit, keras-steps, keras-batch), "
            "jax (or jax-user, jax-scan, jax-vmap), scikit-learn, pytorch, numpy.",
            show_default=False,
        ),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(
            metavar="PARTS",
            help="Only these, with commas: end-to-end (what a user gets), regularised (Adam with dropout "
            "and L2 beside Keras and PyTorch), peers (kernels beside others), "
            "curves, start, store, tuning (until a setting is as good as that of Optuna and Keras), "
            "estimators (fits beside scikit-learn's own), search (a grid beside scikit-learn's), "
            "cluster (Dask workers beside one process), browser (its modules in Node beside the engine), "
            "page (the playground in Chromium).",
            show_default=False,
        ),
    ] = None,
    device: Annotated[
        str | None,
        typer.Option(
            metavar="cpu|gpu",
            help="Measure nothing but whole runs by trainer jax on this device, beside the engine on the "
            "cores.",
            show_default=False,
        ),
    ] = None,
    experiment: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="With --device: which experiment of the lab, such as 1.2-relu; 1.3 if not given.",
            show_default=False,
        ),
    ] = None,
    networks: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="With --device: how many networks; 10,000 on a gpu and 64 on a cpu.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where the report goes.", show_default=True)
    ] = Path("bench"),
) -> None:
    """Measure what a user gets, and the engine's kernels beside their peers and at other sizes.

    First end to end: networks a second from mlplab.train, with draws, validation, evaluation and
    results, beside the kernels alone and a user's own JAX; and Adam with dropout and an L2 penalty
    beside Keras and PyTorch. Then the kernels: seconds for one epoch of
    one network, validation left out on all sides. At last the store: what keeping runs costs, and what
    a full store takes; and how soon mlplab has a setting as good as the one that Optuna and Keras find,
    fits of the estimators and a search beside scikit-learn's own, and networks a second on a Dask
    cluster of this machine. And the modules by which a browser trains,
    in Node, as a fraction of the engine's speed on one thread, and the playground in Chromium.
    Every side has a process of its own. Peers that are not installed are left out, and so are Node and
    Chromium.
    Leave the machine alone meanwhile.

    For example:
        mlplab bench --only end-to-end
        mlplab bench --quick --peers keras-fit,numpy
        mlplab bench --device gpu
        mlplab bench --device cpu --experiment 1.2-relu --networks 512
    """
    taken = QUICK_ROUNDS if quick else ROUNDS
    if device is not None:
        if peers is not None or only is not None:
            raise MlplabError(
                "--peers and --only do not go with --device, which measures one thing"
            )
        rounds = taken if rounds is None else rounds
        _bench_device(device, experiment, networks, threads, rounds, quick, out)
        return
    for name, value in (("--networks", networks), ("--experiment", experiment)):
        if value is not None:
            raise MlplabError(f"{name} goes with --device, received it alone")
    from mlplab.bench import PARTS, PEERS, Settings, run_bench, select_parts, select_peers, tasks
    from mlplab.bench.report import as_markdown, cost_panels
    from mlplab.cli.progress import task_bars
    from mlplab.engine import usable_cores
    from mlplab.figures import save
    from mlplab.figures.bench import cost_figure

    words = list(PEERS) if peers is None else [word.strip() for word in peers.split(",")]
    chosen = select_peers(words)
    settings = Settings(
        rounds=taken if rounds is None else rounds,
        threads=min(MOST_THREADS, usable_cores()) if threads is None else threads,
        quick=quick,
        parts=PARTS if only is None else select_parts([word.strip() for word in only.split(",")]),
    )
    with staged(out) as stage:
        with task_bars(tasks(settings)) as progress:
            record = run_bench(settings, chosen, progress, folder=stage)
        content = json.dumps(record.as_json(), indent=2, allow_nan=False)
        (stage / "bench.json").write_text(f"{content}\n", encoding="utf-8")
        (stage / "bench.md").write_text(as_markdown(record), encoding="utf-8")
        if record.curves:
            save(cost_figure(cost_panels(record.curves)), stage / "curves")
    _show(record)
    written = {
        str(out / "bench.md"): "all tables, and how they were measured",
        str(out / "bench.json"): "every number, machine and versions",
    }
    if record.curves:
        written[f"{out / 'curves.png'} and .svg"] = "cost by population, width, depth and batch"
    say_written(written)


def _bench_device(
    device: str,
    experiment: str | None,
    networks: int | None,
    threads: int | None,
    rounds: int,
    quick: bool,
    out: Path,
) -> None:
    """Measure JAX on a device beside the engine, and write and print what was found."""
    from rich.console import Console

    from mlplab.bench.device_rate import TRAINED, measure_device
    from mlplab.bench.tasks import DEVICE, counting
    from mlplab.cli.progress import task_bars
    from mlplab.training import thread_count

    with staged(out) as stage:
        with task_bars([DEVICE]) as progress:
            on_pair = counting(progress, DEVICE, max(rounds, 1))
            count = thread_count(threads)
            name = TRAINED if experiment is None else experiment
            found = measure_device(device, networks, count, rounds, quick, name, on_pair)
        content = json.dumps(found.as_json(), indent=2, allow_nan=False)
        (stage / "device.json").write_text(f"{content}\n", encoding="utf-8")
    Console().print(_rich(found.table()))
    _say(found.sentence())
    say_written({str(out / "device.json"): "every number, the device and the machine"})


def _show(record: Record) -> None:
    """Print the tables, and what is to be said about them."""
    from rich.console import Console

    from mlplab.bench.browser_table import browser_tables
    from mlplab.bench.cluster_table import cluster_table
    from mlplab.bench.end_to_end_table import end_to_end_table
    from mlplab.bench.estimator_table import estimator_table
    from mlplab.bench.page_table import page_table
    from mlplab.bench.regularised_table import regularised_table
    from mlplab.bench.report import cautions, keras_sentences, whole_sentence
    from mlplab.bench.search_table import search_table
    from mlplab.bench.store_table import full_store_table, overhead_table
    from mlplab.bench.tables import (
        bounds,
        cliffs_table,
        compared_table,
        left_out_sentences,
        starting_table,
    )
    from mlplab.bench.tuning_table import tuning_sentences, tuning_table

    console = Console()
    for case in record.end_to_end:
        console.print(_rich(end_to_end_table(case)))
    if record.regularised is not None:
        console.print(_rich(regularised_table(record.regularised)))
    for part in record.compared:
        console.print(_rich(compared_table(part)))
        for sentence in (*keras_sentences(part), whole_sentence(part)):
            _say(sentence)
    if record.curves:
        console.print(_rich(cliffs_table(record.curves)))
    if record.starting is not None:
        console.print(_rich(starting_table(record.starting)))
    if record.store is not None:
        console.print(_rich(overhead_table(record.store.overheads)))
        console.print(_rich(full_store_table(record.store.full)))
    if record.tuning is not None:
        console.print(_rich(tuning_table(record.tuning)))
        for sentence in tuning_sentences(record.tuning):
            _say(sentence)
    tables = [] if record.estimators is None else [estimator_table(record.estimators)]
    tables += [] if record.search is None else [search_table(record.search)]
    tables += [] if record.cluster is None else [cluster_table(record.cluster)]
    tables += [] if record.browser is None else browser_tables(record.browser)
    tables += [] if record.page is None else [page_table(record.page)]
    for table in tables:
        console.print(_rich(table))
    for sentence in (*left_out_sentences(record), *bounds(record), *cautions(record)):
        _say(sentence)


def _say(sentence: str) -> None:
    typer.echo(f"{textwrap.fill(sentence, 80)}\n")


def _rich(table: TextTable) -> RichTable:
    from rich.table import Table as RichTable

    shown = RichTable(title=table.title, title_justify="left", title_style="bold")
    for number, name in enumerate(table.head):
        shown.add_column(name, justify="left" if number == 0 else "right")
    for row in table.rows:
        style = {"reached": "green", "missed": "red"}.get(row[-1])
        shown.add_row(*row[:-1], f"[{style}]{row[-1]}[/]" if style else row[-1])
    return shown
