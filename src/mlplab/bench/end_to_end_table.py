"""The table of what a user gets, end to end."""

from __future__ import annotations

from mlplab.bench.end_to_end import (
    OWN_SAMPLES,
    PER_GFLOPS,
    SECOND_THREAD,
    SINGLE,
    EndToEnd,
)
from mlplab.bench.peers import PEERS
from mlplab.bench.side import ENGINE, OWN_ENGINE, OWN_WHOLE, WHOLE, Side
from mlplab.bench.tables import Table
from mlplab.bench.wording import at_least, digits, duration, plural, rate, times, verdict


def end_to_end_table(part: EndToEnd) -> Table:
    """Return one case's table: networks a second on one thread and on all, how they stand, goals."""
    counts = sorted({1, part.threads})
    case, verdicts = part.case, part.verdicts()

    def judged(what: str, goal: str) -> tuple[str, str]:
        found = verdicts.get(what)
        return ("", "") if found is None else (goal, verdict(found.reached))

    def rates(side: Side) -> list[str]:
        return [digits(part.rate(side, n)) if part.has(side, n) else "" for n in counts]

    nothing, blank = ("", "", ""), [""] * len(counts)
    second = times(part.second_thread) if len(counts) > 1 else ""
    own = times(part.own_samples)
    rows = [
        (
            WHOLE.title,
            *rates(WHOLE),
            second,
            *judged(SECOND_THREAD, _at_least(part, SECOND_THREAD)),
        ),
        (
            "for each GFLOP/s",
            *blank,
            digits(part.per_gflops),
            *judged(PER_GFLOPS, f"≥ {case.goal:g} ({case.floor:g})"),
        ),
        ("kernels alone", *rates(ENGINE), *nothing),
        (
            "own samples",
            *rates(OWN_WHOLE),
            own,
            *judged(OWN_SAMPLES, f"≤ {verdicts[OWN_SAMPLES].goal:g} ×"),
        ),
        ("their kernels", *rates(OWN_ENGINE), *nothing),
    ]
    for side in PEERS.values():
        if side.end_to_end and part.has(side):
            lead = times(part.ratio(side, than=WHOLE))
            goal = _at_least(part, side.name)
            rows.append((side.title, *rates(side), lead, *judged(side.name, goal)))
    if part.single is not None:
        goal = f"≤ {duration(verdicts[SINGLE].goal)}"
        rows.append(
            ("one network", duration(part.single_seconds), *blank[1:], "", *judged(SINGLE, goal))
        )
        rows.append(("its kernel", duration(part.single_kernel), *blank[1:], *nothing))
    title = (
        f"{case.workload.id}, end to end: networks a second, at {rate(part.gflops * 1e9)} of SGEMM"
    )
    head = ("", *(plural(n, "thread") for n in counts), "ratio", "goal", "verdict")
    return Table(title, head, tuple(rows))


def _at_least(part: EndToEnd, what: str) -> str:
    found = part.verdicts().get(what)
    return "" if found is None else at_least(found.goal, is_share=False)
