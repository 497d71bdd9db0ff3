"""A trial: everything random about one training run, drawn before it begins.

Four streams come from one seed: the samples, the initial weights, the shuffles, and the noise (which
neurons are left out of an update, and what is added to the inputs). Each can be held while the others
vary, and any trainer that starts from the same trial follows the same path.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from mlplab.batches import count_batches
from mlplab.data import Dataset, Samples, Split, draw_dataset, with_samples
from mlplab.data.weights import training_weights
from mlplab.drawing import draw_biases, draw_weights
from mlplab.errors import MlplabError, shown
from mlplab.noise import INPUTS, dropout_mask, noise_bits, normal_noise
from mlplab.read_only import ReadOnly
from mlplab.spec import Experiment, FiniteSamples, Head
from mlplab.streams import STREAMS, check_seed, noise_key, permutation, shuffle_key
from mlplab.trial_checks import check_trials, own_trials

Float = NDArray[np.floating[Any]]
Seeds = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Trial(ReadOnly):
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
        Initial b of each layer, shape (outputs,), read-only.
    shuffle_key : int
        From which the order of the samples in every epoch follows.
    noise_key : int
        From which all noise follows: `dropout_mask` and `input_noise`.
    """

    experiment: Experiment
    seed: int
    dataset: Dataset
    weights: tuple[Float, ...]
    biases: tuple[Float, ...]
    shuffle_key: int
    noise_key: int = 0

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

    def dropout_mask(self, epoch: int, places: NDArray[np.int64], layer: int) -> Float:
        """Return what the outputs of a hidden layer are multiplied by: 0, or 1 / (1 - rate).

        Parameters
        ----------
        epoch : int
            Counted from 0.
        places : ndarray of int, shape (samples,)
            Of the samples in the epoch's order: the one that stands at place i is `shuffle(epoch)[i]`.
        layer : int
            Hidden layer, counted from 0.

        Returns
        -------
        ndarray of the experiment's dtype, shape (samples, neurons)

        Examples
        --------
        >>> network = {"hidden_layers": 1, "layer_width": 4, "activation": "relu", "dropout": 0.5}
        >>> trial = draw(Experiment(dataset="linear", network=network), seed=7)
        >>> trial.dropout_mask(epoch=0, places=np.arange(2), layer=0).tolist()
        [[0.0, 0.0, 0.0, 0.0], [2.0, 0.0, 2.0, 2.0]]
        """
        rate, level = self.experiment.network.dropout_rates[layer], layer + 1
        bits = noise_bits(self.noise_key, epoch, level, places, self.layer_sizes[level])
        return dropout_mask(bits, rate, self.experiment.training.dtype)

    def input_noise(self, epoch: int, places: NDArray[np.int64]) -> Float:
        """Return what is added to the inputs, shape (samples, features); arguments as `dropout_mask`."""
        stddev = self.experiment.network.input_noise
        bits = noise_bits(self.noise_key, epoch, INPUTS, places, self.layer_sizes[0])
        return normal_noise(bits, stddev, self.experiment.training.dtype)

    @property
    def head(self) -> Head:
        """What stands on the last layer."""
        return self.experiment.head

    def targets(self, split: Split) -> Float:
        """Return what the outputs for a split should be, shape (samples, outputs), as the head has it."""
        return self.head.targets(split.y, self.dataset.classes, self.weights[0].dtype)

    @property
    def training_weights(self) -> Float | None:
        """How much each training sample weighs, shape (samples,); None where all weigh 1."""
        return training_weights(
            self.dataset.train,
            self.experiment.training.class_weight,
            self.dataset.label_names,
            self.weights[0].dtype,
        )

    @property
    def updates(self) -> int:
        """Number of weight updates of the whole training: epochs × ⌈samples / batch_size⌉."""
        training = self.experiment.training
        return training.epochs * count_batches(len(self.dataset.train), training.batch_size)


