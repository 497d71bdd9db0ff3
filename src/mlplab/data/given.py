"""Samples that are handed in take the place of an experiment's dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mlplab.data.frame import is_frame
from mlplab.data.samples import Samples
from mlplab.errors import DataError, shown
from mlplab.spec import Arrays, Experiment, FiniteSamples


def given(
    experiment: Experiment, data: Any, label: str | None = None
) -> tuple[Experiment, Samples]:
    """Return an experiment of samples that were handed in, and the samples.

    The experiment's dataset becomes `Arrays` with the samples' content. If it was `Arrays` or a
    `SamplesFile`, its fractions and `standardise` stay. `Arrays` that have a content already, such as
    those of a run, accept no other samples.

    Parameters
    ----------
    experiment : Experiment
    data : tuple, DataFrame or Samples
        `(x, y)`, `(x, y, split)` or `(x, y, split, sample_weight)` as `Samples.from_arrays` takes them
        (a split of None is chosen by the draw), or a DataFrame, of which the dataset's `sample_weight`
        names the column of the samples' weights.
    label : str, optional
        The column of the label in a DataFrame.

    Raises
    ------
    DataError
        If the data are something else, cannot be used, or are not those that the experiment means.

    Examples
    --------
    >>> x, y = [[5.1, 3.5], [4.9, 3.0], [6.3, 3.3], [7.1, 3.0], [5.8, 2.7], [6.5, 3.2]], list("aabbab")
    >>> experiment, samples = given(Experiment(dataset="arrays"), (x, y))
    >>> experiment.dataset.content == samples.content
    True
    """
    dataset = experiment.dataset
    column = dataset.sample_weight if isinstance(dataset, FiniteSamples) else None
    samples = as_samples(data, label, column)
    if column is not None and samples.weight is None:
        raise DataError(
            f"the experiment's samples have weights (sample_weight={column!r}): hand them in, too, "
            "data=(x, y, split, sample_weight)"
        )
    kept: dict[str, Any] = {}
    if isinstance(dataset, Arrays):
        samples.check_content(dataset)
    if isinstance(dataset, FiniteSamples):
        kept = {
            name: getattr(dataset, name) for name in FiniteSamples.model_fields if name != "kind"
        }
    parts = {name: getattr(experiment, name) for name in Experiment.model_fields}
    return Experiment(**{**parts, "dataset": samples.pinned(Arrays(**kept))}), samples


def as_samples(data: Any, label: str | None = None, sample_weight: str | None = None) -> Samples:
    """Return samples that were handed in, in one of several forms; as `given` takes them.

    Parameters
    ----------
    data, label
        As `given`.
    sample_weight : str, optional
        The column of the weights in a DataFrame.

    Raises
    ------
    DataError
        If they are something else, or cannot be used.
    """
    if isinstance(data, Samples) and label is None:
        return data
    if isinstance(data, tuple | list) and len(data) in (2, 3, 4) and label is None:
        x, y, split, weight = (*data, None, None)[:4]
        return Samples.from_arrays(x, y, split, sample_weight=weight)
    if is_frame(data):
        if label is None:
            raise DataError('a DataFrame needs the name of its label\'s column, label="…"')
        return Samples.from_frame(data, label, sample_weight=sample_weight)
    if label is not None:
        raise DataError(f"label names a column of a DataFrame, received {shown(data)} as data")
    hint = ""
    if isinstance(data, str | Path):
        hint = f'; a file is named by the experiment: dataset={{"kind": "file", "path": "{data}"}}'
    raise DataError(
        "data must be (x, y), (x, y, split), (x, y, split, sample_weight), a DataFrame or Samples, "
        f"received {shown(data)}{hint}"
    )
