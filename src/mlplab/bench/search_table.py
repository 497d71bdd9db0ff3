"""The table of a search beside scikit-learn's."""

from __future__ import annotations

from mlplab.bench.search_beside import SearchBeside
from mlplab.bench.tables import TextTable
from mlplab.bench.wording import times


def search_table(part: SearchBeside) -> TextTable:
    """Return the seconds and the best scores of both sides."""
    low, high = part.interval
    rows = (
        ("mlplab", f"{part.seconds[0]:,.1f}", f"{part.best_scores[0]:.3f}", times(part.ratio)),
        ("scikit-learn", f"{part.seconds[1]:,.1f}", f"{part.best_scores[1]:.3f}", ""),
    )
    inside = "lies" if part.is_as_good else "does not lie"
    title = (
        f"A search on digits, {part.candidates} candidates × {part.splits} splits, "
        f"{part.threads} threads; scikit-learn's best score {inside} in the 95 % interval of ours, "
        f"{low:.3f} to {high:.3f}"
    )
    return TextTable(title, ("", "seconds", "best score", "faster by"), rows)
