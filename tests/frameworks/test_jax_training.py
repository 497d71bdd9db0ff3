"""JAX trains the trials of the reference, together as alone, and puts back what it set."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import jax
import numpy as np
import pytest

import mlplab.frameworks.jax.training as training_by_jax
from mlplab.errors import MissingExtraError, MlplabError
from mlplab.frameworks.jax import check, memory, networks_together
from mlplab.frameworks.jax.backend import LOWEST
from mlplab.frameworks.jax.programs import programs_of
from mlplab.frameworks.jax.rules import Rules
from mlplab.installation import install_command, packages
from mlplab.run import Runs
from mlplab.spec import EarlyStopping, Experiment, Training
from mlplab.training import Interrupted, stream, train
from mlplab.trial import Trials, draw

POLAR = {"kind": "polar", "classes": 3, "train_per_class": 8, "test_per_class": 5}
COMMON = {"batch_size": 7, "epochs": 4, "dtype": "float64"}

TARGETS = "targets, in a batch that is larger than the samples are many"
CASES = {
    "a schedule and batches that divide": {
        "dataset": POLAR,
        "network": {"hidden_layers": 2, "layer_width": (4, 3), "activation": ["tanh", "relu"]},
        "training": {
            **COMMON,
            "batch_size": 8,
            "optimizer": {
                "kind": "sgd",
                "momentum": 0.5,
                "learning_rate": {
                    "kind": "exponential_decay",
                    "initial_learning_rate": 0.5,
                    "decay_steps": 5,
                    "decay_rate": 0.5,
                },
            },
        },
    },
    "all that regularises": {
        "dataset": POLAR,
        "network": {
            "hidden_layers": 2,
            "layer_width": 4,
            "activation": ["gelu", "tanh"],
            "dropout": 0.3,
            "input_noise": 0.1,
            "kernel_regularizer": {"kind": "l1_l2", "l1": 0.01, "l2": 0.02},
        },
        "training": {
            **COMMON,
            "loss": "categorical_crossentropy",
            "label_smoothing": 0.1,
            "class_weight": {"1": 2.0},
            "optimizer": {"kind": "nadam", "weight_decay": 0.1, "global_clipnorm": 0.5},
            # Nadam has a step size that does not follow the learning rate.
            "reduce_lr_on_plateau": {"monitor": "accuracy", "factor": 0.5, "patience": 1},
        },
    },
    "stopped early, with the best weights": {
        "dataset": POLAR | {"classes": 2},
        "network": {"hidden_layers": 1, "layer_width": 3, "activation": "sigmoid"},
        "training": {
            **COMMON,
            "epochs": 12,
            "loss": "binary_crossentropy",
            "optimizer": {"kind": "adam", "learning_rate": 0.3},
            "early_stopping": {"patience": 2, "restore_best_weights": True},
        },
    },
    TARGETS: {
        "dataset": {"kind": "noisy_sine", "train_samples": 20, "test_samples": 10},
        "network": {"hidden_layers": 1, "layer_width": 3, "activation": "softplus"},
        "training": {**COMMON, "batch_size": 64, "loss": "huber", "optimizer": "rmsprop"},
    },
}


@cache
def trained(case: str, trainer: str) -> Runs:
    """Train five trials of a case."""
    return train(Experiment.model_validate(CASES[case]), 5, 3, trainer)


def assert_close(comp: Runs, ref: Runs, at: float) -> None:
    """Assert that runs agree in all numbers to an absolute difference, and in all words and counts."""
    pairs = [*zip(comp.weights, ref.weights, strict=True)]
    pairs += zip(comp.biases, ref.biases, strict=True)
    ours, theirs = comp.history.arrays(), ref.history.arrays()
    assert ours.keys() == theirs.keys()
    pairs += [(ours[name], theirs[name]) for name in ours]
    names = ("train_loss", "train_metric", "test_loss", "test_metric")
    pairs += [(getattr(comp, name), getattr(ref, name)) for name in names]
    for one, other in pairs:
        assert one.dtype == other.dtype
        np.testing.assert_allclose(one, other, rtol=0, atol=at)
    for name in ("seed", "updates", "ending", "cause", "predicted", "labelled", "kept"):
        assert getattr(comp, name).tolist() == getattr(ref, name).tolist(), name


@pytest.mark.parametrize("case", CASES)
def test_the_runs_are_the_references(case: str, tolerance: Any):
    ref, comp = trained(case, "reference"), trained(case, "jax")
    assert comp.trainer == "jax"
    assert_close(comp, ref, tolerance.trajectory_float64)


def test_networks_of_one_population_stop_by_themselves():
    comp = trained("stopped early, with the best weights", "jax")
    assert len(set(comp.epochs.tolist())) > 1
    assert comp.stopped_early.any()


def test_parts_are_of_one_size_and_the_same_runs_and_kept_at_an_interrupt(
    monkeypatch: pytest.MonkeyPatch, tolerance: Any
):
    # Five networks, two at a time: the last part takes one again, so that there is one size to compile.
    case = "a schedule and batches that divide"
    together: list[int] = []
    of_parts = training_by_jax.train_together

    def counted(trials: Any, on_epoch: Any) -> Any:
        together.append(len(trials))
        return of_parts(trials, on_epoch)

    monkeypatch.setattr(memory, "MOST_ON_CPU", 2)
    monkeypatch.setattr("mlplab.frameworks.jax.train_together", counted)
    experiment = Experiment.model_validate(CASES[case])
    blocks = list(stream(experiment, 5, 3, "jax"))
    assert [len(block) for block in blocks] == [2, 2, 1]
    assert together == [2, 2, 2]
    assert_close(Runs.concatenate(blocks), trained(case, "jax"), tolerance.trajectory_float64)
    told: list[int] = []
    train(experiment, 3, 3, "jax", lambda done, total: told.append(done))
    assert told == [2, 4, 6, 8, 8, 9, 10, 11, 12, 12, 12]

    def interrupt_the_second_part(done: int, total: int) -> None:
        if done > 8:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as interrupted:
        train(experiment, 5, 3, "jax", interrupt_the_second_part)
    (kept,) = interrupted.value.runs
    assert kept is not None
    assert kept.seed.tolist() == [3, 4]


def test_rules_look_at_losses_with_their_penalties():
    rules = Rules(Training(early_stopping=EarlyStopping(patience=1)), networks=1)
    falls_with_a_growing_penalty = [[0.5, 0.5, 0.5, 0.5, 0.1, 0.1], [0.4, 0.5, 0.4, 0.5, 0.9, 0.9]]
    best = [
        rules.see(epoch, np.array([scores])).tolist()
        for epoch, scores in enumerate(falls_with_a_growing_penalty)
    ]
    assert best == [[True], [False]]
    assert rules.active.tolist() == [False]


def test_a_network_that_diverged_is_trained_no_longer():
    rules = Rules(Training(), networks=2)
    rules.see(0, np.array([[np.nan, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5]]))
    assert rules.active.tolist() == [False, True]


def test_one_seed_is_that_of_the_population(tolerance: Any):
    case = "a schedule and batches that divide"
    alone = train(Experiment.model_validate(CASES[case]), 1, 6, "jax")
    assert_close(alone, trained(case, "jax")[3:4], tolerance.trajectory_float64)


def test_programs_are_those_of_other_rates_epochs_and_initial_weights_but_not_of_another_penalty():
    experiment = Experiment.model_validate(CASES["all that regularises"])
    programs = programs_of(experiment)
    assert programs_of(experiment.varied({"training.epochs": 7})) is programs
    assert programs_of(experiment.varied({"training.optimizer.learning_rate": 0.3})) is programs
    assert programs_of(experiment.varied({"network.initializer": "zeros"})) is programs
    assert programs_of(experiment, shares_samples=True) is not programs
    other = experiment.varied({"network.kernel_regularizer": {"kind": "l2", "l2": 0.5}})
    assert programs_of(other) is not programs


def test_float32(tolerance: Any):
    experiment = Experiment.model_validate(CASES["a schedule and batches that divide"])
    experiment = experiment.varied({"training.dtype": "float32"})
    ref, comp = (train(experiment, 2, 3, trainer) for trainer in ("reference", "jax"))
    assert_close(comp, ref, tolerance.trajectory_float32)


def test_a_part_fits_into_the_memory_that_it_may_take(monkeypatch: pytest.MonkeyPatch):
    trials = Trials.from_seeds(Experiment.model_validate(CASES[TARGETS]), range(1000))
    assert networks_together(trials) == memory.MOST_ON_CPU
    monkeypatch.setattr(memory, "CPU_BYTES", 50_000)
    assert 1 < networks_together(trials) < 20
    monkeypatch.setattr(memory, "CPU_BYTES", 1)
    assert networks_together(trials) == 1


def test_samples_that_drawn_trials_share_are_counted_once():
    experiment = Experiment.model_validate(CASES[TARGETS])
    trial, other = (draw(experiment, seed) for seed in (0, 1))
    together, apart = (
        memory.Needs.of(Trials.from_trials([trial, each]))
        for each in (replace(trial, seed=1), other)
    )
    assert together.shared > 0
    assert apart.shared == 0
    assert apart.network == together.network + together.shared


TOO_LARGE: dict[str, tuple[dict[str, Any], int]] = {
    "width": ({"network.layer_width": 10**7, "network.hidden_layers": 2}, 1),
    "samples": ({"dataset.train_samples": 10**12}, 1),
    "epochs": ({"training.epochs": 10**400}, 1),
    "runs": ({}, 10**9),
}


@pytest.mark.parametrize("what", TOO_LARGE)
def test_what_does_not_fit_into_memory_is_refused_before_it_is_drawn(
    monkeypatch: pytest.MonkeyPatch, what: str
):
    monkeypatch.setattr(Trials, "__getitem__", lambda *_: pytest.fail("drawn"))
    changes, replications = TOO_LARGE[what]
    experiment = Experiment.model_validate(CASES[TARGETS]).varied(changes)
    with pytest.raises(MlplabError, match="training needs about") as refused:
        train(experiment, replications, trainer="jax")
    assert "\n" not in str(refused.value)


def test_a_network_that_does_not_fit_on_a_card_is_refused(monkeypatch: pytest.MonkeyPatch):
    limits = {"bytes_limit": 30_000_000, "bytes_in_use": 10_000_000}
    card = SimpleNamespace(platform="gpu", device_kind="Card 9", memory_stats=lambda: limits)
    monkeypatch.setattr(memory, "default_device", lambda: card)
    small = Experiment.model_validate(CASES[TARGETS])
    trials = Trials.from_seeds(small, range(10**6))
    check([trials], keep_weights=0)
    assert 100 < networks_together(trials) < 10_000
    wide = small.varied({"network.layer_width": 10**5})
    with pytest.raises(MlplabError) as refused:
        check([Trials.from_seeds(wide, range(1))], keep_weights=1)
    assert str(refused.value) == (
        "a network needs about 0.18 GB of the memory of Card 9, and 0.01 GB, half of what is free, "
        "may be taken: train a smaller one, on fewer samples"
    )


def test_networks_that_share_their_samples_have_them_once(
    monkeypatch: pytest.MonkeyPatch, tolerance: Any
):
    shared: list[bool] = []

    def recorded(experiment: Experiment, shares_samples: bool) -> Any:
        shared.append(shares_samples)
        return programs_of(experiment, shares_samples)

    monkeypatch.setattr(training_by_jax, "programs_of", recorded)
    experiment = Experiment.model_validate(
        CASES["a schedule and batches that divide"] | {"dataset": "arrays"}
    )
    rng = np.random.default_rng(5)
    x, y, weight = rng.normal(size=(30, 2)), np.arange(30) % 3, rng.uniform(0, 2, 30)
    split = np.repeat(["train", "validation", "test"], [16, 6, 8])
    given = {"data": (x, y, split, weight)}
    ref, comp = (train(experiment, 3, 3, name, **given) for name in ("reference", "jax"))
    assert_close(comp, ref, tolerance.trajectory_float64)
    assert shared == [True]


def test_jaxs_settings_are_left_as_they_were_found():
    def settings() -> tuple[Any, Any]:
        return jax.config.jax_enable_x64, jax.config.jax_default_matmul_precision

    before = settings()
    told: list[Any] = []
    experiment = Experiment.model_validate(CASES[TARGETS])
    assert [settings() for _ in stream(experiment, 5, 3, "jax")] == [before]
    train(experiment, 5, 3, "jax", lambda done, total: told.append(settings()))
    assert told
    assert set(told) == {before}
    assert settings() == before


def test_a_user_who_looks_for_nan_elsewhere_may_have_runs_that_diverge():
    experiment = Experiment.model_validate(CASES[TARGETS])
    experiment = experiment.varied({"training.optimizer.learning_rate": 1e300})
    with jax.debug_nans(True), jax.numpy_dtype_promotion("strict"):
        runs = train(experiment, 5, 3, "jax")
    assert "diverged" in runs.ending


def test_threads_may_train_at_once(tolerance: Any):
    cases = ["all that regularises", TARGETS]
    with ThreadPoolExecutor(2) as threads:
        runs = threads.map(
            lambda case: train(Experiment.model_validate(CASES[case]), 5, 3, "jax"), cases
        )
        for case, comp in zip(cases, runs, strict=True):
            assert_close(comp, trained(case, "reference"), tolerance.trajectory_float64)


def test_no_device_is_one_sentence(monkeypatch: pytest.MonkeyPatch):
    def missing(kind: str | None) -> Any:
        raise RuntimeError("no such backend")

    monkeypatch.setattr(jax, "devices", missing)
    monkeypatch.setenv("JAX_PLATFORMS", "tpu")
    with pytest.raises(MlplabError) as refused:
        train(Experiment(dataset="linear"), trainer="jax")
    assert str(refused.value) == (
        "JAX finds no device here (JAX_PLATFORMS is 'tpu'): no such backend"
    )


OLD = SimpleNamespace(__version__="0.7.2", __version_info__=(0, 7, 2))


@pytest.mark.parametrize(
    ("module", "needs"),
    [
        (None, "training with JAX needs jax, and jax is missing"),
        (OLD, "training with JAX needs jax 0.8 or newer, and 0.7.2 is installed"),
    ],
    ids=["missing", "old"],
)
def test_without_jax_the_sentence_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, module: Any, needs: str
):
    for name in [n for n in sys.modules if n.startswith("mlplab.frameworks.jax")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "jax", module)
    with pytest.raises(MissingExtraError) as missing:
        train(Experiment(dataset="linear"), trainer="jax")
    assert str(missing.value) == f"{needs}: install it with  {install_command('jax')}"


def test_the_lowest_version_is_that_of_the_package():
    (jax_of_extra,) = [each for each in packages(["jax"]) if each.name == "jax"]
    assert jax_of_extra.wanted == f">={LOWEST}"
