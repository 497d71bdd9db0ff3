"""Which tasks of the lab to reproduce: the words that a user may name them by."""

from __future__ import annotations

from collections.abc import Sequence

from mlplab.errors import MlplabError, suggestion
from mlplab.report.experiments import EXPERIMENTS

OWN_MLP = "2"
BY_HAND = "3"

TASKS: tuple[str, ...] = (*EXPERIMENTS, OWN_MLP, BY_HAND)
"""All tasks in the lab's order: the trained experiments, the own network, the weights by hand."""


def select_tasks(words: Sequence[str] | None) -> tuple[str, ...]:
    """Return the tasks that words name, in the lab's order; None or none of them means all.

    A word is a task, or the beginning of several up to a hyphen: `1.2` is the three of 1.2. `1.3` is a task:
    the same with a shared initializer is `1.3-shared-initializer`.

    Raises
    ------
    MlplabError
        If a word names no task.

    Examples
    --------
    >>> select_tasks(["3", "1.2"])
    ('1.2-linear', '1.2-sigmoid', '1.2-relu', '3')
    """
    if not words:
        return TASKS
    chosen: set[str] = set()
    for word in words:
        named = {word} & {*TASKS} or {task for task in TASKS if task.startswith(f"{word}-")}
        if not named:
            groups = list(dict.fromkeys(task.split("-")[0] for task in TASKS))
            known = [*groups, *(task for task in TASKS if task not in groups)]
            raise MlplabError(f"unknown task '{word}'; {suggestion(word, known)}")
        chosen |= named
    return tuple(task for task in TASKS if task in chosen)
