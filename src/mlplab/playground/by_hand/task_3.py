"""Task 3 of the lab: weights that draw a line, found by hand; for two classes and no hidden layer.

A line is wanted. Its weights can be put in at once, or searched for: by a number in the diagram, or by
dragging the line that the weights draw now.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import numpy as np

from mlplab.boundary import EQUATION_11, EQUATION_12, Extent, Line, SingleLayer, check
from mlplab.errors import LineError, MlplabError, suggestion
from mlplab.playground.by_hand.dragged_line import (
    exact_member,
    line_through,
    side_to_the_left,
    weights_near,
)
from mlplab.playground.by_hand.findings import tell, usual_side
from mlplab.playground.session.session import Session
from mlplab.playground.session.timeline import Moment

THE_LABS = Line.parse("x2 = 1 - x1")
"""The line of the lab, and of its equation 10."""

FROM_THE_LAB: Mapping[str, SingleLayer] = MappingProxyType(
    {"equation 11": EQUATION_11, "equation 12": EQUATION_12}
)
"""Its two solutions, by the names on their buttons."""

FREE = [(0, 0, 0), (1, 2, 0), (-1, 1, 0.5), (2, -1, 1), (0.5, 1.5, -1), (3, 0, -2), (-2, -1, 1.5)]
"""w21, w22 and b2 of other solutions, in turn."""

FACTORS = [Fraction(text) for text in ("1", "2", "1/2", "4")]
"""Likewise of s. Their number and the other have no common divisor: 28 solutions before one returns."""

LARGEST_NUMBER = 2**53
"""Of a message: what JavaScript counts to."""

LARGEST_UNIT = 20
"""Of what s is multiplied by to make every entry whole; lines that need more get decimals."""


def applies(moment: Moment) -> bool:
    """Tell whether a network has two classes and no hidden layer."""
    return len(moment.biases) == 1 and len(moment.biases[0]) == 2


class ByHand:
    """What is wanted in task 3, and what has been done for it.

    Attributes
    ----------
    wanted : Line
    trouble : str
        What is wrong with the line that was asked for last; then the one before is still wanted.
    heard : int
        The number of the page's last message: so it knows which frame answers it.

    Examples
    --------
    >>> from mlplab.playground.session.presets import PRESETS
    >>> session, by_hand = Session(PRESETS["3  a line, by hand"]), ByHand()
    >>> by_hand.act(session, Extent(0, 1, 0, 1), {"act": "another"})
    >>> told = by_hand.tell(session)
    >>> told["weights"], told["biases"], told["line"]
    ([['-1', '-1'], ['0', '0']], ['1', '0'], 'x2 = 1 - x1')
    """

    def __init__(self) -> None:
        self.wanted = THE_LABS
        self.trouble = ""
        self.heard = 0
        self._solution = 0
        self._kept: tuple[tuple[int, ...], float] = ((), 0.0)

    def tell(self, session: Session) -> dict[str, Any]:
        """Return what the page shows of the network; see `findings.tell`."""
        train = session.stepper.trial.dataset.train
        return tell(session.moment, self.wanted, train) | {
            "trouble": self.trouble,
            "heard": self.heard,
            "is_the_labs": self.wanted == THE_LABS,
        }

    def act(self, session: Session, extent: Extent, message: Mapping[str, Any]) -> None:
        """Do what the page says.

        Parameters
        ----------
        session : Session
        extent : Extent
            The picture of the plane.
        message : mapping
            Its `act` is a name of `FROM_THE_LAB`, or one of: `switch` the labels; put in `another`
            solution; `line`, put in the one through `ends`, class 0 to the left of the way from the first
            to the second; `wanted`, want the one of `text`; `this line`, want the one that is drawn. Its
            `number` counts what the page says.

        Raises
        ------
        MlplabError
            If there is no such act, the network has hidden layers or other classes, or no weights draw
            that line.
        KeyError, TypeError, ValueError
            If the message makes no sense.
        """
        if "number" in message:
            self.heard = min(abs(int(message["number"])), LARGEST_NUMBER)
        if not applies(session.moment):
            raise MlplabError("task 3 needs a network with two classes and without hidden layers")
        self.trouble = ""
        name = str(message["act"])
        match name:
            case "switch":
                (w,), (b,) = session.moment.weights, session.moment.biases
                self._put(session, SingleLayer(w[::-1], b[::-1]))
            case "another":
                self._put(session, self._another(session, extent))
            case "line":
                first, second = ((float(x1), float(x2)) for x1, x2 in message["ends"])
                self._drag(session, extent, first, second)
            case "wanted":
                self._want(str(message["text"]))
            case "this line":
                self._want_drawn(session)
            case _ if name in FROM_THE_LAB:
                self._put(session, FROM_THE_LAB[name])
            case _:
                acts = (*FROM_THE_LAB, "switch", "another", "line", "wanted", "this line")
                raise MlplabError(f"there is no '{name}' here; {suggestion(name, acts)}")

    # ---- Weights ---------------------------------------------------------------------------------

    def _drag(
        self,
        session: Session,
        extent: Extent,
        first: tuple[float, float],
        second: tuple[float, float],
    ) -> None:
        """Put in weights of a line that is dragged, as sharp as the one with which that began."""
        line = line_through(first, second, extent)
        side = side_to_the_left(line, first, second)
        now = _layer(session.moment)
        mark, sharpness = self._kept
        if mark != _mark(session):
            slope_1, slope_2, _ = now.difference(0, 1)
            sharpness = math.hypot(slope_1, slope_2)
        self._put(session, weights_near(line, side, now, sharpness, extent))
        self._kept = _mark(session), sharpness

    def _another(self, session: Session, extent: Extent) -> SingleLayer:
        """Return the next solution for the wanted line with the labels as the data has them.

        Every entry is a whole number or a half, where s = 1/2, 1, 2 or 4 times the common denominator of
        the line's numbers makes it so.
        """
        line, now = self.wanted, _layer(session.moment)
        side = usual_side(line, session.stepper.trial.dataset.train) or line.sides[0]
        unit = math.lcm(line.a.denominator, line.c.denominator)
        if unit > LARGEST_UNIT:
            unit = 1
        for _ in range(len(FREE) * len(FACTORS)):
            free = FREE[self._solution % len(FREE)]
            s = unit * FACTORS[self._solution % len(FACTORS)]
            self._solution += 1
            layer = exact_member(line, side, s, list(free), now.W.dtype)
            if layer is not None and not _same(layer, now):
                return layer
        return weights_near(line, side, now, 0.0, extent)

    def _put(self, session: Session, layer: SingleLayer) -> None:
        dtype = session.now.weights[0].dtype
        session.set_network((np.array(layer.W, dtype=dtype),), (np.array(layer.b, dtype=dtype),))

    # ---- The wanted line -------------------------------------------------------------------------

    def _want(self, text: str) -> None:
        try:
            self.wanted = Line.parse(text)
        except LineError as error:
            self.trouble = str(error)
        self._solution = 0

    def _want_drawn(self, session: Session) -> None:
        drawn = check(session.moment.weights[0], session.moment.biases[0]).line
        if drawn is None:
            raise MlplabError("these weights draw no line that could be the wanted one")
        self.wanted = drawn
        self._solution = 0


def _layer(moment: Moment) -> SingleLayer:
    """Return a network's weights; zeros where they are no numbers, so that one can begin from there."""
    (w,), (b,) = moment.weights, moment.biases
    if np.isfinite(w).all() and np.isfinite(b).all():
        return SingleLayer(w, b)
    return SingleLayer(np.zeros_like(w), np.zeros_like(b))


def _mark(session: Session) -> tuple[int, ...]:
    """Return what differs as soon as the network does."""
    return session.version, session.edits, session.moment.step


def _same(layer: SingleLayer, other: SingleLayer) -> bool:
    return np.array_equal(layer.W, other.W) and np.array_equal(layer.b, other.b)
