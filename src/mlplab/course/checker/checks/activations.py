"""`activation(x, name)`: known values, and an unknown name.

Who feeds points forward one by one has columns, who takes all at once has rows. Both are right, and so
is a softmax that sums over the whole column. So each function is called with its numbers in several
layouts, and has to be right in one of them; whether it is the one that `feedforward` uses shows there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mlplab.course.checker.checks.check import RIGHT, Check, Finding, Float, output_of
from mlplab.course.checker.mistakes.activations import ELEMENTWISE, MISTAKES, Activated
from mlplab.course.checker.mistakes.mistake import Mistake, same
from mlplab.spec.heads import softmax

UNKNOWN = "no_such_activation"

NUMBERS = np.array([-2.0, -0.5, 0.0, 0.3, 1.7])
SUMS = np.array([[0.2, -1.0, 1.5], [2.0, 0.5, -0.3]])
"""Two points, three classes."""


def right_activation(name: str, z: Float) -> Float:
    """Return what is right; softmax of one distribution, shape (K,)."""
    return softmax(z[None])[0] if name == "softmax" else ELEMENTWISE[name](z)


def elementwise_layouts(z: Float) -> list[Float]:
    """Return the same numbers as a row of points, a column, and a vector."""
    return [np.stack([z, z[::-1]]), z[:, None], z, z[None]]


def softmax_layouts(z: Float) -> list[Float]:
    """Return distributions as rows, a column, a vector, a row, and columns."""
    return [z, z[0][:, None], z[0], z[:1], z.T]


SOFTMAX_AXES = (1, 0, 0, 1, 0)
"""Along which axis each layout holds a distribution."""


@dataclass(frozen=True, eq=False)
class ActivationCheck(Check):
    """One activation by its name."""

    activation: str = "linear"
    action: str = field(init=False, default="activation")

    @property
    def layouts(self) -> list[Float]:
        """The inputs."""
        if self.activation == "softmax":
            return softmax_layouts(SUMS)
        return elementwise_layouts(NUMBERS)

    @property
    def arguments(self) -> dict[str, Any]:
        """Call it with each layout."""
        return {"calls": [{"x": x, "name": self.activation} for x in self.layouts]}

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Right in one layout is right."""
        outputs = [
            output_of(entry, f'activation(x, "{self.activation}")') for entry in content["answers"]
        ]
        findings = [
            self._compare(i, x, output)
            for i, (x, output) in enumerate(zip(self.layouts, outputs, strict=True))
        ]
        if any(finding.right for finding in findings):
            return RIGHT
        # An array that is recognised says more than an error in a layout that was never meant.
        by_value = [f for f, o in zip(findings, outputs, strict=True) if not isinstance(o, Finding)]
        return next((f for f in by_value if f.mistakes), [*by_value, *findings][0])

    def along(self, layout: int, function: Any, x: Float) -> Float:
        """Apply a function to the numbers, or for softmax to each distribution, of a layout."""
        if self.activation != "softmax":
            return np.asarray(function(x))
        return np.apply_along_axis(function, SOFTMAX_AXES[layout], x)

    def _compare(self, layout: int, x: Float, output: Float | Finding) -> Finding:
        if isinstance(output, Finding):
            return output
        right = self.along(layout, lambda z: right_activation(self.activation, z), x)
        if same(output, right):
            return RIGHT
        return Finding(False, _facts(x, right, output), self._mistakes(layout, x, right, output))

    def _mistakes(self, layout: int, x: Float, right: Float, output: Float) -> tuple[Mistake, ...]:
        found: dict[str, Mistake] = {}
        with np.errstate(all="ignore"):
            for entry in MISTAKES:
                if entry.answer(Activated(self.activation, np.ones(2))) is None:
                    continue
                would = self.along(
                    layout, lambda z, e=entry: e.answer(Activated(self.activation, z)), x
                )
                if same(would, output) and not same(would, right):
                    found.setdefault(entry.mistake.name, entry.mistake)
        return tuple(found.values())


@dataclass(frozen=True, eq=False)
class UnknownNameCheck(Check):
    """An unknown name must raise an exception; a known one must not, else the function is not written."""

    action: str = field(init=False, default="activation")

    @property
    def arguments(self) -> dict[str, Any]:
        """Call it with the unknown name, then with the known ones."""
        names = (UNKNOWN, *ELEMENTWISE)
        return {"calls": [{"x": NUMBERS[:, None], "name": name} for name in names]}

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
        mistake = Mistake(
            "unknown-name-accepted",
            f'activation(x, "{UNKNOWN}") raises no exception.',
            "In activation, let the last else raise one: raise ValueError(...). Else a "
            "misspelt name goes "
            "unnoticed.",
        )
        return Finding(False, "No exception was raised for an unknown name.", (mistake,))


@dataclass(frozen=True, eq=False)
class OverflowCheck(Check):
    """Sigmoid and softmax of numbers as large as ±1000. The lab does not ask for it."""

    action: str = field(init=False, default="activation")

    @property
    def arguments(self) -> dict[str, Any]:
        """Call both with a column, a vector and a row."""
        large = np.array([1000.0, -1000.0])
        layouts: Sequence[Float] = (large[:, None], large, large[None])
        return {
            "calls": [{"x": x, "name": name} for name in ("sigmoid", "softmax") for x in layouts]
        }

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Each must give 1 and 0 in one layout."""
        outputs = [output_of(entry, "activation") for entry in content["answers"]]
        for name, found in (("sigmoid", outputs[:3]), ("softmax", outputs[3:])):
            arrays = [o.reshape(-1) for o in found if not isinstance(o, Finding)]
            if not any(same(array, [1.0, 0.0]) for array in arrays):
                return Finding(
                    False,
                    f'activation(x, "{name}") gives no number for x as large as 1000: exp '
                    "overflows. The lab does not ask for more; to be safe, take the largest number off x "
                    "before a softmax, and for a sigmoid use exp(-abs(x)).",
                )
        return RIGHT


def _facts(x: Float, right: Float, output: Float) -> str:
    if output.shape != right.shape:
        return (
            f"For x of shape {x.shape} the result has shape {output.shape}, expected {right.shape}."
        )
    place = np.unravel_index(
        np.nanargmax(np.where(np.isfinite(output), np.abs(output - right), np.inf)), right.shape
    )
    return f"For x = {x[place]:g} it gives {output[place]:.4g}, expected {right[place]:.4g}."


CHECKS: tuple[Check, ...] = (
    ActivationCheck("activation-linear", 'activation(x, "linear")', activation="linear"),
    ActivationCheck("activation-sigmoid", 'activation(x, "sigmoid")', activation="sigmoid"),
    ActivationCheck("activation-relu", 'activation(x, "relu")', activation="relu"),
    ActivationCheck("activation-softmax", 'activation(x, "softmax")', activation="softmax"),
    UnknownNameCheck("activation-unknown-name", "activation with an unknown name"),
)
BEYOND: tuple[Check, ...] = (OverflowCheck("activation-overflow", "sigmoid and softmax of ±1000"),)
