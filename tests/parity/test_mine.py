"""A student's backpropagation leaves the reference where its mistake is, and the cause is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.parity.conftest import small

from mlplab.errors import MlplabError
from mlplab.parity.mine import train_mine

WriteMine = Callable[..., Path]


def test_right_gradients_train_as_the_reference(write_mine: WriteMine):
    mine = train_mine(small(), write_mine(), 8, 1e-9)
    assert mine.differences.largest.max() < 1e-13
    assert mine.finding is None
    assert len(mine.differences.largest) == 8


@pytest.mark.parametrize(
    ("change", "layers", "step", "cause"),
    [
        ({"start": "(p - y) / len(p)"}, [1, 2, 3], "layer 3 of 3", "gradient-of-cross-entropy"),
        ({"slope": "1.0"}, [1, 2], "layer 2 of 3", "derivative-missing"),
    ],
    ids=["cross-entropy", "slope"],
)
def test_a_mistake_is_found_where_it_is(
    write_mine: WriteMine, change: dict[str, str], layers: list[int], step: str, cause: str
):
    mine = train_mine(small(), write_mine(**change), 8, 1e-9)
    assert mine.differences.first_above(1e-9) == 1
    assert len(mine.differences.largest) == 1  # what comes after is of no use
    wrong = mine.differences.by_layer[0].max(axis=1) > 1e-9
    assert [i + 1 for i, is_wrong in enumerate(wrong) if is_wrong] == layers
    assert mine.finding is not None
    assert mine.mistake is not None
    assert f"of {step} is the first that differs from the reference" in mine.finding.facts
    assert mine.mistake.name == cause


def test_a_file_without_backpropagation(write_mine: WriteMine):
    with pytest.raises(MlplabError, match=r"no method backpropagation\(x, y\)"):
        train_mine(small(), write_mine(method="learn"), 8, 1e-9)


def test_an_error_of_the_students_is_told(write_mine: WriteMine):
    with pytest.raises(MlplabError, match="ZeroDivisionError"):
        train_mine(small(), write_mine(start="1 / 0"), 8, 1e-9)


@pytest.mark.parametrize(
    ("network", "training", "said"),
    [
        ({}, {"loss": "categorical_crossentropy"}, "mean_squared_error on softmax, received"),
        ({"dropout": 0.5}, {}, "no dropout"),
        ({"activation": ["relu", "tanh"]}, {}, "one activation"),
    ],
)
def test_what_the_labs_interface_has_no_place_for(
    write_mine: WriteMine, network: dict[str, Any], training: dict[str, Any], said: str
):
    with pytest.raises(MlplabError, match=said):
        train_mine(small(network, **training), write_mine(), 8, 1e-9)
