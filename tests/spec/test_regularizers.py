"""A penalty is Keras's, its derivative its slope, and what cannot be one is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlplab.errors import SpecError
from mlplab.frameworks.keras import keras, keras_regularizer, precision
from mlplab.spec import L1, L1L2, L2, Experiment, Network, RegularizerSpec

EACH: list[RegularizerSpec] = [L1(l1=0.5), L2(l2=0.25), L1L2(l1=0.5, l2=0.25)]

W = np.array([[1.0, -2.0], [0.0, 4.0]])
# Σ |w| = 1 + 2 + 0 + 4 = 7, Σ w² = 1 + 4 + 0 + 16 = 21.
PENALTIES = [7 / 2, 21 / 4, 7 / 2 + 21 / 4]
# 1/2 · (1, -1, 0, 1); 2 · 1/4 · w; and their sum.
SLOPES = [
    [[1 / 2, -1 / 2], [0, 1 / 2]],
    [[1 / 2, -1], [0, 2]],
    [[1, -3 / 2], [0, 5 / 2]],
]


def test_every_kind_is_tried():
    assert {each.kind for each in EACH} == set(RegularizerSpec.kinds)


@pytest.mark.parametrize("i", range(len(EACH)))
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_penalties_and_slopes_are_those_worked_by_hand(i: int, dtype: Any):
    w = W.astype(dtype)
    assert EACH[i].function(w) == PENALTIES[i]
    slope = EACH[i].derivative(w)
    assert slope.dtype == dtype
    np.testing.assert_array_equal(slope, SLOPES[i])
    assert EACH[i].of_layers([w, w[:0], w]) == 2 * PENALTIES[i]


@pytest.mark.parametrize("regularizer", EACH)
def test_the_derivative_is_the_slope(
    regularizer: RegularizerSpec, central_difference: Any, tolerance: Any
):
    w = np.random.default_rng(1).normal(size=(4, 3))
    numeric = central_difference(lambda: regularizer.function(w), w)
    np.testing.assert_allclose(
        regularizer.derivative(w),
        numeric,
        rtol=tolerance.difference,
        atol=tolerance.difference_rounding,
    )


@pytest.mark.parametrize("regularizer", [*EACH, L1(), L2(), L1L2()])
def test_penalties_are_keras_s(regularizer: RegularizerSpec, tolerance: Any):
    w = np.random.default_rng(2).normal(size=(5, 4))
    with precision("float64"):
        theirs = float(keras_regularizer(regularizer)(keras.ops.convert_to_tensor(w)))
    assert regularizer.function(w) == pytest.approx(theirs, abs=tolerance.float64)


@pytest.mark.parametrize("kind", RegularizerSpec.kinds)
def test_defaults_are_keras_s(kind: str):
    ours = RegularizerSpec.kinds[kind]()
    theirs = keras_regularizer(ours).get_config()
    default = type(keras_regularizer(ours))().get_config()
    assert theirs == pytest.approx(default)
    assert type(ours).__name__ == type(keras_regularizer(ours)).__name__


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (
            {"kind": "l1", "l1": -0.1},
            "kernel_regularizer.l1: input should be greater than or equal to 0, received -0.1",
        ),
        (
            {"kind": "l1_l2", "l2": float("inf")},
            "kernel_regularizer.l2: input should be a finite number, received inf",
        ),
        ("l3", "kernel_regularizer: unknown name 'l3'; did you mean 'l2'? (known: l1, l2, l1_l2)"),
        (
            {"kind": "l1", "l2": 0.1},
            "kernel_regularizer: no field 'l2' in 'l1'; did you mean 'l1'? (known: kind, l1)",
        ),
        (0.01, "kernel_regularizer: expected a name or a table with a kind, received 0.01"),
    ],
)
def test_what_is_no_regularizer_is_refused(value: Any, sentence: str):
    with pytest.raises(SpecError) as refused:
        Network(kernel_regularizer=value)
    assert str(refused.value) == f"Network: {sentence}"


def test_none_leaves_the_canonical_form_as_it_was():
    plain = Experiment(dataset="linear")
    assert "kernel_regularizer" not in plain.canonical()["network"]
    assert plain.varied({"network.kernel_regularizer": None}).key == plain.key
    weighted = plain.varied({"network.kernel_regularizer": "l2"})
    assert weighted.canonical()["network"]["kernel_regularizer"] == {"kind": "l2", "l2": 0.01}
    assert weighted.key != plain.key
    assert Experiment.from_toml_text(weighted.to_toml()) == weighted
