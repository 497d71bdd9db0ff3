"""Measuring: pairs, in rounds, in an order that alternates; medians and ratios.

A machine is never quite at rest. What slows it down for a while hits both of a pair, since they are
measured right after one another; whoever profits from being first or second does so in every other round
only; and the median of the rounds' ratios does not care for the few that something came between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

from mlplab.bench.taken import Taken

Measurement = Callable[[], Taken]
"""Does the work once."""


@dataclass(frozen=True)
class Pair:
    """What both sides took, round by round.

    Examples
    --------
    >>> ours = Taken(1.0, 1.0), Taken(2.0, 1.0), Taken(1.0, 1.0)
    >>> pair = Pair(ours, theirs=(Taken(10.0, 7.0), Taken(20.0, 9.0), Taken(14.0, 8.0)))
    >>> pair.ratio, pair.lowest, pair.highest, pair.processor_ratio
    (10.0, 10.0, 14.0, 8.0)
    """

    ours: tuple[Taken, ...]
    theirs: tuple[Taken, ...]

    @property
    def ratios(self) -> list[float]:
        """How many times as long the other side took, in each round."""
        return [b.seconds / a.seconds for a, b in zip(self.ours, self.theirs, strict=True)]

    @property
    def ratio(self) -> float:
        """The median of the ratios."""
        return median(self.ratios)

    @property
    def lowest(self) -> float:
        """The ratio of the round that suited us least."""
        return min(self.ratios)

    @property
    def highest(self) -> float:
        """The ratio of the round that suited us best."""
        return max(self.ratios)

    @property
    def processor_ratio(self) -> float:
        """The median of the rounds' ratios of processor time, which does not count threads."""
        return median(
            b.processor / a.processor for a, b in zip(self.ours, self.theirs, strict=True)
        )


def measure_pairs(
    ours: Measurement,
    theirs: Mapping[str, Measurement],
    rounds: int,
    on_pair: Callable[[], None] = lambda: None,
) -> dict[str, Pair]:
    """Measure our side against each other one, in every round anew.

    In odd rounds the others come in their order, each after ours; in even rounds in the reverse order,
    each before ours.

    Parameters
    ----------
    ours : callable
    theirs : mapping of str to callable
    rounds : int
        At least 1.
    on_pair : callable
        Called after each pair.

    Returns
    -------
    dict of str to Pair
        In the order of `theirs`.

    Examples
    --------
    >>> order = []
    >>> def measure(name, seconds):
    ...     return lambda: order.append(name) or Taken(seconds, seconds)
    >>> others = {"b": measure("b", 3.0), "c": measure("c", 8.0)}
    >>> pairs = measure_pairs(measure("a", 2.0), others, rounds=2)
    >>> "".join(order), pairs["c"].ratio
    ('abaccaba', 4.0)
    """
    taken: dict[str, list[tuple[Taken, Taken]]] = {name: [] for name in theirs}
    for number in range(rounds):
        forward = number % 2 == 0
        for name in theirs if forward else reversed(list(theirs)):
            if forward:
                own = ours()
                other = theirs[name]()
            else:
                other = theirs[name]()
                own = ours()
            taken[name].append((own, other))
            on_pair()
    return {name: Pair(*zip(*pairs, strict=True)) for name, pairs in taken.items()}
