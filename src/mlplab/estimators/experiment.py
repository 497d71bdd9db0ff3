"""From an estimator's parameters, and what its samples decide, to an experiment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import numpy as np

from mlplab.batches import count_batches
from mlplab.errors import SpecError, shown
from mlplab.estimators.network import network_of
from mlplab.estimators.optimizer import (
    ADAPTIVE_FACTOR,
    learning_rate_of,
    optimizer_of,
    reductions,
    refuse,
)
from mlplab.spec import Arrays, DtypeName, Experiment, Training


class Task(NamedTuple):
    """What samples decide about an experiment.

    Attributes
    ----------
    samples : int
        To train on.
    mean_weight : float
        What one weighs on average, before weights are divided by it.
    dtype : str
    loss : str
        By Keras's name.
    target_names : tuple of str
        Empty where samples have labels.
    class_weight : mapping of str to float or None
    monitor : str
        What `early_stopping` looks at, on validation samples.
    loss_unit, score_unit : float
        What `tol` is multiplied by, of the training loss and of what `early_stopping` looks at.
    seen : int
        Samples that it was trained on before, where training goes on.
    is_part : bool
        Whether one epoch is trained, by `partial_fit`.
    """

    samples: int
    mean_weight: float
    dtype: str
    loss: str
    target_names: tuple[str, ...] = ()
    class_weight: Mapping[str, float] | None = None
    monitor: str = "val_accuracy"
    loss_unit: float = 1.0
    score_unit: float = 1.0
    seen: int = 0
    is_part: bool = False


def experiment_of(
    parameters: Mapping[str, Any], defaults: Mapping[str, Any], task: Task
) -> Experiment:
    """Return the experiment that an estimator trains.

    Parameters
    ----------
    parameters, defaults : mapping
        All parameters of the estimator, and what they are by default.
    task : Task

    Raises
    ------
    MlplabError
        If a parameter is not valid, does not apply, or does not fit the others.
    """
    if not parameters["shuffle"]:
        raise SpecError(
            "shuffle=False cannot be had: mlplab shuffles the training samples anew for every epoch"
        )
    batch_size = batch_size_of(parameters["batch_size"], task.samples)
    updates_per_epoch = count_batches(task.samples, batch_size)
    rate = learning_rate_of(
        *(parameters, defaults, task.samples, updates_per_epoch, task.seen, task.is_part)
    )
    training = Training(
        loss=task.loss,
        optimizer=optimizer_of(parameters, defaults, rate),
        batch_size=batch_size,
        epochs=1 if task.is_part else parameters["max_iter"],
        dtype=cast(DtypeName, task.dtype),
        label_smoothing=parameters.get("label_smoothing", 0.0),
        class_weight=cast(Any, task.class_weight),
        **({} if task.is_part else rules_of(parameters, defaults, task)),
    )
    return Experiment(
        dataset=Arrays(target=task.target_names or None),
        network=network_of(parameters, batch_size * task.mean_weight),
        training=training,
    )


def batch_size_of(given: Any, samples: int) -> int:
    """Return the samples of a batch: `auto` is 200, and no batch is larger than the training samples.

    >>> batch_size_of("auto", 150), batch_size_of("auto", 1000), batch_size_of(32, 1000)
    (150, 200, 32)
    """
    return min(200 if given == "auto" else int(given), samples)


def rules_of(
    parameters: Mapping[str, Any], defaults: Mapping[str, Any], task: Task
) -> dict[str, Any]:
    """Return when the training ends, and when its learning rate is reduced.

    scikit-learn waits for more than `n_iter_no_change` epochs without an improvement, Keras for
    `patience`: n_iter_no_change + 1. `adaptive` divides the rate by 5 where the training would end, and
    ends once the rate is at most 1e-6.
    """
    watches, wait = parameters["early_stopping"], parameters["n_iter_no_change"]
    fraction = "validation_fraction"
    if not watches and parameters[fraction] != defaults[fraction]:
        refuse(fraction, parameters, defaults, "early_stopping=False")
    if wait == np.inf:
        if parameters["learning_rate"] == "adaptive":
            raise SpecError(
                "learning_rate='adaptive' needs a number of epochs to wait for, received "
                f"n_iter_no_change={shown(wait)}"
            )
        # There is nothing to wait for; weights of the best epoch are restored all the same.
        wait = parameters["max_iter"]
        if not watches:
            return {}
    patience = int(wait) + 1
    unit = task.score_unit if watches else task.loss_unit
    watched = {
        "monitor": task.monitor if watches else "loss",
        "min_delta": parameters["tol"] * unit,
        "patience": patience,
    }
    rules: dict[str, Any] = {"early_stopping": {**watched, "restore_best_weights": watches}}
    if parameters["learning_rate"] == "adaptive":
        times = 1 + reductions(parameters["learning_rate_init"])
        rules["early_stopping"]["patience"] = patience * times
        rules["reduce_lr_on_plateau"] = {**watched, "factor": ADAPTIVE_FACTOR}
    return rules
