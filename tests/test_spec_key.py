"""The key of an experiment is the same in every process and for ever, however it is written."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pytest

from mlplab.errors import SpecError
from mlplab.spec import (
    SGD,
    Adam,
    CosineDecay,
    CosineDecayRestarts,
    Experiment,
    ExponentialDecay,
    InverseTimeDecay,
    Linear,
    Network,
    PiecewiseConstantDecay,
    PolynomialDecay,
    RandomNormal,
    SamplesFile,
    Training,
)
from mlplab.spec.canonical import AddedLater, content_key, without_place
from mlplab.spec.part import Part

RATE: dict[str, Any] = {"initial_learning_rate": 0.1, "decay_steps": 400}

EXPERIMENTS: Mapping[str, Experiment] = {
    **{
        kind: Experiment(dataset=kind)
        for kind in ("linear", "polar", "moons", "circles", "spirals", "xor")
    },
    **{
        kind: Experiment(dataset="linear", network={"initializer": kind})
        for kind in (
            *("random_normal", "random_uniform", "truncated_normal", "glorot_normal"),
            *("he_normal", "he_uniform", "lecun_normal", "lecun_uniform", "zeros"),
            *("orthogonal", "identity", "constant", "ones"),
        )
    },
    **{
        rate.kind: Experiment(
            dataset="linear", training=Training(optimizer=SGD(learning_rate=rate))
        )
        for rate in (
            ExponentialDecay(**RATE, decay_rate=0.85, staircase=True),
            PiecewiseConstantDecay(boundaries=[10, 20], values=[1.0, 0.5, 0.25]),
            PolynomialDecay(**RATE),
            InverseTimeDecay(**RATE, decay_rate=0.5),
            CosineDecay(**RATE, warmup_target=0.5, warmup_steps=10),
            CosineDecayRestarts(initial_learning_rate=0.1, first_decay_steps=400),
        )
    },
    "adam": Experiment(dataset="linear", training=Training(optimizer=Adam())),
    "biases": Experiment(dataset="linear", network={"bias_initializer": "random_normal"}),
    "layers": Experiment(
        dataset="polar",
        network=Network(hidden_layers=2, layer_width=[50, 20], activation=["relu", "tanh"]),
        training=Training(loss="categorical_crossentropy", dtype="float64", epochs=3),
    ),
}

GOLDEN = {
    "linear": "a21c0f8a6b00c7f1",
    "polar": "f8c27b1173a0120d",
    "moons": "ee606415e5210e1e",
    "circles": "eb1ae8c527b7c2d9",
    "spirals": "791ae1880b29e3ce",
    "xor": "343c5681232cbbc7",
    "random_normal": "5835a60806daf83a",
    "random_uniform": "358833a2b9752b87",
    "truncated_normal": "9a8e474ddf59741f",
    "glorot_normal": "2659c18da8eae265",
    "he_normal": "b2311693a6b53797",
    "he_uniform": "10bfd720d467a32e",
    "lecun_normal": "030090401a32702d",
    "lecun_uniform": "3547e48d992a84a5",
    "zeros": "4fed1190438cd366",
    "orthogonal": "d30eaec325e148a8",
    "identity": "48f579f3ffe3a6d7",
    "constant": "7d82f13a4e3c0416",
    "ones": "0c8eca58204cd0a9",
    "exponential_decay": "1a3229929c3dfd74",
    "piecewise_constant_decay": "4866e75754913097",
    "polynomial_decay": "572b9e422302f189",
    "inverse_time_decay": "e5df55b03c7fc1f1",
    "cosine_decay": "dd57e1d656391da9",
    "cosine_decay_restarts": "80f4556ad8baa30e",
    "adam": "d6fd7abd5106679e",
    "biases": "f91345ed4284673e",
    "layers": "cf0857482c0b6169",
}
"""The first 16 digits. They hold for ever: a change that alters one is wrong, unless the same experiment
now trains other numbers; then `NUMERICS_VERSION` is raised, and all of them change."""


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_keys_are_the_same_for_ever(name: str):
    key = EXPERIMENTS[name].key
    assert len(key) == 64
    assert key[:16] == GOLDEN[name]


def test_no_two_experiments_have_one_key():
    assert len(set(GOLDEN.values())) == len(GOLDEN) == len(EXPERIMENTS)


@pytest.mark.parametrize("hash_seed", ["1", "4294967295"])
def test_keys_are_the_same_in_every_process(hash_seed: str):
    code = (
        "import sys\n"
        "from mlplab import Experiment\n"
        "print(Experiment.from_toml_text(sys.stdin.read()).key)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=EXPERIMENTS["layers"].to_toml(),
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.strip() == EXPERIMENTS["layers"].key


def test_biases_that_begin_at_zero_are_as_before():
    said = Experiment(dataset="linear", network={"bias_initializer": "zeros"})
    assert said.key == EXPERIMENTS["linear"].key
    assert "bias_initializer" not in said.canonical()["network"]


def network(**values: Any) -> Experiment:
    return Experiment(dataset="polar", network=Network(hidden_layers=2, **values))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            network(layer_width=50, activation="relu"),
            network(layer_width=[50, 50], activation=("relu", "relu")),
        ),
        (Experiment(dataset=Linear(sigma=1)), Experiment(dataset=Linear(sigma=1.0))),
        (Experiment(dataset=Linear(sigma=0.0)), Experiment(dataset=Linear(sigma=-0.0))),
        (
            Experiment(dataset="polar", network={"initializer": RandomNormal(mean=-0.0)}),
            Experiment(dataset="polar", network={"initializer": "random_normal"}),
        ),
        (
            Experiment(dataset="polar", training={"optimizer": SGD(momentum=0)}),
            Experiment(dataset="polar"),
        ),
        (
            Experiment(dataset="polar", training={"optimizer": SGD(learning_rate=1)}),
            Experiment(dataset="polar", training={"optimizer": SGD(learning_rate=1.0)}),
        ),
        (
            Experiment(dataset={"kind": "linear", "classes": 2}),
            Experiment(dataset={"classes": 2, "kind": "linear"}),
        ),
    ],
)
def test_what_trains_the_same_numbers_is_one(one: Experiment, other: Experiment):
    assert one == other
    assert hash(one) == hash(other)
    assert one.canonical() == other.canonical()
    assert one.key == other.key


@pytest.mark.parametrize(("one", "other"), [(0.1, 0.1 + 2e-17), (1e300, 1.5e300), (0, 5e-324)])
def test_numbers_that_differ_have_other_keys(one: float, other: float):
    rates = [Training(optimizer=SGD(learning_rate=rate)) for rate in (one, other)]
    keys = {Experiment(dataset="linear", training=training).key for training in rates}
    assert len(keys) == 2


def test_a_canonical_form_is_plain_and_describes_the_experiment():
    form = EXPERIMENTS["layers"].canonical()
    assert form["network"]["layer_width"] == [50, 20]
    assert type(form["training"]["optimizer"]["momentum"]) is int
    assert Experiment(**form) == EXPERIMENTS["layers"]


# ---- Later versions --------------------------------------------------------------------------------


class Toy(Part):
    kind: Literal["toy"] = "toy"
    rate: float = 0.5
    limit: int | None = None


class LaterToy(Part):
    kind: Literal["toy"] = "toy"
    limit: int | None = None
    rate: float = 0.25
    clip: Annotated[float, AddedLater(as_before=0.0)] = 1.0


def test_a_field_that_was_added_later_is_left_out_where_it_means_as_before():
    before = Toy(rate=0.5).canonical()
    assert before == {"kind": "toy", "rate": 0.5}
    later = LaterToy(rate=0.5, clip=0.0).canonical()
    assert content_key(later) == content_key(before)
    assert LaterToy(rate=0.5).canonical() == {"kind": "toy", "rate": 0.5, "clip": 1}


def test_a_default_that_changed_later_changes_no_form():
    assert Toy().canonical() == LaterToy(rate=0.5, clip=-0.0).canonical()


# ---- Samples from a file ---------------------------------------------------------------------------


class Samples(Part):
    kind: Literal["file"] = "file"
    path: str
    features: tuple[str, ...] | None = None
    label: str = "label"
    test_fraction: float = 0.2
    content: str | None = None


class GivenSamples(Part):
    kind: Literal["arrays"] = "arrays"
    test_fraction: float = 0.2
    content: str


def test_samples_are_known_by_their_content_and_not_by_their_place():
    pinned = Samples(path="a.csv", features=("x", "y"), content="0f")
    moved = Samples(path="b/c.csv", features=("x", "y"), content="0f")
    given = GivenSamples(content="0f")
    forms = [without_place(each.canonical()) for each in (pinned, moved, given)]
    assert forms == [{"test_fraction": 0.2, "content": "0f"}] * 3
    other = without_place(Samples(path="a.csv", content="1f").canonical())
    assert content_key(other) != content_key(forms[0])


def test_an_experiment_on_own_samples_has_no_key_before_its_content_is_pinned():
    own = Experiment(dataset=SamplesFile(path="own.csv"))
    with pytest.raises(SpecError) as raised:
        _ = own.key
    assert str(raised.value) == (
        "an experiment on own samples has a key once their content is pinned, "
        "received a dataset of kind 'file' without a content"
    )
    assert own.canonical()["dataset"]["path"] == "own.csv"
