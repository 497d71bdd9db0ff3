"""From what was measured of a training to what is wrong with it: the rules, and every threshold of them.

`judge` is one kernel, for Python and for the page. It writes a row for each cause that has evidence; the
order of `causes.CODES` is that of the rows, the likeliest first. Sentences are in `causes`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.arrays import Whole
from mlplab.engine.compiling import entry, kernel
from mlplab.engine.measuring import (
    DEAD,
    DELTA,
    GRADIENT,
    MOVED,
    SATURATED,
    SPREAD,
    TWINS,
    WEIGHT,
)
from mlplab.explain.causes import CODES

Float64 = NDArray[np.float64]

# ---- What is judged ------------------------------------------------------------------------------

FACTS = (
    "failed",
    "updates",
    "reference",
    "is_linear",
    "lower_is_better",
    "input_size",
    "smallest_deviation",
    "largest_deviation",
    "target_size",
    "common_class",
    "reference_error",
    "one_class",
    "first_rate",
    "last_rate",
)
"""Facts of a run besides its looks, by their names.

`failed`: 1 if it is stuck, 2 if it diverged; `is_linear`: 1 where no hidden layer bends anything;
`lower_is_better`: 1 if the metric is the mean absolute error; `one_class`: the fraction of predictions
that are of one class; `first_rate`, `last_rate`: learning rates; the others are said in `neighbours`.
What does not apply is 0.
"""

(
    FAILED,
    UPDATES,
    REFERENCE,
    IS_LINEAR,
    LOWER_IS_BETTER,
    INPUT_SIZE,
    SMALLEST_DEVIATION,
    LARGEST_DEVIATION,
    TARGET_SIZE,
    COMMON_CLASS,
    REFERENCE_ERROR,
    ONE_CLASS,
    FIRST_RATE,
    LAST_RATE,
) = range(len(FACTS))

(
    FOREIGN_INPUTS,
    FOREIGN_TARGETS,
    EQUAL_NEURONS,
    SATURATED_FROM_THE_START,
    DEAD_FROM_THE_START,
    EXPLODING,
    LINEAR,
    VANISHING,
    OVERSHOOTS,
    OSCILLATES,
    SATURATED_LATER,
    DEAD_LATER,
    LOW_RATE,
    COOLED,
    FEW_UPDATES,
    IMBALANCED,
    PLATEAU,
    IMPROVES,
    CONVERGED,
) = range(len(CODES))

MOST_NUMBERS = 5
"""Of a cause, at most."""

# ---- Thresholds ----------------------------------------------------------------------------------

BEHIND = 0.05
"""So far below the nearest neighbours' accuracy or R², a network has not learned what can be learned."""

BEHIND_TIMES = 1.5
"""A mean absolute error so many times that of the nearest neighbours, in the same way."""

FOREIGN = 10.0
"""Features and targets beyond this are foreign to initial weights, which are made for sizes about 1."""

UNEVEN = 30.0
"""Where one feature varies so many times as much as another, no learning rate suits both."""

TOO_SMALL = 0.01
"""Features that vary by less than this give gradients to match."""

HALF = 0.5
"""A layer of which at least half of the neurons are dead or saturated passes on less than it should."""

GROWN = 100.0
"""Signals, or errors on their way back, that grow by this factor through the layers explode."""

FAINT = 2e-3
"""∂L/∂W below this fraction of the error at the outputs: in task 1.2, relu has 0.01 before the first
update and learns, and sigmoid, which does not, 0.0002."""

RISEN = 1.05
"""A loss this many times its first one is no scatter: the steps lead upwards."""

RESTLESS = 0.1
"""A loss that goes up and down by this part of it at each look, and no lower, leaps over its bottom."""

UNMOVED = 0.05
"""Weights that went less than this fraction of their size, all steps added, have not left their start."""

MANY_UPDATES = 100
"""So many updates should move weights; fewer rarely do."""

FALLING = 0.02
"""A loss that fell by this fraction in the last quarter of a training has not come to rest."""

COLD = 0.1
"""A schedule that has reduced the learning rate to this fraction takes small steps."""

COMMON = 0.8
"""Where one class has this fraction of the samples, to answer it always is a low loss easily had."""

ALWAYS = 0.99
"""A class that has this fraction of the predictions is answered always."""


