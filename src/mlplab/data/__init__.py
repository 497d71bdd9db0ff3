"""Labelled points of the plane: drawn by a recipe or read from a file."""

from mlplab.data.dataset import SPLITS, Dataset, Split, SplitName
from mlplab.data.files import read_samples, write_samples
from mlplab.data.synthetic import draw_recipe
from mlplab.errors import SpecError, shown
from mlplab.spec import DatasetSpec, Recipe, SamplesFile
from mlplab.streams import check_seed

__all__ = ["SPLITS", "Dataset", "Split", "SplitName", "draw_dataset", "write_samples"]


def draw_dataset(spec: DatasetSpec, seed: int) -> Dataset:
    """Draw a dataset, float64, from the points stream of a seed.

    Parameters
    ----------
    spec : DatasetSpec
        What `mlplab.spec` has for datasets: `Linear`, `Polar`, `Moons`, `Circles`, `Spirals`, `Xor`, or
        `SamplesFile` for own points.
    seed : int
        A whole number from 0 to 2^62.

    Raises
    ------
    MlplabError
        If the seed is out of range.
    SpecError
        If the dataset is none of those.
    DataError
        If the points come from a file that cannot be used.

    Examples
    --------
    >>> from mlplab.spec import Polar
    >>> draw_dataset(Polar(classes=5, sigma=0.05), seed=1).train.x.shape
    (2560, 2)
    """
    if not isinstance(spec, SamplesFile | Recipe):
        raise SpecError(
            "a dataset of mlplab.spec was expected, such as Polar() or SamplesFile(path=...), "
            f"received {shown(spec)}"
        )
    seed = check_seed(seed)
    return read_samples(spec, seed) if isinstance(spec, SamplesFile) else draw_recipe(spec, seed)
