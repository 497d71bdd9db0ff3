"""The table of Adam with dropout and a penalty, end to end."""

from __future__ import annotations

from mlplab.bench.regularised import BESIDE, DROPOUT, PENALTY, Regularised
from mlplab.bench.side import WHOLE_CALL
from mlplab.bench.tables import TextTable
from mlplab.bench.wording import between, digits, duration, times


def regularised_table(part: Regularised) -> TextTable:
    """Return the seconds of one network on each side, and how many times as long as ours they are."""
    rows = [(WHOLE_CALL.title, duration(part.seconds), digits(1 / part.seconds), "", "")]
    for side in BESIDE:
        if side.name in part.pairs:
            pair, seconds = part.pairs[side.name], part.theirs(side.name)
            rounds = between(times(pair.lowest), times(pair.highest))
            ratio = times(pair.ratio)
            rows.append((side.title, duration(seconds), digits(1 / seconds), ratio, rounds))
    workload = part.workload
    title = (
        f"{workload.id} with Adam, dropout {DROPOUT:g} and L2 {PENALTY:g}, end to end, "
        f"{workload.epochs} epochs"
    )
    head = ("", "one network", "networks a second", "ratio", "rounds")
    return TextTable(title, head, tuple(rows))
