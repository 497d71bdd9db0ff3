"""`activation(x, name)`: known values, and an unknown name.

Who feeds points forward one by one has columns, who takes all at once has rows. Both are right, and so
is a softmax that sums over the whole column. So each function is called with its numbers in several
layouts, and has to be right in one of them; whether it is the one that `feedforward` uses shows there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from mlplab.course.checker.checks.check import RIGHT, Check, Finding, Float, observed, output_of
from mlplab.course.checker.mistakes.activations import ELEMENTWISE
from mlplab.course.checker.mistakes.errors import ANOTHER_NAME, NAME_REFUSED
from mlplab.course.checker.mistakes.mistake import same
from mlplab.course.checker.mistakes.observation import Observation
from mlplab.course.checker.mistakes.seen import NAME_ACCEPTED, OVERWRITTEN
from mlplab.spec.activations import ACTIVATIONS
from mlplab.spec.heads import softmax
from mlplab.streams import stream, uniform

UNKNOWN = "no_such_activation"
ASKS = {"softmax": "softmax_layouts"}
"""What the solution calls the question after an activation, where it is not the activation's name."""

SOFTMAX_AXES = (1, 0, 0, 1, 0)
"""Along which axis each layout of `softmax_layouts` holds a distribution."""


SIZES = np.array([0.02, 0.2, 0.3, 0.7, 1.1, 1.5, 6.5])
WIDTHS = np.array([0.07, 0.25, 0.3, 0.3, 0.3, 0.3, 0.5])
"""Least sizes of the numbers that elementwise activations are given, and how far they may lie above."""

SUMS = np.array([[2.4, -1.0, 0.3, -0.3], [0.1, 0.6, -0.5, 0.2], [-1.6, 0.2, -0.6, 1.5]])
"""Least numbers that softmax is given, three points of four classes. The largest stands in another place
in each, and in the second no probability is above 0.5: so a softmax that is rounded, or that looks at the
place of a number, does not answer as one with another mistake."""


def elementwise_layouts(z: Float) -> list[Float]:
    """Return the same numbers as rows of points, a column, a vector, and one row."""
    return [np.stack([z, z[::-1]]), z[:, None], z, z[None]]


def softmax_layouts(z: Float) -> list[Float]:
    """Return distributions as rows, a column, a vector, a row, and columns."""
    return [z, z[0][:, None], z[0], z[:1], z.T]


