"""A family knows its kinds, reads them from what a user writes, and hands a formula its parameters."""

from __future__ import annotations

import pickle
from typing import Any, Literal

import numpy as np
import pytest

from mlplab.errors import SpecError
from mlplab.spec import (
    SGD,
    Adam,
    AdamW,
    CosineDecay,
    ExponentialDecay,
    InitializerSpec,
    Network,
    OptimizerSpec,
    PiecewiseConstantDecay,
    Polar,
    RandomNormal,
    RMSprop,
    Schedule,
    Training,
    Zeros,
)


def test_kinds_are_known_by_their_names_in_their_order():
    assert list(OptimizerSpec.kinds.values())[:3] == [SGD, Adam, AdamW]
    assert OptimizerSpec.kinds["rmsprop"] is RMSprop
    assert next(iter(Schedule.kinds.values())) is ExponentialDecay
    assert InitializerSpec.kinds["zeros"] is Zeros


@pytest.mark.parametrize("written", ["adam", {"kind": "adam"}, Adam()])
def test_a_name_a_table_and_a_part_are_one(written: Any):
    assert Training(optimizer=written).optimizer == Adam()


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (SGD(), "expected a name or a table with a kind, received SGD"),
        ({"stddev": 1.0}, "expected a name or a table with a kind, received {'stddev': 1.0}"),
        (5, "expected a name or a table with a kind, received 5"),
        ({"kind": 5}, "unknown name '5'; known: random_normal"),
    ],
)
def test_what_is_no_kind_is_one_sentence(written: Any, sentence: str):
    with pytest.raises(SpecError) as raised:
        Network(initializer=written)
    assert str(raised.value).startswith(f"Network: initializer: {sentence}")


def test_a_class_that_is_defined_again_takes_the_place_of_the_first(
    monkeypatch: pytest.MonkeyPatch,
):
    # As a cell of a notebook is run again.
    monkeypatch.setattr(InitializerSpec, "kinds", dict(InitializerSpec.kinds))

    def define() -> type[InitializerSpec]:
        class Twos(InitializerSpec):
            kind: Literal["twos"] = "twos"

        return Twos

    first, second = define(), define()
    assert InitializerSpec.kinds["twos"] is second is not first


def test_parameters_are_the_fields_in_their_order_as_float64():
    assert RandomNormal(mean=0.1, stddev=1).parameters == (0.1, 1.0)
    assert Zeros(shared=True).parameters == ()
    assert Polar(classes=5, sigma=0.25, train_per_class=3).parameters == (0.25,)
    staircase = ExponentialDecay(
        initial_learning_rate=1, decay_steps=400, decay_rate=0.5, staircase=True
    ).parameters
    assert staircase == (1.0, 400.0, 0.5, 1.0)
    assert {type(value) for value in staircase} == {float}
    *_, target, steps = CosineDecay(initial_learning_rate=1.0, decay_steps=3).parameters
    assert np.isnan(target)
    assert steps == 0
    boundaries, values = PiecewiseConstantDecay(boundaries=[3], values=[1, 2]).parameters
    assert (boundaries.tolist(), values.tolist()) == ([3.0], [1.0, 2.0])
    assert boundaries.dtype == values.dtype == np.float64


@pytest.mark.parametrize("family", [OptimizerSpec, InitializerSpec])
def test_every_kind_comes_back_from_pickle(family: Any):
    for kind in family.kinds.values():
        assert pickle.loads(pickle.dumps(kind())) == kind()
