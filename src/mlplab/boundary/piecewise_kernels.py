"""The linear regions of a network and its decision boundary, as kernels on a `Subdivision`."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlplab.boundary.subdivision import (
    CHUNK,
    DONE,
    FACES,
    FULL,
    LAYER,
    NOT_FINITE,
    STATUS,
    STEP,
    TOLERANCE,
    VERTICES,
    begin,
    cut,
)
from mlplab.kernel import kernel

KINKS, SLOPES, INTERCEPTS = range(3)
"""Rows of an activation's pieces: σ(z) = slope · z + intercept, above so many of its kinks."""


def begin_box(s: Any, x1_min: float, x1_max: float, x2_min: float, x2_max: float) -> None:
    """Make the box the only face of a subdivision."""
    begin(s, x1_min, x1_max, x2_min, x2_max)


def subdivide(s: Any, weights: Any, biases: Any, sizes: Any, pieces: Any) -> None:
    """Cut the box into the linear regions of a network, neuron by neuron, and evaluate its outputs.

    Parameters
    ----------
    s : Subdivision
        Begun, or as an earlier call left it that ended with `FULL`, with larger arrays. Its state tells
        how it ends.
    weights, biases : ndarray of float64
        W of each layer, row by row, one layer after the other; b of each.
    sizes : ndarray of int64, shape (layers + 1,)
        Features, which are 2, the width of each hidden layer, and the outputs.
    pieces : ndarray of float64, shape (hidden layers, 3, kinks + 1)
        Of each hidden layer's activation, its kinks rising; infinity stands for none.
    """
    layers = len(sizes) - 1
    s.state[STATUS] = DONE
    while True:
        layer = s.state[LAYER]
        w = b = 0
        for earlier in range(layer):
            w += sizes[earlier] * sizes[earlier + 1]
            b += sizes[earlier + 1]
        inputs, outputs = sizes[layer], sizes[layer + 1]
        if s.state[STEP] < 0:
            if not _evaluate(s, weights[w:], biases[b:], inputs, outputs):
                s.state[STATUS] = NOT_FINITE
                return
            s.state[STEP] = 0
        if layer == layers - 1:
            break
        if not _cut_layer(s, outputs, b, pieces[layer]):
            s.state[STATUS] = FULL
            return
        _activate(s, outputs, pieces[layer])
        s.state[LAYER] += 1
        s.state[STEP] = -1
    for face in range(s.state[FACES]):
        s.regions[face] = face
        s.classes[face] = 0
    s.state[STEP] = 0


@kernel
def _evaluate(s: Any, weights: Any, biases: Any, inputs: int, outputs: int) -> bool:
    """Put z = W h + b in the place of h at every vertex; tell whether all of them are finite."""
    vertices = s.state[VERTICES]
    for j in range(outputs):
        s.tolerances[j] = abs(biases[j])
    for k in range(inputs):
        largest = 0.0
        for v in range(vertices):
            largest = max(largest, abs(s.values[k, v]))
        for j in range(outputs):
            s.tolerances[j] += abs(weights[j * inputs + k]) * largest
    for j in range(outputs):
        if not s.tolerances[j] < np.inf:
            return False
        s.tolerances[j] *= TOLERANCE
    for start in range(0, vertices, CHUNK):
        count = min(CHUNK, vertices - start)
        for k in range(inputs):
            for v in range(count):
                s.scratch[k, v] = s.values[k, start + v]
        for j in range(outputs):
            _add_products(s, weights[j * inputs : (j + 1) * inputs], biases[j], j, start, count)
    return True


@kernel
def _add_products(s: Any, weights: Any, bias: float, j: int, start: int, count: int) -> None:
    """Put the z of one neuron in its place for some vertices: b + w1 h1 + w2 h2 + …, in this order."""
    z, h = s.values[j, start : start + count], s.scratch
    z[:] = bias
    fours = len(weights) // 4 * 4
    # Four at a time, so that z is read and written a quarter as often.
    for k in range(0, fours, 4):
        w0, w1, w2, w3 = weights[k], weights[k + 1], weights[k + 2], weights[k + 3]
        h0, h1, h2, h3 = h[k], h[k + 1], h[k + 2], h[k + 3]
        for v in range(count):
            z[v] = z[v] + w0 * h0[v] + w1 * h1[v] + w2 * h2[v] + w3 * h3[v]
    for k in range(fours, len(weights)):
        for v in range(count):
            z[v] += weights[k] * h[k, v]


