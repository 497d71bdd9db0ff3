"""One update in a picture: the network with its numbers, and the plane before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mlplab.boundary import class_regions
from mlplab.data import Split
from mlplab.data.dataset import Float
from mlplab.errors import MlplabError
from mlplab.figures.plane import LegendEntry, plane_extent, plane_panels
from mlplab.figures.points import class_legend, plot_samples
from mlplab.figures.regions import SILENT, SILENT_LABEL, draw_regions
from mlplab.figures.style import (
    COLOURS,
    INK,
    MUTED,
    SMALL,
    TEXT,
    WIDTH,
    number,
    set_heading,
    style,
    wrapped,
)

if TYPE_CHECKING:
    from mlplab.explain import Step

POSITIVE, NEGATIVE = COLOURS[0], COLOURS[1]

_ROW, _HEAD, _FOOT = 0.5, 0.42, 0.42  # inches
_GAP = 0.25
_RADIUS = 0.19  # inches


def step_figure(step: Step, title: str | None = None, resolution: int = 256) -> Figure:
    """Draw an update: the numbers in the network, and the class regions before and after.

    In each neuron stands h, of its first sample; below it δ. The network is drawn with up to three
    layers of up to eight neurons, and the plane where samples of classes have two features; the batch is
    marked in it.

    Parameters
    ----------
    step : Step
        Of `mlplab.explain.step`.
    title : str, optional
        Above all; by default which update it is.
    resolution : int
        Grid points along each side of the regions.

    Raises
    ------
    MlplabError
        If there is neither a network nor a plane that can be drawn.

    Examples
    --------
    >>> from mlplab import Experiment
    >>> from mlplab.explain import step
    >>> figure = step_figure(step(Experiment(dataset="linear"), point=3), resolution=64)
    >>> [panel.get_title(loc="left") for panel in figure.axes]
    ['Before', 'After', '']
    """
    dataset, sizes = step.trial.dataset, step.trial.layer_sizes
    # Imported here, since it loads the compiler, which other figures do not need.
    from mlplab.explain.step_text import MOST_LAYERS, MOST_NEURONS

    is_small = len(sizes) <= MOST_LAYERS + 1 and max(sizes) <= MOST_NEURONS
    in_plane = dataset.features == 2 and not dataset.has_targets
    if not is_small and not in_plane:
        raise MlplabError(
            f"an update is drawn with up to {MOST_LAYERS} layers of up to {MOST_NEURONS} neurons, or "
            f"where samples of classes have two features; received a network {'-'.join(map(str, sizes))}"
        )
    with style():
        text = wrapped(_title(step) if title is None else title, WIDTH)
        figure = _planes(step, resolution) if in_plane else Figure(figsize=(WIDTH, 0.01))
        head = 0.12 + 0.17 * len(text.splitlines())
        above = (_ROW * max(sizes) + _HEAD + _FOOT if is_small else 0.0) + head
        _make_room_above(figure, above)
        if is_small:
            high = figure.get_figheight()
            axes = figure.add_axes((0, (high - above) / high, 1, (above - head) / high))
            _draw_network(axes, step, WIDTH, above - head)
        figure.suptitle(
            text, x=0.06 / WIDTH, y=1 - 0.06 / figure.get_figheight(), ha="left", va="top"
        )
    return figure


def _title(step: Step) -> str:
    which = f"Update {step.update} of seed {step.trial.seed}"
    n = len(step.samples)
    by = f"training sample {step.point} alone" if step.point is not None else f"a batch of {n}"
    return f"{which}, by {by}"


def _make_room_above(figure: Figure, inches: float) -> None:
    before = figure.get_figheight()
    figure.set_figheight(before + inches)
    part = before / (before + inches)
    for axes in figure.axes:
        box = axes.get_position(original=True)
        axes.set_position((box.x0, box.y0 * part, box.width, box.height * part))


# ---- The plane -----------------------------------------------------------------------------------


def _planes(step: Step, resolution: int) -> Figure:
    dataset = step.trial.dataset
    extent = plane_extent(dataset.train.x)
    batch = Split(step.x, dataset.train.y[step.samples])
    networks = {"Before": step.network_before, "After": step.network_after}
    regions = [
        class_regions(network, extent, resolution, dtype=dataset.train.x.dtype)
        for network in networks.values()
    ]
    is_one = len(step.samples) == 1
    legend = [*class_legend(dataset.label_names, regions=True), _mark_entry(is_one)]
    if not all(np.isfinite(each.outputs).all() for each in regions):
        legend.append((Patch(facecolor=SILENT, edgecolor="none"), SILENT_LABEL))
    figure, panels = plane_panels(2, extent, legend)
    losses = (step.loss_before, step.loss_after)
    for axes, name, region, loss in zip(panels, networks, regions, losses, strict=True):
        draw_regions(axes, region, dataset.classes)
        plot_samples(axes, dataset.train, dataset.label_names)
        for width, ink in ((2.6, "white"), (1.2, INK)):
            axes.scatter(
                batch.x[:, 0],
                batch.x[:, 1],
                s=52,
                facecolors="none",
                edgecolors=ink,
                linewidths=width,
                zorder=4,
            )
        of = "of the sample" if is_one else "of the batch"
        set_heading(axes, name, f"loss {of} {number(float(f'{loss:.4g}'))}")
    return figure


def _mark_entry(is_one: bool) -> LegendEntry:
    mark = Line2D([], [], linestyle="none", marker="o", markersize=7, markerfacecolor="none")
    mark.set(markeredgecolor=INK, markeredgewidth=1.2)
    return mark, "this sample" if is_one else "the batch"


# ---- The network ---------------------------------------------------------------------------------


def _draw_network(axes: Axes, step: Step, width: float, height: float) -> None:
    """Draw levels from left to right in inches; h in the neurons, δ below them."""
    axes.set_axis_off()
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    levels = [step.layers[0].inputs[0], *(layer.h[0] for layer in step.layers)]
    across = np.linspace(0.75, width - 0.75, len(levels))
    middle = (height - _HEAD + _FOOT) / 2
    places = [
        np.column_stack(
            [np.full(len(h), x), middle - _ROW * (np.arange(len(h)) - (len(h) - 1) / 2)]
        )
        for x, h in zip(across, levels, strict=True)
    ]
    for layer, below, above in zip(step.layers, places[:-1], places[1:], strict=True):
        _draw_weights(axes, layer.weights.before, below, above)
    names = ["inputs x", *(_layer_name(layer.activation) for layer in step.layers)]
    for i, (h, place) in enumerate(zip(levels, places, strict=True)):
        axes.text(place[0, 0], height - 0.3, names[i], ha="center", va="center", color=MUTED)
        for j, (x, y) in enumerate(place):
            delta = None if i == 0 else float(step.layers[i - 1].delta[0, j])
            _draw_neuron(axes, x, y, float(h[j]), delta)
    note = "in the neurons h, below them δ = ∂L/∂z; lines are weights, as thick as they are large:"
    axes.text(0.1, 0.16, note, fontsize=SMALL, color=MUTED, va="center")
    for x, colour, name in ((4.62, POSITIVE, "positive"), (5.4, NEGATIVE, "negative")):
        axes.plot([x, x + 0.2], [0.16, 0.16], color=colour, linewidth=2)
        axes.text(x + 0.26, 0.16, name, fontsize=SMALL, color=MUTED, va="center")


def _layer_name(activation: str | None) -> str:
    return "outputs p" if activation is None else activation


def _draw_weights(axes: Axes, w: Float, below: Float, above: Float) -> None:
    largest = max(float(np.abs(w).max(initial=0)), float(np.finfo(w.dtype).tiny))
    lines, colours, widths = [], [], []
    for o, i in np.ndindex(w.shape):
        lines.append([below[i], above[o]])
        colours.append(POSITIVE if w[o, i] > 0 else NEGATIVE)
        widths.append(0.3 + 2.2 * abs(float(w[o, i])) / largest)
    axes.add_collection(
        LineCollection(lines, colors=colours, linewidths=widths, zorder=1, alpha=0.8)
    )


def _draw_neuron(axes: Axes, x: float, y: float, h: float, delta: float | None) -> None:
    box = {"boxstyle": "round,pad=0.28", "facecolor": "white", "edgecolor": INK, "linewidth": 0.8}
    axes.text(x, y, _short(h), ha="center", va="center", fontsize=TEXT, bbox=box, zorder=3)
    if delta is not None:
        ground = {
            "boxstyle": "round,pad=0.1",
            "facecolor": "white",
            "edgecolor": "none",
            "alpha": 0.85,
        }
        axes.text(
            x,
            y - _RADIUS - 0.07,
            f"δ {_short(delta)}",
            ha="center",
            va="center",
            fontsize=SMALL,
            color=MUTED,
            bbox=ground,
            zorder=2,
        )


def _short(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")
