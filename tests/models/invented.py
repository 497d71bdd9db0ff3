"""Models that nobody trained, of every activation and output."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from mlplab.models import Model
from mlplab.spec import ACTIVATIONS

OUTPUTS = {"softmax": 3, "sigmoid": 1, "linear": 2}


def invented(
    activations: tuple[str, ...] = ("relu", "tanh"),
    output: str = "softmax",
    *,
    dtype: str = "float32",
    scaled: bool = False,
    seed: int = 0,
    features: int = 2,
    **more: Any,
) -> Model:
    """A model of random numbers, about as large as those of a trained network."""
    generator = np.random.default_rng(seed)
    sizes = (features, *(5 + i for i in range(len(activations))), OUTPUTS[output])
    scaling: dict[str, Any] = {}
    if scaled:
        mean, scale = generator.normal(3, 1, features), generator.random(features) + 0.5
        scaling = {"input_mean": mean, "input_scale": scale}
    weights = tuple(
        generator.normal(0, 1.5 / np.sqrt(i), (o, i)).astype(dtype) for i, o in pairwise(sizes)
    )
    biases = [generator.normal(0, 0.3, o).astype(dtype) for o in sizes[1:]]
    model = Model(weights, tuple(biases), activations, output, **scaling, **more)
    # Outputs have a median of 0 each, so that no class is predicted everywhere.
    line = np.random.default_rng(2).normal(0, 1, (200, features)).astype(dtype)
    z = model.network.forward(line).pre_activations[-1]
    biases[-1] = biases[-1] - np.median(z, axis=0)
    return Model(weights, tuple(biases), activations, output, **scaling, **more)


def many_models() -> list[Model]:
    """A model of each activation, with each output in turn; then without hidden layers, deep, and steep.

    The steep one has pre-activations beyond 6, where relu6 is constant.
    """
    outputs = list(OUTPUTS) * 6
    ones = [
        invented(
            (name, "softsign" if name == "exponential" else name),
            output,
            seed=i,
            scaled=i % 2 == 1,
            dtype=("float32", "float64")[i // 3 % 2],
        )
        for i, (name, output) in enumerate(zip(ACTIVATIONS, outputs, strict=False))
    ]
    empty = [invented((), output, seed=40 + i) for i, output in enumerate(OUTPUTS)]
    deep = invented(tuple(ACTIVATIONS), "softmax", seed=50, scaled=True, features=3)
    steep = invented(("relu6",), "linear", seed=51)
    steep = replace(steep, weights=tuple(6 * w for w in steep.weights))
    return [*ones, *empty, deep, steep]


def grid_of(model: Model, points: int = 25) -> np.ndarray:
    """Points of a grid around the model's features, and of more features than two random ones."""
    if model.features == 2:
        line = np.linspace(-2, 2, points)
        x = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    else:
        x = np.random.default_rng(1).normal(size=(points**2, model.features))
    if model.input_mean is not None and model.input_scale is not None:
        x = x * model.input_scale + model.input_mean
    return x


def assert_same_model(ours: Model, theirs: Model) -> None:
    """Assert that two models are equal in every field, to the bit."""
    for name in vars(Model)["__dataclass_fields__"]:
        a, b = getattr(ours, name), getattr(theirs, name)
        if name in ("weights", "biases"):
            assert [x.dtype for x in a] == [x.dtype for x in b]
            assert [x.tobytes() for x in a] == [x.tobytes() for x in b], name
            assert [x.shape for x in a] == [x.shape for x in b], name
        elif isinstance(a, np.ndarray):
            assert (a.dtype, a.tobytes()) == (b.dtype, b.tobytes()), name
        else:
            assert a == b, name


def overflowing() -> Model:
    """A model whose outputs are not finite for the sample (1000, 1000), which is finite."""
    ones = np.ones((2, 2), np.float32)
    return Model((ones, ones), (ones[0], ones[0]), ("exponential",))
