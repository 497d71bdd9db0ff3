"""Kernels of activations that are z times a gate, a function that rises from 0 to 1.

Near z = -1 each of them turns, so that two z have the same h, with other slopes: their slopes take z.
`spec.activations` has the formulas to be read.
"""

from __future__ import annotations

from typing import Any

from mlplab.engine.arrays import Flat
from mlplab.engine.compiling import entry, kernel
from mlplab.engine.exponential import exponential
from mlplab.engine.normal import normal
from mlplab.spec.activations import GELU_CUBE, GELU_END, GELU_SLOPE

# ---- SiLU ----------------------------------------------------------------------------------------


@entry
def silu(h: Flat) -> None:
    """h ← z s(z), s being the sigmoid."""
    zero, one = h.dtype.type(0), h.dtype.type(1)
    for q in range(len(h)):
        e = exponential(-abs(h[q]))
        h[q] *= (e if h[q] < zero else one) / (one + e)


@entry
def multiply_by_silu_slope(delta: Flat, z: Flat) -> None:
    """δ ← δ s (1 + z (1 - s))."""
    zero, one = z.dtype.type(0), z.dtype.type(1)
    for q in range(len(z)):
        e = exponential(-abs(z[q]))
        near, far = one / (one + e), e / (one + e)
        s, rest = (far, near) if z[q] < zero else (near, far)
        delta[q] *= s * (one + z[q] * rest)


# ---- GELU ----------------------------------------------------------------------------------------


@entry
def gelu(h: Flat) -> None:
    """h ← z Φ(z)."""
    for q in range(len(h)):
        below, _ = normal(h[q])
        h[q] *= below


@entry
def multiply_by_gelu_slope(delta: Flat, z: Flat) -> None:
    """δ ← δ (Φ(z) + z φ(z))."""
    for q in range(len(z)):
        below, density = normal(z[q])
        delta[q] *= below + z[q] * density


# ---- GELU by tanh --------------------------------------------------------------------------------


@kernel
def _clipped(z: Any) -> Any:
    """z within ±GELU_END; NaN stays."""
    end = type(z)(GELU_END)
    above = -end if z < -end else z
    return end if above > end else above


@entry
def gelu_tanh(h: Flat) -> None:
    """h ← z s(2u), with 2u = √(8/π) (z + 0.044715 z³)."""
    number = h.dtype.type
    zero, one, slope, cube = number(0), number(1), number(GELU_SLOPE), number(GELU_CUBE)
    for q in range(len(h)):
        near = _clipped(h[q])
        e = exponential(-abs(slope * near * (one + cube * near * near)))
        h[q] *= (e if near < zero else one) / (one + e)


@entry
def multiply_by_gelu_tanh_slope(delta: Flat, z: Flat) -> None:
    """δ ← δ (s + z s (1 - s) 2u'), with s = s(2u)."""
    number = z.dtype.type
    zero, one, slope, cube = number(0), number(1), number(GELU_SLOPE), number(GELU_CUBE)
    for q in range(len(z)):
        near = _clipped(z[q])
        square = cube * near * near
        e = exponential(-abs(slope * near * (one + square)))
        upper, lower = one / (one + e), e / (one + e)
        s, rest = (lower, upper) if near < zero else (upper, lower)
        delta[q] *= s * (one + near * rest * slope * (one + number(3) * square))


# ---- Mish ----------------------------------------------------------------------------------------
# tanh(log(1 + eᶻ)) is n / (n + 2) with n = (1 + eᶻ)² - 1. Where z > 0, both are divided by e²ᶻ, so
# that e is never raised above 0.


@entry
def mish(h: Flat) -> None:
    """h ← z t, with t = tanh(log(1 + eᶻ))."""
    zero, one, two = h.dtype.type(0), h.dtype.type(1), h.dtype.type(2)
    for q in range(len(h)):
        e = exponential(-abs(h[q]))
        n, rest = (e * (e + two), two) if h[q] < zero else (one + two * e, two * e * e)
        h[q] *= n / (n + rest)


@entry
def multiply_by_mish_slope(delta: Flat, z: Flat) -> None:
    """δ ← δ (t + z (1 - t²) s), with s the sigmoid of z."""
    zero, one, two = z.dtype.type(0), z.dtype.type(1), z.dtype.type(2)
    for q in range(len(z)):
        e = exponential(-abs(z[q]))
        n, rest = (e * (e + two), two) if z[q] < zero else (one + two * e, two * e * e)
        whole = n + rest
        t = n / whole  # and 1 - t is rest / whole
        s = (e if z[q] < zero else one) / (one + e)
        delta[q] *= t + z[q] * s * (rest / whole) * (one + t)
