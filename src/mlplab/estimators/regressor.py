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
    """A multilayer perceptron that approximates numbers."""

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **CONSTRAINTS,
        "loss": [StrOptions({HALF_SQUARED_ERROR, *REGRESSION_HEADS})],
    }
    _names_are_targets: ClassVar[bool] = True

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

    def fit(self, X: Any, y: Any, sample_weight: Any = None, validation_data: Any = None) -> Self:
        return self._fit(X, y, sample_weight, validation_data)

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
