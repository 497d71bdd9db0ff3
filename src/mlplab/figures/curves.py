"""Learning curves: loss and metric by epoch, of one run or of many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from mlplab.errors import MlplabError, shown
from mlplab.figures.projection import short_name
from mlplab.figures.style import (
    FAINT,
    MUTED,
    WIDTH,
    LineStyle,
    number,
    style,
    style_ticks,
    wrapped,
)
from mlplab.run import Float64, History, Run, Runs
from mlplab.run.metric import METRIC_WORDS
from mlplab.spec import MetricName

SPLIT_COLOURS = {"train": "#0072B2", "validation": "#C97B00"}
SPLIT_WORDS = {"train": "training", "validation": "validation"}

_HEIGHT = 2.7
_FEW_EPOCHS = 12
_MANY_RUNS = 20
_STRONG, _THIN = 1.4, 0.6
_ABOVE_BEST = 0.03


HistorySource = History | Run | Runs
"""What learning curves are drawn of: one run, or many."""


def curves_figure(
    histories: HistorySource | Sequence[HistorySource],
    title: str | None = None,
    loss_name: str = "mean_squared_error",
) -> Figure:
    """Draw loss and metric by epoch, training and validation, in two panels.

    The metric is that of the runs: accuracy in per cent, R², or the mean absolute error in the target's
    unit.

    Of several runs each is a thin line, and their median in each epoch, over the runs that got there,
    a strong one. A run that diverged ends where it did, and is counted. So is one that stopped early; the
    median is dashed from the first epoch on after which one has, since it is of those runs only that
    went on. A History alone does not tell the one from the other, and has diverged runs only.

    Parameters
    ----------
    histories : Runs, Run, History, or a sequence of these
        Of one experiment: arrays of shape (epochs,) or (replications, epochs).
    title : str, optional
        Above the panels.
    loss_name : str
        Of the loss, in Keras's words.

    Raises
    ------
    MlplabError
        If there is no run, the histories differ in their epochs or their metric, or something else came.

    Examples
    --------
    Of runs that were trained it is `curves_figure(runs)`.

    >>> from mlplab.run import History
    >>> down, up = np.array([0.3, 0.2, 0.1]), np.array([0.5, 0.8, 0.9])
    >>> figure = curves_figure(History(down, up, down, up))
    >>> [panel.get_ylabel() for panel in figure.axes]
    ['loss (mean squared error)', 'accuracy (%)']
    """
    listed = _listed(histories)
    parts = [each if isinstance(each, History) else each.history for each in listed]
    parts = [part for part in parts if part.train_loss.size]
    epochs = {part.train_loss.shape[-1] for part in parts}
    if len(epochs) != 1 or 0 in epochs:
        raise MlplabError(
            "learning curves need one run at least, and all runs of the same number of epochs, "
            f"received {len(parts)} histories of {sorted(epochs)} epochs"
        )
    if len({part.metric for part in parts}) > 1:
        raise MlplabError(
            "learning curves are of one metric, received "
            f"{' and '.join(sorted({part.metric for part in parts}))}"
        )
    metric = parts[0].metric
    losses = {split: _together(parts, f"{split}_loss") for split in SPLIT_WORDS}
    metrics = {split: _together(parts, f"{split}_metric") for split in SPLIT_WORDS}
    if metric == "accuracy":
        metrics = {split: 100 * rows for split, rows in metrics.items()}
    with style():
        figure = Figure(figsize=(WIDTH, _HEIGHT), layout="constrained")
        if title:
            figure.suptitle(wrapped(title, WIDTH), x=0.01, ha="left")
        loss, beside = figure.subplots(1, 2)
        stops = np.concatenate([_stops(each) for each in listed])
        together = int(stops.min()) if len(stops) else epochs.pop()
        penalised = any(part.train_penalty is not None for part in parts)
        what = "loss without penalty\n" if penalised else "loss "
        _draw_panel(loss, losses, f"{what}({loss_name.replace('_', ' ')})", together)
        _draw_panel(beside, metrics, _metric_label(metric, listed[0]), together)
        loss.set_ylim(0, _ceiling(losses))
        _limit_metric(beside, metric, metrics)
        _add_legend(figure, losses, sum(map(_count_diverged, listed)), len(stops))
    return figure


def _listed(histories: object) -> list[HistorySource]:
    """Return what curves are drawn of as a list, after a check that it is that."""
    listed = [histories]
    # Runs can be gone through, too, run by run.
    if isinstance(histories, Iterable) and not isinstance(histories, Runs | str):
        listed = list(histories)
    for each in listed:
        if not isinstance(each, HistorySource):
            raise MlplabError(
                f"learning curves are drawn of Runs, a Run or a History, received {shown(each)}"
            )
    return cast(list[HistorySource], listed)


def _metric_label(metric: MetricName, curves: HistorySource) -> str:
    """Return what the axis of a metric is called: an error has the unit of its target."""
    if metric == "accuracy":
        return "accuracy (%)"
    targets = () if isinstance(curves, History) else curves.target_names
    if metric == "r2" or not targets:
        return METRIC_WORDS[metric]
    of = f"of {short_name(targets[0])}" if len(targets) == 1 else f"of {len(targets)} targets"
    return f"{METRIC_WORDS[metric]}\n{of}"


def _limit_metric(axes: Axes, metric: MetricName, metrics: dict[str, Float64]) -> None:
    """End an axis at the best there can be, and where almost all lines are seen."""
    if metric == "accuracy":
        low, high = axes.get_ylim()
        axes.set_ylim(max(low, -3), min(high, 103))
    elif metric == "r2":
        # 1 - R² falls to 0 as a loss does.
        lost = _ceiling({split: 1 - rows for split, rows in metrics.items()})
        axes.set_ylim(1 - lost, 1 + _ABOVE_BEST * lost)
    else:
        axes.set_ylim(0, _ceiling(metrics))


def _count_diverged(curves: HistorySource) -> int:
    """Count the runs that diverged; a history shows those that a training loss ended."""
    if isinstance(curves, History):
        last = np.atleast_2d(curves.train_loss)[:, -1]
        return int(np.count_nonzero(~np.isfinite(last)))
    return int(np.count_nonzero(np.atleast_1d(curves.ending) == "diverged"))


def _stops(curves: HistorySource) -> NDArray[np.int64]:
    """Return the last epoch of each run that stopped early."""
    if isinstance(curves, History):
        return np.zeros(0, np.int64)
    return np.asarray(np.atleast_1d(curves.epochs)[np.atleast_1d(curves.stopped_early)])


def _together(parts: Sequence[History], name: str) -> Float64:
    """Return one array of all histories, shape (runs, epochs), with NaN for all that is not finite."""
    rows = np.concatenate([np.atleast_2d(getattr(part, name)) for part in parts])
    return np.where(np.isfinite(rows), rows, np.nan)


def medians(rows: Float64) -> Float64:
    """Return the median of each epoch over the runs that got there, else NaN; shape (epochs,).

    >>> medians(np.array([[1.0, 2.0, np.nan], [3.0, np.nan, np.nan]])).tolist()
    [2.0, 2.0, nan]
    """
    middle = np.full(rows.shape[1], np.nan)
    reached = np.isfinite(rows).any(axis=0)
    middle[reached] = np.nanmedian(rows[:, reached], axis=0)
    return middle


def _draw_panel(axes: Axes, curves: dict[str, Float64], label: str, together: int) -> None:
    """Draw loss or metric; after the epoch `together`, some runs have stopped early."""
    runs, epochs = curves["train"].shape
    epoch = np.arange(1, epochs + 1)
    few = epochs <= _FEW_EPOCHS
    if runs > 1:
        for split, rows in curves.items():
            axes.plot(
                epoch,
                rows.T,
                color=SPLIT_COLOURS[split],
                alpha=_paleness(runs),
                linewidth=_THIN,
                marker="o" if few else None,
                markersize=3.0,
                markeredgewidth=0,
                zorder=2,
                rasterized=runs > _MANY_RUNS,
            )
    for split, rows in curves.items():
        middle = medians(rows)
        look: LineStyle = {"color": SPLIT_COLOURS[split], "linewidth": _STRONG, "markersize": 4.5}
        look |= {"marker": "o" if few else None, "zorder": 3}
        axes.plot(epoch[:together], middle[:together], label=SPLIT_WORDS[split], **look)
        if runs > 1 and together < epochs:
            axes.plot(epoch[together - 1 :], middle[together - 1 :], linestyle="--", **look)
    axes.set_xlabel("epoch")
    axes.set_ylabel(label)
    if epochs == 1:
        axes.set_xlim(0, 2)
        axes.set_xticks([1])
    else:
        # There is no epoch 0, and no tick for it.
        margin = 0.02 * (epochs - 1)
        axes.set_xlim(1 - min(margin, 0.9), epochs + margin)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    axes.grid(axis="y", color=FAINT, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    style_ticks(axes)


def _paleness(runs: int) -> float:
    return float(min(0.45, 1.1 / np.sqrt(runs)))


def _ceiling(curves: dict[str, Float64]) -> float:
    """Return where an axis from 0 on ends: above all, or where a few runs shoot up, above the others."""
    values = np.concatenate([rows.ravel() for rows in curves.values()])
    values = values[~np.isnan(values)]
    if not values.any():
        return 1.0
    strong = max(np.nanmax(medians(rows), initial=0.0) for rows in curves.values())
    usual = max(strong, 1.5 * float(np.quantile(values, 0.99)))
    return 1.05 * min(usual, float(values.max()))


def _add_legend(figure: Figure, losses: dict[str, Float64], diverged: int, stopped: int) -> None:
    runs, epochs = losses["train"].shape
    marker = "o" if epochs <= _FEW_EPOCHS else None
    entries = []
    for split, word in SPLIT_WORDS.items():
        look: LineStyle = {"color": SPLIT_COLOURS[split], "linewidth": _STRONG, "markersize": 4.5}
        label = word if runs == 1 else f"{word}: median"
        entries.append((Line2D([], [], marker=marker, **look), label))
    if runs > 1:
        look = {"color": MUTED, "alpha": 0.6, "linewidth": _THIN, "markersize": 3.0}
        entries.append(
            (Line2D([], [], marker=marker, markeredgewidth=0, **look), f"each of {runs} runs")
        )
    if stopped and runs > 1:
        dashed: LineStyle = {"color": MUTED, "linewidth": _STRONG, "linestyle": "--"}
        entries.append(
            (Line2D([], [], **dashed), f"of those that went on ({stopped} stopped early)")
        )
    if diverged:
        words = f"{diverged} of {runs} diverged" if runs > 1 else "the run diverged"
        entries.append((Line2D([], [], linestyle="none"), words))
    figure.legend(
        *zip(*entries, strict=True),
        loc="outside lower center",
        ncols=len(entries),
        borderaxespad=0.5,
    )
