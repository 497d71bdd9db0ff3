"""`MLPRegressor`: scikit-learn's interface to networks of one target or several."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import RegressorMixin
from sklearn.utils._param_validation import StrOptions

from mlplab.data.dataset import Float
from mlplab.errors import DataError
from mlplab.estimators.constraints import CONSTRAINTS
from mlplab.estimators.experiment import Task
from mlplab.estimators.multilayer import Known, MultilayerEstimator
from mlplab.estimators.samples import Given
from mlplab.run import History
from mlplab.spec import REGRESSION_HEADS

HALF_SQUARED_ERROR = "squared_error"
"""scikit-learn's loss, ½ Σ (p - y)² of all targets; Keras's mean_squared_error is a mean over them."""


class MLPRegressor(RegressorMixin, MultilayerEstimator):  # type: ignore[misc]
    """A multilayer perceptron that approximates numbers, for scikit-learn; one target or several.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int
        Neurons of each hidden layer; `()` is a network without hidden layers.
    activation : str or sequence of str
        Of all hidden layers, or one for each: Keras's names, and scikit-learn's `identity`, `logistic`.
    solver : str or OptimizerSpec
        `adam`, `sgd`, `adamw`, `nadam`, `adagrad`, `rmsprop`, `adadelta` or `lion`, or an optimizer of
        `mlplab.spec`, which says its learning rate and all else itself.
    alpha : float
        L2 penalty as in scikit-learn: ½ alpha Σ w² / n is added to the loss of a batch of n samples.
    batch_size : int or "auto"
        Samples of an update; `auto` is 200, or all where there are fewer.
    learning_rate : str or Schedule
        `constant`, `invscaling` or `adaptive` as in scikit-learn, here for every solver, or a schedule of
        `mlplab.spec`, which says how it begins.
    learning_rate_init : float
        The first learning rate.
    power_t : float
        Exponent of `invscaling`.
    max_iter : int
        Most epochs of `fit`.
    loss : str
        `squared_error` is scikit-learn's half squared error; `mean_squared_error`, `mean_absolute_error`
        and `huber` are Keras's.
    shuffle : bool
        True: mlplab shuffles the training samples anew for every epoch.
    random_state : int, RandomState or None
        A number is mlplab's seed, from which weights, shuffles and noise follow.
    tol : float
        What the training loss, or with `early_stopping` the validation score, must be better by to be an
        improvement.
    verbose : bool or int
        Whether the losses are printed, once the training has ended.
    warm_start : bool
        Whether `fit` goes on from the weights of the last one.
    momentum : float
        Of `sgd`.
    nesterovs_momentum : bool
        Of `sgd`, where there is momentum.
    early_stopping : bool
        Whether `fit` ends by the score on validation samples, and restores the best weights. These are
        `validation_data`, or else put aside.
    validation_fraction : float
        Fraction of the samples that `early_stopping` puts aside, within each class.
    beta_1, beta_2 : float
        Decays of the moments of `adam` and its variants.
    epsilon : float
        What keeps the quotient of such a solver finite.
    n_iter_no_change : int or inf
        `fit` ends where more epochs than this, one after the other, bring no improvement.
    kernel_initializer, bias_initializer : str or InitializerSpec
        How weights and biases begin, by Keras's names.
    kernel_regularizer : str, RegularizerSpec or None
        Keras's `l1`, `l2` or `l1_l2` of all weights, the same for every batch; `alpha` adds to it.
    dropout : float or sequence of float
        Probability with which a neuron of a hidden layer is left out of an update, below 1.
    input_noise : float
        Standard deviation of what is added to the inputs in training.
    weight_decay : float or None
        Fraction of each weight, times the learning rate, that an update takes away; None is the solver's
        own, which is 0 but for `adamw`.
    clipvalue, clipnorm, global_clipnorm : float or None
        How a gradient is clipped, one of them: each number, each variable, or all together.
    dtype : str or None
        `float32` or `float64`; None is that of X, and float64 where X is of another.

    Attributes
    ----------
    n_features_in_, feature_names_in_
        As scikit-learn has them.
    n_iter_ : int
        Epochs of the last `fit`.
    t_ : int
        Training samples that were seen in all epochs.
    n_layers_, n_outputs_, out_activation_
        As scikit-learn has them.
    coefs_, intercepts_ : list of ndarray
        Weights of shape (inputs, outputs), and biases, of each layer.
    loss_, best_loss_, loss_curve_
        Training loss of the last epoch, the least one (None with `early_stopping`), and that of each,
        with the penalty.
    validation_loss_curve_, validation_scores_, best_validation_score_
        Loss and score on the validation samples after each epoch, and the best score; None where there
        are no validation samples.
    experiment_ : Experiment
        What was trained.
    run_ : Run or None
        What `fit` left behind; None after `partial_fit`. Its test samples are the validation samples, or
        the training samples where there are none.

    Validation scores are R² where the loss is squared, else minus the mean absolute error.

    Examples
    --------
    >>> x = np.linspace(-1, 1, 200)[:, None]
    >>> y = x[:, 0] ** 2
    >>> regressor = MLPRegressor(
    ...     (20,), "tanh", batch_size=20, learning_rate_init=0.02, random_state=1
    ... ).fit(x, y)
    >>> bool(regressor.score(x, y) > 0.95)
    True
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **CONSTRAINTS,
        "loss": [StrOptions({HALF_SQUARED_ERROR, *REGRESSION_HEADS})],
    }
    _has_targets: ClassVar[bool] = True

    def __init__(
        self,
        hidden_layer_sizes: Any = (100,),
        activation: Any = "relu",
        *,
        solver: Any = "adam",
        alpha: float = 0.0001,
        batch_size: Any = "auto",
        learning_rate: Any = "constant",
        learning_rate_init: float = 0.001,
        power_t: float = 0.5,
        max_iter: int = 200,
        loss: str = HALF_SQUARED_ERROR,
        shuffle: bool = True,
        random_state: Any = None,
        tol: float = 1e-4,
        verbose: Any = False,
        warm_start: bool = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: Any = 10,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        dropout: Any = 0.0,
        input_noise: float = 0.0,
        weight_decay: float | None = None,
        clipvalue: float | None = None,
        clipnorm: float | None = None,
        global_clipnorm: float | None = None,
        dtype: str | None = None,
    ) -> None:
        super().__init__(
            hidden_layer_sizes=hidden_layer_sizes,
            activation=activation,
            solver=solver,
            alpha=alpha,
            batch_size=batch_size,
            learning_rate=learning_rate,
            learning_rate_init=learning_rate_init,
            power_t=power_t,
            max_iter=max_iter,
            loss=loss,
            shuffle=shuffle,
            random_state=random_state,
            tol=tol,
            verbose=verbose,
            warm_start=warm_start,
            momentum=momentum,
            nesterovs_momentum=nesterovs_momentum,
            early_stopping=early_stopping,
            validation_fraction=validation_fraction,
            beta_1=beta_1,
            beta_2=beta_2,
            epsilon=epsilon,
            n_iter_no_change=n_iter_no_change,
            kernel_initializer=kernel_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            dropout=dropout,
            input_noise=input_noise,
            weight_decay=weight_decay,
            clipvalue=clipvalue,
            clipnorm=clipnorm,
            global_clipnorm=global_clipnorm,
            dtype=dtype,
        )

    def fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        validation_data: Any = None,
        *,
        X_val: Any = None,
        y_val: Any = None,
    ) -> Self:
        """Train the network.

        Parameters
        ----------
        X : array_like, sparse matrix or DataFrame, shape (samples, features)
            A sparse matrix is computed with as the array that it stands for.
        y : array_like, shape (samples,) or (samples, targets)
            Targets.
        sample_weight : array_like, shape (samples,), optional
            How much each sample weighs; a weight of 2 is as two samples in a batch of all.
        validation_data : (X, y), optional
            Samples that are looked at after each epoch.
        X_val, y_val : array_like, optional
            The same in two arguments, so that a `Pipeline` with `transform_input=["X_val"]` transforms
            X_val as it does X.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If the samples cannot be used, a parameter is not valid or does not apply, or the training
            diverged. What scikit-learn has words for, it says; else it is an MlplabError.
        """
        return self._fit(
            *(X, y),
            sample_weight=sample_weight,
            validation_data=validation_data,
            X_val=X_val,
            y_val=y_val,
        )

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train one epoch on some samples; what the optimizer remembers stays from call to call.

        Parameters
        ----------
        X, y, sample_weight : array_like
            As `fit`.

        Returns
        -------
        self
        """
        return self._partial_fit(X, y, sample_weight, "yes" if hasattr(self, "coefs_") else "no")

    def predict(self, X: Any) -> Float:
        """Return the targets, shape (samples,), or (samples, targets) where y had two dimensions."""
        outputs = self._outputs(X)
        return outputs[:, 0] if self._y_is_flat else outputs

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    # ---- Of targets ------------------------------------------------------------------------------

    def _answers(self, y: Any, known: Known) -> NDArray[Any]:
        targets = np.asarray(y, np.float64)
        if known == "no":
            self._y_is_flat = targets.ndim == 1
            self._targets = 1 if self._y_is_flat else targets.shape[1]
        columns = targets.reshape(len(targets), -1)
        if columns.shape[1] != self._targets:
            raise DataError(
                f"y has {columns.shape[1]} targets, but {type(self).__name__} was fitted to "
                f"{self._targets}"
            )
        return columns

    def _names(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return (), tuple(f"y{1 + i}" for i in range(self._targets)) if self._targets > 1 else ("y",)

    @property
    def _is_halved(self) -> bool:
        return bool(self.loss == HALF_SQUARED_ERROR)

    @property
    def _unit_of_loss(self) -> float:
        return self._targets / 2 if self._is_halved else 1.0

    def _task(self, training: Given, validation: Given | None, **besides: Any) -> Task:
        loss = "mean_squared_error" if self._is_halved else self.loss
        # R² = 1 - loss / variance: so much of the loss is 1 of R².
        is_squared = loss == "mean_squared_error"
        answers = None if validation is None else validation.y
        variance = 1.0 if answers is None else float(answers.var(axis=0).mean())
        return Task(
            samples=len(training.y),
            loss=loss,
            target_names=self._names()[1],
            monitor="val_loss",
            loss_unit=self._targets if self._is_halved else 1.0,
            score_unit=variance if is_squared else 1.0,
            **besides,
        )

    def _out_activation(self) -> str:
        return "identity"

    def _loss_curves(self, history: History) -> tuple[list[float], list[float], list[float]]:
        losses, penalty = history.train_loss, history.train_penalty
        seen, seen_penalty = history.validation_loss, history.validation_penalty
        if self._is_halved:
            losses, seen = losses / self._targets, seen / 2
        scores = history.validation_metric if history.metric == "r2" else -history.validation_metric
        return (
            (losses if penalty is None else losses + penalty).tolist(),
            (seen if seen_penalty is None else seen + seen_penalty).tolist(),
            scores.tolist(),
        )
