"""Axes as they are typed."""

from __future__ import annotations

import numpy as np
import pytest

from mlplab.errors import MlplabError
from mlplab.spec import Experiment
from mlplab.sweep import Axis

BASE = Experiment(dataset="linear")
RATE, BATCH = "training.optimizer.learning_rate", "training.batch_size"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (f"{RATE}=log:0.001:10:5", (0.001, 0.01, 0.1, 1.0, 10.0)),
        (f"{RATE}=lin:0:1:3", (0.0, 0.5, 1.0)),
        (f"{RATE}=lin:-1:1:3", (-1.0, 0.0, 1.0)),
        (f" {RATE} = 0.1, 1e-3 ,2", (0.1, 0.001, 2)),
        (f"{BATCH}=log:1:8:20", (1, 2, 3, 4, 5, 6, 7, 8)),
        (f"{BATCH}=lin:1:3:3", (1, 2, 3)),
        ("network.activation=relu,tanh", ("relu", "tanh")),
        ("training.optimizer=sgd", ("sgd",)),
        ('network.initializer=[{kind="he_normal"}, "zeros"]', ({"kind": "he_normal"}, "zeros")),
        ("training.optimizer.nesterov=true,false", (True, False)),
        ("network.layer_width=[8, 4],[6]", ([8, 4], [6])),
        ("x=1,true", (1, True)),
    ],
)
def test_values(text: str, values: tuple[object, ...]) -> None:
    assert Axis.parse(text, BASE).values == values


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("0.1", "--x expects SETTING=log:FROM:TO:N"),
        ("=1", "--x expects"),
        (f"{RATE}=", "--x expects"),
        (f"{RATE}=log:1:10", "expects log:FROM:TO:N, such as log:0.001:10:512"),
        (f"{RATE}=log:1:10:5:6", "expects log:FROM:TO:N"),
        (f"{RATE}=lin:a:10:5", "expects lin:FROM:TO:N"),
        (f"{RATE}=lin:1:nan:5", "expects lin:FROM:TO:N"),
        (f"{RATE}=log:10:1:5", "FROM must be below TO, received 10 and 1"),
        (f"{RATE}=log:1:1:5", "FROM must be below TO"),
        (f"{RATE}=log:0:1:5", "log needs numbers above 0, received 0"),
        (f"{RATE}=log:1:2:1", "N must be from 2 to 10,000, received 1"),
        (f"{RATE}=log:1:2:99999999", "N must be from 2 to 10,000"),
        (f"{RATE}=lin:1:1.0000000000001:100", "too near for 100 numbers"),
        (f"{RATE}=0.1,0.2,0.1", "0.1 stands there twice"),
        (f"{RATE}=0.1,,0.2", "no list of values"),
        ("network.layer_width=[1,2", "no list of values"),
    ],
)
def test_what_is_no_axis(text: str, says: str) -> None:
    with pytest.raises(MlplabError) as error:
        Axis.parse(text, BASE)
    assert says in str(error.value)


def test_spaced_values_are_even_and_have_both_ends_exactly() -> None:
    axis = Axis.parse(f"{RATE}=log:1e-3:7:100", BASE)
    assert (axis.values[0], axis.values[-1]) == (1e-3, 7.0)
    np.testing.assert_allclose(np.diff(axis.positions), np.diff(axis.positions)[0], rtol=1e-9)
    assert all(float(f"{value:.12g}") == value for value in axis.values)


def test_a_window_has_as_many_values() -> None:
    axis = Axis.parse(f"{RATE}=log:1e-3:10:40", BASE).windowed(0.1, 0.2)
    assert (len(axis), axis.values[0], axis.values[-1], axis.scale) == (40, 0.1, 0.2, "log")
    assert Axis.parse(f"{BATCH}=lin:1:64:64", BASE).windowed(2, 5).values == (2, 3, 4, 5)
    with pytest.raises(MlplabError, match="list of values"):
        Axis(RATE, (0.1, 0.2)).windowed(0.1, 0.2)
    with pytest.raises(MlplabError, match="FROM must be below TO"):
        axis.windowed(0.2, 0.1)


def test_a_number_of_too_many_digits_is_left_to_the_spec_to_refuse() -> None:
    digits = f"1{'0' * 5000}"
    assert Axis.parse(f"{BATCH}={digits}", BASE).values == (digits,)
    assert Axis.parse(f"{BATCH}=x,{digits}", BASE).values == ("x", digits)
