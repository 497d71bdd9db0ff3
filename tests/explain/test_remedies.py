"""Changes are valid and single, and what helps is told with evidence only."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mlplab import Experiment, train
from mlplab.errors import MlplabError
from mlplab.explain import changes, remedies
from mlplab.explain.remedies import _in_order, effect_of
from mlplab.spec.schedules import ExponentialDecay
from mlplab.statistics import compare, holm

ZEROS = Experiment.model_validate(
    {
        "dataset": {"kind": "polar", "classes": 2, "sigma": 0.1, "train_per_class": 64},
        "network": {
            "hidden_layers": 1,
            "layer_width": 5,
            "activation": "relu",
            "initializer": "zeros",
        },
        "training": {
            "optimizer": {"kind": "sgd", "learning_rate": 1.0},
            "batch_size": 4,
            "epochs": 20,
        },
    }
)


def test_changes_are_single_and_differ():
    tried = changes(ZEROS)
    assert all(change.experiment == ZEROS.varied(change.values) != ZEROS for change in tried)
    assert len({change.experiment.key for change in tried}) == len(tried)
    names = [change.name for change in tried]
    assert "training.optimizer.learning_rate=0.33" in names
    assert "training.batch_size=1" in names
    assert "network.bias_initializer=zeros" not in names


def test_what_an_experiment_does_not_allow_is_not_tried():
    linear = Experiment.model_validate({"dataset": "linear", "training": {"batch_size": 1}})
    names = " ".join(change.name for change in changes(linear))
    assert "layer_width=10" in names
    assert "dropout" not in names
    assert "batch_size=0" not in names
    sine = Experiment.model_validate({"dataset": "noisy_sine"})
    assert not any("loss" in change.name for change in changes(sine))


def test_a_schedule_is_scaled_or_left_out():
    decay = ExponentialDecay(initial_learning_rate=0.05, decay_steps=400, decay_rate=0.85)
    rates = [
        change.values
        for change in changes(ZEROS.varied({"training.optimizer.learning_rate": decay}))
        if "learning_rate" in change.name
    ]
    path = "training.optimizer.learning_rate"
    assert {path: 0.05} in rates
    assert {f"{path}.initial_learning_rate": 0.5} in rates
    assert len(rates) == 5


def test_own_samples_are_standardised():
    own = Experiment.model_validate({"dataset": "arrays"})
    assert {"dataset.standardise": True} in [change.values for change in changes(own)]


def test_what_rescues_is_found_from_the_same_seeds():
    tried = remedies(ZEROS, 30)
    assert {each.change.name for each in tried.helpful} == {
        "network.initializer=glorot_uniform",
        "network.initializer=he_normal",
    }
    first = tried.tried[0]
    again = train(first.change.experiment, 30, keep_weights=0)
    assert first.failures.runs == 30
    assert first.failures.stuck == (again.ending == "stuck").sum()
    assert first.comparison.pairs == 30
    assert str(tried).splitlines()[0].startswith("30 of 30 runs fail as it is. Of")
    assert "<table>" in tried._repr_html_()
    assert repr(tried) == f"<Remedies: {tried.headline}>"


def test_few_seeds_give_no_verdict():
    tried = remedies(ZEROS, 3)
    assert not tried.helpful
    assert "for a verdict there must be 30 seeds" in tried.headline


def test_own_samples_that_are_split_anew_give_none_by_failures():
    x = np.random.default_rng(0).normal(size=(60, 2))
    own = ZEROS.varied({"dataset": "arrays"})
    tried = remedies(own, 30, data=(x, (x[:, 0] > 0).astype(str)))
    assert all(each.p_fewer == 1 for each in tried.tried)
    compared = [each.comparison for each in tried.tried]
    assert {each.pairs - each.left_out for each in compared} == {30}
    corrected = holm([each.p_value for each in compared])
    np.testing.assert_allclose([each.p_corrected for each in compared], corrected)


def test_an_effect_needs_evidence():
    better = compare(np.linspace(0.9, 0.99, 40), np.linspace(0.8, 0.9, 40))
    same = compare(np.full(40, 0.9), np.full(40, 0.9))
    assert effect_of(1, 30, 0.001, same) == "rescues"
    assert effect_of(30, 1, 0.001, better) == "worse"
    assert effect_of(1, 30, 0.2, better) == "better"
    assert effect_of(1, 5, 0.2, same) == "same"


@pytest.mark.parametrize("lower_is_better", [False, True])
def test_of_as_many_failures_the_better_metric_comes_first(lower_is_better: bool):
    measure = SimpleNamespace(lower_is_better=lower_is_better)
    small, large = (
        SimpleNamespace(
            effect="better",
            failures=SimpleNamespace(stuck=0, diverged=0),
            comparison=SimpleNamespace(difference=SimpleNamespace(value=value), measure=measure),
        )
        for value in (0.1, 0.3)
    )
    tried: list[Any] = [small, large]
    assert _in_order(tried) == _in_order(tried[::-1])
    assert _in_order(tried)[0] is (small if lower_is_better else large)


@pytest.mark.parametrize("replications", [0, 1.5, True])
def test_no_number_of_replications_is_refused(replications: object):
    with pytest.raises(MlplabError, match="replications"):
        remedies(ZEROS, replications)  # type: ignore[arg-type]
