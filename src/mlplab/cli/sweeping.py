"""What `mlplab map` and `mlplab sweep` share: the store that they go on in, and how long they take."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mlplab.cli.completing import table_formats
from mlplab.errors import ClusterError, MlplabError

if TYPE_CHECKING:
    from mlplab.cli.signals import Termination
    from mlplab.spec import Experiment
    from mlplab.store import Store
    from mlplab.sweep.description import Description

LONGEST = 600.0
"""Seconds that a command may take without `--yes`."""

MEASURED = 2.0
"""Seconds of training after which it is estimated how long all of it takes."""

SweepStore = Annotated[
    Path,
    typer.Option(
        "--store", metavar="FILE", help="Where every finished run is kept, and found again."
    ),
]

Numbers = Annotated[
    str,
    typer.Option(
        "--numbers",
        metavar="FORMAT",
        autocompletion=table_formats,
        help="csv or parquet: how numbers are written.",
    ),
]

Threads = Annotated[
    int | None,
    typer.Option("--threads", metavar="N", help="All cores if not given.", show_default=False),
]

Yes = Annotated[bool, typer.Option("--yes", help="Train also what takes longer than ten minutes.")]

Part = tuple[tuple[int, int], tuple[int, int]]
"""Some runs of a sweep: the first and the last seed, and the first and the last cell."""


def runs_in(store: Store, description: Description, parts: Sequence[Part]) -> int:
    """Return how many runs a store has of a sweep, each counted once.

    It may have more runs of the same experiments, that other commands trained from other seeds.
    """
    from mlplab.sweep.description import key_of

    sweep = store.find_sweep(key_of(description))
    if sweep is None:
        return 0
    numbers, experiments = store.cells(sweep.id)
    of = dict(zip(numbers.tolist(), experiments.tolist(), strict=True))
    done = [store.done(sweep.id, *part) for part in parts]
    if len(set(of.values())) == len(of):
        return sum(len(cells) for cells, _ in done)
    pairs: set[tuple[int, int]] = set()
    for cells, seeds in done:
        pairs |= set(zip((of[cell] for cell in cells.tolist()), seeds.tolist(), strict=True))
    return len(pairs)


@contextmanager
def opened_store(path: Path, description: Description, parts: Sequence[Part]) -> Iterator[Store]:
    """Open a store; one that cannot be written, for reading, if the sweep is in it.

    A search whose given setting is itself one of the best two has fewer runs than others. Where runs
    are missing, writing them fails.
    """
    from mlplab.errors import StoreError
    from mlplab.store import Store

    try:
        store = Store(path)
    except StoreError:
        if not path.is_file():
            raise
        store = Store(path, read_only=True)
        if not runs_in(store, description, parts):
            store.close()
            raise
    with store:
        yield store


@contextmanager
def kept_when_it_ends(
    told: Termination, store: Store, description: Description, total: int, parts: Sequence[Part]
) -> Iterator[None]:
    """Say what is kept where the command is interrupted or its cluster is lost."""

    def kept() -> str:
        done = runs_in(store, description, parts)
        return f"{done:,} of {total:,} runs are in '{store.path}', and the same command goes on"

    try:
        yield
    except KeyboardInterrupt:
        typer.echo(f"mlplab: interrupted; {kept()}", err=True)
        raise typer.Exit(told.status) from None
    except ClusterError as error:
        raise ClusterError(f"{error}; {kept()}") from error


def write_experiment(path: Path, said: str, command: str, experiment: Experiment) -> None:
    """Write an experiment as TOML, below a comment that says which command it is of."""
    comment = "".join(f"# {line}\n" for line in (said, *command.splitlines()))
    path.write_text(f"{comment}\n{experiment.to_toml()}", encoding="utf-8", newline="\n")


def what_is_there(
    description: Description, total: int, parts: Sequence[Part], store: Store
) -> list[str]:
    """Return in sentences what the store has of this sweep, or in what the nearest one differs."""
    from mlplab.sweep.description import differences, key_of

    kind = description["kind"]
    same = store.find_sweep(key_of(description))
    if same is not None:
        done = runs_in(store, description, parts)
        began = time.strftime("%Y-%m-%d %H:%M", time.localtime(same.started_at))
        # Of a search it is not known before how many fresh runs there will be.
        most = f"at most {total:,}" if kind == "sweep" else f"the {total:,}"
        return [
            f"'{store.path}' has {done:,} of {most} runs of this {kind}, begun {began} by "
            f"mlplab {same.version}"
        ]
    others = [sweep for sweep in store.sweeps() if sweep.description.get("kind") == kind]
    if not others:
        return []
    # Of several that differ in as much, the last one.
    found = min((differences(description, each.description) for each in others[::-1]), key=len)
    few = "; ".join(found[:3])
    more = f" (and {len(found) - 3} more)" if len(found) > 3 else ""
    return [
        f"this {kind} is new in '{store.path}', where runs of others are found too; the nearest one "
        f"differs: {few}{more}"
    ]


def paced(bar: Callable[[int, int], None], total: int, yes: bool) -> Callable[[int, int], None]:
    """Return what moves a bar, and refuses what will take more than ten minutes without `--yes`.

    Parameters
    ----------
    bar : callable
        Called with how much is done, and how much of it was found.
    total : int
        Of the same unit.
    yes : bool
        Whether it may take as long as it takes.
    """
    pace = _Pace(total, yes)

    def progress(done: int, found: int) -> None:
        bar(done, found)
        pace.look(done, found)

    return progress


class _Pace:
    """Tells how long a sweep will take, and refuses what takes long."""

    def __init__(self, total: int, yes: bool) -> None:
        self._total, self._decided = total, yes
        self._began: float | None = None

    def look(self, done: int, found: int) -> None:
        """Look at how far it is; the first runs that end start the clock.

        Raises
        ------
        MlplabError
            If it will take longer than ten minutes.
        """
        from mlplab.sweep.chunks import PILOT_RUNS

        new = done - found
        if self._decided or not new:
            return
        now = time.monotonic()
        if self._began is None:
            self._began, self._first = now, new
            return
        seconds, trained = now - self._began, new - self._first
        if seconds < MEASURED or not trained or new < min(PILOT_RUNS, self._total - found):
            return
        self._decided = True
        left = (self._total - done) * seconds / trained
        if left > LONGEST:
            raise MlplabError(
                f"this takes about {_duration(left)} more, by its first {new:,} runs, which are kept: "
                "add --yes to train it, or take fewer of them"
            )


def _duration(seconds: float) -> str:
    """Write a time as a person says it.

    >>> _duration(800), _duration(9000), _duration(3e5)
    ('13 minutes', '2.5 hours', '3.5 days')
    """
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.2g} hours" if seconds < 172800 else f"{seconds / 86400:.2g} days"
