"""Typical mistakes: a table whose rows say what the student did, and what to say of it.

mistake        what a row is
solution       the lab solved, in parts that a mistake replaces
activations, counts, networks, evaluation, gradients
               the rows, by the part of the lab that they change, in the order in which parts build on
               one another

Two kinds stand outside that table, since no changed solution answers as they do:

errors         what shows as an error of Python's
seen           what a test sees by itself
"""

from __future__ import annotations

from itertools import chain

from mlplab.course.checker.mistakes import (
    activations,
    counts,
    errors,
    evaluation,
    gradients,
    networks,
    seen,
)
from mlplab.course.checker.mistakes.mistake import Mistake, Way, row

TABLE: tuple[Way, ...] = tuple(
    chain.from_iterable(
        way for part in (activations, counts, networks, evaluation, gradients) for way in part.ROWS
    )
)
"""Every way to make each mistake, what is behind others first."""

NAMES: frozenset[str] = frozenset(
    {way.mistake.name for way in TABLE}
    | {mistake.name for mistake in (*errors.MISTAKES, *seen.MISTAKES)}
)
"""Of all mistakes that are known."""

_RANKS = {way.mistake.name: place for place, way in reversed(list(enumerate(TABLE)))}


def rank(mistake: Mistake) -> int:
    """Return the place of a mistake in the table, -1 for what shows as an error, or by itself."""
    return _RANKS.get(mistake.name, -1)


__all__ = ["NAMES", "TABLE", "Mistake", "Way", "rank", "row"]