@kernel
def _cut_layer(s: Any, outputs: int, neurons_before: int, pieces: Any) -> bool:
    """Cut along every kink of every neuron of a layer; False where room is missing."""
    kinks = pieces.shape[1] - 1
    for step in range(s.state[STEP], outputs * kinks):
        neuron = step // kinks
        kink = pieces[KINKS, step % kinks]
        if kink < np.inf:
            tolerance = s.tolerances[neuron] + TOLERANCE * abs(kink)
            if not cut(s, neuron, kink, tolerance, outputs, neurons_before + neuron):
                return False
        s.state[STEP] = step + 1
    return True


@kernel
def _activate(s: Any, outputs: int, pieces: Any) -> None:
    """Put h = σ(z) in the place of z at every vertex."""
    kinks = pieces.shape[1] - 1
    for j in range(outputs):
        for v in range(s.state[VERTICES]):
            z = s.values[j, v]
            piece = 0
            for kink in range(kinks):
                piece += int(z > pieces[KINKS, kink])
            s.values[j, v] = pieces[SLOPES, piece] * z + pieces[INTERCEPTS, piece]


def classify(s: Any, outputs: int) -> None:
    """Cut linear regions along the decision boundary, and set the class of each face.

    The largest output so far, M, is one affine function on each face, too. Class k is predicted where
    its output exceeds the M of the classes before it, so that faces are cut along z_k = M, and those
    above it are of class k from then on. Of equal outputs the first is predicted, as by `argmax`.

    Parameters
    ----------
    s : Subdivision
        As `subdivide` has completed it, or as an earlier call left it that ended with `FULL`, with larger
        arrays. It has two rows more than outputs.
    outputs : int
        K, one for each class; or 1, whose class 1 is predicted where it is above 0.
    """
    largest, lead = outputs, outputs + 1
    first = 1 if outputs > 1 else 0
    if s.state[STEP] == 0:
        for v in range(s.state[VERTICES]):
            s.values[largest, v] = s.values[0, v] if outputs > 1 else 0.0
            s.values[lead, v] = 0.0
        s.state[STEP] = 1
    s.state[STATUS] = DONE
    tolerance = s.tolerances[0] if outputs > 1 else 0.0
    for k in range(first, outputs):
        step = k - first + 1
        if step >= s.state[STEP]:
            if not _cut_class(s, k, outputs, tolerance + s.tolerances[k], k - first + 1):
                s.state[STATUS] = FULL
                return
            s.state[STEP] = step + 1
        tolerance = max(tolerance, s.tolerances[k])


@kernel
def _cut_class(s: Any, k: int, outputs: int, tolerance: float, predicted: int) -> bool:
    """Give those faces to a class where its output leads; False where room is missing."""
    largest, lead = outputs, outputs + 1
    for v in range(s.state[VERTICES]):
        s.values[lead, v] = s.values[k, v] - s.values[largest, v]
    if not cut(s, lead, 0.0, tolerance, outputs + 2, -1):
        return False
    for face in range(s.state[FACES]):
        half = s.sides[face]
        for _ in range(2 * len(s.neurons)):
            if s.signs[s.origins[half]] > 0:
                s.classes[face] = predicted
                break
            half = s.following[half]
            if half == s.sides[face]:
                break
    # No `max`: WebAssembly's fast one for vectors depends on the processor.
    for v in range(s.state[VERTICES]):
        if s.values[lead, v] > 0:
            s.values[largest, v] = s.values[k, v]
    return True


def polygons(s: Any, offsets: Any, corners: Any) -> None:
    """Write the vertices around each face, counter-clockwise.

    Parameters
    ----------
    s : Subdivision
    offsets : ndarray of int64, shape (faces + 1,)
        Where the vertices of each face begin in `corners`, and where the last ones end.
    corners : ndarray of int32
        With room for two of each edge.
    """
    count = 0
    for face in range(s.state[FACES]):
        offsets[face] = count
        half = s.sides[face]
        while True:
            corners[count] = s.origins[half]
            count += 1
            half = s.following[half]
            if half == s.sides[face]:
                break
    offsets[s.state[FACES]] = count
