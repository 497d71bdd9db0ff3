"""`mlplab parity`: one trial trained by several libraries, and where their weights part."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mlplab.cli.changes import Changes, parse_changes, read_experiment
from mlplab.cli.output import say_written
from mlplab.cli.seed import Seed
from mlplab.errors import MlplabError
from mlplab.staging import staged

DTYPES = ("float64", "float32")


def parity(
    spec: Annotated[
        Path,
        typer.Argument(
            metavar="SPEC.toml", help="The experiment: its dataset, network and training."
        ),
    ],
    *,
    changes: Changes = None,
    seed: Seed = 0,
    updates: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="How many updates are compared, from the first on; all if not given.",
            show_default=False,
        ),
    ] = None,
    tolerance: Annotated[
        float | None,
        typer.Option(
            metavar="X",
            help="Largest difference of a weight that counts as rounding; 1e-9 in float64 and 1e-4 in "
            "float32 if not given.",
            show_default=False,
        ),
    ] = None,
    dtype: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="float64, which tells a difference from rounding, or float32, as Keras computes.",
        ),
    ] = "float64",
    mine: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.py",
            help="Your own mlp.py with a backpropagation(x, y), as `mlplab check` reads it: it becomes a "
            "column.",
            show_default=False,
        ),
    ] = None,
    defaults: Annotated[
        bool,
        typer.Option(
            help="Measure what other libraries' defaults do to this experiment, over its whole training."
        ),
    ] = True,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where pictures and tables go; if not given, the name of the file with '-parity', here.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Train one trial by reference, engine, JAX, Keras, scikit-learn and PyTorch, and compare weights.

    All begin with the same weights and take the same batches. Libraries that are not installed, or
    cannot express the experiment, are left out, and the command says why.

    For example:
        mlplab parity 1.3.toml --updates 500
        mlplab parity 1.2.toml --mine my_mlp.py
        mlplab parity 1.4.toml --dtype float32 --no-defaults
    """
    from mlplab.cli.progress import part_bar
    from mlplab.figures import parity_figure, save
    from mlplab.parity import compare_libraries
    from mlplab.parity.text import differences_csv, ledger_csv, text_of

    if dtype not in DTYPES:
        raise MlplabError(f"--dtype must be float64 or float32, received '{dtype}'")
    if "training.dtype" in parse_changes(changes or ()):
        raise MlplabError(
            "--set training.dtype has no effect here: say --dtype float32 or --dtype float64"
        )
    experiment = read_experiment(spec, changes).varied({"training.dtype": dtype})
    name = spec.name.removesuffix(".toml")
    folder = Path(f"{name}-parity") if out is None else out
    files = ["parity.png", "parity.svg", "differences.csv"]
    with staged(folder, [*files, *(["defaults.csv"] if defaults else [])]) as stage:
        with part_bar() as show:
            found = compare_libraries(
                experiment,
                seed,
                updates=updates,
                tolerance=tolerance,
                mine=mine,
                defaults=defaults,
                progress=show,
            )
        title = f"{name}: weights of each library beside the reference, seed {seed}, {dtype}"
        largest = {each.name: each.largest for each in found.columns}
        save(parity_figure(largest, found.tolerance, title), stage / "parity")
        (stage / "differences.csv").write_text(differences_csv(found), encoding="utf-8")
        if found.ledger is not None:
            (stage / "defaults.csv").write_text(ledger_csv(found.ledger), encoding="utf-8")
    typer.echo(text_of(found))
    typer.echo("")
    written = {
        f"{folder / 'parity.png'} and .svg": "the differences, a line for each library",
        f"{folder / 'differences.csv'}": "the same, after each update",
    }
    if defaults:
        written[f"{folder / 'defaults.csv'}"] = "defaults that differ, and their effects"
    say_written(written)
