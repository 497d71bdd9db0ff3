"""How a run ended, and what ended it.

| ending | cause | what it means |
| --- | --- | --- |
| diverged | loss | a training loss is infinite or not a number, in an epoch or at the end |
| diverged | weights | the losses are finite, but a weight or bias is not |
| stuck | one_class | (nearly) all training samples are predicted to be of one class |
| stuck | chance | no more samples are right than the most common class has, or than luck explains |
| stuck | constant | of targets: the loss is no better than that of the best constant answer |
| finished | | the rest |

The first line that applies is the run's. A run that stopped early has ended in one of these ways, too.
Losses on validation and test samples end nothing: looking at a network does not change what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlplab.run.history import Float, Float64

Ending = Literal["finished", "stuck", "diverged"]
"""How a run ended; stuck is one that predicts no better than luck or a constant would."""
Cause = Literal["", "one_class", "chance", "loss", "weights", "constant"]
"""What ended a run that is stuck or diverged; "" of one that finished."""

OF_LABELS, OF_TARGETS = {"one_class", "chance"}, {"constant"}
"""Causes that only runs with labels have, and only those with targets."""

TEXT_TYPES = {"ending": "<U8", "cause": "<U9"}
"""NumPy's type of each in an array: wide enough for every word, so that arrays of all runs are alike."""

FEW_PREDICTIONS = 0.1
"""With one class predicted, all others together are predicted for less than this fraction of the samples
that have them: of two equal classes, one for less than 5 % of all samples."""

LEAST_EXPLAINED = 0.01
"""Of targets: a training loss that is smaller than that of the best constant answer by less than this
fraction is no better. So R² is then below 0.01."""

CHANCE_DEVIATIONS = 3.09
"""So many standard deviations above luck, predictions are no luck: the normal's one-sided level 0.001."""


def how_they_ended(
    train_losses: Float64,
    final_train_loss: Float64,
    weights_are_finite: NDArray[np.bool_],
    correct: NDArray[np.int64],
    predicted: NDArray[np.int64],
    labelled: NDArray[np.int64],
    constant_loss: Float64 | None = None,
) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    """Judge how runs ended.

    Parameters
    ----------
    train_losses : ndarray, shape (replications, epochs)
        The training loss of each epoch; not finite where an epoch was not reached.
    final_train_loss : ndarray, shape (replications,)
        Of the final weights.
    weights_are_finite : ndarray of bool, shape (replications,)
        Whether all final weights and biases are.
    correct : ndarray of int64, shape (replications,)
        Training samples that the final weights get right.
    predicted, labelled : ndarray of int64, shape (replications, classes)
        Training samples for which each class is predicted, and that have it.
    constant_loss : ndarray, shape (replications,), optional
        Of targets, of which the three before mean nothing: the training loss of the best constant answer.

    Returns
    -------
    ending, cause : ndarray of str, shape (replications,)

    Examples
    --------
    Of 1,024 samples, half of each class, all are predicted to be of class 0; 300 are wrong; none is.

    >>> ending, cause = how_they_ended(
    ...     train_losses=np.full((3, 2), 0.2),
    ...     final_train_loss=np.full(3, 0.2),
    ...     weights_are_finite=np.ones(3, dtype=bool),
    ...     correct=np.array([512, 724, 1024]),
    ...     predicted=np.array([[1024, 0], [500, 524], [512, 512]]),
    ...     labelled=np.full((3, 2), 512),
    ... )
    >>> ending.tolist(), cause.tolist()
    (['stuck', 'finished', 'finished'], ['one_class', '', ''])
    """
    losses_are_finite = np.isfinite(train_losses).all(axis=1) & np.isfinite(final_train_loss)
    if constant_loss is None:
        stuck = {
            "one_class": _is_one_class(predicted, labelled),
            "chance": _is_chance(correct, predicted, labelled),
        }
    else:
        # Targets that are all alike are met by a constant, and a network that meets them is not stuck.
        is_constant = final_train_loss > (1 - LEAST_EXPLAINED) * constant_loss
        stuck = {"constant": is_constant & (final_train_loss > 0)}
    causes = {"loss": ~losses_are_finite, "weights": ~weights_are_finite, **stuck}
    cause = np.select(list(causes.values()), list(causes), default="")
    diverged = np.isin(cause, ["loss", "weights"])
    ending = np.select([diverged, cause != ""], ["diverged", "stuck"], default="finished")
    return ending.astype(TEXT_TYPES["ending"]), cause.astype(TEXT_TYPES["cause"])


