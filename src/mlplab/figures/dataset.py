"""A dataset's three splits side by side: samples in the colours of their classes or of their targets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from mlplab.data import SPLITS, Dataset, SplitName
from mlplab.errors import MlplabError
from mlplab.figures.plane import plane_extent, plane_panels
from mlplab.figures.points import class_legend, plot_samples
from mlplab.figures.projection import Projection, check_dataset, projection_of, titled
from mlplab.figures.style import set_heading, style
from mlplab.figures.targets import axis_name, chosen_targets
from mlplab.figures.value_axes import padded, plot_pairs, value_panels
from mlplab.figures.value_colours import BESIDE, ValueScale, draw_bar, plot_values

SPLIT_HEADINGS: dict[SplitName, str] = {
    "train": "Training",
    "validation": "Validation",
    "test": "Test",
}

_HEIGHT = 1.5  # inches of a panel over one feature


def dataset_figure(
    dataset: Dataset,
    title: str | None = None,
    features: Sequence[str] | None = None,
    targets: Sequence[str] | None = None,
) -> Figure:
    """Draw a dataset's three splits side by side.

    Two features are the plane. Of more, their first two principal components are drawn, or two features
    that are named; one feature is drawn along a line, with a band for each class. Title and axes say so.
    Where samples have targets, each target has a row of panels: its values are colours, or heights above
    one feature.

    Parameters
    ----------
    dataset : Dataset
    title : str, optional
        Above the panels.
    features : sequence of str, optional
        One or two features to draw.
    targets : sequence of str, optional
        Which targets to draw, where samples have some; the first six if not given.

    Raises
    ------
    MlplabError
        If it is no dataset, there is no such feature or target, or they are too many for a picture.

    Examples
    --------
    >>> from mlplab.data import draw_dataset
    >>> from mlplab.spec import Moons
    >>> len(dataset_figure(draw_dataset(Moons(train_per_class=8, test_per_class=8), seed=1)).axes)
    3
    """
    check_dataset(dataset)
    projection = projection_of(dataset, features)
    if dataset.has_targets:
        draw = _values_over_a_line if projection.is_line else _values_in_the_plane
        columns, note = chosen_targets(dataset, targets)
        notes = ", ".join(part for part in (projection.note, note) if part)
        with style():
            return draw(dataset, projection, columns, titled(title, notes))
    if targets is not None:
        raise MlplabError("targets are named, and the samples have labels")
    with style():
        splits = {name: projection.transform(split) for name, split in dataset.splits.items()}
        figure, panels = plane_panels(
            len(SPLITS),
            plane_extent(*(split.x for split in splits.values())),
            class_legend(dataset.label_names),
            titled(title, projection.note),
            labels=projection.labels,
            ticks_up=not projection.banded,
        )
        for axes, (name, split) in zip(panels, splits.items(), strict=True):
            plot_samples(axes, split, dataset.label_names)
            set_heading(axes, SPLIT_HEADINGS[name], f"{len(split):,} samples")
    return figure


def _values_in_the_plane(
    dataset: Dataset, projection: Projection, targets: Sequence[int], title: str | None
) -> Figure:
    """Draw samples as points of the plane; a row of panels for each target, which is their colour."""
    splits = {name: projection.transform(split) for name, split in dataset.splits.items()}
    figure, panels = plane_panels(
        len(SPLITS),
        plane_extent(*(split.x for split in splits.values())),
        [],
        title,
        labels=projection.labels,
        rows=len(targets),
        beside=BESIDE,
    )
    for k, target in enumerate(targets):
        scale = ValueScale.of(np.concatenate([split.y[:, target] for split in splits.values()]))
        row = panels[k * len(SPLITS) : (k + 1) * len(SPLITS)]
        for axes, (name, split) in zip(row, splits.items(), strict=True):
            plot_values(axes, split.x, split.y[:, target], scale)
            set_heading(axes, SPLIT_HEADINGS[name], f"{len(split):,} samples")
        draw_bar(figure, row[-1], scale, dataset.target_names[target])
    return figure


def _values_over_a_line(
    dataset: Dataset, projection: Projection, targets: Sequence[int], title: str | None
) -> Figure:
    """Draw each target's values as heights above one feature."""
    splits = {name: projection.transform(split) for name, split in dataset.splits.items()}
    figure, panels = value_panels(len(targets), len(SPLITS), [], title, _HEIGHT)
    width = padded(*(split.x[:, 0] for split in splits.values()))
    for target, row in zip(targets, panels, strict=True):
        height = padded(*(split.y[:, target] for split in splits.values()))
        for axes, (name, split) in zip(row, splits.items(), strict=True):
            axes.set_xlim(width)
            axes.set_ylim(height)
            plot_pairs(axes, split.x[:, 0], split.y[:, target], "samples")
            set_heading(axes, SPLIT_HEADINGS[name], f"{len(split):,} samples")
            axes.tick_params(labelleft=axes is row[0])
            axes.set_xlabel(projection.labels[0] if row is panels[-1] else "")
        row[0].set_ylabel(axis_name("", dataset.target_names[target], _HEIGHT))
    return figure
