"""A trial: everything random about one training run, drawn before it begins.

Three streams come from one seed: the samples, the initial weights, and the shuffles. Each can be held
while the others vary, and any trainer that starts from the same trial follows the same path.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.data import Dataset, draw_dataset
from mlplab.drawing import draw_weights
from mlplab.spec import Experiment
from mlplab.spec.experiment import check_experiment
from mlplab.streams import check_seed, permutation, shuffle_key

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
        Samples of the experiment's dtype, read-only.
    weights : tuple of ndarray
        Initial W of each layer, shape (outputs, inputs), the experiment's dtype, read-only.
    biases : tuple of ndarray
        Initial b of each layer, shape (outputs,): zeros, read-only.
    shuffle_key : int
        From which the order of the samples in every epoch follows.
    """

    experiment: Experiment
    seed: int
    dataset: Dataset
    weights: tuple[Float, ...]
    biases: tuple[Float, ...]
    shuffle_key: int

    def __post_init__(self) -> None:
        self._freeze()

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._freeze()  # an array does not keep it through pickle

    def _freeze(self) -> None:
        splits = self.dataset.splits.values()
        for array in (*self.weights, *self.biases, *(a for s in splits for a in (s.x, s.y))):
            array.flags.writeable = False

    def __repr__(self) -> str:
        sizes = "-".join(map(str, self.layer_sizes))
        return f"<Trial of seed {self.seed}: {self.dataset}, network {sizes}>"

    @property
    def layer_sizes(self) -> tuple[int, ...]:
        """Inputs, neurons of each hidden layer, outputs."""
        return (self.weights[0].shape[1], *map(len, self.biases))

    def shuffle(self, epoch: int) -> NDArray[np.int64]:
        """Return the order in which an epoch (from 0) takes the training samples, shape (samples,)."""
        return permutation(self.shuffle_key, epoch, len(self.dataset.train))

    @property
    def updates(self) -> int:
        """Number of weight updates of the whole training: epochs × ⌈samples / batch_size⌉."""
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
        If the samples come from a file that cannot be used.

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
    dataset = draw_dataset(experiment.dataset, of["samples"]).astype(dtype)
    network = experiment.network
    sizes = (dataset.train.x.shape[1], *network.layer_widths, dataset.classes)
    seed_of_weights = np.array([of["weights"]], np.uint64)
    drawn = draw_weights([network.initializer], seed_of_weights, sizes)[0].astype(dtype)
    ends = np.cumsum([inputs * outputs for inputs, outputs in pairwise(sizes)])[:-1]
    layers = zip(np.split(drawn, ends), pairwise(sizes), strict=True)
    return Trial(
        experiment=experiment,
        seed=seed,
        dataset=dataset,
        weights=tuple(part.reshape(outputs, inputs) for part, (inputs, outputs) in layers),
        biases=tuple(np.zeros(n, dtype) for n in sizes[1:]),
        shuffle_key=shuffle_key(of["shuffle"]),
    )
