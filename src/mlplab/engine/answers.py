"""What packed samples have for the head besides features and labels or targets.

Each network of a block has its own, so that a map over label smoothing or class weights trains in blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from mlplab.drawing import PackedSamples
from mlplab.engine.heads import HEADS
from mlplab.engine.jobs import Shape, has_own_weights
from mlplab.engine.linear_output import fill_scales
from mlplab.spec import Recipe, Training
from mlplab.spec.class_weight import class_weights
from mlplab.trial import Trials
from mlplab.trial_table import TrialTable

Float = NDArray[np.floating[Any]]


def with_answers(
    splits: Sequence[PackedSamples],
    trials: Sequence[Trials | TrialTable],
    trainings: Sequence[Training],
    shape: Shape,
) -> Sequence[PackedSamples]:
    """Return packed splits with all that the head asks for.

    Parameters
    ----------
    splits : sequence of three ndarrays, shape (networks or 1, samples, width)
        With labels or targets, and after them the samples' own weights where they have them.
    trials, trainings : sequence
        Of each network.

    Returns
    -------
    sequence of three ndarrays, shape (networks or 1, samples, shape.packed_width)
        Of a sample its features and its answers (`heads.Head.answers`) in the type of the samples. Its
        weight is its own times that of its class, where it is trained on, else 1.
    """
    head, features = HEADS[shape.head], shape.sizes[0]
    if len(head.answers) == 1:
        return splits
    places = head.places(shape.sizes[-1])
    learned = places[head.answers[0]].stop
    dtype, networks = splits[0].dtype, len(splits[0])
    smoothing = np.array([training.label_smoothing for training in trainings], dtype)
    of_classes = _class_weights(trials, trainings, dtype)
    if not ((of_classes == of_classes[0]).all() and (smoothing == smoothing[0]).all()):
        networks = len(trainings)
    found = []
    for number, split in enumerate(splits):
        packed = np.zeros((networks, split.shape[1], shape.packed_width), dtype)
        packed[..., : features + learned] = split[..., : features + learned]
        part = {name: packed[..., features:][..., place] for name, place in places.items()}
        if "scales" in part:
            fill_scales(packed, features, learned)
        if "smoothing" in part:
            part["smoothing"][..., 0] = smoothing[:networks, None]
        if "weight" in part:
            weight = part["weight"][..., 0]
            weight[:] = 1
            if number == 0 and "label" in part:
                labels = part["label"][..., 0].astype(np.int64)
                weight[:] = np.take_along_axis(of_classes[:networks], labels, axis=1)
            if number == 0 and has_own_weights(trials[0]):
                weight *= split[..., features + learned]
        found.append(packed)
    return found


def _class_weights(
    trials: Sequence[Trials | TrialTable], trainings: Sequence[Training], dtype: np.dtype[Any]
) -> Float:
    """Return what each class weighs in the trainings of some networks, shape (networks, K)."""
    if trials[0].experiment.dataset.has_targets:
        return np.ones((len(trials), 1), dtype)
    return np.array(
        [
            class_weights(training.class_weight, label_names_of(each))
            for training, each in zip(trainings, trials, strict=True)
        ],
        dtype,
    )


def label_names_of(trials: Trials | TrialTable) -> tuple[str, ...]:
    """Return what the classes of the samples are called."""
    if trials.drawn:
        return trials.drawn[0].dataset.label_names
    if trials.finite is not None:
        return trials.finite.label_names
    return cast(Recipe, trials.experiment.dataset).label_names
