"""Elementary functions that every machine computes alike: logarithm, power, sine and cosine, Φ⁻¹.

Those of a C library differ in the last bit from machine to machine, so that what is drawn by them
differs, too. These are made of sums, products, quotients and square roots, which IEEE 754 rounds in one
way only. All numbers are float64.

`normal_quantile` takes many numbers and is written so that LLVM makes vector instructions of its loops;
the others take one, and are called by kernels.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mlplab.kernel import kernel

Float64 = NDArray[np.float64]

_ONE = 0x3FF0000000000000
_ROOT_HALF = 0x3FE6A09E667F3BCD
_DIGITS = 0x000FFFFFFFFFFFFF
"""The bits of 1 and of √½, and those of a number that are no exponent and no sign."""

_LN_2_HIGH, _LN_2_LOW = 6.93147180369123816490e-1, 1.90821492927058770002e-10
"""ln 2 in two parts: the first has so few digits that its products with exponents are exact."""

_SMALLEST_NORMAL = 2.0**-1022
_LARGEST_EXPONENT = 709.782712893384
"""The largest x whose eˣ is a number."""

_LOG = (
    *(6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01),
    *(2.222219843214978396e-01, 1.818357216161805012e-01, 1.531383769920937332e-01),
    1.479819860511658591e-01,
)
"""Coefficients of (artanh s / s - 1) · 2 / z in z = s², as fdlibm has them."""

_SIN = (
    *(-1.66666666666666324348e-01, 8.33333333332248946124e-03, -1.98412698298579493134e-04),
    *(2.75573137070700676789e-06, -2.50507602534068634195e-08, 1.58969099521155010221e-10),
)
_COS = (
    *(4.16666666666666019037e-02, -1.38888888888741095749e-03, 2.48015872894767294178e-05),
    *(-2.75573143513906633035e-07, 2.08757232129817482790e-09, -1.13596475577881948265e-11),
)
"""Coefficients of (sin r - r) / r³ and of (cos r - 1 + z/2) / z² in z = r², |r| ≤ π/4; fdlibm's."""


@kernel
def _polynomial(coefficients: tuple[float, ...], x: float) -> float:
    """Return a polynomial's value by Horner's rule, the constant coefficient first."""
    last = len(coefficients) - 1
    total = coefficients[last]
    for i in range(last - 1, -1, -1):
        total = total * x + coefficients[i]
    return total


@kernel
def log(x: float) -> float:
    """ln x of a normal number x > 0; error below 1 unit in the last place.

    Source: fdlibm's `e_log.c` (Sun Microsystems 1993).
    """
    # x = 2ᵏ (1 + f) with √½ < 1 + f < √2, and s = f / (2 + f): ln(1 + f) = 2 artanh s.
    bits = np.float64(x).view(np.int64) + (_ONE - _ROOT_HALF)
    k = np.float64((bits >> 52) - 1023)
    f = np.int64((bits & _DIGITS) + _ROOT_HALF).view(np.float64) - 1.0
    s = f / (2.0 + f)
    z = s * s
    series = z * _polynomial(_LOG, z)
    half = 0.5 * f * f
    return k * _LN_2_HIGH - ((half - (s * (half + series) + k * _LN_2_LOW)) - f)


@kernel
def _power_of_two(k: int) -> float:
    """2ᵏ for k from -1022 to 1023."""
    value: float = np.int64((k + 1023) << 52).view(np.float64)
    return value


