"""Which candidates a search looks at: a grid, random ones, Sobol's sequence, or Optuna's TPE.

A sampler is asked for candidates, and told how good they were. The same seed and the same answers give
the same candidates, on every machine: a search that was interrupted is asked anew, from its beginning,
and finds what it has trained.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from mlplab.errors import MissingExtraError, MlplabError, suggestion
from mlplab.streams import uniform
from mlplab.sweep.axis import Axis
from mlplab.sweep.space import Choice, Range, Space

SAMPLERS = ("random", "grid", "sobol", "tpe")

CANDIDATES_STREAM = 1000
"""Which of a seed's streams candidates are drawn from; trials have the first ones."""

TOGETHER = 8
"""Candidates that TPE names at a time, which are then trained together."""

MOST_REPEATS = 100
"""So many candidates in turn that were there before mean that there are no others."""

Changes = dict[str, Any]


class Sampler(Protocol):
    """Names candidates."""

    def ask(self) -> list[Changes]:
        """Return the next candidates, none of them twice; no more at the end."""
        ...

    def tell(self, scores: Sequence[float]) -> None:
        """Take note of the scores of the candidates that were last asked for; infinite for the worst."""
        ...


def make_sampler(name: str, space: Space, count: int, seed: int, lower_is_better: bool) -> Sampler:
    """Return a sampler of a space.

    Parameters
    ----------
    name : str
        One of `SAMPLERS`.
    space : Space
    count : int
        How many candidates are wanted; of a grid all of them.
    seed : int
    lower_is_better : bool
        Of the scores.

    Raises
    ------
    MlplabError
        If there is no such sampler, or a grid of ranges without a number of values, or the space has
        fewer candidates than wanted.
    MissingExtraError
        If Optuna is wanted, and not installed.
    """
    if name not in SAMPLERS:
        raise MlplabError(f"unknown sampler '{name}'; {suggestion(name, SAMPLERS)}")
    if name == "grid":
        return _Fixed(_grid(space))
    if count > space.size:
        raise MlplabError(
            f"the space has {space.size:,.0f} candidates, fewer than {count:,}: take them all, by "
            "--sampler grid, or fewer"
        )
    if name == "tpe":
        return _Tpe(space, count, seed, lower_is_better)
    points = _random(space, seed) if name == "random" else _sobol(space, count, seed)
    return _Fixed(_distinct(space, points, count))


class _Fixed:
    """Candidates that are known beforehand."""

    def __init__(self, candidates: list[Changes]) -> None:
        self._next = [candidates]

    def ask(self) -> list[Changes]:
        return self._next.pop() if self._next else []

    def tell(self, scores: Sequence[float]) -> None:
        """Nothing depends on them."""


def grid_axes(space: Space) -> list[Axis]:
    """Return a space as axes of a grid.

    Raises
    ------
    MlplabError
        If a setting may be any number of a range.
    """
    for choice in space.choices:
        if isinstance(choice, Range):
            raise MlplabError(
                f"a grid needs a number of values for {choice.setting}, as in "
                f"{choice.scale}:{choice.low:g}:{choice.high:g}:8"
            )
    return [choice for choice in space.choices if isinstance(choice, Axis)]


def _grid(space: Space) -> list[Changes]:
    """Return every combination once; the last setting changes fastest."""
    values = [axis.values for axis in grid_axes(space)]
    return [dict(zip(space.settings, each, strict=True)) for each in itertools.product(*values)]


def _generator(seed: int) -> np.random.Generator:
    sequence = np.random.SeedSequence(seed, spawn_key=(CANDIDATES_STREAM,))
    return np.random.Generator(np.random.PCG64(sequence))


def _random(space: Space, seed: int) -> Iterator[Sequence[float]]:
    """Yield uniform places."""
    generator = _generator(seed)
    while True:
        yield uniform(generator, len(space.choices)).tolist()


def _sobol(space: Space, count: int, seed: int) -> Iterator[Sequence[float]]:
    """Yield the places of Sobol's sequence, shifted by a random vector (Cranley and Patterson 1976).

    SciPy's own scrambling is not promised to stay the same; the sequence is.
    """
    from scipy.stats import qmc

    shift = uniform(_generator(seed), len(space.choices))
    sequence = qmc.Sobol(len(space.choices), scramble=False)
    size = max(1, math.ceil(math.log2(count)))
    while True:
        yield from ((sequence.random(2**size) + shift) % 1.0).clip(1e-16, 1 - 1e-16).tolist()


