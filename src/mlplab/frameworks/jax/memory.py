"""How many networks are trained together, and whether a training fits into memory, before it draws.

Estimates count the arrays that grow with the experiment, and leave out what is small.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from mlplab.errors import MlplabError
from mlplab.frameworks.jax.backend import default_device
from mlplab.memory import available_memory, gigabytes
from mlplab.trial import Trials
from mlplab.trial_sizes import shares_samples, size_of_samples

MOST_ON_CPU = 256
"""Networks that are trained together on a CPU; more are not faster there."""

CPU_BYTES = 2**26
"""What networks that are trained together take on a CPU, whose caches they should not leave by far."""

RUN = 4000
"""Bytes of a run, without history and weights."""

UNKNOWN_BYTES = 2**31
"""Memory of a device that does not tell how much it has."""


class Needs(NamedTuple):
    """Bytes that a training takes.

    Attributes
    ----------
    network : int
        On the device for each network, with its samples if it has its own.
    shared : int
        On the device for samples that all networks share.
    drawn : int
        On the host for each network: its trial as it is drawn and as it is handed over, its history, and
        its outputs.
    schedule : int
        On the host for the step sizes of all updates.
    run, weights : int
        On the host for each run, and for each that keeps its weights.
    """

    network: int
    shared: int
    drawn: int
    schedule: int
    run: int
    weights: int

    @classmethod
    def of(cls, trials: Trials) -> Needs:
        """Estimate what training some trials takes."""
        experiment = trials.experiment
        network, training = experiment.network, experiment.training
        features, answers, counts = size_of_samples(trials)
        sizes, size = experiment.layer_sizes(features, answers), np.dtype(training.dtype).itemsize
        parameters = sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))
        widest, outputs, batch = max(sizes), sizes[-1], min(training.batch_size, counts[0])
        # Parameters are there before and after an epoch, with their gradients, and once more if restored.
        states = parameters * (4 + 2 * len(training.optimizer.moments))
        samples = size * sum(counts) * (features + outputs + 1)
        passing = 2 * max(counts) * widest + 4 * counts[0] * outputs
        passing += batch * (sum(network.layer_widths) + widest) * 4
        are_shared = shares_samples(trials) or len({id(t.dataset) for t in trials.drawn}) == 1
        own, shared = (0, samples) if are_shared else (samples, 0)
        history = 6 * 8 * training.epochs
        numbers = training.optimizer.step_size_count + 1
        return cls(
            network=size * (states + passing) + own,
            shared=shared,
            drawn=2 * (own + size * parameters) + (4 + size * outputs) * counts[0] + history,
            schedule=8 * numbers * training.epochs * -(-counts[0] // batch),
            run=RUN + history,
            weights=size * parameters,
        )


def networks_together(trials: Trials) -> int:
    """Return how many of some trials are trained together: what half of the free memory holds."""
    device, needs = default_device(), Needs.of(trials)
    if device.platform == "cpu":
        most, available = MOST_ON_CPU, CPU_BYTES
    else:
        most, available = len(trials), _memory_of(device) - needs.shared
    return max(1, min(most, len(trials), available // needs.network))


def check_memory(groups: Sequence[Trials], keep_weights: int) -> None:
    """Refuse what cannot fit into memory.

    Parameters
    ----------
    groups : sequence of Trials
        Of each experiment.
    keep_weights : int
        As in `mlplab.train`.

    Raises
    ------
    MlplabError
        If the results, and the networks that are trained together, need more than is available, or one
        network more than the device has.
    """
    device = default_device()
    results = largest = 0
    for trials in groups:
        needs, together = Needs.of(trials), networks_together(trials)
        results += len(trials) * needs.run + min(len(trials), keep_weights) * needs.weights
        host, on_device = together * needs.drawn + needs.schedule, needs.shared + needs.network
        if device.platform == "cpu":
            host += needs.shared + together * needs.network
        elif on_device > (available := _memory_of(device)):
            raise MlplabError(
                f"a network needs about {gigabytes(on_device)} of the memory of {device.device_kind}, "
                f"and {gigabytes(available)}, half of what is free, may be taken: train a smaller "
                "one, on fewer samples"
            )
        largest = max(largest, host)
    # At the end the results are there twice: as they were made, and as arrays of all runs.
    needed, available = results + max(largest, results), available_memory()
    if needed > available:
        raise MlplabError(
            f"training needs about {gigabytes(needed)} of memory ({gigabytes(results)} of results, and "
            f"up to {gigabytes(largest)} for the networks that are trained together), and "
            f"{gigabytes(available)} are available: train fewer, smaller or shorter"
        )


def _memory_of(device: Any) -> int:
    """Return half of what JAX may still take of a device: what is estimated leaves out the programs."""
    memory = device.memory_stats() or {}
    return int(memory.get("bytes_limit", UNKNOWN_BYTES) - memory.get("bytes_in_use", 0)) // 2
