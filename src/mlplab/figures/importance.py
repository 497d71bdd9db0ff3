"""How much of a score's variance each setting of a search explains."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from mlplab.errors import MlplabError
from mlplab.figures.foot import LINE, add_foot, foot_height
from mlplab.figures.names import broken, short_names
from mlplab.figures.style import INK, SMALL, WIDTH, style, style_ticks, wrapped

UNKNOWN = "–"

_BAR, _ROW, _AROUND = 0.62, 0.27, 0.1  # of a row; inches
_NAME = 28  # columns of type


def importance_figure(
    names: Sequence[str], importance: ArrayLike, title: str | None = None, note: str = ""
) -> Figure:
    """Draw the importance of each setting as a bar, the greatest on top, its percentage beside it.

    Parameters
    ----------
    names : sequence of str
        Paths of settings, which are shown by their last words, or other words.
    importance : array, shape (names,)
        Fractions of the variance, as functional ANOVA finds them (Hutter et al. 2014); they add up to 1.
        Not finite where there is nothing to explain.
    title : str, optional
        Above the bars.
    note : str
        In small type at the foot.

    Raises
    ------
    MlplabError
        If there is no name, there is not one fraction for each, or one is below 0 or above 1.

    Examples
    --------
    >>> names = ["training.batch_size", "training.optimizer.learning_rate"]
    >>> (axes,) = importance_figure(names, [0.2, 0.8]).axes
    >>> [label.get_text() for label in axes.get_yticklabels()], [t.get_text() for t in axes.texts]
    (['learning_rate', 'batch_size'], ['80.0 %', '20.0 %'])
    """
    fractions = np.asarray(importance, dtype=np.float64)
    if not names or fractions.shape != (len(names),):
        raise MlplabError(
            "a figure of importances needs one fraction for each of one name or more, received "
            f"{len(names)} names and an array of shape {fractions.shape}"
        )
    wrong = fractions[(fractions < -1e-9) | (fractions > 1 + 1e-9)]
    if len(wrong):
        raise MlplabError(f"importances are fractions from 0 to 1, received {wrong[0]:g}")
    lines = ["\n".join(broken(name, _NAME)) for name in short_names(names)]
    order = np.argsort(-np.nan_to_num(fractions, nan=0.0), kind="stable")
    with style():
        title = wrapped(title, WIDTH) if title else ""
        rows = sum(1 + 0.5 * lines[k].count("\n") for k in order)
        height = _AROUND + _ROW * max(rows, 2) + LINE * len(title.splitlines())
        figure = Figure(
            figsize=(WIDTH, height + foot_height(WIDTH, [], note)), layout="constrained"
        )
        if title:
            figure.suptitle(title, x=0.01, ha="left")
        axes = figure.add_subplot()
        percentages = 100 * np.nan_to_num(fractions[order])
        axes.barh(range(len(names)), percentages, height=_BAR, color="#0072B2", zorder=2)
        for row, (percentage, fraction) in enumerate(
            zip(percentages, fractions[order], strict=True)
        ):
            axes.annotate(
                _written(percentage) if np.isfinite(fraction) else UNKNOWN,
                (percentage, row),
                xytext=(4, 0),
                textcoords="offset points",
                va="center_baseline",
                fontsize=SMALL,
                color=INK,
                annotation_clip=False,
            )
        axes.set_yticks(range(len(names)), [lines[k] for k in order])
        axes.set_ylim(len(names) - 0.5, -0.5)
        # The number beside the longest bar has room within the axis.
        axes.set_xlim(0, 1.14 * max(float(percentages.max()), 1.0))
        axes.set_xticks([])
        axes.spines[["top", "right", "bottom"]].set_visible(False)
        style_ticks(axes)
        axes.tick_params(axis="y", length=0, labelcolor=INK, pad=5)
        add_foot(figure, [], note)
    return figure


def _written(percentage: float) -> str:
    return "< 0.1 %" if 0 < percentage < 0.05 else f"{percentage:.1f} %"
