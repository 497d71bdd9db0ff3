"""Train a population on all cores: threads take one job after the other until none is left.

A thread draws the trials of the jobs that it takes, of small blocks several at a time, so that memory
grows with the population by its results only. Drawing and kernels hold no lock of Python's; no two jobs
write to the same place.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.drawn import draw_jobs, forget_samples
from mlplab.engine.jobs import Job, Shape, make_jobs, shape_of, smallest_trials
from mlplab.engine.outcome_results import OutcomeResults
from mlplab.engine.prepared import forget_step_sizes
from mlplab.engine.results import Results
from mlplab.engine.work import do_job
from mlplab.run import Runs
from mlplab.spec import Experiment
from mlplab.trial import Trials
from mlplab.trial_table import TrialTable

POLL = 0.05
"""Seconds between two looks at how far the threads are."""


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Population:
    """Trials of one or more experiments, and the threads that train them.

    Parameters
    ----------
    groups : sequence of Trials or TrialTable
        Of each experiment, or tables of trials of several, of which outcomes are kept only.
    threads : int
        At least 1; the results do not depend on it.
    keep_weights : int
        So many trials of each experiment, the first ones, keep their weights.
    validate : bool
        Whether validation samples are looked at after each epoch.

    Attributes
    ----------
    results : list of Results or OutcomeResults
        Of each group, filled as jobs end.
    """

    def __init__(
        self,
        groups: Sequence[Trials | TrialTable],
        threads: int,
        keep_weights: int = 0,
        validate: bool = True,
    ) -> None:
        self.groups, self.validate = groups, validate
        self.results: list[Results | OutcomeResults] = [
            OutcomeResults(trials, shape_of(trials))
            if isinstance(trials, TrialTable)
            else Results(trials, shape_of(trials), keep_weights)
            for trials in groups
        ]
        self._jobs = make_jobs(groups, threads)
        self._epochs = np.zeros((len(self._jobs), 1), np.int64)
        self._networks = np.array([len(job) for job in self._jobs], np.int64)
        self._threads = min(threads, len(self._jobs))
        self._stop = np.zeros(1, np.uint8)
        self._next = 0
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._failure: BaseException | None = None

    def _epochs_done(self) -> int:
        return int(self._epochs[:, 0] @ self._networks)

    def train(self, progress: Callable[[int], None]) -> Iterator[None]:
        """Train, and yield now and then and when all is done; once the iterator is closed, stop.

        Each time `progress` is called with the epochs done; those that a diverged network leaves out
        count as done.

        What a job raises, an interrupt, and closing end the training within a few samples; what is
        finished then is in the results.
        """
        compile_for(self.groups, self._jobs)
        threads = [
            threading.Thread(target=self._work, name=f"mlplab-engine-{i}", daemon=True)
            for i in range(self._threads)
        ]

        def stop() -> None:
            self._stop[0] = not self._ended.is_set()
            for thread in threads:
                if thread.is_alive():  # an interrupt may come before all have begun
                    thread.join()

        working = len(threads)
        if not working:
            self._ended.set()
        self._working = working
        # An iterator that is kept, but not gone through, must not keep Python from ending.
        atexit.register(stop)
        try:
            for thread in threads:
                thread.start()
            while not self._ended.wait(POLL):
                progress(self._epochs_done())
                yield
        finally:
            atexit.unregister(stop)
            stop()
            forget_samples()
            forget_step_sizes()
        if self._failure is not None:
            raise self._failure
        progress(self._epochs_done())
        yield

    def done(self, group: int) -> NDArray[np.bool_]:
        """Tell which trials of an experiment have ended, shape (trials,)."""
        return self.results[group].done

    def runs(self, group: int, rows: NDArray[np.int64] | None = None) -> Runs | None:
        """Return some trials of an experiment that have ended, by default all; None if there is none."""
        runs = cast(Results, self.results[group]).runs(rows)
        return runs if len(runs) else None

    def _work(self) -> None:
        try:
            while numbers := self._take():
                jobs = self._jobs[numbers.start : numbers.stop]
                drawn = draw_jobs(jobs, self.groups)
                for number, job, own_drawn in zip(numbers, jobs, drawn, strict=True):
                    if self._stop[0]:
                        break
                    do_job(
                        job,
                        own_drawn,
                        self.results,
                        self._stop,
                        self._epochs[number],
                        self.validate,
                    )
        except BaseException as error:  # noqa: BLE001  # it is raised where the training was asked for
            self._failure = error
            self._stop[0] = 1
        finally:
            with self._lock:
                self._working -= 1
                if not self._working:
                    self._ended.set()

    def _take(self) -> range:
        """Take the next jobs, of one kind and shape: fewer towards the end."""
        with self._lock:
            begin, left = self._next, len(self._jobs) - self._next
            if self._stop[0] or not left:
                return range(0)
            first = self._jobs[begin]
            # Of what is left, each thread takes a quarter of its part: all end at about the same time.
            most = min(first.shape.drawn_together, 1 + left // (4 * self._threads))
            end = begin + 1
            while end < min(begin + most, len(self._jobs)) and self._jobs[end].is_like(first):
                end += 1
            self._next = end
            return range(begin, end)


def compile_for(groups: Sequence[Trials | TrialTable], jobs: Sequence[Job]) -> None:
    """Compile the kernels that jobs need, or fetch them from the disk, by training next to nothing.

    Here and not when the first job comes: an interrupt reaches the main thread only, and the time of a
    training is that of no compiler. What was compiled in this process is not trained again: of a small
    network that takes as long as its own training.
    """
    for job in jobs:
        trials, alone = groups[job.group[0]], len(job) == 1
        what = alone, *_kinds(job.shape, trials.experiment)
        if what in _compiled:
            continue
        few = smallest_trials(trials, 1 if alone else 2)
        shape = shape_of(few)
        tiny = Job(shape, np.zeros(len(few), np.int64), np.arange(len(few)))
        results = [Results(few, shape, 0)]
        (drawn,) = draw_jobs([tiny], [few])
        do_job(tiny, drawn, results, np.zeros(1, np.uint8), np.zeros(1, np.int64), True)
        _compiled.add(what)


_compiled: set[tuple[Any, ...]] = set()
"""What this process has compiled: whether for one network alone, and its kinds."""


def _kinds(shape: Shape, experiment: Experiment) -> tuple[Any, ...]:
    """Return all that decides which kernels networks need, besides whether they are in a block."""
    optimizer = experiment.training.optimizer
    samples, *begins = shape.drawn_by
    return (
        *(shape.dtype, shape.switches, shape.head, frozenset(shape.activations)),
        *(shape.optimizer, type(optimizer), type(optimizer.learning_rate)),
        *(type(experiment.dataset), samples is type(experiment.dataset), *begins),
        *(shape.shares_samples, getattr(experiment.dataset, "standardise", False)),
        # By these, and by what is above, `prepared` knows whether networks have something besides.
        *(shape.answers > 1, shape.step_sizes > 1),
    )
