"""Sixteen networks at once are looked at, not trained: their scores on a split."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from mlplab.drawing import PackedSamples
from mlplab.engine.aligned import aligned_arrays
from mlplab.engine.arrays import Indices, Rows, Scratch, Whole
from mlplab.engine.block_passes import CHUNK, STRIDE, forward, take, take_further_answers
from mlplab.engine.calls import address, call_mean, call_score
from mlplab.engine.compiling import entry, number_type
from mlplab.engine.heads import ANSWERS, WEIGHS
from mlplab.engine.lanes import LANES, flat
from mlplab.engine.output import count_predicted


@entry
def evaluate(
    theta: Rows,
    sizes: Whole,
    begin: Whole,
    level: Whole,
    activations: Whole,
    head: Whole,
    samples: PackedSamples,
    stop: NDArray[np.uint8],
    indices: Indices,
    h: Rows,
    taken: Rows,
    answers: Rows,
    scratch: Scratch,
    seen: NDArray[np.float64],
    predicted: Whole,
) -> None:
    """As `evaluate_block`, with what it writes to as arguments."""
    total, outputs = samples.shape[1], sizes[-1]
    top, stride = level[-1] * STRIDE, STRIDE * LANES
    p, answer = flat(h[top:]), flat(answers)
    seen[:] = 0
    compared = head[ANSWERS] - head[WEIGHS]
    if head[WEIGHS] != 0:
        answers[compared * STRIDE :] = 1
    for start in range(0, total, CHUNK):
        if stop[0] != 0:
            return
        count = min(CHUNK, total - start)
        for lane in range(LANES):
            for i in range(count):
                indices[lane, i] = start + i
        take(samples, indices, 0, count, sizes[0], taken, h, answers)
        if compared > 1:
            take_further_answers(*(samples, indices, 0, count, sizes[0], compared, taken, answers))
        forward(theta, sizes, begin, level, activations, head, count, h, scratch, None)
        call_score(head[1], p, answer, outputs, stride, count * LANES, scratch, seen)
        if len(predicted) > 0:
            count_predicted(p, outputs, stride, count * LANES, scratch, predicted)
    call_mean(head[3], seen, total, outputs)


def evaluate_block(
    theta: Rows,
    sizes: Whole,
    begin: Whole,
    level: Whole,
    activations: Whole,
    head: Whole,
    samples: PackedSamples,
    stop: NDArray[np.uint8],
    seen: NDArray[np.float64],
    predicted: Whole,
) -> None:
    """Write loss and metric of each network over all its samples to `seen`, shape (2, LANES).

    `predicted`, shape (K, LANES), is raised by the number of samples for which each class is predicted;
    it has no rows where outputs are no classes.
    `samples` has the shape (LANES or 1, samples, width), as in `train_block`. All weigh 1, whatever they
    weigh in a training.
    """
    rows = (level[-1] + sizes[-1]) * STRIDE
    h, taken, answers, scratch = aligned_arrays(
        [
            (rows, LANES),
            (samples.shape[2], LANES),
            (head[ANSWERS] * STRIDE, LANES),
            (3, CHUNK, LANES),
        ],
        theta.dtype,
    )
    indices = np.empty((LANES, CHUNK), np.int32)
    evaluate(
        theta,
        sizes,
        begin,
        level,
        activations,
        head,
        samples,
        stop,
        indices,
        h,
        taken,
        answers,
        scratch,
        seen,
        predicted,
    )


@lru_cache(maxsize=2)
def evaluation_address(dtype: np.dtype[Any]) -> int:
    """Return the address of `evaluate`."""
    number, whole, flags = number_type(dtype), types.int64, types.uint8[::1]
    table, samples, line = number[:, ::1], number[:, :, ::1], whole[::1]
    network = (table, line, line, line, whole[:, ::1], line)
    scratch = (types.int32[:, ::1], table, table, table, samples)
    return address(
        evaluate, *network, samples, flags, *scratch, types.float64[:, ::1], whole[:, ::1]
    )
