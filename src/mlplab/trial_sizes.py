"""How large trials are, told before any is drawn."""

from __future__ import annotations

from typing import cast

from mlplab.spec import FiniteSamples, Recipe
from mlplab.trial import Trials
from mlplab.trial_table import TrialTable


def size_of_samples(trials: Trials | TrialTable) -> tuple[int, int, tuple[int, int, int]]:
    """Return features, classes or targets, and the samples in each split of each trial."""
    dataset = trials.experiment.dataset
    if isinstance(dataset, Recipe) and not trials.drawn:
        return dataset.features, dataset.class_count or len(dataset.target_names), dataset.counts
    if trials.finite is not None:
        finite, spec = trials.finite, cast(FiniteSamples, dataset)
        return len(finite.feature_names), finite.answers, finite.counts(spec)
    drawn = trials.drawn[0].dataset
    train, validation, test = (len(split) for split in drawn.splits.values())
    return drawn.train.x.shape[1], drawn.answers, (train, validation, test)


def shares_samples(trials: Trials | TrialTable) -> bool:
    """Return whether all trials have the same samples, whatever their seeds."""
    return trials.finite is not None and trials.finite.split is not None