@dataclass(frozen=True, eq=False)
class Trials:
    """Trials of one experiment, each drawn when it is asked for: the seeds that they are drawn from.

    Attributes
    ----------
    experiment : Experiment
    seeds : range or ndarray of int64, shape (trials,)
        What each trial is called by.
    streams : four ndarrays of uint64, shape (trials,), optional
        Seeds of the samples, weights, shuffle and noise streams; by default `seeds`.
    finite : Samples, optional
        Where the samples are a finite set: all of it, read once.
    drawn : tuple of Trial
        Trials that are drawn already and take the place of seeds; empty otherwise. Their labels and
        targets are copied: kernels count by labels, and nobody may change them after the check.

    Raises
    ------
    SpecError
        If `experiment` is no Experiment.
    MlplabError
        If seeds, streams or trials are of another type or number, or do not fit the experiment.
    DataError
        If `finite` are not the samples that the experiment means.

    Examples
    --------
    >>> trials = Trials.from_seeds(Experiment(dataset="linear"), range(3, 5))
    >>> len(trials), trials[1]
    (2, <Trial of seed 4: <Dataset of 2 classes, 2 features: 1024 + 1024 + 1024 samples>, network 2-2>)
    """

    experiment: Experiment
    seeds: range | NDArray[np.int64]
    streams: tuple[Seeds, Seeds, Seeds, Seeds] | None = None
    finite: Samples | None = None
    drawn: tuple[Trial, ...] = ()

    def __post_init__(self) -> None:
        check_trials(self)
        _check_are_trials(self.drawn)
        object.__setattr__(self, "drawn", own_trials(self))

    @classmethod
    def from_seeds(
        cls,
        experiment: Experiment,
        seeds: Iterable[int],
        data: Any = None,
        label: str | None = None,
    ) -> Trials:
        """Describe a trial for each seed.

        Parameters
        ----------
        data, label
            As in `draw`.

        Raises
        ------
        MlplabError
            If a seed is out of range.
        DataError
            If the samples cannot be used, or are not those that the experiment means.
        """
        experiment, finite = with_samples(experiment, data, label)
        if not isinstance(seeds, range):
            seeds = np.array([check_seed(each) for each in seeds], dtype=np.int64)
        return cls(experiment, seeds, finite=finite)

    @classmethod
    def from_trials(cls, trials: Iterable[Trial]) -> Trials:
        """Describe trials that are drawn already, perhaps changed; all of one experiment.

        Raises
        ------
        MlplabError
            If there is none, one is no trial, they differ in their experiment or in the sizes and names
            of their samples, or the arrays or a key of one do not fit its experiment.
        """
        trials = tuple(trials)
        _check_are_trials(trials)
        if not trials:
            raise MlplabError("nothing to train: received no trial")
        seeds = np.array([check_seed(trial.seed) for trial in trials], dtype=np.int64)
        return cls(trials[0].experiment, seeds, drawn=trials)

    def experiment_of(self, row: int) -> Experiment:  # a table of trials has several
        """Return the experiment of a trial: the one that all have."""
        return self.experiment

    @cached_property
    def seed_array(self) -> NDArray[np.int64]:
        """The `seeds` as an array, shape (trials,)."""
        if isinstance(self.seeds, range):
            return np.arange(self.seeds.start, self.seeds.stop, self.seeds.step, dtype=np.int64)
        return self.seeds

    @property
    def samples(self) -> Seeds:
        """Seeds of the samples, shape (trials,)."""
        return self._streams[0]

    @property
    def weights(self) -> Seeds:
        """Seeds of the weights, shape (trials,)."""
        return self._streams[1]

    @property
    def shuffle(self) -> Seeds:
        """Seeds of the shuffles, shape (trials,)."""
        return self._streams[2]

    @property
    def noise(self) -> Seeds:
        """Seeds of the noise, shape (trials,)."""
        return self._streams[3]

    @cached_property
    def _streams(self) -> tuple[Seeds, Seeds, Seeds, Seeds]:
        return self.streams or (self.seed_array.astype(np.uint64),) * 4

    @property
    def resplit_ratio(self) -> float | None:
        """Test samples for each training sample, where every trial splits one finite set anew."""
        if self.drawn:
            return self.drawn[0].dataset.resplit_ratio
        if self.finite is None or self.finite.split is not None:
            return None
        train, _, test = self.finite.counts(cast(FiniteSamples, self.experiment.dataset))
        return test / train

    def without(self, seeds: NDArray[np.int64]) -> Trials:
        """Return those trials that are not called by one of some seeds."""
        rest = ~np.isin(self.seed_array, seeds)
        streams = (self.samples[rest], self.weights[rest], self.shuffle[rest], self.noise[rest])
        drawn = tuple(self.drawn[i] for i in np.flatnonzero(rest)) if self.drawn else ()
        return Trials(self.experiment, self.seed_array[rest], streams, self.finite, drawn)

    def __len__(self) -> int:
        return len(self.seeds)

    def __getitem__(self, i: int) -> Trial:
        if self.drawn:
            return self.drawn[i]
        seed_of = {str(name): int(s[i]) for name, s in zip(STREAMS, self._streams, strict=True)}
        dataset = self._shared_dataset or self._draw_dataset(seed_of["samples"])
        return _drawn(self.experiment, int(self.seed_array[i]), dataset, seed_of)

    @cached_property
    def _shared_dataset(self) -> Dataset | None:
        """The samples, one object for all trials, where they are the same whatever the seed."""
        is_shared = self.finite is not None and self.finite.split is not None
        return self._draw_dataset(0) if is_shared else None

    def _draw_dataset(self, seed: int) -> Dataset:
        dtype = self.experiment.training.dtype
        return draw_dataset(self.experiment.dataset, seed, dtype, self.finite)


