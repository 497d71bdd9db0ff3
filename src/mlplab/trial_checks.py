"""Whether trials fit their experiment: a kernel trusts what it is handed."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from types import NoneType
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from mlplab.data import Dataset, Samples, Split
from mlplab.data.dataset import Float64
from mlplab.data.weights import weights_of_array
from mlplab.errors import MlplabError, shown
from mlplab.spec import Experiment, FiniteSamples
from mlplab.spec.experiment import check_classes, check_experiment
from mlplab.streams import check_seed

if TYPE_CHECKING:
    from mlplab.trial import Trial, Trials


def check_trials(trials: Trials) -> None:
    """Refuse trials whose seeds, streams, samples or drawn trials do not fit together.

    Raises
    ------
    SpecError
        If `experiment` is no Experiment.
    DataError
        If the samples are not those that the experiment means.
    MlplabError
        With what was expected and what came.
    """
    check_experiment(trials.experiment)
    _check_seeds(trials.seeds)
    n = len(trials.seeds)
    if trials.streams is not None:
        wanted = [(np.dtype(np.uint64), (n,))] * 4
        are_arrays = isinstance(trials.streams, tuple)
        if not are_arrays or [_form_of_array(each) for each in trials.streams] != wanted:
            raise MlplabError(
                f"the streams of {n} trials must be four arrays of uint64 and shape ({n},), received "
                + (", ".join(map(_said, trials.streams)) if are_arrays else shown(trials.streams))
            )
    if not isinstance(trials.drawn, tuple) or len(trials.drawn) not in (0, n):
        raise MlplabError(f"{n} drawn trials must come in a tuple, received {shown(trials.drawn)}")
    if trials.drawn:
        return
    is_finite = isinstance(trials.experiment.dataset, FiniteSamples)
    if not isinstance(trials.finite, Samples if is_finite else NoneType):
        wanted_samples = (
            "the Samples that its dataset means" if is_finite else "no samples to split"
        )
        raise MlplabError(
            f"trials of this experiment need {wanted_samples}, received finite={shown(trials.finite)}"
        )
    if trials.finite is not None:
        trials.finite.check_content(cast(FiniteSamples, trials.experiment.dataset))
        _check_answers(trials.experiment, trials.finite)


def own_trials(trials: Trials) -> tuple[Trial, ...]:
    """Return the trials with own labels or targets, after a check that they can be trained together.

    Raises
    ------
    MlplabError
        If they differ in their experiment, or in the sizes and names of their samples, or the arrays or
        the keys of one do not fit its experiment.
    """
    for trial in trials.drawn:
        if trial.experiment != trials.experiment:
            raise MlplabError(
                "trials that are trained together must be of one experiment, received another one with "
                f"the trial of seed {trial.seed}"
            )
    own = []
    datasets: dict[int, Dataset] = {}  # trials that came with the same one keep one
    for trial in trials.drawn:
        checked = _with_own_answers(trial)
        dataset = datasets.setdefault(id(trial.dataset), checked.dataset)
        own.append(replace(checked, dataset=dataset))
    for trial in own:
        if _form_of_dataset(trial.dataset) != _form_of_dataset(own[0].dataset):
            raise MlplabError(
                "trials that are trained together must be alike in the sizes and names of their "
                "samples, in whether these are standardised or weighted, and in whether each seed splits "
                "them anew, "
                f"received {own[0].dataset} and {trial.dataset}"
            )
    return tuple(own)


def _check_seeds(seeds: Any) -> None:
    if not isinstance(seeds, range):
        form = _form_of_array(seeds)
        if form is None or form[0] != np.int64 or len(form[1]) != 1:
            raise MlplabError(
                "the seeds of trials must be a range or an array of int64 and shape (trials,), received "
                f"{_said(seeds)}"
            )
    if len(seeds):
        # The ends of a range are its smallest and its largest number.
        least, most = (
            (seeds[0], seeds[-1]) if isinstance(seeds, range) else (seeds.min(), seeds.max())
        )
        check_seed(least)
        check_seed(most, "the last run's seed" if isinstance(seeds, range) else "a seed")


def _form_of_dataset(dataset: Dataset) -> tuple[Any, ...]:
    """Return what datasets of one population have in common."""
    sizes = [len(split) for split in dataset.splits.values()]
    is_standardised = dataset.mean is not None
    is_weighted = dataset.train.weight is not None
    return (
        is_weighted,
        sizes,
        dataset.label_names,
        dataset.target_names,
        dataset.feature_names,
        is_standardised,
        dataset.is_resplit,
    )


def _with_own_answers(trial: Trial) -> Trial:
    """Return a trial with labels or targets that nobody else can write to, after a check that all fits.

    A kernel counts by labels, and trusts them.

    Raises
    ------
    SpecError
        If `experiment` is no Experiment.
    MlplabError
        If the dataset, the arrays or the keys do not fit the experiment.
    """
    check_experiment(trial.experiment)
    if not isinstance(trial.dataset, Dataset):
        raise MlplabError(
            f"the trial of seed {trial.seed} needs a Dataset, received {shown(trial.dataset)}"
        )
    _check_answers(trial.experiment, trial.dataset)
    _check_keys(trial)
    _check_parameters(trial)
    splits: dict[str, Any] = {}
    for name, split in trial.dataset.splits.items():
        _check_samples(trial, name, split)
        check = _own_targets if trial.dataset.has_targets else _own_labels
        splits[name] = Split(split.x, check(trial, name, split), _own_weights(trial, split))
    return replace(trial, dataset=replace(trial.dataset, **splits))


def _check_answers(experiment: Experiment, samples: Samples | Dataset) -> None:
    """Refuse samples with targets where the experiment means labels, and classes that do not fit it."""
    has_targets = bool(samples.target_names)
    if has_targets != experiment.dataset.has_targets:
        wanted = "targets" if experiment.dataset.has_targets else "labels"
        raise MlplabError(f"the experiment's samples have {wanted}, received {samples!r}")
    if not has_targets:
        names = samples.label_names
        check_classes(experiment.training, len(names), names)


def _own_labels(trial: Trial, name: str, split: Split) -> NDArray[np.int64]:
    """Return the labels of a split, after a check that they are classes."""
    labels = np.array(split.y)
    if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= trial.dataset.classes:
        raise MlplabError(
            f"the trial of seed {trial.seed} needs {name} labels from 0 to "
            f"{trial.dataset.classes - 1}, received {shown(np.unique(labels).tolist())}"
        )
    return labels.astype(np.int64, copy=False)


def _own_targets(trial: Trial, name: str, split: Split) -> Float64:
    """Return the targets of a split, after a check that they are finite numbers in the trial's type."""
    targets, dtype = np.array(split.y), trial.experiment.training.dtype
    if targets.dtype.kind not in "iuf":
        raise MlplabError(
            f"the trial of seed {trial.seed} needs {name} targets that are numbers, received "
            f"{targets.dtype}"
        )
    with np.errstate(over="ignore"):
        own = targets.astype(np.float64, copy=False)
        lost = ~np.isfinite(own.astype(dtype))
    if lost.any():
        raise MlplabError(
            f"the trial of seed {trial.seed} needs {name} targets that are finite numbers in {dtype}, "
            f"received {shown(own[lost][0].item())}"
        )
    return own


