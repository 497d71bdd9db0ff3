"""Numbers in words: how the report says a value, a spread, and where a published value lies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from mlplab.run import Float64, Run, Runs
from mlplab.statistics import (
    COMPARABLE,
    count_failures,
    finite,
    interquartile_mean,
    percentile_of,
    summarise,
)

NOTHING = "–"
"""Stands in a table where there is no value."""

VERBS = {"diverged": "diverged", "stuck": "got stuck"}
"""What a run did that did not simply finish, by its ending."""


def percent(fraction: float | None, digits: int = 2) -> str:
    """Say a fraction as a percentage.

    >>> percent(0.98828), percent(None)
    ('98.83 %', '–')
    """
    if fraction is None or not np.isfinite(fraction):
        return NOTHING
    return f"{100 * fraction:.{digits}f} %"


def loss(value: float | None) -> str:
    """Say a loss with four digits.

    >>> loss(0.03891)
    '0.0389'
    """
    return NOTHING if value is None or not np.isfinite(value) else f"{value:.4f}"


def tiny(value: float) -> str:
    """Say a very small number by its power of ten, as markup.

    >>> tiny(3.2e-16), tiny(0.0)
    ('$3.2 dot 10^(-16)$', '0')
    """
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"${mantissa} dot 10^({int(exponent)})$"


def count(number: int) -> str:
    """Say a whole number with separated thousands.

    >>> count(23355)
    '23,355'
    """
    return f"{number:,}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """Say how many of something.

    >>> plural(1, "run"), plural(5, "run"), plural(2, "epoch")
    ('1 run', '5 runs', '2 epochs')
    """
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def spread(values: Float64, say: Callable[[float], str] = percent) -> str:
    """Say the median of some runs and their range; of one run, its value.

    >>> spread(np.array([0.9, 0.95, 0.97])), spread(np.array([0.9]))
    ('95.00 % (90.00 to 97.00 %)', '90.00 %')
    """
    summary = summarise(values)
    if summary is None:
        return "diverged"
    if summary.sd is None:
        return say(summary.median)
    low, middle, high = (say(value) for value in (summary.min, summary.median, summary.max))
    return f"{middle} ({low.removesuffix(' %')} to {high})"


def single(run: Run, value: float, say: Callable[[float], str] = percent) -> str:
    """Say a number of one run, or that the run diverged: then it has none."""
    return "diverged" if run.ending == "diverged" else say(value)


class Rank(NamedTuple):
    """How many replications a published value is above, equal to and below."""

    above: int
    equal: int
    below: int

    @property
    def is_outside(self) -> bool:
        """Whether it is above or below all of them."""
        return not self.equal and not (self.above and self.below)

    @property
    def is_alike(self) -> bool:
        """Whether it stands to all of them in the same way."""
        return max(self) == sum(self)


def rank_of(published: float | None, values: Float64) -> Rank | None:
    """Return how a published value ranks among the replications; None if it or they are unknown.

    A published value is rounded, so that values that round to it count as equal.

    >>> rank_of(0.95, np.array([0.90, 0.95, 0.97]))
    Rank(above=1, equal=1, below=1)
    """
    known = finite(values)
    if published is None or not len(known):
        return None
    # Half a unit of the last published digit, and a hair more for the binary rounding.
    near = np.abs(known - published) <= 0.5e-4 + 1e-12
    above = int((known < published)[~near].sum())
    below = int((known > published)[~near].sum())
    return Rank(above, len(known) - above - below, below)


def position(published: float | None, values: Float64) -> str:
    """Say where a published value lies among the replications: above so many, below so many.

    >>> position(0.9609, np.array([0.78, 0.86, 0.96]))
    'above all 3'
    >>> position(0.95, np.array([0.90, 0.95, 0.97]))
    'above 1, equal to 1, below 1'
    """
    rank = rank_of(published, values)
    if rank is None:
        return NOTHING
    n = sum(rank)
    all_of_them = "the one run" if n == 1 else f"all {n}"
    parts = zip(("above", "equal to", "below"), rank, strict=True)
    return ", ".join(f"{where} {all_of_them if k == n else k}" for where, k in parts if k)


def standing(published: float | None, values: Float64) -> str:
    """Say at which percentile of the replications a published value stands; of few, its `position`.

    >>> standing(0.5005, np.arange(100) / 100), standing(2.0, np.arange(100) / 100)
    ('51st percentile', 'above all 100')
    """
    rank = rank_of(published, values)
    if published is None or rank is None or sum(rank) < COMPARABLE or rank.is_alike:
        return position(published, values)
    percentile = percentile_of(published, values)
    return NOTHING if percentile is None else f"{ordinal(round(percentile))} percentile"


def is_usual(published: float | None, values: Float64) -> bool:
    """Return whether a published value lies in the middle 90 % of many replications, in the range of few.

    >>> is_usual(0.99, np.arange(100) / 100), is_usual(0.99, np.array([0.9, 0.99]))
    (False, True)
    """
    rank = rank_of(published, values)
    percentile = None if published is None else percentile_of(published, values)
    if rank is None or percentile is None:
        return True
    if sum(rank) < COMPARABLE:
        return not rank.is_outside
    return 5 <= percentile <= 95 or rank.equal == sum(rank)


def ordinal(number: int) -> str:
    """Say a number as a place in an order.

    >>> [ordinal(n) for n in (1, 2, 11, 23, 100)]
    ['1st', '2nd', '11th', '23rd', '100th']
    """
    ending = (
        "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{ending}"


def interquartile(values: Float64, say: Callable[[float], str] = percent) -> str:
    """Say the interquartile mean and its 95 % interval; of one run there is no interval.

    >>> interquartile(np.array([0.5, 0.5, 0.5])), interquartile(np.array([0.5]))
    ('50.00 % (50.00 to 50.00 %)', '50.00 %')
    """
    mean = interquartile_mean(values)
    if mean is None:
        return "diverged"
    if len(finite(values)) < 2:
        return say(mean.value)
    return f"{say(mean.value)} ({say(mean.low).removesuffix(' %')} to {say(mean.high)})"


def endings(runs: Runs) -> str:
    """Say how many of the runs did not simply finish; empty if all did.

    >>> from mlplab import Experiment, train
    >>> endings(train(Experiment(dataset="linear"), replications=2))
    '2 of 2 runs got stuck'
    """
    n = len(runs)
    odd = {verb: int((runs.ending == word).sum()) for word, verb in VERBS.items()}
    return ", ".join(f"{k} of {plural(n, 'run')} {verb}" for verb, k in odd.items() if k)


def failed(runs: Runs) -> str:
    """Say how many runs failed: got stuck or diverged.

    >>> from mlplab import Experiment, train
    >>> failed(train(Experiment(dataset="linear"), replications=2))
    '2 of 2'
    """
    failures = count_failures(runs.ending)
    return f"{failures.stuck + failures.diverged} of {failures.runs}"


def order_of(one: tuple[str, Float64], another: tuple[str, Float64]) -> str:
    """Compare the ranges of two sets of runs in one sentence that claims no more than they show.

    >>> order_of(("batch 16", np.array([0.9, 0.95])), ("batch 512", np.array([0.6, 0.7])))
    'Every run with batch 16 scored above every run with batch 512.'
    """
    (name, values), (other, others) = one, another
    a, b = finite(values), finite(others)
    aside = "" if len(a) == len(values) and len(b) == len(others) else "diverged runs aside, "
    if not len(a) or not len(b):
        return f"No comparison of {name} with {other}: all runs of one of them diverged."
    if a.min() > b.max():
        return first_up(f"{aside}every run with {name} scored above every run with {other}.")
    if a.max() < b.min():
        return first_up(f"{aside}every run with {name} scored below every run with {other}.")
    return first_up(
        f"{aside}the ranges of {name} and {other} overlap; the medians are "
        f"{percent(float(np.median(a)))} and {percent(float(np.median(b)))}."
    )


def caution(replications: int) -> str:
    """Say how far a comparison may be trusted with so few replications; empty if there are enough."""
    if replications >= COMPARABLE:
        return ""
    return (
        f"With {plural(replications, 'replication')} this describes what was seen; a comparative claim "
        f"needs at least {COMPARABLE}."
    )


def first_up(sentence: str) -> str:
    """Let a sentence begin with a capital.

    >>> first_up("the ranges overlap.")
    'The ranges overlap.'
    """
    return sentence[0].upper() + sentence[1:]


def listing(words: Sequence[str]) -> str:
    """Join words as one says them.

    >>> listing(["a", "b", "c"])
    'a, b and c'
    """
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
