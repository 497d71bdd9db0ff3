"""Mistakes in the form of what goes into a network and comes out: right numbers in the wrong place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from mlplab.course.checker.mistakes.mistake import Float
from mlplab.course.checker.mistakes.networks import MISTAKES, Net, feed


@MISTAKES.entry(
    "coordinates-exchanged",
    "The two coordinates of the points are exchanged.",
    "In feedforward, the first number of a point is x1, the second is x2.",
    credit=0.5,
)
def _coordinates_exchanged(net: Net) -> Float | None:
    return feed(replace(net, x=net.x[:, ::-1]))


def _enter_for_outputs() -> None:
    """Enter right outputs that are handed back in a wrong form."""
    forms: list[tuple[str, str, str, float, Callable[[Float], Float]]] = [
        (
            "outputs-transposed",
            "The output lies the wrong way round: a row for each class, and not for each point.",
            "In feedforward, return an array of shape (points, K): transpose it at the end.",
            0.75,
            lambda p: p.T,
        ),
        (
            "classes-reversed",
            "The classes come out in the reverse order.",
            "In feedforward, row k of the last W is class k.",
            0.5,
            lambda p: p[:, ::-1],
        ),
        (
            "labels-returned",
            "feedforward returns the number of the class, not the probabilities.",
            "In feedforward, return the softmax itself; argmax belongs into evaluate.",
            0.5,
            lambda p: p.argmax(axis=1),
        ),
        (
            "one-hot-returned",
            "feedforward returns 1 for the largest output and 0 for the others.",
            "In feedforward, return the softmax itself; argmax belongs into evaluate.",
            0.5,
            lambda p: (p == p.max(axis=1, keepdims=True)).astype(float),
        ),
        (
            "only-first-point",
            "Only the first point has an output, the others are 0.",
            "In feedforward, look at the indentation of return: it belongs after the loop "
            "over the points.",
            0.25,
            lambda p: np.where(np.arange(len(p))[:, None] == 0, p, 0),
        ),
        (
            "only-last-point",
            "Only the last point has an output, the others are 0.",
            "In feedforward, the output of point i belongs into row i, and so into the loop "
            "over the points.",
            0.25,
            lambda p: np.where(np.arange(len(p))[:, None] == len(p) - 1, p, 0),
        ),
        (
            "only-first-point",
            "Only the first point has an output.",
            "In feedforward, look at the indentation of return: it belongs after the loop "
            "over the points.",
            0.25,
            lambda p: p[0],
        ),
        (
            "only-last-point",
            "Only the last point's output is returned.",
            "In feedforward, collect the outputs of all points, a row for each.",
            0.25,
            lambda p: p[-1],
        ),
        (
            "same-output-for-all",
            "All points have the output of the first one.",
            "In feedforward, the loop over the points must take point i in turn i.",
            0.25,
            lambda p: np.broadcast_to(p[0], p.shape),
        ),
        (
            "same-output-for-all",
            "All points have the output of the last one.",
            "In feedforward, the output of point i belongs into row i only.",
            0.25,
            lambda p: np.broadcast_to(p[-1], p.shape),
        ),
        (
            "outputs-of-zeros",
            "All outputs are 0.",
            "In feedforward, the array of zeros has not been filled, or holds whole numbers only: "
            "np.zeros((len(x), K)), then y[i] = ... for each point.",
            0.0,
            np.zeros_like,
        ),
        (
            "extra-axis",
            "The numbers are right, but the output has an axis too many.",
            "In feedforward, a column of shape (K, 1) must become a row of K numbers: column.flatten().",
            0.75,
            lambda p: p[:, :, None],
        ),
        (
            "extra-axis",
            "The numbers are right, but the output has an axis too many.",
            "In feedforward, each point's output must be a row of K numbers.",
            0.75,
            lambda p: p[:, None, :],
        ),
    ]
    for name, what, look, credit, form in forms:
        MISTAKES.entry(name, what, look, credit)(
            lambda net, form=form: form(_right(net))  # type: ignore[misc]  # mypy infers no lambda with a default
        )


def _right(net: Net) -> Float:
    output = feed(net)
    if output is None:
        raise ValueError("the weights of a test do not fit together")
    return output


_enter_for_outputs()
