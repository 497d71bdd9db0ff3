"""One trained network, and how it came about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlplab.data.standardising import scaled
from mlplab.errors import MlplabError
from mlplab.read_only import ReadOnly
from mlplab.run.ending import Cause, Ending
from mlplab.run.epochs import best_epochs, epochs_trained, stopped_early
from mlplab.run.history import Float, Float64, History
from mlplab.run.metric import WithAccuracy, write_metric
from mlplab.run.prediction import checked_samples, class_numbers
from mlplab.run.reasons import hints_of, reason_of
from mlplab.spec import Experiment, MetricName


@dataclass(frozen=True, eq=False)
class Run(WithAccuracy, ReadOnly):
    """One trained network, and how it came about; its arrays are read-only.

    Attributes
    ----------
    experiment : Experiment
    trainer : str
    label_names, feature_names : tuple of str
        What the classes and the features are called, in their order.
    seed : int
    weights, biases : tuple of ndarray
        Final W, shape (outputs, inputs), and b, shape (outputs,), of each layer; empty where they were
        not kept.
    input_mean, input_scale : ndarray of float64, shape (features,), or None
        What standardising subtracted from the features and divided them by; None where they were not
        standardised, or the weights were not kept.
    history : History
        Arrays of shape (epochs,).
    train_loss, train_metric, test_loss, test_metric : float
        Of the final weights, over all training or test samples; losses without the `penalty`. Where the
        metric is the accuracy, `train_accuracy` and `test_accuracy` are the same.
    predicted, labelled : ndarray of int64, shape (classes,)
        For how many training samples the final weights predict each class, and how many have it. Of
        targets, `predicted` is empty, and `labelled` has one number, that of the training samples.
    updates : int
        Weight updates made, those of epochs after one whose weights were restored as well.
    seconds : float
        Wall time of the training. The engine trains runs together; then it is the time of all of them
        divided by their number, so that runs of one block have equal seconds and none was measured alone.
        Several threads train at once: the seconds of all runs add up to more than one waited.
    ending, cause : str
        `diverged` by a training `loss` or by `weights` that are not finite; `stuck` with `one_class`
        predicted, at `chance`, or, of targets, no better than a `constant` answer; else `finished`, and
        no cause. See `mlplab.run.ending`.
    resplit_ratio : float or None
        Test samples for each training sample, if every seed splits the same finite samples anew.
    target_names : tuple of str
        What the targets are called; empty where samples have labels. Else `label_names` are.

    `mlplab.reference.MultilayerPerceptron.from_run(run)` is the trained network, and
    `mlplab.draw(run.experiment, run.seed)` what it was trained on.
    """

    experiment: Experiment
    trainer: str
    label_names: tuple[str, ...]
    feature_names: tuple[str, ...]
    seed: int
    weights: tuple[Float, ...]
    biases: tuple[Float, ...]
    input_mean: Float64 | None
    input_scale: Float64 | None
    history: History
    train_loss: float
    train_metric: float
    test_loss: float
    test_metric: float
    predicted: NDArray[np.int64]
    labelled: NDArray[np.int64]
    updates: int
    seconds: float
    ending: Ending
    cause: Cause
    resplit_ratio: float | None = None
    target_names: tuple[str, ...] = ()

    def __repr__(self) -> str:
        right = f"test {write_metric(self.metric, self.test_metric)}"
        ending = f"{self.ending} ({self.cause})" if self.cause else self.ending
        if self.stopped_early:
            ending = f"{ending}, stopped early at epoch {self.epochs}"
        return f"<Run of seed {self.seed} by {self.trainer}: {ending}, {right}>"

    @property
    def metric(self) -> MetricName:  # type: ignore[override]  # it follows from the history
        """What `train_metric` and `test_metric` are: accuracy, r2 or mean_absolute_error."""
        return self.history.metric

    @property
    def answers(self) -> int:
        """Number of classes, or of targets."""
        return len(self.label_names) or len(self.target_names)

    @property
    def penalty(self) -> float | None:
        """What the regularizer says of the final weights; None without one, or if no weights are kept.

        Losses are without it.
        """
        regularizer = self.experiment.network.kernel_regularizer
        if regularizer is None or not self.weights:
            return None
        return regularizer.of_layers(self.weights)

    @property
    def epochs(self) -> int:
        """How many epochs it was trained."""
        updates = np.array([self.updates])
        return int(epochs_trained(self.experiment, updates, self.labelled[None])[0])

    @property
    def stopped_early(self) -> bool:
        """Whether it ended before its last epoch, as `training.early_stopping` wants it."""
        epochs = np.array([self.epochs])
        return bool(stopped_early(self.experiment, _of_many(self.history), epochs)[0])

    @property
    def best_epoch(self) -> int | None:
        """The epoch, counted from 1, that early stopping found the best; None where there is none."""
        return int(best_epochs(self.experiment, _of_many(self.history))[0]) or None

    @property
    def reason(self) -> str:
        """How the run ended and what ended it, in one sentence."""
        return reason_of(self)

    @property
    def hints(self) -> tuple[str, ...]:
        """What may have caused a run to fail, as far as the run can tell; empty if it finished."""
        return hints_of(self)

    def without_weights(self) -> Run:
        """Return the run as if its weights had not been kept."""
        return replace(self, weights=(), biases=(), input_mean=None, input_scale=None)

    def feedforward(self, x: Float) -> Float:
        """Return what the network predicts of samples as it takes them, shape (samples, K or targets).

        These are the class probabilities, or the targets.

        So the splits of `mlplab.draw(run.experiment, run.seed).dataset` are, which are standardised if
        the experiment says so. For features as they were measured, see `predict_proba`.

        Parameters
        ----------
        x : ndarray, shape (samples, features)

        Raises
        ------
        MlplabError
            If the weights were not kept, x has another shape, or a feature is not finite.
        """
        from mlplab.reference.network import MultilayerPerceptron

        network = MultilayerPerceptron.from_run(self)
        x = checked_samples(x, self.feature_names)
        dtype = self.weights[0].dtype
        # A diverged network gives outputs that are not numbers; that is no accident to warn of.
        with np.errstate(all="ignore"):
            return network.feedforward(x.astype(dtype, copy=False))

    def predict_proba(self, x: ArrayLike) -> Float:
        """Return the class probabilities, shape (samples, K), of samples as they were measured.

        Where the run's features were standardised, x is too, by the run's own mean and scale. The splits
        of a standardised dataset are taken from `dataset.as_measured()`.

        Parameters
        ----------
        x : array_like, shape (samples, features), or DataFrame
            Of a DataFrame the columns of the run's features are taken, by their names.

        Raises
        ------
        MlplabError
            As `feedforward`, or if the samples have targets.

        Examples
        --------
        >>> from mlplab.training import train
        >>> training = {"optimizer": {"kind": "sgd", "learning_rate": 1.0}, "batch_size": 16, "epochs": 4}
        >>> run = train(Experiment(dataset="linear", training=training))[0]
        >>> run.predict_proba([[0.1, 0.2], [0.9, 0.8]]).round(2).shape
        (2, 2)
        >>> run.predict([[0.1, 0.2], [0.9, 0.8]]).tolist()
        ['0', '1']
        >>> run.confusion_matrix([[0.1, 0.2], [0.9, 0.8], [0.8, 0.9]], ["0", "1", "0"]).tolist()
        [[1, 1], [0, 1]]
        """
        self._needs_classes("probabilities")
        return self._outputs(x)

    def _needs_classes(self, what: str) -> None:
        if self.target_names:
            raise MlplabError(f"{what} are of classes, and the run of seed {self.seed} has targets")

    def _outputs(self, x: ArrayLike) -> Float:
        """Return the outputs for samples as they were measured."""
        samples = checked_samples(x, self.feature_names)
        if self.input_mean is not None and self.input_scale is not None:
            samples = scaled(samples, self.input_mean, self.input_scale)
        return self.feedforward(samples)

    def predict(self, x: ArrayLike) -> NDArray[Any]:
        """Return the label name that is predicted for each sample, shape (samples,), or its targets.

        Targets have the shape (samples, targets).

        Parameters
        ----------
        x : array_like, shape (samples, features), or DataFrame
            As `predict_proba`.

        Raises
        ------
        MlplabError
            As `feedforward`, or if an output is not finite, as those of a network that diverged.
        """
        if self.target_names:
            return self._outputs(x)
        return np.array(self.label_names)[self._predicted_classes(x)]

    def confusion_matrix(self, x: ArrayLike, y: ArrayLike) -> NDArray[np.int64]:
        """Count the samples by their label and by the label that is predicted.

        Parameters
        ----------
        x : array_like, shape (samples, features), or DataFrame
            As `predict_proba`.
        y : array_like, shape (samples,)
            Label names. Numbers are labels where the names are numbers, else classes 0..K-1.

        Returns
        -------
        ndarray of int64, shape (K, K)
            Row i, column j: samples of label i that are predicted to be of label j, in the order of
            `label_names`; scikit-learn's `confusion_matrix`.

        Raises
        ------
        MlplabError
            As `predict`, or if y has another length than x, or a label that the run does not know.
        """
        self._needs_classes("counts of labels")
        predicted = self._predicted_classes(x)
        true = class_numbers(y, self.label_names, samples=len(predicted))
        k = len(self.label_names)
        return np.bincount(k * true + predicted, minlength=k * k).reshape(k, k)

    def recall(self, x: ArrayLike, y: ArrayLike) -> Float64:
        """Return the fraction of each class's samples that are predicted to be of it, shape (K,).

        It is scikit-learn's `recall_score(…, average=None, zero_division=nan)`: a class of which y has no
        sample has no recall, and holds NaN.

        Parameters
        ----------
        x, y : array_like
            As `confusion_matrix`, which says what is raised, too.
        """
        matrix = self.confusion_matrix(x, y)
        of_each = matrix.sum(axis=1)
        recall = np.full(len(of_each), np.nan)
        np.divide(matrix.diagonal(), of_each, out=recall, where=of_each > 0)
        return recall

    def _predicted_classes(self, x: ArrayLike) -> NDArray[np.int64]:
        outputs = self.predict_proba(x)
        silent = np.flatnonzero(~np.isfinite(outputs).all(axis=1))
        if len(silent):
            raise MlplabError(
                f"the run of seed {self.seed} ({self.ending}) predicts no class for {len(silent)} of "
                f"{len(outputs)} samples: for x[{silent[0]}] its outputs are not finite"
            )
        return np.asarray(outputs.argmax(axis=1), dtype=np.int64)


def _of_many(history: History) -> History:
    return history.map(lambda array: array[None])
