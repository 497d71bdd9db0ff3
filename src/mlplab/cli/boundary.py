"""`mlplab boundary`: networks without hidden layers that draw a given line, or separate K clusters."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from mlplab.cli.matrix import read_biases, read_weights, write_briefly, write_layer
from mlplab.cli.output import say_written
from mlplab.errors import MlplabError
from mlplab.staging import staged

if TYPE_CHECKING:
    from mlplab.boundary import Line

DEFAULT_SHARPNESS = 10.0
DEFAULT_SIGMA = 0.1
MOST_CLUSTERS = 20
"""More cannot be told apart in a picture."""


class EquationCommand(TyperCommand):
    """A command that takes `-x1 + x2 = 1` for what it is, an equation and no options."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put such arguments behind `--`, after which there are no options."""
        equations = [a for a in args if a.startswith("-") and a[1:2] != "-" and "=" in a]
        if equations and "--" not in args:
            args = [*(a for a in args if a not in equations), "--", *equations]
        return super().parse_args(ctx, args)


def boundary(
    equation: Annotated[
        list[str] | None,
        typer.Argument(metavar="LINE", help="The line wanted, such as 'x2 = 1 - x1'."),
    ] = None,
    *,
    sharpness: Annotated[
        float | None,
        typer.Option(
            metavar="S",
            help="How sharply the answer turns from class to class across the line; 10 if not given.",
        ),
    ] = None,
    class_0: Annotated[
        str | None,
        typer.Option(
            "--class-0",
            metavar="SIDE",
            help="Which side gets class 0: below or above; left or right of a vertical line.",
        ),
    ] = None,
    weights: Annotated[
        str | None,
        typer.Option(metavar="W", help="Check these weights, rows after semicolons: '-1,0;0,1'."),
    ] = None,
    biases: Annotated[
        str | None, typer.Option(metavar="B", help="The biases beside the weights: '1,0'.")
    ] = None,
    clusters: Annotated[
        int | None,
        typer.Option(metavar="K", help="Separate the K clusters of the linear dataset instead."),
    ] = None,
    sigma: Annotated[
        float | None,
        typer.Option(metavar="SIGMA", help="Their standard deviation; 0.1 if not given."),
    ] = None,
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where to draw boundary.png and boundary.svg.")
    ] = Path("boundary"),
) -> None:
    """Find weights that draw a line between two classes, or check given ones.

    A network without hidden layers, with weights W and biases b. Numbers may be fractions (1/3).

    For example:
        mlplab boundary "x2 = 1 - x1" --class-0 below
        mlplab boundary "x2 = 1 - x1" --weights "-1,0;0,1" --biases "1,0"
        mlplab boundary --clusters 4 --sigma 0.06
    """
    given = {
        "a line": equation or None,
        "--sharpness": sharpness,
        "--class-0": class_0,
        "--weights": weights,
        "--biases": biases,
        "--clusters": clusters,
        "--sigma": sigma,
    }
    if clusters is not None:
        _refuse(
            given, ("a line", "--sharpness", "--class-0", "--weights", "--biases"), "to --clusters"
        )
        separate(clusters, DEFAULT_SIGMA if sigma is None else sigma, out)
        return
    _refuse(given, ("--sigma",), "without --clusters")
    from mlplab.boundary import Line

    line = Line.parse(" ".join(equation)) if equation else None
    if weights is not None and biases is not None:
        _refuse(given, ("--sharpness",), "to --weights, which have a sharpness of their own")
        examine(read_weights(weights), read_biases(biases), line, class_0, out)
    elif weights is not None or biases is not None:
        raise MlplabError("--weights and --biases are needed together")
    elif line is not None:
        solve(line, DEFAULT_SHARPNESS if sharpness is None else sharpness, class_0, out)
    else:
        raise MlplabError(
            "a line is needed, such as 'x2 = 1 - x1', or --weights and --biases, or --clusters"
        )


