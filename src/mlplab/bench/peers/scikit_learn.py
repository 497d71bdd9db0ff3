"""scikit-learn's `MLPClassifier`: the nearest that it has to the same work."""

from __future__ import annotations

import warnings

import numpy as np

from mlplab.bench.outcome import outcome_of
from mlplab.bench.side import Outcome
from mlplab.bench.taken import Taken, time_of
from mlplab.bench.workload import Workload
from mlplab.spec import learning_rates
from mlplab.trial import draw

FOR_EVER = 10**9
"""Epochs without a better loss, counted over all fits, after which it would stop."""


class ScikitLearn:
    """One call of `fit` for all epochs, from the trial's own weights.

    It minimises the log-loss of raw labels, whose gradient at the softmax layer is simpler than that of
    the squared error; its learning rate stays what it is at first. Nothing ends the training early.
    """

    networks = 1

    def __init__(self, workload: Workload, threads: int) -> None:
        from sklearn.neural_network import MLPClassifier

        training = workload.experiment.training
        self.workload = workload
        self.trial = draw(workload.experiment, seed=0)
        self.model = MLPClassifier(
            hidden_layer_sizes=workload.experiment.network.layer_widths,
            activation="relu",
            solver="sgd",
            alpha=0.0,
            batch_size=training.batch_size,
            learning_rate_init=learning_rates(training.optimizer.learning_rate, np.zeros(1))[0],
            momentum=getattr(training.optimizer, "momentum", 0.0),
            nesterovs_momentum=False,
            max_iter=workload.epochs,
            tol=0.0,
            n_iter_no_change=FOR_EVER,
            warm_start=True,
            random_state=0,
        )
        self._fit()  # which makes its arrays, so that ours can take their place

    def _fit(self) -> None:
        from sklearn.exceptions import ConvergenceWarning

        train = self.trial.dataset.train
        with warnings.catch_warnings():
            # All epochs are done, and it finds that it has not converged.
            warnings.simplefilter("ignore", ConvergenceWarning)
            self.model.fit(train.x, train.y)

    def train(self) -> Taken:
        """Train from the initial weights, and return what it took."""
        self.model.coefs_ = [w.T.copy() for w in self.trial.weights]
        self.model.intercepts_ = [b.copy() for b in self.trial.biases]
        self.seen = self.model.t_
        return time_of(self._fit)

    def outcome(self) -> Outcome:
        """Return what became of the network; scikit-learn counts the samples that it has seen."""
        epochs = (self.model.t_ - self.seen) // self.workload.samples
        weights = [w.T for w in self.model.coefs_]
        return outcome_of(
            self.trial, (weights, self.model.intercepts_), epochs * self.workload.updates
        )
