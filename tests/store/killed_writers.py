"""Writers that are killed:  python killed_writers.py FOLDER ROUNDS SEED.

In each round a process adds blocks of runs to a store, says through a pipe how many blocks have been
written, and is killed: at a random moment from its start, in the opening of the store too, or a random
moment after it has said so of some blocks, however slow the machine is. What it left is copied, and the
next round goes on with it. Printed as JSON: for each round how many blocks were said to be written.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

import numpy as np

from mlplab.run import Outcomes
from mlplab.store import Store, inserting

RUNS_OF_A_BLOCK = 100
inserting.AT_ONCE = 30  # a block is several statements, which one transaction must hold together


def outcomes_of_block(block: int) -> Outcomes:
    seed = np.arange(block * RUNS_OF_A_BLOCK, (block + 1) * RUNS_OF_A_BLOCK)
    values = [np.sin(k + seed) for k in range(6)]
    n = len(seed)
    return Outcomes(
        np.zeros(n, np.int64),
        seed,
        np.full(n, "finished"),
        np.full(n, ""),
        *values,
        updates=seed,
        seconds=np.ones(n),
    )


def write(path: Path, told: int) -> None:
    with Store(path) as store:
        ids = store.add_experiments(["ab" * 32], ["{}"])
        command = store.add_command(f"process {os.getpid()}")
        block = 0
        while True:
            # As a resumed command does: what is there is passed over.
            if store.add_runs(outcomes_of_block(block), ids, command):
                os.write(told, b".")
            block += 1


def written_until_killed(path: Path, blocks: int, delay: float) -> int:
    """Kill a process some seconds after so many blocks; return how many it said to have written."""
    reading, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        write(path, told)
    os.close(told)
    count = 0
    while count < blocks and (dot := os.read(reading, 1)):
        count += len(dot)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while dots := os.read(reading, 65_536):
        count += len(dots)
    os.close(reading)
    return count


def main(folder: Path, rounds: int, seed: int) -> None:
    moments = random.Random(seed)
    path = folder / "runs.sqlite"
    counts = []
    for number in range(rounds):
        blocks = moments.choice([0, moments.randint(1, 4)])
        counts.append(written_until_killed(path, blocks, moments.uniform(0, 0.02)))
        copy = folder / f"round-{number}"
        copy.mkdir()
        for file in folder.glob("runs.sqlite*"):
            # SQLite makes the file of the shared memory anew.
            if not file.name.endswith("-shm"):
                shutil.copy(file, copy)
    print(json.dumps(counts))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
