"""Train a map: its cells in chunks, each run once, what ends kept at once."""

from __future__ import annotations

from collections.abc import Callable

from mlplab.sweep.chunks import train_grid
from mlplab.sweep.plan import MapPlan
from mlplab.sweep.trained_map import TrainedMap


def train_map(
    plan: MapPlan,
    *,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
    into: TrainedMap | None = None,
) -> TrainedMap:
    """Train the runs of a map.

    Parameters
    ----------
    plan : MapPlan
    threads : int, optional
        The number of usable cores by default.
    progress : callable, optional
        Called now and then with how many runs have ended.
    into : TrainedMap, optional
        Where runs go; those that it has are not trained again. At an interrupt it has what ended.

    Raises
    ------
    As `stream_outcomes`. An interrupt is a KeyboardInterrupt.
    """
    trained = TrainedMap(plan) if into is None else into
    missing = trained.missing.copy()
    done = plan.run_count - int(missing.sum())
    blocks = train_grid(plan.grid, missing, plan.seed, finite=plan.finite, threads=threads)
    for chunk, outcomes in blocks:
        trained.write(chunk.places, outcomes)
        done += len(outcomes)
        if progress is not None:
            progress(done)
    return trained
