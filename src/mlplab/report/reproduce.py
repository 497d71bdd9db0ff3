"""Run the whole lab: train, replicate, compare, check, and gather it in one record."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from threading import Lock
from typing import Any

import numpy as np

from mlplab.boundary import EQUATION_11, EQUATION_12, Line, check
from mlplab.data import draw_dataset
from mlplab.errors import MlplabError
from mlplab.reference import MultilayerPerceptron
from mlplab.report.beside import beside
from mlplab.report.claims import judge_claims, judge_initializers
from mlplab.report.errata import find_errata
from mlplab.report.experiments import EXPERIMENTS
from mlplab.report.explained import explain
from mlplab.report.linear_regions import find_linear_regions
from mlplab.report.progress import OnTaskProgress, ignore_progress
from mlplab.report.published import PUBLISHED
from mlplab.report.reproduction import (
    Crossed,
    HandSolution,
    Parity,
    Reproduction,
    Scores,
    Task,
    TrainedApart,
)
from mlplab.report.selection import BY_HAND, OWN_MLP, select_tasks
from mlplab.run import Run, Runs
from mlplab.spec import LOSSES, Experiment, Linear, Recipe
from mlplab.spec.heads import accuracy
from mlplab.statistics import COMPARABLE, variance_fractions
from mlplab.training import train, train_crossed
from mlplab.trial import Trial, draw

WANTED_LINE = Line.parse("x2 = 1 - x1")
"""Task 3's boundary (figure 1)."""

PARITY_UPDATES = {"float64": 200, "float32": 20}
"""Updates after which two trainers' weights are compared; rounding errors grow with every update."""

TRAINERS_COMPARED = (("reference", "keras"), ("engine", "reference"))
"""The chain of proof: Keras holds the network from scratch, and that holds the engine."""

CROSSED = "1.3"
"""The task whose spread is split into its sources: the one that spreads most."""

CROSSED_SEEDS = 4
"""Seeds of each stream: 64 runs in all, so that the fractions are rough."""

_UPDATES_PER_EPOCH = 20


def reproduce(
    replications: int = 100,
    tasks: Sequence[str] | None = None,
    seed: int = 0,
    progress: OnTaskProgress | None = None,
) -> Reproduction:
    """Reproduce the lab, or some of its tasks.

    Parameters
    ----------
    replications : int
        Trainings of each experiment from fresh draws, seeds seed + 1 to seed + replications.
    tasks : sequence of str, optional
        Words that `select_tasks` knows; all tasks by default.
    seed : int
        Zero or above; of the single Keras runs.
    progress : callable, optional
        Called with the task, the steps done and the steps of that task, by two threads.

    Raises
    ------
    MlplabError
        If a task is unknown, or a number is out of range.
    MissingExtraError
        If Keras is not installed.
    """
    progress = progress or ignore_progress
    began = time.perf_counter()
    chosen = select_tasks(tasks)
    if replications < 1:
        raise MlplabError(f"replications must be at least 1, received {replications}")
    ids = [id for id in EXPERIMENTS if id in chosen]
    if ids or OWN_MLP in chosen:
        import_module("mlplab.frameworks.keras")  # missing, it is missed before any training
    trials = {id: draw(EXPERIMENTS[id], seed) for id in ids}
    counts = {id: _Count(id, replications, progress) for id in ids}
    # Keras keeps one core busy at most, and the engine takes what is left.
    with beside(lambda go_on: _replicate(counts, replications, seed + 1, go_on)) as replicated:
        once = _train_once(trials, counts)
        parity = None
        if OWN_MLP in chosen:
            parity = _compare_own_network(once.get("1.4"), seed, progress)
    runs, crossed = replicated.result()
    trained = {
        id: Task(
            id=id,
            experiment=EXPERIMENTS[id],
            published=PUBLISHED[id],
            dataset=trials[id].dataset,
            keras=once[id],
            replicated=runs[id],
            regions=find_linear_regions(id, once[id], trials[id].dataset),
        )
        for id in ids
    }
    trained = {id: explain(task, counts[id].told_again) for id, task in trained.items()}
    by_hand = _check_by_hand(seed) if BY_HAND in chosen else ()
    if by_hand:
        progress(BY_HAND, 1, 1)
    errata = find_errata(trained, parity, replications, seed, progress)
    return Reproduction(
        seed=seed,
        replications=replications,
        tasks=trained,
        parity=parity,
        by_hand=by_hand,
        claims=judge_claims(trained),
        initializers=judge_initializers(trained),
        crossed=crossed,
        errata=errata,
        seconds=time.perf_counter() - began,
    )


class _Count:
    """Counts the epochs of a task, of Keras's run and of the replications, which train side by side."""

    def __init__(self, id: str, replications: int, progress: OnTaskProgress) -> None:
        self.id = id
        self.epochs = EXPERIMENTS[id].training.epochs
        self.total = (1 + replications) * self.epochs
        self.keras = self.engine = 0
        self.report = progress
        self._lock = Lock()

    def one_of_keras(self) -> None:
        with self._lock:
            self.keras += 1
            self.report(self.id, self.keras + self.engine, self.total)

    def told_again(self) -> None:
        """Report that it goes on, where nothing of the count is done: a progress may end it."""
        self.report(self.id, self.total, self.total)

    def of_engine(self, done: int) -> None:
        with self._lock:
            self.engine = done
            self.report(self.id, self.keras + self.engine, self.total)


def _train_once(trials: Mapping[str, Trial], counts: Mapping[str, _Count]) -> dict[str, Run]:
    """Train each task once by Keras, as a student does."""
    if not trials:
        return {}
    from mlplab.frameworks.keras import fit

    return {id: fit(trial, counts[id].one_of_keras) for id, trial in trials.items()}


