"""The table of a search beside scikit-learn's."""

from __future__ import annotations

from mlplab.bench.search_beside import SearchBeside
from mlplab.bench.tables import TextTable
from mlplab.bench.wording import times


def search_table(part: SearchBeside) -> TextTable:
    """Return the seconds of both sides, a row for the whole grid and for each number of neurons."""
    rows = tuple(
        (
            "all" if each.neurons is None else str(each.neurons),
            *(f"{seconds:,.1f}" for seconds in (each.ours, each.ours_float32, each.theirs)),
            times(each.theirs / each.ours),
            times(each.theirs / each.ours_float32),
        )
        for each in part.grids
    )
    low, high = part.interval
    inside = "lies" if part.is_as_good else "does not lie"
    ours, theirs = part.best_scores
    title = (
        f"A search on digits, {part.candidates} candidates × {part.splits} splits, at most {part.epochs} "
        f"epochs, {part.threads} threads; best score {ours:.3f}, scikit-learn's {theirs:.3f}, which "
        f"{inside} in the 95 % interval of ours, {low:.3f} to {high:.3f}"
    )
    head = ("neurons", "mlplab, s", "in float32, s", "scikit-learn, s")
    return TextTable(title, (*head, "faster by", "in float32"), rows)
