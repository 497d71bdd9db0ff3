"""Scores of very many networks of one shape on the samples of one trial: sixteen at once, on all cores.

No object is made for a network. Its parameters are a line of numbers, in the order of a column of a block
(`layout`): of each layer W, output by output, then b. Whoever asks hands in a function that gives the
lines of sixteen networks when their turn comes, so that memory does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.data import SPLITS, SplitName
from mlplab.engine.aligned import aligned_zeros
from mlplab.engine.answers import with_answers
from mlplab.engine.block_evaluation import evaluate_block
from mlplab.engine.finite import packed_splits
from mlplab.engine.jobs import Shape
from mlplab.engine.lanes import LANES
from mlplab.engine.layout import Layers
from mlplab.engine.prepared import described
from mlplab.trial import Trial, Trials

Float = NDArray[np.floating[Any]]
Float64 = NDArray[np.float64]

_TOGETHER = 4
"""Blocks of a task: so many that tasks cost nothing, so few that all threads end together."""


@dataclass(frozen=True, eq=False)
class NetworkScores:
    """Scores of networks on one split.

    Attributes
    ----------
    loss, metric : ndarray of float64, shape (networks,)
        Means over all samples, each weighing 1, without dropout and noise, as `Run.train_loss`.
    penalty : ndarray of float64, shape (networks,)
        What the regularizer says of the weights; 0 where there is none.
    predicted : ndarray of int64, shape (networks, classes)
        For how many samples each class is predicted.
    """

    loss: Float64
    metric: Float64
    penalty: Float64
    predicted: NDArray[np.int64]


class Evaluation:
    """Looks at networks of a trial's shape, on one split of its samples.

    Parameters
    ----------
    trial : Trial
    split : str
        `train`, `validation` or `test`.

    Examples
    --------
    >>> from mlplab import Experiment, draw
    >>> trial = draw(Experiment(dataset="linear"), seed=1)
    >>> start = flattened((trial.weights, trial.biases))
    >>> lengths = np.linspace(0, 2, 50)
    >>> scores = Evaluation(trial, "test").scores(50, lambda a, b: start[:, None] * lengths[a:b])
    >>> scores.loss.shape, float(scores.loss[0])  # weights of 0 answer 1/2 always
    ((50,), 0.25)
    """

    def __init__(self, trial: Trial, split: SplitName) -> None:
        trials = Trials.from_trials([trial])
        shape = Shape.from_trials(trials)
        self._layout, self._described = described(shape, in_block=True)
        self._classes, self._dtype = shape.classes, np.dtype(shape.dtype)
        splits, _ = packed_splits([trial.dataset], self._dtype)
        packed = with_answers(splits, [trials], [trial.experiment.training], shape)
        self._samples = packed[SPLITS.index(split)]
        regularizer = trial.experiment.network.kernel_regularizer
        self._strengths = (0.0, 0.0) if regularizer is None else regularizer.strengths
        self._weights = are_weights(shape.sizes)

    def scores(
        self,
        count: int,
        parameters: Callable[[int, int], Float],
        threads: int = 1,
        progress: Callable[[int], None] = lambda done: None,
    ) -> NetworkScores:
        """Return the scores of so many networks; they do not depend on the number of threads.

        Parameters
        ----------
        count : int
        parameters : callable
            Given two numbers a and b, it returns the parameters of networks a to b - 1, shape
            (parameters, b - a); called on all threads, for up to LANES networks at a time.
        threads : int
        progress : callable
            Called with the number of networks done.
        """
        scores = NetworkScores(
            loss=np.zeros(count),
            metric=np.zeros(count),
            penalty=np.zeros(count),
            predicted=np.zeros((count, self._classes), np.int64),
        )
        stop = np.zeros(1, np.uint8)

        def evaluate(first: int, last: int) -> int:
            theta = aligned_zeros((int(self._layout.block_begin[-1]), LANES), self._dtype)
            for begin in range(first, last, LANES):
                if stop[0]:
                    break
                end = min(begin + LANES, last)
                with np.errstate(over="ignore", invalid="ignore"):
                    theta[:, : end - begin] = parameters(begin, end)
                    theta[:, end - begin :] = 0
                    self._write(theta, slice(begin, end), scores, stop)
            return last - first

        # The first block alone: kernels are compiled once, and where an interrupt can end it.
        done = evaluate(0, min(LANES, count))
        progress(done)
        step = LANES * _TOGETHER
        ends = [*range(done, count, step), count]
        with ThreadPoolExecutor(max_workers=max(1, threads)) as pool:
            try:
                tasks = [pool.submit(evaluate, a, b) for a, b in pairwise(ends)]
                for task in as_completed(tasks):
                    done += task.result()
                    progress(done)
            except BaseException:
                stop[0] = 1
                pool.shutdown(cancel_futures=True)
                raise
        return scores

    def _write(
        self, theta: Float, which: slice, scores: NetworkScores, stop: NDArray[np.uint8]
    ) -> None:
        """Write the scores of one block's networks."""
        seen = np.zeros((2, LANES))
        predicted = np.zeros((self._classes, LANES), np.int64)
        evaluate_block(theta, *self._described, self._samples, stop, seen, predicted)
        n = which.stop - which.start
        scores.loss[which], scores.metric[which] = seen[:, :n]
        scores.predicted[which] = predicted[:, :n].T
        one, two = self._strengths
        if one or two:
            w = theta[self._weights, :n].astype(np.float64)
            scores.penalty[which] = one * np.abs(w).sum(axis=0) + two * (w**2).sum(axis=0)


def flattened(layers: Layers) -> Float:
    """Return a network's parameters in a line, of each layer W, output by output, then b.

    >>> flattened(((np.array([[1.0, 2.0]]),), (np.array([3.0]),))).tolist()
    [1.0, 2.0, 3.0]
    """
    return np.concatenate([part.ravel() for pair in zip(*layers, strict=True) for part in pair])


def unflattened(parameters: Float, sizes: tuple[int, ...]) -> Layers:
    """Return W and b of each layer of a network whose parameters are in a line.

    >>> unflattened(np.array([1.0, 2.0, 3.0]), (2, 1))
    ((array([[1., 2.]]),), (array([3.]),))
    """
    weights, biases, begin = [], [], 0
    for inputs, outputs in pairwise(sizes):
        middle = begin + inputs * outputs
        weights.append(parameters[begin:middle].reshape(outputs, inputs))
        biases.append(parameters[middle : middle + outputs])
        begin = middle + outputs
    return tuple(weights), tuple(biases)


def are_weights(sizes: tuple[int, ...]) -> NDArray[np.bool_]:
    """Tell which numbers of such a line are weights, and no biases.

    >>> are_weights((2, 1)).tolist()
    [True, True, False]
    """
    parts = [
        np.repeat([True, False], [inputs * outputs, outputs]) for inputs, outputs in pairwise(sizes)
    ]
    return np.concatenate(parts)
