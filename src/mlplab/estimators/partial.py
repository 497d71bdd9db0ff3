"""Training that goes on from weights; in `partial_fit`, with what the optimizer remembers, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mlplab.data.dataset import Float
from mlplab.engine import Snapshot, Stepper
from mlplab.errors import SpecError
from mlplab.streams import noise_key, shuffle_key
from mlplab.trial import Trial


def train_part(trial: Trial, before: Snapshot | None) -> Stepper:
    """Train an epoch, and return where it has come.

    Parameters
    ----------
    trial : Trial
        Of one epoch; it begins with the present weights.
    before : Snapshot or None
        Where the part before has come: its moments and its number of updates go on.
    """
    stepper = Stepper(trial)
    if before is not None:
        fresh = stepper.snapshot
        stepper.resume(
            replace(
                before,
                epoch=0,
                used=0,
                weights=fresh.weights,
                biases=fresh.biases,
                history=fresh.history,
                watched=fresh.watched,
            )
        )
    stepper.train(stepper.updates_per_epoch)
    return stepper


def shuffled_anew(trial: Trial, seen: int) -> Trial:
    """Return a trial with another shuffle and other noise, by how many samples came before.

    So parts of one seed are shuffled differently.
    """
    own = int(np.random.SeedSequence([trial.seed, seen]).generate_state(1, np.uint64)[0]) >> 2
    return replace(trial, shuffle_key=shuffle_key(own), noise_key=noise_key(own))


def going_on(trial: Trial, coefs: Sequence[Float], intercepts: Sequence[Float]) -> Trial:
    """Return a trial that begins with the weights that an estimator has.

    Parameters
    ----------
    trial : Trial
    coefs : sequence of ndarray, shape (inputs, outputs) each
    intercepts : sequence of ndarray, shape (outputs,) each

    Raises
    ------
    SpecError
        If its network has other layers.
    """
    dtype = trial.weights[0].dtype  # another one, if the parameter was changed
    weights = tuple(np.ascontiguousarray(w.T, dtype) for w in coefs)
    biases = tuple(np.ascontiguousarray(b, dtype) for b in intercepts)
    if [w.shape for w in weights] != [w.shape for w in trial.weights]:
        has, wanted = [weights[0].shape[1], *map(len, biases)], list(trial.layer_sizes)
        raise SpecError(
            f"training goes on with the layers that there are, {has}, received hidden_layer_sizes that "
            f"make {wanted}"
        )
    return replace(trial, weights=weights, biases=biases)
