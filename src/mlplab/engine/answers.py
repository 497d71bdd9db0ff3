"""What packed samples have besides features and label: how much labels are smoothed, and weights.

Each network of a block has its own, so that a map over label smoothing or class weights trains in blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from mlplab.data import SplitName
from mlplab.drawing import PackedSamples, packed_width
from mlplab.engine.heads import HEADS
from mlplab.engine.jobs import Shape, has_own_weights, is_weighted
from mlplab.engine.layout import pack_samples
from mlplab.spec import Recipe, Training
from mlplab.spec.class_weight import class_weights
from mlplab.trial import Trial, Trials
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
        With the label, and after it the samples' own weights where they have them.
    trials, trainings : sequence
        Of each network.

    Returns
    -------
    sequence of three ndarrays, shape (networks or 1, samples, shape.packed_width)
        Of a sample the features, the label, how much it is smoothed, and its weight: its own times that
        of its class, in the type of the samples; of validation and test samples, which weigh alike, 0.
    """
    answers, features = HEADS[shape.head].answers, shape.sizes[0]
    weighs_classes = trainings[0].class_weight is not None
    is_smoothed = trainings[0].label_smoothing > 0
    if answers == 1 or not (weighs_classes or is_smoothed):
        return splits
    dtype = splits[0].dtype
    of_classes = np.array(
        [
            class_weights(training.class_weight, label_names_of(each))
            for training, each in zip(trainings, trials, strict=True)
        ],
        dtype,
    )
    smoothing = np.array([training.label_smoothing for training in trainings], dtype)
    alike = (of_classes == of_classes[0]).all() and (smoothing == smoothing[0]).all()
    networks = len(splits[0]) if alike else len(trainings)
    found = []
    for number, split in enumerate(splits):
        width = packed_width(features, answers)
        packed = np.zeros((networks, split.shape[1], width), dtype)
        packed[..., : features + 1] = split[..., : features + 1]
        if is_smoothed:
            packed[..., features + 1] = smoothing[:networks, None]
        if is_weighted(trials[0]) and number == 0:
            labels = packed[..., features].astype(np.int64)
            weight = np.take_along_axis(of_classes[:networks], labels, axis=1)
            if has_own_weights(trials[0]):
                weight = split[..., features + 1] * weight
            packed[..., features + answers - 1] = weight
        found.append(packed)
    return found


def pack_trial(trial: Trial) -> dict[SplitName, PackedSamples]:
    """Return the packed splits of one trial, by their names, each of shape (1, samples, width)."""
    dtype, smoothing = trial.weights[0].dtype, trial.experiment.training.label_smoothing
    weights = trial.training_weights
    packed: dict[SplitName, PackedSamples] = {}
    for name, split in trial.dataset.splits.items():
        answers: list[Any] = [smoothing] if smoothing > 0 else []
        if weights is not None:
            answers.append(weights if name == "train" else 0)
        packed[name] = pack_samples(split.x, split.y, dtype, *answers)
    return packed


def label_names_of(trials: Trials | TrialTable) -> tuple[str, ...]:
    """Return what the classes of the samples are called."""
    if trials.drawn:
        return trials.drawn[0].dataset.label_names
    if trials.finite is not None:
        return trials.finite.label_names
    return cast(Recipe, trials.experiment.dataset).label_names
