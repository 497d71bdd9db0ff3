"""What all heads share: the loss of samples and what the metric is made of, weights, and means.

A head is four functions, which kernels call by their address (`heads`). Output k has n numbers from
k · stride of a flat array: for one network those of its samples, for a block those of each sample's
networks. Answers (`heads.ANSWERS`) are laid out likewise. `scratch`, shape (3, rows, LANES), has room for
n numbers in each third.

- `predict(z, outputs, stride, n, scratch)` turns pre-activations into outputs, in place.
- `score(p, answers, outputs, stride, n, scratch, seen)` adds losses to the first row of `seen`, shape
  (2, networks), and to the second what the metric is made of. Number q of an output belongs to network q
  modulo their number. Samples are added one after the other, however many come at once.
- `output_delta(p, answers, outputs, stride, n, samples, scratch, delta)` writes ∂L/∂z, laid out as p, for
  a batch of so many samples. Of a sample with an output that is not a number, no δ is a number either.
- `mean(seen, samples, outputs)` makes loss and metric of the sums of `score` over all samples, in place.

What differs between losses are parts of `score` and of `output_delta`, and stand in `softmax_output`,
`binary_output` and `linear_output`. Those that run through all outputs are compiled into the functions:
to call them costs the smallest network a tenth of its time. The same formulas, to be read, are in
`spec.heads` and `spec.regression`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.elementary import log
from mlplab.engine.arrays import Flat, Scratch, Whole
from mlplab.engine.compiling import entry, kernel
from mlplab.engine.lanes import LANES, add_sum, flat

Float64 = NDArray[np.float64]

TOGETHER = 16
"""Samples whose losses are added before they are added to those of an epoch.

Where a loss is the logarithm of a probability, that of so many is taken at once, of their product: with
p ≥ ε, sixteen of them cannot underflow in float64.
"""

# ---- What a head is made of ----------------------------------------------------------------------

# These stand for the parts of a head; `heads` puts them in their places.
measure: Any = None
lose: Any = None
add: Any = None
derive: Any = None
weighs: Any = None
of_each_output: Any = None
of_each_sample: Any = None


def score(
    p: Flat, answers: Flat, outputs: int, stride: int, n: int, scratch: Scratch, seen: Float64
) -> None:
    """Add the losses of n samples, and what the metric is made of.

    Its parts: `measure(p, answers, outputs, stride, n, scratch, sums)` adds what the metric is made of.
    `lose(p, answers, outputs, stride, n, out)` writes the loss of each sample, and `add(out, n, sums)`
    adds them up; or what is written are probabilities, and their logarithms are added. A head that
    `weighs` multiplies losses by weights, which are the last answer: before it come `of_each_output`
    answers for each output, and `of_each_sample` besides.
    """
    loss = flat(scratch[2])
    measure(p, answers, outputs, stride, n, scratch, seen[1])
    lose(p, answers, outputs, stride, n, loss)
    if weighs:
        place = (of_each_output * outputs + of_each_sample) * stride
        multiply(loss, 1, n, n, answers[place:])
    add(scratch[2], n, seen[0])


def output_delta(
    p: Flat,
    answers: Flat,
    outputs: int,
    stride: int,
    n: int,
    samples: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """Write δ of n samples: its part `derive` does, with these arguments; weights as in `score`."""
    derive(p, answers, outputs, stride, n, samples, scratch, delta)
    if weighs:
        place = (of_each_output * outputs + of_each_sample) * stride
        multiply(delta, outputs, stride, n, answers[place:])


@kernel
def multiply(values: Flat, outputs: int, stride: int, n: int, weights: Flat) -> None:
    """Multiply n numbers of each output by the weights of their samples."""
    for k in range(outputs):
        row = values[k * stride : k * stride + n]
        for q in range(n):
            row[q] *= weights[q]


# ---- Sums ----------------------------------------------------------------------------------------


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


@kernel
def logarithm(value: Any, low: Any, high: Any) -> Any:
    """ln of a probability kept within low and high, in its own type; NaN of what is no number."""
    inside = low if value < low else high if value > high else value
    wide = np.float64(inside)
    found = log(wide)
    return type(value)(found if wide == wide else np.nan)  # NaN is not


# ---- Means ---------------------------------------------------------------------------------------


@entry
def mean_over_samples(seen: Float64, samples: int, outputs: int) -> None:
    """Loss and metric: means over samples."""
    for network in range(seen.shape[1]):
        seen[0, network] /= samples
        seen[1, network] /= samples


@entry
def mean_over_outputs(seen: Float64, samples: int, outputs: int) -> None:
    """Loss: mean over samples and outputs; metric: mean over samples."""
    for network in range(seen.shape[1]):
        seen[0, network] /= samples * outputs
        seen[1, network] /= samples


# ---- What kernels do with scores -----------------------------------------------------------------


@kernel
def write_scores(seen: Float64, scores: Float64, first: int) -> None:
    """Copy `seen`, shape (2, networks), into the rows of `scores` from `first` on."""
    for i in range(2):
        for network in range(seen.shape[1]):
            scores[first + i, network] = seen[i, network]


@kernel
def count_predicted(
    p: Flat, outputs: int, stride: int, n: int, scratch: Scratch, predicted: Whole
) -> None:
    """Count for how many samples each class is predicted, the first of equal outputs.

    `predicted` has the shape (K, networks); of two classes with one output, class 1 is predicted where it
    is above 1/2. A sample without a number as output counts for none.
    """
    number, networks = p.dtype.type, predicted.shape[1]
    if outputs == 1:
        for q in range(n):
            if p[q] == p[q]:
                predicted[np.uint32(p[q] > number(0.5)), q % networks] += 1
        return
    best, which = flat(scratch[0]), flat(scratch[1])
    for q in range(n):
        best[q] = p[q]
    for q in range(n):
        which[q] = 0
    for k in range(1, outputs):
        row, label = p[k * stride : k * stride + n], number(k)
        for q in range(n):
            which[q] = label if row[q] > best[q] else which[q]
        for q in range(n):
            best[q] = row[q] if row[q] > best[q] else best[q]
    for q in range(n):
        if best[q] == best[q]:
            predicted[np.uint32(which[q]), q % networks] += 1
