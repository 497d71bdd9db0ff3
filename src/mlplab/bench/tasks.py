"""What the bench does, by the names that its progress has: parts, and the tasks of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mlplab.bench.end_to_end import EndToEndCase, cases
from mlplab.bench.record import PARTS, Settings
from mlplab.bench.workload import workloads
from mlplab.errors import MlplabError, suggestion
from mlplab.report.progress import OnTaskProgress

REGULARISED = "dropout and a penalty, end to end"
CURVES, STARTING = "cost curves", "compiling and starting"
OVERHEAD, FULL_STORE = "overhead of the store", "a full store"
TUNING = "tuning"
ESTIMATORS = "estimators, fit for fit"
SEARCH = "a search"
CLUSTER = "a Dask cluster"
BROWSER = "the browser's modules"
PAGE = "the page"
DEVICE = "JAX on a device"


def select_parts(words: Sequence[str]) -> tuple[str, ...]:
    """Return the parts of the bench that are named, in the order in which they are measured.

    Raises
    ------
    MlplabError
        If there is no such part.

    Examples
    --------
    >>> select_parts(["start", "end-to-end"])
    ('end-to-end', 'start')
    """
    for word in words:
        if word not in PARTS:
            raise MlplabError(f"unknown part '{word}'; {suggestion(word, PARTS)}")
    return tuple(part for part in PARTS if part in words)


def tasks(settings: Settings) -> list[str]:
    """Return the names of what the bench does, as its progress calls them."""
    named = {
        "end-to-end": [task_of(case) for case in cases()],
        "regularised": [REGULARISED],
        "peers": [workload.name for workload in workloads(settings.quick)],
        "curves": [CURVES],
        "start": [STARTING],
        "store": [OVERHEAD, FULL_STORE],
        "tuning": [TUNING],
        "estimators": [ESTIMATORS],
        "search": [SEARCH],
        "cluster": [CLUSTER],
        "browser": [BROWSER],
        "page": [PAGE],
    }
    return [name for part in PARTS if part in settings.parts for name in named[part]]


def task_of(case: EndToEndCase) -> str:
    """Return what progress calls the measurement of a case."""
    return f"{case.workload.id}, end to end"


def counting(progress: OnTaskProgress, task: str, total: int) -> Callable[[], None]:
    """Return what tells of one more step each time that it is called."""
    steps = iter(range(1, total + 1))
    return lambda: progress(task, next(steps), total)
