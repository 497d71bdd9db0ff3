"""One axis of a map: a setting and its values, as `SETTING=log:FROM:TO:N`, `lin:FROM:TO:N` or a list."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from mlplab.errors import MlplabError, SpecError, shown
from mlplab.spec import Experiment
from mlplab.spec.part import Part

Scale = Literal["log", "lin", "list"]

MOST_VALUES = 10_000
"""Of an axis: a picture shows no more."""

FORMS = "SETTING=log:FROM:TO:N, SETTING=lin:FROM:TO:N or SETTING=VALUE,VALUE,…"


@dataclass(frozen=True)
class Axis:
    """A setting and the values that it takes, one after the other.

    Attributes
    ----------
    setting : str
        Its path, such as `training.optimizer.learning_rate`.
    values : tuple
        Numbers, names or tables as in TOML.
    scale : str
        `log` or `lin`, by which the values are spaced evenly and rise; `list` for others.

    Raises
    ------
    MlplabError
        If there is no value, or those of `log` or `lin` are no rising numbers.
    """

    setting: str
    values: tuple[Any, ...]
    scale: Scale = "list"

    def __post_init__(self) -> None:
        if not self.values:
            raise MlplabError(f"{self.setting}: an axis needs one value at least, received none")
        if self.scale == "list":
            return
        is_number = all(isinstance(value, int | float) for value in self.values)
        if not is_number or any(a >= b for a, b in pairwise(self.values)):
            raise MlplabError(
                f"{self.setting}: an axis of scale {self.scale} needs rising numbers, received "
                f"{shown(self.values)}"
            )

    def __len__(self) -> int:
        return len(self.values)

    @property
    def labels(self) -> list[str]:
        """The values as they are shown."""
        return [label(value) for value in self.values]

    @property
    def positions(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Where each value lies: at its logarithm to base 10, at itself, or at its place in a list."""
        if self.scale == "list":
            return np.arange(len(self), dtype=np.float64)
        numbers = np.array(self.values, np.float64)
        return np.log10(numbers) if self.scale == "log" else numbers

    @classmethod
    def parse(cls, text: str, experiment: Experiment, option: str = "--x") -> Axis:
        """Read an axis as it is written on the command line.

        A setting that is a whole number in the experiment takes whole numbers: what `log` and `lin`
        space evenly is rounded, and equal ones count once.

        Parameters
        ----------
        text : str
            Such as `training.batch_size=1,2,4` or `training.optimizer.learning_rate=log:1e-3:10:512`.
        experiment : Experiment
        option : str
            What messages call it.

        Raises
        ------
        MlplabError
            If the text has another form, a range is empty, reversed or not of numbers, or a value stands
            there twice.

        Examples
        --------
        >>> base = Experiment(dataset="linear")
        >>> Axis.parse("training.batch_size=log:1:64:4", base).values
        (1, 4, 16, 64)
        >>> Axis.parse("training.optimizer=sgd,adam", base).values
        ('sgd', 'adam')
        >>> Axis.parse("network.layer_width=[[8, 4], 6]", base).values
        ([8, 4], 6)
        """
        setting, equals, values = (part.strip() for part in text.partition("="))
        if not (setting and equals and values):
            raise MlplabError(f"{option} expects {FORMS}, received {shown(text)}")
        where = f"{option} {setting}"
        scale, colon, numbers = values.partition(":")
        if colon and scale in ("log", "lin"):
            spaced = _spaced(where, scale, numbers)
            if is_whole(experiment, setting):
                spaced = list(dict.fromkeys(round(value) for value in spaced))
            return cls(setting, tuple(spaced), "log" if scale == "log" else "lin")
        if colon and len(values.split(":")) == 4:
            raise MlplabError(f"{option} expects {FORMS}, received {shown(text)}")
        return cls.listed(where, setting, _listed(where, values))

    @classmethod
    def listed(cls, where: str, setting: str, values: Sequence[Any]) -> Axis:
        """Return an axis of these values.

        Parameters
        ----------
        where : str
            What messages call it.

        Raises
        ------
        MlplabError
            If there is none, one stands there twice, or there are very many.
        """
        written = [json.dumps(value, sort_keys=True, default=str) for value in values]
        twice = next((each for each in written if written.count(each) > 1), None)
        if twice is not None:
            raise MlplabError(f"{where}: {twice} stands there twice")
        if not values:
            raise MlplabError(f"{where} needs one value at least, received none")
        if len(values) > MOST_VALUES:
            raise MlplabError(f"{where}: at most {MOST_VALUES:,} values, received {len(values):,}")
        return cls(setting, tuple(values))

    def windowed(self, low: float, high: float) -> Axis:
        """Return the axis between two numbers, with as many values: what a map shows when it is zoomed.

        Raises
        ------
        MlplabError
            If the values are a list, or the numbers are no rising range.
        """
        if self.scale == "list":
            raise MlplabError(
                f"a window needs axes of log: or lin:, and {self.setting} is a list of values"
            )
        numbers = f"{low!r}:{high!r}:{len(self)}"
        spaced = _spaced(f"--window, {self.setting}", self.scale, numbers)
        if all(isinstance(value, int) for value in self.values):
            spaced = list(dict.fromkeys(round(value) for value in spaced))
        return Axis(self.setting, tuple(spaced), self.scale)


