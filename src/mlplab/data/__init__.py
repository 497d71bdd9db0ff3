"""Samples with labels or targets: drawn by a recipe, read from a file, or handed in as arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from mlplab.data.dataset import SPLIT_WORDS, SPLITS, Dataset, Split, SplitName
from mlplab.data.given import as_samples, given, with_samples
from mlplab.data.samples import Samples
from mlplab.data.synthetic import draw_recipe
from mlplab.data.writing import write_samples
from mlplab.errors import DataError, SpecError, shown
from mlplab.spec import DatasetSpec, FiniteSamples, Recipe, SamplesFile
from mlplab.streams import check_seed

__all__ = [
    "SPLITS",
    "SPLIT_WORDS",
    "Dataset",
    "Samples",
    "Split",
    "SplitName",
    "as_samples",
    "draw_dataset",
    "given",
    "with_samples",
    "write_samples",
]


def draw_dataset(
    spec: DatasetSpec,
    seed: int,
    dtype: DTypeLike = np.float64,
    samples: Samples | None = None,
) -> Dataset:
    """Draw a dataset from the samples stream of a seed.

    Parameters
    ----------
    spec : DatasetSpec
        What `mlplab.spec` has for datasets: a recipe such as `Polar` or `Franke`, `SamplesFile` for own
        samples in a file, or `Arrays` for those that are handed in.
    seed : int
        A whole number from 0 to 2^62.
    dtype : dtype
        Of the features; they are drawn, read and standardised in float64.
    samples : Samples, optional
        Of a `SamplesFile`, so that it is not read again, or of `Arrays`.

    Raises
    ------
    MlplabError
        If the seed is out of range.
    SpecError
        If the dataset is none of those.
    DataError
        If the samples cannot be used, are not those that are meant, or were not handed in; or if they do
        not fit `dtype`.

    Examples
    --------
    >>> from mlplab.spec import Polar
    >>> draw_dataset(Polar(classes=5, sigma=0.05), seed=1).train.x.shape
    (2560, 2)
    """
    if not isinstance(spec, FiniteSamples | Recipe):
        raise SpecError(
            "a dataset of mlplab.spec was expected, such as Polar() or SamplesFile(path=...), "
            f"received {shown(spec)}"
        )
    seed = check_seed(seed)
    if isinstance(spec, Recipe):
        return draw_recipe(spec, seed).astype(dtype)
    if samples is not None:
        samples.check_content(spec)
    elif isinstance(spec, SamplesFile):
        samples = Samples.from_file(spec)
    else:
        raise DataError(
            "the experiment's samples were handed in as arrays: hand them in again, data=(x, y)"
        )
    samples.check_precision(dtype, spec.standardise)
    return samples.split_by(spec, seed).astype(dtype)
