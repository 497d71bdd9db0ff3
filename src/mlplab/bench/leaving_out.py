"""Parts of the bench that are left out where a library is missing, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from mlplab.bench.record import Settings
from mlplab.report.progress import OnTaskProgress

Figures = TypeVar("Figures")


def not_installed(modules: Sequence[str]) -> str:
    """Say which modules are missing.

    >>> not_installed(["optuna"]), not_installed(["keras", "jax"])
    ('optuna is not installed', 'keras and jax are not installed')
    """
    return f"{' and '.join(modules)} {'is' if len(modules) == 1 else 'are'} not installed"


def measured_beside(
    part: str,
    library: str,
    missing: Callable[[], Sequence[str]],
    measure: Callable[[Settings, OnTaskProgress], Figures],
    settings: Settings,
    progress: OnTaskProgress,
    left_out: dict[str, str],
) -> Figures | None:
    """Measure a part beside a library; without it, or if it cannot be imported, it is left out."""
    if part not in settings.parts:
        return None
    if absent := missing():
        left_out[library] = not_installed(absent)
        return None
    try:
        return measure(settings, progress)
    except ImportError as error:
        left_out[library] = str(error)
        return None
