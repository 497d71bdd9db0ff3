"""All that was measured of the store, and its goals."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from mlplab.bench.full_store import GOALS, FullStore
from mlplab.bench.store_overhead import OVERHEAD_GOAL, StoreOverhead
from mlplab.bench.verdict import GoalVerdict


@dataclass(frozen=True)
class StoreFigures:
    """What the store costs, and what a full one takes.

    Attributes
    ----------
    overheads : tuple of StoreOverhead
    full : FullStore
    """

    overheads: tuple[StoreOverhead, ...]
    full: FullStore

    def verdicts(self) -> list[GoalVerdict]:
        """Return every goal whose figure was measured."""
        found = [
            GoalVerdict(f"store, {part.command}: overhead", part.overhead, OVERHEAD_GOAL, "most")
            for part in self.overheads
        ]
        if self.full.has_goals:
            found += [
                GoalVerdict(f"store, {what}, seconds", self.full.seconds(what), goal, "most")
                for what, goal in GOALS.items()
            ]
        return found

    def as_json(self) -> dict[str, Any]:
        """Return all that was measured, and what follows from it."""
        return {
            "sqlite": sqlite3.sqlite_version,
            "overheads": [part.as_json() for part in self.overheads],
            "full": self.full.as_json(),
        }
