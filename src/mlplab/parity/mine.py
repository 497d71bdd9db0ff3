"""A student's training step beside the reference: where it leaves, and the likely cause.

The gradients are the student's, of the method `backpropagation(x, y)` that `mlplab check` knows; each
call runs in a process of its own, as there. The weights are moved by the experiment's optimizer, since
the lab's interface has none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from mlplab.course.checker.answer import Limits
from mlplab.course.checker.checks.cases import Case
from mlplab.course.checker.checks.check import Finding, how_it_stopped
from mlplab.course.checker.checks.gradients import GradientCheck, draw_checks, read_gradients
from mlplab.course.checker.classes import find_submissions
from mlplab.course.checker.diagnosis import choose_mistakes
from mlplab.course.checker.kit_files import COURSE_MODULES, KIT
from mlplab.course.checker.mistakes import Mistake
from mlplab.course.checker.runner import Runner
from mlplab.course.checker.style import modules_to_preload
from mlplab.errors import MlplabError
from mlplab.parity.batches import Batch, Layers
from mlplab.parity.differences import Differences, train_beside_reference
from mlplab.parity.reference_training import ReferenceTraining
from mlplab.reference.network import Gradients
from mlplab.trial import Float, Trial

MOST_UPDATES = 200
"""Updates of a student's code that are made: each starts a process."""

NAME = "mine"
"""Of the column."""


@dataclass(frozen=True, eq=False)
class BatchGradients(GradientCheck):
    """The gradients of one batch, against the reference's."""

    y: Float = field(kw_only=True)
    basis = "the reference"
    tolerance = 1e-5

    @property
    def labels(self) -> Float:
        """One-hot labels of the batch."""
        return self.y

    def right(self) -> tuple[list[Float], list[Float]]:
        """Return the reference's gradients."""
        return self.reference_gradients

    reference_gradients: tuple[list[Float], list[Float]] = field(kw_only=True)


@dataclass(frozen=True, eq=False)
class Mine:
    """What came of a student's training step.

    Attributes
    ----------
    differences : Differences
        To the end, or to the first update that is wrong.
    finding : Finding or None
        What is wrong in that update: the first layer that differs, going back from the output.
    mistake : Mistake or None
        The likely cause, where the checker knows one.
    """

    differences: Differences
    finding: Finding | None = None
    mistake: Mistake | None = None


def check_fits(trial: Trial) -> None:
    """Refuse an experiment that the lab's interface has no place for.

    Raises
    ------
    MlplabError
        In one sentence.
    """
    network, training = trial.experiment.network, trial.experiment.training
    refusals = (
        (
            training.loss != "mean_squared_error" or trial.head.has_targets,
            f"the loss is mean_squared_error on softmax, received {training.loss}",
        ),
        (bool(training.label_smoothing), "there is no label_smoothing"),
        (trial.training_weights is not None, "samples and classes have no weights"),
        (bool(network.dropout), "there is no dropout"),
        (len(set(network.activations)) > 1, "all hidden layers have one activation"),
    )
    for is_refused, said in refusals:
        if is_refused:
            raise MlplabError(f"--mine trains by the lab's interface, in which {said}")


def train_mine(
    trial: Trial,
    path: Path,
    updates: int,
    tolerance: float,
    progress: Callable[[int], None] = lambda done: None,
) -> Mine:
    """Train a trial by a student's gradients until they leave the reference.

    Parameters
    ----------
    trial : Trial
    path : Path
        The student's file.
    updates : int
        At most `MOST_UPDATES` of them are made.
    tolerance : float
        Largest difference of a weight that is allowed.
    progress : callable
        Called with the updates done.

    Raises
    ------
    MlplabError
        If the file cannot be read or run, has no method that gives gradients, or the experiment does not
        fit the lab's interface.
    """
    check_fits(trial)
    [submission] = find_submissions([path], single=True)
    if submission.problem is not None:
        raise MlplabError(f"--mine {path}: {submission.problem}")
    modules = {name: (KIT / name).read_bytes() for name in COURSE_MODULES}
    preload = sorted({n for each in submission.files.values() for n in modules_to_preload(each)})
    with (
        np.errstate(all="ignore"),
        Runner(submission.files, modules, Limits(), preload) as runner,
    ):
        training = _MyTraining(trial, runner, path)
        found = train_beside_reference(
            trial, NAME, lambda _: training, min(updates, MOST_UPDATES), progress, tolerance
        )
        if found.first_above(tolerance) is None:
            return Mine(found)
        finding = training.check.judge(training.answer)
        # A first update may be too even to tell mistakes apart: the checker's own network helps, unless
        # something else is wrong there.
        [other] = draw_checks(trial.seed)
        found_there = other.find(runner.run(other.action, **other.arguments))
        mistake = choose_mistakes([finding, found_there])[0] or choose_mistakes([finding])[0]
    return Mine(found, finding, mistake)


class _MyTraining:
    """A training by a student's gradients; it remembers the last update."""

    def __init__(self, trial: Trial, runner: Runner, path: Path) -> None:
        self._training = ReferenceTraining(trial)
        self._runner, self._path = runner, path
        names = trial.experiment.network.activations
        self._activation = names[0] if names else "linear"

    def update(self, batch: Batch) -> None:
        """Ask for the gradients of a batch, and move by them."""
        weights, biases = self.network
        right = self._training.gradients(batch)
        case = Case(
            [w.copy() for w in weights], [b.copy() for b in biases], self._activation, batch.x
        )
        self.check = BatchGradients(
            "backpropagation",
            "backpropagation of a batch",
            case=case,
            y=batch.y,
            reference_gradients=(right.weights, right.biases),
        )
        answer = self._runner.run("gradients", **self.check.arguments)
        stopped = how_it_stopped(answer)
        if stopped is None and answer.content["method"] is None:
            raise MlplabError(
                f"--mine {self._path}: MLP has no method backpropagation(x, y) that returns the lists "
                "dL/dW and dL/db; `mlplab check` judges what it has"
            )
        found = read_gradients(answer.content, self.check.right()) if stopped is None else stopped
        if isinstance(found, Finding):
            said = " ".join([found.facts, *(m.what for m in found.mistakes[:1])]).strip()
            raise MlplabError(f"--mine {self._path}: backpropagation of a batch: {said}")
        self.answer = answer.content
        dtype = weights[0].dtype
        self._training.move(Gradients(*([array.astype(dtype) for array in part] for part in found)))

    @property
    def network(self) -> Layers:
        """W and b of each layer, as they are now."""
        return self._training.network
