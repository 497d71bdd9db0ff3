"""What all figures share: colours, markers, sizes and type.

Ten classes are told apart by colour and by marker, also by readers who see no red, green or blue: no two
colours, `WRONG` among them, are nearer than 0.09 in OKLab for full colour vision, protanopia and
deuteranopia, nor than 0.07 for tritanopia (Machado et al. 2009). `WRONG`, the red of the rings around
misclassified points, is used for nothing else.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from mlplab.figures.fonts import drawable, families

COLOURS = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#5B2A86",
    "#6FB7E9",
    "#A974F7",
    "#4A340C",
    "#A2D496",
    "#2B585B",
    "#172259",
)
"""One for each class; the first three are Okabe and Ito's (2008)."""

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p", "<", "*", ">")
"""One for each class. Eleven, so that beyond ten classes no pair of colour and marker returns soon."""

LineStyle = dict[str, Any]
"""Matplotlib's words for how a line or marker looks."""

Colour = str | tuple[float, float, float]

WRONG = "#D40000"
"""The red of the rings around misclassified samples."""
INK = "#1F2328"
MUTED = "#5B636C"
FAINT = "#D5D9DE"

BEST_MARK: LineStyle = {"marker": "*", "markersize": 10, "linestyle": "none", "color": "white"}
BEST_MARK |= {"markeredgecolor": INK, "markeredgewidth": 0.9}
"""Of the best among many settings."""

GIVEN_MARK: LineStyle = {"marker": "D", "markersize": 5.6, "linestyle": "none", "color": "#E69F00"}
GIVEN_MARK |= {"markeredgecolor": INK, "markeredgewidth": 0.9}
"""Of the setting that was there before any other was tried."""

WIDTH = 6.3
"""Inches; 16 cm, the column of an A4 report."""

TEXT, SMALL = 8.5, 7.5
"""Points, of headings and labels, and of what is beside them."""

_SETTINGS: Any = {
    "font.size": TEXT,
    "text.color": INK,
    # Names of classes and experiments are the user's: a dollar in them is no formula.
    "text.parse_math": False,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "axes.facecolor": "white",
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.labelsize": TEXT,
    "axes.labelpad": 3.0,
    "axes.linewidth": 0.6,
    "axes.axisbelow": True,
    "axes.titlesize": TEXT,
    "axes.titleweight": "bold",
    "axes.titlecolor": INK,
    "axes.unicode_minus": True,
    "figure.titlesize": TEXT + 1.0,
    "figure.titleweight": "normal",
    "figure.constrained_layout.w_pad": 0.06,
    "figure.constrained_layout.h_pad": 0.06,
    "legend.frameon": False,
    "legend.fontsize": SMALL,
    "legend.borderpad": 0.0,
    "legend.borderaxespad": 0.0,
    "legend.columnspacing": 1.6,
    "legend.handletextpad": 0.6,
    "legend.handlelength": 1.5,
    "lines.solid_capstyle": "round",
    "svg.fonttype": "path",
    "svg.hashsalt": "mlplab",
}


@contextmanager
def style() -> Iterator[None]:
    """Hold matplotlib's settings for our figures, and give the caller's back at the end."""
    with rc_context({**_SETTINGS, "font.family": list(families())}):
        yield


def colour(k: int) -> str:
    """Return the colour of class k."""
    return COLOURS[k % len(COLOURS)]


def marker(k: int) -> str:
    """Return the marker of class k."""
    return MARKERS[k % len(MARKERS)]


def tint(of: str, strength: float) -> tuple[float, float, float]:
    """Return a colour over white paper: white at strength 0, the colour itself at 1.

    >>> tint("#000000", 0.25)
    (0.75, 0.75, 0.75)
    """
    red, green, blue = (1 - strength * (1 - channel) for channel in to_rgb(of))
    return red, green, blue


def shade(of: str, strength: float) -> tuple[float, float, float]:
    """Return a colour with black mixed in: the colour itself at strength 0, black at 1.

    >>> shade("#FF0000", 0.5)
    (0.5, 0.0, 0.0)
    """
    red, green, blue = ((1 - strength) * channel for channel in to_rgb(of))
    return red, green, blue


def region_tint(k: int) -> tuple[float, float, float]:
    """Return the colour of class k's region: light for every class, so that its points stand out."""
    red, green, blue = to_rgb(colour(k))
    darkness = 1 - (0.299 * red + 0.587 * green + 0.114 * blue)
    return tint(colour(k), min(0.36, 0.26 / darkness**0.6))


def number(value: float) -> str:
    """Write a number for an axis: short, with a true minus sign.

    >>> number(-0.25), number(100000.0), number(0.1 + 0.2)
    ('−0.25', '100000', '0.3')
    """
    return f"{value:.6g}".replace("-", "−")


def wrapped(title: str, width: float) -> str:
    """Break a figure's title into lines that fit a width in inches."""
    return textwrap.fill(drawable(title), width=int(width * 12))


def style_ticks(axes: Axes) -> None:
    """Set the ticks' looks for good: matplotlib makes ticks late, when `style` may have ended."""
    axes.tick_params(which="minor", length=1.4, width=0.4)
    axes.tick_params(which="major", length=2.5, width=0.6)
    axes.tick_params(
        which="both",
        pad=2.5,
        color=MUTED,
        labelsize=SMALL,
        labelcolor=MUTED,
        labelfontfamily=list(families()),
    )


def slant_labels(axes: Axes) -> None:
    """Write the labels of the horizontal axis aslant, each with its end at its tick."""
    axes.tick_params(axis="x", labelrotation=35)
    for label in axes.get_xticklabels():
        label.set(ha="right", rotation_mode="anchor")


def set_heading(axes: Axes, heading: str, beside: str) -> None:
    """Write above a panel, at its left: a heading, and below it a line in small type."""
    axes.set_title(heading, loc="left", pad=14)
    axes.annotate(
        beside,
        (0, 1),
        xytext=(0, 4),
        xycoords="axes fraction",
        textcoords="offset points",
        color=MUTED,
        fontsize=SMALL,
        annotation_clip=False,
    )
