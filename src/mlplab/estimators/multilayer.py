"""What the classifier and the regressor share: parameters, training, and what is known afterwards."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from functools import cache
from typing import Any, ClassVar, Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from mlplab.data.dataset import Float, Float64, numbered_features
from mlplab.engine import Snapshot
from mlplab.errors import MlplabError, SpecError
from mlplab.estimators.constraints import CONSTRAINTS
from mlplab.estimators.ended import print_epochs, warn_of_end
from mlplab.estimators.experiment import Task, experiment_of
from mlplab.estimators.partial import going_on, shuffled_anew, train_part
from mlplab.estimators.samples import (
    Given,
    check_size,
    dataset_of,
    dense,
    put_aside,
    scaled_weights,
    seed_of,
    validation_pair,
)
from mlplab.models import Model
from mlplab.reference import MultilayerPerceptron
from mlplab.run import History, Run
from mlplab.spec import Experiment
from mlplab.training import train
from mlplab.trial import Trial, draw_on

Known = Literal["no", "yes", "all", "trained"]
"""Whether the classes are known already, whether all of them must be there, or those trained on may."""

SAMPLE_CHECKS = {"accept_sparse": ("csr", "csc", "coo"), "dtype": (np.float64, np.float32)}
"""Options of scikit-learn's `validate_data` for samples."""

DIVERGED = (
    "Solver produced non-finite parameter weights. The input data may contain large values and need to "
    "be preprocessed."
)
"""scikit-learn's words for a training that diverged."""


class Prepared(NamedTuple):
    """What `fit` trains.

    Attributes
    ----------
    trial : Trial
    is_validated : bool
        Whether it has validation samples to look at.
    goes_on : bool
        Whether it begins with the weights of the last `fit`.
    """

    trial: Trial
    is_validated: bool
    goes_on: bool


