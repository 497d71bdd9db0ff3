"""One update of one network with all its numbers: the arrays of `single.train`, read after it.

The kernel makes the update on copies, with as many rows as the batch needs, so that all of its samples
are there afterwards. One sample is appended that no batch takes: so no epoch ends, and the sums of the
scores are those of this batch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.drawing import PackedSamples
from mlplab.engine.activations import activation_addresses
from mlplab.engine.aligned import aligned_arrays, aligned_copy
from mlplab.engine.arrays import Flat, Rows, Whole
from mlplab.engine.besides import Besides, scale_of
from mlplab.engine.heads import ANSWERS, head_addresses
from mlplab.engine.kept import rows_of_h
from mlplab.engine.lanes import LANES
from mlplab.engine.layout import Layers, Layout, pack_samples, rows_of
from mlplab.engine.options import BATCH_PENALTY, CLIPS, PENALISED, SCORES, scores_of
from mlplab.engine.single import train
from mlplab.engine.single_evaluation import evaluation_address, predict_single
from mlplab.engine.updates import SEGMENT

Float = NDArray[np.floating[Any]]
Float64 = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class State:
    """Where a training stands before an update, as the kernels of `single` have it.

    Attributes
    ----------
    layout : Layout
    described : tuple of ndarray
        As `prepared.described` returns it.
    theta : ndarray, shape (rows, LANES)
    first_moment, second_moment : ndarray, shape (rows · LANES,)
    optimizer : int
    constants : ndarray, shape (3,)
    rates : ndarray, shape (1, R)
        Of this update.
    key : int
        Of the shuffles.
    besides : Besides or None
    samples : ndarray, shape (1, samples, width)
    watched : ndarray of float64, shape (watched, 1)
    epoch : int
    mean : callable
        Of the head, see `output`.
    """

    layout: Layout
    described: tuple[Whole, Whole, Whole, Whole, Whole]
    theta: Rows
    first_moment: Flat
    second_moment: Flat
    optimizer: int
    constants: Flat
    rates: Rows
    key: int
    besides: Besides | None
    samples: PackedSamples
    watched: Float64
    epoch: int
    mean: Callable[..., None]


@dataclass(frozen=True, eq=False)
class ObservedUpdate:
    """One update.

    Attributes
    ----------
    h : tuple of ndarray, shape (samples, neurons)
        Of each level: the inputs, with their noise; what hidden layers pass on, after dropout; outputs.
    z : tuple of ndarray, shape (samples, outputs of the layer)
    delta : tuple of ndarray, shape (samples, outputs of the layer)
        ∂L/∂z of each layer, with L the mean over the batch.
    gradient : (weights, biases)
        ∂L/∂W and ∂L/∂b.
    penalised : (weights, biases)
        The same with the slope of the penalty.
    taken : (weights, biases)
        What the optimizer takes: clipped, too.
    before, after : (weights, biases)
    first_moment, second_moment : pair of (weights, biases)
        Before and after.
    step_sizes : ndarray, shape (R,)
        What scales this update, with the reduction on a plateau.
    outputs_after : ndarray, shape (samples, outputs)
        Of the same samples with the same noise, by the weights after it.
    loss, loss_after, penalty, penalty_after : float
        Means over the batch; the loss with weights, noise and smoothed labels.
    """

    h: tuple[Float, ...]
    z: tuple[Float, ...]
    delta: tuple[Float, ...]
    gradient: Layers
    penalised: Layers
    taken: Layers
    before: Layers
    after: Layers
    first_moment: tuple[Layers, Layers]
    second_moment: tuple[Layers, Layers]
    step_sizes: Float
    outputs_after: Float
    loss: float
    loss_after: float
    penalty: float
    penalty_after: float


def observe_update(state: State, start: int, size: int) -> ObservedUpdate:
    """Return an update by the samples from one place of the epoch's order on.

    Parameters
    ----------
    state : State
        It is left as it is.
    start, size : int
        The batch: its first place in the order, and how many samples it has.
    """
    made = _made(state, state.rates, start, size)
    still = np.zeros_like(state.rates)
    after = _made(state, still, start, size, made.theta)
    raw = penalised = made
    if state.besides is not None:
        without_clipping = _without(state.besides, CLIPS)
        if state.besides.switches[CLIPS] != 0:
            penalised = _made(state, still, start, size, besides=without_clipping)
        raw = penalised
        if state.besides.switches[PENALISED] != 0:
            raw = _made(state, still, start, size, besides=_without(without_clipping, PENALISED))
    unpack = state.layout.unpack_single
    before = unpack(state.theta)
    h = made.levels(state.layout, size)
    shape = state.theta.shape
    scales = [
        1.0 if state.besides is None else scale_of(state.watched, 0, i)
        for i in range(state.rates.shape[1])
    ]
    return ObservedUpdate(
        h=h,
        z=tuple(_weighted_sums(state, layer, x) for layer, x in enumerate(h[:-1])),
        delta=made.deltas(state.layout, size)[1:],
        gradient=unpack(raw.gradient),
        penalised=unpack(penalised.gradient),
        taken=unpack(made.gradient),
        before=before,
        after=unpack(made.theta),
        first_moment=(
            unpack(state.first_moment.reshape(shape)),
            unpack(made.first_moment.reshape(shape)),
        ),
        second_moment=(
            unpack(state.second_moment.reshape(shape)),
            unpack(made.second_moment.reshape(shape)),
        ),
        step_sizes=(state.rates[0] * scales).astype(state.theta.dtype),
        outputs_after=after.levels(state.layout, size)[-1],
        loss=_mean_loss(state, made, size),
        loss_after=_mean_loss(state, after, size),
        penalty=made.penalty / size,
        penalty_after=after.penalty / size,
    )


@dataclass(frozen=True, eq=False)
class _Made:
    """What the kernel leaves of one update."""

    theta: Rows
    first_moment: Flat
    second_moment: Flat
    gradient: Rows
    h: Rows
    delta: Rows
    vectors: int
    scores: Float64

    @property
    def penalty(self) -> float:
        return float(self.scores[BATCH_PENALTY]) if len(self.scores) > SCORES else 0.0

    def levels(self, layout: Layout, count: int) -> tuple[Float, ...]:
        return tuple(
            self._level(self.h, layout, level, count) for level in range(len(layout.sizes))
        )

    def deltas(self, layout: Layout, count: int) -> tuple[Float, ...]:
        return tuple(
            self._level(self.delta, layout, level, count) for level in range(len(layout.sizes))
        )

    def _level(self, rows: Rows, layout: Layout, level: int, count: int) -> Float:
        first, neurons = int(layout.level[level]), int(layout.sizes[level])
        part = rows[first * self.vectors : (first + neurons) * self.vectors]
        return np.ascontiguousarray(part.reshape(neurons, -1)[:, :count].T)


def _made(
    state: State,
    rates: Rows,
    start: int,
    size: int,
    theta: Rows | None = None,
    besides: Besides | None = None,
) -> _Made:
    """Make an update on copies, by the kernel of `single`."""
    besides = state.besides if besides is None else besides
    sizes, _, level, activations, head = state.described
    dtype, samples = state.theta.dtype, state.samples.shape[1]
    vectors = (size + LANES - 1) // LANES
    rows = int(level[-1] + sizes[-1]) * vectors
    rows_h = rows if besides is None else rows_of_h(activations, besides.switches, rows)
    h, delta, by_sample, answers, scratch, gradient, rate, repeated = aligned_arrays(
        [
            (rows_h, LANES),
            (rows, LANES),
            (vectors * LANES * rows_of(int(max(sizes))), LANES),
            (head[ANSWERS], vectors * LANES),
            (3, vectors, LANES),
            state.theta.shape,
            (rates.shape[1] * SEGMENT,),
            (3, SEGMENT),
        ],
        dtype,
    )
    theta = aligned_copy(state.theta if theta is None else theta)
    moments = aligned_copy(state.first_moment), aligned_copy(state.second_moment)
    scores = SCORES if besides is None else scores_of(besides.switches)
    history = np.zeros((state.epoch + 1, scores, 1))
    one_more = np.concatenate([state.samples, state.samples[:, -1:]], axis=1)
    train(
        *(theta, *moments, *state.described, state.optimizer, state.constants, rates),
        *(np.uint64(state.key), size, besides, one_more, one_more[:, :0], history),
        *(state.watched.copy(), np.array([state.epoch, start]), np.zeros(1, np.uint8)),
        np.zeros(1, np.int64),
        *(evaluation_address(dtype), vectors, 0),
        *(np.empty(samples, np.int32), np.empty(samples, np.int32)),
        np.empty(vectors * LANES, np.int64),
        *(h, delta, by_sample, answers, scratch, gradient, rate, repeated),
        *(np.empty((3, 1), np.float64), np.empty((0, 1), np.int64)),
    )
    return _Made(theta, *moments, gradient, h, delta, vectors, history[state.epoch, :, 0])


def _mean_loss(state: State, made: _Made, size: int) -> float:
    seen = np.array([[made.scores[0]], [0.0]])
    state.mean(seen, size, int(state.layout.sizes[-1]))
    return float(seen[0, 0])


def _without(besides: Besides, switch: int) -> Besides:
    switches = besides.switches.copy()
    switches[switch] = 0
    return besides._replace(switches=switches)


def _weighted_sums(state: State, layer: int, inputs: Float) -> Float:
    """Return z of a layer: what the kernel gives of the layer alone, with outputs that are z."""
    sizes, begin, *_ = state.described
    of_layer = sizes[layer : layer + 2]
    rows = state.theta[begin[layer] : begin[layer + 1]]
    dtype = state.theta.dtype
    z = np.empty((of_layer[1], len(inputs)), dtype)
    predict_single(
        aligned_copy(rows),
        of_layer.copy(),
        np.array([0, len(rows)]),
        np.array([0, of_layer[0]]),
        activation_addresses((), dtype),
        head_addresses("linear_mean_squared_error", dtype, int(of_layer[1])),
        pack_samples(inputs, np.zeros(len(inputs)), dtype),
        int(of_layer[0]),
        z,
    )
    return z.T
