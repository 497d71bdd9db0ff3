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
from mlplab.explain.facts import (
    BEGUN_AT,
    COMMON_CLASS,
    ENDED_AT,
    FAILED,
    FEATURES,
    FIRST_RATE,
    INPUT_SIZE,
    IS_LINEAR,
    LARGEST_DEVIATION,
    LAST_RATE,
    LOWER_IS_BETTER,
    ONE_CLASS,
    REFERENCE,
    REFERENCE_ERROR,
    SAMPLES,
    SMALLEST_DEVIATION,
    SMALLEST_REACH,
    TARGET_DEVIATION,
    TARGET_SIZE,
    UPDATES,
)

Float64 = NDArray[np.float64]

# ---- What is found -------------------------------------------------------------------------------

(
    CONSTANT_FEATURES,
    CONSTANT_TARGETS,
    FOREIGN_INPUTS,
    FOREIGN_TARGETS,
    EQUAL_NEURONS,
    SATURATED_FROM_THE_START,
    DEAD_FROM_THE_START,
    EXPLODING,
    LINEAR,
    VANISHING,
    OTHER_LOSS,
    OVERSHOOTS,
    OSCILLATES,
    SATURATED_LATER,
    DEAD_LATER,
    LOW_RATE,
    COOLED,
    FEW_UPDATES,
    IMBALANCED,
    PLATEAU,
    FEW_EPOCHS,
    IMPROVES,
    LEARNED,
    CONVERGED,
) = range(len(CODES))

MOST_NUMBERS = 5
"""Of a cause, at most."""

# ---- The least evidence --------------------------------------------------------------------------
# Where there is less, what would need it is not said, but that too little is known.

MANY_UPDATES = 100
"""Fewer updates rarely move weights far: where the loss goes is not known, and a layer that is dead or
saturated in part is named no cause, since a third of such networks learns if it is trained longer."""

MANY_LOOKS = 8
"""Looks after the first one that show where a loss goes: the last quarter is two of them."""

FEW_SAMPLES = 20
"""Of fewer, a single one is more than `BEHIND`: what neighbours have right is luck, and a network can
meet all. Nor do their deviations tell a scale: two samples are uneven by chance."""

# ---- Thresholds ----------------------------------------------------------------------------------

BEHIND = 0.05
"""So far below the nearest neighbours' accuracy or R², a network has not learned what can be learned."""

BEHIND_TIMES = 1.5
"""A mean absolute error so many times that of the nearest neighbours, in the same way."""

FOREIGN = 10.0
"""Features and targets beyond this are foreign to initial weights, which are made for sizes about 1."""

UNEVEN = 30.0
"""A feature is too small if all its samples are nearer to its mean than the largest standard deviation
divided by this: no learning rate suits both. A pixel that is rarely on is not too small."""

TOO_SMALL = 0.01
"""Features that vary by less than this give gradients to match."""

HALF = 0.5
"""A layer of which at least half of the neurons are dead or saturated passes on less than it should."""

GROWN = 100.0
"""Signals, or errors on their way back, that grow by this factor through the layers explode."""

FAINT = 1e-2
"""The length of ∂L/∂W, all its numbers together, below this fraction of the error at the outputs: in
task 1.2, relu has 0.03 before the first update and learns, and sigmoid, which does not, 0.0006. Single
numbers tell less: each of them is small where a layer is wide, or where most features are 0."""

RISEN = 1.05
"""A loss this many times its first one is no scatter: the steps lead upwards."""

RESTLESS = 0.1
"""A loss that goes up and down by this part of it at each look, and no lower, leaps over its bottom."""