def _spaced(where: str, scale: str, text: str) -> list[float]:
    """Return evenly spaced numbers as FROM:TO:N says, both ends among them, exactly."""
    form = f"{scale}:FROM:TO:N, such as {scale}:0.001:10:512"
    parts = text.split(":")
    low, high = range_ends(where, scale, parts[:2], form, f"{scale}:{text}")
    try:
        (count,) = map(int, parts[2:])
    except ValueError:
        raise MlplabError(f"{where} expects {form}, received {shown(f'{scale}:{text}')}") from None
    if not 2 <= count <= MOST_VALUES:
        raise MlplabError(f"{where}: N must be from 2 to {MOST_VALUES:,}, received {count}")
    fractions = [i / (count - 1) for i in range(1, count - 1)]
    between = [number_between(scale, low, high, fraction) for fraction in fractions]
    values = [low, *between, high]
    if len(set(values)) < count:
        raise MlplabError(f"{where}: {low!r} and {high!r} are too near for {count} numbers between")
    return values


def range_ends(
    where: str, scale: str, texts: Sequence[str], form: str, received: str
) -> tuple[float, float]:
    """Return the ends of a range from their texts.

    Raises
    ------
    MlplabError
        If they are no rising numbers, or of a scale `log` not above 0.
    """
    try:
        low, high = map(float, texts)
    except ValueError:
        low = high = math.nan
    if not (math.isfinite(low) and math.isfinite(high)):
        raise MlplabError(f"{where} expects {form}, received {shown(received)}")
    if not low < high:
        raise MlplabError(f"{where}: FROM must be below TO, received {low:g} and {high:g}")
    if scale == "log" and low <= 0:
        raise MlplabError(f"{where}: log needs numbers above 0, received {low:g}")
    return low, high


def number_between(scale: str, low: float, high: float, fraction: float) -> float:
    """Return the number at a fraction of the way from low to high, to twelve digits.

    Powers differ in their last digits from machine to machine, and an experiment's key must not.
    """
    if scale == "log":
        between = low * (high / low) ** fraction
        if not math.isfinite(between):  # the quotient of numbers far apart is too large
            between = low ** (1 - fraction) * high**fraction
        return float(f"{between:.12g}")
    return float(f"{low + (high - low) * fraction:.12g}")


def _listed(where: str, text: str) -> list[Any]:
    """Return the values of a list as it is typed: TOML's values, or words, with commas between."""
    for candidate in (f"[{text}]", text):
        try:
            table = tomllib.loads(f"value = {candidate}")
        except (ValueError, RecursionError):  # TOML's own, or a number of too many digits
            continue
        value = table["value"]
        if len(table) == 1 and isinstance(value, list):
            # [[8, 4], 6] is written as the list that it is, 8,4 without the brackets.
            is_doubled = len(value) == 1 and isinstance(value[0], list) and candidate != text
            return list(value[0]) if is_doubled else value
    words = [word.strip() for word in text.split(",")]
    if not all(words) or any(word[0] in "[{\"'" for word in words):
        raise MlplabError(f"{where}: {shown(text)} is no list of values as in TOML")
    return [_worded(word) for word in words]


def _worded(word: str) -> Any:
    """Return a value among words: a number or truth value of TOML, or the word."""
    try:
        table = tomllib.loads(f"value = {word}")
    except (ValueError, RecursionError):
        return word
    return table["value"] if len(table) == 1 else word


def is_whole(experiment: Experiment, setting: str) -> bool:
    """Tell whether a setting is a whole number in the experiment."""
    value = own_value(experiment, setting)
    return isinstance(value, int) and not isinstance(value, bool)


def own_value(experiment: Experiment, setting: str) -> Any:
    """Return the value that a setting has in the experiment; None where it has none."""
    part: Any = experiment
    for name in setting.split("."):
        part = getattr(part, name, None) if isinstance(part, Part) else None
    return part


def own_place(axis: Axis, experiment: Experiment) -> int | None:
    """Return the place in a list of the value that the experiment has; None where it is not in it."""
    alike = (i for i, value in enumerate(axis.values) if _is_own(experiment, axis.setting, value))
    return next(alike, None)


def _is_own(experiment: Experiment, setting: str, value: Any) -> bool:
    try:
        return experiment.varied({setting: value}) == experiment
    except SpecError:
        # A value that fits only with some of other settings.
        return False


def label(value: Any) -> str:
    """Write a value as it is shown: numbers in short, tables and lists as JSON."""
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping | Sequence) and not isinstance(value, str):
        return json.dumps(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
