"""Mistakes in `evaluate`: what a wrong loss or accuracy comes to on the same outputs `o`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from mlplab.course.checker.mistakes.mistake import Float, Way, row
from mlplab.course.checker.mistakes.solution import Outputs, Solution, Splits

_LOSS = (
    "In evaluate, the loss is np.mean((output - y_oh)**2): the mean over all points and classes, against "
    "the one-hot labels y_train_oh and y_test_oh."
)
_ACCURACY = (
    "In evaluate, the accuracy is the number of points with argmax(output, axis=1) == y, divided by the "
    "number of points with /, as // would give a whole number."
)
_SPLITS = "In evaluate, the first pair of numbers belongs to x_train and y_train, the second to x_test and y_test."
_SOLUTION = Solution()


def _hard(o: Outputs) -> Float:
    """Return 1 for the largest output and 0 for the others."""
    return np.eye(o.p.shape[1])[o.answered]


def _squares(o: Outputs) -> Float:
    return np.asarray((o.p - o.one_hot) ** 2)


def _measure(part: str, look: str) -> Callable[..., tuple[Way, ...]]:
    """Return a function that makes a row of one measure: other functions of the outputs in its place."""

    def make_row(
        name: str, what: str, credit: float, *ways: Callable[[Outputs], Any]
    ) -> tuple[Way, ...]:
        changes = {str(i): {part: lambda s, o, f=f: float(f(o))} for i, f in enumerate(ways)}
        return row(name, what, look, credit, changes)

    return make_row


_loss = _measure("loss_of", _LOSS)
_accuracy = _measure("accuracy_of", _ACCURACY)


def _by_training_points(kind: str, s: Solution, splits: Splits) -> list[float]:
    """Return a measure whose sum over the test points is divided by the number of training points."""
    train, test = getattr(Solution, kind)(s, splits)
    return [train, test * len(splits["test"].y) / len(splits["train"].y)]


def _mixed() -> Iterator[tuple[Way, ...]]:
    """Yield the right measures of the wrong points."""
    for name, what, first, second in (
        ("train-and-test-exchanged", "Training and test points are exchanged.", "test", "train"),
        ("train-for-test", "The test result is that of the training points.", "train", "train"),
        ("test-for-train", "The training result is that of the test points.", "test", "test"),
        ("valid-for-test", "The test result is that of the validation points.", "train", "valid"),
        (
            "valid-for-train",
            "The training result is that of the validation points.",
            "valid",
            "test",
        ),
    ):
        ways = {
            kind: {f"{kind}_splits": lambda s, names=(first, second): names}
            for kind in ("loss", "accuracy")
        }
        yield row(name, what, _SPLITS, 0.5, ways)


# fmt: off
ROWS = (
    _loss("sum-in-place-of-mean", "The loss is a sum over all points, not their mean.", 0.5,
        lambda o: _squares(o).sum()),
    _loss("loss-times-classes", "The loss is K times too large: it sums over the classes where it should "
        "take the mean, or it is divided by N_train and N_test, which count the points of one class.", 0.75,
        lambda o: _squares(o).sum(axis=1).mean()),
    _loss("loss-times-classes-twice", "The loss is K times K times too large: it sums over the classes, and "
        "is divided by N_train and N_test, which count the points of one class.", 0.5,
        lambda o: _squares(o).sum(axis=1).mean() * o.p.shape[1]),
    _loss("mean-over-classes-only", "The loss sums over the points where it should take the mean.", 0.5,
        lambda o: _squares(o).mean(axis=1).sum()),
    _loss("root-of-the-loss", "The loss is the root of the mean squared error.", 0.75,
        lambda o: np.sqrt(_squares(o).mean())),
    _loss("mean-length-of-errors",
        "The loss is the mean length of the error vectors: a root of the sum of squares of each point.", 0.5,
        lambda o: np.sqrt(_squares(o).sum(axis=1)).mean()),
    _loss("norm-of-errors", "The loss is the root of the sum of all squares (np.linalg.norm), not their mean.",
        0.5, lambda o: np.sqrt(_squares(o).sum())),
    _loss("half-the-loss", "The loss is half the mean squared error.", 0.75, lambda o: _squares(o).mean() / 2),
    _loss("double-the-loss", "The loss is twice the mean squared error.", 0.75,
        lambda o: 2 * _squares(o).mean()),
    _loss("loss-with-wrong-sign", "The loss has the wrong sign.", 0.5, lambda o: -_squares(o).mean()),
    _loss("squared-loss", "The mean squared error is squared once more.", 0.5,
        lambda o: _squares(o).mean() ** 2),
    _loss("absolute-error", "The loss is the mean absolute error: the squares are missing.", 0.5,
        lambda o: np.abs(o.p - o.one_hot).mean()),
    _loss("median-of-squares", "The loss is the median of the squares, not their mean.", 0.5,
        lambda o: np.median(_squares(o))),
    _loss("largest-square", "The loss is the largest of the squares, not their mean.", 0.25,
        lambda o: _squares(o).max()),
    _loss("loss-of-first-point", "The loss is that of the first or the last point alone.", 0.25,
        lambda o: _squares(o)[0].mean(), lambda o: _squares(o)[-1].mean()),
    _loss("loss-is-zero", "The loss comes out as 0.", 0.25, lambda o: 0.0),
    _loss("cross-entropy", "The loss is the cross-entropy; the lab asks for the mean squared error.", 0.5,
        lambda o: -np.log(o.of_right_class).mean(), lambda o: -(o.one_hot * np.log(o.p)).mean(),
        lambda o: -(o.one_hot * np.log(o.p) + (1 - o.one_hot) * np.log(1 - o.p)).mean(),
        lambda o: -np.log(o.of_right_class).sum()),
    _loss("loss-of-labels",
        "The loss compares the numbers of the classes, not the outputs with the one-hot labels.", 0.25,
        lambda o: np.mean((o.answered - o.y) ** 2)),
    _loss("loss-of-hard-answers",
        "The loss compares the one-hot labels with answers of 0 and 1, not with the outputs.", 0.25,
        lambda o: np.mean((_hard(o) - o.one_hot) ** 2)),
    _loss("loss-against-labels",
        "The loss compares the outputs with the numbers of the classes, not with the one-hot labels.", 0.25,
        lambda o: np.mean((o.p - o.y[:, None]) ** 2)),
    _loss("loss-of-largest-output", "The loss compares only the largest output with the number of the class.",
        0.25, lambda o: np.mean((o.p.max(axis=1) - o.y) ** 2)),
    _loss("loss-of-right-class-only",
        "The loss looks only at the output of the right class, not at all K outputs.", 0.5,
        lambda o: np.mean((o.of_right_class - 1) ** 2)),
    _loss("loss-of-outputs", "The loss is the mean of the squared outputs; the labels are missing.", 0.25,
        lambda o: np.mean(o.p**2)),
    _loss("one-minus-accuracy-as-loss", "The loss is the fraction of wrong answers, not the mean squared error.",
        0.0, lambda o: 1 - _SOLUTION.accuracy_of(o)),
    _loss("accuracy-as-loss", "The accuracy stands where the loss belongs.", 0.0, _SOLUTION.accuracy_of),
    _accuracy("accuracy-as-count", "The accuracy is a number of points, not a fraction of them.", 0.5,
        lambda o: (o.answered == o.y).sum()),
    _accuracy("accuracy-by-points-per-class", "The accuracy is divided by the number of points of one class: "
        "N_train and N_test count points per class, so that there are K times as many.", 0.5,
        lambda o: _SOLUTION.accuracy_of(o) * o.p.shape[1]),
    _accuracy("accuracy-by-all-numbers",
        "The accuracy is divided by the number of all outputs, K times that of the points.", 0.5,
        lambda o: _SOLUTION.accuracy_of(o) / o.p.shape[1]),
    _accuracy("error-in-place-of-accuracy", "The accuracy is the fraction of wrong answers.", 0.5,
        lambda o: 1 - _SOLUTION.accuracy_of(o)),
    _accuracy("accuracy-of-rounded-outputs",
        "The accuracy asks for outputs above 0.5 (rounded outputs, say), not for the largest output.", 0.25,
        lambda o: np.mean(np.round(o.p) == o.one_hot),
        lambda o: np.mean((np.round(o.p) == o.one_hot).all(axis=1))),
    _accuracy("accuracy-of-one-hot", "The accuracy compares one-hot answers and labels number by number, so "
        "that wrong answers count as partly right.", 0.5, lambda o: np.mean(_hard(o) == o.one_hot)),
    _accuracy("mean-probability-as-accuracy", "The accuracy is the mean probability of the right class.", 0.25,
        lambda o: o.of_right_class.mean()),
    _accuracy("largest-output-as-accuracy",
        "The accuracy is the mean of the largest outputs, whether they are right or not.", 0.25,
        lambda o: o.p.max(axis=1).mean()),
    _accuracy("smallest-output-chosen", "The answer is taken to be the class with the smallest output.", 0.5,
        lambda o: np.mean(o.p.argmin(axis=1) == o.y)),
    _accuracy("classes-counted-from-one", "The answers are counted from 1, and the labels from 0.", 0.5,
        lambda o: np.mean(o.answered + 1 == o.y)),
    _accuracy("loss-as-accuracy", "The loss stands where the accuracy belongs.", 0.0, _SOLUTION.loss_of),
    _accuracy("one-minus-loss-as-accuracy", "The accuracy is 1 minus the loss.", 0.0,
        lambda o: 1 - _SOLUTION.loss_of(o)),
    _accuracy("accuracy-is-one", "The accuracy comes out as 1.", 0.0, lambda o: 1.0),
    _accuracy("accuracy-is-zero", "The accuracy comes out as 0.", 0.0, lambda o: 0.0),
    row("accuracy-without-digits", "The accuracy is cut down to whole per cent, as // and int() do.",
        "In evaluate, divide with /, and not with //.", 0.75,
        accuracy_of=lambda s, o: np.floor(100 * _SOLUTION.accuracy_of(o) + 1e-9) / 100),
    row("test-result-by-training-points",
        "The sum over the test points is divided by the number of training points.", _SPLITS, 0.5,
        {kind: {kind: partial(_by_training_points, kind)} for kind in ("loss", "accuracy")}),
    *_mixed(),
)
# fmt: on

OF_LOSS = frozenset({"loss", "loss_of", "loss_splits"})
"""The parts of the solution that the loss is made of; all others are the accuracy's."""

WAYS = tuple(way for ways in ROWS for way in ways if way.mistake.name != "accuracy-without-digits")
"""Ways that move a number by much, which is seen however it is rounded."""