@dataclass(frozen=True, eq=False)
class ActivationCheck(Check):
    """One activation by its name.

    Attributes
    ----------
    activation : str
    layouts : sequence of ndarray
        The inputs.
    """

    activation: str
    layouts: Sequence[Float]
    action = "activation"

    @property
    def arguments(self) -> dict[str, Any]:
        """Call it with each layout."""
        return {"calls": [{"x": x, "name": self.activation} for x in self.layouts]}

    @property
    def right(self) -> list[Float]:
        """What is right for each layout."""
        if self.activation != "softmax":
            return [np.asarray(ACTIVATIONS[self.activation].function(x)) for x in self.layouts]
        pairs = zip(self.layouts, SOFTMAX_AXES, strict=True)
        return [np.apply_along_axis(lambda z: softmax(z[None])[0], axis, x) for x, axis in pairs]

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Right in one layout is right."""
        called = f'activation(x, "{self.activation}")'
        outputs = [_of_known_name(output_of(entry, called)) for entry in content["answers"]]
        given = [i for i, output in enumerate(outputs) if not isinstance(output, Finding)]
        fitting = [i for i in given if same(outputs[i], self.right[i])]
        observations = tuple(self._observed(outputs, fitting or given, bool(fitting)))
        first = outputs[0]
        if not given and isinstance(first, Finding):
            return replace(first, observed=observations)
        if not fitting:
            at = given[0]
            facts = _facts(self.layouts[at], self.right[at], np.asarray(outputs[at]))
            return Finding(False, facts, (), observations)
        if all(content["answers"][i]["changed"] for i in fitting):
            return Finding(False, "Afterwards, x has other values.", (OVERWRITTEN,), observations)
        return Finding(True, observed=observations)

    def _observed(
        self, outputs: Sequence[Float | Finding], told: Sequence[int], right: bool
    ) -> list[Observation]:
        """Return what was observed in the layouts that were answered, or of them in the right ones."""
        ask = ASKS.get(self.activation, self.activation)
        if self.activation != "softmax":
            return [
                observed(ask, (self.layouts[i],), outputs[i], partial(same, outputs[i]))
                for i in (told or range(len(outputs)))
            ]

        def agrees(axes: list[list[Float]]) -> bool:
            fits = [[same(answer[i], outputs[i]) for i in told] for answer in axes]
            if right:  # one that looks at the shape may be right along several axes
                return all(any(column) for column in zip(*fits, strict=True))
            return any(all(axis) for axis in fits)

        answer = outputs[told[0]] if told else outputs[0]
        return [observed(ask, (self.layouts,), answer, agrees)]


@dataclass(frozen=True, eq=False)
class UnknownNameCheck(Check):
    """An unknown name must raise an exception; a known one must not, else the function is not written."""

    action = "activation"

    @property
    def arguments(self) -> dict[str, Any]:
        """Call it with the unknown name, then with the known ones."""
        x = np.array([[-2.0], [0.3], [1.7]])
        return {"calls": [{"x": x, "name": name} for name in (UNKNOWN, *ELEMENTWISE)]}

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Judge the unknown name, where the function is written at all."""
        unknown, *known = content["answers"]
        if not any("array" in entry for entry in known):
            finding = output_of(known[0], "activation")
            return finding if isinstance(finding, Finding) else Finding(False)
        kind = unknown.get("fault", {}).get("kind")
        if kind in ("error", "unwritten"):
            return RIGHT
        if kind is not None:
            found = output_of(unknown, "activation")
            return found if isinstance(found, Finding) else Finding(False)
        return Finding(False, "No exception was raised for an unknown name.", (NAME_ACCEPTED,))


def _of_known_name(output: Float | Finding) -> Float | Finding:
    """Return an output; if the name was refused, that it is one of the lab's."""
    if isinstance(output, Finding) and ANOTHER_NAME in output.mistakes:
        return replace(output, mistakes=(NAME_REFUSED,))
    return output


def _facts(x: Float, right: Float, output: Float) -> str:
    if output.shape != right.shape:
        return (
            f"For x of shape {x.shape} the result has shape {output.shape}, expected {right.shape}."
        )
    off = np.where(np.isfinite(output), np.abs(output - right), np.inf)
    place = np.unravel_index(off.argmax(), right.shape)
    return f"For x = {x[place]:.4g} it gives {output[place]:.4g}, expected {right[place]:.4g}."


def draw_numbers(seed: int) -> dict[str, list[Float]]:
    """Return the inputs of each activation: numbers of both signs, and three points of four classes.

    One of the numbers lies in (0.02, 0.09), one in (0.2, 0.45), one above 6.5: so a relu with its
    threshold at 0.1 or 0.5 shows, and one that is cut off at 6.
    """
    sizes = SIZES + WIDTHS * uniform(stream(seed, "samples", 1), len(SIZES))
    numbers = np.array(
        [-sizes[4], -sizes[2], 0.0, sizes[0], sizes[6], sizes[1], sizes[3], sizes[5]]
    )
    sums = SUMS + 0.3 * uniform(stream(seed, "samples", 2), SUMS.shape)
    layouts = {name: elementwise_layouts(numbers) for name in ELEMENTWISE}
    return layouts | {"softmax": softmax_layouts(sums)}


def draw_checks(seed: int) -> tuple[Check, ...]:
    """Return the checks of `activation`."""
    return (
        *(
            ActivationCheck(f"activation-{name}", f'activation(x, "{name}")', activation=name, layouts=x)
            for name, x in draw_numbers(seed).items()
        ),
        UnknownNameCheck("activation-unknown-name", "activation with an unknown name"),
    )  # fmt: skip
