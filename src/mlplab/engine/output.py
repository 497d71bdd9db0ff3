"""The softmax layer: probabilities, loss and accuracy, and where backpropagation begins.

Shared by both kernels. Class k has n numbers from k · stride of a flat array: for one network its
points, for a block each point's networks. Twin of `reference.activations.softmax` and
`reference.losses`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.compiling import kernel
from mlplab.engine.exponential import exponential
from mlplab.engine.lanes import LANES, add_sum, flat

Flat = NDArray[np.floating[Any]]
Scratch = NDArray[np.floating[Any]]

EPSILON = 1e-7
"""Keras keeps probabilities this far from 0 and 1 before it takes their logarithm."""

TOGETHER = 16
"""Points whose losses are added before they are added to those of an epoch.

Of the cross-entropy the logarithm of so many is taken at once, of the product of probabilities: with
p ≥ ε, sixteen of them cannot underflow in float64.
"""


@kernel
def softmax(z: Flat, classes: int, stride: int, n: int, scratch: Scratch) -> None:
    """Turn sums into probabilities, in place; a third of `scratch`, (3, rows, LANES), holds n numbers."""
    one = z.dtype.type(1)
    largest, total = flat(scratch[0]), flat(scratch[1])
    for q in range(n):
        largest[q] = z[q]
        total[q] = 0
    for k in range(1, classes):
        row = z[k * stride : k * stride + n]
        for q in range(n):
            largest[q] = row[q] if row[q] > largest[q] else largest[q]
    for k in range(classes):
        row = z[k * stride : k * stride + n]
        for q in range(n):
            row[q] = exponential(row[q] - largest[q])
        for q in range(n):
            total[q] += row[q]
    for q in range(n):
        total[q] = one / total[q]
    for k in range(classes):
        row = z[k * stride : k * stride + n]
        for q in range(n):
            row[q] *= total[q]


@kernel
def score(
    p: Flat,
    truth: Flat,
    classes: int,
    stride: int,
    n: int,
    cross_entropy: bool,
    scratch: Scratch,
    seen: NDArray[np.float64],
) -> None:
    """Add loss, but for the division by the classes, and right answers to `seen`, (2, networks).

    Number q of a class belongs to network q modulo their number. Points are added one after the other,
    however many come at once.
    """
    networks = seen.shape[1]
    best, hit, loss = flat(scratch[0]), flat(scratch[1]), flat(scratch[2])
    for q in range(n):
        best[q] = p[q]
        hit[q] = truth[q]
        loss[q] = 0
    for k in range(1, classes):
        row, right = p[k * stride : k * stride + n], truth[k * stride : k * stride + n]
        for q in range(n):
            hit[q] = right[q] if row[q] > best[q] else hit[q]
            best[q] = row[q] if row[q] > best[q] else best[q]
    for k in range(classes):
        row, right = p[k * stride : k * stride + n], truth[k * stride : k * stride + n]
        if cross_entropy:
            for q in range(n):
                loss[q] += row[q] * right[q]
        else:
            for q in range(n):
                loss[q] += (row[q] - right[q]) * (row[q] - right[q])
    for q in range(n):
        # Where no output is a number, `best` is none: no answer, so not a right one.
        hit[q] = hit[q] if best[q] == best[q] else 0
    add_up(scratch[1], n, seen[1])
    if not cross_entropy:
        add_up(scratch[2], n, seen[0])
    else:
        for network in range(networks):
            for first in range(network, n, TOGETHER * networks):
                product, lost = 1.0, False
                for q in range(first, min(n, first + TOGETHER * networks), networks):
                    likely = np.float64(loss[q])
                    lost |= likely != likely  # NaN, which max and min would lose
                    product *= min(max(likely, EPSILON), 1 - EPSILON)
                seen[0, network] -= np.nan if lost else math.log(product)


@kernel
def add_up(values: Scratch, n: int, sums: NDArray[np.float64]) -> None:
    """Add the first n of `values`, shape (rows, LANES), to the sums of their networks.

    A row has a number for each of LANES networks, or for LANES points of one. The numbers of TOGETHER
    points of a network are added in their own type, in the order of the points, and then to its sum.
    """
    if len(sums) == LANES:
        for first in range(0, n // LANES, TOGETHER):
            add_sum(values, first, values, first + 1, min(TOGETHER, n // LANES - first) - 1)
            for network in range(LANES):
                sums[network] += values[first, network]
    else:
        line = flat(values)
        for first in range(0, n, TOGETHER):
            total = line[first]
            for q in range(first + 1, min(n, first + TOGETHER)):
                total += line[q]
            sums[0] += total


@kernel
def mean_scores(seen: NDArray[np.float64], points: int, classes: int, cross_entropy: bool) -> None:
    """Turn the sums of `score` over all points into mean loss and accuracy, in place."""
    terms = points if cross_entropy else points * classes
    for network in range(seen.shape[1]):
        seen[0, network] /= terms
        seen[1, network] /= points


@kernel
def is_finite(scores: NDArray[np.float64], network: int) -> bool:
    """Tell whether losses and accuracies of a network, a column of shape (scores,), are all finite."""
    total = 0.0
    for i in range(len(scores)):
        total += scores[i, network]
    return math.isfinite(total)


@kernel
def output_delta(
    p: Flat,
    truth: Flat,
    classes: int,
    stride: int,
    n: int,
    cross_entropy: bool,
    points: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """Write ∂L/∂z of the softmax layer, laid out as p.

    Mean squared error: g = 2/(nK) (p - y), δ = p (g - Σ g p). Cross-entropy: δ = (p - y)/n, and 0 where
    the probability of the class is clipped. Here n is `points`, those of the batch. Of a point with an
    output that is not a number, δ is none either.
    """
    number = p.dtype.type
    factor = number(1 / points) if cross_entropy else number(2 / (points * classes))
    low, high = number(EPSILON), number(1 - EPSILON)
    total = flat(scratch[0])
    for q in range(n):
        total[q] = 0
    for k in range(classes):
        row, right = p[k * stride : k * stride + n], truth[k * stride : k * stride + n]
        if cross_entropy:
            for q in range(n):
                total[q] += row[q] * right[q]
        else:
            for q in range(n):
                total[q] += (row[q] - right[q]) * row[q]
    for k in range(classes):
        row, right = p[k * stride : k * stride + n], truth[k * stride : k * stride + n]
        out = delta[k * stride : k * stride + n]
        if cross_entropy:
            for q in range(n):
                clipped = (total[q] <= low) | (total[q] >= high)
                out[q] = number(0) if clipped else (row[q] - right[q]) * factor
        else:
            for q in range(n):
                out[q] = row[q] * factor * (row[q] - right[q] - total[q])
