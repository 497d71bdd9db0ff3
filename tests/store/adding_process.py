"""One of several processes that add runs to one store:  python adding_process.py STORE FIRST COUNT."""

from __future__ import annotations

import sys

import numpy as np

from mlplab.run import Outcomes
from mlplab.store import Store


def main(path: str, first: int, count: int) -> None:
    with Store(path) as store:
        ids = store.add_experiments(["ab" * 32], ["{}"])
        command = store.add_command(f"from {first}")
        for seed in range(first, first + count):
            one = [np.array([value]) for value in (0, seed)]
            words = [np.array(["finished"]), np.array([""])]
            values = [np.array([seed / 7])] * 6
            outcomes = Outcomes(*one, *words, *values, np.array([1]), np.array([0.1]))
            store.add_runs(outcomes, ids, command)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
