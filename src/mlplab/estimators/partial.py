"""`partial_fit`: one epoch on some samples, with what the optimizer remembers of those before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mlplab.engine import Snapshot, Stepper
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
