"""The streams of a seed as kernels: NumPy's `SeedSequence` and `PCG64`, bit for bit.

NumPy promises that these two never change (NEP 19). `streams` draws by NumPy itself, and tests hold the
kernels to it; a trial is drawn by the kernels.

A generator is an array of four uint64: the upper and the lower half of its state of 128 bits, and of its
increment.

Source: O'Neill 2014 (PCG XSL RR 128/64); O'Neill 2015 and NumPy's documentation (`SeedSequence`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlplab.kernel import kernel
from mlplab.streams import STREAMS

Float64 = NDArray[np.float64]
Generator = NDArray[np.uint64]
Four = tuple[np.uint64, np.uint64, np.uint64, np.uint64]

SAMPLES, WEIGHTS, SHUFFLE, NOISE = range(len(STREAMS))
"""Numbers by which kernels know the streams."""

_WORD = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_16 = np.uint64(16)
_ONE, _NOTHING = np.uint64(1), np.uint64(0)

_INIT_A, _MULT_A = np.uint64(0x43B0D7E5), np.uint64(0x931E8875)
_INIT_B, _MULT_B = np.uint64(0x8B51F9DD), np.uint64(0x58F38DED)
_MIX_LEFT, _MIX_RIGHT = np.uint64(0xCA01F9DD), np.uint64(0x4973F715)

_MULTIPLIER_HIGH = np.uint64(2549297995355413924)
_MULTIPLIER_LOW = np.uint64(4865540595714422341)


@kernel
def seed_words(seed: np.uint64, stream: int, part: int) -> Four:
    """Return the first four words of a seed's sub-stream: `SeedSequence(seed, spawn_key=(stream, part))`.

    Parameters
    ----------
    seed : uint64
    stream, part : int
        Below 2³².

    Returns
    -------
    four uint64
        As `generate_state(4, np.uint64)` returns them.
    """
    # Written without arrays and loops, whose unrolled code takes three times as long to compile.
    a, constant = _hash(seed & _WORD, _INIT_A, _MULT_A)
    b, constant = _hash(seed >> _32, constant, _MULT_A)
    c, constant = _hash(_NOTHING, constant, _MULT_A)
    d, constant = _hash(_NOTHING, constant, _MULT_A)
    b, c, d, constant = _mix_into(a, b, c, d, constant)
    a, c, d, constant = _mix_into(b, a, c, d, constant)
    a, b, d, constant = _mix_into(c, a, b, d, constant)
    a, b, c, constant = _mix_into(d, a, b, c, constant)
    for word in (np.uint64(stream), np.uint64(part)):
        a, b, c, constant = _mix_into(word, a, b, c, constant)
        hashed, constant = _hash(word, constant, _MULT_A)
        d = _mix(d, hashed)
    first, constant = _joined(a, b, _INIT_B)
    second, constant = _joined(c, d, constant)
    third, constant = _joined(a, b, constant)
    fourth, constant = _joined(c, d, constant)
    return first, second, third, fourth


@kernel
def _mix_into(
    value: np.uint64, x: np.uint64, y: np.uint64, z: np.uint64, constant: np.uint64
) -> Four:
    """Return three words with a value mixed into each, and the constant of the next hash."""
    hashed, constant = _hash(value, constant, _MULT_A)
    x = _mix(x, hashed)
    hashed, constant = _hash(value, constant, _MULT_A)
    y = _mix(y, hashed)
    hashed, constant = _hash(value, constant, _MULT_A)
    return x, y, _mix(z, hashed), constant


@kernel
def _joined(x: np.uint64, y: np.uint64, constant: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Return a word of 64 bits of two of 32, and the constant of the next one."""
    low, constant = _hash(x, constant, _MULT_B)
    high, constant = _hash(y, constant, _MULT_B)
    return low | (high << _32), constant


@kernel
def _hash(
    value: np.uint64, constant: np.uint64, multiplier: np.uint64
) -> tuple[np.uint64, np.uint64]:
    """Return a hash of 32 bits, and the constant of the next one."""
    value ^= constant
    constant = (constant * multiplier) & _WORD
    value = (value * constant) & _WORD
    return value ^ (value >> _16), constant


@kernel
def _mix(x: np.uint64, y: np.uint64) -> np.uint64:
    """Return a hash of two numbers of 32 bits."""
    mixed = (_MIX_LEFT * x - _MIX_RIGHT * y) & _WORD
    return mixed ^ (mixed >> _16)


@kernel
def start(seed: np.uint64, stream: int, part: int, generator: Generator) -> None:
    """Put a generator at the beginning of a seed's sub-stream, as `streams.stream` does.

    Parameters
    ----------
    seed : uint64
    stream, part : int
        Below 2³².
    generator : ndarray of uint64, shape (4,)
    """
    first, second, third, fourth = seed_words(seed, stream, part)
    generator[2] = (third << _ONE) | (fourth >> np.uint64(63))
    generator[3] = (fourth << _ONE) | _ONE
    # PCG begins with its increment, adds the seed, and takes a step.
    low = generator[3] + second
    high = generator[2] + first + np.uint64(low < second)
    generator[0], generator[1] = _step(high, low, generator[2], generator[3])


@kernel
def _multiply_high(a: np.uint64, b: np.uint64) -> np.uint64:
    """Return the upper 64 bits of a product of 128."""
    a_low, a_high, b_low, b_high = a & _WORD, a >> _32, b & _WORD, b >> _32
    middle = a_high * b_low + ((a_low * b_low) >> _32)
    return a_high * b_high + (middle >> _32) + (((middle & _WORD) + a_low * b_high) >> _32)


@kernel
def _step(
    high: np.uint64, low: np.uint64, increment_high: np.uint64, increment_low: np.uint64
) -> tuple[np.uint64, np.uint64]:
    """Return the next state: state · multiplier + increment, modulo 2¹²⁸, in two halves."""
    product = low * _MULTIPLIER_LOW
    upper = _multiply_high(low, _MULTIPLIER_LOW) + high * _MULTIPLIER_LOW + low * _MULTIPLIER_HIGH
    total = product + increment_low
    return upper + increment_high + np.uint64(total < product), total


@kernel
def fill_uniform(generator: Generator, out: Float64) -> None:
    """Draw numbers uniform on (0, 1), both ends excluded, as `streams.uniform` does.

    Parameters
    ----------
    generator : ndarray of uint64, shape (4,)
        Is moved on by n numbers.
    out : ndarray of float64, shape (n,)
    """
    high, low, increment_high, increment_low = generator
    for i in range(len(out)):
        high, low = _step(high, low, increment_high, increment_low)
        mixed, turn = high ^ low, high >> np.uint64(58)
        bits = (mixed >> turn) | (mixed << ((np.uint64(64) - turn) & np.uint64(63)))
        out[i] = (np.float64(np.int64(bits >> np.uint64(12))) + 0.5) * 2.0**-52
    generator[0], generator[1] = high, low
