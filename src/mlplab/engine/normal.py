"""The standard normal distribution, in a form that compiles to vector instructions.

Φ is what the error function is wanted for here: Φ(z) = ½ (1 + erf(z / √2)). A C library's error function
differs from machine to machine in the last bit; this one is made of sums, products, a quotient and the
engine's own exponential.

Φ(-a) of a ≥ 0 is e^(-a²/2) g(a) with a g that falls slowly, from ½ to 1 / (a √(2π)). So (a + 4) g(a) is
nearly a constant, and is taken from a polynomial in t = (a - 4) / (a + 4), which lies in [-1, 1].

Source: the idea, and this t, are Shepherd & Laframboise's (1981); the coefficients were computed anew, by
interpolation at Chebyshev's nodes up to where e^(-a²/2) vanishes, with forty digits.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import types
from numba.extending import overload
from scipy.special import erfcx

from mlplab.engine.compiling import kernel
from mlplab.engine.exponential import exponential, polynomial_of
from mlplab.spec.activations import NORMAL_DENSITY

_CENTRE = 4.0
"""Of the approximation: the a of which t is 0."""

_TAIL = {
    # Their relative errors are 1.3e-8 and 4e-17.
    np.float32: (
        *(0.7552851383227722, -0.6078966182822692, 0.38713668408577256, -0.1865226849099879),
        *(0.06040668872980527, -0.0075292507030986265, -0.0035261837003900368),
        *(0.001572317879442563, 0.00020126173028404675, -0.00012018440110144362),
    ),
    np.float64: (
        *(0.7552851304157515, -0.6078966419718917, 0.38713740074221886, -0.18652185795969417),
        *(0.06039657489069947, -0.007540188965593059, -0.0034796923622425332),
        *(0.0016308184418903596, 0.00013334425401904912, -0.0002310948183193762),
        *(-1.9078665316613576e-06, 3.5144181157760973e-05, 7.150055959216099e-07),
        *(-5.918892731763236e-06, -6.25132104047868e-07, 1.0198048518135172e-06),
        *(2.6368248576407624e-07, -1.5426320536771075e-07, -7.63808205349045e-08),
        *(1.457859334703646e-08, 1.392402399350171e-08, 7.26954547902669e-11),
        -9.653425420228504e-10,
    ),
}
"""Coefficients of (a + 4) g(a) as a polynomial in t."""


@kernel
def normal(z: Any) -> Any:
    """Return Φ(z) and φ(z) = e^(-z²/2) / √(2π).

    Absolute errors below 2e-7 (float32) or 2.5e-16 (float64); where z < 0, the relative error of Φ is
    below (3 + z²) · 1.2e-7 or (3 + z²) · 1.8e-16, as z² is rounded before e is raised to it.
    """
    number = type(z)
    a = abs(z)
    bell = exponential(-number(0.5) * a * a)
    tail = bell * _scaled_tail(a)
    return tail if z < number(0) else number(1) - tail, number(NORMAL_DENSITY) * bell


def _scaled_tail(a: Any) -> Any:
    """g(a) = e^(a²/2) Φ(-a) for a ≥ 0."""
    return type(a)(0.5) * erfcx(a / type(a)(math.sqrt(2)))


@overload(_scaled_tail)
def _compile_scaled_tail(a: Any) -> Any:
    number = np.float32 if a == types.float32 else np.float64
    one, centre, twice = number(1), number(_CENTRE), number(2 * _CENTRE)
    polynomial = polynomial_of(_TAIL[number])

    def compiled(a: Any) -> Any:
        w = one / (a + centre)
        return w * polynomial(one - twice * w)

    return compiled
