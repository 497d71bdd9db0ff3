"""How well the training samples can be told apart at all: by their nearest neighbours.

A network that is far worse than this has not learned what there is to learn. Each of some samples is
answered by the `NEIGHBOURS` nearest others: classes by most of them, targets by their mean. Where samples
are few, fewer of them answer (`_neighbours_of`). Features are divided by their standard deviations first.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.compiling import entry, kernel

Float64 = NDArray[np.float64]

NEIGHBOURS = 15
"""Enough that a sample of the wrong class among them decides nothing."""

MOST_ANSWERED = 512
"""Samples that are answered: more change the result by less than two percentage points."""

MOST_OTHERS = 4096
"""Samples among which neighbours are looked for."""

FOLLOWED = 64
"""Features by which neighbours are found, and targets by which they answer, at most: there is room for
so many. Of features, these are the first that vary."""

ROUNDED = 1e-12
"""A feature or target that varies by less than this part of its size is the same number, rounded."""

DISTANCES, NEAREST, VOTES, COLUMNS, SCALES, CENTERS = range(6)
"""Rows of `room`: of the nearest samples, how far they are and which; votes for classes; which features
are followed, and what they are multiplied by; means of targets."""

SAMPLE_FACTS = (
    "reference",
    "input_size",
    "smallest_deviation",
    "largest_deviation",
    "target_size",
    "common_class",
    "reference_error",
    "samples",
    "target_deviation",
    "smallest_reach",
)
"""What is known of the training samples, in the order in which it is written.

`reference`: the metric of nearest neighbours, accuracy or R² (of several targets, of all squares
together), and `reference_error` their mean absolute error; `input_size`, `target_size`: the largest root
mean square of a feature or target; the standard deviations are those of features that vary, 0 if none
does; `common_class`: the fraction of the most common class; `samples`: how many there are;
`target_deviation`: the largest standard deviation of a target; `smallest_reach`: the largest
distance of a sample from a feature's mean, of the feature where that is smallest.
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
    facts : ndarray of float64, shape (10,)
        Gets `SAMPLE_FACTS`.
    """
    of = samples[0]
    facts[:] = 0
    followed = _describe(of, features, classes, targets, room, facts)
    targets = min(targets, FOLLOWED)
    total = len(of)
    answered = min(total, MOST_ANSWERED)
    most = _neighbours_of(total, classes)
    right, residual, spread, absolute = 0.0, 0.0, 0.0, 0.0
    for q in range(answered):
        i = q * total // answered
        kept = _find_nearest(of, i, followed, most, room)
        if kept == 0:
            continue
        if classes > 0:
            right += _most_common(of, features, classes, kept, room) == int(of[i, features])
        for t in range(targets):
            answer, truth = 0.0, float(of[i, features + t])
            for place in range(kept):
                answer += float(of[int(room[NEAREST, place]), features + t]) / kept
            residual += (truth - answer) ** 2
            spread += (truth - room[CENTERS, t]) ** 2
            absolute += abs(truth - answer)
    if classes > 0:
        facts[0] = right / answered
    elif targets > 0:
        facts[0] = 1 - residual / spread if spread > 0 else 1.0
        facts[6] = absolute / (answered * targets)


@kernel
def _describe(
    of: NDArray[np.floating[Any]],
    features: int,
    classes: int,
    targets: int,
    room: Float64,
    facts: Float64,
) -> int:
    """Write what features, classes and targets are like; return how many features are followed."""
    total = len(of)
    facts[7] = total
    followed = 0
    for k in range(features):
        _, size, deviation, reach = _moments(of, k)
        facts[1] = max(facts[1], size)
        if deviation > 0:
            facts[2] = min(facts[2], deviation) if facts[2] > 0 else deviation
            facts[3] = max(facts[3], deviation)
            facts[9] = min(facts[9], reach) if facts[9] > 0 else reach
            if followed < FOLLOWED:
                room[COLUMNS, followed], room[SCALES, followed] = k, 1 / deviation
                followed += 1
    for t in range(targets):
        center, size, deviation, _ = _moments(of, features + t)
        if t < FOLLOWED:
            room[CENTERS, t] = center
        facts[4], facts[8] = max(facts[4], size), max(facts[8], deviation)
    room[VOTES] = 0
    if classes > 0:
        for i in range(total):
            room[VOTES, int(of[i, features])] += 1
        for c in range(classes):
            facts[5] = max(facts[5], room[VOTES, c] / total)
    return followed


@kernel
def _moments(of: NDArray[np.floating[Any]], column: int) -> tuple[float, float, float, float]:
    """Return a column's mean, root mean square, standard deviation and largest distance from the mean."""
    total = len(of)
    mean, squares, deviations, reach = 0.0, 0.0, 0.0, 0.0
    for i in range(total):
        mean += float(of[i, column]) / total
        squares += float(of[i, column]) ** 2 / total
    for i in range(total):
        deviations += (float(of[i, column]) - mean) ** 2 / total
        reach = max(reach, abs(float(of[i, column]) - mean))
    size, deviation = math.sqrt(squares), math.sqrt(deviations)
    return mean, size, deviation if deviation > ROUNDED * size else 0.0, reach


@kernel
def _neighbours_of(total: int, classes: int) -> int:
    """Return how many neighbours answer: at most half as many as samples of a class, at least one.

    Without this bound, the others of a small set answer all together, and most of them are of another
    class than the sample that is left out. Targets are as two classes.
    """
    return max(1, min(NEIGHBOURS, total // (2 * max(2, classes))))


@kernel
def _find_nearest(
    of: NDArray[np.floating[Any]], i: int, followed: int, most: int, room: Float64
) -> int:
    """Write which samples are the `most` nearest to sample i, itself left out; return how many."""
    distances, nearest = room[DISTANCES], room[NEAREST]
    columns, scales = room[COLUMNS], room[SCALES]
    total = len(of)
    others, kept = min(total, MOST_OTHERS), 0
    for other in range(others):
        j = other * total // others
        if j == i:
            continue
        distance = 0.0
        for place in range(followed):
            k = int(columns[place])
            apart = (float(of[i, k]) - float(of[j, k])) * scales[place]
            distance += apart * apart
        if kept == most and distance >= distances[kept - 1]:
            continue
        place = kept if kept < most else kept - 1
        while place > 0 and distances[place - 1] > distance:
            distances[place], nearest[place] = distances[place - 1], nearest[place - 1]
            place -= 1
        distances[place], nearest[place] = distance, j
        kept = min(kept + 1, most)
    return kept


@kernel
def _most_common(
    of: NDArray[np.floating[Any]], features: int, classes: int, kept: int, room: Float64
) -> int:
    """Return the class that most of the nearest samples have, the first of equals."""
    votes, best = room[VOTES], 0
    votes[:] = 0
    for place in range(kept):
        votes[int(of[int(room[NEAREST, place]), features])] += 1
    for c in range(1, classes):
        if votes[c] > votes[best]:
            best = c
    return best
