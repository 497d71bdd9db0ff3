"""A run's ending says truly how it ended, and its cause what ended it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import hypergeom

from mlplab.run import count_predictions, how_it_ended, how_they_ended

GOOD = (np.ones((2, 2)), np.zeros(2))
Counts = NDArray[np.int64]


def ended(
    confusion: Any, losses: Any = (0.3, 0.2), final: float = 0.2, parameters: Any = GOOD
) -> str:
    """The ending and cause of a run with a confusion matrix on training samples: rows are labels."""
    matrix = np.array(confusion)
    accuracy = matrix.trace() / matrix.sum()
    found = how_it_ended(
        losses, final, parameters, accuracy, matrix.sum(axis=0), matrix.sum(axis=1)
    )
    return f"{found['ending']} {found['cause']}".strip()


RIGHT = [[50, 0], [0, 50]]

# ---- Diverged ----------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_training_loss_that_is_not_finite_means_diverged(bad: float):
    assert ended(RIGHT) == "finished"
    assert ended(RIGHT, losses=[0.3, bad]) == "diverged loss"
    assert ended(RIGHT, losses=[bad, 0.2]) == "diverged loss"
    assert ended(RIGHT, final=bad) == "diverged loss"


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("which", [0, 1])
def test_a_weight_or_bias_that_is_not_finite_means_diverged(which: int, bad: float):
    parameters = [array.copy() for array in GOOD]
    parameters[which].flat[-1] = bad
    assert ended(RIGHT, parameters=parameters) == "diverged weights"
    assert ended(RIGHT, parameters=parameters, final=bad) == "diverged loss"


def test_diverged_says_more_than_stuck():
    assert ended([[50, 0], [50, 0]]) == "stuck one_class"
    assert ended([[50, 0], [50, 0]], final=np.nan) == "diverged loss"


# ---- Stuck -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("confusion", "how"),
    [
        # All right is finished, however few or rare the samples are.
        ([[4, 0], [0, 4]], "finished"),
        ([[1, 0], [0, 1]], "finished"),
        ([[653, 0], [0, 7]], "finished"),
        ([[9_990, 0], [0, 10]], "finished"),
        ([[3, 0, 0], [0, 3, 0], [0, 0, 3]], "finished"),
        ([[8, 0], [0, 0]], "finished"),
        # Nearly so, too.
        ([[4, 0], [1, 3]], "finished"),
        ([[653, 0], [3, 4]], "finished"),
        ([[653, 0], [6, 1]], "finished"),
        ([[650, 3], [2, 5]], "finished"),
        # One class for all, or for nearly all.
        ([[512, 0], [512, 0]], "stuck one_class"),
        ([[0, 4], [0, 4]], "stuck one_class"),
        ([[509, 3], [506, 6]], "stuck one_class"),
        ([[653, 0], [7, 0]], "stuck one_class"),
        ([[6530, 0], [64, 6]], "stuck one_class"),
        ([[6530, 0], [63, 7]], "finished"),
        ([[512, 0], [463, 49]], "stuck one_class"),
        ([[100, 0, 0], [100, 0, 0], [100, 0, 0]], "stuck one_class"),
        # Several classes, but no more right than the most common one, or by luck.
        ([[256, 256], [256, 256]], "stuck chance"),
        ([[262, 250], [250, 262]], "stuck chance"),
        ([[100, 412], [200, 312]], "stuck chance"),
        ([[34, 33, 33], [33, 34, 33], [33, 33, 34]], "stuck chance"),
        ([[880, 20], [90, 10]], "stuck chance"),
        ([[2, 2], [1, 3]], "stuck chance"),
        # A little is learnt, and it is no luck.
        ([[312, 200], [200, 312]], "finished"),
        ([[60, 20, 20], [20, 60, 20], [20, 20, 60]], "finished"),
    ],
)
def test_stuck_is_one_class_or_chance(confusion: Any, how: str):
    assert ended(confusion) == how


@pytest.mark.parametrize("labelled", [(100, 100), (170, 30), (50, 60, 90)])
def test_luck_is_called_stuck_nearly_always(labelled: tuple[int, ...]):
    """Predictions shuffled among the samples: of 3,000 at most 0.001, and four deviations."""
    generator = np.random.default_rng(1)
    y = np.repeat(np.arange(len(labelled)), labelled)
    shuffled = [generator.permutation(y) for _ in range(3000)]
    ending, cause = judged(y, shuffled)
    assert (ending == "finished").sum() <= 3 + 4 * np.sqrt(3)
    assert set(cause) <= {"chance", ""}


def test_the_spread_of_luck_is_the_hypergeometric_s():
    # Of two classes matches are a constant and twice the hits of class 0, so that the border of chance
    # is at the mean and 3.09 deviations of that distribution.
    n, labelled, predicted = 400, 200, 150
    hits = hypergeom(n, labelled, predicted)
    matches = [2 * k + n - labelled - predicted for k in range(predicted + 1)]
    border = 2 * (hits.mean() + 3.09 * hits.std()) + n - labelled - predicted
    for k, correct in enumerate(matches):
        if labelled < correct < 0.75 * n:
            confusion = [[k, labelled - k], [predicted - k, n - labelled - predicted + k]]
            assert ended(confusion) == ("stuck chance" if correct <= border else "finished")


def judged(y: Counts, predictions: list[Counts]) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    """How runs ended that predict these classes for samples of class y."""
    n, k = len(predictions), y.max() + 1
    return how_they_ended(
        train_losses=np.full((n, 2), 0.2),
        final_train_loss=np.full(n, 0.2),
        weights_are_finite=np.ones(n, dtype=bool),
        correct=np.array([(y == of_run).sum() for of_run in predictions]),
        predicted=np.array([np.bincount(of_run, minlength=k) for of_run in predictions]),
        labelled=np.tile(np.bincount(y, minlength=k), (n, 1)),
    )


@pytest.mark.parametrize("known", [0.5, 0.8, 1.0])
def test_what_is_learnt_is_never_called_stuck(known: float):
    """Of 200 samples a fraction is known, the others guessed: seven deviations above luck."""
    generator = np.random.default_rng(2)
    y = np.repeat([0, 1], 100)
    predictions = [
        np.where(generator.random(200) < known, y, generator.permutation(y)) for _ in range(500)
    ]
    ending, _ = judged(y, predictions)
    assert (ending == "finished").all()


def test_many_runs_end_as_each_alone():
    generator = np.random.default_rng(3)
    matrices = generator.integers(0, 40, size=(200, 3, 3))
    matrices[:40, :, 1:] = 0
    losses = np.where(generator.random((200, 4)) < 0.05, np.nan, 0.3)
    finite = generator.random(200) > 0.1
    ending, cause = how_they_ended(
        losses,
        np.full(200, 0.2),
        finite,
        np.trace(matrices, axis1=1, axis2=2),
        matrices.sum(axis=1),
        matrices.sum(axis=2),
    )
    for i, matrix in enumerate(matrices):
        parameters = GOOD if finite[i] else (np.array([[np.nan]]),)
        alone = ended(matrix, losses=losses[i], parameters=parameters)
        assert alone == f"{ending[i]} {cause[i]}".strip()
    assert set(cause) == {"", "loss", "weights", "one_class", "chance"}
    assert (ending.dtype, cause.dtype) == (np.dtype("<U8"), np.dtype("<U9"))


# ---- Predictions -------------------------------------------------------------------------------


def test_predictions_are_counted_by_the_largest_output():
    outputs = np.array([[0.2, 0.7, 0.1], [0.4, 0.4, 0.2], [0.1, 0.8, 0.1], [np.nan, 1, 0]])
    assert count_predictions(outputs, 3).tolist() == [1, 2, 0]
    assert count_predictions(outputs[:0], 3).tolist() == [0, 0, 0]
    assert count_predictions(np.full((3, 2), np.inf), 2).tolist() == [0, 0]
