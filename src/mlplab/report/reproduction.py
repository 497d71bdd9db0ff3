"""The reproduced lab as a record: what was trained, and what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mlplab.boundary import BoundaryCheck, LinearRegions, SingleLayer
from mlplab.data import Dataset
from mlplab.explain import Explanation, Remedies
from mlplab.report.published import Published
from mlplab.run import Float64, Run, Runs
from mlplab.spec import Experiment
from mlplab.statistics import Comparison, VarianceFractions, outcomes


@dataclass(frozen=True, eq=False)
class Task:
    """One trained experiment of the lab.

    Attributes
    ----------
    id : str
        Key of `EXPERIMENTS`.
    published : Published
    keras : Run
        Trained once, as the student did, by Keras's own `fit`, on the samples of `dataset`.
    replicated : Runs
        Trained from fresh draws of samples, weights and shuffles.
    explanation : Explanation or None
        Why its worst replications came out as they did; None where none was looked at.
    held : Runs or None
        Those runs once more, from their seeds, with the learning rate held at its first value; None where
        that was not tried.
    remedies : Remedies or None
        What single changes do; None where none was tried.
    regions : LinearRegions or None
        Of Keras's run; None where they are not shown.
    """

    id: str
    experiment: Experiment
    published: Published
    dataset: Dataset
    keras: Run
    replicated: Runs
    explanation: Explanation | None = None
    held: Runs | None = None
    remedies: Remedies | None = None
    regions: LinearRegions | None = None

    @property
    def test_accuracy(self) -> Float64:
        """Of each replication, NaN where it diverged."""
        return outcomes(self.replicated, "test_accuracy")

    @property
    def test_loss(self) -> Float64:
        """Of each replication, NaN where it diverged."""
        return outcomes(self.replicated, "test_loss")


MAPPED = ("1.2-relu", "1.3", "1.4")
"""Tasks whose networks draw regions that are worth a map of their agreement."""


def has_agreement(task: Task) -> bool:
    """Return whether there is a map of where a task's networks agree: there are several of them."""
    return task.id in MAPPED and len(task.replicated) > 1


def has_classifier(task: Task) -> bool:
    """Return whether there is a picture of a task's single run: with a shared initializer there is none."""
    return not task.experiment.network.initializer.shared


@dataclass(frozen=True)
class Scores:
    """The four numbers of Table 5; accuracies are fractions."""

    train_loss: float
    train_accuracy: float
    test_loss: float
    test_accuracy: float


@dataclass(frozen=True)
class TrainedApart:
    """How far two trainers parted on one trial: the largest difference of any weight after it."""

    task: str
    trainers: tuple[str, str]
    dtype: str
    updates: int
    largest_difference: float


@dataclass(frozen=True, eq=False)
class Parity:
    """Task 2: the own network with Keras's weights, and both trainers from the same trial.

    Attributes
    ----------
    run : Run
        Keras's run of task 1.4, whose weights the own network takes.
    keras, own : Scores
        Of the same weights, computed by Keras and by the network from scratch.
    largest_difference : float
        Of any output, over all training and test samples.
    trainings : tuple of TrainedApart
    """

    run: Run
    dataset: Dataset
    keras: Scores
    own: Scores
    largest_difference: float
    trainings: tuple[TrainedApart, ...]


@dataclass(frozen=True, eq=False)
class HandSolution:
    """Task 3: one of the report's two solutions, checked."""

    id: str
    equation: int
    network: SingleLayer
    check: BoundaryCheck
    dataset: Dataset
    test_accuracy: float


@dataclass(frozen=True)
class Erratum:
    """What the source report gets wrong or leaves open, and what this run measured of it.

    Attributes
    ----------
    number : int
        As in LAB.md.
    title, claim : str
    evidence : tuple of str
        Sentences, in the document's markup, each true of the numbers in `measured`.
    measured : mapping
        The numbers behind the sentences.
    """

    number: int
    title: str
    claim: str
    evidence: tuple[str, ...]
    measured: Mapping[str, float | int | str | list[float]]


@dataclass(frozen=True)
class Claim:
    """A comparison that the source makes of two tasks, or invites, and what paired replications say.

    `name` and `other_name` are what the two are called in a sentence; `comparison` is of `task` against
    `other`, corrected for the family of all claims.
    """

    task: str
    other: str
    name: str
    other_name: str
    source: str
    comparison: Comparison

    @property
    def sentence(self) -> str:
        """The comparison in plain words."""
        sentence = self.comparison.sentence(self.name, self.other_name)
        return sentence[0].upper() + sentence[1:]


@dataclass(frozen=True, eq=False)
class Crossed:
    """Every combination of some seeds of samples, weights and shuffles.

    Attributes
    ----------
    task : str
    seeds : int
        Of each stream.
    runs : Runs
        Of all seeds³ combinations.
    fractions : VarianceFractions or None
        What makes their test accuracy differ; None where a run diverged or all are equal.
    """

    task: str
    seeds: int
    runs: Runs
    fractions: VarianceFractions | None


@dataclass(frozen=True, eq=False)
class Reproduction:
    """Everything that one call of `reproduce` found; the report is written from nothing else.

    `parity` and `crossed` are None and `by_hand` is empty where the task was not asked for; the runs
    are crossed only where there are replications enough for a comparison. `claims` are the source's
    comparisons, `initializers` those of a new initializer for each layer with one for all.
    """

    seed: int
    replications: int
    tasks: Mapping[str, Task]
    parity: Parity | None
    by_hand: tuple[HandSolution, ...]
    claims: tuple[Claim, ...]
    initializers: tuple[Claim, ...]
    crossed: Crossed | None
    errata: tuple[Erratum, ...]
    seconds: float
