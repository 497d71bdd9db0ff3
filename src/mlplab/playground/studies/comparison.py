"""Two set-ups, a hundred runs of each from the same seeds: which is better, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from mlplab.errors import MlplabError
from mlplab.playground.studies.differences import differences, say_differences
from mlplab.playground.studies.replication import RUNS
from mlplab.playground.studies.sample import Sample
from mlplab.playground.studies.study import PART, Study
from mlplab.spec import Experiment, SamplesFile
from mlplab.statistics import Comparison, compare


class SetUpComparison(Study):
    """A hundred runs of A and of B, under way or done.

    Parameters
    ----------
    a, b : Experiment
    seed : int
        Of the run that is looked at; the hundred pairs have the seeds after it.
    changed : callable
        Called after each part, in the thread that trains.

    Attributes
    ----------
    result : Comparison or None
        Of B with A; None until all are trained.

    Raises
    ------
    MlplabError
        If A and B are the same, or A's own points are there no more.
    """

    def __init__(
        self, a: Experiment, b: Experiment, seed: int, changed: Callable[[], None]
    ) -> None:
        found = differences(a, b)
        if not found:
            raise MlplabError("A and this set-up are the same: change something, and compare")
        if isinstance(a.dataset, SamplesFile) and not Path(a.dataset.path).is_file():
            raise MlplabError(
                "A's own points went with the session that they belonged to: keep a set-up as A again"
            )
        super().__init__(2 * RUNS, changed)
        self.a, self.b = a, b
        self.result: Comparison | None = None
        self._differs = say_differences(found)
        self._samples = Sample(a, seed + 1), Sample(b, seed + 1)

    @property
    def done(self) -> int:
        """Runs that are trained, of both."""
        return sum(map(len, self._samples))

    def _train_part(self) -> None:
        """Train a part of that which has fewer runs."""
        a, b = self._samples
        sample = b if len(b) < len(a) else a
        sample.train(min(PART, RUNS - len(sample)))
        sample.estimate()
        if self.done == 2 * RUNS:
            ratios = [s.resplit_ratio for s in (a, b) if s.resplit_ratio is not None]
            self.result = compare(
                b.accuracy,
                a.accuracy,
                resplit_ratio=max(ratios, default=None),
                one_split=not ratios and (a.one_split or b.one_split),
            )

    def is_of(self, experiment: Experiment) -> bool:
        """Tell whether a set-up is A or B."""
        return experiment in (self.a, self.b)

    def summary(self, present: Experiment) -> dict[str, Any]:
        """Return what there is to say, for the page.

        Parameters
        ----------
        present : Experiment
            A or B, whichever is set up now.
        """
        said: dict[str, Any] = {
            "differs": self._differs,
            "now": "A" if present == self.a else "B",
            "done": self.done,
            "total": 2 * RUNS,
            "under_way": self.under_way,
            "trouble": self.trouble,
            "sides": [sample.say() | {"runs": len(sample)} for sample in self._samples],
        }
        if self.result is not None:
            said |= {
                "verdict": self.result.verdict,
                "sentence": self.result.sentence("B", "A"),
                "headline": self.result.headline("B", "A"),
                "clauses": list(self.result.clauses("B", "A")),
            }
        return said
