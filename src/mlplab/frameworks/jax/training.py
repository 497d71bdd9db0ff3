"""Some trials of one experiment, trained together: drawn on the host, trained where JAX computes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.data import SplitName
from mlplab.frameworks.jax.backend import full_precision, jax
from mlplab.frameworks.jax.formulas import check_formulas
from mlplab.frameworks.jax.memory import check_memory
from mlplab.frameworks.jax.network import Layers
from mlplab.frameworks.jax.programs import Data, State, programs_of, select
from mlplab.frameworks.jax.rules import Rules
from mlplab.run import History, Run, about_samples, count_predictions, how_it_ended
from mlplab.shuffling import shuffles
from mlplab.spec import constant_loss
from mlplab.trial import Float, Trial, Trials


def check(groups: Sequence[Trials], keep_weights: int) -> None:
    """Refuse experiments whose formulas JAX cannot compute, and what does not fit into memory.

    Parameters
    ----------
    groups : sequence of Trials
        Of each experiment.
    keep_weights : int
        As in `mlplab.train`.

    Raises
    ------
    MlplabError
    """
    for trials in groups:
        experiment = trials.experiment
        check_formulas(experiment.network.activations, experiment.training.optimizer)
    check_memory(groups, keep_weights)


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
    shares_samples = all(trial.dataset is trials[0].dataset for trial in trials)
    with_samples = trials[:1] if shares_samples else trials
    history: list[NDArray[np.float64]] = []
    with full_precision():
        programs = programs_of(experiment, shares_samples)
        noise_keys = np.array([trial.noise_key for trial in trials], np.uint64)
        data, state = jax.device_put((data_of(with_samples, noise_keys), initial_state(trials)))
    best = state.layers
    has_best = np.zeros(len(trials), np.bool_)
    for epoch in range(training.epochs):
        active = rules.active.copy()
        shuffle = shuffles(shuffle_keys, epoch, len(trials[0].dataset.train))
        sizes = step_sizes[epoch * updates : (epoch + 1) * updates]
        with full_precision():
            state, seen = programs.epoch(
                state, data, active, rules.scales, shuffle, np.array([epoch], np.uint64), sizes
            )
            scores = np.array(seen)
            scores[~active] = np.nan
            is_best = rules.see(epoch, scores)
            if rules.restores and is_best.any():
                best, has_best = select(is_best, state.layers, best), has_best | is_best
        history.append(scores)
        on_epoch()
        if not rules.active.any():
            break
    with full_precision():
        layers = select(has_best, best, state.layers) if has_best.any() else state.layers
        of_train, outputs = programs.evaluate(layers, data.x, data.y)
        of_test, _ = programs.evaluate(layers, *_split(with_samples, "test"))
        final, outputs = jax.tree.map(np.asarray, (layers, outputs))
        scores = np.concatenate([of_train, of_test], axis=1).tolist()
    seconds = (time.perf_counter() - began) / len(trials)
    missing = training.epochs - len(history)
    seen_by_all = np.stack(history + [np.full_like(history[0], np.nan)] * missing, axis=1)
    return [
        _run(
            trial,
            Layers(tuple(w[i] for w in final.weights), tuple(b[i] for b in final.biases)),
            seen_by_all[i],
            int(rules.epochs[i]),
            scores[i],
            outputs[i],
            seconds,
        )
        for i, trial in enumerate(trials)
    ]


def _split(trials: Sequence[Trial], name: SplitName) -> tuple[Float, Float]:
    """Return samples and targets of a split of all trials; of one trial without an axis for trials."""
    splits = [trial.dataset.splits[name] for trial in trials]
    targets = [trial.targets(split) for trial, split in zip(trials, splits, strict=True)]
    return _stacked([split.x for split in splits]), _stacked(targets)


def _stacked(arrays: Sequence[Float]) -> Float:
    return arrays[0] if len(arrays) == 1 else np.stack(arrays)


def data_of(trials: Sequence[Trial], noise_keys: NDArray[np.uint64]) -> Data:
    """Return the samples of trials, of one without an axis for trials, and the keys of their noise."""
    weights = [trial.training_weights for trial in trials]
    given = [weight[:, None] for weight in weights if weight is not None]
    weight = _stacked(given) if given else None
    return Data(
        *_split(trials, "train"), weight, *_split(trials, "validation"), noise_key=noise_keys
    )


def initial_state(trials: Sequence[Trial]) -> State:
    """Return the networks of trials before their first update."""
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
    scores: Sequence[float],
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
