"""When to stop, and when to take smaller steps: rules that look at the scores of each epoch.

Keras's callbacks by Keras's names, defaults and rules. A rule begins to watch with the first epoch, and
is told of each epoch when it is over.

Source: Keras 3, `keras.callbacks.EarlyStopping`, `ReduceLROnPlateau` and `MonitorCallback`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from mlplab.spec.part import Part

Float64 = NDArray[np.float64]

MonitorName = Literal["loss", "accuracy", "val_loss", "val_accuracy"]
"""What a rule looks at, in Keras's words: loss or accuracy of the epoch's training, or on the validation
samples after it. A loss is the one that is minimised, with the penalties on weights."""

MONITORS: tuple[MonitorName, ...] = get_args(MonitorName)
"""All that a rule may look at, in the order of `History`."""

OF_METRIC: tuple[MonitorName, ...] = ("accuracy", "val_accuracy")
"""Those of them that are not losses: a larger one is better."""

Count = Annotated[int, Field(ge=0)]
Delta = Annotated[float, Field(ge=0)]


def is_raised(monitor: MonitorName) -> bool:
    """Tell whether larger is better: of an accuracy, not of a loss."""
    return monitor in OF_METRIC


def improves(
    value: float, best: float | None, min_delta: float, raised: bool, number: type[Any]
) -> bool:
    """Tell whether a value is better than the best so far by more than `min_delta`.

    The first value is. NaN is better than nothing, and nothing is better than NaN. Both sides are rounded
    to the type in which the network is trained, as Keras compares them.

    Examples
    --------
    >>> improves(0.48, 0.5, min_delta=0.01, raised=False, number=np.float64)
    True
    >>> improves(0.52, 0.5, min_delta=0.05, raised=True, number=np.float64)
    False
    """
    if best is None:
        return True
    if raised:
        return bool(number(value - min_delta) > number(best))
    return bool(number(value + min_delta) < number(best))


class EarlyStopping(Part):
    """End the training once a score has not improved for some epochs.

    An epoch improves if its score is better than the best so far by more than `min_delta`. The training
    ends with the epoch in which `patience` epochs one after the other have not improved.

    Attributes
    ----------
    monitor : str
        The score that is looked at: `loss` or `accuracy`, of the training or on the validation samples.
    patience : int
        Epochs without an improvement after which the training ends. 0 is as 1.
    min_delta : float
        What a score must be better by, to be an improvement.
    start_from_epoch : int
        So many epochs at the beginning are not looked at.
    restore_best_weights : bool
        Whether the network ends with the weights of its best epoch, also where it is trained to the end.
    """

    monitor: MonitorName = "val_loss"
    patience: Count = 0
    min_delta: Delta = 0.0
    start_from_epoch: Count = 0
    restore_best_weights: bool = False

    def watch(self, dtype: str) -> StoppingWatch:
        """Return the rule at the beginning of a training in a type of numbers."""
        return StoppingWatch(self, np.dtype(dtype).type)

    def best_epochs(self, scores: Float64, dtype: str) -> NDArray[np.int64]:
        """Return the best epoch of each run, counted from 1; 0 where none was looked at.

        Parameters
        ----------
        scores : ndarray of float64, shape (runs, epochs)
            The score that is monitored. What stands behind the last epoch of a run must be NaN.
        dtype : str
            In which the networks were trained.

        Examples
        --------
        >>> losses = np.array([[0.5, 0.3, 0.4, np.nan], [0.5, 0.6, np.nan, np.nan]])
        >>> EarlyStopping().best_epochs(losses, "float64").tolist()
        [2, 1]
        """
        number, raised = np.dtype(dtype).type, is_raised(self.monitor)
        found = np.zeros(len(scores), np.int64)
        with np.errstate(over="ignore"):  # the penalty of a network that diverges
            for run, of_run in enumerate(scores.tolist()):
                best = None
                for epoch, score in enumerate(of_run):
                    if epoch >= self.start_from_epoch and improves(
                        score, best, self.min_delta, raised, number
                    ):
                        best, found[run] = score, epoch + 1
        return found


@dataclass
class StoppingWatch:
    """Early stopping in the course of a training.

    Attributes
    ----------
    rule : EarlyStopping
    number : type
        Of the numbers in which the network is trained.
    best : float or None
        The best score so far.
    best_epoch : int or None
        The epoch that has it, counted from 0.
    wait : int
        Epochs since.
    """

    rule: EarlyStopping
    number: type[Any]
    best: float | None = None
    best_epoch: int | None = None
    wait: int = 0

    def sees(self, epoch: int, score: float) -> bool:
        """Take the score of an epoch, counted from 0, and tell whether the training ends with it.

        Examples
        --------
        >>> watch = EarlyStopping(patience=2).watch("float64")
        >>> [watch.sees(epoch, loss) for epoch, loss in enumerate([0.5, 0.3, 0.4, 0.3])]
        [False, False, False, True]
        >>> watch.best_epoch
        1
        """
        rule = self.rule
        if epoch < rule.start_from_epoch:
            return False
        if improves(score, self.best, rule.min_delta, is_raised(rule.monitor), self.number):
            self.best, self.best_epoch, self.wait = score, epoch, 0
            return False
        self.wait += 1
        return self.wait >= rule.patience


class ReduceLROnPlateau(Part):
    """Multiply the learning rate by a factor whenever a score has not improved for some epochs.

    Attributes
    ----------
    monitor : str
        The score that is looked at: `loss` or `accuracy`, of the training or on the validation samples.
    factor : float
        What the learning rate is multiplied by, above 0 and below 1.
    patience : int
        Epochs without an improvement after which it is. 0 is as 1.
    min_delta : float
        What a score must be better by, to be an improvement.
    cooldown : int
        So many epochs after a reduction do not count as epochs without an improvement.
    min_lr : float
        The learning rate is not reduced below this.
    """

    monitor: MonitorName = "val_loss"
    factor: Annotated[float, Field(gt=0, lt=1)] = 0.1
    patience: Count = 10
    min_delta: Delta = 1e-4
    cooldown: Count = 0
    min_lr: Annotated[float, Field(ge=0)] = 0.0

    def lowest(self, learning_rate: float) -> float:
        """Return the least fraction of the first learning rate; infinity where nothing can be reduced."""
        return self.min_lr / learning_rate if learning_rate > 0 else np.inf

    def watch(self, learning_rate: float, dtype: str) -> PlateauWatch:
        """Return the rule at the beginning of a training, with its first learning rate."""
        return PlateauWatch(self, np.dtype(dtype).type, self.lowest(learning_rate))


@dataclass
class PlateauWatch:
    """The reduction of the learning rate in the course of a training.

    Attributes
    ----------
    rule : ReduceLROnPlateau
    number : type
        Of the numbers in which the network is trained.
    lowest : float
        The least scale.
    scale : float
        What the first learning rate is multiplied by in the next epoch.
    best : float or None
        The best score so far.
    wait : int
        Epochs without an improvement, as far as they count.
    cooling : int
        Epochs of the cooldown that are left.
    """

    rule: ReduceLROnPlateau
    number: type[Any]
    lowest: float
    scale: float = 1.0
    best: float | None = None
    wait: int = 0
    cooling: int = 0

    def sees(self, score: float) -> None:
        """Take the score of an epoch, and reduce `scale` where it is time.

        Examples
        --------
        >>> watch = ReduceLROnPlateau(factor=0.5, patience=2).watch(0.1, "float64")
        >>> scales = []
        >>> for loss in (0.5, 0.5, 0.5, 0.3, 0.3, 0.3):
        ...     watch.sees(loss)
        ...     scales.append(watch.scale)
        >>> scales
        [1.0, 1.0, 0.5, 0.5, 0.5, 0.25]
        """
        rule = self.rule
        if self.cooling > 0:
            self.cooling -= 1
            self.wait = 0
        if improves(score, self.best, rule.min_delta, is_raised(rule.monitor), self.number):
            self.best, self.wait = score, 0
        elif self.cooling == 0:
            self.wait += 1
            # Keras compares the rate with its lower bound in float32, whatever the training's type.
            if self.wait >= rule.patience and np.float32(self.scale) > np.float32(self.lowest):
                self.scale = max(self.scale * rule.factor, self.lowest)
                self.cooling, self.wait = rule.cooldown, 0