@kernel
def exp(x: float) -> float:
    """eˣ; relative error below 3e-16 of normal numbers, and 0 or ∞ where it leaves all numbers.

    2ᵏ eʳ with x = k ln 2 + r, and eʳ by Taylor's series: its first term that is left out is 4e-18.
    """
    if math.isnan(x):
        return x
    if x < -745.2:
        return 0.0
    if x > _LARGEST_EXPONENT:
        return math.inf
    k = int(np.rint(x / (_LN_2_HIGH + _LN_2_LOW)))
    r = (x - k * _LN_2_HIGH) - k * _LN_2_LOW
    total = 1.0
    for i in range(13, 1, -1):
        total = 1.0 + r * total / i
    # 2ᵏ itself may be no normal number, but each of two halves of it is.
    return (1.0 + r * total) * _power_of_two(k // 2) * _power_of_two(k - k // 2)


@kernel
def power(x: float, y: float) -> float:
    """xʸ for finite x ≥ 0 and y; 0⁰ is 1.

    For a whole y by repeated squaring, whose relative error is below |y| · 1.2e-16 where no number on the
    way leaves the normal ones. Else it is e^(y ln x), whose relative error grows with |y ln x|: below
    1e-14 up to 40.
    """
    if x == 0 and y != 0:
        return 0.0 if y > 0 else math.inf
    if y == np.rint(y) and abs(y) < 2.0**31:
        n = int(abs(y))
        result, base = x if n & 1 else 1.0, x
        while n > 1:
            base *= base
            n >>= 1
            if n & 1:
                result *= base
        if y >= 0:
            return result
        return 1.0 / result if result > 0 else math.inf
    if x < _SMALLEST_NORMAL:
        return exp(y * (log(x * 2.0**54) - 54 * (_LN_2_HIGH + _LN_2_LOW)))
    return exp(y * log(x))


@kernel
def cos_sin(turns: float) -> tuple[float, float]:
    """(cos, sin) of an angle in turns, cos 2πt and sin 2πt; error below 2⁻⁵².

    Eighths of a turn and less are left after quarters have been taken off, which is exact.

    Source of the polynomials: fdlibm's `k_cos.c` and `k_sin.c` (Sun Microsystems 1993).
    """
    t = turns - np.floor(turns)
    quarter = np.floor(4.0 * t + 0.5)
    r = (t - 0.25 * quarter) * (2 * math.pi)
    z = r * r
    s = r + r * z * _polynomial(_SIN, z)
    c = (1.0 - 0.5 * z) + z * z * _polynomial(_COS, z)
    odd = (quarter == 1.0) | (quarter == 3.0)
    cosine, sine = (s, c) if odd else (c, s)
    cosine = -cosine if (quarter == 1.0) | (quarter == 2.0) else cosine
    sine = -sine if (quarter == 2.0) | (quarter == 3.0) else sine
    return cosine, sine


_CENTRE_ABOVE, _CENTRE_BELOW = (
    (
        *(3.3871328727963666080, 1.3314166789178437745e2, 1.9715909503065514427e3),
        *(1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4),
        *(3.3430575583588128105e4, 2.5090809287301226727e3),
    ),
    (
        *(1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3),
        *(2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4),
        5.2264952788528545610e3,
    ),
)
_TAIL_ABOVE, _TAIL_BELOW = (
    (
        *(1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550),
        *(3.64784832476320460504, 1.27045825245236838258, 2.41780725177450611770e-1),
        *(2.27238449892691845833e-2, 7.74545014278341407640e-4),
    ),
    (
        *(1.0, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1),
        *(1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4),
        1.05075007164441684324e-9,
    ),
)
_FAR_ABOVE, _FAR_BELOW = (
    (
        *(6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580),
        *(2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3),
        *(2.71155556874348757815e-5, 2.01033439929228813265e-7),
    ),
    (
        *(1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2),
        *(7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7),
        2.04426310338993978564e-15,
    ),
)
"""Numerators and denominators of the three approximations of Φ⁻¹, as AS 241 has them."""

_CENTRAL = 0.425
"""So far from one half the first of three approximations reaches: to 85 % of all numbers."""


@kernel
def normal_quantile(u: Float64) -> None:
    """Turn uniform numbers into normal ones, in place: u ← Φ⁻¹(u); relative error below 1e-15.

    Parameters
    ----------
    u : ndarray of float64, shape (n,)
        From 2⁻⁵³ to 1 - 2⁻⁵³.

    Source: Wichura 1988, algorithm AS 241 (PPND16).
    """
    n, count = len(u), 0
    tails, rare = np.empty(n + 1, np.int64), np.empty(n)
    # The tails are gathered first, so that neither of the loops over many numbers has a branch.
    for i in range(n):
        tails[count] = i
        count += int(abs(u[i] - 0.5) > _CENTRAL)
    for j in range(count):
        rare[j] = u[tails[j]]
    for i in range(n):
        q = u[i] - 0.5
        s = _CENTRAL * _CENTRAL - q * q
        u[i] = q * (_polynomial(_CENTRE_ABOVE, s) / _polynomial(_CENTRE_BELOW, s))
    for j in range(count):
        p = rare[j]
        r = math.sqrt(-log(p if p < 0.5 else 1.0 - p))
        x = _polynomial(_TAIL_ABOVE, r - 1.6) / _polynomial(_TAIL_BELOW, r - 1.6)
        # Three numbers in 10¹¹ lie farther out. They are marked by staying what they are, within 0 and 1.
        rare[j] = p if r > 5.0 else (-x if p < 0.5 else x)
    for j in range(count):
        p = rare[j]
        if 0.0 < p < 1.0:
            r = math.sqrt(-log(p if p < 0.5 else 1.0 - p))
            x = _polynomial(_FAR_ABOVE, r - 5.0) / _polynomial(_FAR_BELOW, r - 5.0)
            p = -x if p < 0.5 else x
        u[tails[j]] = p
