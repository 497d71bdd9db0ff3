"""What a user gets: networks a second from `mlplab.train`, and the kernels alone beside them.

From the experiment to the runs: fresh draws of samples, initial weights and shuffles, training,
validation after every epoch, evaluation, results.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from statistics import median
from typing import Any, Literal

from mlplab.bench.peers import PEERS
from mlplab.bench.rounds import Pair, measure_pairs
from mlplab.bench.side import KERNELS, OWN_KERNELS, OWN_WHOLE_CALL, SGEMM, WHOLE_CALL, Side
from mlplab.bench.taken import Taken
from mlplab.bench.verdict import GoalVerdict
from mlplab.bench.worker import Worker
from mlplab.bench.workload import Workload, lab_workload, whole_workload

GOALS_ARE_FOR_THREADS = 2

SECOND_THREAD, SECOND_THREAD_GOAL = "a second thread", 1.8
"""How many times as many networks a second two threads should at least train as one."""

PER_GFLOPS = "networks a second for each GFLOP/s"

OWN_SAMPLES, OWN_SAMPLES_GOAL = "own samples", 1.1
"""How many times as long as its kernels a call on own samples should take at most."""

USER = "jax-user"
"""The peer that draws and trains as a user of JAX would."""

SINGLE, SINGLE_GOAL, SINGLE_SECONDS = "one network, seconds", 2.0, 0.001
"""From call to result it should take at most so many times its kernel, and so many seconds."""

SINGLE_TIMES = 5
"""One network is measured so many times in a round: it takes milliseconds."""


@dataclass(frozen=True)
class EndToEndCase:
    """A workload that is measured end to end, and what it should reach.

    Attributes
    ----------
    workload : Workload
        A whole experiment of the lab.
    goal, floor : float
        Networks a second for each GFLOP/s of SGEMM: wanted, and the least.
    lead : float
        How many times as many networks a second as a user's own program it should at least train.
    single : bool
        Whether one network alone is measured too.
    """

    workload: Workload
    goal: float
    floor: float
    lead: float
    single: bool


def cases() -> list[EndToEndCase]:
    """Return what is measured end to end; each training takes a few tenths of a second."""
    return [
        EndToEndCase(_whole("1.1-batch-16", 4096), goal=90, floor=65, lead=10, single=False),
        EndToEndCase(_whole("1.2-relu", 1024), goal=27, floor=21, lead=20, single=True),
    ]


def _whole(id: str, population: int) -> Workload:
    return whole_workload(lab_workload(id, population, epochs=1))


@dataclass(frozen=True)
class EndToEnd:
    """What was measured of one case.

    Attributes
    ----------
    case : EndToEndCase
    threads : int
    seconds : mapping of (str, int) to tuple of float
        From a side's name and its threads to the seconds for one network in each round; in every round
        all sides are measured right after one another. SGEMM's are what as many operations take.
    single : Pair or None
        One network alone: its kernel is "ours", and the whole call "theirs".
    """

    case: EndToEndCase
    threads: int
    seconds: Mapping[tuple[str, int], tuple[float, ...]]
    single: Pair | None

    def has(self, side: Side, threads: int | None = None) -> bool:
        """Tell whether a side was measured, on so many threads; by default on all."""
        return (side.name, threads or self.threads) in self.seconds

    def rate(self, side: Side, threads: int | None = None) -> float:
        """Return a side's networks a second: the median of all rounds."""
        return 1 / median(self.seconds[side.name, threads or self.threads])

    def ratio(self, side: Side, than: Side, threads: int | None = None) -> float:
        """Return how many times as long one side takes as another: the median of the rounds' ratios.

        Parameters
        ----------
        threads : int, optional
            Of the first side; by default all, which the other side has.
        """
        first = self.seconds[side.name, threads or self.threads]
        second = self.seconds[than.name, self.threads]
        return median(a / b for a, b in zip(first, second, strict=True))

    @property
    def gflops(self) -> float:
        """The machine's rate of SGEMM in the same rounds, in GFLOP/s."""
        workload = self.case.workload
        return workload.operations * workload.epochs * self.rate(SGEMM) / 1e9

    @property
    def per_gflops(self) -> float:
        """Networks a second from `mlplab.train` for each GFLOP/s of SGEMM: the median of the rounds'."""
        workload = self.case.workload
        return self.ratio(SGEMM, than=WHOLE_CALL) / (workload.operations * workload.epochs) * 1e9

    @property
    def second_thread(self) -> float:
        """How many times as many networks a second all threads train as one."""
        return self.ratio(WHOLE_CALL, than=WHOLE_CALL, threads=1)

    @property
    def own_samples(self) -> float:
        """How many times as long a call on own samples takes as its kernels."""
        return self.ratio(OWN_WHOLE_CALL, than=OWN_KERNELS)

    @property
    def single_kernel(self) -> float:
        """Seconds that the kernel of one network alone takes; NaN if not measured."""
        return median(taken.seconds for taken in self.single.ours) if self.single else math.nan

    @property
    def single_seconds(self) -> float:
        """Seconds that one network alone takes, from call to result; NaN if not measured."""
        return median(taken.seconds for taken in self.single.theirs) if self.single else math.nan

    def verdicts(self) -> dict[str, GoalVerdict]:
        """Return every goal whose figure was measured, by what it is for."""
        found: dict[str, tuple[float, float, Literal["least", "most"]]] = {}
        if self.threads == GOALS_ARE_FOR_THREADS:
            found[SECOND_THREAD] = self.second_thread, SECOND_THREAD_GOAL, "least"
        found[PER_GFLOPS] = self.per_gflops, self.case.goal, "least"
        found[OWN_SAMPLES] = self.own_samples, OWN_SAMPLES_GOAL, "most"
        if (USER, self.threads) in self.seconds:
            found[USER] = self.ratio(PEERS[USER], than=WHOLE_CALL), self.case.lead, "least"
        if self.single is not None:
            goal = SINGLE_GOAL * self.single_kernel + SINGLE_SECONDS
            found[SINGLE] = self.single_seconds, goal, "most"
        name = self.case.workload.id
        return {what: GoalVerdict(f"{name}: {what}", *numbers) for what, numbers in found.items()}

    def as_json(self) -> dict[str, Any]:
        """Return all that was measured, and what follows from it."""
        workload = self.case.workload
        found: dict[str, Any] = {
            "name": workload.id,
            "experiment": workload.experiment.model_dump(mode="json"),
            "population": workload.population,
            "sides": [
                {
                    "side": name,
                    "threads": threads,
                    "seconds": list(seconds),
                    "networks_a_second": None if name == SGEMM.name else 1 / median(seconds),
                }
                for (name, threads), seconds in self.seconds.items()
            ],
            "sgemm_gflops": self.gflops,
            "networks_a_second_for_each_gflops": self.per_gflops,
            "floor": self.case.floor,
            "single": None,
        }
        if self.single is not None:
            found["single"] = {
                "kernel": [asdict(taken) for taken in self.single.ours],
                "whole": [asdict(taken) for taken in self.single.theirs],
            }
        return found


