"""Kernels of activations that are made of an exponential; `spec.activations` has them to be read.

The slope of each follows from h = σ(z).
"""

from __future__ import annotations

from mlplab.engine.arrays import Flat
from mlplab.engine.compiling import entry
from mlplab.engine.exponential import (
    exponential,
    exponential_minus_one,
    logarithm_of_one_plus,
)
from mlplab.spec.activations import SELU_ALPHA, SELU_SCALE

# ---- Sigmoid -------------------------------------------------------------------------------------


@entry
def sigmoid(h: Flat) -> None:
    """h ← 1 / (1 + e⁻ᶻ)."""
    zero, one = h.dtype.type(0), h.dtype.type(1)
    for q in range(len(h)):
        e = exponential(-abs(h[q]))
        h[q] = (e if h[q] < zero else one) / (one + e)


@entry
def multiply_by_sigmoid_slope(delta: Flat, h: Flat) -> None:
    """δ ← δ h (1 - h)."""
    one = h.dtype.type(1)
    for q in range(len(h)):
        delta[q] *= h[q] * (one - h[q])


# ---- tanh ----------------------------------------------------------------------------------------


@entry
def tanh(h: Flat) -> None:
    """h ← tanh z."""
    zero, two = h.dtype.type(0), h.dtype.type(2)
    for q in range(len(h)):
        e = exponential_minus_one(-two * abs(h[q]))
        t = -e / (two + e)
        h[q] = -t if h[q] < zero else t


@entry
def multiply_by_tanh_slope(delta: Flat, h: Flat) -> None:
    """δ ← δ (1 - h²)."""
    one = h.dtype.type(1)
    for q in range(len(h)):
        delta[q] *= one - h[q] * h[q]


# ---- ELU -----------------------------------------------------------------------------------------


@entry
def elu(h: Flat) -> None:
    """h ← z, or eᶻ - 1 below 0."""
    zero = h.dtype.type(0)
    for q in range(len(h)):
        e = exponential_minus_one(zero if h[q] > zero else h[q])
        h[q] = h[q] if h[q] > zero else e


@entry
def multiply_by_elu_slope(delta: Flat, h: Flat) -> None:
    """δ ← δ, or δ (h + 1) below 0."""
    zero, one = h.dtype.type(0), h.dtype.type(1)
    for q in range(len(h)):
        d = delta[q]
        delta[q] = d if h[q] > zero else d * (h[q] + one)


# ---- Softplus ------------------------------------------------------------------------------------


@entry
def softplus(h: Flat) -> None:
    """h ← log(1 + eᶻ)."""
    zero = h.dtype.type(0)
    for q in range(len(h)):
        e = exponential(-abs(h[q]))
        h[q] = (zero if h[q] < zero else h[q]) + logarithm_of_one_plus(e)


@entry
def multiply_by_softplus_slope(delta: Flat, h: Flat) -> None:
    """δ ← δ (1 - e⁻ʰ)."""
    for q in range(len(h)):
        delta[q] *= -exponential_minus_one(-h[q])


# ---- SELU ----------------------------------------------------------------------------------------


@entry
def selu(h: Flat) -> None:
    """h ← λ z, or λα (eᶻ - 1) below 0."""
    zero, scale, low = (
        h.dtype.type(0),
        h.dtype.type(SELU_SCALE),
        h.dtype.type(SELU_SCALE * SELU_ALPHA),
    )
    for q in range(len(h)):
        e = exponential_minus_one(zero if h[q] > zero else h[q])
        h[q] = scale * h[q] if h[q] > zero else low * e


@entry
def multiply_by_selu_slope(delta: Flat, h: Flat) -> None:
    """δ ← δ λ, or δ (h + λα) below 0."""
    zero, scale, low = (
        h.dtype.type(0),
        h.dtype.type(SELU_SCALE),
        h.dtype.type(SELU_SCALE * SELU_ALPHA),
    )
    for q in range(len(h)):
        d = delta[q]
        delta[q] = d * (scale if h[q] > zero else h[q] + low)


# ---- Softsign ------------------------------------------------------------------------------------


@entry
def softsign(h: Flat) -> None:
    """h ← z / (1 + |z|)."""
    one = h.dtype.type(1)
    for q in range(len(h)):
        h[q] = h[q] / (one + abs(h[q]))


@entry
def multiply_by_softsign_slope(delta: Flat, h: Flat) -> None:
    """δ ← δ (1 - |h|)²."""
    one = h.dtype.type(1)
    for q in range(len(h)):
        root = one - abs(h[q])
        delta[q] *= root * root


# ---- Exponential ---------------------------------------------------------------------------------


@entry
def exponential_of_any(h: Flat) -> None:
    """eᶻ; above 87 (float32) or 708 (float64) it is taken as ∞, and below the negative of that as 0."""
    zero, one = h.dtype.type(0), h.dtype.type(1)
    for q in range(len(h)):
        e = exponential(-abs(h[q]))
        h[q] = one / e if h[q] > zero else e


@entry
def multiply_by_itself(delta: Flat, h: Flat) -> None:
    """δ ← δ h."""
    for q in range(len(h)):
        delta[q] *= h[q]
