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
        `(x, y)` or `(x, y, split)` as `Samples.from_arrays` takes them, or a DataFrame.
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
    samples = as_samples(data, label)
    dataset = experiment.dataset
    kept: dict[str, Any] = {}
    if isinstance(dataset, Arrays):
        samples.check_content(dataset)
    if isinstance(dataset, FiniteSamples):
        kept = {
            name: getattr(dataset, name) for name in FiniteSamples.model_fields if name != "kind"
        }
    parts = {name: getattr(experiment, name) for name in Experiment.model_fields}
    return Experiment(**{**parts, "dataset": samples.pinned(Arrays(**kept))}), samples


def as_samples(data: Any, label: str | None = None) -> Samples:
    """Return samples that were handed in, in one of several forms; as `given` takes them.

    Raises
    ------
    DataError
        If they are something else, or cannot be used.
    """
    if isinstance(data, Samples) and label is None:
        return data
    if isinstance(data, tuple | list) and len(data) in (2, 3) and label is None:
        return Samples.from_arrays(*data)
    if is_frame(data):
        if label is None:
            raise DataError('a DataFrame needs the name of its label\'s column, label="…"')
        return Samples.from_frame(data, label)
    if label is not None:
        raise DataError(f"label names a column of a DataFrame, received {shown(data)} as data")
    hint = ""
    if isinstance(data, str | Path):
        hint = f'; a file is named by the experiment: dataset={{"kind": "file", "path": "{data}"}}'
    raise DataError(
        f"data must be (x, y), (x, y, split), a DataFrame or Samples, received {shown(data)}{hint}"
    )
