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

from mlplab.data.dataset import Float, Float64
from mlplab.errors import DataError, SpecError, shown
from mlplab.estimators.class_weights import weights_by_name, weights_of_samples
from mlplab.estimators.constraints import BELOW_1, CONSTRAINTS
from mlplab.estimators.experiment import Task
from mlplab.estimators.multilayer import Known, MultilayerEstimator
from mlplab.estimators.samples import Given
from mlplab.run import History
from mlplab.spec import HEADS


class MLPClassifier(ClassifierMixin, MultilayerEstimator):  # type: ignore[misc]
    """A multilayer perceptron that classifies, for scikit-learn; any number of features and classes.

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
        `log_loss` is `binary_crossentropy` of two classes, with one output, and else
        `categorical_crossentropy`; these, and `mean_squared_error`, can be named, too.
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
    label_smoothing : float
        How much of each label is divided among all classes, with a cross-entropy.
    class_weight : dict, "balanced" or None
        How much the samples of a class weigh, by its label: as `sample_weight`, which it is multiplied
        with. Where each class has a weight, those of other labels are left out.
    weight_decay : float or None
        Fraction of each weight, times the learning rate, that an update takes away; None is the solver's
        own, which is 0 but for `adamw`.
    clipvalue, clipnorm, global_clipnorm : float or None
        How a gradient is clipped, one of them: each number, each variable, or all together.
    dtype : str or None
        `float32` or `float64`; None is that of X, and float64 where X is of another.

    Attributes
    ----------
    classes_ : ndarray, shape (K,)
        The labels.
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

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> x, y = load_iris(return_X_y=True)
    >>> classifier = MLPClassifier((10,), learning_rate_init=0.05, tol=0.01, random_state=1).fit(x, y)
    >>> classifier.predict(x[::50]).tolist(), classifier.predict_proba(x).shape
    ([0, 1, 2], (150, 3))
    """

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
        y : array_like, shape (samples,)
            Labels: numbers or texts.
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

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None, classes: Any = None) -> Self:
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
        """Return the label that is predicted for each sample, shape (samples,)."""
        chosen = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[chosen])

    def predict_proba(self, X: Any) -> Float:
        """Return the probability of each class, shape (samples, K), in the order of `classes_`."""
        return self._outputs(X)

    def predict_log_proba(self, X: Any) -> Float:
        """Return the logarithms of the probabilities; that of 0 is minus infinity."""
        with np.errstate(divide="ignore"):
            logarithms: Float = np.log(self.predict_proba(X))
        return logarithms

    # ---- Of labels -------------------------------------------------------------------------------

    def _answers(self, y: Any, known: Known) -> NDArray[Any]:
        check_classification_targets(y)
        if np.ndim(y) == 2 and np.shape(y)[1] > 1:
            raise DataError(
                f"{type(self).__name__} gives each sample one label, and y has {np.shape(y)[1]} columns: "
                "for several labels, put it into scikit-learn's OneVsRestClassifier or "
                "MultiOutputClassifier"
            )
        y = column_or_1d(y, warn=True)
        if known == "no":
            classes, answers = np.unique(y, return_inverse=True)
            self._check_two_classes(classes)
            self.classes_ = classes
            return answers.astype(np.int64, copy=False)
        classes = np.unique(y)
        if known == "all" and not np.array_equal(classes, self.classes_):
            raise DataError(
                "warm_start can only be used where `y` has the same classes as in the previous call to "
                f"fit. Previously got {self.classes_}, `y` has {classes}"
            )
        foreign = np.setdiff1d(classes, self.classes_, assume_unique=True)
        if len(foreign) and known == "trained":
            raise DataError(
                f"the validation samples have the class {foreign.tolist()[0]!r}, which no training "
                f"sample has: the classes are {shown(self.classes_.tolist())}"
            )
        if len(foreign):
            raise DataError(
                f"`y` has classes not in `self.classes_`. `self.classes_` has {self.classes_}. "
                f"'y' has {classes}."
            )
        return np.asarray(np.searchsorted(self.classes_, y), np.int64)

    def _check_two_classes(self, classes: NDArray[Any]) -> None:
        if len(classes) < 2:
            raise DataError(
                f"{type(self).__name__} needs samples of at least 2 classes in the data, but the data "
                f"contains only one class: {classes.tolist()[0]!r}"
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
            class_weight=weights_by_name(self.class_weight, self.classes_, training.y),
            **besides,
        )

    def _weights_by_class(self, y: NDArray[np.int64]) -> Float64 | None:
        weights = weights_by_name(self.class_weight, self.classes_, y)
        return None if weights is None else weights_of_samples(weights, self._names()[0], y)

    def _out_activation(self) -> str:
        return "logistic" if self.experiment_.head.outputs(len(self.classes_)) == 1 else "softmax"

    def _loss_curves(self, history: History) -> tuple[list[float], list[float], list[float]]:
        return (
            history.train_loss_with_penalty.tolist(),
            history.validation_loss_with_penalty.tolist(),
            history.validation_metric.tolist(),
        )
