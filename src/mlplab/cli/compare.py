"""`mlplab compare`: tell whether one experiment does better than another, from saved runs of both."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mlplab.cli.completing import measures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.table import Table

    from mlplab.run import Runs
    from mlplab.statistics import Comparison, Measure


def compare(
    a: Annotated[
        Path, typer.Argument(metavar="A-runs", help="A folder that `mlplab train` has written.")
    ],
    b: Annotated[Path, typer.Argument(metavar="B-runs", help="Another, of the same seeds.")],
    *,
    measure: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            autocompletion=measures,
            help="test_accuracy, test_loss, train_accuracy or train_loss; of runs with targets r2 or "
            "mean_absolute_error in place of accuracy. If not given, the metric on test samples.",
            show_default=False,
        ),
    ] = None,
    margin: Annotated[
        float | None,
        typer.Option(
            metavar="D",
            help="The smallest difference that would mean anything; if not given, 0.01 for accuracies, "
            "one percentage point, and for R². Losses and mean absolute errors need one.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Tell whether A does better than B, by pairs of runs with the same seed.

    It is called better or worse only if there are at least 30 pairs and the whole 95 % interval of their
    mean difference lies beyond the margin.

    For example:
        mlplab train relu.toml --replications 100
        mlplab train sigmoid.toml --replications 100
        mlplab compare relu-runs sigmoid-runs
    """
    from rich.console import Console

    from mlplab.errors import MlplabError
    from mlplab.run import Runs
    from mlplab.statistics import compare_runs, find_measure

    if measure is not None:
        find_measure(measure)
    if a.resolve() == b.resolve():
        raise MlplabError(f"expected two folders of runs, received '{a}' twice")
    name, other = name_folders(a, b)
    runs = {name: Runs.load(a), other: Runs.load(b)}
    comparison = compare_runs(runs[name], runs[other], measure, margin)
    judged = comparison.measure
    heading = f"{name} against {other} by {judged.title}: {which_pairs(runs[name])}"
    typer.echo(textwrap.fill(heading, 80, break_on_hyphens=False))
    Console().print(_table(runs, judged))
    said = comparison.sentence(name, other), *explain(comparison), *_about_the_table(comparison)
    for sentence in said:
        typer.echo(textwrap.fill(sentence, 80, break_on_hyphens=False))


def name_folders(a: Path, b: Path) -> tuple[str, str]:
    """Return what to call the runs of two folders: the folders' names without `-runs`.

    Two folders of one name, or of none, are called by their paths.

    Examples
    --------
    >>> name_folders(Path("out/relu-runs"), Path("sigmoid-runs"))
    ('relu', 'sigmoid')
    >>> name_folders(Path("old/relu-runs"), Path("new/relu-runs"))
    ('old/relu-runs', 'new/relu-runs')
    """
    first, second = (folder.resolve().name.removesuffix("-runs") for folder in (a, b))
    return (first, second) if first and second and first != second else (str(a), str(b))


def which_pairs(runs: Runs) -> str:
    """Return how many pairs there are, and the seeds of one side, which are those of the other.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> import numpy as np
    >>> which_pairs(SimpleNamespace(seed=np.array([7, 8, 9])))
    '3 pairs of runs, seeds 7 to 9'
    """
    n, first, last = len(runs.seed), runs.seed.min(), runs.seed.max()
    if n == 1:
        return f"one pair of runs, seed {first}"
    # An interrupted training leaves gaps.
    return f"{n} pairs of runs, seeds {'' if n == last - first + 1 else 'from '}{first} to {last}"


def explain(comparison: Comparison) -> list[str]:
    """Return why the verdict stands, and what to do if there are too few pairs for one."""
    from mlplab.statistics import COMPARABLE

    if comparison.pairs < COMPARABLE:
        return [f"A verdict needs {COMPARABLE} pairs: train both with --replications {COMPARABLE}."]
    if comparison.verdict == "inconclusive":
        return []  # its sentence has the reason
    p = comparison.p_value
    return [
        f"Reason: {comparison.reason}; the p-value is {f'{p:.4f}' if p >= 1e-4 else 'below 0.0001'}."
    ]


def _about_the_table(comparison: Comparison) -> list[str]:
    return ["Diverged runs are left out of the interquartile means."] if comparison.left_out else []


def _table(runs: Mapping[str, Runs], measure: Measure) -> Table:
    """Return, for each side, its runs, its failures and what a run typically reaches."""
    from rich.table import Table

    from mlplab.cli.summary import write_interval
    from mlplab.statistics import count_failures, interquartile_mean, outcomes

    table = Table("")
    middle_of = f"interquartile mean\nof {measure.title}"
    for column in ("runs", "stuck", "diverged", middle_of, "95 % interval"):
        table.add_column(column, justify="right")
    for name, side in runs.items():
        failures = count_failures(side)
        middle = interquartile_mean(
            outcomes(side, measure.name), measure=measure, resplit_ratio=side.resplit_ratio
        )
        table.add_row(
            name,
            *map(str, (failures.runs, failures.stuck, failures.diverged)),
            "none" if middle is None else measure.write_value(middle.value),
            write_interval(middle, measure),
        )
    return table
