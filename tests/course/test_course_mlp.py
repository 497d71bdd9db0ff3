"""The network of task 2: the course's `mlp` of the package, and the kit's solved and empty files."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import mlplab.course.mlp
import mlplab.course.new
from mlplab.course.data_generator import DataGenerator
from mlplab.errors import MlplabError
from mlplab.reference import MultilayerPerceptron


@pytest.fixture(params=["package", "mlp_solution"])
def mlp(request: pytest.FixtureRequest, kit_module: Callable[[str], ModuleType]) -> Any:
    return mlplab.course.mlp if request.param == "package" else kit_module(request.param)


def weights(*sizes: int, seed: int = 1) -> tuple[list[Any], list[Any]]:
    generator = np.random.default_rng(seed)
    pairs = list(zip(sizes[1:], sizes[:-1], strict=True))
    return (
        [generator.normal(size=pair) for pair in pairs],
        [generator.normal(size=(n, 1)) for n, _ in pairs],
    )


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("linear", [-1000.0, -1.0, 0.0, 2.0, 1000.0]),
        ("sigmoid", [0.0, 0.2689414213699951, 0.5, 0.8807970779778823, 1.0]),
        ("relu", [0.0, 0.0, 0.0, 2.0, 1000.0]),
        ("softmax", [0.0, 0.0, 0.0, 0.0, 1.0]),
    ],
)
def test_activations(mlp: Any, name: str, wanted: list[float], tolerance: Any) -> None:
    x = np.array([[-1000.0, -1.0, 0.0, 2.0, 1000.0]])
    before = x.copy()
    y = mlp.activation(x, name)
    np.testing.assert_allclose(y, [wanted], rtol=0, atol=tolerance.by_hand)
    np.testing.assert_array_equal(x, before)


def test_softmax_is_of_each_point(mlp: Any) -> None:
    p = mlp.activation(np.log(np.array([[1.0, 3.0], [4.0, 4.0]])), "softmax")
    np.testing.assert_allclose(p, [[0.25, 0.75], [0.5, 0.5]])
    np.testing.assert_allclose(mlp.activation(np.log([1.0, 3.0]), "softmax"), [0.25, 0.75])


def test_an_unknown_activation_is_refused(mlp: Any) -> None:
    with pytest.raises(ValueError, match="relo"):
        mlp.activation(np.zeros((1, 2)), "relo")


@pytest.mark.parametrize("sizes", [(2, 2), (2, 5, 3), (2, *[4] * 10, 5)])
@pytest.mark.parametrize("activation", ["linear", "sigmoid", "relu"])
def test_feedforward_is_the_references(
    mlp: Any, sizes: tuple[int, ...], activation: str, rings: DataGenerator, tolerance: Any
) -> None:
    W, b = weights(*sizes)
    model = mlp.MLP(rings)
    model.setup_model(W, b, activation=activation)
    wanted = MultilayerPerceptron(W, [v[:, 0] for v in b], activation).feedforward(rings.x_test)
    found = model.feedforward(rings.x_test)
    np.testing.assert_allclose(found, wanted, rtol=0, atol=tolerance.float64)
    assert model.feedforward(rings.x_test[:1]).shape == (1, sizes[-1])


def test_biases_may_be_columns_rows_or_whole_numbers(mlp: Any, rings: DataGenerator) -> None:
    answers = []
    for b in (np.array([[1], [0]]), np.array([1, 0]), np.array([1.0, 0.0], dtype=np.float32)):
        model = mlp.MLP(rings)
        model.setup_model([np.array([[-1, 0], [0, 1]])], [b])
        answers.append(model.feedforward(np.array([[0.5, 0.5], [0.0, 0.0]])))
    np.testing.assert_allclose(answers[0][0], [0.5, 0.5])
    np.testing.assert_array_equal(answers[0], answers[1])
    np.testing.assert_array_equal(answers[0], answers[2])


def test_setup_counts_layers_and_parameters(
    mlp: Any, rings: DataGenerator, capsys: pytest.CaptureFixture[str]
) -> None:
    W, b = weights(2, *[50] * 10, 5)
    model = mlp.MLP(rings)
    model.setup_model(W, b, activation="relu")
    assert (model.hidden_layers, model.N, model.activation) == (10, 23355, "relu")
    assert model.W[0] is W[0]
    assert model.b[0] is b[0]
    printed = capsys.readouterr().out.split()
    assert "10" in printed
    assert "23355" in printed


def test_evaluate_prints_loss_and_accuracy(
    mlp: Any, rings: DataGenerator, capsys: pytest.CaptureFixture[str]
) -> None:
    # Always sure of class 0: a third is right; of the others two outputs of three are wrong by 1.
    model = mlp.MLP(rings)
    model.setup_model([np.zeros((3, 2))], [np.array([[1000.0], [0.0], [0.0]])])
    capsys.readouterr()
    model.evaluate()
    printed = capsys.readouterr().out.split()
    assert printed.count("0.4444") == 2
    assert printed.count("33.33") == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda W, b: ([], []), "one layer at least, received 0 and 0"),
        (lambda W, b: (W, b[:1]), "received 2 and 1"),
        (lambda W, b: ([W[0].T, W[1]], b), r"W of layer 1 must have shape \(outputs, 2\)"),
        (lambda W, b: ([W[0], W[1].T], b), r"W of layer 2 must have shape \(outputs, 5\)"),
        (lambda W, b: (W, [b[0], b[1].T]), r"b of layer 2 must have shape \(3, 1\) or \(3,\)"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(
    rings: DataGenerator, change: Callable[..., Any], sentence: str
) -> None:
    with pytest.raises(MlplabError, match=sentence):
        mlplab.course.mlp.MLP(rings).setup_model(*change(*weights(2, 5, 3)))


def test_feedforward_before_weights_is_refused(rings: DataGenerator) -> None:
    with pytest.raises(MlplabError, match="call setup_model"):
        mlplab.course.mlp.MLP(rings).feedforward(rings.x_test)


def test_the_empty_file_says_what_is_missing(
    kit_module: Callable[[str], ModuleType], rings: DataGenerator
) -> None:
    empty = kit_module("mlp")
    model = empty.MLP(rings)
    assert model.dataset is rings
    calls = {
        "activation": lambda: empty.activation(rings.x_test, "relu"),
        "setup_model": lambda: model.setup_model([], []),
        "feedforward": lambda: model.feedforward(rings.x_test),
        "evaluate": model.evaluate,
    }
    for name, call in calls.items():
        with pytest.raises(NotImplementedError, match=f"`{name}` in mlp.py is still to be written"):
            call()


def test_the_solution_needs_numpy_alone() -> None:
    text = mlplab.course.new.kit_text("mlp_solution.py")
    imports = [line for line in text.splitlines() if line.startswith(("import ", "from "))]
    assert imports == ["import numpy as np"]


def test_the_network_of_the_package_stays_in_the_plane(capsys: pytest.CaptureFixture[str]) -> None:
    data = DataGenerator(verbose=False)
    data.generate(N_train=5, N_test=5)
    model = mlplab.course.mlp.MLP(data)
    model.setup_model(*weights(2, 3))
    with pytest.raises(MlplabError, match=r"x must have shape \(points, 2\), received \(6, 4\)"):
        model.feedforward(np.zeros((6, 4)))
    with pytest.raises(MlplabError, match=r"W of layer 1 must have shape \(outputs, 2\)"):
        model.setup_model(*weights(4, 3))
