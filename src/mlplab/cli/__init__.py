"""The command line: `mlplab COMMAND`, a file for each command.

Commands import what they need when they run, so that `mlplab --help` is instant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from inspect import getdoc
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from mlplab.cli.bench import bench
from mlplab.cli.boundary import EquationCommand, boundary
from mlplab.cli.check import check
from mlplab.cli.compare import compare
from mlplab.cli.data import data
from mlplab.cli.doctor import doctor
from mlplab.cli.export import export_model
from mlplab.cli.import_model import import_model
from mlplab.cli.landscape import landscape
from mlplab.cli.map import map_settings
from mlplab.cli.new import new
from mlplab.cli.parity import parity
from mlplab.cli.play import play
from mlplab.cli.predict import predict
from mlplab.cli.regions import regions
from mlplab.cli.reproduce import reproduce
from mlplab.cli.runs import delete, export, list_runs, show_runs
from mlplab.cli.signals import termination
from mlplab.cli.step import step
from mlplab.cli.sweep import sweep
from mlplab.cli.train import train
from mlplab.cli.why import why
from mlplab.errors import MlplabError

__all__ = ["app", "main"]


class Commands(TyperGroup):
    """The commands, and how they fail: one sentence on stderr and a status, no traceback.

    Status 2 for what the user can mend, 130 for Ctrl-C, and 128 and its number for another signal that
    ends the command. Anything else is a fault of ours and keeps its traceback.
    """

    def make_context(self, *arguments: Any, **how: Any) -> Any:
        """Read the arguments; some options write already: the version, a shell's completion."""
        with _said_in_a_sentence():
            return super().make_context(*arguments, **how)

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            with _said_in_a_sentence(), termination() as told, told.interrupting():
                return super().invoke(ctx)
        except KeyboardInterrupt:
            _say("interrupted")
            raise typer.Exit(told.status) from None


@contextmanager
def _said_in_a_sentence() -> Iterator[None]:
    """Say what the user can mend, and end with status 2."""
    try:
        yield
    except BrokenPipeError:
        raise  # typer ends quietly: whoever read our output has seen enough
    except MlplabError as error:
        _say(str(error))
    except OSError as error:
        reason = error.strerror or str(error)
        _say(f"{error.filename}: {reason}" if error.filename else reason)
    except MemoryError as error:
        _say(f"there is not enough memory for this: {error}")
    else:
        return
    raise typer.Exit(2)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: mlplab data polar --classes 5 --sigma 0.05",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mlplab {version('mlplab')}")
        raise typer.Exit


@app.callback()
def mlplab(
    show_version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_show_version,
            is_eager=True,
            help="Print the version and stop.",
        ),
    ] = False,
) -> None:
    """A laboratory for multilayer perceptrons: data, training, decision boundaries, and a course."""


def _say(sentence: str) -> None:
    typer.echo(f"mlplab: {' '.join(sentence.splitlines())}", err=True)


def _register(command: Callable[..., None], to: typer.Typer = app, **how: Any) -> None:
    """Add a command, with its docstring as its help."""
    to.command(help=_flowing(getdoc(command) or ""), **how)(command)


def _flowing(text: str) -> str:
    """Join the lines of paragraphs, which are set to another width; lines that are indented stay."""
    paragraphs = text.split("\n\n")
    return "\n\n".join(
        paragraph if "\n " in paragraph else paragraph.replace("\n", " ")
        for paragraph in paragraphs
    )


_register(data)
_register(train)
_register(map_settings, name="map")
_register(sweep)
_register(compare)
_register(why)
_register(step)
_register(parity)
_register(boundary, cls=EquationCommand)
_register(regions)
_register(landscape)
_register(export_model, name="export")
_register(import_model, name="import")
_register(predict)
_register(reproduce)
_register(play)
_register(new)
_register(check)
_register(bench)
_register(doctor)

runs = typer.Typer(
    no_args_is_help=True,
    help="What is in a store of finished runs.",
    epilog="Example: mlplab runs list --where 'test_accuracy>0.9'",
)
_register(list_runs, to=runs, name="list")
_register(show_runs, to=runs, name="show")
_register(export, to=runs)
_register(delete, to=runs)
app.add_typer(runs, name="runs")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its status.

    Parameters
    ----------
    arguments : sequence of str, optional
        Instead of those that the process was started with.
    """
    app(args=arguments, prog_name="mlplab")
