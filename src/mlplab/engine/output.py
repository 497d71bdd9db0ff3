"""Heads with softmax, and what all heads share: loss and score, and where backpropagation begins.

A head is some functions, which kernels call by their address (`heads`). Class k has n numbers from
k · stride of a flat array: for one network those of its samples, for a block those of each sample's
networks. `labels` has n numbers, the label of each; where a head needs more (`weighted_output`), the next
n stand a stride further. `scratch`, shape (3, rows, LANES), has room for n numbers in each third.

- `predict(z, classes, stride, n, scratch)` turns pre-activations into outputs, in place.
- `score(p, labels, classes, stride, n, scratch, seen)` adds loss, but for a division, and the number of
  right predictions to `seen`, shape (2, networks). Number q of a class belongs to network q modulo
  their number. Samples are added one after the other, however many come at once.
- `output_delta(p, labels, classes, stride, n, samples, scratch, delta)` writes ∂L/∂z, laid out as p, for
  a batch of so many samples. Of a sample with an output that is not a number, no δ is a number either.
- `mean(seen, samples, classes)` turns the sums of `score` over all samples into means, in place.

The same formulas, to be read, are in `spec.heads`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mlplab.elementary import log
from mlplab.engine.arrays import Flat, Scratch, Whole
from mlplab.engine.compiling import entry, kernel
from mlplab.engine.exponential import exponential
from mlplab.engine.lanes import LANES, add_sum, flat
from mlplab.spec.heads import EPSILON

Float64 = NDArray[np.float64]

TOGETHER = 16
"""Samples whose losses are added before they are added to those of an epoch.

Of the cross-entropy the logarithm of so many is taken at once, of the product of probabilities: with
p ≥ ε, sixteen of them cannot underflow in float64.
"""


@kernel
def write_scores(seen: Float64, scores: Float64, first: int) -> None:
    """Copy `seen`, shape (2, networks), into the rows of `scores` from `first` on."""
    for i in range(2):
        for network in range(seen.shape[1]):
            scores[first + i, network] = seen[i, network]


@kernel
def is_finite(scores: Float64, network: int) -> bool:
    """Tell whether losses and accuracies of a network, a column of shape (scores,), are all finite."""
    total = 0.0
    for i in range(len(scores)):
        total += scores[i, network]
    return math.isfinite(total)


# ---- What heads share ----------------------------------------------------------------------------


@entry
def softmax(z: Flat, classes: int, stride: int, n: int, scratch: Scratch) -> None:
    """Turn pre-activations into probabilities, as `predict` of a head."""
    one = z.dtype.type(1)
    largest, total = flat(scratch[0]), flat(scratch[1])
    for q in range(n):
        largest[q] = z[q]
    for k in range(1, classes):
        row = z[k * stride : k * stride + n]
        for q in range(n):
            largest[q] = row[q] if row[q] > largest[q] else largest[q]
    for k in range(classes):
        row = z[k * stride : k * stride + n]
        for q in range(n):
            row[q] = exponential(row[q] - largest[q])
    for q in range(n):
        total[q] = z[q]
    for k in range(1, classes):
        row = z[k * stride : k * stride + n]
        for q in range(n):
            total[q] += row[q]
    for q in range(n):
        total[q] = one / total[q]
    for k in range(classes):
        row = z[k * stride : k * stride + n]
        for q in range(n):
            row[q] *= total[q]


@kernel
def count_right(
    p: Flat, labels: Flat, classes: int, stride: int, n: int, scratch: Scratch, right: Float64
) -> None:
    """Add the right predictions to those of their networks; of equal outputs the first is predicted."""
    number = p.dtype.type
    one, zero = number(1), number(0)
    best, predicted = flat(scratch[0]), flat(scratch[1])
    for q in range(n):
        best[q] = p[q]
    for q in range(n):
        predicted[q] = zero
    for k in range(1, classes):
        row, label = p[k * stride : k * stride + n], number(k)
        for q in range(n):
            before = predicted[q]  # read in any case, else there are no vector instructions for it
            predicted[q] = label if row[q] > best[q] else before
        for q in range(n):
            best[q] = row[q] if row[q] > best[q] else best[q]
    for q in range(n):
        # Where no output is a number, `best` is none: no prediction, so not a right one.
        is_right = (predicted[q] == labels[q]) & (best[q] == best[q])
        predicted[q] = one if is_right else zero
    add_up(scratch[1], n, right)


@kernel
def count_predicted(
    p: Flat, classes: int, stride: int, n: int, scratch: Scratch, predicted: Whole
) -> None:
    """Count for how many samples each class is predicted, the first of equal outputs.

    `predicted` has the shape (K, networks); of two classes with one output, class 1 is predicted where it
    is above 1/2. A sample without a number as output counts for none.
    """
    number, networks = p.dtype.type, predicted.shape[1]
    if classes == 1:
        for q in range(n):
            if p[q] == p[q]:
                predicted[np.uint32(p[q] > number(0.5)), q % networks] += 1
        return
    best, which = flat(scratch[0]), flat(scratch[1])
    for q in range(n):
        best[q] = p[q]
    for q in range(n):
        which[q] = 0
    for k in range(1, classes):
        row, label = p[k * stride : k * stride + n], number(k)
        for q in range(n):
            which[q] = label if row[q] > best[q] else which[q]
        for q in range(n):
            best[q] = row[q] if row[q] > best[q] else best[q]
    for q in range(n):
        if best[q] == best[q]:
            predicted[np.uint32(which[q]), q % networks] += 1


@kernel
def add_up(values: Scratch, n: int, sums: Float64) -> None:
    """Add the first n of `values`, shape (rows, LANES), to the sums of their networks.

    A row has a number for each of LANES networks, or for LANES samples of one. The numbers of TOGETHER
    samples of a network are added in their own type, in the order of the samples, and then to its sum.
    """
    if len(sums) == LANES:
        for first in range(0, n // LANES, TOGETHER):
            add_sum(values, first, values, first + 1, min(TOGETHER, n // LANES - first) - 1)
            line = values[first]
            for network in range(LANES):
                sums[network] += line[network]
    else:
        line = flat(values)
        for first in range(0, n, TOGETHER):
            total = line[first]
            for q in range(first + 1, min(n, first + TOGETHER)):
                total += line[q]
            sums[0] += total


# ---- Softmax with mean squared error -------------------------------------------------------------


@entry
def score_squared_error(
    p: Flat,
    labels: Flat,
    classes: int,
    stride: int,
    n: int,
    scratch: Scratch,
    seen: Float64,
) -> None:
    """L = Σ (p - y)², y being 1 of the class of the label, else 0."""
    number = p.dtype.type
    count_right(p, labels, classes, stride, n, scratch, seen[1])
    loss = flat(scratch[2])
    for q in range(n):
        loss[q] = 0
    for k in range(classes):
        row, label = p[k * stride : k * stride + n], number(k)
        for q in range(n):
            error = row[q] - (number(1) if labels[q] == label else number(0))
            loss[q] += error * error
    add_up(scratch[2], n, seen[0])


@entry
def delta_of_squared_error(
    p: Flat,
    labels: Flat,
    classes: int,
    stride: int,
    n: int,
    samples: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """g = 2/(samples K) (p - y), δ = p (g - Σ g p)."""
    number = p.dtype.type
    factor = number(2 / (samples * classes))
    total = flat(scratch[0])
    for q in range(n):
        total[q] = 0
    for k in range(classes):
        row, label = p[k * stride : k * stride + n], number(k)
        for q in range(n):
            error = row[q] - (number(1) if labels[q] == label else number(0))
            total[q] += error * row[q]
    for k in range(classes):
        row, label = p[k * stride : k * stride + n], number(k)
        out = delta[k * stride : k * stride + n]
        for q in range(n):
            error = row[q] - (number(1) if labels[q] == label else number(0))
            out[q] = row[q] * factor * (error - total[q])


@entry
def mean_of_squared_error(seen: Float64, samples: int, classes: int) -> None:
    """Mean over samples and classes."""
    for network in range(seen.shape[1]):
        seen[0, network] /= samples * classes
        seen[1, network] /= samples


# ---- Softmax with cross-entropy ------------------------------------------------------------------


@kernel
def pick(p: Flat, labels: Flat, classes: int, stride: int, n: int, out: Flat) -> None:
    """Write the probability of each sample's class."""
    for q in range(n):
        out[q] = p[q]
    for k in range(1, classes):
        row, label = p[k * stride : k * stride + n], p.dtype.type(k)
        for q in range(n):
            this, before = row[q], out[q]
            out[q] = this if labels[q] == label else before


