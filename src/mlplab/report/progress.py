"""How far several tasks are: what is called while they run."""

from __future__ import annotations

from collections.abc import Callable

OnTaskProgress = Callable[[str, int, int], None]
"""Takes a task's name, its steps done, and its steps in all."""


def ignore_progress(task: str, done: int, total: int) -> None:
    """Do nothing."""
