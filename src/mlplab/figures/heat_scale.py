"""The colours of a heat map, and between which values they run.

Viridis is perceptually uniform and looks so to readers who see no red or no green. The brighter end is
the better one: of losses it is the lower. Fractions of failed runs go from white to nearly black. Grey is
in neither, and stands for cells without a value.
"""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
from matplotlib.colors import Colormap, ListedColormap, to_rgb

from mlplab.run import Float64

COLOURS = 248
"""Of a map. With the greys they fit the palette of an embedded picture."""

ALL_DIVERGED = "#B9BEC4"
"""Where no run has a value."""

NOT_TRAINED = "#EEF0F2"
"""Where no run has been trained."""

_DARKEST_FAILED = 0.96
_WORST_SHOWN = 0.95
_FAR = 3.0


def value_colours(lower_is_better: bool = False) -> Colormap:
    """Return the colours of a measure, from its lowest value to its highest."""
    sampled = mpl.colormaps["viridis"](np.linspace(0, 1, COLOURS))
    return ListedColormap(sampled[::-1] if lower_is_better else sampled, "mlplab-values")


def failure_colours() -> Colormap:
    """Return the colours of a fraction of failed runs, from none to all."""
    # Magma's light end is yellow; from white to there the first failures are seen on the paper.
    magma = mpl.colormaps["magma_r"](np.linspace(0, _DARKEST_FAILED, COLOURS))
    fade = np.clip(1 - np.linspace(0, 4, COLOURS), 0, 1)[:, None]
    return ListedColormap(fade + (1 - fade) * magma, "mlplab-failures")


def colour_limits(
    values: Float64, lower_is_better: bool = False, worst_is_open: bool = False
) -> tuple[float, float]:
    """Return the values at which the colours begin and end.

    They are the least and the greatest value. Losses have no upper end, and R² no lower one: where the
    worst twentieth lies more than three times as far from the best as the rest, it shares one colour, or
    all others would.

    Parameters
    ----------
    values : ndarray
    lower_is_better : bool
        As of losses.
    worst_is_open : bool
        Whether values may be worse without an end; where lower is better they always may.

    Examples
    --------
    >>> colour_limits(np.array([0.2, 0.9, np.nan]))
    (0.2, 0.9)
    """
    finite = values[np.isfinite(values)]
    if not finite.size:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    if lower_is_better:
        worst = float(np.quantile(finite, _WORST_SHOWN))
        if low < worst and high - low > _FAR * (worst - low):
            high = worst
    elif worst_is_open:
        worst = float(np.quantile(finite, 1 - _WORST_SHOWN))
        if high > worst and high - low > _FAR * (high - worst):
            low = worst
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        pad = 0.005 * abs(low) or 0.5
        low, high = low - pad, high + pad
    return low, high


def field_image(
    values: Float64, trained: np.ndarray, limits: tuple[float, float], colours: Colormap
) -> np.ndarray:
    """Return the colour of each cell.

    Parameters
    ----------
    values : ndarray, shape (y, x)
        NaN where no run has one.
    trained : ndarray of bool, shape (y, x)
        Where at least one run has been trained.
    limits : pair of float
    colours : Colormap

    Returns
    -------
    ndarray of uint8, shape (y, x, 3)
    """
    low, high = limits
    scaled = np.clip((values - low) / (high - low), 0, 1)
    known = np.isfinite(scaled)
    image: np.ndarray = colours(np.where(known, scaled, 0.0), bytes=True)[..., :3]
    image[~known] = [round(255 * channel) for channel in to_rgb(ALL_DIVERGED)]
    image[~trained] = [round(255 * channel) for channel in to_rgb(NOT_TRAINED)]
    return image
