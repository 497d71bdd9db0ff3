"""Numbers in words: times, rates and ratios, with as many digits as mean something."""

from __future__ import annotations

UNITS = (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6))


def digits(value: float) -> str:
    """Say a number with three digits, and large ones with all before the point.

    >>> digits(1234.5), digits(12.34), digits(0.1234), digits(3.0)
    ('1,234', '12.3', '0.123', '3.00')
    """
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:#.3g}"


def duration(seconds: float) -> str:
    """Say a time in the unit that suits it.

    >>> duration(2.5), duration(0.00331), duration(2.4e-5), duration(4e-8)
    ('2.50 s', '3.31 ms', '24.0 µs', '0.0400 µs')
    """
    unit, size = next(((u, s) for u, s in UNITS if seconds >= s), UNITS[-1])
    return f"{digits(seconds / size)} {unit}"


def times(ratio: float) -> str:
    """Say how many times.

    >>> times(14.21), times(1000)
    ('14.2 ×', '1,000 ×')
    """
    return f"{digits(ratio)} ×"


def percentage(ratio: float, places: int = 0) -> str:
    """Say a fraction as a percentage, with so many places after the point.

    >>> percentage(0.634), percentage(-0.0123, places=1)
    ('63 %', '-1.2 %')
    """
    return f"{100 * ratio:.{places}f} %"


def gflops(operations: float) -> str:
    """Say operations in a second.

    >>> gflops(1.184e11)
    '118 GFLOP/s'
    """
    return f"{digits(operations / 1e9)} GFLOP/s"


def at_least(goal: float, is_fraction: bool) -> str:
    """Say a goal for a ratio.

    >>> at_least(1000, is_fraction=False), at_least(0.6, is_fraction=True)
    ('≥ 1,000 ×', '≥ 60 %')
    """
    return f"≥ {percentage(goal)}" if is_fraction else f"≥ {goal:,g} ×"


def at_most(seconds: float) -> str:
    """Say a goal for a time.

    >>> at_most(30.0)
    '≤ 30 s'
    """
    return f"≤ {seconds:g} s"


def between(lowest: str, highest: str) -> str:
    """Say a range, its unit once.

    >>> between("1.20 ×", "3.40 ×")
    '1.20 to 3.40 ×'
    """
    return f"{lowest.rpartition(' ')[0]} to {highest}"


def reached_or_missed(reached: bool | None) -> str:
    """Say whether a goal was reached; nothing where there is none.

    >>> reached_or_missed(True), reached_or_missed(False), reached_or_missed(None)
    ('reached', 'missed', '')
    """
    return {True: "reached", False: "missed", None: ""}[reached]
