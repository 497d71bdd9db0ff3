"""Task 3: weights and biases found by hand for the boundary x2 = 1 - x1.

They are handed in as variables `W` and `b`, in a file `task3.py` beside `mlp.py` or in `mlp.py` itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlplab.boundary import Line, check
from mlplab.course.checker.checks.check import ABSENT, RIGHT, Check, Finding, output_of
from mlplab.course.checker.mistakes.seen import OTHER_LINE, SWAPPED
from mlplab.errors import MlplabError

LINE = "x2 = 1 - x1"


@dataclass(frozen=True, eq=False)
class BoundaryCheck(Check):
    """The line that W and b draw."""

    action = "variables"

    @property
    def arguments(self) -> dict[str, Any]:
        """Ask for both variables."""
        return {"names": ["W", "b"]}

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Recover the line, and compare it."""
        if not {"W", "b"} <= set(content):
            return ABSENT
        arrays = [output_of(content[name], f"{name} of task 3") for name in ("W", "b")]
        for array in arrays:
            if isinstance(array, Finding):
                return array
        weights, biases = (np.asarray(array) for array in arrays)
        if weights.shape == (1, 2, 2):  # a list with one matrix, as setup_model takes it
            weights, biases = weights[0], biases.reshape(-1)
        try:
            found = check(weights, biases.reshape(-1), Line.parse(LINE), "below")
        except MlplabError as error:
            return Finding(False, f"{error}.")
        if found.is_right:
            return RIGHT
        return Finding(False, found.explain(), (SWAPPED if found.labels_swapped else OTHER_LINE,))


CHECKS: tuple[Check, ...] = (BoundaryCheck("task-3-boundary", f"task 3, the boundary {LINE}"),)
