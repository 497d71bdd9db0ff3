"""`MLPClassifier`: scikit-learn's interface to networks of classes."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.multiclass import (
    _check_partial_fit_first_call,
    check_classification_targets,
)
from sklearn.utils.validation import column_or_1d

from mlplab.data.dataset import Float
from mlplab.errors import DataError, SpecError
from mlplab.estimators.constraints import BELOW_1, CONSTRAINTS
from mlplab.estimators.experiment import Task
from mlplab.estimators.multilayer import Known, MultilayerEstimator
from mlplab.estimators.samples import Given
from mlplab.run import History
from mlplab.spec import HEADS


class MLPClassifier(ClassifierMixin, MultilayerEstimator):  # type: ignore[misc]
    """A multilayer perceptron that classifies."""

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **CONSTRAINTS,
        "loss": [StrOptions({"log_loss", *HEADS})],
        "label_smoothing": [BELOW_1],
        "class_weight": [StrOptions({"balanced"}), dict, None],
    }

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
        loss: str = "log_loss",
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
        label_smoothing: float = 0.0,
        class_weight: Any = None,
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
        self.label_smoothing = label_smoothing
        self.class_weight = class_weight

    def fit(self, X: Any, y: Any, sample_weight: Any = None, validation_data: Any = None) -> Self:
        return self._fit(X, y, sample_weight, validation_data)

    def partial_fit(
        self, X: Any, y: Any, sample_weight: Any = None, classes: Any = None
    ) -> Self:
        """Train one epoch on some samples; what the optimizer remembers stays from call to call.

        Parameters
        ----------
        X, y, sample_weight : array_like
            As `fit`; not every class must be among them.
        classes : array_like, shape (K,)
            All classes that will come; needed in the first call.

        Returns
        -------
        self
        """
        if self.class_weight == "balanced":
            raise SpecError(
                "class_weight 'balanced' is not supported for partial_fit, which does not know all "
                "samples: give the weight of each class"
            )
        _check_partial_fit_first_call(self, classes)
        self._check_two_classes(self.classes_)
        return self._partial_fit(X, y, sample_weight, "yes")

    def predict(self, X: Any) -> NDArray[Any]:
        chosen = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[chosen])

    def predict_proba(self, X: Any) -> Float:
        return self._outputs(X)

    def predict_log_proba(self, X: Any) -> Float:
        probabilities = self.predict_proba(X)
        return np.log(probabilities, out=probabilities)

    # ---- Of labels -------------------------------------------------------------------------------

    def _answers(self, y: Any, known: Known) -> NDArray[Any]:
        check_classification_targets(y)
        y = column_or_1d(y, warn=True)
        if known == "no":
            self.classes_, answers = np.unique(y, return_inverse=True)
            self._check_two_classes(self.classes_)
            return answers.astype(np.int64, copy=False)
        classes = np.unique(y)
        if known == "all" and not np.array_equal(classes, self.classes_):
            raise DataError(
                "warm_start can only be used where `y` has the same classes as in the previous call to "
                f"fit. Previously got {self.classes_}, `y` has {classes}"
            )
        if len(np.setdiff1d(classes, self.classes_, assume_unique=True)):
            raise DataError(
                f"`y` has classes not in `self.classes_`. `self.classes_` has {self.classes_}. "
                f"'y' has {classes}."
            )
        return np.searchsorted(self.classes_, y).astype(np.int64, copy=False)

    def _check_two_classes(self, classes: NDArray[Any]) -> None:
        if len(classes) < 2:
            raise DataError(
                f"{type(self).__name__} needs samples of at least 2 classes in the data, but the data "
                f"contains only one class: {classes[0]!r}"
            )

    def _names(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return tuple(map(str, self.classes_.tolist())), ()

    def _task(self, training: Given, validation: Given | None, **besides: Any) -> Task:
        loss = self.loss
        if loss == "log_loss":
            is_binary = len(self.classes_) == 2
            loss = "binary_crossentropy" if is_binary else "categorical_crossentropy"
        return Task(
            samples=len(training.y),
            loss=loss,
            class_weight=self._class_weights(training.y),
            **besides,
        )

    def _class_weights(self, y: NDArray[np.int64]) -> dict[str, float] | None:
        """Return class weights by the names of classes."""
        if self.class_weight is None:
            return None
        names, _ = self._names()
        if self.class_weight == "balanced":
            counts = np.bincount(y, minlength=len(names))
            return dict(zip(names, (len(y) / (len(names) * counts)).tolist(), strict=True))
        weights = {}
        for label, weight in self.class_weight.items():
            places = np.flatnonzero(self.classes_ == label)
            weights[names[places[0]] if len(places) else str(label)] = float(weight)
        return weights

    def _out_activation(self) -> str:
        return "logistic" if self.experiment_.head.outputs(len(self.classes_)) == 1 else "softmax"

    def _loss_curves(self, history: History) -> tuple[list[float], list[float], list[float]]:
        return (
            history.train_loss_with_penalty.tolist(),
            history.validation_loss_with_penalty.tolist(),
            history.validation_metric.tolist(),
        )
