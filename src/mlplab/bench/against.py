"""`python -m mlplab.bench.against OTHER`: whether this version is slower than another one.

OTHER is the `src` folder of another checkout, or the folder that another version is installed in. Both
train the lab's experiments end to end, in turns, each in a process of its own; what is told is the
median of the rounds' ratios. On a quiet machine it is right to about one percent; on a busy one the
processor's time is the better of the two.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, cast

import mlplab
from mlplab.bench.process import THREAD_VARIABLES
from mlplab.bench.rounds import Pair, measure_pairs
from mlplab.bench.taken import Taken
from mlplab.bench.wording import between, duration, times
from mlplab.errors import MlplabError
from mlplab.report.experiments import EXPERIMENTS

ROWS: dict[str, tuple[str, int, int]] = {
    "1.1, one network": ("1.1-batch-16", 1, 4),
    "1.1": ("1.1-batch-16", 4096, 4),
    "1.2": ("1.2-relu", 512, 20),
    "1.3": ("1.3", 16, 2),
    "1.4": ("1.4", 16, 2),
    "1.4, one network": ("1.4", 1, 2),
}
"""What is trained: the id of an experiment of the lab, how many networks, and for how many epochs."""

PROGRAM = """
import json, sys, time
from mlplab import Experiment, train
import mlplab
print(json.dumps(mlplab.__file__), flush=True)
known = {}
for line in sys.stdin:
    asked, replications, repeats = json.loads(line)
    if line not in known:  # the first time compiles
        known[line] = Experiment(**asked)
        train(known[line], replications)
    best = None
    for _ in range(repeats):
        processor, clock = time.process_time(), time.perf_counter()
        train(known[line], replications)
        took = time.perf_counter() - clock, time.process_time() - processor
        best = took if best is None else min(best, took)
    print(json.dumps(best), flush=True)
"""
"""Trains what it is asked to; another version knows nothing of this one's bench."""

REPEATS, LONG = 20, 2
"""How often something is trained in a measurement, of which the shortest time counts: one, and many."""


class Version:
    """A process that trains by the package of a folder.

    Raises
    ------
    MlplabError
        If there is none.
    """

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        if not (folder / "mlplab" / "__init__.py").is_file():
            raise MlplabError(
                f"expected a folder with the package mlplab in it, received '{folder}'"
            )
        one_thread = dict.fromkeys(THREAD_VARIABLES, "1")
        process = stack.enter_context(
            subprocess.Popen(  # noqa: S603  # this Python, and a program of ours
                [sys.executable, "-c", PROGRAM],
                env=os.environ | one_thread | {"PYTHONPATH": str(folder.resolve())},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        stack.callback(process.kill)
        self._asked, self._answers = cast(IO[str], process.stdin), cast(IO[str], process.stdout)
        file = Path(self._answer())
        if file.parents[1].resolve() != folder.resolve():
            raise MlplabError(
                f"expected the package of '{folder}' to be imported, received '{file}'"
            )

    def _answer(self) -> Any:
        line = self._answers.readline()
        if not line:
            raise MlplabError("a version ended before it had trained; what it said stands above")
        return json.loads(line)

    def measuring(self, id: str, networks: int, epochs: int) -> Callable[[], Taken]:
        """Return what trains so many networks once, and tells what it took."""
        # The canonical form has nothing that another version does not know of.
        asked = EXPERIMENTS[id].varied({"training.epochs": epochs}).canonical()
        line = json.dumps([asked, networks, REPEATS if networks == 1 else LONG])

        def measure() -> Taken:
            print(line, file=self._asked, flush=True)
            return Taken(*self._answer())

        return measure


def compare(
    other: Path, rounds: int, tell: Callable[[str, Pair], None] = lambda name, pair: None
) -> dict[str, Pair]:
    """Measure all rows by another version ("ours" of a pair) and by this one ("theirs").

    Parameters
    ----------
    other : Path
        The folder that its package `mlplab` is in.
    rounds : int
    tell : callable
        Called with each row's name and pair.
    """
    found = {}
    with ExitStack() as stack:
        before, now = (
            Version(folder, stack) for folder in (other, Path(mlplab.__file__).parents[1])
        )
        for name, row in ROWS.items():
            first, second = before.measuring(*row), now.measuring(*row)
            first(), second()  # which compile
            [found[name]] = measure_pairs(first, {name: second}, rounds).values()
            tell(name, found[name])
    return found


def sentence(name: str, pair: Pair) -> str:
    """Say how long this version takes, as a multiple of the other one's time."""
    took = duration(min(taken.seconds for taken in pair.theirs))
    rounds = between(times(pair.lowest), times(pair.highest))
    return (
        f"{name:18} {took:>9}  {pair.ratio:.3f} of the other's time (rounds: {rounds}), "
        f"{pair.processor_ratio:.3f} of its processor's time"
    )


def main() -> None:
    """Print a line for each row."""
    parser = argparse.ArgumentParser(
        prog="python -m mlplab.bench.against",
        description="How long this version of mlplab trains, as a multiple of another one's time.",
    )
    parser.add_argument("other", type=Path, help="the folder that its package mlplab is in")
    parser.add_argument("--rounds", type=int, default=15, help="15, if not given")
    given = parser.parse_args()
    if given.rounds < 1:
        parser.error(f"--rounds must be at least 1, received {given.rounds}")
    try:
        compare(given.other, given.rounds, lambda *row: print(sentence(*row), flush=True))
    except MlplabError as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
