"""Datasets that are drawn: each kind places the points of class k, and adds normal noise.

A generator takes its description, the class k, the number of points n and a random generator, and
returns points of shape (n, 2), float64.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from mlplab.data.dataset import SPLITS, Dataset, Split
from mlplab.spec import Circles, Linear, Moons, Polar, Spirals, Synthetic, Xor
from mlplab.streams import Float, normal, stream, uniform


def linear(spec: Linear, k: int, n: int, generator: np.random.Generator) -> Float:
    """Draw a cloud: both coordinates normal of mean (k+1)/(K+1) and standard deviation σ."""
    return (k + 1) / (spec.classes + 1) + spec.sigma * normal(generator, (n, 2))


def polar(spec: Polar, k: int, n: int, generator: np.random.Generator) -> Float:
    """Draw a ring: radius |normal(k/K, σ)|, angle uniform on [0, 2π)."""
    radius = np.abs(k / spec.classes + spec.sigma * normal(generator, n))
    angle = 2 * np.pi * uniform(generator, n)
    ring: Float = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return ring


def moons(spec: Moons, k: int, n: int, generator: np.random.Generator) -> Float:
    """Place n points evenly on a half circle: (cos t, sin t), or (1 - cos t, 1/2 - sin t), t in [0, π].

    Source: scikit-learn's `make_moons`, with n points in each moon.
    """
    t = np.linspace(0, np.pi, n)
    arc = [np.cos(t), np.sin(t)] if k == 0 else [1 - np.cos(t), 0.5 - np.sin(t)]
    return np.stack(arc, axis=1) + spec.sigma * normal(generator, (n, 2))


def circles(spec: Circles, k: int, n: int, generator: np.random.Generator) -> Float:
    """Place n points evenly on a circle of radius 1 (class 0) or `factor` (class 1).

    Source: scikit-learn's `make_circles`, with n points on each circle.
    """
    t = np.linspace(0, 2 * np.pi, n, endpoint=False)
    radius = 1.0 if k == 0 else spec.factor
    return radius * np.stack([np.cos(t), np.sin(t)], axis=1) + spec.sigma * normal(
        generator, (n, 2)
    )


def spirals(spec: Spirals, k: int, n: int, generator: np.random.Generator) -> Float:
    """Place n points on arm k: radius t, angle 2π (k/K + turns·t), t uniform on (0, 1).

    scikit-learn has no spirals in the plane; these are the usual Archimedean arms.
    """
    t = uniform(generator, n)
    angle = 2 * np.pi * (k / spec.classes + spec.turns * t)
    arm: Float = t[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return arm + spec.sigma * normal(generator, (n, 2))


def xor(spec: Xor, k: int, n: int, generator: np.random.Generator) -> Float:
    """Draw standard normal points of one class: equal signs for class 0, different ones for class 1.

    Source: scikit-learn's XOR example (`logical_xor(x1 > 0, x2 > 0)`), with n points of each class.
    """
    point = np.abs(normal(generator, (n, 2)))
    sign = np.where(uniform(generator, n) < 0.5, -1.0, 1.0)
    point *= np.stack([sign, sign if k == 0 else -sign], axis=1)
    return point + spec.sigma * normal(generator, (n, 2))


GENERATORS: dict[str, Callable[[Any, int, int, np.random.Generator], Float]] = {
    "linear": linear,
    "polar": polar,
    "moons": moons,
    "circles": circles,
    "spirals": spirals,
    "xor": xor,
}


def draw_samples(spec: Synthetic, seed: int) -> Dataset:
    """Draw the three splits of a synthetic dataset, float64, from the seed's points stream.

    Each split and class has a sub-stream of its own: more training points leave the test points as
    they are.
    """
    kind: str = spec.kind  # type: ignore[attr-defined]  # every concrete kind has one
    classes = getattr(spec, "classes", 2)
    splits = {}
    for i, name in enumerate(SPLITS):
        n = spec.train_per_class if name == "train" else spec.test_per_class
        parts = [stream(seed, "samples", i * classes + k) for k in range(classes)]
        x = [GENERATORS[kind](spec, k, n, part) for k, part in enumerate(parts)]
        splits[name] = Split(np.concatenate(x), np.repeat(np.arange(classes), n))
    names = tuple(str(k) for k in range(classes))
    return Dataset(splits["train"], splits["validation"], splits["test"], names)
