"""Numbers in words: how the report says a value, a spread, and where a published value lies."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from mlplab.run import Float64, Runs
from mlplab.statistics import finite, summarise

NOTHING = "–"
"""Stands in a table where there is no value."""

COMPARABLE = 30
"""Below so many replications the report describes, and claims no comparison."""


def percent(share: float | None, digits: int = 2) -> str:
    """Say a share as a percentage.

    >>> percent(0.98828), percent(None)
    ('98.83 %', '–')
    """
    return NOTHING if share is None or not np.isfinite(share) else f"{100 * share:.{digits}f} %"


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
    """Say the median of some runs and their range.

    >>> spread(np.array([0.9, 0.95, 0.97]))
    '95.00 % (90.00 to 97.00 %)'
    """
    summary = summarise(values)
    if summary is None:
        return "diverged"
    low, middle, high = (say(value) for value in (summary.min, summary.median, summary.max))
    return f"{middle} ({low.removesuffix(' %')} to {high})"


def position(published: float | None, values: Float64) -> str:
    """Say where a published value lies among the replications.

    A published value is rounded, so that values that round to it count as equal.

    >>> position(0.9609, np.array([0.78, 0.86, 0.96]))
    'above all 3'
    >>> position(0.95, np.array([0.90, 0.95, 0.97]))
    '1 below, 1 equal, 1 above'
    """
    known = finite(values)
    if published is None or not len(known):
        return NOTHING
    # Half a unit of the last published digit, and a hair more for the binary rounding.
    near = np.abs(known - published) <= 0.5e-4 + 1e-12
    below = int((known < published)[~near].sum())
    above = int((known > published)[~near].sum())
    n = len(known)
    match below, above:
        case 0, 0:
            return f"equal to all {n}"
        case _ if below == n:
            return f"above all {n}"
        case _ if above == n:
            return f"below all {n}"
        case _:
            parts = {"below": below, "equal": n - below - above, "above": above}
            return ", ".join(f"{k} {where}" for where, k in parts.items() if k)


def endings(runs: Runs) -> str:
    """Say how many of the runs did not simply finish; empty if all did.

    >>> from mlplab import Experiment, train
    >>> endings(train(Experiment(dataset="linear"), replications=2))
    '2 of 2 runs stuck'
    """
    n = len(runs)
    odd = {word: int((runs.ending == word).sum()) for word in ("diverged", "stuck")}
    return ", ".join(f"{k} of {plural(n, 'run')} {word}" for word, k in odd.items() if k)


def order_of(better: tuple[str, Float64], worse: tuple[str, Float64]) -> str:
    """Compare the ranges of two sets of runs in one sentence that claims no more than they show.

    >>> order_of(("batch 16", np.array([0.9, 0.95])), ("batch 512", np.array([0.6, 0.7])))
    'Every run with batch 16 scored above every run with batch 512.'
    """
    (name, values), (other, others) = better, worse
    a, b = finite(values), finite(others)
    if not len(a) or not len(b):
        return f"No comparison of {name} with {other}: all runs of one of them diverged."
    if a.min() > b.max():
        return f"Every run with {name} scored above every run with {other}."
    if a.max() < b.min():
        return f"Every run with {name} scored below every run with {other}."
    return (
        f"The ranges of {name} and {other} overlap; the medians are {percent(float(np.median(a)))} "
        f"and {percent(float(np.median(b)))}."
    )


def caution(replications: int) -> str:
    """Say how far a comparison may be trusted with so few replications; empty if there are enough."""
    if replications >= COMPARABLE:
        return ""
    return (
        f"With {plural(replications, 'replication')} this describes what was seen; a comparative claim "
        f"needs at least {COMPARABLE}."
    )


def listing(words: Sequence[str]) -> str:
    """Join words as one says them.

    >>> listing(["a", "b", "c"])
    'a, b and c'
    """
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
