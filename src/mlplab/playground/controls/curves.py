"""The curves: loss, accuracy and learning rate, as Bokeh's figures."""

from __future__ import annotations

from typing import Any

import numpy as np
import panel as pn
from bokeh.models import (
    ColumnDataSource,
    HoverTool,
    NumeralTickFormatter,
    PrintfTickFormatter,
    Range1d,
)
from bokeh.models.annotations import Span
from bokeh.plotting import figure

from mlplab.figures.curves import SPLIT_COLOURS, SPLIT_WORDS
from mlplab.run import History
from mlplab.spec import Experiment, learning_rates

INKS = {"light": ("#5b636c", "#e3e6ea"), "dark": ("#9aa4af", "#323943")}
"""Colours of text and of lines."""

RATE_COLOUR = "#009E73"

MOST_SHOWN = 400
"""Points of a curve; more cannot be seen."""

FEW_EPOCHS = 30
"""Up to which each epoch has a dot."""


class Curves:
    """Three figures side by side, which grow with the training.

    Attributes
    ----------
    view : Row
    panels : tuple of figure
        Of the loss, the accuracy and the learning rate.
    """

    def __init__(self) -> None:
        self.scores = ColumnDataSource(data=_no_scores())
        self.rates = ColumnDataSource(data={"epoch": [], "rate": []})
        self._dots: list[Any] = []
        self._marks: list[Span] = []
        self._loss = _figure("loss")
        self._accuracy = _figure("accuracy (%)")
        self._rate = _figure("learning rate")
        for split, word in SPLIT_WORDS.items():
            for panel, score in ((self._loss, "loss"), (self._accuracy, "accuracy")):
                panel.line(
                    "epoch",
                    f"{split}_{score}",
                    source=self.scores,
                    color=SPLIT_COLOURS[split],
                    line_width=2,
                    legend_label=word,
                )
                dots = panel.scatter(
                    "epoch",
                    f"{split}_{score}",
                    source=self.scores,
                    color=SPLIT_COLOURS[split],
                    size=3.5,
                )
                self._dots.append(dots)
        self._rate.line("epoch", "rate", source=self.rates, color=RATE_COLOUR, line_width=2)
        self.panels = (self._loss, self._accuracy, self._rate)
        for panel in self.panels:
            mark: Any = Span(
                location=0,
                dimension="height",
                line_dash="dashed",
                visible=False,
                name="looked at",
            )
            panel.add_layout(mark)
            self._marks.append(mark)
        self._add_hover(self._loss, "loss")
        self._add_hover(self._accuracy, "accuracy")
        self._rate.add_tools(
            HoverTool(tooltips=[("epoch", "@epoch{0.0}"), ("rate", "@rate{0.00000}")])
        )
        self._accuracy.y_range.end = 101
        self._accuracy.legend.visible = False
        self._loss.legend.location = "top_right"
        _make_small(self._loss.legend)
        self.set_theme("light")
        self.view = pn.Row(
            *(pn.pane.Bokeh(panel, sizing_mode="stretch_both", margin=0) for panel in self.panels),
            sizing_mode="stretch_both",
            margin=0,
        )

    def set_theme(self, theme: str) -> None:
        """Take the colours of the page: `light` or `dark`."""
        text, line = INKS[theme]
        for mark in self._marks:
            mark.line_color = text
        for panel in self.panels:
            panel.title.text_color = text
            for axis in panel.axis:
                axis.axis_label_text_color = axis.major_label_text_color = text
                axis.axis_line_color = axis.major_tick_line_color = text
            panel.grid.grid_line_color = line
            for legend in panel.legend:
                legend.label_text_color = text

    def show(self, history: History, experiment: Experiment, per_epoch: int) -> None:
        """Show the scores of the epochs done, and the learning rate of the whole training."""
        epochs = len(history.train_loss)
        every = -(-max(epochs, 1) // MOST_SHOWN)
        chosen = np.arange(epochs)[::-1][::every][::-1]
        data: dict[str, Any] = {"epoch": chosen + 1}
        for split in SPLIT_WORDS:
            loss = getattr(history, f"{split}_loss")[chosen]
            is_known = np.isfinite(loss)
            accuracy = 100 * getattr(history, f"{split}_accuracy")[chosen]
            data[f"{split}_loss"] = np.where(is_known, loss, np.nan)
            data[f"{split}_accuracy"] = np.where(is_known, accuracy, np.nan)
        self.scores.data = data if epochs else _no_scores()
        last = max(epochs, experiment.training.epochs)
        for panel in self.panels:
            panel.x_range.end = last
        for dots in self._dots:
            dots.visible = last <= FEW_EPOCHS
        losses = np.concatenate([data["train_loss"], data["validation_loss"]])
        percentages = np.concatenate([data["train_accuracy"], data["validation_accuracy"]])
        self._loss.y_range.end = 1.05 * np.nanmax(losses, initial=1e-3) if epochs else 0.3
        self._accuracy.y_range.start = max(
            0.0, np.nanmin(percentages, initial=97 if epochs else 3) - 3
        )
        self.rates.data = _rates(experiment, last, per_epoch)
        self._rate.y_range.end = 1.15 * float(self.rates.data["rate"].max()) or 1.0

    def look_back(self, epoch: float | None) -> None:
        """Mark the epoch that one looks back to; None for the present, which needs no mark."""
        for mark in self._marks:
            mark.visible = epoch is not None
            if epoch is not None:
                mark.location = epoch

    @staticmethod
    def _add_hover(panel: Any, score: str) -> None:
        rows = [(word, f"@{split}_{score}{{0.0000}}") for split, word in SPLIT_WORDS.items()]
        panel.add_tools(HoverTool(tooltips=[("epoch", "@epoch"), *rows], mode="vline"))


def _no_scores() -> dict[str, list[float]]:
    """Return a row that is not drawn: of a curve without any, the legend has no colour."""
    names = [f"{split}_{score}" for split in SPLIT_WORDS for score in ("loss", "accuracy")]
    return {name: [float("nan")] for name in ("epoch", *names)}


def _rates(experiment: Experiment, epochs: int, per_epoch: int) -> dict[str, Any]:
    """Return the learning rate at up to `MOST_SHOWN` updates of a training."""
    updates = max(2, epochs * per_epoch)
    chosen = np.unique(np.linspace(0, updates - 1, min(updates, MOST_SHOWN)).astype(int))
    rates = learning_rates(experiment.training.optimizer.learning_rate, chosen.astype(float))
    return {"epoch": chosen / per_epoch, "rate": rates}


def _figure(title: str) -> Any:
    panel: Any = figure(
        title=title,
        toolbar_location=None,
        tools="",
        sizing_mode="stretch_both",
        min_height=120,
        background_fill_alpha=0,
        border_fill_alpha=0,
        outline_line_color=None,
        x_range=Range1d(start=0, end=1),
        y_range=Range1d(start=0, end=1),
        min_border_left=46,
        min_border_right=6,
    )
    panel.title.text_font_size = "13px"
    panel.title.text_font_style = "normal"
    panel.xaxis.axis_label = "epoch"
    for axis in panel.axis:
        axis.minor_tick_line_color = None
        axis.major_label_text_font_size = "11px"
        axis.axis_label_text_font_size = "11px"
        axis.axis_label_text_font_style = "normal"
        axis.axis_label_standoff = 0
        axis.ticker.desired_num_ticks = 5
    panel.yaxis.formatter = PrintfTickFormatter(format="%.3g")
    panel.xaxis.formatter = NumeralTickFormatter(format="0[.]0a")  # 20000 is 20k
    panel.xgrid.visible = False
    return panel


def _make_small(legend: Any) -> None:
    legend.background_fill_alpha = 0
    legend.border_line_color = None
    legend.label_text_font_size = "11px"
    legend.spacing = 0
    legend.padding = 2
    legend.glyph_width = 14