UNMOVED = 0.05
"""Weights that went less than this fraction of their size, all steps added, have not left their start."""

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
    has_few_updates = facts[UPDATES] < MANY_UPDATES
    is_seen = not has_few_updates and last >= MANY_LOOKS
    reference = facts[REFERENCE_ERROR] if facts[LOWER_IS_BETTER] != 0 else facts[REFERENCE]
    if facts[SAMPLES] < FEW_SAMPLES:
        reference = math.inf
    quarter = last - max(1, last // 4) if last > 0 else 0
    before = _lowest_loss(scores, 0, quarter)
    lowest = _lowest_loss(scores, min(quarter + 1, last), last)
    falls = is_seen and lowest < (1 - FALLING) * before
    if facts[FAILED] == 0 and not _is_behind(metric, facts):
        if is_seen:
            which = IMPROVES if falls else CONVERGED
            _name(found, which, metric, reference, before, epochs[quarter], lowest)
        else:
            _name(found, LEARNED, metric, reference, facts[UPDATES], epochs[last], 0)
        return
    layers = len(widths) - 1
    _judge_samples(loss, facts, found)
    _judge_equal(measures, widths, last, found)
    least = 1.0 if has_few_updates else HALF
    _judge_flat(measures, epochs, widths, last, SATURATED, least, found)
    _judge_flat(measures, epochs, widths, last, DEAD, least, found)
    is_faint = _judge_signals(measures, widths, last, facts, found)
    _judge_steps(measures, scores, layers, last, is_seen, falls, is_faint, facts, found)
    if facts[COMMON_CLASS] >= COMMON and facts[ONE_CLASS] >= ALWAYS:
        samples = facts[SAMPLES]
        common, always = facts[COMMON_CLASS] * samples, facts[ONE_CLASS] * samples
        _name(found, IMBALANCED, common, samples, always, 0, 0)
    is_at_rest = is_seen and not falls and found[LOW_RATE, 0] == 0
    if facts[IS_LINEAR] != 0 and is_at_rest and found[OVERSHOOTS, 0] == 0:
        _name(found, LINEAR, metric, reference, 0, 0, 0)
    if found[:, 0].any():
        return
    if is_seen:
        _name(found, PLATEAU, before, epochs[quarter], lowest, 0, 0)
    else:
        _name(found, FEW_EPOCHS, epochs[last], scores[0, 0], loss, MANY_LOOKS, 0)


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
def _lowest_loss(scores: Float64, start: int, end: int) -> float:
    """Return the lowest loss of the looks from `start` to `end`."""
    lowest = scores[start, 0]
    for look in range(start, end + 1):
        lowest = min(lowest, scores[look, 0])
    return float(lowest)


@kernel
def _is_behind(metric: float, facts: Float64) -> bool:
    """Tell whether a network answers far worse than neighbours do, or misses one of few samples."""
    if facts[SAMPLES] < FEW_SAMPLES:
        if facts[LOWER_IS_BETTER] != 0:
            # An R² of 1 - BEHIND, in the unit of the targets.
            return bool(metric > math.sqrt(BEHIND) * facts[TARGET_DEVIATION])
        return bool(metric < 1 - BEHIND)
    if facts[LOWER_IS_BETTER] != 0:
        return bool(metric > BEHIND_TIMES * facts[REFERENCE_ERROR])
    return bool(metric < facts[REFERENCE] - BEHIND)


@kernel
def _judge_samples(loss: float, facts: Float64, found: Float64) -> None:
    """Name features and targets that do not vary, or are of a foreign scale."""
    samples, size = facts[SAMPLES], facts[INPUT_SIZE]
    smallest, largest = facts[SMALLEST_DEVIATION], facts[LARGEST_DEVIATION]
    if largest == 0:
        _name(found, CONSTANT_FEATURES, samples, 0, 0, 0, 0)
    if facts[COMMON_CLASS] == 0 and facts[TARGET_DEVIATION] == 0:
        _name(found, CONSTANT_TARGETS, samples, loss, 0, 0, 0)
    is_uneven = samples >= FEW_SAMPLES and largest > UNEVEN * facts[SMALLEST_REACH]
    is_small = 0 < (size if samples < FEW_SAMPLES else largest) < TOO_SMALL
    if size > FOREIGN or is_small or is_uneven:
        _name(found, FOREIGN_INPUTS, size, smallest, largest, 0, 0)
    if facts[TARGET_SIZE] > FOREIGN:
        _name(found, FOREIGN_TARGETS, facts[TARGET_SIZE], 0, 0, 0, 0)


@kernel
def _judge_equal(measures: Float64, widths: Whole, last: int, found: Float64) -> None:
    """Name the first layer of which all neurons are equal, as they were before the first update."""
    for layer in range(len(widths) - 1):
        twins = min(measures[0, layer, TWINS], measures[last, layer, TWINS])
        if widths[layer] > 1 and twins == widths[layer] - 1:
            _name(found, EQUAL_NEURONS, widths[layer], layer + 1, 0, 0, 0)
            return


@kernel
def _judge_flat(
    measures: Float64,
    epochs: Float64,
    widths: Whole,
    last: int,
    which: int,
    least: float,
    found: Float64,
) -> None:
    """Name the layer with the largest fraction of dead or saturated neurons, if `least` or more."""
    worst, most = 0, 0.0
    for layer in range(len(widths) - 1):
        count = measures[last, layer, which]
        if count / widths[layer] > most:
            worst, most = layer, count / widths[layer]
    if most < least:
        return
    since = last
    while since > 0 and measures[since - 1, worst, which] >= least * widths[worst]:
        since -= 1
    if which == DEAD:
        cause = DEAD_FROM_THE_START if since == 0 else DEAD_LATER
    else:
        cause = SATURATED_FROM_THE_START if since == 0 else SATURATED_LATER
    count = measures[last, worst, which]
    _name(found, cause, count, widths[worst], worst + 1, epochs[since], 0)


@kernel
def _judge_signals(
    measures: Float64, widths: Whole, last: int, facts: Float64, found: Float64
) -> bool:
    """Name signals that explode or vanish through the hidden layers; tell whether gradients are faint."""
    layers = len(widths) - 1
    if layers == 0:
        return False
    first = measures[0]
    largest = facts[LARGEST_DEVIATION]
    spread = first[layers - 1, SPREAD] / largest if largest > 0 else 0.0
    back = first[0, DELTA] / max(first[layers, DELTA], 1e-30)
    if layers > 1 and max(spread, back) > GROWN and found[SATURATED_FROM_THE_START, 0] == 0:
        _name(found, EXPLODING, spread, back, 0, 0, 0)
    faintest, smallest, dead, weights = 0, math.inf, 0.0, 0.0
    for layer in range(layers):
        dead += measures[last, layer, DEAD]
        inputs = facts[FEATURES] if layer == 0 else float(widths[layer - 1])
        length = measures[last, layer, GRADIENT] * math.sqrt(inputs * widths[layer])
        if length < smallest:
            faintest, smallest, weights = layer, length, math.sqrt(inputs * widths[layer])
    begun = first[faintest, GRADIENT] * weights / max(first[layers, DELTA], 1e-30)
    ended = smallest / max(measures[last, layers, DELTA], 1e-30)
    # A network that has learned has small gradients, too; this one is wrong as at the beginning.
    is_wrong = measures[last, layers, DELTA] > HALF * first[layers, DELTA]
    is_faint = bool(max(begun, ended) < FAINT and is_wrong and facts[IS_LINEAR] == 0)
    # Dead neurons pass nothing back: that is no gradient that vanishes on its way.
    is_cut_off = smallest == 0 and dead > 0
    if is_faint and not is_cut_off:
        _name(found, VANISHING, faintest + 1, min(weights / max(ended, 1e-30), 1e15), 0, 0, 0)
    return is_faint


@kernel
def _judge_steps(
    measures: Float64,
    scores: Float64,
    layers: int,
    last: int,
    is_seen: bool,
    falls: bool,
    is_faint: bool,
    facts: Float64,
    found: Float64,
) -> None:
    """Name steps that are too large, too small or too few; not too small where gradients are faint."""
    loss, first_loss = scores[last, 0], scores[0, 0]
    first_rate, last_rate = facts[FIRST_RATE], facts[LAST_RATE]
    rate = max(first_rate, last_rate)
    half, swing = last // 2, 0.0
    for look in range(half + 1, last + 1):
        swing += abs(scores[look, 0] - scores[look - 1, 0])
    swings = last - half
    is_restless = is_seen and not falls and swing > swings * RESTLESS * loss
    has_diverged = facts[FAILED] == 2
    has_risen = facts[ENDED_AT] > RISEN * facts[BEGUN_AT] or facts[BEGUN_AT] == 0
    if loss > RISEN * first_loss and not has_diverged and not has_risen:
        _name(found, OTHER_LOSS, facts[BEGUN_AT], facts[ENDED_AT], first_loss, loss, 0)
        return
    if has_diverged or loss > RISEN * first_loss:
        end = scores[len(scores) - 1, 0] if has_diverged else loss
        _name(found, OVERSHOOTS, first_loss, end, rate, 0, 0)
        return
    if is_restless:
        _name(found, OSCILLATES, swing / swings, loss, rate, 0, 0)
        return
    moved = 0.0
    for layer in range(layers + 1):
        path = 0.0
        for look in range(1, last + 1):
            path += measures[look, layer, MOVED]
        moved = max(moved, path / max(measures[0, layer, WEIGHT], 1e-30))
    is_cooled = last_rate < COLD * first_rate
    if facts[UPDATES] < MANY_UPDATES:
        _name(found, FEW_UPDATES, facts[UPDATES], first_loss, loss, 0, 0)
    elif 0 < moved < UNMOVED and not is_faint and not is_cooled:
        _name(found, LOW_RATE, rate, moved, facts[UPDATES], 0, 0)
    elif falls:
        _name(found, FEW_UPDATES, facts[UPDATES], first_loss, loss, 0, 0)
    if is_cooled:
        _name(found, COOLED, first_rate, last_rate, 0, 0, 0)
