"""Optuna and Keras, as a user tunes with them: a study whose objective trains one model by `fit`."""

from __future__ import annotations

import time
from collections.abc import Mapping

import optuna

from mlplab.bench.tuning import OnTrial, TunedTrial
from mlplab.frameworks.keras import build_model, keras
from mlplab.spec import Experiment
from mlplab.trial import draw


def tune(
    experiment: Experiment, space: Mapping[str, str], trials: int, seed: int, on_trial: OnTrial
) -> None:
    """Tune by TPE, one training a trial, all on the samples of one draw.

    Keras draws the initial weights and shuffles. It validates once, after the last epoch; that is less
    than many users ask of it, and as much as the objective needs.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    began = time.perf_counter()
    dataset = draw(experiment, seed).dataset
    x, y = dataset.train.x, dataset.one_hot(dataset.train.y)
    validation = dataset.validation.x, dataset.one_hot(dataset.validation.y)

    def objective(trial: optuna.Trial) -> float:
        settings = {path: _suggest(trial, path, text) for path, text in space.items()}
        varied = experiment.varied(settings)
        keras.utils.set_random_seed(seed + trial.number)
        model = build_model(varied, dataset.classes, dataset.features)
        training = varied.training
        model.fit(x, y, batch_size=training.batch_size, epochs=training.epochs, verbose=0)
        scores = model.evaluate(
            *validation, batch_size=len(dataset.validation), verbose=0, return_dict=True
        )
        accuracy = float(scores["accuracy"])
        on_trial(TunedTrial(settings, accuracy, time.perf_counter() - began))
        return accuracy

    sampler = optuna.samplers.TPESampler(seed=seed)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=trials)


def _suggest(trial: optuna.Trial, path: str, text: str) -> float:
    scale, low, high = text.split(":")
    return trial.suggest_float(path, float(low), float(high), log=scale == "log")
