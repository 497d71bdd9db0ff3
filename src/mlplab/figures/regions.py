"""The plane coloured by the class that a model predicts, paler where it is unsure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from contourpy import contour_generator
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from scipy.ndimage import binary_dilation

from mlplab.boundary import Regions
from mlplab.data.dataset import Float
from mlplab.errors import MlplabError
from mlplab.figures.style import FAINT, INK, LineStyle, region_tint

UNSURE = 0.35
"""Share of a region's tint that is left where the model can hardly decide."""

SILENT, SILENT_LABEL = FAINT, "no prediction"

BORDER_LABEL = "where the class changes"
BORDER_LOOK: LineStyle = {"color": INK, "linewidth": 0.6}


def draw_regions(axes: Axes, regions: Regions, classes: int) -> None:
    """Colour a panel by class, with a thin line where the class changes.

    The tint grows with the largest output p, from the fraction `UNSURE` at p = 1/K to all of it at p = 1.
        Where an output is not a number there is no prediction, and the panel is grey.

    Parameters
    ----------
    axes : Axes
        With its limits set.
    regions : Regions
    classes : int
        K, by which the legend was made.

    Raises
    ------
    MlplabError
        If the model has another number of outputs.
    """
    outputs = regions.outputs
    if outputs.shape[-1] != classes:
        raise MlplabError(
            f"the model must have an output for each of the {classes} classes, "
            f"received {outputs.shape[-1]} outputs"
        )
    draw_image(axes, regions, tints(regions))
    draw_lines(axes, class_borders(regions), BORDER_LABEL, BORDER_LOOK)


def draw_image(axes: Axes, regions: Regions, image: Float) -> None:
    """Draw a colour for each grid point, shape (G, G, 3), and let the panel end where the grid does."""
    x1, x2 = regions.x1, regions.x2
    half1, half2 = (x1[1] - x1[0]) / 2, (x2[1] - x2[0]) / 2
    axes.imshow(
        image,
        origin="lower",
        extent=(x1[0] - half1, x1[-1] + half1, x2[0] - half2, x2[-1] + half2),
        aspect=axes.get_aspect(),
        interpolation="bilinear",
        rasterized=True,
        zorder=0,
    )
    extent = regions.extent
    axes.set_xlim(extent.x1_min, extent.x1_max)
    axes.set_ylim(extent.x2_min, extent.x2_max)


def draw_lines(axes: Axes, lines: Sequence[Float], name: str, look: LineStyle) -> None:
    """Draw lines as one with gaps: matplotlib thins a line's points out, a contour's it does not."""
    if lines:
        gap = np.full((1, 2), np.nan)
        x = np.concatenate([piece for line in lines for piece in (line, gap)])
        axes.plot(x[:, 0], x[:, 1], zorder=1, label=name, **look)


def class_borders(regions: Regions) -> list[Float]:
    """Return the lines where the class changes, each of shape (vertices, 2).

    On the border of class k its output's lead over the best other output is zero. Each border belongs
    to two classes and is returned for the one of lower number only: a line drawn twice is not smooth.
    """
    borders: list[Float] = []
    for k in range(regions.outputs.shape[-1] - 1):
        others = regions.outputs.copy()
        others[..., k] = -np.inf
        lead = regions.outputs[..., k] - others.max(axis=-1)
        # One grid point more, so that lines which meet at a corner of three classes do meet.
        ours = binary_dilation(others.argmax(axis=-1) > k, np.ones((3, 3)))
        field = np.ma.masked_invalid(np.ma.masked_where(~ours, lead))
        lines: Any = contour_generator(regions.x1, regions.x2, field).lines(0.0)
        borders.extend(lines)
    return borders


def tints(regions: Regions) -> Float:
    """Return the colour of each grid point, shape (G, G, 3), 0 to 1."""
    classes = regions.outputs.shape[-1]
    sure = np.array([region_tint(k) for k in range(classes)])[regions.classes]
    least = 1 / classes
    sureness = np.clip((regions.confidence - least) / max(1 - least, least), 0, 1)
    strength = UNSURE + (1 - UNSURE) * sureness[..., None]
    image: Float = 1 - strength * (1 - sure)
    silent = ~np.isfinite(regions.outputs).all(axis=-1)
    image[silent] = to_rgb(SILENT)
    return image