def _replicate(
    counts: Mapping[str, _Count], replications: int, seed: int, go_on: Callable[[], None]
) -> tuple[dict[str, Runs], Crossed | None]:
    """Train each task many times by the engine; and one with crossed seeds, if they are enough."""
    runs = {}
    for id, count in counts.items():

        def counted(done: int, _: int, count: _Count = count) -> None:
            go_on()
            count.of_engine(done)

        runs[id] = train(
            EXPERIMENTS[id],
            replications,
            seed,
            progress=counted,
            validate=False,  # only Keras's run is drawn by epoch
        )
    if CROSSED not in runs or replications < COMPARABLE:
        return runs, None

    def crossing(done: int, total: int) -> None:
        go_on()
        counts[CROSSED].report(f"{CROSSED} crossed", done, total)

    return runs, _cross(seed, crossing)


def _cross(seed: int, progress: Callable[[int, int], None]) -> Crossed:
    """Cross the seeds of samples, weights and shuffles, to tell what makes a task's runs differ."""
    runs = train_crossed(EXPERIMENTS[CROSSED], CROSSED_SEEDS, seed, progress)
    values = runs.test_accuracy.reshape((CROSSED_SEEDS,) * 3)
    whole = not (runs.ending == "diverged").any()
    return Crossed(CROSSED, CROSSED_SEEDS, runs, variance_fractions(values) if whole else None)


def _compare_own_network(run: Run | None, seed: int, progress: OnTaskProgress) -> Parity:
    """Give the network from scratch Keras's weights of task 1.4; and train both from one trial."""
    from mlplab.frameworks.keras import KerasNetwork, fit

    compared = [
        (id, trainers, dtype)
        for trainers in TRAINERS_COMPARED
        for id in ("1.2-relu", "1.3", "1.4")
        for dtype in PARITY_UPDATES
    ]
    total = 1 + len(compared)
    progress(OWN_MLP, 0, total)
    trial = draw(EXPERIMENTS["1.4"], seed)
    dataset = trial.dataset
    if run is None:
        run = fit(trial)
    own = MultilayerPerceptron(run.weights, run.biases, run.experiment.network.activations)
    x = np.concatenate([dataset.train.x, dataset.test.x])
    difference = np.abs(KerasNetwork(run).feedforward(x) - own.feedforward(x)).max()
    mse = LOSSES[run.experiment.training.loss].function
    outputs = {"train": own.feedforward(dataset.train.x), "test": own.feedforward(dataset.test.x)}
    labels = {name: dataset.one_hot(dataset.splits[name].y) for name in ("train", "test")}
    trainings = []
    for i, (id, trainers, dtype) in enumerate(compared):
        progress(OWN_MLP, 1 + i, total)
        trainings.append(train_apart(id, trainers, dtype, seed))
    progress(OWN_MLP, total, total)
    return Parity(
        run=run,
        dataset=dataset,
        keras=_scores_of(run),
        own=Scores(
            train_loss=mse(outputs["train"], labels["train"]),
            train_accuracy=accuracy(outputs["train"], labels["train"]),
            test_loss=mse(outputs["test"], labels["test"]),
            test_accuracy=accuracy(outputs["test"], labels["test"]),
        ),
        largest_difference=float(difference),
        trainings=tuple(trainings),
    )


def _scores_of(run: Run) -> Scores:
    return Scores(run.train_loss, run.train_accuracy, run.test_loss, run.test_accuracy)


def train_apart(id: str, trainers: tuple[str, str], dtype: str, seed: int) -> TrainedApart:
    """Train one trial of a task by two trainers, and compare all weights at the end.

    The task keeps its network, optimizer and batch size, and has as many samples as make an epoch of
    20 updates.
    """
    updates = PARITY_UPDATES[dtype]
    experiment = _shortened(EXPERIMENTS[id], dtype, epochs=updates // _UPDATES_PER_EPOCH)
    one, other = (train(experiment, 1, seed, trainer)[0] for trainer in trainers)
    pairs = zip((*one.weights, *one.biases), (*other.weights, *other.biases), strict=True)
    return TrainedApart(
        task=id,
        trainers=trainers,
        dtype=dtype,
        updates=one.updates,
        largest_difference=float(max(np.abs(a - b).max() for a, b in pairs)),
    )


def _shortened(experiment: Experiment, dtype: str, epochs: int) -> Experiment:
    dataset: Any = experiment.dataset
    samples = _UPDATES_PER_EPOCH * experiment.training.batch_size // dataset.classes
    assert isinstance(dataset, Recipe)  # noqa: S101  # the lab's datasets are all drawn
    return experiment.varied(
        {
            "dataset.train_per_class": samples,
            "training.dtype": dtype,
            "training.epochs": epochs,
        }
    )


def _check_by_hand(seed: int) -> tuple[HandSolution, ...]:
    """Check the two solutions of task 3, each on a dataset of its own, as the report has it."""
    checked = []
    for i, (id, equation, network) in enumerate(
        [("3-eq11", 11, EQUATION_11), ("3-eq12", 12, EQUATION_12)]
    ):
        dataset = draw_dataset(Linear(sigma=0.1), seed + i)
        right = network.feedforward(dataset.test.x).argmax(axis=1) == dataset.test.y
        checked.append(
            HandSolution(
                id=id,
                equation=equation,
                network=network,
                check=check(network.W, network.b, line=WANTED_LINE, class_0="below"),
                dataset=dataset,
                test_accuracy=float(right.mean()),
            )
        )
    return tuple(checked)
