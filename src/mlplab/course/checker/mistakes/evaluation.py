"""Mistakes in `evaluate`: what a wrong loss or accuracy comes to on the same outputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlplab.course.checker.mistakes.mistake import Float, Registry


@dataclass(frozen=True, eq=False)
class Outputs:
    """What the network gives on a split, and what is right.

    Attributes
    ----------
    p : ndarray, shape (points, K)
    y : ndarray of int, shape (points,)
    """

    p: Float
    y: NDArray[np.int64]

    @property
    def one_hot(self) -> Float:
        """The labels as rows of shape (points, K)."""
        return np.eye(self.p.shape[1])[self.y]

    @property
    def answered(self) -> NDArray[np.int64]:
        """The class with the largest output of each point."""
        return np.asarray(self.p.argmax(axis=1))


Splits = Mapping[str, Outputs]
"""Outputs on train, valid and test."""

Measure = Callable[[Outputs], float]


def right_loss(outputs: Outputs) -> float:
    """Return the mean squared error, over points and classes."""
    return float(np.mean((outputs.p - outputs.one_hot) ** 2))


def right_accuracy(outputs: Outputs) -> float:
    """Return the share of the points whose largest output is that of their class."""
    return float(np.mean(outputs.answered == outputs.y))


LOSSES: Registry[Splits] = Registry()
ACCURACIES: Registry[Splits] = Registry()
"""Both answer with two numbers: for the training and for the test points."""

_MSE = (
    "In evaluate, the loss is np.mean((output - y_oh)**2): the mean over all points and "
    "classes, against the "
    "one-hot labels y_train_oh and y_test_oh."
)
_SHARE = (
    "In evaluate, the accuracy is the number of points with argmax(output, axis=1) == y, "
    "divided by the number "
    "of points."
)


def _enter_measures() -> None:
    losses: list[tuple[str, str, float, Measure]] = [
        (
            "sum-in-place-of-mean",
            "The loss is a sum over all points, not their mean.",
            0.5,
            lambda o: float(((o.p - o.one_hot) ** 2).sum()),
        ),
        (
            "loss-times-classes",
            "The loss is K times too large: it sums over the classes where it should take "
            "the mean, or it is "
            "divided by N_train and N_test, which count the points of one class.",
            0.75,
            lambda o: float(((o.p - o.one_hot) ** 2).sum(axis=1).mean()),
        ),
        (
            "mean-over-classes-only",
            "The loss sums over the points where it should take the mean.",
            0.5,
            lambda o: float(((o.p - o.one_hot) ** 2).mean(axis=1).sum()),
        ),
        (
            "root-of-the-loss",
            "The loss is the root of the mean squared error.",
            0.75,
            lambda o: float(np.sqrt(right_loss(o))),
        ),
        (
            "half-the-loss",
            "The loss is half the mean squared error.",
            0.75,
            lambda o: right_loss(o) / 2,
        ),
        (
            "absolute-error",
            "The loss is the mean absolute error: the squares are missing.",
            0.5,
            lambda o: float(np.abs(o.p - o.one_hot).mean()),
        ),
        (
            "signed-error",
            "The loss is the mean of the differences, without squares, so that they cancel.",
            0.25,
            lambda o: float((o.p - o.one_hot).mean()),
        ),
        (
            "cross-entropy",
            "The loss is the cross-entropy; the lab asks for the mean squared error.",
            0.5,
            lambda o: float(-np.log(o.p[np.arange(len(o.y)), o.y]).mean()),
        ),
        (
            "cross-entropy",
            "The loss is the cross-entropy; the lab asks for the mean squared error.",
            0.5,
            lambda o: float(-(o.one_hot * np.log(o.p)).mean()),
        ),
        (
            "loss-of-labels",
            "The loss compares the numbers of the classes, not the outputs with the one-hot labels.",
            0.25,
            lambda o: float(np.mean((o.answered - o.y) ** 2)),
        ),
        (
            "loss-of-hard-answers",
            "The loss compares the one-hot labels with answers of 0 and 1, not with the outputs.",
            0.25,
            lambda o: float(np.mean((np.eye(o.p.shape[1])[o.answered] - o.one_hot) ** 2)),
        ),
        (
            "loss-against-labels",
            "The loss compares the outputs with the numbers of the classes, not with the one-hot labels.",
            0.25,
            lambda o: float(np.mean((o.p - o.y[:, None]) ** 2)),
        ),
        (
            "loss-of-largest-output",
            "The loss compares only the largest output with the number of the class.",
            0.25,
            lambda o: float(np.mean((o.p.max(axis=1) - o.y) ** 2)),
        ),
        (
            "loss-of-right-class-only",
            "The loss looks only at the output of the right class, not at all K outputs.",
            0.5,
            lambda o: float(np.mean((o.p[np.arange(len(o.y)), o.y] - 1) ** 2)),
        ),
        (
            "accuracy-as-loss",
            "The loss is the share of wrong answers, not the mean squared error.",
            0.0,
            lambda o: 1 - right_accuracy(o),
        ),
        (
            "accuracy-as-loss",
            "The accuracy stands where the loss belongs.",
            0.0,
            right_accuracy,
        ),
    ]
    accuracies: list[tuple[str, str, float, Measure]] = [
        (
            "accuracy-as-count",
            "The accuracy is a number of points, not a share of them.",
            0.5,
            lambda o: float((o.answered == o.y).sum()),
        ),
        (
            "accuracy-by-points-per-class",
            "The accuracy is divided by the number of points of one class: N_train and "
            "N_test count points "
            "per class, so that there are K times as many.",
            0.5,
            lambda o: right_accuracy(o) * o.p.shape[1],
        ),
        (
            "error-in-place-of-accuracy",
            "The accuracy is the share of wrong answers.",
            0.5,
            lambda o: 1 - right_accuracy(o),
        ),
        (
            "accuracy-of-rounded-outputs",
            "The accuracy compares every rounded output with the one-hot labels, number by number.",
            0.25,
            lambda o: float(np.mean(np.round(o.p) == o.one_hot)),
        ),
        (
            "accuracy-of-rounded-outputs",
            "The accuracy counts points whose rounded outputs are the one-hot label.",
            0.5,
            lambda o: float(np.mean((np.round(o.p) == o.one_hot).all(axis=1))),
        ),
        (
            "accuracy-of-one-hot",
            "The accuracy compares one-hot answers and labels number by number, so that wrong answers "
            "count as partly right.",
            0.5,
            lambda o: float(np.mean(np.eye(o.p.shape[1])[o.answered] == o.one_hot)),
        ),
        (
            "mean-probability-as-accuracy",
            "The accuracy is the mean probability of the right class.",
            0.25,
            lambda o: float(o.p[np.arange(len(o.y)), o.y].mean()),
        ),
        (
            "largest-output-as-accuracy",
            "The accuracy is the mean of the largest outputs, whether they are right or not.",
            0.25,
            lambda o: float(o.p.max(axis=1).mean()),
        ),
        (
            "smallest-output-chosen",
            "The answer is taken to be the class with the smallest output.",
            0.5,
            lambda o: float(np.mean(o.p.argmin(axis=1) == o.y)),
        ),
        (
            "loss-as-accuracy",
            "The loss stands where the accuracy belongs.",
            0.0,
            right_loss,
        ),
        (
            "loss-as-accuracy",
            "The accuracy is 1 minus the loss.",
            0.0,
            lambda o: 1 - right_loss(o),
        ),
        (
            "always-right",
            "The accuracy is always 1: the labels are compared with themselves.",
            0.0,
            lambda o: 1.0,
        ),
        (
            "always-wrong",
            "The accuracy is always 0.",
            0.0,
            lambda o: 0.0,
        ),
    ]
    for registry, entries, look in ((LOSSES, losses, _MSE), (ACCURACIES, accuracies, _SHARE)):
        for name, what, credit, measure in entries:
            registry.entry(name, what, look, credit)(
                lambda splits, measure=measure: [measure(splits["train"]), measure(splits["test"])]  # type: ignore[misc]  # mypy infers no lambda with a default
            )


def _enter_splits() -> None:
    """Enter the right measures of the wrong points."""
    mixed: list[tuple[str, str, float, str, str]] = [
        ("train-and-test-exchanged", "Training and test points are exchanged.", 0.5, "test", "train"),
        ("train-for-test", "The test result is that of the training points.", 0.5, "train", "train"),
        ("test-for-train", "The training result is that of the test points.", 0.5, "test", "test"),
        ("valid-for-test", "The test result is that of the validation points.", 0.5, "train", "valid"),
    ]  # fmt: skip
    for registry, measure in ((LOSSES, right_loss), (ACCURACIES, right_accuracy)):
        for name, what, credit, first, second in mixed:
            registry.entry(
                name,
                what,
                "In evaluate, the first pair of numbers belongs to x_train and y_train, the "
                "second to x_test "
                "and y_test.",
                credit,
            )(
                lambda splits, measure=measure, first=first, second=second: [  # type: ignore[misc]  # mypy infers no lambda with a default
                    measure(splits[first]),
                    measure(splits[second]),
                ]
            )


_enter_measures()
_enter_splits()
