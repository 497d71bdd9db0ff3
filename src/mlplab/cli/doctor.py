"""`mlplab doctor`: what this installation is made of, and what is missing for which command."""

from __future__ import annotations

import platform
import sys
import textwrap
from importlib.metadata import version
from pathlib import Path

import typer

from mlplab.installation import Package, install_command, packages

NEEDED_FOR = {
    "": "everything",
    "cluster": "map --scheduler, sweep --scheduler, Python's dask clients",
    "data": "Parquet files and DataFrames",
    "jax": "train --trainer jax, bench --device",
    "keras": "train --trainer keras, reproduce, the course's lab, .keras files",
    "notebook": "the course's notebook",
    "onnx": "export --to onnx",
    "report": "reproduce, which writes a report",
    "sklearn": "mlplab.MLPClassifier, MLPRegressor and PopulationSearchCV, bench against scikit-learn",
    "tune": "sweep --sampler tpe, importances of a sweep",
}
"""By extra, what of mlplab needs it; "" is of what is always installed."""


def doctor() -> None:
    """Say what this mlplab is made of: versions, threads, memory, and what is missing for which command.

    Put its output into a report of a fault. The status is 1 if something is missing without which nothing
    works.
    """
    from mlplab.engine import usable_cores
    from mlplab.engine.compiling import COMPILES
    from mlplab.memory import available_memory, gigabytes

    found = packages(NEEDED_FOR)
    typer.echo(f"mlplab    {version('mlplab')}, from {Path(__file__).parents[1]}")
    typer.echo(f"python    {platform.python_version()}, {sys.executable}")
    typer.echo(f"system    {platform.system()} {platform.release()} {platform.machine()}")
    cores = usable_cores()
    typer.echo(f"cores     {cores}, on each of which the engine trains")
    memory = available_memory()
    typer.echo(f"memory    {gigabytes(memory) if memory < sys.maxsize else 'not told'} available")
    slow = "not compiled, as NUMBA_DISABLE_JIT says: some hundred times slower"
    typer.echo(f"kernels   {kept_in() if COMPILES else slow}")
    for extra in dict.fromkeys(package.extra for package in found):
        of_extra = [package for package in found if package.extra == extra]
        typer.echo("")
        title = f"[{extra}], for " if extra else "For "
        typer.echo(f"{title}{NEEDED_FOR[extra]}:")
        listed = ", ".join(_described(package) for package in of_extra)
        typer.echo(
            textwrap.fill(
                listed, 80, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
            )
        )
        if extra and not all(package.is_usable for package in of_extra):
            typer.echo(f"  to install:  {install_command(extra)}")
    if not all(package.is_usable for package in found if not package.extra):
        raise typer.Exit(1)


def _described(package: Package) -> str:
    if package.installed is None:
        return f"{package.name} is missing ({package.wanted})"
    wanted = "" if package.is_usable else f" is not {package.wanted}"
    return f"{package.name} {package.installed}{wanted}"


def kept_in() -> str:
    """Say where machine code is kept, as Numba chose: beside the source, or where it can write."""
    from mlplab.explain.judging import judge

    folder = judge.stats.cache_path  # type: ignore[attr-defined]  # a dispatcher of Numba's
    if folder is None:
        return "compiled anew by each process, since no folder can be written to keep them in"
    return f"compiled once, and kept in folders such as {folder}"
