"""How fast a store is, with a million runs in it:  python tests/store/measure.py [FOLDER]."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from mlplab.run import Outcomes
from mlplab.spec import Experiment
from mlplab.store import Condition, RunFilter, Store, changes_text, export_runs, spec_text

CELLS, REPLICATIONS, BLOCK = 512 * 512, 4, 16_384


@contextmanager
def timed(what: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    print(f"{what:44} {time.perf_counter() - start:7.2f} s", flush=True)


def outcomes_of(cells: np.ndarray, rng: np.random.Generator) -> Outcomes:
    n = len(cells) * REPLICATIONS
    values = rng.random((7, n))
    return Outcomes(
        np.repeat(cells, REPLICATIONS),
        np.tile(np.arange(REPLICATIONS), len(cells)),
        rng.choice(np.array(["finished", "stuck", "diverged"]), n),
        rng.choice(np.array(["", "chance"]), n),
        *values[:6],
        rng.integers(1, 1000, n),
        values[6],
    )


def measure(folder: Path) -> None:
    path = folder / "million.sqlite"
    rng = np.random.default_rng(0)
    base = Experiment(dataset="linear")
    keys = [os.urandom(32).hex() for _ in range(CELLS)]
    rates = np.logspace(-3, 1, 512)
    specs = [
        changes_text(
            {"training.optimizer.learning_rate": rates[i % 512], "training.batch_size": i // 512}
        )
        for i in range(CELLS)
    ]
    with Store(path) as store:
        number = int(store.add_experiments([base.key], [spec_text(base)])[0])
        with timed(f"add {CELLS:,} experiments"):
            ids = store.add_experiments(keys, specs, number)
        sweep = store.add_sweep("ab" * 32, {"axes": 2})
        with timed(f"add {CELLS:,} cells"):
            store.add_cells(sweep, np.arange(CELLS), ids)
        command = store.add_command("measure")
        spent = slowest = computed = 0.0
        per_block = BLOCK // REPLICATIONS
        for first in range(0, CELLS, per_block):
            outcomes = outcomes_of(np.arange(first, first + per_block), rng)
            start, begun = time.perf_counter(), time.process_time()
            store.add_runs(outcomes, ids, command)
            took = time.perf_counter() - start
            computed += time.process_time() - begun
            spent, slowest = spent + took, max(slowest, took)
        runs = CELLS * REPLICATIONS
        print(f"add {runs:,} runs, {BLOCK:,} a block: {1e6 * spent / runs:.2f} µs a run, ", end="")
        print(
            f"of it {1e6 * computed / runs:.2f} µs of a core, slowest block {1e3 * slowest:.0f} ms"
        )
    print(f"size: {path.stat().st_size / 1e6:.0f} MB")
    with timed("open"):
        store = Store(path)
    with store:
        with timed("what is done of the sweep"):
            cells, _ = store.done(sweep)
        assert len(cells) == runs
        with timed("outcomes of the sweep"):
            store.sweep_outcomes(sweep)
        chosen = RunFilter(conditions=[Condition("test_accuracy", ">", 0.9)])
        with timed("filter: count"):
            store.count(chosen)
        with timed("filter: the first 20 experiments"):
            store.experiments(chosen, limit=20)
        with timed("filter: outcomes of a tenth"):
            store.outcomes(chosen)
        with timed("count all"):
            store.count()
        with timed("export CSV"):
            export_runs(store, folder / "runs.csv")
        with timed("export Parquet"):
            export_runs(store, folder / "runs.parquet")
        with timed("delete a tenth"):
            store.delete(chosen)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as place:
        measure(Path(place))
