"""Sixteen networks at once, a network in each lane: each is trained as by `reference.training`.

A layer of a small network is too little work for matrix routines. Here the same layer of sixteen
networks is done together, a few training samples of each at a time. `single` computes the same, bit for
bit, where there are too few networks to fill the lanes.

What stands where in the arrays is said in `block_passes`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mlplab.batches import count_batches
from mlplab.drawing import PackedSamples
from mlplab.engine.aligned import aligned_arrays
from mlplab.engine.arrays import Flat, Indices, Rows, Scratch, Whole
from mlplab.engine.besides import (
    Besides,
    add_input_noise,
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
from mlplab.engine.block_evaluation import evaluation_address
from mlplab.engine.block_passes import (
    CHUNK,
    STRIDE,
    backward,
    forward,
    take,
    take_further_answers,
)
from mlplab.engine.calls import (
    call_evaluate_block,
    call_mean,
    call_output_delta,
    call_score,
)
from mlplab.engine.compiling import entry
from mlplab.engine.heads import ANSWERS
from mlplab.engine.kept import rows_of_h
from mlplab.engine.lanes import LANES, fill, flat
from mlplab.engine.options import (
    EPOCHS,
)
from mlplab.engine.output import write_scores
from mlplab.engine.updates import SEGMENT, repeat
from mlplab.shuffling import shuffle


def train_block(
    theta: Rows,
    sizes: Whole,
    begin: Whole,
    level: Whole,
    activations: Whole,
    head: Whole,
    optimizer: int,
    constants: Rows,
    rates: Rows,
    keys: NDArray[np.uint64],
    batch_size: int,
    besides: Besides | None,
    samples: PackedSamples,
    validation: PackedSamples,
    history: NDArray[np.float64],
    watched: NDArray[np.float64],
    stop: NDArray[np.uint8],
    done: NDArray[np.int64],
) -> None:
    """Train sixteen networks of one shape, each with its own samples and its own shuffle.

    Parameters
    ----------
    theta : ndarray, shape (parameters, LANES)
        Initial parameters, and the final ones afterwards.
    sizes, begin, level : ndarray of int64
        Neurons of each level; where layers begin in `theta`, and levels in `h`.
    activations : ndarray of int64, shape (hidden layers, 3)
        From `activations.activation_addresses`.
    head : ndarray of int64, shape (6,)
        From `heads.head_addresses`.
    optimizer : int
        From `updates.optimizer_address`.
    constants : ndarray, shape (3, LANES)
        Of the optimizer, from `updates.optimizer_constants`.
    rates : ndarray, shape (updates · R, LANES)
        η (SGD) or α (Adam) of each update, from `OptimizerSpec.step_sizes`: R numbers, in R rows.
    keys : ndarray of uint64, shape (LANES,)
        Of the shuffles.
    besides : Besides or None
        What the networks have besides.
    samples, validation : ndarray, shape (LANES or 1, samples, width)
        Training and validation samples of each network, or those that all share, as
        `layout.pack_samples` has them; of the latter there may be none.
    history : ndarray of float64, shape (epochs, 4 or 6, LANES)
        Filled with training loss and metric, validation loss and metric, and where there are
        penalties with the mean of those before each update and that after the epoch. A network that stops
        early, or whose training loss is not finite, has ended with that epoch: its parameters are those
        at its end, what follows in its history means nothing. A validation loss that is not finite ends
        nothing.
    watched : ndarray of float64, shape (watched, LANES)
        From `options.begin_watching`; afterwards how it stands.
    stop : ndarray of uint8, shape (1,)
        Once it is not 0, training ends within a few samples, and nothing that it leaves means anything.
    done : ndarray of int64, shape (1,)
        Raised by one after every epoch; the number of epochs once all networks have ended.
    """
    total = samples.shape[1]
    updates = len(history) * count_batches(total, batch_size)
    rows = int(level[-1] + sizes[-1]) * STRIDE
    number = theta.dtype
    h, delta, taken, answers, scratch = aligned_arrays(
        [
            (rows if besides is None else rows_of_h(activations, besides.switches, rows), LANES),
            (rows, LANES),
            (samples.shape[2], LANES),
            (head[ANSWERS] * STRIDE, LANES),
            (3, CHUNK, LANES),
        ],
        number,
    )
    gradient, first_moment, second_moment, rate, repeated = aligned_arrays(
        [
            theta.shape,
            (theta.size,),
            (theta.size,),
            (len(rates) // updates * (SEGMENT // LANES), LANES),
            (3, SEGMENT),
        ],
        number,
    )
    # Rows of 1,024 numbers would begin 4 KiB apart, where caches keep few numbers at a time.
    indices = np.empty((LANES, max(total, CHUNK) + LANES), np.int32)
    train(
        theta,
        sizes,
        begin,
        level,
        activations,
        head,
        optimizer,
        constants,
        rates,
        keys,
        batch_size,
        besides,
        samples,
        validation,
        history,
        watched,
        stop,
        done,
        evaluation_address(theta.dtype),
        indices,
        np.empty(total, np.int32),
        h,
        delta,
        taken,
        answers,
        scratch,
        gradient,
        first_moment,
        second_moment,
        rate,
        repeated,
        np.empty_like(theta),
        np.zeros(LANES, np.uint8),
        np.empty((3, LANES), np.float64),
        np.empty((0, LANES), np.int64),
    )


@entry
def train(  # noqa: PLR0915  # one loop, told in one piece
    theta: Rows,
    sizes: Whole,
    begin: Whole,
    level: Whole,
    activations: Whole,
    head: Whole,
    optimizer: int,
    constants: Rows,
    rates: Rows,
    keys: NDArray[np.uint64],
    batch_size: int,
    besides: Besides | None,
    samples: PackedSamples,
    validation: PackedSamples,
    history: NDArray[np.float64],
    watched: NDArray[np.float64],
    stop: NDArray[np.uint8],
    done: NDArray[np.int64],
    evaluation: int,
    indices: Indices,
    partners: NDArray[np.int32],
    h: Rows,
    delta: Rows,
    taken: Rows,
    answers: Rows,
    scratch: Scratch,
    gradient: Rows,
    first_moment: Flat,
    second_moment: Flat,
    rate: Rows,
    repeated: Rows,
    at_end: Rows,
    ended: NDArray[np.uint8],
    seen: NDArray[np.float64],
    uncounted: Whole,
) -> None:
    """As `train_block`, with what it writes to as arguments."""
    total, outputs, epochs = samples.shape[1], sizes[-1], len(history)
    top, stride = level[-1] * STRIDE, STRIDE * theta.shape[1]
    p, answer, error = flat(h[top:]), flat(answers), flat(delta[top:])
    for i in range(3):
        repeat(constants[i], repeated[i])
    validates = validation.shape[1] > 0
    update, numbers, used = 0, rate.size // SEGMENT, min(len(theta), SEGMENT // LANES)
    for epoch in range(epochs):
        for lane in range(LANES):
            shuffle(keys[lane], epoch, indices[lane, :total], partners)
        seen[:] = 0
        for start in range(0, total, batch_size):
            size = min(batch_size, total - start)
            if besides is None:
                fill(rate, 0, rates, update, used)
            else:
                for i in range(numbers):
                    row = i * SEGMENT // LANES
                    for lane in range(LANES):  # 1 changes no bit
                        scale = scale_of(watched, lane, i)
                        rate[row, lane] = rates[update * numbers + i, lane] * scale
                    fill(rate, row + 1, rate, row, used - 1)
            for first in range(start, start + size, CHUNK):
                if stop[0] != 0:
                    return
                count = min(CHUNK, start + size - first)
                n = count * LANES
                step = step_of(besides, epoch, first)
                take(samples, indices, first, count, sizes[0], taken, h, answers)
                if besides is not None:
                    take_further_answers(
                        *(samples, indices, first, count, sizes[0], head[ANSWERS], taken, answers)
                    )
                add_input_noise(step, LANES, sizes[0], count, STRIDE * LANES, flat(h))
                forward(theta, sizes, begin, level, activations, head, count, h, scratch, step)
                call_score(head[1], p, answer, outputs, stride, n, scratch, seen)
                call_output_delta(head[2], p, answer, outputs, stride, n, size, scratch, error)
                moves = moves_by_layer(besides) and first + count == start + size
                backward(
                    *(theta, gradient, sizes, begin, level, activations, count, h, delta),
                    first == start,
                    moves,
                    *(optimizer, repeated, flat(rate), first_moment, second_moment),
                    step,
                )
            update_together(
                *(besides, size, theta, gradient, sizes, begin, optimizer, repeated, flat(rate)),
                *(first_moment, second_moment, seen),
            )
            update += 1
        call_mean(head[3], seen, total, outputs)
        write_scores(seen, history[epoch], 0)
        write_training_penalty(besides, total, seen, history[epoch])
        write_penalty(besides, LANES, theta, sizes, begin, history[epoch])
        if validates:
            call_evaluate_block(
                evaluation,
                theta,
                sizes,
                begin,
                level,
                activations,
                head,
                validation,
                stop,
                indices,
                h,
                taken,
                answers,
                scratch,
                seen,
                uncounted,
            )
            write_scores(seen, history[epoch], 2)
        under_way = 0
        for lane in range(LANES):
            if ended[lane]:
                continue
            stops = stops_early(besides, theta, history[epoch], epoch, lane, watched)
            if besides is not None and is_best(besides, watched, lane, epoch):
                for q in range(len(theta)):
                    besides.best[q, lane] = theta[q, lane]
            if stops or not math.isfinite(history[epoch, 0, lane]):
                ended[lane] = 1
                watched[EPOCHS, lane] = epoch + 1
                for q in range(len(theta)):
                    at_end[q, lane] = theta[q, lane]
            under_way += 1 - ended[lane]
        if under_way == 0:
            done[0] = epochs
            break
        done[0] = epoch + 1
    for lane in range(LANES):
        if besides is not None and is_to_restore(besides, watched, lane):
            for q in range(len(theta)):
                theta[q, lane] = besides.best[q, lane]
        elif ended[lane]:
            for q in range(len(theta)):
                theta[q, lane] = at_end[q, lane]
