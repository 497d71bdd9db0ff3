"""An activation that is defined outside of the package is two things: its formula and its kernels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlplab.engine.activations import ACTIVATIONS as KERNELS
from mlplab.engine.activations import register
from mlplab.engine.compiling import COMPILES
from mlplab.errors import MlplabError, SpecError
from mlplab.models.numpy_function import numpy_function
from mlplab.spec import ACTIVATIONS, Activation, Experiment
from mlplab.training import train

Float = NDArray[np.floating[Any]]


def bent(z: Float) -> Float:
    """σ(z) = z / (1 + |z|)."""
    return z / (1 + np.abs(z))


def bent_derivative(z: Float) -> Float:
    """σ'(z) = 1 / (1 + |z|)²."""
    return 1 / (1 + np.abs(z)) ** 2


def activate(h: Float) -> None:
    for q in range(len(h)):
        h[q] = h[q] / (1 + abs(h[q]))


def multiply_by_slope(delta: Float, h: Float) -> None:
    for q in range(len(h)):
        delta[q] *= (1 - abs(h[q])) * (1 - abs(h[q]))


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    """The activation, known while a test runs."""
    ACTIVATIONS["bent"] = Activation(bent, bent_derivative, "{z} / (1 + |{z}|)", "1 / (1 + |{z}|)²")
    register("bent", activate, multiply_by_slope)
    yield
    del ACTIVATIONS["bent"], KERNELS["bent"]


TEXT = """
dataset = {kind = "polar", train_per_class = 20, test_per_class = 10}
network = {hidden_layers = 2, layer_width = 4, activation = ["bent", "tanh"]}

[training]
optimizer = {kind = "sgd", learning_rate = 0.5}
batch_size = 8
epochs = 3
dtype = "float64"
"""


@pytest.mark.parametrize("together", [1, 16])
def test_engine_and_reference_train_with_it(together: int, tolerance: Any):
    experiment = Experiment.from_toml_text(TEXT)
    ref = train(experiment, seed=1, trainer="reference")[0]
    comp = train(experiment, together, seed=1)[0]
    for a, b in zip((*ref.weights, *ref.biases), (*comp.weights, *comp.biases), strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=tolerance.trajectory_float64)


def parabola(z: Float) -> Float:
    """σ(z) = z², whose slope 2z has either sign."""
    return z * z


def square(h: Float) -> None:
    for q in range(len(h)):
        h[q] = h[q] * h[q]


def multiply_by_twice_z(delta: Float, z: Float) -> None:
    for q in range(len(z)):
        delta[q] *= 2 * z[q]


@pytest.mark.parametrize("together", [1, 16])
def test_one_whose_slope_takes_z_trains_beside_one_whose_slope_takes_h(
    together: int, tolerance: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(
        ACTIVATIONS, "parabola", Activation(parabola, lambda z: 2 * z, "{z}²", "2 · {z}")
    )
    register("parabola", square, multiply_by_twice_z, keeps_z=True)
    monkeypatch.setitem(KERNELS, "parabola", KERNELS.pop("parabola"))  # forgotten at the end
    text = TEXT.replace("hidden_layers = 2", "hidden_layers = 3").replace(
        '"tanh"', '"parabola", "tanh"'
    )
    experiment = Experiment.from_toml_text(text)
    ref = train(experiment, seed=1, trainer="reference")[0]
    comp = train(experiment, together, seed=1)[0]
    for a, b in zip((*ref.weights, *ref.biases), (*comp.weights, *comp.biases), strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=tolerance.trajectory_float64)


def test_messages_and_exports_know_it():
    with pytest.raises(SpecError, match=r"mish, bent\)"):
        Experiment.from_toml_text(TEXT.replace('"tanh"', '"bend"'))
    program: dict[str, Any] = {"np": np}
    exec(numpy_function("activation", "bent"), program)
    z = np.random.default_rng(0).normal(size=(5, 2))
    np.testing.assert_array_equal(program["activation"](z), bent(z))


def test_without_kernels_the_engine_says_what_it_lacks():
    kernels = KERNELS.pop("bent")
    with pytest.raises(MlplabError, match="the engine has no kernels of the activation 'bent'"):
        train(Experiment.from_toml_text(TEXT.replace("epochs = 3", "epochs = 4")))
    KERNELS["bent"] = kernels


def test_jax_trains_with_its_function_of_numpy(tolerance: Any):
    experiment = Experiment.from_toml_text(TEXT)
    ref, comp = (train(experiment, seed=1, trainer=name)[0] for name in ("reference", "jax"))
    for a, b in zip(ref.weights, comp.weights, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=tolerance.trajectory_float64)


def test_keras_says_that_it_has_none():
    with pytest.raises(MlplabError, match="Keras has no activation called 'bent'"):
        train(Experiment.from_toml_text(TEXT), trainer="keras")


WRONG: dict[str, Any] = {
    "makes an array": lambda h: np.tanh(h, h) if len(h) < 0 else np.sqrt(np.abs(h)),
    "takes nothing": lambda: None,
    "returns a number": lambda h: len(h) + 1,
    "is of Python": lambda h: open(str(h)),  # noqa: SIM115
}


@pytest.mark.skipif(not COMPILES, reason="nothing is compiled")
@pytest.mark.parametrize("what", WRONG)
def test_kernels_that_cannot_be_compiled_are_one_sentence(what: str):
    del KERNELS["bent"]
    register("bent", WRONG[what], multiply_by_slope)
    with pytest.raises(
        MlplabError, match="the kernels of the activation 'bent' cannot be compiled"
    ):
        train(Experiment.from_toml_text(TEXT.replace("epochs = 3", f"epochs = {5 + len(what)}")))
