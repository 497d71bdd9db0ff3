"""Finite sets of samples, from a file or arrays, laid out for a job: split anew by each seed, or once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from mlplab.data import Dataset, Samples, Split
from mlplab.data.splitting import put_aside
from mlplab.drawing import PackedSamples, draw_splits, gather_splits
from mlplab.engine.layout import pack_samples
from mlplab.spec import FiniteSamples
from mlplab.trial import Trials
from mlplab.trial_table import TrialTable

Float64 = NDArray[np.float64]
Made = TypeVar("Made")
Standardising = tuple[Float64, Float64]
"""What standardising subtracted from features, and by what it divided: shape (datasets, features)."""

_KEPT: WeakKeyDictionary[Samples, dict[Any, Any]] = WeakKeyDictionary()
"""What jobs made of a set, for as long as there is the set."""


def split_finite(
    trials: Trials | TrialTable, seeds: NDArray[np.uint64], dtype: np.dtype[Any]
) -> tuple[Sequence[PackedSamples], Standardising | None]:
    """Return the packed splits of a finite set, and what standardising did to their features.

    Parameters
    ----------
    trials : Trials or TrialTable
        Of a finite set, split in one way.
    seeds : ndarray of uint64, shape (networks,)
        Of the samples streams.

    Returns
    -------
    three ndarrays, shape (networks or 1, samples, width)
        Of 1, where the set comes with splits, which all networks share.
    tuple of two ndarrays, or None
    """
    finite = cast(Samples, trials.finite)
    spec = cast(FiniteSamples, trials.experiment.dataset)
    if finite.split is not None:
        key = (dtype, spec.standardise)
        return _once(finite, key, lambda: packed_splits([finite.split_by(spec, 0)], dtype))
    if spec.standardise:
        return packed_splits([finite.split_by(spec, seed) for seed in seeds.tolist()], dtype)
    own = () if finite.weight is None else (finite.weight,)
    packed = _once(finite, dtype, lambda: pack_samples(finite.x, finite.y, dtype, *own)[0])
    strata, count = finite.strata
    splits = draw_splits(strata, put_aside(spec, strata, count), seeds)
    return gather_splits(packed, splits, finite.counts(spec)), None


def packed_splits(
    datasets: Sequence[Dataset], dtype: np.dtype[Any]
) -> tuple[list[PackedSamples], Standardising | None]:
    """Return the packed splits of some datasets, and what standardising did to their features."""
    weighs = datasets[0].train.weight is not None
    parts = [
        [
            pack_samples(split.x, split.y, dtype, *((_own_weight(split),) if weighs else ()))
            for split in dataset.astype(dtype).splits.values()
        ]
        for dataset in datasets
    ]
    pairs = [(d.mean, d.scale) for d in datasets if d.mean is not None and d.scale is not None]
    standardising = None
    if pairs:
        mean, scale = zip(*pairs, strict=True)
        standardising = np.stack(mean), np.stack(scale)
    return [np.concatenate(split) for split in zip(*parts, strict=True)], standardising


def _own_weight(split: Split) -> Float64 | int:
    """Return the weights of a split's samples; of one that is not trained on, they may be missing."""
    return 0 if split.weight is None else split.weight


def _once(finite: Samples, key: Any, make: Callable[[], Made]) -> Made:
    """Return what was made of a set before, or make it; two jobs may make it at once, alike."""
    kept = _KEPT.setdefault(finite, {})
    if key not in kept:
        kept[key] = make()
    made: Made = kept[key]
    return made