def how_it_ended(
    train_losses: ArrayLike,
    final_train_loss: float,
    parameters: Sequence[Float],
    train_metric: float,
    predicted: NDArray[np.int64],
    labelled: NDArray[np.int64],
    constant_loss: float | None = None,
) -> dict[str, Any]:
    """Judge how one run ended, as `how_they_ended` does of many; `ending` and `cause` by their names.

    Parameters
    ----------
    train_losses : array_like, shape (epochs,)
    final_train_loss : float
    parameters : sequence of ndarray
        All final weights and biases.
    train_metric : float
        Of classes: the fraction of the training samples that the final weights get right.
    predicted, labelled : ndarray of int64, shape (classes,)
    constant_loss : float, optional
        Of targets, of which the three before mean nothing.
    """
    accuracy = train_metric if constant_loss is None else 0.0
    ending, cause = how_they_ended(
        np.atleast_2d(train_losses),
        np.array([final_train_loss]),
        np.array([all(np.isfinite(p).all() for p in parameters)]),
        np.array([round(accuracy * int(labelled.sum()))]),
        predicted[None],
        labelled[None],
        None if constant_loss is None else np.array([constant_loss]),
    )
    return {"ending": ending.item(), "cause": cause.item()}


def count_predictions(outputs: Float, classes: int) -> NDArray[np.int64]:
    """Count for how many samples each class is predicted: the largest output, the first of equals.

    Parameters
    ----------
    outputs : ndarray, shape (samples, classes)
        Samples with an output that is not finite count for no class. Of targets, nothing is counted.
    classes : int
        0 of targets.

    Returns
    -------
    ndarray of int64, shape (classes,)
    """
    if classes == 0:
        return np.zeros(0, np.int64)
    known = outputs[np.isfinite(outputs).all(axis=1)]
    return np.bincount(known.argmax(axis=1), minlength=classes)


def _is_one_class(predicted: NDArray[np.int64], labelled: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell where the most predicted class is predicted for nearly all samples, and not rightly so.

    All other classes together are then predicted less than a tenth as often as samples have them. A rare
    class may rightly be predicted rarely, so that no fraction of all predictions would do.
    """
    runs = np.arange(len(predicted))
    first = predicted.argmax(axis=1)
    others = predicted.sum(axis=1) - predicted[runs, first]
    others_labelled = labelled.sum(axis=1) - labelled[runs, first]
    return np.asarray(others < FEW_PREDICTIONS * others_labelled)


def _is_chance(
    correct: NDArray[np.int64], predicted: NDArray[np.int64], labelled: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell where predictions are no more right than the most common class, or than luck explains.

    Luck is the same predictions, shuffled among the samples. Of n samples, p_k predicted and l_k labelled
    as class k, so many are then right (the null distribution of Cohen's kappa):

        mean      Σ p_k l_k / n
        variance  (Σ p_k l_k ((n - p_k)(n - l_k) - p_k l_k) + (Σ p_k l_k)²) / (n² (n - 1))

    Of a few samples even a good network's score may be luck. So a run is only called so if it is also
    nearer to the most common class than to getting all samples right.
    """
    n = labelled.sum(axis=1).astype(np.float64)
    p, k = predicted.astype(np.float64), labelled.astype(np.float64)
    size = n[:, None]
    products = p * k
    mean = products.sum(axis=1) / n
    spread = (products * ((size - p) * (size - k) - products)).sum(axis=1) + (mean * n) ** 2
    deviation = np.sqrt(np.maximum(spread, 0) / (n**2 * np.maximum(n - 1, 1)))
    most_common = labelled.max(axis=1)
    is_luck = correct <= mean + CHANCE_DEVIATIONS * deviation
    is_nearer_to_most_common = 2 * correct < most_common + n
    return np.asarray(
        (correct < n) & ((correct <= most_common) | (is_luck & is_nearer_to_most_common))
    )
