"""What the bench found: numbers, with goals and verdicts, and all of it as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from mlplab.bench.browser_rate import BrowserRate
from mlplab.bench.cluster_rate import ClusterRate
from mlplab.bench.curves import CLIFF, Curve
from mlplab.bench.end_to_end import EndToEnd
from mlplab.bench.estimator_fits import EstimatorFits
from mlplab.bench.page_rate import PageRate
from mlplab.bench.regularised import Regularised
from mlplab.bench.rounds import Pair
from mlplab.bench.search_beside import SearchBeside
from mlplab.bench.starting import COMPILING_GOAL, FIRST_GOAL, START_GOAL, Starting
from mlplab.bench.store_figures import StoreFigures
from mlplab.bench.taken import Taken
from mlplab.bench.tuning_compared import TuningCompared
from mlplab.bench.verdict import GoalVerdict
from mlplab.bench.worker import Ready
from mlplab.bench.workload import Workload

SCHEMA = 1
"""Of the JSON; raised when a name in it changes its meaning."""

PARTS = (
    *("end-to-end", "regularised", "peers", "curves", "start"),
    *("store", "tuning", "estimators", "search", "cluster", "browser", "page"),
)
"""What the bench measures, in this order."""


@dataclass(frozen=True)
class Settings:
    """How the bench was asked to measure.

    Attributes
    ----------
    rounds : int
    threads : int
    quick : bool
        Whether few epochs and sizes were to do.
    parts : tuple of str
        Which of `PARTS` were to be measured.
    """

    rounds: int
    threads: int
    quick: bool
    parts: tuple[str, ...] = PARTS


@dataclass(frozen=True)
class Compared:
    """One workload, our side against all others.

    Attributes
    ----------
    workload : Workload
    ready : mapping of str to Ready
        What each side said beforehand, the engine too.
    pairs : mapping of str to Pair
        Seconds for one epoch of one network; "theirs" is the side named.
    whole_seconds : float
        Of a whole call of `mlplab.train`, drawing, validation and evaluation included, for
        `whole_epochs` epochs of the whole population.
    whole_epochs : int
    """

    workload: Workload
    ready: Mapping[str, Ready]
    pairs: Mapping[str, Pair]
    whole_seconds: float
    whole_epochs: int

    @property
    def seconds(self) -> float:
        """For one epoch of one network, the engine's: the median of all rounds."""
        return median(taken.seconds for taken in self._ours())

    @property
    def processor(self) -> float:
        """Seconds of processor for the same."""
        return median(taken.processor for taken in self._ours())

    def _ours(self) -> list[Taken]:
        return [taken for pair in self.pairs.values() for taken in pair.ours]

    @property
    def rate(self) -> float:
        """Floating-point operations of the engine's matrix products in a second."""
        return self.workload.operations / self.seconds

    def theirs(self, name: str) -> float:
        """Return another side's seconds for one epoch of one network: the median of all rounds."""
        return median(taken.seconds for taken in self.pairs[name].theirs)

    def their_processor(self, name: str) -> float:
        """Return another side's seconds of processor for the same."""
        return median(taken.processor for taken in self.pairs[name].theirs)

    def most(self, name: str) -> float:
        """Return what a ratio would be if the engine reached the machine's whole rate of SGEMM."""
        return self.theirs(name) / self.theirs("sgemm")


