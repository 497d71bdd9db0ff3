"""A training watched: the network is measured before the first update and after chosen epochs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from mlplab.engine import Stepper
from mlplab.engine.layout import pack_samples
from mlplab.explain.facts import (
    BEGUN_AT,
    ENDED_AT,
    FACTS,
    FAILED,
    FEATURES,
    FIRST_RATE,
    IS_LINEAR,
    LAST_RATE,
    LOWER_IS_BETTER,
    ONE_CLASS,
    UPDATES,
)
from mlplab.explain.neighbours import FOLLOWED, SAMPLE_FACTS, score_neighbours
from mlplab.run import Ending
from mlplab.trial import Trial

MOST_LOOKS = 48
"""After so many epochs at most the network is looked at."""

ENDINGS = get_args(Ending)
"""A run failed unless its ending is the first of these."""

Float64 = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Looks:
    """What was seen of one training; what `judging.judge` takes.

    Attributes
    ----------
    epochs : ndarray of float64, shape (looks,)
        The first is 0, before any update.
    scores : ndarray of float64, shape (looks, 2)
    measures : ndarray of float64, shape (looks, layers, measures)
    widths : ndarray of int64, shape (layers,)
    facts : ndarray of float64, shape (facts,)
    """

    epochs: Float64
    scores: Float64
    measures: Float64
    widths: NDArray[np.int64]
    facts: Float64


def look_stride(epochs: int) -> int:
    """Return after how many epochs the network is looked at each time: 1, 2, 4 and so on.

    Examples
    --------
    >>> look_stride(48), look_stride(49), look_stride(400)
    (1, 2, 16)
    """
    stride = 1
    while epochs > MOST_LOOKS * stride:
        stride *= 2
    return stride


def look_at(trial: Trial, ending: Ending) -> Looks:
    """Train a trial from its beginning, and measure the network on the way and at the end.

    It is trained as `mlplab.train` trains it, to the bit.

    Parameters
    ----------
    trial : Trial
    ending : str
        How its run ended.
    """
    stepper = Stepper(trial)
    begun_with = penalty_of(trial, stepper)
    planned = stepper.training.epochs
    stride = look_stride(planned)
    first_rate = stepper.learning_rate
    before = stepper.measured()
    seen, epochs = [before], [0]
    while stepper.epoch < planned and not (stepper.diverged or stepper.stopped):
        stepper.train(stepper.updates_left)
        if stepper.epoch % stride == 0:
            before = stepper.measured(before)
            seen.append(before)
            epochs.append(stepper.epoch)
    if epochs[-1] != stepper.epoch:
        seen.append(stepper.measured(before))
        epochs.append(stepper.epoch)
    facts = sample_facts(trial)
    facts[LOWER_IS_BETTER] = trial.head.metric_name == "mean_absolute_error"
    facts[FAILED] = ENDINGS.index(ending)
    facts[IS_LINEAR] = all(name == "linear" for name in trial.experiment.network.activations)
    facts[FIRST_RATE], facts[LAST_RATE] = first_rate, stepper.learning_rate
    facts[UPDATES] = stepper.step
    facts[FEATURES] = trial.dataset.features
    weights = trial.training_weights
    if weights is not None or trial.experiment.network.kernel_regularizer is not None:
        # What weighs alike before the first update comes to the mean weight; later, the history has it.
        heavy = 1.0 if weights is None else float(weights.mean())
        trained = [] if weights is None else stepper.history.train_loss.tolist()
        ended = trained[-1] if trained else seen[-1].loss
        facts[BEGUN_AT] = heavy * seen[0].loss + begun_with
        facts[ENDED_AT] = ended + penalty_of(trial, stepper)
    predicted = seen[-1].predicted
    if predicted.sum() > 0:
        facts[ONE_CLASS] = predicted.max() / predicted.sum()
    return Looks(
        epochs=np.array(epochs, np.float64),
        scores=np.array([(m.loss, m.metric) for m in seen]),
        measures=np.array([m.layers for m in seen]),
        widths=np.array(trial.layer_sizes[1:], np.int64),
        facts=facts,
    )


def penalty_of(trial: Trial, stepper: Stepper) -> float:
    """Return what the regularizer adds to the loss of the network as it is; 0 without one."""
    regularizer = trial.experiment.network.kernel_regularizer
    weights, _ = stepper.network
    return 0.0 if regularizer is None else float(regularizer.of_layers(weights))


def sample_facts(trial: Trial) -> Float64:
    """Return the facts that follow from the training samples, the others 0."""
    dataset, facts = trial.dataset, np.zeros(len(FACTS))
    train = dataset.train
    packed = pack_samples(train.x, train.y, train.x.dtype)
    of_samples = np.zeros(len(SAMPLE_FACTS))
    room = np.zeros((6, max(FOLLOWED, dataset.classes)))
    targets = len(dataset.target_names)
    score_neighbours(packed, dataset.features, dataset.classes, targets, room, of_samples)
    facts[[FACTS.index(name) for name in SAMPLE_FACTS]] = of_samples
    return facts
