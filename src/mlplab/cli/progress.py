"""The bars that show how far a command is, on stderr, and only where a person is looking.

They also say when it is the compiler that is waited for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from mlplab.cli.compiling import compiling_said


class EpochRate(ProgressColumn):
    """Epochs in a second, over the last half minute."""

    def render(self, task: Task) -> Text:
        """Return the rate, or nothing before there is one."""
        return Text(f"{task.speed:.3g} epochs/s" if task.speed else "")


@contextmanager
def _bar_with(rate: ProgressColumn, console: Console) -> Iterator[Progress]:
    """Give a bar that is gone at the end, with a rate and the time left."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        rate,
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    bars = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with bars as bar, compiling_said(console):
        yield bar


@contextmanager
def training_bar(
    epochs: int, runs: int, console: Console | None = None
) -> Iterator[Callable[[int, int], None]]:
    """Give what `mlplab.train` calls after each epoch; it moves a bar, which is gone at the end.

    Parameters
    ----------
    epochs : int
        Of each run.
    runs : int
    console : Console, optional
        stderr if not given. Where it is no terminal, nothing is shown.
    """
    with _bar_with(EpochRate(), console or Console(stderr=True)) as bar:
        task = bar.add_task("starting", total=epochs * runs)

        def show(done: int, total: int) -> None:
            # Several runs are under way at once; what can be counted is how many they make together.
            description = f"{done // epochs} of {runs} runs" if runs > 1 else "training"
            bar.update(task, description=description, completed=done, total=total)

        yield show


class StepRate(ProgressColumn):
    """Steps in a second, over the last half minute.

    Parameters
    ----------
    name : str
        What they are, such as `runs`.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def render(self, task: Task) -> Text:
        """Return the rate, or nothing before there is one."""
        return Text(f"{task.speed:,.0f} {self._name}/s" if task.speed else "")


@contextmanager
def run_bar(
    total: int, name: str = "runs", console: Console | None = None
) -> Iterator[Callable[[int, int], None]]:
    """Give what is called with how many runs are done, and how many of them were found.

    Parameters
    ----------
    total : int
        Runs, or what `name` says.
    name : str
    console : Console, optional
        stderr if not given. Where it is no terminal, nothing is shown.
    """
    with _bar_with(StepRate(name), console or Console(stderr=True)) as bar:
        task = bar.add_task("starting", total=total)
        already = 0

        def show(done: int, found: int) -> None:
            nonlocal already
            if found > already:  # what is found took no time, and says nothing of the rate
                already = found
                bar.reset(task, total=total, completed=done)
            bar.update(task, description=f"{done:,} of {total:,} {name}", completed=done)

        yield show


@contextmanager
def part_bar(console: Console | None = None) -> Iterator[Callable[[str, int, int], None]]:
    """Give what is called with what is under way, its steps done and its steps in all.

    Parameters
    ----------
    console : Console, optional
        stderr if not given. Where it is no terminal, nothing is shown.
    """
    with _bar_with(TextColumn(""), console or Console(stderr=True)) as bar:
        task, known = bar.add_task("starting", total=None), ""

        def show(name: str, done: int, total: int) -> None:
            nonlocal known
            if name != known:  # how fast one part is says nothing of the next
                known = name
                bar.reset(task, total=total)
            bar.update(task, description=name, completed=done, total=total)

        yield show


@contextmanager
def task_bars(
    names: Sequence[str], console: Console | None = None
) -> Iterator[Callable[[str, int, int], None]]:
    """Give what is called with a task's name, its steps done and its steps in all.

    On a terminal each task has a bar that stays; elsewhere a line is written when a task is done.

    Parameters
    ----------
    names : sequence of str
        The tasks that are known beforehand, in their order; others get a bar when they begin.
    console : Console, optional
        stderr if not given.
    """
    console = console or Console(stderr=True)
    columns = (
        TextColumn(f"{{task.description:<{max(map(len, names))}}}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    all_bars = Progress(*columns, console=console, disable=not console.is_terminal)
    with all_bars as bars, compiling_said(console):
        ids = {name: bars.add_task(name, total=None, start=False) for name in names}
        finished: set[str] = set()

        def show(name: str, done: int, total: int) -> None:
            if name not in ids:
                ids[name] = bars.add_task(name, total=None, start=False)
            bars.start_task(ids[name])
            bars.update(ids[name], completed=done, total=total)
            if done == total and name not in finished and not console.is_terminal:
                console.print(f"{name}: done")
                finished.add(name)

        yield show
