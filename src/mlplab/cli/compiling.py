"""While kernels are compiled, a person at a terminal is told what the command waits for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

SENTENCE = "compiling the engine for this machine, once: up to half a minute …"


@contextmanager
def compiling_said(console: Console | None = None) -> Iterator[None]:
    """Say it once, as soon as Numba begins to compile anything within a `with` statement.

    Numba itself tells: it has an event for each function that it compiles, and none for one whose code
    it finds on disk.

    Parameters
    ----------
    console : Console, optional
        stderr if not given. Where it is no terminal, nothing is said.
    """
    from numba.core import event
    from rich.console import Console

    from mlplab.slow_compiling import untold

    shown = console or Console(stderr=True)
    said = False

    class Listener(event.Listener):
        def on_start(self, event: object) -> None:
            nonlocal said
            if not said:
                said = True
                shown.print(SENTENCE, highlight=False)

        def on_end(self, event: object) -> None:
            """Nothing is said of the end: the bar moves."""

    with untold():
        if not shown.is_terminal:
            yield
            return
        with event.install_listener("numba:compile", Listener()):
            yield