@entry
def judge(
    measures: Float64,
    epochs: Float64,
    scores: Float64,
    widths: Whole,
    facts: Float64,
    found: Float64,
) -> None:
    """Write which causes have evidence, and their numbers.

    Parameters
    ----------
    measures : ndarray of float64, shape (looks, layers, measures)
        As `measuring` has them, of the first look before any update, and of later ones.
    epochs : ndarray of float64, shape (looks,)
        At which each look was taken.
    scores : ndarray of float64, shape (looks, 2)
        Loss and metric over all training samples.
    widths : ndarray of int64, shape (layers,)
        Neurons of each layer, the outputs last.
    facts : ndarray of float64, shape (facts,)
    found : ndarray of float64, shape (causes, 1 + MOST_NUMBERS)
        Gets 1 where a cause is named, else 0, and its numbers, as `causes.CAUSES` names them.
    """
    found[:] = 0
    last = _last_finite(measures, scores)
    loss, metric = scores[last, 0], scores[last, 1]
    reference = facts[REFERENCE_ERROR] if facts[LOWER_IS_BETTER] != 0 else facts[REFERENCE]
    quarter = last - max(1, last // 4) if last > 0 else 0
    before, lowest = scores[0, 0], loss
    for look in range(last + 1):
        if look <= quarter:
            before = min(before, scores[look, 0])
        else:
            lowest = min(lowest, scores[look, 0])
    falls = lowest < (1 - FALLING) * before
    if facts[FAILED] == 0 and not _is_behind(metric, facts):
        which = IMPROVES if falls else CONVERGED
        _name(found, which, metric, reference, loss, before, epochs[quarter])
        return
    layers = len(widths) - 1
    _judge_samples(facts, found)
    for layer in range(layers):
        twins, width = measures[last, layer, TWINS], widths[layer]
        if width > 1 and twins == width - 1 and found[EQUAL_NEURONS, 0] == 0:
            _name(found, EQUAL_NEURONS, width, layer + 1, 0, 0, 0)
    _judge_flat(measures, epochs, widths, last, SATURATED, found)
    _judge_flat(measures, epochs, widths, last, DEAD, found)
    is_faint = _judge_signals(measures, layers, last, facts, found)
    _judge_steps(measures, scores, layers, last, falls, is_faint, facts, found)
    if facts[COMMON_CLASS] >= COMMON and facts[ONE_CLASS] >= ALWAYS:
        _name(found, IMBALANCED, facts[COMMON_CLASS], facts[ONE_CLASS], 0, 0, 0)
    is_at_rest = facts[UPDATES] >= MANY_UPDATES and not falls and found[LOW_RATE, 0] == 0
    if facts[IS_LINEAR] != 0 and is_at_rest and found[OVERSHOOTS, 0] == 0:
        _name(found, LINEAR, metric, reference, loss, 0, 0)
    named = 0.0
    for cause in range(len(found)):
        named += found[cause, 0]
    if named == 0:
        _name(found, PLATEAU, loss, before, epochs[quarter], metric, reference)


@kernel
def _name(found: Float64, cause: int, a: float, b: float, c: float, d: float, e: float) -> None:
    """Write a cause and its numbers."""
    found[cause, 0] = 1
    found[cause, 1] = a
    found[cause, 2] = b
    found[cause, 3] = c
    found[cause, 4] = d
    found[cause, 5] = e


@kernel
def _last_finite(measures: Float64, scores: Float64) -> int:
    """Return the last look at which all is a number; the first if there is none."""
    for look in range(len(scores) - 1, 0, -1):
        is_finite = math.isfinite(scores[look, 0])
        for layer in range(measures.shape[1]):
            for which in range(measures.shape[2]):
                is_finite = is_finite and math.isfinite(measures[look, layer, which])
        if is_finite:
            return look
    return 0


@kernel
def _is_behind(metric: float, facts: Float64) -> bool:
    """Tell whether a network answers far worse than nearest neighbours do."""
    if facts[LOWER_IS_BETTER] != 0:
        return bool(metric > BEHIND_TIMES * facts[REFERENCE_ERROR])
    return bool(metric < facts[REFERENCE] - BEHIND)


@kernel
def _judge_samples(facts: Float64, found: Float64) -> None:
    """Name features and targets of a foreign scale."""
    smallest, largest = facts[SMALLEST_DEVIATION], facts[LARGEST_DEVIATION]
    is_foreign = facts[INPUT_SIZE] > FOREIGN or 0 < largest < TOO_SMALL
    if is_foreign or (largest > UNEVEN * smallest and smallest > 0):
        _name(found, FOREIGN_INPUTS, facts[INPUT_SIZE], smallest, largest, 0, 0)
    if facts[TARGET_SIZE] > FOREIGN:
        _name(found, FOREIGN_TARGETS, facts[TARGET_SIZE], 0, 0, 0, 0)


@kernel
def _judge_flat(
    measures: Float64, epochs: Float64, widths: Whole, last: int, which: int, found: Float64
) -> None:
    """Name the layer with the largest fraction of dead or saturated neurons, if it is large."""
    worst, most, in_all, of_all = 0, 0.0, 0.0, 0
    for layer in range(len(widths) - 1):
        count = measures[last, layer, which]
        in_all += count
        of_all += widths[layer]
        if count / widths[layer] > most:
            worst, most = layer, count / widths[layer]
    if most < HALF:
        return
    since = last
    while since > 0 and measures[since - 1, worst, which] >= HALF * widths[worst]:
        since -= 1
    if which == DEAD:
        cause = DEAD_FROM_THE_START if since == 0 else DEAD_LATER
    else:
        cause = SATURATED_FROM_THE_START if since == 0 else SATURATED_LATER
    count = measures[last, worst, which]
    _name(found, cause, count, widths[worst], worst + 1, epochs[since], in_all / of_all)


@kernel
def _judge_signals(
    measures: Float64, layers: int, last: int, facts: Float64, found: Float64
) -> bool:
    """Name signals that explode or vanish through the hidden layers; tell whether gradients are faint."""
    if layers == 0:
        return False
    first = measures[0]
    spread = first[layers - 1, SPREAD] / max(facts[LARGEST_DEVIATION], 1e-30)
    back = first[0, DELTA] / max(first[layers, DELTA], 1e-30)
    if layers > 1 and max(spread, back) > GROWN and found[SATURATED_FROM_THE_START, 0] == 0:
        _name(found, EXPLODING, spread, back, 0, 0, 0)
    faintest, smallest = 0, math.inf
    for layer in range(layers):
        if measures[last, layer, GRADIENT] < smallest:
            faintest, smallest = layer, measures[last, layer, GRADIENT]
    begun = first[faintest, GRADIENT] / max(first[layers, DELTA], 1e-30)
    ended = smallest / max(measures[last, layers, DELTA], 1e-30)
    # A network that has learned has small gradients, too; this one is wrong as at the beginning.
    is_wrong = measures[last, layers, DELTA] > HALF * first[layers, DELTA]
    is_faint = bool(max(begun, ended) < FAINT and is_wrong and facts[IS_LINEAR] == 0)
    # Dead neurons, which are named, pass nothing back: that is no gradient that vanishes on its way.
    is_cut_off = smallest == 0 and (found[DEAD_FROM_THE_START, 0] != 0 or found[DEAD_LATER, 0] != 0)
    if is_faint and not is_cut_off:
        found_spread = measures[last, layers - 1, SPREAD]
        times = min(1 / max(ended, 1e-30), 1e15)
        _name(found, VANISHING, faintest + 1, times, found_spread, smallest, 0)
    return is_faint


@kernel
def _judge_steps(
    measures: Float64,
    scores: Float64,
    layers: int,
    last: int,
    falls: bool,
    is_faint: bool,
    facts: Float64,
    found: Float64,
) -> None:
    """Name steps that are too large, too small or too few; not too small where gradients are faint."""
    loss, first_loss = scores[last, 0], scores[0, 0]
    half, swing = last // 2, 0.0
    for look in range(half + 1, last + 1):
        swing += abs(scores[look, 0] - scores[look - 1, 0])
    swings = last - half
    is_restless = swings > 2 and not falls and swing > swings * RESTLESS * loss
    has_diverged = facts[FAILED] == 2
    if has_diverged or loss > RISEN * first_loss:
        end = scores[len(scores) - 1, 0] if has_diverged else loss
        _name(found, OVERSHOOTS, first_loss, end, facts[LAST_RATE], 0, 0)
        return
    if is_restless:
        _name(found, OSCILLATES, swing / swings, loss, facts[LAST_RATE], 0, 0)
        return
    moved = 0.0
    for layer in range(layers + 1):
        path = 0.0
        for look in range(1, last + 1):
            path += measures[look, layer, MOVED]
        moved = max(moved, path / max(measures[0, layer, WEIGHT], 1e-30))
    updates = facts[UPDATES]
    if updates < MANY_UPDATES:
        _name(found, FEW_UPDATES, updates, first_loss, loss, moved, 0)
    elif 0 < moved < UNMOVED and not is_faint:
        _name(found, LOW_RATE, facts[LAST_RATE], moved, updates, first_loss, loss)
    elif falls:
        _name(found, FEW_UPDATES, updates, first_loss, loss, moved, 0)
    if facts[LAST_RATE] < COLD * facts[FIRST_RATE]:
        _name(found, COOLED, facts[FIRST_RATE], facts[LAST_RATE], 0, 0, 0)
