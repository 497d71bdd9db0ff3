"""One trial, trained a few updates at a time, and changed while it trains.

The kernel is that of a network alone, so that a trial that is trained in parts comes out as it does in
one piece, to the last bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.batches import count_batches
from mlplab.data import SPLITS, SplitName
from mlplab.engine.aligned import aligned_zeros
from mlplab.engine.answers import with_answers
from mlplab.engine.besides import is_to_restore
from mlplab.engine.finite import packed_splits
from mlplab.engine.heads import HEADS
from mlplab.engine.jobs import Shape
from mlplab.engine.layout import Layers, pack_samples
from mlplab.engine.measured import Measured, measure_network
from mlplab.engine.observing import ObservedUpdate, State, observe_update
from mlplab.engine.options import (
    EPOCHS,
    SCALE,
    begin_watching,
    scores_of,
    settings_of,
)
from mlplab.engine.prepared import besides_of, described
from mlplab.engine.single import train_single
from mlplab.engine.single_evaluation import evaluate_single, predict_single
from mlplab.engine.snapshot import Snapshot
from mlplab.engine.updates import optimizer_address, optimizer_constants
from mlplab.errors import MlplabError
from mlplab.run import History
from mlplab.spec import Training, learning_rates
from mlplab.trial import Trial, Trials

Float = NDArray[np.floating[Any]]
Float64 = NDArray[np.float64]


class Stepper:
    """A trial that is trained in parts.

    Parameters
    ----------
    trial : Trial

    Attributes
    ----------
    trial : Trial
    training : Training
        As it is now, see `change`.
    step : int
        Updates made.
    diverged : bool
        Whether the training loss of an epoch was not finite. Such a network is trained no further.
    stopped : bool
        Whether early stopping has ended the training. Such a network is trained no further.

    Examples
    --------
    >>> from mlplab import Experiment, draw, train
    >>> experiment = Experiment(dataset="linear", training={"batch_size": 16, "epochs": 2})
    >>> stepper = Stepper(draw(experiment, seed=1))
    >>> stepper.train(100)
    >>> stepper.step, stepper.epoch, stepper.used
    (100, 1, 576)
    >>> stepper.train(stepper.updates_left)
    >>> run = train(experiment, seed=1)[0]
    >>> bool((stepper.history.validation_loss == run.history.validation_loss).all())
    True
    """

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.training = trial.experiment.training
        self.step = 0
        self.diverged = self.stopped = False
        self._dtype = trial.weights[0].dtype
        trials = Trials.from_trials([trial])
        shape = Shape.from_trials(trials)
        self._layout, self._described = described(shape, in_block=False)
        self._scores = scores_of(shape.switches)
        self._watched = begin_watching(1)
        self._theta = self._layout.pack_single((trial.weights, trial.biases))
        keys = np.array([trial.noise_key], np.uint64)
        self._besides = besides_of([trial.experiment], shape, self._theta, keys)
        self._first_moment = aligned_zeros(self._theta.size, self._dtype)
        self._second_moment = aligned_zeros(self._theta.size, self._dtype)
        splits, _ = packed_splits([trial.dataset], self._dtype)
        packed = with_answers(splits, [trials], [self.training], shape)
        self._samples = dict(zip(SPLITS, packed, strict=True))
        self._head = HEADS[shape.head]
        self._training_samples = len(trial.dataset.train)
        self._history = np.zeros((self.training.epochs + 1, self._scores, 1))
        self._place = np.zeros(2, np.int64)
        self._rates = np.empty((0, 1), self._dtype)
        self.change(self.training)

    # ---- How far it is ---------------------------------------------------------------------------

    @property
    def epoch(self) -> int:
        """Whole epochs done."""
        return int(self._place[0])

    @property
    def used(self) -> int:
        """Training samples of the next epoch that are used."""
        return int(self._place[1])

    @property
    def updates_left(self) -> int:
        """Updates to the end of the epoch under way; of a whole epoch at its beginning."""
        return count_batches(self._training_samples - self.used, self._batch_size)

    @property
    def updates_per_epoch(self) -> int:
        """Updates of a whole epoch."""
        return count_batches(self._training_samples, self._batch_size)

    @property
    def history(self) -> History:
        """Scores of the epochs done, arrays of shape (epochs,): looked at, and not to be written to."""
        done = self._history[: self.epoch, :, 0].T
        done.flags.writeable = False
        return History(*done, metric=self.trial.head.metric_name)

    @property
    def network(self) -> Layers:
        """W and b of each layer, as they are now."""
        return self._layout.unpack_single(self._theta)

    @property
    def learning_rate(self) -> float:
        """Learning rate of the next update, without Adam's correction."""
        spec = self.training.optimizer.learning_rate
        rate = float(learning_rates(spec, np.array([self.step], dtype=np.float64))[0])
        return rate * float(self._watched[SCALE, 0])

    def scores(self, split: SplitName, network: Layers | None = None) -> tuple[float, float]:
        """Return loss and metric over all samples of a split.

        Parameters
        ----------
        split : str
        network : (weights, biases), optional
            Of the same shape, in place of the network as it is now.
        """
        seen = np.zeros((2, 1))
        samples = self._samples[split]
        theta = self._theta if network is None else self._packed(*network)
        predicted = np.zeros((self.trial.dataset.classes, 1), np.int64)
        evaluate_single(theta, *self._described, samples, np.zeros(1, np.uint8), seen, predicted)
        loss, metric = seen[:, 0].tolist()
        return loss, metric

    def responses(self, x: Float, network: Layers | None = None) -> Float:
        """Return the activations of all neurons for samples, inputs first and outputs last.

        Parameters
        ----------
        x : ndarray, shape (samples, features)
        network : (weights, biases), optional
            Of the same shape, in place of the network as it is now.

        Returns
        -------
        ndarray, shape (neurons, samples)
        """
        return self._activations(x, network, 0)

    def outputs(self, x: Float, network: Layers | None = None) -> Float:
        """Return the outputs, shape (K or targets, samples), of samples of shape (samples, features)."""
        outputs = self._activations(x, network, int(self._layout.level[-1]))
        return self.trial.head.predictions(outputs.T).T

    def _activations(self, x: Float, network: Layers | None, first: int) -> Float:
        theta = self._theta if network is None else self._packed(*network)
        samples = pack_samples(x, np.zeros(len(x)), self._dtype)
        activations = np.empty((int(self._layout.sizes.sum()) - first, len(x)), self._dtype)
        predict_single(theta, *self._described, samples, first, activations)
        return activations

    def measured(self, before: Measured | None = None) -> Measured:
        """Return what the network is like over all training samples, and what moved since `before`."""
        former = self._theta if before is None else before.theta
        classes = self.trial.dataset.classes
        return measure_network(
            self._theta, former, self._described, self._samples["train"], classes
        )

    # ---- Train -----------------------------------------------------------------------------------

    def train(self, updates: int) -> None:
        """Make so many updates, fewer only if the network diverges or stops early on the way.

        Parameters
        ----------
        updates : int
            Not negative.
        """
        if self.diverged or self.stopped:
            return
        self._reserve(updates)
        began = self._place.copy()
        rates = self._rates[self.step : self.step + updates]
        train_single(
            *(self._theta, self._first_moment, self._second_moment, *self._described),
            optimizer_address(self.training.optimizer, self._dtype),
            self._constants,
            rates,
            np.uint64(self.trial.shuffle_key),
            self._batch_size,
            self._besides,
            self._samples["train"],
            self._samples["validation"],
            self._history,
            self._watched,
            self._place,
            np.zeros(1, np.uint8),
            np.zeros(1, np.int64),
        )
        self._see_whether_it_ended()
        ended = self.diverged or self.stopped
        self.step += updates if not ended else self._updates_since(began)

    def observe(self, point: int | None = None) -> ObservedUpdate:
        """Return the next update with all its numbers, and leave the network as it is.

        Parameters
        ----------
        point : int, optional
            A training sample: the update that it alone would make, with the noise of its place in this
            epoch. By default the update is that of the batch.
        """
        self._reserve(1)
        start, size = self.used, min(self._batch_size, self._training_samples - self.used)
        if point is not None:
            start, size = int(np.flatnonzero(self.trial.shuffle(self.epoch) == point)[0]), 1
        state = State(
            *(self._layout, self._described, self._theta, self._first_moment, self._second_moment),
            optimizer_address(self.training.optimizer, self._dtype),
            self._constants,
            self._rates[self.step : self.step + 1],
            *(self.trial.shuffle_key, self._besides, self._samples["train"], self._watched),
            *(self.epoch, self._head.mean),
        )
        return observe_update(state, start, size)

    def restore_best_weights(self) -> None:
        """Put the weights of the best epoch in the place of the network's.

        So a training ends that restores them; one that stops early has them already. Nothing changes
        where the experiment restores none, or no epoch was looked at.
        """
        if self._besides is not None and is_to_restore(self._besides, self._watched, 0):
            self._theta[:] = self._besides.best

    def _see_whether_it_ended(self) -> None:
        ended = self._watched[EPOCHS, 0] > 0
        self.diverged = bool(ended and not np.isfinite(self._history[self.epoch - 1, 0]))
        self.stopped = bool(ended and not self.diverged)

    def change(self, training: Training) -> None:
        """Go on with another learning rate, batch size or number of epochs.

        A schedule counts the updates from the beginning. The rest of the epoch under way is divided
        into batches of the new size.

        Raises
        ------
        MlplabError
            If anything else differs.
        """
        free = {
            "batch_size": training.batch_size,
            "epochs": training.epochs,
            "optimizer.learning_rate": training.optimizer.learning_rate,
        }
        if self.training.varied(free) != training:
            raise MlplabError(
                "only learning rate, batch size and epochs can change while a network trains"
            )
        self.training = training
        self._batch_size = min(training.batch_size, self._training_samples)
        self._constants = optimizer_constants(training.optimizer).astype(self._dtype)
        experiment = self.trial.experiment.with_valid({"training": training})
        if self._besides is not None:
            self._besides = self._besides._replace(settings=settings_of(experiment)[:, None])
        self._rates = np.empty((0, 1), self._dtype)

    def _reserve(self, updates: int) -> None:
        """Make room for the rates and the history of so many updates more."""
        last = self.step + updates
        if last > len(self._rates):
            needed = max(2 * last, self.training.epochs * self.updates_per_epoch)
            with np.errstate(
                over="ignore"
            ):  # a rate may outgrow float32; the network then diverges
                steps = np.arange(needed, dtype=np.float64)
                sizes = self.training.optimizer.step_sizes(steps)
                self._rates = np.ascontiguousarray(sizes.T, self._dtype)
        epochs = self.epoch + updates // self.updates_per_epoch + 2
        if epochs > len(self._history):
            more = np.zeros((2 * epochs, self._scores, 1))
            more[: len(self._history)] = self._history
            self._history = more

    def _updates_since(self, began: NDArray[np.int64]) -> int:
        """Return the updates from a place to the end of an epoch."""
        first = count_batches(self._training_samples - int(began[1]), self._batch_size)
        return first + (self.epoch - int(began[0]) - 1) * self.updates_per_epoch

    # ---- Put it elsewhere ------------------------------------------------------------------------

    @property
    def snapshot(self) -> Snapshot:
        """How far it is, for `resume`."""
        state = self._theta, self._first_moment, self._second_moment
        best = self._layout.unpack_single(self._best) if len(self._best) else ((), ())
        unpacked = [self._layout.unpack_single(a.reshape(self._theta.shape)) for a in state]
        (weights, biases), (weight_first, bias_first), (weight_second, bias_second) = unpacked
        lines = self.epoch + (self.used > 0)
        return Snapshot(
            step=self.step,
            epoch=self.epoch,
            used=self.used,
            weights=weights,
            biases=biases,
            weight_first_moment=weight_first,
            bias_first_moment=bias_first,
            weight_second_moment=weight_second,
            bias_second_moment=bias_second,
            history=self._history[:lines, :, 0].copy(),
            watched=self._watched[:, 0].copy(),
            best_weights=best[0],
            best_biases=best[1],
        )

    def replace(self, weights: tuple[Float, ...], biases: tuple[Float, ...]) -> None:
        """Go on with other numbers in the place of the network's; what the optimizer remembers stays.

        Raises
        ------
        MlplabError
            If they are those of a network of another shape.
        """
        self._theta = self._packed(weights, biases)

    def resume(self, snapshot: Snapshot) -> None:
        """Go on from where a training of the same trial has come.

        Raises
        ------
        MlplabError
            If the snapshot is of another network, or its numbers do not fit together.
        """
        lines = snapshot.check(self._training_samples, self._scores)
        best = self._best
        if len(best):
            best = self._packed(snapshot.best_weights, snapshot.best_biases)
        packed = [
            self._packed(weights, biases)
            for weights, biases in (
                (snapshot.weights, snapshot.biases),
                (snapshot.weight_first_moment, snapshot.bias_first_moment),
                (snapshot.weight_second_moment, snapshot.bias_second_moment),
            )
        ]
        self._theta, self._first_moment, self._second_moment = (
            packed[0],
            packed[1].ravel(),
            packed[2].ravel(),
        )
        self.step = snapshot.step
        self._place = np.array([snapshot.epoch, snapshot.used])
        self._history = np.zeros((lines + 1, self._scores, 1))
        self._history[:lines, :, 0] = snapshot.history
        self._watched, self._best[:] = snapshot.watched[:, None].copy(), best
        self._see_whether_it_ended()

    @property
    def _best(self) -> Float:
        """The parameters of the best epoch; no rows, where none are restored."""
        return self._theta[:0] if self._besides is None else self._besides.best

    def _packed(self, weights: tuple[Float, ...], biases: tuple[Float, ...]) -> Float:
        mine = [part.shape for part in (*self.trial.weights, *self.trial.biases)]
        other = [part.shape for part in (*weights, *biases)]
        if mine != other or any(part.dtype != self._dtype for part in (*weights, *biases)):
            raise MlplabError(
                f"the weights of another network: expected {self._dtype} of shapes {mine}, "
                f"received {other}"
            )
        return self._layout.pack_single((weights, biases))
