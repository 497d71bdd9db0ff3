"""Some trials of one experiment, trained together: drawn on the host, trained where JAX computes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.data import SplitName
from mlplab.frameworks.jax.backend import exactly, jax
from mlplab.frameworks.jax.formulas import check_formulas
from mlplab.frameworks.jax.network import Layers
from mlplab.frameworks.jax.programs import Data, State, chosen, programs_of
from mlplab.frameworks.jax.rules import Rules
from mlplab.run import History, Run, about_samples, count_predictions, how_it_ended
from mlplab.shuffling import shuffles
from mlplab.spec import Experiment, constant_loss
from mlplab.trial import Float, Trial, Trials

MOST_ON_CPU = 256
"""Networks that are trained together on a CPU; more are not faster there."""

CPU_BYTES = 2**26
"""What networks that are trained together take on a CPU, whose caches they should not leave by far."""


def check(experiment: Experiment) -> None:
    """Refuse an experiment whose formulas JAX cannot compute.

    Raises
    ------
    MlplabError
    """
    check_formulas(experiment.network.activations, experiment.training.optimizer)


def networks_together(trials: Trials) -> int:
    """Return how many of some trials are trained together: what half of the free memory holds."""
    device = jax.config.jax_default_device or jax.devices()[0]
    device = jax.devices(device)[0] if isinstance(device, str) else device
    if device.platform == "cpu":
        most, available = MOST_ON_CPU, CPU_BYTES
    else:
        memory = device.memory_stats() or {}
        available = (memory.get("bytes_limit", 2**31) - memory.get("bytes_in_use", 0)) // 2
        most = len(trials)
    return max(1, min(most, len(trials), available // bytes_of_network(trials[0])))


def bytes_of_network(trial: Trial) -> int:
    """Estimate what a network takes while it is trained, with its samples and outputs."""
    network, optimizer = trial.experiment.network, trial.experiment.training.optimizer
    parameters = sum(array.size for array in (*trial.weights, *trial.biases))
    splits = [len(split) for split in trial.dataset.splits.values()]
    widest = max(trial.layer_sizes)
    # Parameters are there before and after an epoch, with their gradients, and once more if restored.
    networks = parameters * (4 + 2 * len(optimizer.moments))
    samples = sum(splits) * (trial.layer_sizes[0] + trial.layer_sizes[-1] + 1)
    passing = 2 * max(splits) * widest + 4 * splits[0] * trial.layer_sizes[-1]
    batch = trial.experiment.training.batch_size * (sum(network.layer_widths) + widest) * 4
    return trial.weights[0].itemsize * (networks + samples + passing + batch)


def train_together(
    trials: Sequence[Trial], on_epoch: Callable[[], None] = lambda: None
) -> list[Run]:
    """Train trials of one experiment, each on samples of the same sizes.

    Parameters
    ----------
    trials : sequence of Trial
    on_epoch : callable
        Called after each epoch of all of them; what it raises ends the training.

    Returns
    -------
    list of Run
        In their order.
    """
    began = time.perf_counter()
    experiment = trials[0].experiment
    training, optimizer = experiment.training, experiment.training.optimizer
    updates = trials[0].updates // training.epochs
    step_sizes = optimizer.step_sizes(np.arange(trials[0].updates, dtype=np.float64)).T
    shuffle_keys = np.array([trial.shuffle_key for trial in trials], np.uint64)
    rules = Rules(training, len(trials))
    history: list[NDArray[np.float64]] = []
    with exactly():
        programs = programs_of(experiment)
        data, state = jax.device_put((_data(trials), _initial(trials)))
    best = state.layers
    has_best = np.zeros(len(trials), np.bool_)
    for epoch in range(training.epochs):
        goes_on = rules.goes_on.copy()
        shuffle = shuffles(shuffle_keys, epoch, len(trials[0].dataset.train))
        sizes = step_sizes[epoch * updates : (epoch + 1) * updates]
        with exactly():
            state, seen = programs.epoch(
                state, data, goes_on, rules.scales, shuffle, np.array([epoch], np.uint64), sizes
            )
            scores = np.array(seen)
            scores[~goes_on] = np.nan
            is_best = rules.see(epoch, scores)
            if rules.restores and is_best.any():
                best, has_best = chosen(is_best, state.layers, best), has_best | is_best
        history.append(scores)
        on_epoch()
        if not rules.goes_on.any():
            break
    with exactly():
        layers = chosen(has_best, best, state.layers) if has_best.any() else state.layers
        of_train, outputs = programs.evaluate(layers, data.x, data.y)
        of_test, _ = programs.evaluate(layers, *_split(trials, "test"))
        final = jax.tree.map(np.asarray, layers)
    seconds = (time.perf_counter() - began) / len(trials)
    missing = training.epochs - len(history)
    seen_by_all = np.stack(history + [np.full_like(history[0], np.nan)] * missing, axis=1)
    return [
        _run(
            trial,
            Layers(tuple(w[i] for w in final.weights), tuple(b[i] for b in final.biases)),
            seen_by_all[i],
            int(rules.epochs[i]),
            (*np.asarray(of_train)[i].tolist(), *np.asarray(of_test)[i].tolist()),
            np.asarray(outputs[i]),
            seconds,
        )
        for i, trial in enumerate(trials)
    ]


def _split(trials: Sequence[Trial], name: SplitName) -> tuple[Float, Float]:
    """Return samples and targets of a split of all trials."""
    splits = [trial.dataset.splits[name] for trial in trials]
    targets = [trial.targets(split) for trial, split in zip(trials, splits, strict=True)]
    return np.stack([split.x for split in splits]), np.stack(targets)


def _data(trials: Sequence[Trial]) -> Data:
    weights = [trial.training_weights for trial in trials]
    given = [weight[:, None] for weight in weights if weight is not None]
    return Data(
        *_split(trials, "train"),
        np.stack(given) if given else None,
        *_split(trials, "validation"),
        np.array([trial.noise_key for trial in trials], np.uint64),
    )


def _initial(trials: Sequence[Trial]) -> State:
    weights = tuple(map(np.stack, zip(*(trial.weights for trial in trials), strict=True)))
    biases = tuple(map(np.stack, zip(*(trial.biases for trial in trials), strict=True)))
    begins = trials[0].experiment.training.optimizer.initial_moments
    moments = tuple(tuple(np.full_like(w, b) for b in begins) for w in (*weights, *biases))
    return State(Layers(weights, biases), moments)


def _run(
    trial: Trial,
    layers: Layers,
    history: Any,
    epochs: int,
    scores: tuple[float, float, float, float],
    outputs: Float,
    seconds: float,
) -> Run:
    """Put together what became of a trial."""
    dataset, head = trial.dataset, trial.head
    about = about_samples(dataset)
    predicted = count_predictions(head.predictions(outputs), dataset.classes)
    train_loss, train_metric, test_loss, test_metric = scores
    constant = None
    if head.has_targets:
        targets = trial.targets(dataset.train)
        constant = float(constant_loss(trial.experiment.training.loss, targets))
    ended = how_it_ended(
        history[:epochs, 0],
        train_loss,
        [*layers.weights, *layers.biases],
        train_metric,
        predicted,
        about["labelled"],
        constant,
    )
    return Run(
        experiment=trial.experiment,
        trainer="jax",
        seed=trial.seed,
        # Copies: a view of one network would keep those of all that were trained with it.
        weights=tuple(w.copy() for w in layers.weights),
        biases=tuple(b.copy() for b in layers.biases),
        history=History(*history.T, metric=head.metric_name),
        train_loss=train_loss,
        train_metric=train_metric,
        test_loss=test_loss,
        test_metric=test_metric,
        predicted=predicted,
        updates=epochs * (trial.updates // trial.experiment.training.epochs),
        seconds=seconds,
        **about,
        **ended,
    )