def _distinct(space: Space, points: Iterator[Sequence[float]], count: int) -> list[Changes]:
    """Return the candidates at the first places that differ."""
    found: dict[str, Changes] = {}
    repeats = 0
    for point in points:
        changes = space.changes(point)
        before = len(found)
        found.setdefault(_text(changes), changes)
        repeats = repeats + 1 if len(found) == before else 0
        if len(found) == count:
            break
        if repeats > 1000 * count:
            raise MlplabError(
                f"{len(found):,} of {count:,} candidates differ: take fewer, or --sampler grid"
            )
    return list(found.values())


def _text(changes: Mapping[str, Any]) -> str:
    """Return what tells candidates apart."""
    return repr(sorted(changes.items()))


class _Tpe:
    """Optuna's tree-structured Parzen estimator, asked and told.

    Source: Bergstra et al. 2011, as `optuna.samplers.TPESampler` has it.
    """

    def __init__(self, space: Space, count: int, seed: int, lower_is_better: bool) -> None:
        optuna = import_optuna()
        self._space, self._left = space, count
        self._distributions = distributions(space)
        self._fail = optuna.trial.TrialState.FAIL
        # Candidates that are asked for together must not be one and the same (constant liar).
        sampler = optuna.samplers.TPESampler(seed=seed % 2**32, constant_liar=True)
        self._study = optuna.create_study(
            sampler=sampler, direction="minimize" if lower_is_better else "maximize"
        )
        self._scores: dict[str, float | None] = {}
        self._asked: list[tuple[Any, str]] = []

    def ask(self) -> list[Changes]:
        found: list[Changes] = []
        self._asked, repeats = [], 0
        while len(found) < min(TOGETHER, self._left) and repeats < MOST_REPEATS:
            trial = self._study.ask(self._distributions)
            changes = _changes(self._space, trial.params)
            text = _text(changes)
            if text not in self._scores:
                self._scores[text] = None
                self._asked.append((trial, text))
                found.append(changes)
                continue
            repeats += 1
            score = self._scores[text]
            if score is None:
                self._study.tell(trial, state=self._fail)
            else:
                self._study.tell(trial, score)
        self._left -= len(found)
        return found

    def tell(self, scores: Sequence[float]) -> None:
        for (trial, text), score in zip(self._asked, scores, strict=True):
            self._scores[text] = score
            self._study.tell(trial, score)


def import_optuna() -> Any:
    """Return Optuna, which then says nothing of its own.

    Raises
    ------
    MissingExtraError
        If it is not installed.
    """
    try:
        import optuna
    except ImportError as error:
        raise MissingExtraError("TPE and importances need Optuna", "tune") from error
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna


def distributions(space: Space) -> dict[str, Any]:
    """Return a space in Optuna's words: lists as categories, by their places, and N values as steps."""
    optuna = import_optuna()
    return {choice.setting: _distribution(optuna.distributions, choice) for choice in space.choices}


def parameters(space: Space, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a candidate in Optuna's words."""
    return {
        choice.setting: choice.values.index(changes[choice.setting])
        if isinstance(choice, Axis)
        else changes[choice.setting]
        for choice in space.choices
    }


def _distribution(words: Any, choice: Choice) -> Any:
    if isinstance(choice, Range):
        kind = words.IntDistribution if choice.whole else words.FloatDistribution
        return kind(choice.low, choice.high, log=choice.scale == "log")
    if choice.scale == "list":
        return words.CategoricalDistribution(range(len(choice)))
    return words.IntDistribution(0, len(choice) - 1)


def _changes(space: Space, params: Mapping[str, Any]) -> Changes:
    """Return what Optuna asks for in our words; numbers to twelve digits, alike on every machine."""
    changes: Changes = {}
    for choice in space.choices:
        value = params[choice.setting]
        if isinstance(choice, Axis):
            changes[choice.setting] = choice.values[value]
        elif choice.whole:
            changes[choice.setting] = int(value)
        else:
            rounded = float(f"{value:.12g}")
            changes[choice.setting] = min(max(rounded, choice.low), choice.high)
    return changes
