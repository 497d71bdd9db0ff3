"""What can be varied in a set-up: its numbers, read from the spec, each with a ladder of values."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pydantic.fields import FieldInfo

from mlplab.errors import MlplabError
from mlplab.playground.controls.menus import words
from mlplab.playground.session.limits import check_limits
from mlplab.spec import Experiment, FiniteSamples, Recipe
from mlplab.spec.part import Part

Number = int | float

VALUES = 5
"""On a ladder, at most."""

FEWEST = 3
"""On a ladder, or the number is not offered."""

COUNTED = ("hidden_layers", "classes")
"""Numbers that go up and down by one."""

STEEP = ("learning_rate", "initial_learning_rate", "batch_size")
"""Numbers that go up and down by a factor of four; all others by two."""

FRACTIONS = (0.0, 0.3, 0.6, 0.9, 0.99, 0.999)
"""Where a number that lies between 0 and 1 goes up and down."""

MEASURING = ("test_per_class",)
"""Numbers that say how well one measures, and change nothing of what is learnt."""


@dataclass(frozen=True)
class Hyperparameter:
    """A number of a set-up.

    Attributes
    ----------
    path : str
        Its place in the spec, such as `training.batch_size`.
    value : int or float
        That it has.
    values : tuple of int or float
        That it may have, rising, `value` among them: in the middle, where the spec and the playground
        let as many stand above as below.
    """

    path: str
    value: Number
    values: tuple[Number, ...]

    @property
    def name(self) -> str:
        """What a page calls it."""
        return words(self.path.split(".")[-1])


@lru_cache(maxsize=64)
def hyperparameters(experiment: Experiment) -> tuple[Hyperparameter, ...]:
    """Return what can be varied in a set-up, in the order of the spec.

    A number that cannot be varied alone is left out, such as the number of layers where each has a width
    of its own.

    Examples
    --------
    >>> from mlplab.playground.session.presets import PRESETS
    >>> for each in hyperparameters(PRESETS["1.1  two clouds, batch 16"]):
    ...     print(each.path, each.values)
    dataset.sigma (0.015, 0.03, 0.06, 0.12, 0.24)
    dataset.train_per_class (128, 256, 512, 1024, 2048)
    dataset.classes (2, 3, 4, 5, 6)
    network.initializer.mean (0.025, 0.05, 0.1, 0.2, 0.4)
    network.initializer.stddev (0.025, 0.05, 0.1, 0.2, 0.4)
    training.optimizer.learning_rate (0.0625, 0.25, 1.0, 4.0, 16.0)
    training.optimizer.momentum (0.0, 0.3, 0.6, 0.9, 0.99)
    training.batch_size (1, 4, 16, 64, 256)
    training.epochs (1, 2, 4, 8, 16)
    """
    found = (
        Hyperparameter(path, value, _ladder(experiment, path, value, field))
        for path, value, field in _numbers(experiment, "")
    )
    return tuple(each for each in found if len(each.values) >= FEWEST)


def find_hyperparameter(experiment: Experiment, path: str) -> Hyperparameter:
    """Return what can be varied in a set-up, by its path.

    Raises
    ------
    MlplabError
        If there is no such number.
    """
    for each in hyperparameters(experiment):
        if each.path == path:
            return each
    raise MlplabError(f"there is no number '{path[:60]}' to vary in this set-up")


def with_value(experiment: Experiment, path: str, value: Number) -> Experiment:
    """Return a set-up in which one number is another.

    Raises
    ------
    MlplabError
        If the set-up has no such number.
    SpecError
        If the spec refuses the value.

    Examples
    --------
    >>> from mlplab.playground.session.presets import PRESETS
    >>> slow = with_value(PRESETS["1.4  five rings, Adam"], "training.optimizer.learning_rate", 1e-4)
    >>> slow.training.optimizer.learning_rate
    0.0001
    """
    table = experiment.model_dump()
    part = table
    *parents, name = path.split(".")
    for parent in parents:
        below = part.get(parent)
        part = below if isinstance(below, dict) else {}
    if name not in part:
        raise MlplabError(f"this set-up has no '{path}'")
    part[name] = value
    return Experiment(**table)


def _numbers(part: Part, path: str) -> Iterator[tuple[str, Number, FieldInfo]]:
    """Yield path, value and field of each number."""
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        below = f"{path}.{name}".lstrip(".")
        if isinstance(value, FiniteSamples) or name in MEASURING:
            continue
        if isinstance(value, Part):
            yield from _numbers(value, below)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield below, value, field


def _ladder(
    experiment: Experiment, path: str, value: Number, field: FieldInfo
) -> tuple[Number, ...]:
    """Return the values, as many below as above where that can be."""

    def climb(step: Callable[[Number], Number | None]) -> list[Number]:
        found: list[Number] = []
        now = value
        while len(found) < VALUES - 1:
            then = step(now)
            if then is None or then == now or not _is_valid(experiment, path, then):
                break
            found.append(then)
            now = then
        return found

    up, down = (climb(step) for step in _steps(path.rsplit(".", maxsplit=1)[-1], value, field))
    half = VALUES // 2
    above = min(len(up), max(half, VALUES - 1 - len(down)))
    below = min(len(down), VALUES - 1 - above)
    return tuple(sorted([*down[:below], value, *up[:above]]))


def _is_valid(experiment: Experiment, path: str, value: Number) -> bool:
    """Tell whether a value can be trained with, and is not the same as the one before it."""
    try:
        check_limits(with_value(experiment, path, value))
    except MlplabError:
        return False
    dataset = experiment.dataset
    if path == "training.batch_size" and isinstance(dataset, Recipe):
        # More than all points are no more than all points.
        return value <= dataset.counts[0]
    return True


def _steps(
    name: str, value: Number, field: FieldInfo
) -> tuple[Callable[[Number], Number | None], Callable[[Number], Number | None]]:
    """Return what leads from a value to the next above, and to the next below."""
    if name in COUNTED:
        return lambda v: v + 1, lambda v: v - 1
    if _is_fraction(name, value, field):
        return (
            lambda v: min((s for s in FRACTIONS if s > v), default=None),
            lambda v: max((s for s in FRACTIONS if s < v), default=None),
        )
    factor = 4 if name in STEEP else 2
    if isinstance(value, int):
        return lambda v: v * factor, lambda v: round(v / factor)
    # A number such as 0.1 · 2 · 2 · 2 is to be read without its rounding.
    return lambda v: _short(v * factor), lambda v: _short(v / factor)


def _is_fraction(name: str, value: Number, field: FieldInfo) -> bool:
    """Tell whether a number lies between 0 and 1: by the spec, or as the usual rates of decay do."""
    ends = (getattr(bound, end, None) for bound in field.metadata for end in ("le", "lt"))
    bounded = any(end is not None and end <= 1 for end in ends)
    return isinstance(value, float) and (bounded or (name == "decay_rate" and 0 < value < 1))


def _short(value: Number) -> float:
    return float(f"{value:.6g}") if math.isfinite(value) else value