@dataclass(frozen=True)
class Record:
    """All of one bench.

    Attributes
    ----------
    settings : Settings
    began : str
        Date and time, ISO 8601.
    seconds : float
        That the bench took.
    machine : mapping
    load : mapping of str to float or None
        Processes that wanted a core, "before" and "after" (the bench itself is one), and the fraction of
        the cores that "others" used meanwhile.
    versions : mapping of str to str
    left_out : mapping of str to str
        Peers and parts that were not measured, and why.
    end_to_end : tuple of EndToEnd
    regularised : Regularised or None
    compared : tuple of Compared
    curves : tuple of Curve
    starting : Starting or None
    store : StoreFigures or None
    tuning : TuningCompared or None
    estimators : EstimatorFits or None
    search : SearchBeside or None
    cluster : ClusterRate or None
    browser : BrowserRate or None
    page : PageRate or None
        This and the eleven before it are empty where they were not asked for, or left out.
    """

    settings: Settings
    began: str
    seconds: float
    machine: Mapping[str, Any]
    load: Mapping[str, float | None]
    versions: Mapping[str, str]
    left_out: Mapping[str, str]
    end_to_end: tuple[EndToEnd, ...]
    regularised: Regularised | None
    compared: tuple[Compared, ...]
    curves: tuple[Curve, ...]
    starting: Starting | None
    store: StoreFigures | None
    tuning: TuningCompared | None
    estimators: EstimatorFits | None
    search: SearchBeside | None
    cluster: ClusterRate | None
    browser: BrowserRate | None
    page: PageRate | None

    def verdicts(self) -> list[GoalVerdict]:
        """Return every goal whose figure was measured."""
        found = [verdict for part in self.end_to_end for verdict in part.verdicts().values()]
        found += [
            GoalVerdict(f"{part.workload.name}: {name}", part.pairs[name].ratio, goal, "least")
            for part in self.compared
            for name, goal in part.workload.goals.items()
            if name in part.pairs
        ]
        found += [
            GoalVerdict(f"{curve.quantity}, {curve.name}: cliff", curve.steepest, CLIFF, "most")
            for curve in self.curves
        ]
        starting = self.starting
        if starting is not None and starting.first is not None and starting.in_all is not None:
            found.append(GoalVerdict("first training, seconds", starting.first, FIRST_GOAL, "most"))
            found.append(GoalVerdict("compiling, seconds", starting.in_all, COMPILING_GOAL, "most"))
        if starting is not None:
            found.append(GoalVerdict("start, seconds", starting.start, START_GOAL, "most"))
        if self.store is not None:
            found += self.store.verdicts()
        if self.cluster is not None:
            found.append(self.cluster.verdict)
        if self.browser is not None:
            found += self.browser.verdicts()
        if self.page is not None:
            found += [figure.verdict for figure in self.page.figures]
        return found

    def as_json(self) -> dict[str, Any]:
        """Return the record as JSON has it; medians and verdicts, which follow from it, included."""
        return {
            "schema": SCHEMA,
            "began": self.began,
            "seconds": self.seconds,
            "settings": asdict(self.settings),
            "machine": dict(self.machine),
            "load": dict(self.load),
            "versions": dict(self.versions),
            "left_out": dict(self.left_out),
            "end_to_end": [part.as_json() for part in self.end_to_end],
            "regularised": None if self.regularised is None else self.regularised.as_json(),
            "compared": [_compared(part) for part in self.compared],
            "curves": [
                asdict(curve) | {"medians": curve.medians, "steepest": curve.steepest}
                for curve in self.curves
            ],
            "starting": None
            if self.starting is None
            else asdict(self.starting)
            | {
                "first": self.starting.first,
                "in_all": self.starting.in_all,
                "start": self.starting.start,
            },
            "store": None if self.store is None else self.store.as_json(),
            "tuning": None if self.tuning is None else self.tuning.as_json(),
            "estimators": None if self.estimators is None else self.estimators.as_json(),
            "search": None if self.search is None else self.search.as_json(),
            "cluster": None if self.cluster is None else self.cluster.as_json(),
            "browser": None if self.browser is None else self.browser.as_json(),
            "page": None if self.page is None else self.page.as_json(),
            "verdicts": [
                asdict(verdict) | {"reached": verdict.reached} for verdict in self.verdicts()
            ],
        }


def _compared(part: Compared) -> dict[str, Any]:
    workload = part.workload
    return {
        "name": workload.name,
        "experiment": workload.experiment.model_dump(mode="json"),
        "population": workload.population,
        "samples": workload.samples,
        "updates": workload.updates * workload.epochs,
        "operations": workload.operations,
        "seconds": part.seconds,
        "processor": part.processor,
        "rate": part.rate,
        "whole": {"epochs": part.whole_epochs, "seconds": part.whole_seconds},
        "sides": {name: asdict(ready) for name, ready in part.ready.items()},
        "pairs": {
            name: asdict(pair)
            | {
                "ratio": pair.ratio,
                "lowest": pair.lowest,
                "highest": pair.highest,
                "processor_ratio": pair.processor_ratio,
                "goal": workload.goals.get(name),
            }
            for name, pair in part.pairs.items()
        },
    }
