"""Goals, and whether what was measured reaches them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class GoalVerdict:
    """A goal, and what was measured.

    Attributes
    ----------
    what : str
    value : float
    goal : float
    sense : "least" or "most"
        What the goal is for the value.
    """

    what: str
    value: float
    goal: float
    sense: Literal["least", "most"]

    @property
    def reached(self) -> bool:
        """Whether the value is as the goal wants it."""
        return self.value >= self.goal if self.sense == "least" else self.value <= self.goal
