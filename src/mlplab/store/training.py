"""Train an experiment into a store: only the runs that are not in it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from mlplab.data import with_samples
from mlplab.outcome_stream import stream_outcomes
from mlplab.run import Outcomes
from mlplab.spec import Experiment
from mlplab.store.blocks import BlockWriter
from mlplab.store.experiments import spec_text
from mlplab.store.filtering import RunFilter
from mlplab.store.store import Store
from mlplab.training import seeds_of
from mlplab.trial import Trials


@dataclass(frozen=True)
class StoredTraining:
    """What `train_stored` found and trained.

    Attributes
    ----------
    experiment : Experiment
        With the content of its samples.
    outcomes : Outcomes
        Of all seeds that were wanted, rising.
    found : int
        How many of them were in the store before.
    resplit_ratio : float or None
        As in `Runs`.
    """

    experiment: Experiment
    outcomes: Outcomes
    found: int
    resplit_ratio: float | None


def train_stored(
    store: Store,
    experiment: Experiment,
    replications: int = 1,
    seed: int = 0,
    *,
    data: Any = None,
    label: str | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    command: str = "mlplab.store.train_stored",
) -> StoredTraining:
    """Train the runs of an experiment that are not in a store, with the engine, and keep them in it.

    Runs go to the store as they end. However training is ended, the same call goes on where it ended.

    Parameters
    ----------
    store : Store
    experiment, replications, seed, data, label, threads
        As in `mlplab.train`.
    progress : callable, optional
        Called with the number of runs that are in the store and of those that are wanted.
    command : str
        What the store says of where the runs came from.

    Returns
    -------
    StoredTraining

    Raises
    ------
    KeyboardInterrupt
        At Ctrl-C, after what had ended was written.
    StoreError
        If the store cannot be written; the runs written before are in it.
    MlplabError, SpecError, DataError
        As in `mlplab.train`.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> experiment = Experiment(dataset="linear")
    >>> with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "runs.sqlite") as store:
    ...     first = train_stored(store, experiment, replications=3)
    ...     second = train_stored(store, experiment, replications=5)
    >>> first.found, second.found, len(second.outcomes)
    (0, 3, 5)
    """
    seeds = np.array(seeds_of(replications, seed), np.int64)
    experiment, finite = with_samples(experiment, data, label)
    metric = experiment.head.metric_name
    ids = store.add_experiments([experiment.key], [spec_text(experiment)], metric=metric)
    number = int(ids[0])
    missing = seeds[~np.isin(seeds, store.seeds(number))]
    found = len(seeds) - len(missing)
    tell = progress or (lambda done, total: None)
    tell(found, len(seeds))
    trained: list[Outcomes] = []
    if len(missing):
        which = np.zeros(len(missing), np.int64)
        blocks = stream_outcomes([experiment], which, missing, finite=finite, threads=threads)
        told = cache(lambda: store.add_command(command))
        # Closed at once, whatever happens: its threads must not go on training for nobody.
        with BlockWriter(store, told) as writer, closing(blocks):
            for outcomes in blocks:
                writer.add(outcomes, ids)
                trained.append(outcomes)
                tell(found + writer.written, len(seeds))
        tell(len(seeds), len(seeds))
    if found:
        wanted = RunFilter(experiment.key, seeds=(int(seeds[0]), int(seeds[-1])))
        outcomes = store.outcomes(wanted)
    else:
        outcomes = Outcomes.concatenate(trained)
        outcomes = outcomes[np.argsort(outcomes.seed)]
    ratio = Trials(experiment, missing, finite=finite).resplit_ratio
    return StoredTraining(experiment, outcomes, found, ratio)
