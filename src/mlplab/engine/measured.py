"""What `measuring` says of one network, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.aligned import aligned_arrays
from mlplab.engine.arrays import Whole
from mlplab.engine.heads import ANSWERS
from mlplab.engine.kept import KEEPS_Z
from mlplab.engine.lanes import LANES
from mlplab.engine.layout import rows_of
from mlplab.engine.measuring import MEASURES, measure
from mlplab.engine.options import DROPOUT, SWITCHES
from mlplab.engine.single_passes import vectors_of

Float = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class Measured:
    """A network, measured over all training samples.

    Attributes
    ----------
    loss, metric : float
    predicted : ndarray of int64, shape (K,)
        For how many samples each class is predicted.
    layers : ndarray of float64, shape (layers, measures)
        `measuring.MEASURES` of each layer, the outputs' last.
    theta : ndarray
        Its parameters, as the kernels have them.
    """

    loss: float
    metric: float
    predicted: Whole
    layers: NDArray[np.float64]
    theta: Float


def measure_network(
    theta: Float,
    before: Float,
    described: tuple[Whole, Whole, Whole, Whole, Whole],
    samples: Float,
    classes: int,
) -> Measured:
    """Measure one network with `measuring.measure`.

    Parameters
    ----------
    theta, before : ndarray
        Parameters, and those of which it is said how far they moved.
    described : tuple of ndarray
        As `prepared.described` returns it.
    samples : ndarray, shape (1, samples, width)
    classes : int
        0 of targets.
    """
    sizes, _, level, activations, head = described
    vectors = vectors_of(samples.shape[1])
    neurons = int(level[-1] + sizes[-1])
    rows = neurons * vectors
    halves = 2 if activations[:, KEEPS_Z].any() else 1
    h, delta, by_sample, answers, scratch, gradient, unused, line = aligned_arrays(
        [
            (halves * rows, LANES),
            (rows, LANES),
            (vectors * LANES * rows_of(int(max(sizes))), LANES),
            (head[ANSWERS], vectors * LANES),
            (3, vectors, LANES),
            theta.shape,
            (3, LANES),
            (2 * vectors * LANES,),
        ],
        theta.dtype,
    )
    seen, predicted = np.zeros((3, 1)), np.zeros((classes, 1), np.int64)
    layers = np.zeros((len(sizes) - 1, len(MEASURES)))
    measure(
        theta,
        before,
        *described,
        samples,
        vectors,
        np.zeros(len(SWITCHES), np.int64),
        np.zeros((DROPOUT + max(1, len(sizes) - 2), 1)),
        np.zeros(1, np.uint64),
        np.zeros(vectors * LANES, np.int64),
        h,
        delta,
        by_sample,
        answers,
        scratch,
        gradient,
        unused,
        line,
        np.zeros((4, neurons)),
        seen,
        predicted,
        layers,
    )
    loss, metric = seen[:2, 0].tolist()
    return Measured(loss, metric, predicted[:, 0], layers, theta.copy())
