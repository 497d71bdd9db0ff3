"""What `fit` says once a training has ended: warnings, and with `verbose` its losses and scores."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from itertools import zip_longest

from sklearn.exceptions import ConvergenceWarning

from mlplab.run import Run

FROM_FIT = 5
"""Frames from `warnings.warn` up to the line that calls `fit`."""


def warn_of_end(run: Run, max_iter: int, waits: bool) -> None:
    """Warn where a training ended too early, or ended by itself and has learned nothing.

    Parameters
    ----------
    run : Run
    max_iter : int
        Epochs at most.
    waits : bool
        Whether the training may end before.

    Warns
    -----
    ConvergenceWarning
        In scikit-learn's words, if early stopping had not ended the training by its last epoch. In ours,
        if early stopping ended it and the run is stuck.
    """
    rule = run.experiment.training.early_stopping
    if rule is None or not waits:
        return
    if run.stopped_early and run.ending == "stuck":
        warnings.warn(
            f"The network has learned nothing. The training is {run.reason}. Often the features need to "
            "be standardised, as by StandardScaler, or the learning rate is wrong.",
            ConvergenceWarning,
            stacklevel=FROM_FIT,
        )
    elif not run.stopped_early and run.epochs == max_iter:
        warnings.warn(
            f"Stochastic Optimizer: Maximum iterations ({max_iter}) reached and the "
            "optimization hasn't converged yet.",
            ConvergenceWarning,
            stacklevel=FROM_FIT,
        )


def print_epochs(losses: Sequence[float], scores: Sequence[float]) -> None:
    """Print the loss of each epoch, and the validation score if there is one, as scikit-learn does.

    >>> print_epochs([0.5, 0.25], [0.75, 1.0])
    Iteration 1, loss = 0.50000000
    Validation score: 0.750000
    Iteration 2, loss = 0.25000000
    Validation score: 1.000000
    """
    for epoch, (loss, score) in enumerate(zip_longest(losses, scores), start=1):
        print(f"Iteration {epoch}, loss = {loss:.8f}")
        if score is not None:
            print(f"Validation score: {score:.6f}")
