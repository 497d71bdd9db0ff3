"""An experiment cannot be changed, and takes no wrong value."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import numpy as np
import pytest

from mlplab.errors import SpecError
from mlplab.spec import (
    SGD,
    Adam,
    DatasetSpec,
    Experiment,
    InitializerSpec,
    Linear,
    Network,
    OptimizerSpec,
    PiecewiseConstantDecay,
    Polar,
    RandomNormal,
    RandomUniform,
    SamplesFile,
    Spirals,
    Training,
    TruncatedNormal,
)
from mlplab.spec.part import Part

DATASETS = tuple(DatasetSpec.kinds.values())
INITIALIZER_SPECS = tuple(InitializerSpec.kinds.values())
OPTIMIZERS = tuple(OptimizerSpec.kinds.values())


def kind(part: type[Part]) -> str:
    return part.model_fields["kind"].default


def through_pickle(experiment: Experiment) -> Experiment:
    return pickle.loads(pickle.dumps(experiment))


COMPLETE = [
    part
    for part in (*DATASETS, *INITIALIZER_SPECS, *OPTIMIZERS)
    if not any(field.is_required() for field in part.model_fields.values())
]


@pytest.mark.parametrize("part", COMPLETE, ids=kind)
def test_a_name_stands_for_the_part_with_its_defaults(part: type[Part]):
    if part in DATASETS:
        assert Experiment(dataset=kind(part)).dataset == part()
        assert Experiment.from_toml_text(f'dataset = "{kind(part)}"').dataset == part()
    elif part in INITIALIZER_SPECS:
        assert Network(initializer=kind(part)).initializer == part()
    else:
        assert Training(optimizer=kind(part)).optimizer == part()


def test_an_experiment_cannot_be_changed():
    experiment = Experiment(dataset="polar", network={"initializer": "zeros"})
    for part, name in [
        (experiment, "dataset"),
        (experiment.dataset, "sigma"),
        (experiment.network, "hidden_layers"),
        (experiment.network.initializer, "kind"),
        (experiment.training.optimizer, "learning_rate"),
    ]:
        with pytest.raises(SpecError) as raised:
            setattr(part, name, getattr(part, name))
        assert str(raised.value).startswith(
            f"{type(part).__name__} cannot be changed: make a variant of it by varied({{'{name}': "
        )
        with pytest.raises(SpecError, match="cannot be changed"):
            delattr(part, name)


def test_what_cannot_be_changed_says_how_a_variant_is_made():
    experiment = Experiment(dataset="polar")
    with pytest.raises(SpecError) as raised:
        experiment.training.epochs = 3
    assert str(raised.value) == (
        "Training cannot be changed: make a variant of it by varied({'epochs': 3})"
    )
    assert experiment.training.varied({"epochs": 3}).epochs == 3


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, through_pickle, Part.model_copy])
def test_a_copy_is_equal_and_cannot_be_changed_either(copied: Callable[[Experiment], Experiment]):
    network = Network(hidden_layers=2, layer_width=[3, 4], activation="relu")
    experiment = Experiment(dataset="polar", network=network)
    again = copied(experiment)
    assert again == experiment
    assert hash(again) == hash(experiment)
    assert again.to_toml() == experiment.to_toml()
    assert again.key == experiment.key
    with pytest.raises(SpecError, match="cannot be changed"):
        again.training.epochs = 3


def test_no_part_is_made_without_being_validated():
    with pytest.raises(SpecError) as raised:
        Training.model_construct(epochs=-3)
    assert str(raised.value) == "Training is always validated: make one by Training(…)"


def test_experiments_are_keys_of_a_dictionary():
    results = {Experiment(dataset=Linear(sigma=sigma)): sigma for sigma in (0.06, 0.1)}
    assert results[Experiment(dataset={"kind": "linear", "sigma": 0.1})] == 0.1
    assert len(results) == 2


def test_numpy_scalars_count_as_the_numbers_that_they_stand_for():
    assert Polar(classes=np.int64(5), sigma=np.float32(0.5)) == Polar(classes=5, sigma=0.5)
    assert SGD(momentum=np.float64(0.3), nesterov=np.bool_(True)) == SGD(
        momentum=0.3, nesterov=True
    )
    steps = np.array([10, 20])
    assert PiecewiseConstantDecay(
        boundaries=tuple(steps), values=list(np.float64([1, 0.5, 0]))
    ) == PiecewiseConstantDecay(boundaries=[10, 20], values=[1.0, 0.5, 0.0])
    assert type(Polar(sigma=np.float32(0.5)).sigma) is float
    assert type(Polar(classes=np.int64(5)).classes) is int


@pytest.mark.parametrize(
    ("part", "values"),
    [
        (Polar, {"classes": 2.0}),
        (Polar, {"classes": True}),
        (Polar, {"classes": np.True_}),
        (Polar, {"classes": 1}),
        (Polar, {"sigma": "0.1"}),
        (Polar, {"sigma": False}),
        (Polar, {"sigma": -0.1}),
        (Polar, {"sigma": np.float64("inf")}),
        (Polar, {"sigma": 1e308}),
        (Spirals, {"turns": 1e308}),
        (Polar, {"train_per_class": 0}),
        (Adam, {"beta_1": 1.0}),
        (Adam, {"epsilon": 0.0}),
        (SGD, {"nesterov": 1}),
        (RandomNormal, {"stddev": -1.0}),
        (RandomNormal, {"mean": 1e308}),
        (TruncatedNormal, {"stddev": 1e308}),
        (RandomUniform, {"minval": -1e308}),
        (RandomUniform, {"minval": 1.0, "maxval": 0.0}),
        (SamplesFile, {"path": 5}),
        (SamplesFile, {"path": "a.csv", "validation_fraction": 0.0}),
        (Training, {"batch_size": 0}),
    ],
)
def test_what_is_out_of_range_or_of_another_type_is_refused(part: type[Part], values: dict):
    with pytest.raises(SpecError) as raised:
        part(**values)
    assert str(raised.value).startswith(f"{part.__name__}: ")
    assert "\n" not in str(raised.value)


def test_a_problem_within_an_experiment_is_told_as_that_of_a_file():
    with pytest.raises(SpecError) as raised:
        Experiment(dataset="polar", network={"initializer": {"kind": "random_normal", "std": 1.0}})
    assert str(raised.value) == (
        "Experiment: network.initializer: no field 'std' in 'random_normal'; did you mean 'stddev'? "
        "(known: kind, shared, mean, stddev)"
    )


def test_toml_that_is_nested_too_deeply_is_one_sentence():
    with pytest.raises(SpecError, match="recursion"):
        Experiment.from_toml_text("a = " + "[" * 5000, source="a file")
