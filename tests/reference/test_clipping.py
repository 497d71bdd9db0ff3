"""A gradient is clipped as its rule says, and as Keras clips it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlplab.errors import SpecError
from mlplab.frameworks.keras import keras, keras_optimizer, precision
from mlplab.reference.clipping import clip, norm
from mlplab.spec import SGD
from mlplab.spec.optimizers.base import CLIPPING

GRADIENTS = [np.array([[3.0, -4.0]]), np.array([12.0]), np.array([[0.0, -0.5]])]
"""Of lengths 5, 12 and 1/2; together √(25 + 144 + 1/4) = 13.009…"""

BY_HAND = [
    ({}, [[[3, -4]], [12], [[0, -1 / 2]]]),
    ({"clipvalue": 3.5}, [[[3, -7 / 2]], [7 / 2], [[0, -1 / 2]]]),
    # 5 and 12 become 2; 1/2 is shorter and stays.
    ({"clipnorm": 2.0}, [[[6 / 5, -8 / 5]], [2], [[0, -1 / 2]]]),
    ({"clipnorm": 12.0}, [[[3, -4]], [12], [[0, -1 / 2]]]),
    # All by 1/√(169 + 1/4), and none if all are shorter together.
    (
        {"global_clipnorm": 1.0},
        [np.array(g) / np.sqrt(169.25) for g in ([[3, -4]], [12], [[0, -1 / 2]])],
    ),
    ({"global_clipnorm": 13.1}, [[[3, -4]], [12], [[0, -1 / 2]]]),
]


@pytest.mark.parametrize(("how", "wanted"), BY_HAND, ids=str)
def test_gradients_are_clipped_as_worked_by_hand(how: Any, wanted: Any, tolerance: Any):
    clipped = clip(SGD(**how), GRADIENTS)
    for found, each in zip(clipped, wanted, strict=True):
        np.testing.assert_allclose(found, each, rtol=0, atol=tolerance.by_hand)


def test_every_way_is_worked_by_hand():
    assert {name for how, _ in BY_HAND for name in how} == set(CLIPPING)


@pytest.mark.parametrize("limit", [0.3, 3.0])
@pytest.mark.parametrize("way", CLIPPING)
def test_gradients_are_clipped_as_keras_does(way: str, limit: float, tolerance: Any):
    spec = SGD(learning_rate=1.0, **{way: limit})
    shapes = [(3, 2), (3,), (4, 3), (4,)]
    generator = np.random.default_rng(7)
    gradients = [generator.normal(size=shape) for shape in shapes]
    assert norm(gradients) > 3.0
    with precision("float64"):
        variables = [keras.Variable(np.zeros(shape), dtype="float64") for shape in shapes]
        tensors = [keras.ops.convert_to_tensor(g) for g in gradients]
        keras_optimizer(spec).apply(tensors, variables)
        theirs = [-keras.ops.convert_to_numpy(v.value) for v in variables]
    for a, b in zip(clip(spec, gradients), theirs, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=tolerance.float64)


def test_a_long_gradient_is_shortened_where_float32_could_not_square_it():
    (clipped,) = clip(SGD(clipnorm=1.0), [np.float32([3e30, -4e30])])
    np.testing.assert_allclose(clipped, [0.6, -0.8], rtol=1e-6)
    assert clipped.dtype == np.float32


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"clipnorm": 0.0}, "SGD: clipnorm: input should be greater than 0, received 0.0"),
        ({"clipvalue": -1.0}, "SGD: clipvalue: input should be greater than 0, received -1.0"),
        (
            {"clipnorm": 1.0, "clipvalue": 0.5},
            "SGD: one of clipvalue, clipnorm, global_clipnorm can clip a gradient, "
            "received clipvalue=0.5 and clipnorm=1.0",
        ),
        (
            {"weight_decay": -0.1},
            "SGD: weight_decay: input should be greater than or equal to 0, received -0.1",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(fields: Any, sentence: str):
    with pytest.raises(SpecError) as refused:
        SGD(**fields)
    assert str(refused.value) == sentence
