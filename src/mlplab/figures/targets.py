"""Which targets a figure shows, what a model predicts of them, and how far that is from the truth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mlplab.boundary import HasFeedforward
from mlplab.boundary.regions import outputs_of
from mlplab.data import Dataset, Split
from mlplab.data.dataset import Float64
from mlplab.errors import MlplabError, shown, suggestion
from mlplab.figures.names import broken
from mlplab.figures.projection import check_dataset, short_name
from mlplab.spec.regression import r_squared

MOST_TARGETS = 6
"""Targets that a figure shows, a row of panels for each."""

_LINES = 2
"""Of an axis's name."""

_COLUMNS = 14
"""Of type, in an inch."""


def check_targets(dataset: object, what: str) -> None:
    """Refuse something else than a dataset, and one of which samples have labels.

    Raises
    ------
    MlplabError
        That begins with `what`, such as a regression's figure.
    """
    check_dataset(dataset)
    if isinstance(dataset, Dataset) and not dataset.has_targets:
        raise MlplabError(
            f"{what} is of targets, and the samples have labels: classifier_figure is of those"
        )


def chosen_targets(dataset: Dataset, targets: Sequence[str] | None) -> tuple[list[int], str]:
    """Return the columns of the targets to show, and a note where these are not all.

    Parameters
    ----------
    dataset : Dataset
    targets : sequence of str, optional
        Their names; the first `MOST_TARGETS` if not given.

    Raises
    ------
    MlplabError
        If there is no such target, one is named twice, or they are none or too many.
    """
    names = dataset.target_names
    chosen = names[:MOST_TARGETS] if targets is None else tuple(targets)
    for name in chosen:
        if name not in names:
            raise MlplabError(f"no target {name!r} in the dataset; {suggestion(name, names)}")
    if not 1 <= len(chosen) <= MOST_TARGETS or len(set(chosen)) < len(chosen):
        raise MlplabError(
            f"a picture shows one to {MOST_TARGETS} different targets, received {shown(chosen)}"
        )
    note = "" if len(chosen) == len(names) else f"{len(chosen)} of {len(names)} targets"
    return [names.index(name) for name in chosen], note


def predictions(network: HasFeedforward, split: Split) -> Float64:
    """Return what a network predicts of a split's targets, shape (samples, targets), in float64.

    Raises
    ------
    MlplabError
        If it has not one output for each target.
    """
    with np.errstate(all="ignore"):  # a diverged network predicts what it does
        outputs = outputs_of(network, split.x)
    check_outputs(outputs.shape[1], split.y.shape[1])
    return outputs.astype(np.float64)


def check_outputs(outputs: int, targets: int) -> None:
    """Refuse a model that has not one output for each target."""
    if outputs != targets:
        raise MlplabError(
            f"the model must have as many outputs as there are targets ({targets}), received {outputs}"
        )


def explained(predicted: Float64, true: Float64) -> str:
    """Return the R² of one target in words.

    Parameters
    ----------
    predicted, true : ndarray, shape (samples,)

    Examples
    --------
    >>> explained(np.array([0.0, 1.0, 2.5]), np.array([0.0, 1.0, 2.0]))
    'R² 0.8750'
    >>> explained(np.array([0.0, np.nan]), np.array([0.0, 1.0]))
    'no prediction of 1 of 2'
    """
    silent = np.count_nonzero(~np.isfinite(predicted))
    if silent:
        return f"no prediction of {silent:,} of {len(predicted):,}"
    with np.errstate(over="ignore"):
        return f"R² {r_squared(predicted[:, None], true[:, None]):.4f}".replace("-", "−")


def axis_name(words: str, target: str, inches: float) -> str:
    r"""Return what an axis is called that shows a target: two lines of so many inches at most.

    >>> axis_name("predicted", "price", 2)
    'predicted price'
    >>> axis_name("", "rent of the first month", 1.2)
    'rent of the\nfirst month'
    """
    lines = broken(f"{words} {short_name(target)}".strip(), int(_COLUMNS * inches))
    return "\n".join(lines[:_LINES])
