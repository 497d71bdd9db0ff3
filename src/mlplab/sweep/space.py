"""What a search may choose: values for some settings of an experiment, as a TOML file says them.

The file mirrors the experiment's own. In place of a value stands a list of values, or a range:

    [training]
    batch_size = [8, 16, 32]

    [training.optimizer]
    learning_rate = "log:0.001:1"      # any number between, every factor as likely as any other
    momentum = "lin:0:0.9:10"          # one of 10 numbers in equal steps
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from mlplab.errors import MlplabError, SpecError, shown
from mlplab.spec import Experiment, Grid
from mlplab.spec.toml_text import parse_toml, read_text
from mlplab.spec.variants import vary
from mlplab.sweep.axis import Axis, is_whole, number_between, range_ends
from mlplab.sweep.checks import check_cells, check_samples, check_values

FORMS = 'a list of values, "log:FROM:TO", "lin:FROM:TO", or one of these with :N for N values'

RangeScale = Literal["log", "lin"]

MOST_CORNERS = 1 << 14
"""Combinations of lists and ends of ranges that are checked before any work."""


@dataclass(frozen=True)
class Range:
    """A setting that may be any number between two.

    Attributes
    ----------
    setting : str
        Its path.
    low, high : float
        Both may be taken.
    scale : str
        `log`: every factor is as likely as any other; `lin`: every step.
    whole : bool
        Whether only whole numbers are meant.
    """

    setting: str
    low: float
    high: float
    scale: RangeScale
    whole: bool = False

    def at(self, fraction: float) -> float:
        """Return the number at a fraction of the way, from above 0 to below 1.

        Examples
        --------
        >>> Range("a", 0.01, 1.0, "log").at(0.5), Range("a", 1, 3, "lin", whole=True).at(0.99)
        (0.1, 3)
        """
        if not self.whole:
            return min(
                max(number_between(self.scale, self.low, self.high, fraction), self.low), self.high
            )
        # Each whole number has the part of the way up to the next one.
        found = number_between(self.scale, self.low, self.high + 1, fraction)
        return int(min(max(math.floor(found), self.low), self.high))

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest number."""
        return self.low, self.high


Choice = Axis | Range


@dataclass(frozen=True)
class Space:
    """Settings of an experiment, and of each what it may be.

    Attributes
    ----------
    choices : tuple of Axis or Range
        Of different settings, in the order of the file.

    Examples
    --------
    >>> experiment = Experiment(dataset="linear")
    >>> table = {"training": {"batch_size": [8, 16], "optimizer": {"learning_rate": "log:0.01:1"}}}
    >>> space = Space.from_table(table, experiment)
    >>> space.changes([0.9, 0.5])
    {'training.batch_size': 16, 'training.optimizer.learning_rate': 0.1}
    """

    choices: tuple[Choice, ...]

    @classmethod
    def from_toml(cls, path: str | Path, experiment: Experiment) -> Space:
        """Read a space from a TOML file.

        Raises
        ------
        SpecError
            If the file cannot be read, or is no TOML.
        MlplabError, SpecError
            As `from_table`.
        """
        path = Path(path)
        text = read_text(path, "the space")
        return cls.from_table(parse_toml(text, str(path)), experiment, str(path))

    @classmethod
    def from_table(
        cls, table: Mapping[str, Any], experiment: Experiment, source: str = "the space"
    ) -> Space:
        """Read a space of an experiment from nested tables.

        Raises
        ------
        MlplabError
            If there is no setting, something else than values or a range stands in place of one, or a
            setting stands there twice.
        SpecError
            If a setting is unknown.
        """
        choices = [_choice(source, setting, leaf, experiment) for setting, leaf in _leaves(table)]
        if not choices:
            raise MlplabError(f"{source} names no setting: write {FORMS} in place of a value")
        settings = [choice.setting for choice in choices]
        twice = next((each for each in settings if settings.count(each) > 1), None)
        if twice is not None:
            raise MlplabError(f"{source}: {twice} stands there twice")
        space = cls(tuple(choices))
        try:
            vary(experiment, {setting: values[0] for setting, values in space._corners.items()})
        except SpecError as error:
            raise SpecError(f"{source}: {error}") from error
        return space

    @property
    def settings(self) -> tuple[str, ...]:
        """The paths of all settings."""
        return tuple(choice.setting for choice in self.choices)

    @property
    def size(self) -> float:
        """How many combinations there are; infinity where a setting may be any number."""
        return math.prod(
            len(choice) if isinstance(choice, Axis) else _count(choice) for choice in self.choices
        )

    @property
    def description(self) -> dict[str, Any]:
        """What each setting may be, as plain values by its path."""
        return {
            choice.setting: list(choice.values)
            if isinstance(choice, Axis)
            else f"{choice.scale}:{choice.low!r}:{choice.high!r}"
            for choice in self.choices
        }

    def changes(self, fractions: Sequence[float]) -> dict[str, Any]:
        """Return the values at a place: of each setting a fraction, above 0 and below 1, of its way."""
        return {
            choice.setting: choice.at(fraction)
            if isinstance(choice, Range)
            else choice.values[int(fraction * len(choice))]
            for choice, fraction in zip(self.choices, fractions, strict=True)
        }

    @property
    def _corners(self) -> dict[str, Sequence[Any]]:
        """All values of lists, and the ends of ranges."""
        return {
            choice.setting: choice.values if isinstance(choice, Axis) else choice.ends
            for choice in self.choices
        }

    def check(self, experiment: Experiment) -> None:
        """Refuse values that an experiment does not take.

        Parameters
        ----------
        experiment : Experiment
            One that has a key: where its samples come from a file, their content is pinned.

        Raises
        ------
        SpecError
            If the spec refuses a combination: which, and why; or one means other own samples.
        MlplabError
            If two values mean the same.
        """
        corners = self._corners
        for choice in self.choices:
            if isinstance(choice, Axis):
                check_values(experiment, choice)
        if math.prod(map(len, corners.values())) <= MOST_CORNERS:
            grid = Grid(experiment, corners)
            check_cells(grid)
            check_samples(grid)


def _leaves(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Go through the leaves of nested tables by their paths."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _choice(source: str, setting: str, leaf: Any, experiment: Experiment) -> Choice:
    """Return what a setting may be."""
    where = f"{source}: {setting}"
    if isinstance(leaf, list):
        return Axis.listed(where, setting, leaf)
    scale, _, numbers = leaf.partition(":") if isinstance(leaf, str) else ("", "", "")
    if scale in ("log", "lin"):
        kind = cast("RangeScale", scale)
        parts = numbers.split(":")
        if len(parts) == 2:
            low, high = range_ends(where, scale, parts, f"{scale}:FROM:TO", leaf)
            if not is_whole(experiment, setting):
                return Range(setting, low, high, kind)
            ends = math.ceil(low), math.floor(high)
            if not ends[0] < ends[1]:
                raise MlplabError(
                    f"{where}: between {low:g} and {high:g} there are no whole numbers"
                )
            return Range(setting, *ends, kind, whole=True)
        return Axis.parse(f"{setting}={leaf}", experiment, f"{source}:")
    raise MlplabError(f"{where} expects {FORMS}, received {shown(leaf)}")


def _count(choice: Range) -> float:
    return choice.high - choice.low + 1 if choice.whole else math.inf
