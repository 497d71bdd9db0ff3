"""Kernels of activations that are made of straight lines; `spec.activations` has them to be read."""

from __future__ import annotations

from mlplab.engine.arrays import Flat
from mlplab.engine.compiling import entry
from mlplab.spec.activations import LEAKY_RELU_SLOPE

# ---- Linear --------------------------------------------------------------------------------------


@entry
def linear(h: Flat) -> None:
    """h ← z."""


@entry
def multiply_by_one(delta: Flat, h: Flat) -> None:
    """δ ← δ."""


# ---- ReLU ----------------------------------------------------------------------------------------


@entry
def relu(h: Flat) -> None:
    """h ← max(0, z)."""
    zero = h.dtype.type(0)
    for q in range(len(h)):
        h[q] = zero if h[q] <= zero else h[q]  # NaN is not ≤ 0 and stays


@entry
def multiply_by_relu_slope(delta: Flat, h: Flat) -> None:
    """δ ← δ where h > 0, else 0."""
    zero = h.dtype.type(0)
    for q in range(len(h)):
        d = delta[q]  # read in any case, else there are no vector instructions for it
        delta[q] = d if h[q] > zero else zero


# ---- Leaky ReLU ----------------------------------------------------------------------------------


@entry
def leaky_relu(h: Flat) -> None:
    """h ← z, or 0.2 z below 0."""
    zero, slope = h.dtype.type(0), h.dtype.type(LEAKY_RELU_SLOPE)
    for q in range(len(h)):
        h[q] = slope * h[q] if h[q] < zero else h[q]


@entry
def multiply_by_leaky_relu_slope(delta: Flat, h: Flat) -> None:
    """δ ← δ, or 0.2 δ below 0."""
    zero, slope = h.dtype.type(0), h.dtype.type(LEAKY_RELU_SLOPE)
    for q in range(len(h)):
        d = delta[q]
        delta[q] = slope * d if h[q] < zero else d


# ---- ReLU6 ---------------------------------------------------------------------------------------


@entry
def relu6(h: Flat) -> None:
    """h ← min(max(0, z), 6)."""
    zero, six = h.dtype.type(0), h.dtype.type(6)
    for q in range(len(h)):
        above = zero if h[q] <= zero else h[q]
        h[q] = six if above >= six else above


@entry
def multiply_by_relu6_slope(delta: Flat, h: Flat) -> None:
    """δ ← δ where 0 < h < 6, else 0."""
    zero, six = h.dtype.type(0), h.dtype.type(6)
    for q in range(len(h)):
        d = delta[q]
        delta[q] = d if (h[q] > zero) & (h[q] < six) else zero


# ---- Hard sigmoid --------------------------------------------------------------------------------


@entry
def hard_sigmoid(h: Flat) -> None:
    """h ← min(max(0, z + 3), 6) / 6."""
    zero, three, six = h.dtype.type(0), h.dtype.type(3), h.dtype.type(6)
    for q in range(len(h)):
        z = h[q] + three
        above = zero if z <= zero else z
        h[q] = (six if above >= six else above) / six


@entry
def multiply_by_hard_sigmoid_slope(delta: Flat, h: Flat) -> None:
    """δ ← δ / 6 where 0 < h < 1, else 0."""
    zero, one, sixth = h.dtype.type(0), h.dtype.type(1), h.dtype.type(1 / 6)
    for q in range(len(h)):
        d = delta[q] * sixth
        delta[q] = d if (h[q] > zero) & (h[q] < one) else zero
