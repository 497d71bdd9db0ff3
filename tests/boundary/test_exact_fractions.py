"""Linear regions and classes beside those that a plain program finds by clipping, in fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlplab.boundary import Extent, exact
from mlplab.reference import MultilayerPerceptron

Point = tuple[Fraction, Fraction]
Polygon = list[Point]
Affine = tuple[Fraction, Fraction, Fraction]
"""Coefficients of x1 and x2, and a constant."""

PIECES: dict[str, tuple[list[int], list[tuple[Fraction, Fraction]]]] = {
    "linear": ([], [(Fraction(1), Fraction(0))]),
    "relu": ([0], [(Fraction(0), Fraction(0)), (Fraction(1), Fraction(0))]),
    "leaky_relu": ([0], [(Fraction(1, 5), Fraction(0)), (Fraction(1), Fraction(0))]),
    "relu6": (
        [0, 6],
        [(Fraction(0), Fraction(0)), (Fraction(1), Fraction(0)), (Fraction(0), Fraction(6))],
    ),
    "hard_sigmoid": (
        [-3, 3],
        [(Fraction(0), Fraction(0)), (Fraction(1, 6), Fraction(1, 2)), (Fraction(0), Fraction(1))],
    ),
}
"""Kinks of each activation, and slope and intercept between them, as its formula says."""


def at(f: Affine, point: Point) -> Fraction:
    return f[0] * point[0] + f[1] * point[1] + f[2]


def combined(
    factors: Sequence[Fraction], functions: Sequence[Affine], constant: Fraction
) -> Affine:
    a, b, c = (
        sum((w * f[i] for w, f in zip(factors, functions, strict=True)), Fraction(0))
        for i in range(3)
    )
    return a, b, c + constant


def clipped(polygon: Polygon, f: Affine) -> Polygon:
    """The part of a convex polygon in which an affine function is not negative (Sutherland & Hodgman)."""
    kept: Polygon = []
    for p, q in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        u, v = at(f, p), at(f, q)
        if u >= 0:
            kept.append(p)
        if u * v < 0:
            t = u / (u - v)
            kept.append((p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])))
    return kept


def area(polygon: Polygon) -> Fraction:
    sides = zip(polygon, [*polygon[1:], *polygon[:1]], strict=True)
    return sum((p[0] * q[1] - q[0] * p[1] for p, q in sides), Fraction(0)) / 2


def negative(f: Affine) -> Affine:
    return -f[0], -f[1], -f[2]


def clipped_regions(
    weights: list[list[list[int]]], biases: list[list[int]], activation: str
) -> list[tuple[Polygon, list[Affine]]]:
    """Each region of the unit square, with the outputs there as affine functions."""
    zero, one = Fraction(0), Fraction(1)
    square = [(zero, zero), (one, zero), (one, one), (zero, one)]
    found: list[tuple[Polygon, list[Affine]]] = [(square, [(one, zero, zero), (zero, one, zero)])]
    kinks, pieces = PIECES[activation]
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True)):
        is_hidden = layer < len(weights) - 1
        after = []
        for polygon, inputs in found:
            parts: list[tuple[Polygon, list[Affine]]] = [(polygon, [])]
            for row, bias in zip(W, b, strict=True):
                z = combined([Fraction(w) for w in row], inputs, Fraction(bias))
                if not is_hidden:
                    parts = [(part, [*h, z]) for part, h in parts]
                    continue
                divided = []
                for part, h in parts:
                    for piece, (slope, intercept) in enumerate(pieces):
                        of_piece = part
                        if piece > 0:
                            of_piece = clipped(of_piece, (z[0], z[1], z[2] - kinks[piece - 1]))
                        if piece < len(kinks) and of_piece:
                            of_piece = clipped(
                                of_piece, negative((z[0], z[1], z[2] - kinks[piece]))
                            )
                        if area(of_piece) > 0:
                            divided.append((of_piece, [*h, combined([slope], [z], intercept)]))
                        if area(of_piece) == area(part):
                            break  # a neuron that stays at its kink is on both its pieces
                parts = divided
            after += parts
        found = after
    return found


def class_areas(regions: list[tuple[Polygon, list[Affine]]], classes: int) -> list[Fraction]:
    """The area in which each output is the largest, the first of equals."""
    areas = [Fraction(0)] * classes
    for polygon, outputs in regions:
        for k in range(classes):
            part = polygon
            for j in range(classes):
                lead = combined([Fraction(1), Fraction(-1)], [outputs[k], outputs[j]], Fraction(0))
                if j < k and lead == (0, 0, 0):
                    part = []
                part = clipped(part, lead) if part else part
            areas[k] += area(part)
    return areas


@st.composite
def tiny_networks(draw: st.DrawFn) -> tuple[list[list[list[int]]], list[list[int]], str]:
    widths = [2, *draw(st.lists(st.integers(1, 4), max_size=2)), draw(st.integers(2, 3))]
    numbers = st.integers(-3, 3)
    weights = [
        draw(st.lists(st.lists(numbers, min_size=a, max_size=a), min_size=b, max_size=b))
        for a, b in pairwise(widths)
    ]
    biases = [draw(st.lists(numbers, min_size=b, max_size=b)) for b in widths[1:]]
    return weights, biases, draw(st.sampled_from(sorted(PIECES)))


@given(tiny_networks())
def test_regions_and_classes_are_those_of_clipping(
    network: tuple[list[list[list[int]]], list[list[int]], str],
) -> None:
    weights, biases, activation = network
    wanted = clipped_regions(weights, biases, activation)
    found = exact(
        MultilayerPerceptron(
            [np.array(w, float) for w in weights], [np.array(b, float) for b in biases], activation
        ),
        Extent(0, 1, 0, 1),
    )
    assert found.region_count == len(wanted)
    areas = sorted(float(area(polygon)) for polygon, _ in wanted)
    assert sorted(found.regions.areas) == pytest.approx(areas, abs=1e-12)
    of_classes = class_areas(wanted, len(biases[-1]))
    assert found.class_areas == pytest.approx([float(a) for a in of_classes], abs=1e-12)
