"""The table of what a user gets, end to end."""

from __future__ import annotations

from mlplab.bench.end_to_end import (
    OWN_SAMPLES,
    OWN_SAMPLES_GOAL,
    PER_GFLOPS,
    SECOND_THREAD,
    SECOND_THREAD_GOAL,
    SINGLE,
    EndToEnd,
)
from mlplab.bench.peers import PEERS
from mlplab.bench.side import KERNELS, OWN_KERNELS, OWN_WHOLE_CALL, WHOLE_CALL, Side
from mlplab.bench.tables import TextTable
from mlplab.bench.wording import at_least, digits, duration, gflops, reached_or_missed, times
from mlplab.report.wording import plural


def end_to_end_table(part: EndToEnd) -> TextTable:
    """Return one case's table: networks a second on one thread and on all, how they stand, goals."""
    counts = sorted({1, part.threads})
    case, verdicts = part.case, part.verdicts()

    def judged(what: str, words: str) -> tuple[str, str]:
        found = verdicts.get(what)
        return ("", "") if found is None else (words, reached_or_missed(found.reached))

    def rates(side: Side) -> list[str]:
        return [digits(part.rate(side, n)) if part.has(side, n) else "" for n in counts]

    nothing, blank = ("", "", ""), [""] * len(counts)
    second = times(part.second_thread) if len(counts) > 1 else ""
    own = times(part.own_samples)
    rows = [
        (
            WHOLE_CALL.title,
            *rates(WHOLE_CALL),
            second,
            *judged(SECOND_THREAD, at_least(SECOND_THREAD_GOAL, is_fraction=False)),
        ),
        (
            "for each GFLOP/s",
            *blank,
            digits(part.per_gflops),
            *judged(PER_GFLOPS, f"≥ {case.goal:g} ({case.floor:g})"),
        ),
        ("kernels alone", *rates(KERNELS), *nothing),
        (
            "own samples",
            *rates(OWN_WHOLE_CALL),
            own,
            *judged(OWN_SAMPLES, f"≤ {OWN_SAMPLES_GOAL:g} ×"),
        ),
        ("their kernels", *rates(OWN_KERNELS), *nothing),
    ]
    for side in PEERS.values():
        if side.end_to_end and part.has(side):
            lead = times(part.ratio(side, than=WHOLE_CALL))
            goal = at_least(case.lead, is_fraction=False)
            rows.append((side.title, *rates(side), lead, *judged(side.name, goal)))
    if part.single is not None:
        goal = f"≤ {duration(verdicts[SINGLE].goal)}"
        rows.append(
            ("one network", duration(part.single_seconds), *blank[1:], "", *judged(SINGLE, goal))
        )
        rows.append(("its kernel", duration(part.single_kernel), *blank[1:], *nothing))
    title = f"{case.workload.id}, end to end: networks a second, at {gflops(part.gflops * 1e9)} of SGEMM"
    head = ("", *(plural(n, "thread") for n in counts), "ratio", "goal", "verdict")
    return TextTable(title, head, tuple(rows))
