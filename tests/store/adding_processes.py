"""Processes that add runs to one store at once:  python adding_processes.py STORE PROCESSES COUNT.

Each adds COUNT runs of its own, seeds 0 to PROCESSES · COUNT, and in turn with them the same COUNT as all
others, the seeds after those.
"""

from __future__ import annotations

import multiprocessing
import sys

import numpy as np

from mlplab.run import Outcomes
from mlplab.store import Store


def outcomes_of(seed: int) -> Outcomes:
    one = [np.array([value]) for value in (0, seed)]
    words = [np.array(["finished"]), np.array([""])]
    return Outcomes(*one, *words, *[np.array([seed / 7])] * 6, np.array([1]), np.array([0.1]))


def add(path: str, first: int, first_of_all: int, count: int) -> None:
    with Store(path) as store:
        ids = store.add_experiments(["ab" * 32], ["{}"])
        command = store.add_command(f"from {first}")
        for number in range(count):
            store.add_runs(outcomes_of(first + number), ids, command)
            store.add_runs(outcomes_of(first_of_all + number), ids, command)


def main(path: str, processes: int, count: int) -> int:
    """Return how many of the processes failed."""
    fork = multiprocessing.get_context("fork")  # what was imported need not be again
    started = [
        fork.Process(target=add, args=(path, count * i, count * processes, count))
        for i in range(processes)
    ]
    for process in started:
        process.start()
    for process in started:
        process.join()
    return sum(process.exitcode != 0 for process in started)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
