"""What there is to see of a network: regions, each neuron's response, answers, hidden space, histograms.

A `Look` is asked for what neurons answer; gradients come from the network from scratch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.boundary import Extent
from mlplab.data import Dataset, Split
from mlplab.playground.pictures.looks import Look
from mlplab.reference import MultilayerPerceptron
from mlplab.spec import HEADS, Experiment
from mlplab.trial import Float

Bytes8 = NDArray[np.uint8]
Signed8 = NDArray[np.int8]

MOST_SHOWN = 600
"""Points of the hidden space, and of which gradients and dead neurons are taken; more say no more."""

BINS = 31
"""Of a histogram; odd, so that zero has a bin of its own."""


def square_around(dataset: Dataset) -> Extent:
    """Return the square that holds all points, and a margin: a ring is to look like a ring.

    Examples
    --------
    >>> from mlplab.data import draw_dataset
    >>> from mlplab.spec import Linear
    >>> extent = square_around(draw_dataset(Linear(), seed=0))
    >>> round(extent.x1_max - extent.x1_min, 9) == round(extent.x2_max - extent.x2_min, 9)
    True
    """
    extent = Extent.around(*(split.x for split in dataset.splits.values()), margin=0.06)
    middle_1 = (extent.x1_min + extent.x1_max) / 2
    middle_2 = (extent.x2_min + extent.x2_max) / 2
    half = max(extent.x1_max - extent.x1_min, extent.x2_max - extent.x2_min) / 2
    return Extent(middle_1 - half, middle_1 + half, middle_2 - half, middle_2 + half)


def grid(extent: Extent, side: int, dtype: Any) -> Float:
    """Return the points of a grid of side × side, shape (side², 2), row by row from the bottom."""
    x1 = np.linspace(extent.x1_min, extent.x1_max, side)
    x2 = np.linspace(extent.x2_min, extent.x2_max, side)
    return np.stack(np.meshgrid(x1, x2), axis=-1).reshape(-1, 2).astype(dtype)


def region_outputs(look: Look, points: Float) -> NDArray[np.uint16]:
    """Return the outputs at the points of a grid as 0 to 65535, shape (K, points).

    Where an output is not a number, all outputs of the point are 0: there is no answer.
    """
    p = look.outputs(points)
    p = np.where(np.isfinite(p).all(axis=0), p, 0)
    return np.rint(65535 * p).astype(np.uint16)


@dataclass(frozen=True, eq=False)
class Responses:
    """What each neuron answers over the plane.

    Attributes
    ----------
    images : ndarray of int8, shape (neurons, points)
        Inputs first, outputs last; -127 to 127, each neuron by its own largest size.
    largest : ndarray of float32, shape (neurons,)
        The size that 127 stands for.
    """

    images: Signed8
    largest: NDArray[np.float32]


def neuron_responses(look: Look, points: Float) -> Responses:
    """Return what all neurons answer at the points of a grid."""
    values = look.responses(points).astype(np.float32)
    values = np.where(np.isfinite(values), values, 0)
    largest = np.abs(values).max(axis=1)
    scale = 127 / np.where(largest > 0, largest, 1)
    return Responses(np.rint(values * scale[:, None]).astype(np.int8), largest)


NO_ANSWER = 255
"""Stands for no class, where an output is not a number."""


def answers(look: Look, split: Split) -> Bytes8:
    """Return the class that is answered for each point of a split; `NO_ANSWER` where none is."""
    p = look.outputs(split.x)
    chosen = p.argmax(axis=0)
    return np.where(np.isfinite(p).all(axis=0), chosen, NO_ANSWER).astype(np.uint8)


def confusion(split: Split, answered: Bytes8, classes: int) -> NDArray[np.int64]:
    """Count points by their class (rows) and by what was answered (columns), shape (K, K).

    Examples
    --------
    >>> split = Split(np.zeros((3, 2)), np.array([0, 1, 1]))
    >>> confusion(split, np.array([0, 0, 1], dtype=np.uint8), classes=2).tolist()
    [[1, 0], [1, 1]]
    """
    counts = np.zeros((classes, classes), np.int64)
    is_answer = answered != NO_ANSWER
    np.add.at(counts, (split.y[is_answer], answered[is_answer]), 1)
    return counts


def some_points(split: Split) -> Split:
    """Return about `MOST_SHOWN` points of a split, spread over it; all where there are fewer."""
    every = -(-len(split) // MOST_SHOWN)
    return Split(split.x[::every], split.y[::every])


@dataclass(frozen=True, eq=False)
class HiddenSpace:
    """Points as a layer sees them.

    Attributes
    ----------
    places : ndarray of float32, shape (points, 2)
    axes : tuple of str
        What the two coordinates are.
    directions : ndarray, shape (2, neurons)
        The principal components, for the next picture to keep their signs; of two neurons, unit vectors.
    """

    places: NDArray[np.float32]
    axes: tuple[str, str]
    directions: Float


def hidden_space(
    look: Look,
    x: Float,
    level: slice,
    neurons: tuple[int, int] | None = None,
    before: Float | None = None,
) -> HiddenSpace:
    """Return points as the neurons of a hidden layer answer them.

    Parameters
    ----------
    x : ndarray, shape (points, 2)
    level : slice
        Of all neurons, those of the layer.
    neurons : (int, int), optional
        Which two, counted from 0; the first two principal components where none are given, or the
        layer has only two.
    before : ndarray, optional
        `directions` of the picture before, to which signs are aligned: else they may flip at random.

    Returns
    -------
    HiddenSpace
        With NaN as the place of a point that a neuron answers with no number.
    """
    h = look.responses(x)[level].T.astype(np.float64)
    h[~np.isfinite(h).all(axis=1)] = np.nan
    width = h.shape[1]
    if width == 1:
        return HiddenSpace(
            np.stack([h[:, 0], np.zeros(len(h))], axis=1).astype(np.float32),
            ("neuron 1", ""),
            np.ones((1, 1)),
        )
    if neurons is None and width == 2:
        neurons = (0, 1)
    if neurons is not None:
        names = (f"neuron {neurons[0] + 1}", f"neuron {neurons[1] + 1}")
        return HiddenSpace(h[:, list(neurons)].astype(np.float32), names, np.eye(width)[:2])
    known = h[np.isfinite(h[:, 0])]
    centred = h - (known.mean(axis=0) if len(known) else 0)
    spread = (known - known.mean(axis=0)) if len(known) else np.zeros((1, width))
    spread /= np.abs(spread).max() or 1.0  # whose squares are numbers, too
    variances, vectors = np.linalg.eigh(spread.T @ spread)
    variances, directions = variances[::-1], vectors.T[::-1][:2]
    if before is not None and before.shape == directions.shape:
        signs = np.sign((directions * before).sum(axis=1, keepdims=True))
        directions = directions * np.where(signs == 0, 1, signs)
    percentage = 100 * variances / max(float(variances.sum()), 1e-300)
    names = (f"component 1 ({percentage[0]:.0f} %)", f"component 2 ({percentage[1]:.0f} %)")
    return HiddenSpace((centred @ directions.T).astype(np.float32), names, directions)


@dataclass(frozen=True, eq=False)
class Histogram:
    """How numbers are spread, from -largest to largest.

    Attributes
    ----------
    largest : float
        0 where all are 0, or none is finite.
    counts : ndarray of int64, shape (BINS,)
    """

    largest: float
    counts: NDArray[np.int64]


def histogram(values: Float) -> Histogram:
    """Count numbers in bins that are symmetric about zero; those that are not finite count nowhere.

    Examples
    --------
    >>> found = histogram(np.array([0.5, -2.0, np.nan]))
    >>> found.largest, int(found.counts.sum())
    (2.0, 2)
    """
    finite = values[np.isfinite(values)].astype(np.float64)
    largest = float(np.abs(finite).max(initial=0))
    counts, _ = np.histogram(finite / (largest or 1.0), BINS, (-1, 1))
    return Histogram(largest, counts)


@dataclass(frozen=True, eq=False)
class LayerHistograms:
    """Of one layer: its weights, their gradients, and its dead neurons.

    Attributes
    ----------
    weights, gradients : Histogram
    neurons, dead : int
        A neuron is dead when it answers 0 for every point; only relu's die, and no output does.
    """

    weights: Histogram
    gradients: Histogram
    neurons: int
    dead: int


def layer_histograms(
    network: MultilayerPerceptron, dataset: Dataset, experiment: Experiment
) -> list[LayerHistograms]:
    """Return histograms of every layer, first to last; gradients of the loss over `some_points`."""
    points = some_points(dataset.train)
    forward = network.forward(points.x)
    head = HEADS[experiment.training.loss]
    gradients = network.backpropagation(forward, dataset.one_hot(points.y), head)
    found = []
    for i, w in enumerate(network.weights):
        last = i == len(network.weights) - 1
        dead = 0 if last else int((forward.inputs[i + 1] == 0).all(axis=0).sum())
        found.append(LayerHistograms(histogram(w), histogram(gradients.weights[i]), len(w), dead))
    return found