def solve(line: Line, sharpness: float, class_0: str | None, out: Path) -> None:
    """Say which weights draw a line, and draw what one of them answers."""
    from mlplab.boundary import LineFamily, check
    from mlplab.figures import boundary_figure, save

    side = line.sides[0] if class_0 is None else line.check_side(class_0)
    where = {name: f"to the {name}" if line.is_vertical else name for name in line.sides}
    family = LineFamily(line)
    member = family.member(sharpness=sharpness, class_0=side)
    with staged(out) as stage:
        title = f"{line}: sharpness {sharpness:g}, class 0 {where[side]}"
        save(boundary_figure(member, line, title=title), stage / "boundary")
    _show_paragraph(
        f"The line {line} is drawn by all weights and biases (w11, w12 and b1 are those of class 0, "
        "w21, w22 and b2 those of class 1) that fulfil"
    )
    _show_indented(*family.constraints, family.exclusion)
    _show_paragraph(
        "and so by all of this form, with any numbers for w21, w22 and b2, and for s any but zero; "
        f"a positive s puts class 0 {where[line.sides[1]]}:"
    )
    _show_indented(*str(family).splitlines())
    _show_paragraph(f"One of them, with sharpness {sharpness:g} and class 0 {where[side]}:")
    _show_indented(write_layer(member))
    _show_paragraph(check(member.W, member.b, line, side).explain())
    _say_drawn(out)


def examine(
    W: list[list[float]], b: list[float], line: Line | None, class_0: str | None, out: Path
) -> None:
    """Say which line given weights draw, whether it is the wanted one, and draw what they answer."""
    from mlplab.boundary import check
    from mlplab.figures import boundary_figure, save

    if class_0 is not None and line is None:
        raise MlplabError(f"--class-0 {class_0} is a side of the line wanted, which is missing")
    side = None if class_0 is None or line is None else line.check_side(class_0)
    found = check(W, b, line, side)
    with staged(out) as stage:
        wanted = [] if line is None else [line]
        figure = boundary_figure(found.layer, wanted, title=write_briefly(found.layer))
        save(figure, stage / "boundary")
    _show_indented(write_layer(found.layer))
    _show_paragraph(found.explain())
    _say_drawn(out)


def separate(clusters: int, sigma: float, out: Path) -> None:
    """Say which weights separate the clusters of the linear dataset best, and draw what they answer."""
    from mlplab.boundary import best_accuracy, cluster_lines, separate_clusters
    from mlplab.data import draw_dataset
    from mlplab.figures import classifier_figure, save
    from mlplab.spec import Linear

    if not 2 <= clusters <= MOST_CLUSTERS:
        raise MlplabError(f"--clusters must be from 2 to {MOST_CLUSTERS}, received {clusters}")
    layer = separate_clusters(clusters, sigma=sigma)
    with staged(out) as stage:
        dataset = draw_dataset(Linear(classes=clusters, sigma=sigma), seed=0)
        title = f"{clusters} clusters, sigma {sigma:g}"
        save(classifier_figure(layer, dataset, title), stage / "boundary")
    _show_paragraph(f"The best classifier of {clusters} clusters of standard deviation {sigma:g}:")
    _show_indented(write_layer(layer))
    _show_paragraph("Its boundaries, between classes:")
    _show_indented(*(f"{k} and {k + 1}:  {line}" for k, line in enumerate(cluster_lines(clusters))))
    _show_paragraph(
        f"Of many points it gets {100 * best_accuracy(clusters, sigma):.2f} % right, "
        "and no classifier gets more."
    )
    _say_drawn(out)


def _refuse(given: Mapping[str, object], names: Sequence[str], why: str) -> None:
    for name in names:
        if given[name] is not None:
            raise MlplabError(f"{name} does not apply {why}")


def _show_indented(*lines: str) -> None:
    typer.echo(textwrap.indent("\n".join(lines), "    ") + "\n")


def _show_paragraph(text: str) -> None:
    typer.echo(textwrap.fill(text, 80, break_on_hyphens=False) + "\n")


def _say_drawn(out: Path) -> None:
    say_written({f"{out / 'boundary.png'} and .svg": "what the network answers where"})