def sides_of(threads: int, peers: Sequence[Side]) -> list[tuple[Side, int]]:
    """Return who is measured, and on how many threads each."""
    ours = [(side, n) for n in sorted({1, threads}) for side in (WHOLE_CALL, KERNELS)]
    return [*ours, *((side, threads) for side in (OWN_WHOLE_CALL, OWN_KERNELS, SGEMM, *peers))]


def measure_end_to_end(
    case: EndToEndCase,
    workers: Mapping[tuple[str, int], Worker],
    threads: int,
    rounds: int,
    progress: Callable[[int, int], None],
) -> EndToEnd:
    """Measure one case: all sides in turn, in every other round in the reverse order."""
    workload = case.workload
    total = len(workers) * (rounds + 1) + case.single * (1 + rounds * SINGLE_TIMES)
    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    for worker in workers.values():
        worker.prepare(workload)
        count()
    seconds: dict[tuple[str, int], list[float]] = {key: [] for key in workers}
    for number in range(rounds):
        for key in list(workers) if number % 2 == 0 else reversed(list(workers)):
            seconds[key].append(workers[key].measure().seconds * workload.epochs)
            count()
    single = None
    if case.single:
        alone = replace(workload, population=1)
        kernel, whole = (workers[side.name, 1] for side in (KERNELS, WHOLE_CALL))
        for worker in (kernel, whole):
            worker.prepare(alone)
        count()

        def network(worker: Worker) -> Callable[[], Taken]:
            return lambda: worker.measure().times(alone.epochs)

        pairs = measure_pairs(
            network(kernel), {"whole": network(whole)}, rounds * SINGLE_TIMES, count
        )
        single = pairs["whole"]
    return EndToEnd(case, threads, {key: tuple(times) for key, times in seconds.items()}, single)
