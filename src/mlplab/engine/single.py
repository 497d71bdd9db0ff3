"""One network, its samples in the lanes: trains as `reference.training` and `block` do.

Every number is computed as in a block of sixteen networks, from the same numbers in the same order; only
what stands side by side differs. Forward and δ have samples in the lanes. The gradient of W has inputs
in the lanes, for which the inputs of a layer are written once more, a row for each sample.

What stands where in the arrays is said in `single_passes`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mlplab.drawing import PackedSamples
from mlplab.engine.aligned import aligned_arrays
from mlplab.engine.arrays import Flat, Rows, Scratch, Whole
from mlplab.engine.besides import (
    Besides,
    add_input_noise,
    go_on_with_penalties,
    is_best,
    is_to_restore,
    moves_by_layer,
    scale_of,
    step_of,
    stops_early,
    update_together,
    write_penalty,
    write_training_penalty,
)
from mlplab.engine.calls import (
    call_evaluate_single,
    call_mean,
    call_output_delta,
    call_score,
)
from mlplab.engine.compiling import entry
from mlplab.engine.heads import ANSWERS
from mlplab.engine.kept import rows_of_h
from mlplab.engine.lanes import LANES, flat
from mlplab.engine.layout import rows_of
from mlplab.engine.options import (
    EPOCHS,
)
from mlplab.engine.output import write_scores
from mlplab.engine.single_evaluation import evaluation_address
from mlplab.engine.single_passes import (
    backward,
    forward,
    take,
    take_further_answers,
    vectors_of,
)
from mlplab.engine.updates import SEGMENT
from mlplab.engine.watching import copy
from mlplab.shuffling import shuffle


def train_single(
    theta: Rows,
    first_moment: Flat,
    second_moment: Flat,
    sizes: Whole,
    begin: Whole,
    level: Whole,
    activations: Whole,
    head: Whole,
    optimizer: int,
    constants: Flat,
    rates: Rows,
    key: np.uint64,
    batch_size: int,
    besides: Besides | None,
    samples: PackedSamples,
    validation: PackedSamples,
    history: NDArray[np.float64],
    watched: NDArray[np.float64],
    place: Whole,
    stop: NDArray[np.uint8],
    done: NDArray[np.int64],
) -> None:
    """Train one network for as many updates as there are rates, from where it stands.

    Parameters as those of `block.train_block`, for one network; besides or otherwise:

    Parameters
    ----------
    first_moment, second_moment : ndarray, shape (numbers of theta,)
        What the optimizer remembers: zeros at the beginning, and what the next updates go on from
        afterwards.
    constants : ndarray, shape (3,)
        Of the optimizer.
    rates : ndarray, shape (updates, R)
        Of the updates to make.
    samples, validation : ndarray, shape (1, samples, width)
    history : ndarray of float64, shape (epochs, 4 or 6, 1)
        Has a line for every epoch that is reached, and in that of an epoch under way the sums so far. The
        training is over with its last line: where parameters are to be restored, they are.
    watched : ndarray of float64, shape (watched, 1)
        As `options.begin_watching` returns it at the beginning, and how it stands afterwards.
    place : ndarray of int64, shape (2,)
        Whole epochs done, and samples of the next one that are used: zeros at the beginning. A network
        that stops early, or whose training loss is not finite, has ended with that epoch, whatever
        updates are left.
    """
    vectors, validation_vectors = vectors_of(batch_size), vectors_of(validation.shape[1])
    most = max(vectors, validation_vectors)
    rows = int(level[-1] + sizes[-1]) * most
    by_sample_rows = most * LANES * rows_of(int(max(sizes)))
    h, delta, by_sample, answers, scratch = aligned_arrays(
        [
            (rows if besides is None else rows_of_h(activations, besides.switches, rows), LANES),
            (rows, LANES),
            (by_sample_rows, LANES),
            (head[ANSWERS], most * LANES),
            (3, most, LANES),
        ],
        theta.dtype,
    )
    gradient, rate, repeated = aligned_arrays(
        [theta.shape, (rates.shape[1] * SEGMENT,), (3, SEGMENT)], theta.dtype
    )
    train(
        theta,
        first_moment,
        second_moment,
        sizes,
        begin,
        level,
        activations,
        head,
        optimizer,
        constants,
        rates,
        key,
        batch_size,
        besides,
        samples,
        validation,
        history,
        watched,
        place,
        stop,
        done,
        evaluation_address(theta.dtype),
        vectors,
        validation_vectors,
        np.empty(samples.shape[1], np.int32),
        np.empty(samples.shape[1], np.int32),
        np.empty(most * LANES, np.int64),
        h,
        delta,
        by_sample,
        answers,
        scratch,
        gradient,
        rate,
        repeated,
        np.empty((3, 1), np.float64),
        np.empty((0, 1), np.int64),
    )


@entry
def train(  # noqa: PLR0915  # one loop, told in one piece
    theta: Rows,
    first_moment: Flat,
    second_moment: Flat,
    sizes: Whole,
    begin: Whole,
    level: Whole,
    activations: Whole,
    head: Whole,
    optimizer: int,
    constants: Flat,
    rates: Rows,
    key: np.uint64,
    batch_size: int,
    besides: Besides | None,
    samples: PackedSamples,
    validation: PackedSamples,
    history: NDArray[np.float64],
    watched: NDArray[np.float64],
    place: Whole,
    stop: NDArray[np.uint8],
    done: NDArray[np.int64],
    evaluation: int,
    vectors: int,
    validation_vectors: int,
    indices: NDArray[np.int32],
    partners: NDArray[np.int32],
    chosen: Whole,
    h: Rows,
    delta: Rows,
    by_sample: Rows,
    answers: Rows,
    scratch: Scratch,
    gradient: Rows,
    rate: Flat,
    repeated: Rows,
    seen: NDArray[np.float64],
    uncounted: Whole,
) -> None:
    """As `train_single`, with what it writes to as arguments."""
    total, outputs = samples.shape[1], sizes[-1]
    top, stride = level[-1] * vectors, vectors * LANES
    p, answer, error = flat(h[top:]), flat(answers), flat(delta[top:])
    for i in range(3):
        repeated[i] = constants[i]
    validates = validation.shape[1] > 0
    update, most = 0, min(theta.size, SEGMENT)
    while update < len(rates):
        epoch = place[0]
        shuffle(key, epoch, indices, partners)
        if place[1] == 0:
            history[epoch, :2] = 0
        for i in range(2):
            seen[i, 0] = history[epoch, i, 0]
        go_on_with_penalties(besides, place[1], history[epoch], seen)
        while place[1] < total and update < len(rates):
            start = place[1]
            size = min(batch_size, total - start)
            if besides is None:
                rate[:most] = rates[update, 0]
            else:
                for i in range(rates.shape[1]):  # 1 changes no bit
                    scaled = rates[update, i] * scale_of(watched, 0, i)
                    rate[i * SEGMENT : i * SEGMENT + most] = scaled
            for first in range(start, start + size, stride):
                if stop[0] != 0:
                    return
                count = min(stride, start + size - first)
                for i in range(count):
                    chosen[i] = indices[first + i]
                step = step_of(besides, epoch, first)
                take(samples, chosen[:count], vectors, sizes[0], flat(h), answers)
                if besides is not None:
                    take_further_answers(
                        *(samples, chosen[:count], vectors, sizes[0], head[ANSWERS], answers)
                    )
                add_input_noise(step, 1, sizes[0], count, stride, flat(h))
                forward(
                    *(theta, sizes, begin, level, activations, head, vectors, count, h, scratch),
                    step,
                )
                call_score(head[1], p, answer, outputs, stride, count, scratch, seen)
                call_output_delta(head[2], p, answer, outputs, stride, count, size, scratch, error)
                moves = moves_by_layer(besides) and first + count == start + size
                backward(
                    *(theta, gradient, sizes, begin, level, activations),
                    *(vectors, count, h, delta, by_sample),
                    first == start,
                    moves,
                    *(optimizer, repeated, rate, first_moment, second_moment),
                    step,
                )
            update_together(
                *(besides, size, theta, gradient, sizes, begin, optimizer, repeated, rate),
                *(first_moment, second_moment, seen),
            )
            place[1] += size
            update += 1
        if place[1] == total:
            call_mean(head[3], seen, total, outputs)
        write_scores(seen, history[epoch], 0)
        mean_of = total if place[1] == total else 1
        write_training_penalty(besides, mean_of, seen, history[epoch])
        if place[1] < total:
            return
        write_penalty(besides, 1, theta, sizes, begin, history[epoch])
        if validates:
            call_evaluate_single(
                evaluation,
                theta,
                sizes,
                begin,
                level,
                activations,
                head,
                validation,
                stop,
                validation_vectors,
                chosen,
                h,
                answers,
                scratch,
                seen,
                uncounted,
            )
            write_scores(seen, history[epoch], 2)
        place[0], place[1] = epoch + 1, 0
        done[0] = epoch + 1
        stops = stops_early(besides, theta, history[epoch], epoch, 0, watched)
        if besides is not None and is_best(besides, watched, 0, epoch):
            copy(theta, besides.best)
        if stops or not math.isfinite(history[epoch, 0, 0]):
            watched[EPOCHS, 0] = epoch + 1
            done[0] = len(history)
        if done[0] == len(history):
            if besides is not None and is_to_restore(besides, watched, 0):
                copy(besides.best, theta)
            return