class MultilayerEstimator(BaseEstimator, ABC):  # type: ignore[misc]  # scikit-learn has no types
    """What the classifier and the regressor share; their docstrings say what the parameters are."""

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = CONSTRAINTS
    _has_targets: ClassVar[bool] = False

    coefs_: list[Float]
    intercepts_: list[Float]
    t_: int
    loss_curve_: list[float]
    validation_loss_curve_: list[float] | None
    validation_scores_: list[float] | None
    run_: Run | None
    _optimizer_state: Snapshot | None

    def __init__(
        self,
        hidden_layer_sizes: Any,
        activation: Any,
        solver: Any,
        alpha: float,
        batch_size: Any,
        learning_rate: Any,
        learning_rate_init: float,
        power_t: float,
        max_iter: int,
        loss: str,
        shuffle: bool,
        random_state: Any,
        tol: float,
        verbose: Any,
        warm_start: bool,
        momentum: float,
        nesterovs_momentum: bool,
        early_stopping: bool,
        validation_fraction: float,
        beta_1: float,
        beta_2: float,
        epsilon: float,
        n_iter_no_change: Any,
        kernel_initializer: Any,
        bias_initializer: Any,
        kernel_regularizer: Any,
        dropout: Any,
        input_noise: float,
        weight_decay: float | None,
        clipvalue: float | None,
        clipnorm: float | None,
        global_clipnorm: float | None,
        dtype: str | None,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alpha = alpha
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.learning_rate_init = learning_rate_init
        self.power_t = power_t
        self.max_iter = max_iter
        self.loss = loss
        self.shuffle = shuffle
        self.random_state = random_state
        self.tol = tol
        self.verbose = verbose
        self.warm_start = warm_start
        self.momentum = momentum
        self.nesterovs_momentum = nesterovs_momentum
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.n_iter_no_change = n_iter_no_change
        self.kernel_initializer = kernel_initializer
        self.bias_initializer = bias_initializer
        self.kernel_regularizer = kernel_regularizer
        self.dropout = dropout
        self.input_noise = input_noise
        self.weight_decay = weight_decay
        self.clipvalue = clipvalue
        self.clipnorm = clipnorm
        self.global_clipnorm = global_clipnorm
        self.dtype = dtype

    # ---- What is known of labels or targets alone ------------------------------------------------

    @abstractmethod
    def _answers(self, y: Any, known: Known) -> NDArray[Any]:
        """Return the classes or the targets of samples, as `Given` has them.

        `known` says whether the classes, or the number of targets, are to be learned from them.
        """

    @abstractmethod
    def _names(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what classes are called, and targets; one of them is empty."""

    @abstractmethod
    def _task(self, training: Given, validation: Given | None, **besides: Any) -> Task:
        """Return what samples decide about the experiment; `besides` are fields of it."""

    def _weights_by_class(self, y: NDArray[Any]) -> Float64 | None:
        """Return what each sample weighs by its class, shape (samples,); None where all weigh 1."""
        return None

    @abstractmethod
    def _loss_curves(self, history: History) -> tuple[list[float], list[float], list[float]]:
        """Return training losses, validation losses and validation scores of epochs."""

    # ---- Train -----------------------------------------------------------------------------------

    def _fit(self, X: Any, y: Any, **besides: Any) -> Self:
        prepared = self._prepare(X, y, **besides)
        run = train(prepared.trial, threads=1, validate=prepared.is_validated)[0]
        return self._finish(prepared, run)

    def _prepare(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        validation_data: Any = None,
        X_val: Any = None,
        y_val: Any = None,
    ) -> Prepared:
        """Return what `fit` trains, after all checks; `_finish` takes the run that comes of it.

        The arguments are those of `fit`. In between, a search may train the trials of many estimators
        together.
        """
        self._validate_params()
        goes_on = self.warm_start and hasattr(self, "coefs_")
        given = self._given(X, y, sample_weight, "all" if goes_on else "no", first=not goes_on)
        seed = seed_of(self.random_state)
        pair = validation_pair(validation_data, X_val, y_val)
        validation = None if pair is None else self._given(*pair, None, "trained", first=False)
        if validation is not None:
            self._refuse_fraction()
        elif self.early_stopping:
            given, validation = put_aside(given, self.validation_fraction, seed)
        trial = self._trial(given, validation, seed, goes_on)
        return Prepared(trial, validation is not None, goes_on)

    def _refuse_fraction(self) -> None:
        default = self._defaults()["validation_fraction"]
        if self.validation_fraction != default:
            raise SpecError(
                "validation_fraction does not apply where validation samples are given: leave it at its "
                f"default, {default}, received validation_fraction={self.validation_fraction}"
            )

    def _finish(self, prepared: Prepared, run: Run) -> Self:
        """Take what a run has found.

        Raises
        ------
        MlplabError
            In scikit-learn's words, if it diverged.
        """
        if run.ending == "diverged":
            raise MlplabError(DIVERGED)
        goes_on = prepared.goes_on
        self.run_, self._optimizer_state = run, None
        self.n_iter_ = epochs = run.epochs
        self.t_ = epochs * int(run.labelled.sum()) + (self.t_ if goes_on else 0)
        self._take_network(run.experiment, run.weights, run.biases)
        history = run.history.map(lambda array: array[:epochs])
        self._take_history(history, prepared.is_validated, goes_on)
        warn_of_end(run, self.max_iter, waits=self.n_iter_no_change != np.inf)
        if self.verbose:
            print_epochs(self.loss_curve_[-epochs:], (self.validation_scores_ or [])[-epochs:])
        return self

    def _partial_fit(self, X: Any, y: Any, sample_weight: Any, known: Known) -> Self:
        """Train one epoch on some samples, from where the last one has come."""
        self._validate_params()
        if self.early_stopping:
            raise SpecError("partial_fit does not support early_stopping=True")
        if self.learning_rate == "adaptive":
            raise SpecError(
                "partial_fit does not support learning_rate='adaptive', which waits for epochs"
            )
        goes_on = hasattr(self, "coefs_")
        given = self._given(X, y, sample_weight, known, first=not goes_on)
        seed = seed_of(self.random_state)
        trial = self._trial(given, None, seed, goes_on, is_part=True)
        if goes_on:
            trial = shuffled_anew(trial, self.t_)
        stepper = train_part(trial, self._optimizer_state if goes_on else None)
        if stepper.diverged:
            raise MlplabError(DIVERGED)
        self.run_, self._optimizer_state = None, stepper.snapshot
        self.n_iter_, self.t_ = 1, len(given.y) + (self.t_ if goes_on else 0)
        self._take_network(trial.experiment, *stepper.network)
        self._take_history(stepper.history, is_validated=False, goes_on=goes_on)
        return self

    def _given(self, X: Any, y: Any, sample_weight: Any, known: Known, first: bool) -> Given:
        """Return the samples, after scikit-learn's checks."""
        x, y = validate_data(
            *(self, X, y),
            reset=first,
            multi_output=True,
            y_numeric=self._has_targets,
            **SAMPLE_CHECKS,
        )
        x, answers = dense(x), self._answers(y, known)
        if sample_weight is not None:
            sample_weight = _check_sample_weight(sample_weight, x, dtype=np.float64)
        return Given(x, answers, sample_weight)

    def _trial(
        self,
        given: Given,
        validation: Given | None,
        seed: int,
        goes_on: bool,
        is_part: bool = False,
    ) -> Trial:
        """Return the trial that is trained, from the present weights where training goes on."""
        # Which classes other parts have is not known: there, the weight of one is as it was given.
        of_class = None if is_part else self._weights_by_class(given.y)
        weight, mean = scaled_weights(given.weight, of_class)
        dtype = self.dtype or (self.coefs_[0] if goes_on else given.x).dtype.name
        seen = self.t_ if goes_on else 0
        task = self._task(
            *(given, validation), mean_weight=mean, dtype=dtype, seen=seen, is_part=is_part
        )
        experiment = experiment_of(self.get_params(deep=False), self._defaults(), task)
        if (unit := self._unit_of_loss) != 1:
            weight = unit * (np.ones(len(given.y)) if weight is None else weight)
        names = getattr(self, "feature_names_in_", numbered_features(given.x.shape[1]))
        label_names, target_names = self._names()
        dataset = dataset_of(
            *(given._replace(weight=weight), validation, label_names),
            *(tuple(map(str, names)), target_names, task.dtype),
        )
        check_size(experiment.layer_sizes(dataset.features, dataset.answers), task.dtype)
        trial = draw_on(experiment, seed, dataset)
        return going_on(trial, self.coefs_, self.intercepts_) if goes_on else trial

    @property
    def _unit_of_loss(self) -> float:
        """What every sample's weight is multiplied by, so that the loss is scikit-learn's."""
        return 1.0

    def _take_network(
        self, experiment: Experiment, weights: tuple[Float, ...], biases: tuple[Float, ...]
    ) -> None:
        self.experiment_ = experiment
        self.coefs_ = [w.T.copy() for w in weights]
        self.intercepts_ = [b.copy() for b in biases]
        self.n_layers_ = len(weights) + 1
        self.n_outputs_ = len(biases[-1])
        self.out_activation_ = self._out_activation()

    @abstractmethod
    def _out_activation(self) -> str:
        """Return what scikit-learn calls the activation of the last layer."""

    def _take_history(self, history: History, is_validated: bool, goes_on: bool) -> None:
        """Write the curves, behind those that there are where training goes on."""
        losses, validation_losses, scores = self._loss_curves(history)
        if goes_on:
            losses = self.loss_curve_ + losses
            validation_losses = (self.validation_loss_curve_ or []) + validation_losses
            scores = (self.validation_scores_ or []) + scores
        self.loss_curve_, self.loss_ = losses, losses[-1]
        self.validation_loss_curve_ = validation_losses if is_validated else None
        self.validation_scores_ = scores if is_validated else None
        self.best_validation_score_ = max(scores) if is_validated else None
        self.best_loss_ = None if self.early_stopping else min(losses)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    @classmethod
    def _defaults(cls) -> dict[str, Any]:
        return _defaults_of(cls)

    def to_model(self) -> Model:
        """Return the trained network as a model, which `mlplab.models` saves and exports.

        Labels become texts.
        """
        check_is_fitted(self)
        return Model.from_experiment(
            self.experiment_,
            [w.T for w in self.coefs_],
            self.intercepts_,
            feature_names=tuple(getattr(self, "feature_names_in_", ())),
            label_names=tuple(map(str, getattr(self, "classes_", ()))),
        )

    # ---- Predict ---------------------------------------------------------------------------------

    def _outputs(self, X: Any) -> Float:
        """Return the outputs of the network: probabilities, (samples, K), or targets."""
        check_is_fitted(self)
        dtype = self.coefs_[0].dtype
        x = dense(validate_data(self, X, reset=False, **SAMPLE_CHECKS))
        network = MultilayerPerceptron(
            [w.T for w in self.coefs_],
            self.intercepts_,
            self.experiment_.network.activations,
            self.experiment_.head,
        )
        with np.errstate(over="ignore"):  # far from all samples, a network may give infinity
            return network.feedforward(x.astype(dtype, copy=False))


@cache
def _defaults_of(estimator: type) -> dict[str, Any]:
    signature = inspect.signature(estimator.__init__)  # type: ignore[misc]  # it is that of the class
    return {
        name: parameter.default
        for name, parameter in signature.parameters.items()
        if name != "self"
    }
