"""One network is looked at, not trained: its scores on a split, and what its neurons give."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from mlplab.drawing import PackedSamples
from mlplab.engine.aligned import aligned_arrays
from mlplab.engine.arrays import Rows, Scratch, Whole
from mlplab.engine.calls import address, call_mean, call_score
from mlplab.engine.compiling import entry, number_type
from mlplab.engine.heads import ANSWERS, WEIGHS
from mlplab.engine.lanes import LANES, flat
from mlplab.engine.output import count_predicted
from mlplab.engine.single_passes import forward, take, take_further_answers, vectors_of


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
    vectors: int,
    chosen: Whole,
    h: Rows,
    answers: Rows,
    scratch: Scratch,
    seen: NDArray[np.float64],
    predicted: Whole,
) -> None:
    """As `evaluate_single`, with what it writes to as arguments."""
    total, outputs = samples.shape[1], sizes[-1]
    stride = vectors * LANES
    p, answer = flat(h[level[-1] * vectors :]), flat(answers)
    seen[:] = 0
    compared = head[ANSWERS] - head[WEIGHS]
    if head[WEIGHS] != 0:
        answer[compared * stride :] = 1
    for start in range(0, total, stride):
        if stop[0] != 0:
            return
        count = min(stride, total - start)
        for i in range(count):
            chosen[i] = start + i
        take(samples, chosen[:count], vectors, sizes[0], flat(h), answers)
        if compared > 1:
            take_further_answers(samples, chosen[:count], vectors, sizes[0], compared, answers)
        forward(theta, sizes, begin, level, activations, head, vectors, count, h, scratch, None)
        call_score(head[1], p, answer, outputs, stride, count, scratch, seen)
        if len(predicted) > 0:
            count_predicted(p, outputs, stride, count, scratch, predicted)
    call_mean(head[3], seen, total, outputs)


def evaluate_single(
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
    """Write loss and metric over all samples, shape (1, samples, width), to `seen`, shape (2, 1).

    `predicted`, shape (K, 1), is as that of `evaluate_block`; all samples weigh 1.
    """
    vectors = vectors_of(samples.shape[1])
    rows = (level[-1] + sizes[-1]) * vectors
    h, answers, scratch = aligned_arrays(
        [(rows, LANES), (head[ANSWERS], vectors * LANES), (3, vectors, LANES)], theta.dtype
    )
    chosen = np.empty(vectors * LANES, np.int64)
    evaluate(
        theta,
        sizes,
        begin,
        level,
        activations,
        head,
        samples,
        stop,
        vectors,
        chosen,
        h,
        answers,
        scratch,
        seen,
        predicted,
    )


@entry
def predict(
    theta: Rows,
    sizes: Whole,
    begin: Whole,
    level: Whole,
    activations: Whole,
    head: Whole,
    samples: PackedSamples,
    first: int,
    vectors: int,
    chosen: Whole,
    h: Rows,
    answers: Rows,
    scratch: Scratch,
    predictions: Rows,
) -> None:
    """As `predict_single`, with what it writes to as arguments."""
    total, neurons, stride = samples.shape[1], level[-1] + sizes[-1], vectors * LANES
    line = flat(h)
    for start in range(0, total, stride):
        count = min(stride, total - start)
        for i in range(count):
            chosen[i] = start + i
        take(samples, chosen[:count], vectors, sizes[0], line, answers)
        forward(theta, sizes, begin, level, activations, head, vectors, count, h, scratch, None)
        for neuron in range(first, neurons):
            for i in range(count):
                predictions[neuron - first, start + i] = line[neuron * stride + i]


def predict_single(
    theta: Rows,
    sizes: Whole,
    begin: Whole,
    level: Whole,
    activations: Whole,
    head: Whole,
    samples: PackedSamples,
    first: int,
    predictions: Rows,
) -> None:
    """Write the outputs of the neurons from number `first` on for all samples.

    Neurons are counted from the inputs on. `samples` has the shape (1, samples, width), `predictions`
    (neurons, samples).
    """
    vectors = vectors_of(samples.shape[1])
    rows = (level[-1] + sizes[-1]) * vectors
    h, answers, scratch = aligned_arrays(
        [(rows, LANES), (1, vectors * LANES), (3, vectors, LANES)], theta.dtype
    )
    chosen = np.empty(vectors * LANES, np.int64)
    predict(
        theta,
        sizes,
        begin,
        level,
        activations,
        head,
        samples,
        first,
        vectors,
        chosen,
        h,
        answers,
        scratch,
        predictions,
    )


@lru_cache(maxsize=2)
def evaluation_address(dtype: np.dtype[Any]) -> int:
    """Return the address of `evaluate`."""
    number, whole, flags = number_type(dtype), types.int64, types.uint8[::1]
    table, samples, line = number[:, ::1], number[:, :, ::1], whole[::1]
    network = (table, line, line, line, whole[:, ::1], line)
    scratch = (whole, line, table, table, samples)
    return address(
        evaluate, *network, samples, flags, *scratch, types.float64[:, ::1], whole[:, ::1]
    )
