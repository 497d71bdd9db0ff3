"""The foot of a figure: what its marks mean, and below that a note in small type."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from mlplab.figures.names import columns
from mlplab.figures.plane import LegendEntry
from mlplab.figures.style import MUTED, SMALL, wrapped

LINE = 0.155
"""Inches, of a line of small type."""

_CHARACTER = 4.7  # points that a column of small type takes, about
_HANDLE, _BETWEEN = 17.0, 13.0  # points, of a legend
_NOTE_WIDTH = 1.4  # of the title's: its type is smaller
_EDGE = 0.05  # inches


def foot_height(width: float, legend: Sequence[LegendEntry], note: str) -> float:
    """Return the inches that a legend and a note need below a figure of some width."""
    rows = -(-len(legend) // legend_columns(legend, width)) if legend else 0
    return LINE * (rows + _note_lines(note, width)) + _EDGE * (bool(legend) + bool(note))


def add_foot(figure: Figure, legend: Sequence[LegendEntry], note: str) -> None:
    """Write a legend in as many columns as have room, and a note below it; both keep their room."""
    width, height = figure.get_size_inches()
    lines = _note_lines(note, width)
    below = (LINE * lines + _EDGE * bool(note)) / height
    foot = foot_height(width, legend, note) / height
    engine = figure.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        engine.set(rect=(0, foot, 1, 1 - foot))
    if note:
        written = figure.supxlabel(
            wrapped(note, width * _NOTE_WIDTH),
            x=0.01,
            y=_EDGE / height,
            ha="left",
            va="bottom",
            fontsize=SMALL,
            color=MUTED,
            linespacing=1.25,
        )
        written.set_in_layout(False)
    if legend:
        drawn = figure.legend(
            *zip(*legend, strict=True),
            loc="lower left",
            ncols=legend_columns(legend, width),
            bbox_to_anchor=(0, below, 1, 1 - below),
            borderaxespad=0.5,
        )
        drawn.set_in_layout(False)


def legend_columns(legend: Sequence[LegendEntry], width: float) -> int:
    """Return how many columns of a legend have room in some inches.

    >>> from matplotlib.lines import Line2D
    >>> legend_columns([(Line2D([], []), "a word or two")] * 5, width=4)
    3
    """
    widths = [_HANDLE + _CHARACTER * columns(label) for _, label in legend]
    for count in range(len(legend), 1, -1):
        rows = -(-len(legend) // count)
        # Legends are filled column by column.
        each = [max(widths[k : k + rows]) for k in range(0, len(widths), rows)]
        if sum(each) + _BETWEEN * (count - 1) <= 72 * (width - 2 * _EDGE):
            # As many to a column as there are rows.
            return -(-len(legend) // rows)
    return 1


def _note_lines(note: str, width: float) -> int:
    return len(wrapped(note, width * _NOTE_WIDTH).splitlines())