def _own_weights(trial: Trial, split: Split) -> Float64 | None:
    """Return the weights of a split's samples, after a check that they fit."""
    if split.weight is None:
        return None
    what = f"the trial of seed {trial.seed}"
    return weights_of_array(split.weight, len(split), f"{what}, row {{}}".format, what)


def _check_keys(trial: Trial) -> None:
    for name in ("shuffle_key", "noise_key"):
        key = getattr(trial, name)
        is_whole = isinstance(key, int | np.integer) and not isinstance(key, bool)
        if not is_whole or not 0 <= key < 2**64:
            raise MlplabError(
                f"the trial of seed {trial.seed} needs a {name} that is a whole number from 0 to "
                f"2^64 - 1, received {shown(key)}"
            )


def _check_parameters(trial: Trial) -> None:
    dataset, dtype = trial.dataset, np.dtype(trial.experiment.training.dtype)
    sizes = trial.experiment.layer_sizes(dataset.features, dataset.answers)
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
    of_each = (trial.dataset.answers,) if trial.dataset.has_targets else ()
    samples = y[1][0] if y and y[1] else 0
    if not (samples and y and y[1] == (samples, *of_each) and x == (dtype, (samples, features))):
        raise MlplabError(
            f"the trial of seed {trial.seed} needs {name} samples of {dtype} and shape (samples, "
            f"{features}), received {_said(split.x)} and {_said_answers(trial, split)}"
        )


def _said_answers(trial: Trial, split: Split) -> str:
    y = _form_of_array(split.y)
    if trial.dataset.has_targets:
        return f"targets {_said(split.y)}"
    return f"{y[1][0]} labels" if y and len(y[1]) == 1 else f"labels {_said(split.y)}"


def _form_of_array(value: Any) -> tuple[np.dtype[Any], tuple[int, ...]] | None:
    """Return an array's type and shape, None if it is no array."""
    return (value.dtype, value.shape) if isinstance(value, np.ndarray) else None


def _said(value: Any) -> str:
    form = _form_of_array(value)
    return shown(value) if form is None else f"{form[0]} {form[1]}"
