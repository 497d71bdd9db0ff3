"""Whether a trial of one's own fits its experiment: a kernel trusts what it is handed."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from mlplab.data import Dataset, Split
from mlplab.errors import MlplabError, shown
from mlplab.spec.experiment import check_experiment

if TYPE_CHECKING:
    from mlplab.trial import Trial


def with_own_labels(trial: Trial) -> Trial:
    """Return a trial with labels that nobody else can write to, after a check that all fits.

    A kernel counts by labels, and trusts them.

    Raises
    ------
    SpecError
        If the experiment is none.
    MlplabError
        If the dataset, the arrays or the key do not fit the experiment.
    """
    check_experiment(trial.experiment)
    if not isinstance(trial.dataset, Dataset):
        raise MlplabError(
            f"the trial of seed {trial.seed} needs a Dataset, received {shown(trial.dataset)}"
        )
    _check_key(trial)
    _check_parameters(trial)
    splits: dict[str, Any] = {}
    for name, split in trial.dataset.splits.items():
        _check_samples(trial, name, split)
        labels = np.array(split.y)
        if (
            labels.dtype.kind not in "iu"
            or labels.min() < 0
            or labels.max() >= trial.dataset.classes
        ):
            raise MlplabError(
                f"the trial of seed {trial.seed} needs {name} labels from 0 to "
                f"{trial.dataset.classes - 1}, received {shown(np.unique(labels).tolist())}"
            )
        splits[name] = Split(split.x, labels.astype(np.int64, copy=False))
    return replace(trial, dataset=replace(trial.dataset, **splits))


def _check_key(trial: Trial) -> None:
    key = trial.shuffle_key
    is_whole = isinstance(key, int | np.integer) and not isinstance(key, bool)
    if not is_whole or not 0 <= key < 2**64:
        raise MlplabError(
            f"the trial of seed {trial.seed} needs a shuffle_key that is a whole number from 0 to "
            f"2^64 - 1, received {shown(key)}"
        )


def _check_parameters(trial: Trial) -> None:
    dataset, dtype = trial.dataset, np.dtype(trial.experiment.training.dtype)
    sizes = trial.experiment.network.layer_sizes(dataset.features, dataset.classes)
    shapes = [(outputs, inputs) for inputs, outputs in pairwise(sizes)] + [(n,) for n in sizes[1:]]
    are_lists = all(isinstance(each, tuple | list) for each in (trial.weights, trial.biases))
    parameters = [*trial.weights, *trial.biases] if are_lists else [trial.weights, trial.biases]
    if [_form_of_array(p) for p in parameters] != [(dtype, shape) for shape in shapes]:
        came = ", ".join(_said(p) for p in parameters)
        raise MlplabError(
            f"the trial of seed {trial.seed} needs weights and biases of {dtype} and shapes "
            f"{', '.join(map(str, shapes))}, received {came}"
        )


def _check_samples(trial: Trial, name: str, split: Split) -> None:
    dtype, features = np.dtype(trial.experiment.training.dtype), trial.dataset.features
    x, y = _form_of_array(split.x), _form_of_array(split.y)
    if x is None or y is None or len(y[1]) != 1 or x != (dtype, (*y[1], features)) or not y[1][0]:
        raise MlplabError(
            f"the trial of seed {trial.seed} needs {name} samples of {dtype} and shape (samples, "
            f"{features}), received {_said(split.x)} and "
            f"{f'{y[1][0]} labels' if y is not None and len(y[1]) == 1 else f'labels {_said(split.y)}'}"
        )


def _form_of_array(value: Any) -> tuple[np.dtype[Any], tuple[int, ...]] | None:
    """Return an array's type and shape, None if it is no array."""
    return (value.dtype, value.shape) if isinstance(value, np.ndarray) else None


def _said(value: Any) -> str:
    form = _form_of_array(value)
    return shown(value) if form is None else f"{form[0]} {form[1]}"
