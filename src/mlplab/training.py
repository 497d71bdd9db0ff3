"""Train experiments, once or many times, with any trainer, or see the runs as they end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import product
from typing import Any, overload

import numpy as np

from mlplab.data import Samples, as_samples, with_samples
from mlplab.data.given import columns_of
from mlplab.errors import MlplabError, shown
from mlplab.run import Runs
from mlplab.sequential import SequentialTrainer
from mlplab.spec import Experiment
from mlplab.spec.experiment import check_experiment
from mlplab.spec.part import Part
from mlplab.streams import check_seed
from mlplab.trainers import ENGINE, Trainer, load_trainer
from mlplab.trial import Trial, Trials

OnProgress = Callable[[int, int], None]

KEPT = 100
"""Runs of each experiment that keep their weights, if nothing else is said."""


class Interrupted(KeyboardInterrupt):
    """Training was interrupted (Ctrl-C).

    Attributes
    ----------
    runs : list of Runs or None
        For each experiment the runs that had ended, None where none had.
    """

    def __init__(self, runs: list[Runs | None]) -> None:
        super().__init__("interrupted")
        self.runs = runs


@overload
def train(
    experiments: Experiment | Trial | Trials,
    replications: int = 1,
    seed: int = 0,
    trainer: str = ENGINE,
    progress: OnProgress | None = ...,
    *,
    data: Any = ...,
    label: str | None = ...,
    threads: int | None = None,
    keep_weights: int = KEPT,
    validate: bool = True,
) -> Runs: ...


@overload
def train(
    experiments: Sequence[Experiment] | Sequence[Trials],
    replications: int = 1,
    seed: int = 0,
    trainer: str = ENGINE,
    progress: OnProgress | None = ...,
    *,
    data: Any = ...,
    label: str | None = ...,
    threads: int | None = None,
    keep_weights: int = KEPT,
    validate: bool = True,
) -> list[Runs]: ...


def train(
    experiments: Experiment | Trial | Trials | Sequence[Experiment] | Sequence[Trials],
    replications: int = 1,
    seed: int = 0,
    trainer: str = ENGINE,
    progress: OnProgress | None = None,
    *,
    data: Any = None,
    label: str | None = None,
    threads: int | None = None,
    keep_weights: int = KEPT,
    validate: bool = True,
) -> Runs | list[Runs]:
    """Train one experiment or several from fresh draws of samples, weights and shuffles.

    Parameters
    ----------
    experiments : Experiment, sequence of Experiment, Trial, Trials or sequence of Trials
        Experiments may differ in anything; the engine trains what is alike together. Trials of your own
        are trained as they are; `replications`, `seed` and `data` do not apply to them.
    replications : int
        Runs of each experiment; run i is drawn from seed + i, so that it is the same alone and in
        company, bit for bit.
    seed : int
        A whole number from 0 to 2^62.
    trainer : str
        `engine` (compiled, all cores), `reference` (the network from scratch), `keras`, or `jax` (many
        networks at once, on a GPU where JAX has one).
    progress : callable, optional
        Called now and then, and at the end, with the epochs done and the epochs of all runs together;
        the epochs that a diverged run leaves out count as done.
    data : (x, y), (x, y, split), (x, y, split, sample_weight), DataFrame or Samples, optional
        Own samples, which take the place of each experiment's dataset. Names of features and labels are
        kept; without a split of their own, each run splits them anew, by its seed.
    label : str, optional
        Of a DataFrame: the column of the label.
    threads : int, optional
        Of the engine; the number of usable cores by default. The results do not depend on it.
    keep_weights : int
        So many runs of each experiment, the first ones, keep their weights.
    validate : bool
        Whether the validation samples are looked at after each epoch, as Keras does. Without, the engine
        saves about a fifth of the time, and those columns of the history are NaN.

    Returns
    -------
    Runs, or list of Runs
        One for each experiment, or for each `Trials`, in their order.

    Raises
    ------
    MlplabError
        If the trainer is unknown, a number is out of range, an option does not apply, or what the engine
        is to train does not fit into memory.
    SpecError
        If something else than experiments came, such as the name of a file.
    MissingExtraError
        If the trainer's library, Keras or JAX, is not installed.
    DataError
        If the samples cannot be used, or are not those that an experiment means.
    Interrupted
        At Ctrl-C, with the runs that had ended.

    Examples
    --------
    >>> experiment = Experiment(dataset="linear", training={"epochs": 2, "batch_size": 16})
    >>> runs = train(experiment, replications=3, seed=1)
    >>> runs.test_accuracy.shape, runs.history.train_loss.shape, runs.seed.tolist()
    ((3,), (3, 2), [1, 2, 3])
    """
    groups = _trials_of(experiments, replications, seed, data, label)
    runs = _train_all(groups, trainer, progress, threads, keep_weights, validate)
    several = not isinstance(experiments, Experiment | Trial | Trials)
    return runs if several else runs[0]


def stream(
    experiment: Experiment | Trial | Trials,
    replications: int = 1,
    seed: int = 0,
    trainer: str = ENGINE,
    *,
    data: Any = None,
    label: str | None = None,
    done: Runs | None = None,
    threads: int | None = None,
    keep_weights: int = KEPT,
    validate: bool = True,
) -> Iterator[Runs]:
    """Train an experiment, and yield its runs in blocks as they end, in no particular order.

    To stop early, leave the loop, or close the iterator if it has a name. To go on later, hand in what
    there is as `done`: these seeds are not trained again. All blocks together are the runs that `train`
    returns.

    Parameters
    ----------
    experiment, replications, seed, trainer, data, label, threads, keep_weights, validate
        As in `train`.
    done : Runs, optional
        Runs that there are already.

    Yields
    ------
    Runs

    Raises
    ------
    As `train`, before the first block. An interrupt is a KeyboardInterrupt: what was yielded, you have.

    Examples
    --------
    >>> import mlplab
    >>> experiment = Experiment(dataset="linear", training={"epochs": 2, "batch_size": 16})
    >>> for runs in mlplab.stream(experiment, replications=100):
    ...     break  # that is enough
    >>> rest = list(mlplab.stream(experiment, replications=100, done=runs))
    >>> len(mlplab.Runs.concatenate([runs, *rest]))
    100
    """
    if not isinstance(experiment, Trial | Trials):
        check_experiment(experiment)
    _check_count("keep_weights", keep_weights, least=0)
    (trials,) = _trials_of(experiment, replications, seed, data, label)
    if done is not None:
        if not isinstance(done, Runs):
            raise MlplabError(f"done must be Runs, received {shown(done)}")
        if done.experiment != trials.experiment:
            raise MlplabError("the runs that are done must be of the experiment that is trained")
        keep_weights = int(np.count_nonzero(~np.isin(trials.seed_array[:keep_weights], done.seed)))
        trials = trials.without(done.seed)
    population, _ = _population([trials], trainer, threads, keep_weights, validate)
    return _blocks(population, len(trials))


def _blocks(population: Trainer, count: int) -> Iterator[Runs]:
    given = np.zeros(count, np.bool_)
    for _ in population.train(lambda done: None):
        rows = np.flatnonzero(population.done(0) & ~given)
        given[rows] = True
        runs = population.runs(0, rows) if len(rows) else None
        if runs is not None:
            yield runs


def train_crossed(
    experiment: Experiment,
    seeds: int,
    seed: int = 0,
    progress: OnProgress | None = None,
    *,
    threads: int | None = None,
) -> Runs:
    """Train every combination of some seeds of the samples, of the weights and of the shuffles.

    Held and varied in turn, the three show which of them makes runs differ
    (`mlplab.statistics.variance_fractions`). Noise (dropout, and that on the inputs) has the seed of the
    shuffles.

    Parameters
    ----------
    seeds : int
        Of each stream: seed to seed + seeds - 1, so that there are seeds³ runs.
    seed, progress, threads
        As in `train`; the engine trains.

    Returns
    -------
    Runs
        In the order of (samples, weights, shuffle), the last running fastest; without weights and
        validation, and with the samples' seed as `seed`.

    Raises
    ------
    MlplabError, Interrupted
        As in `train`.

    Examples
    --------
    >>> runs = train_crossed(Experiment(dataset="linear"), seeds=2)
    >>> runs.test_accuracy.reshape(2, 2, 2).shape
    (2, 2, 2)
    """
    _check_count("seeds", seeds, least=1)
    first = check_seed(seed)
    check_seed(first + int(seeds) - 1, "the last run's seed")
    experiment, finite = with_samples(experiment)
    from mlplab import engine

    # What does not fit into memory is refused before the seeds of so many are written down.
    as_many = Trials(experiment, range(min(int(seeds), 10**6) ** 3), finite=finite)
    engine.check_memory([as_many], thread_count(threads), keep_weights=0)
    chosen = range(first, first + int(seeds))
    samples, weights, shuffle = np.array(list(product(chosen, repeat=3)), np.uint64).T
    streams = samples, weights, shuffle, shuffle
    trials = Trials(experiment, samples.astype(np.int64), streams, finite)
    return _train_all([trials], ENGINE, progress, threads, keep_weights=0, validate=False)[0]


def _trials_of(
    experiments: object, replications: int, seed: int, data: Any, label: str | None
) -> list[Trials]:
    """Return the trials of each experiment, after a check of what came."""
    if isinstance(experiments, Trial):
        experiments = Trials.from_trials([experiments])
    of_own = [experiments] if isinstance(experiments, Trials) else experiments
    if isinstance(of_own, Sequence) and of_own and all(isinstance(e, Trials) for e in of_own):
        if replications != 1 or seed != 0 or data is not None or label is not None:
            raise MlplabError(
                "replications, seed, data and label do not apply to trials, which say them themselves"
            )
        if not all(map(len, of_own)):
            raise MlplabError("nothing to train: received no trial")
        return list(of_own)
    # A part, a text and a table can be gone through, too, but for nothing that anyone meant.
    if isinstance(experiments, Iterable) and not isinstance(experiments, Part | str | Mapping):
        chosen = list(experiments)
        if any(isinstance(each, Trial | Trials) for each in chosen):
            raise MlplabError(
                "several trials are trained together as mlplab.trial.Trials.from_trials(trials), "
                f"received {shown(chosen)}"
            )
        chosen = [check_experiment(each) for each in chosen]
    else:
        chosen = [check_experiment(experiments)]
    if not chosen:
        raise MlplabError("nothing to train: received no experiment")
    seeds = seeds_of(replications, seed)
    read = cache(Samples.from_file)
    if data is None or isinstance(data, Samples):
        described = [with_samples(experiment, data, label, read) for experiment in chosen]
    else:
        take = cache(partial(as_samples, data, label))  # once for all experiments that ask alike
        described = [with_samples(e, take(*columns_of(e.dataset))) for e in chosen]
    return [Trials(experiment, seeds, finite=finite) for experiment, finite in described]


def _train_all(
    groups: Sequence[Trials],
    trainer: str,
    progress: OnProgress | None,
    threads: int | None,
    keep_weights: int,
    validate: bool,
) -> list[Runs]:
    population, total = _population(groups, trainer, threads, keep_weights, validate)
    tell = progress or (lambda done, total: None)
    try:
        for _ in population.train(lambda done: tell(done, total)):
            pass
        tell(total, total)
    except KeyboardInterrupt:
        raise Interrupted([population.runs(group) for group in range(len(groups))]) from None
    trained = [population.runs(group) for group in range(len(groups))]
    return [runs for runs in trained if runs is not None]


def _population(
    groups: Sequence[Trials],
    trainer: str,
    threads: int | None,
    keep_weights: int,
    validate: bool,
) -> tuple[Trainer, int]:
    """Return what trains the trials, and the epochs of all of them together."""
    _check_count("keep_weights", keep_weights, least=0)
    total = sum(len(trials) * trials.experiment.training.epochs for trials in groups)
    if trainer != ENGINE:
        if threads is not None:
            raise MlplabError(f"threads applies to the engine only, received trainer='{trainer}'")
        if not validate:
            raise MlplabError(f"validate=False needs the engine, received trainer='{trainer}'")
        return SequentialTrainer(groups, load_trainer(trainer), keep_weights), total
    from mlplab import engine

    threads = thread_count(threads)
    engine.check_memory(groups, threads, keep_weights)
    return engine.Population(groups, threads, keep_weights, validate), total


def seeds_of(replications: int, seed: int) -> range:
    """Return the seeds of runs: the first one's and those that follow it.

    Raises
    ------
    MlplabError
        If there is no run, or a seed is out of range.
    """
    _check_count("replications", replications, least=1)
    first = check_seed(seed)
    check_seed(first + int(replications) - 1, "the last run's seed")
    return range(first, first + int(replications))


def thread_count(threads: int | None) -> int:
    """Return how many threads the engine uses."""
    from mlplab import engine

    if threads is None:
        return engine.usable_cores()
    _check_count("threads", threads, least=1)
    return int(threads)


def _check_count(name: str, value: int, least: int) -> None:
    if not isinstance(value, int | np.integer) or isinstance(value, bool):
        raise MlplabError(f"{name} must be a whole number, received {shown(value)}")
    if value < least:
        raise MlplabError(f"{name} must be at least {least}, received {value}")
