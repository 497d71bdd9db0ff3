"""The figure of a trained map."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from mlplab.figures.heat_axis import HeatAxis
from mlplab.figures.heat_map import HeatMap, heat_map_figure
from mlplab.spec import Experiment
from mlplab.spec.finite import SamplesFile
from mlplab.statistics import Measure
from mlplab.statistics.measures import PERCENTAGE_POINTS
from mlplab.streams import seeds_in_words
from mlplab.sweep.axis import Axis, own_place, own_value
from mlplab.sweep.cells import ENDINGS
from mlplab.sweep.plan import MapPlan
from mlplab.sweep.trained_map import FEWEST, TrainedMap


def map_figure(trained: TrainedMap, measure: str | None = None, title: str | None = None) -> Figure:
    """Draw a trained map: means of a measure with marks, and the fraction of failed runs.

    Parameters
    ----------
    trained : TrainedMap
    measure : str, optional
        One of the map's `measures`; by default the metric on validation samples.
    title : str, optional
        By default what is varied, and on which dataset.

    Raises
    ------
    MlplabError
        If there is no such measure.
    """
    cells = trained.statistics(measure)
    plan = trained.plan
    heat_map = HeatMap(
        x=_heat_axis(plan.x),
        y=_heat_axis(plan.y),
        values=cells.mean * (100 if is_fraction(cells.measure) else 1),
        failed=trained.fraction("failed"),
        measure=with_unit(cells.measure),
        lower_is_better=cells.measure.lower_is_better,
        worst_is_open=worst_is_open(cells.measure),
        best=trained.best(measure),
        alike=trained.as_good_as_best(measure),
        published=published_place(plan),
    )
    return heat_map_figure(heat_map, title or map_title(plan), map_note(trained, measure))


def map_title(plan: MapPlan) -> str:
    """Return what a map is called: its dataset and the last words of both settings."""
    y, x = (axis.setting.rpartition(".")[2] for axis in (plan.y, plan.x))
    return f"{dataset_name(plan.experiment)}: {y} against {x}"


def dataset_name(experiment: Experiment) -> str:
    """Return what a dataset is called: its kind, or the name of its file."""
    dataset = experiment.dataset
    return Path(dataset.path).name if isinstance(dataset, SamplesFile) else dataset.kind


def is_fraction(measure: Measure) -> bool:
    """Tell whether a measure's values are fractions, which are shown in per cent."""
    return measure.unit == PERCENTAGE_POINTS


def with_unit(measure: Measure) -> str:
    """Return a measure in words, with its unit."""
    if is_fraction(measure):
        return f"{measure.title} (%)"
    return f"{measure.title} ({measure.unit})" if measure.unit else measure.title


def worst_is_open(measure: Measure) -> bool:
    """Tell whether values may be worse and worse without an end, as losses and R² may."""
    return math.isinf(measure.bounds[1 if measure.lower_is_better else 0])


def published_place(plan: MapPlan) -> tuple[float, float] | None:
    """Return where the experiment's own values lie, in cells on x and y; None where outside."""
    x, y = (_own_position(axis, plan.experiment) for axis in (plan.x, plan.y))
    return None if x is None or y is None else (x, y)


def _own_position(axis: Axis, experiment: Experiment) -> float | None:
    if axis.scale == "list":
        return own_place(axis, experiment)
    value = own_value(experiment, axis.setting)
    if not isinstance(value, int | float) or (axis.scale == "log" and value <= 0):
        return None
    return _heat_axis(axis).place(float(np.log10(value)) if axis.scale == "log" else float(value))


def _heat_axis(axis: Axis) -> HeatAxis:
    return HeatAxis(axis.setting, axis.positions, axis.scale, axis.labels)


def samples_scope(plan: MapPlan) -> str | None:
    """Say what own samples mean for intervals and comparisons; None where each run draws its own."""
    if plan.finite is None:
        return None
    if plan.finite.split is None:
        return (
            "All runs re-split one set of samples: intervals and comparisons are corrected for it "
            "(Nadeau and Bengio 2003)."
        )
    return "All runs share one split of the samples: this says nothing of other samples."


def map_note(trained: TrainedMap, measure: str | None) -> str:
    """Say how many runs there are, how they ended, and what is marked."""
    plan = trained.plan
    seeds = seeds_in_words(*plan.seeds)
    runs = f"{plan.replications:,} run{'s' * (plan.replications > 1)} a cell ({seeds})"
    count = int(trained.trained.sum())
    per_cent = [
        100 * float((trained.ending == ENDINGS.index(name)).sum()) / max(count, 1)
        for name in ("stuck", "diverged")
    ]
    text = (
        f"{runs}; of {count:,} runs {per_cent[0]:.1f} % got stuck and {per_cent[1]:.1f} % diverged. "
        "Means are of runs that did not diverge."
    )
    best = trained.best(measure)
    if best is not None:
        cells = trained.statistics(measure)
        write = cells.measure.write_value
        text += f" Best cell: {write(float(cells.mean[best]))}"
        if cells.count[best] > 1:
            low, high = float(cells.low[best]), float(cells.high[best])
            text += f" (95 % interval {write(low)} to {write(high)})"
        text += "."
        if plan.replications < FEWEST:
            text += f" With fewer than {FEWEST} runs a cell none is called better than another."
    if (scope := samples_scope(plan)) is not None:
        text += f" {scope}"
    return text
