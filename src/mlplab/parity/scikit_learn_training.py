"""scikit-learn's MLPClassifier, one update at a time, from our weights and with our batches.

`partial_fit` with a batch makes one update. What it has in attributes is set before it is called:
`coefs_`, `intercepts_`, and, for a schedule, the learning rate of its optimizer.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from mlplab.parity.batches import Batch, Layers
from mlplab.spec import Experiment, learning_rates
from mlplab.trial import Trial

ACTIVATIONS = {"linear": "identity", "sigmoid": "logistic", "tanh": "tanh", "relu": "relu"}
"""Its activations by our names."""


def cannot_express(trial: Trial) -> str | None:
    """Return what part of an experiment scikit-learn's MLPClassifier has no words for, if any."""
    experiment = trial.experiment
    network, training = experiment.network, experiment.training
    optimizer, regularizer = training.optimizer, network.kernel_regularizer
    names = set(network.activations)
    two = trial.dataset.answers == 2 and not trial.head.has_one_output
    parts = (
        (
            trial.head.has_targets,
            "targets: its MLPRegressor has half the squared error as its loss",
        ),
        (
            training.loss == "mean_squared_error",
            "the loss mean_squared_error on softmax: it trains classes with the log loss only",
        ),
        (
            two,
            "two softmax outputs for two classes: it has one sigmoid, as binary_crossentropy here",
        ),
        (bool(training.label_smoothing), "label_smoothing"),
        (trial.training_weights is not None, "weights of classes or samples in partial_fit"),
        (bool(network.dropout), "dropout"),
        (bool(network.input_noise), "noise on the inputs"),
        (len(names) > 1, "different activations in different layers"),
        (not names <= set(ACTIVATIONS), f"the activation {', '.join(sorted(names))}"),
        (optimizer.kind not in ("sgd", "adam"), f"the optimizer {optimizer.kind}"),
        (optimizer.weight_decay > 0, "weight_decay"),
        (
            any((optimizer.clipvalue, optimizer.clipnorm, optimizer.global_clipnorm)),
            "clipping of gradients",
        ),
        (regularizer is not None and regularizer.strengths.l1 > 0, "an L1 penalty"),
    )
    return next((part for is_missing, part in parts if is_missing), None)


class ScikitLearnTraining:
    """A training by scikit-learn's MLPClassifier.

    Parameters
    ----------
    trial : Trial
        For which `cannot_express` has nothing to say.
    """

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        training, regularizer = (
            trial.experiment.training,
            trial.experiment.network.kernel_regularizer,
        )
        self._l2 = 0.0 if regularizer is None else regularizer.strengths.l2
        rate = training.optimizer.learning_rate
        steps = np.arange(trial.updates, dtype=np.float64)
        self._rates = learning_rates(rate, steps).tolist()
        self._classes = np.arange(trial.dataset.classes)
        self.estimator = _estimator(trial.experiment, trial.layer_sizes)
        self._step = 0

    def update(self, batch: Batch) -> None:
        """Make the update of a batch."""
        y = self.trial.dataset.train.y[batch.rows]
        estimator = self.estimator
        # Its penalty is alpha / (2n) of the squares, for a batch of n samples; ours does not know of n.
        estimator.set_params(alpha=2 * self._l2 * len(y), batch_size=len(y))
        if self._step == 0:  # makes the arrays, which then get our numbers
            estimator.partial_fit(batch.x, y, classes=self._classes)
            del estimator._optimizer
            estimator.coefs_ = [w.T.copy() for w in self.trial.weights]
            estimator.intercepts_ = [b.copy() for b in self.trial.biases]
        else:
            self._set_rate(self._rates[self._step])
        estimator.partial_fit(batch.x, y)
        self._step += 1

    def _set_rate(self, rate: float) -> None:
        optimizer = self.estimator._optimizer
        # Adam's own rate follows from this one in each update; that of SGD is read as it is.
        optimizer.learning_rate_init = optimizer.learning_rate = rate

    @property
    def network(self) -> Layers:
        """W and b of each layer, as they are now."""
        estimator = self.estimator
        return tuple(w.T for w in estimator.coefs_), tuple(estimator.intercepts_)


def _estimator(experiment: Experiment, sizes: tuple[int, ...]) -> Any:
    from sklearn.neural_network import MLPClassifier

    optimizer = cast(Any, experiment.training.optimizer)
    network, rate = experiment.network, experiment.training.optimizer.learning_rate
    first = float(learning_rates(rate, np.zeros(1))[0])
    settings: dict[str, Any] = {"solver": optimizer.kind, "learning_rate_init": first}
    if optimizer.kind == "sgd":
        settings |= {"momentum": optimizer.momentum, "nesterovs_momentum": optimizer.nesterov}
    else:
        settings |= {name: getattr(optimizer, name) for name in ("beta_1", "beta_2", "epsilon")}
    activation = network.activations[0] if network.activations else "relu"
    return MLPClassifier(
        hidden_layer_sizes=sizes[1:-1],
        activation=ACTIVATIONS[activation],
        shuffle=False,
        random_state=0,
        **settings,
    )
