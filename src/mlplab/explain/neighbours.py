"""How well the training samples can be told apart at all: by their nearest neighbours.

A network that is far worse than this has not learned what there is to learn. Each of some samples is
answered by the `NEIGHBOURS` nearest others: classes by most of them, targets by their mean. Features are
divided by their standard deviations first.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.compiling import entry

Float64 = NDArray[np.float64]

NEIGHBOURS = 15
"""Enough that a sample of the wrong class among them decides nothing."""

MOST_ANSWERED = 512
"""Samples that are answered: more change the result by less than two percentage points."""

MOST_OTHERS = 4096
"""Samples among which neighbours are looked for."""

FOLLOWED = 64
"""Features and targets that are looked at, at most: there is room for so many."""

SAMPLE_FACTS = (
    "reference",
    "input_size",
    "smallest_deviation",
    "largest_deviation",
    "target_size",
    "common_class",
    "reference_error",
)
"""What is known of the training samples, in the order in which it is written.

`reference`: the metric of nearest neighbours, accuracy or R² (of several targets, of all squares
together), and `reference_error` their mean absolute error; `input_size`, `target_size`: the largest root
mean square of a feature or target; the deviations are those of features that vary; `common_class`: the
fraction of the most common class.
"""


@entry
def score_neighbours(
    samples: NDArray[np.floating[Any]],
    features: int,
    classes: int,
    targets: int,
    room: Float64,
    facts: Float64,
) -> None:
    """Write how well nearest neighbours answer, and what the samples are like.

    Parameters
    ----------
    samples : ndarray, shape (1, samples, width)
        As kernels read them.
    features, classes, targets : int
        `classes` is 0 of targets.
    room : ndarray of float64, shape (6, max(FOLLOWED, classes))
    facts : ndarray of float64, shape (7,)
        Gets `SAMPLE_FACTS`.
    """
    total = samples.shape[1]
    of, targets = samples[0], min(targets, FOLLOWED)
    followed = min(features, FOLLOWED)
    distances, neighbours, votes = room[0], room[1], room[2]
    scales, answer, center = room[3], room[4], room[5]
    facts[:] = 0
    facts[2] = math.inf
    for k in range(followed):
        total_of, squares = 0.0, 0.0
        for i in range(total):
            value = float(of[i, k])
            total_of += value
            squares += value * value
        mean = total_of / total
        deviation = math.sqrt(max(0.0, squares / total - mean * mean))
        facts[1] = max(facts[1], math.sqrt(squares / total))
        scales[k] = 1 / deviation if deviation > 0 else 0
        if deviation > 0:
            facts[2], facts[3] = min(facts[2], deviation), max(facts[3], deviation)
    for t in range(targets):
        center[t] = 0
        squares = 0.0
        for i in range(total):
            value = float(of[i, features + t])
            center[t] += value / total
            squares += value * value
        facts[4] = max(facts[4], math.sqrt(squares / total))
    if classes > 0:
        votes[:classes] = 0
        for i in range(total):
            votes[int(of[i, features])] += 1
        for c in range(classes):
            facts[5] = max(facts[5], votes[c] / total)
    answered = min(total, MOST_ANSWERED)
    others = min(total, MOST_OTHERS)
    right, residual, spread, absolute = 0.0, 0.0, 0.0, 0.0
    for q in range(answered):
        i = q * total // answered
        kept = 0
        for other in range(others):
            j = other * total // others
            if j == i:
                continue
            distance = 0.0
            for k in range(followed):
                apart = (float(of[i, k]) - float(of[j, k])) * scales[k]
                distance += apart * apart
            if kept == NEIGHBOURS and distance >= distances[kept - 1]:
                continue
            place = kept if kept < NEIGHBOURS else kept - 1
            while place > 0 and distances[place - 1] > distance:
                distances[place], neighbours[place] = distances[place - 1], neighbours[place - 1]
                place -= 1
            distances[place], neighbours[place] = distance, j
            kept = min(kept + 1, NEIGHBOURS)
        if kept == 0:
            continue
        if classes > 0:
            votes[:classes] = 0
            best = 0
            for place in range(kept):
                votes[int(of[int(neighbours[place]), features])] += 1
            for c in range(1, classes):
                if votes[c] > votes[best]:
                    best = c
            right += best == int(of[i, features])
        for t in range(targets):
            answer[t] = 0
            for place in range(kept):
                answer[t] += float(of[int(neighbours[place]), features + t]) / kept
            truth = float(of[i, features + t])
            residual += (truth - answer[t]) ** 2
            spread += (truth - center[t]) ** 2
            absolute += abs(truth - answer[t])
    if classes > 0:
        facts[0] = right / answered
    elif targets > 0:
        facts[0] = 1 - residual / spread if spread > 0 else 1.0
        facts[6] = absolute / (answered * targets)
