"""What a shell offers for a value that is one of some names; for all others it offers files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, get_args

if TYPE_CHECKING:
    from mlplab.spec.part import Part


def trainers(incomplete: str) -> list[str]:
    """Of `--trainer`.

    >>> trainers("k")
    ['keras']
    """
    from mlplab.trainers import TRAINERS

    return _beginning(TRAINERS, incomplete)


def export_formats(incomplete: str) -> list[str]:
    """Of `--to`."""
    from mlplab.models import EXPORT_FORMATS

    return _beginning(EXPORT_FORMATS, incomplete)


def dataset_kinds(incomplete: str) -> list[str]:
    """Of what is drawn; own samples are files."""
    from mlplab.spec.datasets import DatasetSpec, Recipe

    drawn = (name for name, kind in DatasetSpec.kinds.items() if issubclass(kind, Recipe))
    return _beginning(drawn, incomplete)


def activations(incomplete: str) -> list[str]:
    """Of `--activation`, for one of all hidden layers."""
    from mlplab.spec import ACTIVATIONS

    return _beginning(ACTIVATIONS, incomplete)


def output_activations(incomplete: str) -> list[str]:
    """Of `--output`."""
    from mlplab.models.model import OUTPUT_HEADS

    return _beginning(OUTPUT_HEADS, incomplete)


def measures(incomplete: str) -> list[str]:
    """Of `--measure`, where runs are compared."""
    from mlplab.statistics import MEASURES

    return _beginning(MEASURES, incomplete)


def cell_measures(incomplete: str) -> list[str]:
    """Of `--measure`, where a map is drawn."""
    from mlplab.sweep.cells import CELL_MEASURES

    return _beginning(CELL_MEASURES, incomplete)


def objectives(incomplete: str) -> list[str]:
    """Of `--objective`."""
    from mlplab.sweep.search_plan import OBJECTIVES

    return _beginning(OBJECTIVES, incomplete)


def samplers(incomplete: str) -> list[str]:
    """Of `--sampler`."""
    from mlplab.sweep.samplers import SAMPLERS

    return _beginning(SAMPLERS, incomplete)


def table_formats(incomplete: str) -> list[str]:
    """Of `--numbers`."""
    from mlplab.sweep.numbers import FORMATS

    return _beginning(FORMATS, incomplete)


def endings(incomplete: str) -> list[str]:
    """Of `--ending`."""
    from mlplab.store.schema import ENDINGS

    return _beginning(ENDINGS, incomplete)


def planes(incomplete: str) -> list[str]:
    """Of `--plane`."""
    from mlplab.explain.plane import PLANE_KINDS

    return _beginning(PLANE_KINDS, incomplete)


def splits(incomplete: str) -> list[str]:
    """Of `--split`."""
    from mlplab.data.dataset import SplitName

    return _beginning(get_args(SplitName), incomplete)


def lessons(incomplete: str) -> list[str]:
    """Of `--lesson`; lessons of one's own are files."""
    from mlplab.playground.lesson import lesson_names

    return _beginning(lesson_names(), incomplete)


def settings(incomplete: str) -> list[str]:
    """Of what stands before the value in `--set`, `--x` and `--y`.

    >>> settings("training.b")
    ['training.batch_size=']
    """
    from mlplab.spec import Experiment

    return _beginning(dict.fromkeys(f"{path}=" for path in _paths(Experiment)), incomplete)


def _paths(part: type[Part]) -> Iterator[str]:
    """Go through the paths of the settings of a part, those of its parts too."""
    for name, field in part.model_fields.items():
        yield name
        for inner in _parts_in(field.annotation):
            yield from (f"{name}.{path}" for path in _paths(inner))


def _parts_in(form: Any) -> Iterator[type[Part]]:
    """Go through the parts that a field can be, each kind of a family by itself."""
    from mlplab.spec.part import Part

    if isinstance(form, type) and issubclass(form, Part):
        kinds = getattr(form, "kinds", {})
        yield from kinds.values() if form not in kinds.values() else (form,)
        if not kinds:
            yield form
    for inner in get_args(form):
        yield from _parts_in(inner)


def _beginning(names: Iterable[str], incomplete: str) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]