@entry
def score_cross_entropy(
    p: Flat,
    labels: Flat,
    classes: int,
    stride: int,
    n: int,
    scratch: Scratch,
    seen: Float64,
) -> None:
    """L = -log p of the class of the label, p being clipped to ε and 1 - ε."""
    networks = seen.shape[1]
    count_right(p, labels, classes, stride, n, scratch, seen[1])
    likely = flat(scratch[2])
    pick(p, labels, classes, stride, n, likely)
    for network in range(networks):
        for first in range(network, n, TOGETHER * networks):
            product, lost = 1.0, False
            for q in range(first, min(n, first + TOGETHER * networks), networks):
                value = np.float64(likely[q])
                lost |= value != value  # NaN, which max and min would lose
                product *= min(max(value, EPSILON), 1 - EPSILON)
            seen[0, network] -= np.nan if lost else log(product)


@entry
def delta_of_cross_entropy(
    p: Flat,
    labels: Flat,
    classes: int,
    stride: int,
    n: int,
    samples: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """δ = (p - y) / samples, and 0 where the probability of the class is clipped."""
    number = p.dtype.type
    factor = number(1 / samples)
    low, high = number(EPSILON), number(1 - EPSILON)
    likely = flat(scratch[0])
    pick(p, labels, classes, stride, n, likely)
    for k in range(classes):
        row, label = p[k * stride : k * stride + n], number(k)
        out = delta[k * stride : k * stride + n]
        for q in range(n):
            clipped = (likely[q] <= low) | (likely[q] >= high)
            error = row[q] - (number(1) if labels[q] == label else number(0))
            out[q] = number(0) if clipped else error * factor


@entry
def mean_of_cross_entropy(seen: Float64, samples: int, classes: int) -> None:
    """Mean over samples."""
    for network in range(seen.shape[1]):
        seen[0, network] /= samples
        seen[1, network] /= samples
