"""Exponential and logarithm, in forms that compile to vector instructions.

The library's are one call for one number; here a loop over numbers becomes a loop over registers. NaN
stays NaN. Only what the network needs is asked for: eˣ for x ≤ 0, and log(1 + x) for 0 ≤ x ≤ 1.

Each function says what it does in Python; the compiled version stands beside it, for float32 and float64.

Source: Cody & Waite 1980; the float32 coefficients of eˣ are those of Cephes' expf (Moshier).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload

from mlplab.engine.compiling import kernel

LOWEST = {np.float32: -87.0, np.float64: -708.0}
"""Below, eˣ leaves the normal numbers, and is taken as 0."""

_LN_2 = {
    np.float32: (0.693359375, -2.12194440e-4),
    np.float64: (6.93145751953125e-1, 1.42860682030941723212e-6),
}
"""ln 2 in two parts. The first has so few digits that its product with k is exact."""


@kernel
def exponential(x: Any) -> Any:
    """eˣ; relative error below 1.2e-7 (float32) or 2.3e-16 (float64)."""
    power, rest = _power_and_rest(x)
    return power * rest + power


@kernel
def exponential_minus_one(x: Any) -> Any:
    """eˣ - 1; relative error below 1.2e-7 or 2.3e-16, near 0 too, where eˣ less 1 keeps no digits."""
    power, rest = _power_and_rest(x)
    return power * rest + (power - type(x)(1))


def _power_and_rest(x: Any) -> tuple[Any, Any]:
    """Split eˣ: return 2ᵏ and eʳ - 1, with k the whole number nearest to x / ln 2, and r = x - k ln 2."""
    number = type(x)
    if x < LOWEST[number]:
        return number(0), number(0)
    high, low = (number(part) for part in _LN_2[number])
    k = np.rint(x / (high + low))
    return number(2) ** k, np.expm1(x - k * high - k * low)


def logarithm_of_one_plus(x: Any) -> Any:
    """log(1 + x) for 0 ≤ x ≤ 1; relative error below 3e-7 or 6e-16."""
    return np.log1p(x)


_EXPONENT = {np.float32: (127, 23), np.float64: (1023, 52)}
"""Of a floating-point type: the exponent of 1 as its bits have it, and where these bits begin."""

_EXPONENTIAL = {
    np.float32: (
        *(5.0000001201e-1, 1.6666665459e-1, 4.1665795894e-2),
        *(8.3334519073e-3, 1.3981999507e-3, 1.9875691500e-4),
    ),
    # Taylor's: the first term left out is 4e-18 at |r| = ½ ln 2.
    np.float64: tuple(1 / math.factorial(i) for i in range(2, 14)),
}
"""Coefficients of the polynomial (eʳ - 1 - r) / r² in r, for |r| ≤ ½ ln 2."""

_LOGARITHM = {
    # The first term left out is 1e-9 or 2e-17 of the sum at t = 1/9.
    np.float32: tuple(2 / (2 * i + 1) for i in range(8)),
    np.float64: tuple(2 / (2 * i + 1) for i in range(16)),
}
"""Coefficients of log((1 + s) / (1 - s)) / s as a series in t = s²."""


@overload(_power_and_rest)
def _compile_power_and_rest(x: Any) -> Any:
    number = _number(x)
    lowest, zero = number(LOWEST[number]), number(0)
    high, low = (number(part) for part in _LN_2[number])
    per_ln_2 = number(1 / math.log(2))
    bias, digits = _EXPONENT[number]
    # Added to a small number, this leaves it rounded to a whole one, in the lowest bits.
    shifter = number(1.5 * 2**digits)
    power_of_two, polynomial = _power_of_two(bias, digits), polynomial_of(_EXPONENTIAL[number])

    def compiled(x: Any) -> Any:
        vanishes = x < lowest
        x = lowest if vanishes else x
        shifted = x * per_ln_2 + shifter
        k = shifted - shifter
        r = x - k * high - k * low
        return zero if vanishes else power_of_two(shifted), polynomial(r) * (r * r) + r

    return compiled


@overload(logarithm_of_one_plus)
def _compile_logarithm(x: Any) -> Any:
    number = _number(x)
    two, polynomial = number(2), polynomial_of(_LOGARITHM[number])

    def compiled(x: Any) -> Any:
        s = x / (two + x)  # then 1 + x = (1 + s) / (1 - s), and s ≤ 1/3
        return s * polynomial(s * s)

    return compiled


def _number(numba_type: Any) -> Any:
    return np.float32 if numba_type == types.float32 else np.float64


def _power_of_two(bias: int, digits: int) -> Any:
    """Return an intrinsic that makes 2ᵏ of a number with k in its lowest bits: an exponent, no more."""

    @intrinsic
    def power_of_two(_: Any, shifted: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            (value,) = arguments
            whole = ir.IntType(signature.return_type.bitwidth)
            k = builder.bitcast(value, whole)
            exponent = builder.add(k, ir.Constant(whole, bias))
            return builder.bitcast(builder.shl(exponent, ir.Constant(whole, digits)), value.type)

        return shifted(shifted), generate

    return power_of_two


def polynomial_of(coefficients: Sequence[float]) -> Any:
    """Return an intrinsic for a polynomial, the constant coefficient first; each step is rounded once."""

    @intrinsic
    def polynomial(_: Any, x: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            (value,) = arguments
            *others, total = (ir.Constant(value.type, c) for c in coefficients)
            for coefficient in reversed(others):
                total = builder.fma(total, value, coefficient)
            return total

        return x(x), generate

    return polynomial
