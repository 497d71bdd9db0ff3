"""The finite samples that an experiment means: its file's, or those that are handed in instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

from mlplab.data.frame import is_frame
from mlplab.data.samples import Samples
from mlplab.errors import DataError, shown
from mlplab.spec import Arrays, DatasetSpec, Experiment, FiniteSamples, SamplesFile
from mlplab.spec.experiment import check_classes, check_experiment


def with_samples(
    experiment: Experiment,
    data: Any = None,
    label: str | None = None,
    read: Callable[[SamplesFile], Samples] = Samples.from_file,
) -> tuple[Experiment, Samples | None]:
    """Return an experiment that says by their content which samples it means, and the samples.

    Parameters
    ----------
    data, label
        As `given` takes them; None for the samples that the dataset names.
    read : callable
        Reads a file of samples.

    Returns
    -------
    Experiment
        Itself, where its samples are drawn by a recipe.
    Samples or None
        None for a recipe.

    Raises
    ------
    SpecError
        If `experiment` is no Experiment, or its loss or class weights do not fit the samples' classes.
    DataError
        If the samples cannot be used, were not handed in, or are not those that the experiment means.
    """
    check_experiment(experiment)
    dataset = experiment.dataset
    if data is None and label is not None:
        raise DataError(f"label={shown(label)} names a column of a DataFrame: data=… is missing")
    if data is not None:
        experiment, samples = given(experiment, data, label)
    elif isinstance(dataset, SamplesFile):
        samples = read(dataset)
        experiment = experiment.varied({"dataset.content": samples.content})
    elif isinstance(dataset, Arrays):
        raise DataError("the experiment's samples are arrays, which must be handed in: data=(x, y)")
    else:
        return experiment, None
    pinned = cast(FiniteSamples, experiment.dataset)
    samples.check_precision(experiment.training.dtype, pinned.standardise)
    if not samples.target_names:
        check_classes(experiment.training, len(samples.label_names), samples.label_names)
    return experiment, samples


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
        names the column of the samples' weights. Where the dataset names a `target`, y are targets.
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
    column, target = columns_of(dataset)
    samples = as_samples(data, label, column, target)
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
    kept["target"] = samples.target_names or None
    parts = {name: getattr(experiment, name) for name in Experiment.model_fields}
    return Experiment(**{**parts, "dataset": samples.pinned(Arrays(**kept))}), samples


def columns_of(dataset: DatasetSpec) -> tuple[str | None, tuple[str, ...] | None]:
    """Return what a dataset calls the weights of its samples, and its targets; None where it has none."""
    if not isinstance(dataset, FiniteSamples):
        return None, None
    return dataset.sample_weight, dataset.target


def as_samples(
    data: Any,
    label: str | None = None,
    sample_weight: str | None = None,
    target: Sequence[str] | None = None,
) -> Samples:
    """Return samples that were handed in, in one of several forms; as `given` takes them.

    Parameters
    ----------
    data, label
        As `given`.
    sample_weight : str, optional
        The column of the weights in a DataFrame.
    target : sequence of str, optional
        Where samples have targets and no label: what they are called.

    Raises
    ------
    DataError
        If they are something else, or cannot be used.
    """
    if target is not None and label is not None:
        raise DataError(
            f"samples have a label or targets, received label={shown(label)} and the experiment's "
            f"target={shown(list(target))}"
        )
    if isinstance(data, Samples) and label is None:
        if target is not None and data.target_names != tuple(target):
            raise DataError(
                f"the experiment's target is {shown(list(target))}, received {data!r} with "
                f"{shown(list(data.target_names)) if data.target_names else 'labels'}"
            )
        return data
    if isinstance(data, tuple | list) and len(data) in (2, 3, 4) and label is None:
        x, y, split, weight = (*data, None, None)[:4]
        return Samples.from_arrays(x, y, split, sample_weight=weight, target=target)
    if is_frame(data):
        if target is not None:
            return Samples.from_frame(data, sample_weight=sample_weight, target=target)
        if label is None:
            raise DataError(
                'a DataFrame needs the name of its label\'s column, label="…", or an experiment whose '
                'dataset names its target, {"kind": "arrays", "target": "…"}'
            )
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
