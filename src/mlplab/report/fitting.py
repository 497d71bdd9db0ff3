"""Which initializers fit the numbers of tasks 1.3 and 1.4: one for each layer, or one for all.

The source's listings of both tasks hand one initializer object to all layers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mlplab.report.experiments import SHARED_INITIALIZER
from mlplab.report.reproduction import Erratum, Task
from mlplab.report.wording import is_usual, listing, loss, percent, standing
from mlplab.run import Float64
from mlplab.statistics import COMPARABLE, finite, percentile_of

NEW, SHARED = "a new initializer for each layer", "one shared by all"

_FITS = {
    (True, True): "both",
    (True, False): "the former only",
    (False, True): "the latter only",
    (False, False): "neither",
}
"""What a number fits, by whether it fits new initializers and whether it fits a shared one."""


def find_fitting_initializers(tasks: Mapping[str, Task]) -> Erratum | None:
    """Place the published numbers among the runs with a new and with a shared initializer.

    Returns
    -------
    Erratum or None
        None unless a task was reproduced both ways.
    """
    pairs = [
        (id, tasks[id], tasks[s]) for id, s in SHARED_INITIALIZER.items() if {id, s} <= {*tasks}
    ]
    if not pairs:
        return None
    runs = [task.test_accuracy for _, *both in pairs for task in both]
    many = min(len(finite(values)) for values in runs) >= COMPARABLE
    measured: dict[str, float | int | str | list[float]] = {}
    sentences = []
    for id, new, shared in pairs:
        sentences.append(_placed(id, new, shared))
        for task in (new, shared):
            measured |= _percentiles(task)
    return Erratum(
        number=7,
        title="One initializer for all layers",
        claim=f"{_listings([id for id, *_ in pairs])} one initializer object, without a seed, for all layers.",
        evidence=(
            "Such an object of Keras 3 gives the same values at every call, so that all layers of one shape "
            "begin with equal weights: here the nine hidden matrices of 50 × 50. A new object for each layer, "
            "or its name as text, does not.",
            f"A published number is said to fit where it lies within {'the middle 90 %' if many else 'the range'} "
            "of the replications.",
            *sentences,
        ),
        measured=measured,
    )


def _listings(ids: Sequence[str]) -> str:
    return f"The listing{'s' * (len(ids) > 1)} of {listing(ids)} make{'s' * (len(ids) == 1)}"


def _placed(id: str, new: Task, shared: Task) -> str:
    """Say where the published numbers of a task lie, and which initializers they fit."""
    sentences, fits = [], []
    for name, published, say, measure in _numbers(new):
        values = [measure(task) for task in (new, shared)]
        if not all(len(finite(of_one)) for of_one in values):
            return f"Of {id}, all runs of one kind diverged: nothing fits or does not."
        where = [standing(published, of_one) for of_one in values]
        fits.append([is_usual(published, of_one) for of_one in values])
        sentences.append(
            f"{name} {say(published)}: {where[0]} with {NEW}, {where[1]} with {SHARED}; "
            f"it fits {_FITS[fits[-1][0], fits[-1][1]]}."
        )
    together = _FITS[all(new for new, _ in fits), all(shared for _, shared in fits)]
    return f"*{id}.* {' '.join(sentences)} Together the two fit {together}."


def _numbers(
    task: Task,
) -> tuple[tuple[str, float | None, Callable[[float | None], str], Callable[[Task], Float64]], ...]:
    """Return each published number: what it is called, its value, how it is said, and what measures it."""
    published = task.published
    return (
        ("Test accuracy", published.test_accuracy, percent, lambda task: task.test_accuracy),
        ("Test loss", published.test_loss, loss, lambda task: task.test_loss),
    )


def _percentiles(task: Task) -> dict[str, float]:
    """Return the percentile of each published number among a task's runs; NaN if all diverged."""
    found = {}
    for name, published, _, measure in _numbers(task):
        percentile = None if published is None else percentile_of(published, measure(task))
        key = f"percentile of the published {name.lower()} in {task.id}"
        found[key] = float("nan") if percentile is None else percentile
    return found