def _check_are_trials(trials: Iterable[object]) -> None:
    for trial in trials:
        if not isinstance(trial, Trial):
            raise MlplabError(f"a trial was expected, as `draw` makes it, received {shown(trial)}")


def draw(
    experiment: Experiment,
    seed: int,
    data: Any = None,
    label: str | None = None,
    *,
    samples: int | None = None,
    weights: int | None = None,
    shuffle: int | None = None,
    noise: int | None = None,
) -> Trial:
    """Draw a trial from a seed; the same seed gives the same trial for ever.

    Parameters
    ----------
    seed : int
        A whole number from 0 to 2^62.
    data : (x, y), (x, y, split), (x, y, split, sample_weight), DataFrame or Samples, optional
        Own samples, which take the place of the experiment's dataset.
    label : str, optional
        Of a DataFrame: the column of the label.
    samples, weights, shuffle, noise : int, optional
        A seed for that stream alone, to hold it while the others vary.

    Raises
    ------
    MlplabError
        If a seed is out of range.
    SpecError
        If `experiment` is no Experiment.
    DataError
        If the samples come from a file or arrays that cannot be used, or that are not those which the
        experiment means.

    Examples
    --------
    >>> experiment = Experiment(dataset={"kind": "linear", "train_per_class": 4})
    >>> trial = draw(experiment, seed=7)
    >>> [w.shape for w in trial.weights], trial.shuffle(epoch=0).tolist()
    ([(2, 2)], [6, 5, 2, 4, 3, 0, 1, 7])
    """
    experiment, finite = with_samples(experiment, data, label)
    of = _seeds_of(seed, samples=samples, weights=weights, shuffle=shuffle, noise=noise)
    dataset = draw_dataset(experiment.dataset, of["samples"], experiment.training.dtype, finite)
    return _drawn(experiment, check_seed(seed), dataset, of)


def draw_on(experiment: Experiment, seed: int, dataset: Dataset) -> Trial:
    """Draw a trial from a seed, on samples that are split already.

    Parameters
    ----------
    experiment : Experiment
        Of own samples, `arrays`.
    seed : int
        A whole number from 0 to 2^62.
    dataset : Dataset
        Of the experiment's dtype.

    Raises
    ------
    MlplabError
        If the seed is out of range.

    Examples
    --------
    >>> split = Split(np.zeros((2, 3), np.float32), np.array([0, 1]))
    >>> dataset = Dataset(split, split, split, label_names=("a", "b"))
    >>> draw_on(Experiment(dataset="arrays"), 7, dataset)
    <Trial of seed 7: <Dataset of 2 classes, 3 features: 2 + 2 + 2 samples>, network 3-2>
    """
    return _drawn(experiment, check_seed(seed), dataset, _seeds_of(seed))


def _seeds_of(seed: int, **own: int | None) -> dict[str, int]:
    """Return the seed of each stream: its own, where it has one."""
    seed = check_seed(seed)
    given = ((name, own.get(name)) for name in STREAMS)
    return {n: seed if s is None else check_seed(s, f"the seed of the {n}") for n, s in given}


def _drawn(experiment: Experiment, seed: int, dataset: Dataset, of: dict[str, int]) -> Trial:
    """Draw all but the samples, by the seed of each stream."""
    dtype = np.dtype(experiment.training.dtype)
    sizes = experiment.layer_sizes(dataset.features, dataset.answers)
    seeds = np.array([of["weights"]], np.uint64)
    drawn = draw_weights([experiment.network.initializer], seeds, sizes)[0].astype(dtype)
    biases = draw_biases([experiment.network.bias_initializer], seeds, sizes)[0].astype(dtype)
    ends = np.cumsum([inputs * outputs for inputs, outputs in pairwise(sizes)])[:-1]
    layers = zip(np.split(drawn, ends), pairwise(sizes), strict=True)
    return Trial(
        experiment=experiment,
        seed=seed,
        dataset=dataset,
        weights=tuple(part.reshape(outputs, inputs) for part, (inputs, outputs) in layers),
        biases=tuple(np.split(biases, np.cumsum(sizes[1:-1]))),
        shuffle_key=shuffle_key(of["shuffle"]),
        noise_key=noise_key(of["noise"]),
    )
