"""What a session has trained beside itself: populations, a part at a time, in turn with everyone's."""

from __future__ import annotations

from typing import Any, Literal

from mlplab.errors import MlplabError
from mlplab.playground.studies.accuracy_map import AccuracyMap
from mlplab.playground.studies.comparison import SetUpComparison
from mlplab.playground.studies.differences import differences, say_differences
from mlplab.playground.studies.hyperparameters import hyperparameters
from mlplab.playground.studies.replication import Replication
from mlplab.playground.studies.study import Study
from mlplab.playground.workers import Workers
from mlplab.spec import Experiment


class Studies:
    """The studies of a session, the last of each kind.

    Parameters
    ----------
    workers : Workers
        Who train the populations of all sessions. A session has one place among them, however many
        studies it has under way.

    Attributes
    ----------
    replication : Replication or None
    kept : Experiment or None
        The set-up that is called A.
    comparison : SetUpComparison or None
        Of A with another.
    map : AccuracyMap or None
    """

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._turn = 0
        self.replication: Replication | None = None
        self.kept: Experiment | None = None
        self.comparison: SetUpComparison | None = None
        self.map: AccuracyMap | None = None

    def replicate(self, replication: Replication) -> None:
        """Begin a replication in the place of the last one."""
        _end(self.replication)
        self.replication = replication
        self._workers.wake(self.work)

    def keep(self, experiment: Experiment) -> None:
        """Call a set-up A; a comparison with another A is over."""
        if experiment != self.kept:
            _end(self.comparison)
            self.comparison = None
        self.kept = experiment

    def compare(self, comparison: SetUpComparison) -> None:
        """Begin a comparison in the place of the last one."""
        _end(self.comparison)
        self.comparison = comparison
        self._workers.wake(self.work)

    def draw_map(self, drawn: AccuracyMap) -> None:
        """Begin a map in the place of the last one."""
        _end(self.map)
        self.map = drawn
        self._workers.wake(self.work)

    def stop(self, name: str) -> None:
        """End a study before its time.

        Raises
        ------
        MlplabError
            If there is no kind of study of this name.
        """
        known = {"replicate": self.replication, "compare": self.comparison, "map": self.map}
        if name not in known:
            raise MlplabError(f"there is no study '{name[:20]}' to stop")
        _end(known[name])

    def end(self) -> None:
        """End all."""
        for study in self._all:
            study.end()
        self._workers.forget(self.work)

    def work(self) -> float | None:
        """Train a part of one of them, each in its turn; a task of the workers."""
        under_way = [study for study in self._all if study.under_way]
        if not under_way:
            return None
        self._turn += 1
        under_way[self._turn % len(under_way)].work()
        return 0.0

    # ---- For the page ----------------------------------------------------------------------------

    def say(self, name: Literal["compare", "map"], present: Experiment) -> dict[str, Any]:
        """Return what there is to say of a comparison or a map, where a set-up is the present one."""
        return self._compared(present) if name == "compare" else self._mapped(present)

    def _compared(self, present: Experiment) -> dict[str, Any]:
        """Return how a set-up differs from A, and the comparison as long as it is of this set-up."""
        a, comparison = self.kept, self.comparison
        is_there = comparison is not None and comparison.is_of(present)
        return {
            "kept": a is not None,
            "differs": "" if a is None else say_differences(differences(a, present)),
            "found": comparison.summary(present) if comparison is not None and is_there else None,
        }

    def _mapped(self, present: Experiment) -> dict[str, Any]:
        """Return what can be varied in a set-up, and the map as long as it is of this set-up."""
        drawn = self.map
        is_there = drawn is not None and drawn.is_of(present)
        return {
            "offered": [
                {"path": each.path, "name": each.name, "values": each.values}
                for each in hyperparameters(present)
            ],
            "found": drawn.summary(present) if drawn is not None and is_there else None,
        }

    @property
    def _all(self) -> list[Study]:
        studies: list[Study | None] = [self.replication, self.comparison, self.map]
        return [study for study in studies if study is not None]


def _end(study: Study | None) -> None:
    if study is not None:
        study.end()
