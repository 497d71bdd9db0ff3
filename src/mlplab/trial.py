"""A trial: everything random about one training run, drawn before it begins.

Three streams come from one seed: the points, the initial weights, and the batch order. Each can be
held while the others vary, and any trainer that starts from the same trial follows the same path.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.data import Dataset, draw_dataset
from mlplab.initializers import initial_weights
from mlplab.spec import Experiment
from mlplab.spec.experiment import check_experiment
from mlplab.streams import check_seed, permutation, shuffle_key, stream

Float = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class Trial:
    """What a trainer needs and nothing that it decides.

    Attributes
    ----------
    experiment : Experiment
    seed : int
        What the trial was drawn from.
    dataset : Dataset
        Points of the experiment's dtype, read-only.
    weights : tuple of ndarray
        Initial W of each layer, shape (outputs, inputs), the experiment's dtype, read-only.
    biases : tuple of ndarray
        Initial b of each layer, shape (outputs,): zeros, read-only.
    shuffle_key : int
        From which the batch order of every epoch follows.
    """

    experiment: Experiment
    seed: int
    dataset: Dataset
    weights: tuple[Float, ...]
    biases: tuple[Float, ...]
    shuffle_key: int

    def __repr__(self) -> str:
        sizes = "-".join(map(str, (self.dataset.features, *map(len, self.biases))))
        return f"<Trial of seed {self.seed}: {self.dataset}, network {sizes}>"

    def shuffle(self, epoch: int) -> NDArray[np.int64]:
        """Return the order in which an epoch (from 0) takes the training points, shape (points,)."""
        return permutation(self.shuffle_key, epoch, len(self.dataset.train))

    @property
    def updates(self) -> int:
        """Number of weight updates of the whole training: epochs × ⌈points / batch_size⌉."""
        training = self.experiment.training
        return training.epochs * -(-len(self.dataset.train) // training.batch_size)


def draw(
    experiment: Experiment,
    seed: int,
    *,
    samples: int | None = None,
    weights: int | None = None,
    shuffle: int | None = None,
) -> Trial:
    """Draw a trial from a seed; the same seed gives the same trial for ever.

    Parameters
    ----------
    seed : int
        A whole number from 0 to 2^62.
    samples, weights, shuffle : int, optional
        A seed for that stream alone, to hold it while the others vary.

    Raises
    ------
    MlplabError
        If a seed is out of range.
    SpecError
        If the experiment is none.
    DataError
        If the points come from a file that cannot be used.

    Examples
    --------
    >>> experiment = Experiment(dataset={"kind": "linear", "train_per_class": 4})
    >>> trial = draw(experiment, seed=7)
    >>> [w.shape for w in trial.weights], trial.shuffle(epoch=0).tolist()
    ([(2, 2)], [6, 5, 2, 4, 3, 0, 1, 7])
    """
    check_experiment(experiment)
    seeds = {"samples": samples, "weights": weights, "shuffle": shuffle}
    seed = check_seed(seed)
    of = {
        name: seed if own is None else check_seed(own, f"the seed of the {name}")
        for name, own in seeds.items()
    }
    dtype = np.dtype(experiment.training.dtype)
    dataset = draw_dataset(experiment.dataset, of["samples"], dtype)
    for split in dataset.splits.values():
        split.x.flags.writeable = split.y.flags.writeable = False
    sizes = (dataset.features, *experiment.network.layer_widths, dataset.classes)
    generator = stream(of["weights"], "weights")
    shapes = list(zip(sizes[1:], sizes[:-1], strict=True))
    initializer = experiment.network.initializer
    return Trial(
        experiment=experiment,
        seed=seed,
        dataset=dataset,
        weights=tuple(_fixed(initial_weights(initializer, s, generator), dtype) for s in shapes),
        biases=tuple(_fixed(np.zeros(s[0]), dtype) for s in shapes),
        shuffle_key=shuffle_key(of["shuffle"]),
    )


def _fixed(array: Float, dtype: np.dtype[Any]) -> Float:
    array = array.astype(dtype)
    array.flags.writeable = False
    return array
