"""A state_dict goes out and comes back exactly; what is no stack of linear layers is refused."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, save
from tests.models.invented import assert_same_model, grid_of, invented, many_models

from mlplab.errors import MlplabError
from mlplab.models import Model, export
from mlplab.models.answers import Answers
from mlplab.models.state_dict import read_state_dict

SOFTMAX = Answers(output_activation="softmax")


@pytest.mark.parametrize(
    "model", many_models(), ids=lambda m: f"{m.activations}{m.output_activation}"
)
def test_weights_come_back_exactly(model: Model, tmp_path: Path, tolerance: Any):
    path = tmp_path / "a.safetensors"
    export(model, path, to="torch")
    back = read_state_dict(
        path, model.activations, Answers(output_activation=model.output_activation)
    )
    if model.input_mean is None:
        assert_same_model(back, model)
    near = 20 * tolerance.float32
    x = grid_of(model)
    np.testing.assert_allclose(back.outputs(x), model.outputs(x), rtol=near, atol=near)


def test_its_layers_are_those_of_a_sequential_of_torch(tmp_path: Path):
    model = invented(("relu", "relu"))
    export(model, tmp_path / "a.safetensors", to="torch")
    arrays = load((tmp_path / "a.safetensors").read_bytes())
    assert sorted(arrays) == [f"{i}.{kind}" for i in (0, 2, 4) for kind in ("bias", "weight")]


def test_scaling_that_does_not_fit_into_the_weights_is_one_sentence(tmp_path: Path):
    scaling = {"input_mean": np.zeros(2), "input_scale": np.array([1.0, 1e-45])}
    with pytest.raises(MlplabError, match=r"divided by it are too large for float32$"):
        export(invented(**scaling), tmp_path / "a.safetensors", to="torch")
    assert not list(tmp_path.iterdir())


def test_torch_itself_answers_alike(tmp_path: Path):
    torch = pytest.importorskip("torch")
    model = invented(("relu", "tanh"))
    nn = torch.nn
    network = nn.Sequential(
        *(nn.Linear(2, 5), nn.ReLU(), nn.Linear(5, 6), nn.Tanh(), nn.Linear(6, 3), nn.Softmax(1))
    )
    export(model, tmp_path / "a.pt", to="torch")
    network.load_state_dict(torch.load(tmp_path / "a.pt", weights_only=True))
    x = grid_of(model).astype(np.float32)
    outputs = network(torch.from_numpy(x)).detach().numpy()
    np.testing.assert_allclose(outputs, model.outputs(x), atol=1e-6)
    torch.save(network.state_dict(), tmp_path / "b.pt")
    for name in ("a.pt", "b.pt"):
        assert_same_model(read_state_dict(tmp_path / name, ["relu", "tanh"], SOFTMAX), model)


def test_torch_executes_nothing_of_a_file(tmp_path: Path):
    torch = pytest.importorskip("torch")

    class Evil:
        def __reduce__(self) -> tuple[Any, Any]:
            return Path.touch, (tmp_path / "owned",)

    torch.save({"0.weight": Evil()}, tmp_path / "a.pt")
    torch.save(torch.nn.Linear(2, 2), tmp_path / "b.pt")
    torch.save([1, 2], tmp_path / "c.pt")
    torch.save({"0.weight": torch.zeros(2, 2).to_sparse()}, tmp_path / "d.pt")
    content = (tmp_path / "c.pt").read_bytes()
    for i, end in enumerate(range(0, len(content), 40)):
        (tmp_path / f"e{i}.pt").write_bytes(content[:end])
    files = sorted(tmp_path.iterdir())
    for path in files:
        with pytest.raises(MlplabError) as refused:
            read_state_dict(path, [], SOFTMAX)
        assert str(refused.value).startswith(f"'{path}' cannot be read as a state_dict: ")
        assert "\n" not in str(refused.value)
        assert len(str(refused.value)) < 600
    assert sorted(tmp_path.iterdir()) == files


@pytest.mark.parametrize("what", ["reading", "writing"])
def test_without_torch_it_is_said(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    act = {
        "reading": lambda path: read_state_dict(path, "relu", SOFTMAX),
        "writing": lambda path: export(invented(), path, to="torch"),
    }[what]
    with pytest.raises(MlplabError, match=rf"^{what} .pt needs torch, which is not installed: "):
        act(tmp_path / "a.pt")
    assert not list(tmp_path.iterdir())


W1, B1, W2, B2 = np.ones((3, 2), "f4"), np.ones(3, "f4"), np.ones((2, 3), "f4"), np.ones(2, "f4")
GOOD = {"0.weight": W1, "0.bias": B1, "2.weight": W2, "2.bias": B2}


def test_layers_are_read_in_the_order_of_their_numbers(tmp_path: Path):
    names = {"layers.2": W1, "layers.10": W2}
    save_as = {f"{name}.weight": array for name, array in names.items()}
    (tmp_path / "a").write_bytes(save(save_as))
    model = read_state_dict(tmp_path / "a", "relu", SOFTMAX)
    assert model.layer_sizes == (2, 3, 2)
    assert [b.tolist() for b in model.biases] == [[0] * 3, [0] * 2]


BAD: list[tuple[dict[str, Any], Any, str]] = [
    ({}, "relu", "there is no layer in it"),
    (
        {**GOOD, "1.running_mean": B1},
        "relu",
        "'1.running_mean', float32 of shape (3,), is no weight",
    ),
    ({**GOOD, "1.weight": B1}, "relu", "'1.weight', float32 of shape (3,), is no weight"),
    ({**GOOD, "1.num": np.array(3)}, "relu", "'1.num', int64 of shape (), is no weight"),
    (
        {**GOOD, "0.weight": np.ones((3, 2, 1, 1), "f4")},
        "relu",
        "'0.weight', float32 of shape (3, 2, 1",
    ),
    ({"0.bias": B1}, "relu", "the layer '0' has a bias and no weight"),
    (
        {"a.weight": W2, "b.weight": np.ones((2, 4), "f4")},
        "relu",
        "the layer 'b' takes 4 numbers, and",
    ),
    ({**GOOD, "0.bias": B2}, "relu", "layer 1 must have weights of shape"),
    ({**GOOD, "0.bias": B1 * np.inf}, "relu", "biases of layer 1 must be finite"),
    (GOOD, ["relu", "relu"], "it has 1 hidden layers, and each needs an activation"),
    (GOOD, [], "it has 1 hidden layers, and each needs an activation, received []"),
    (GOOD, "rolu", "unknown activation 'rolu'; did you mean"),
    (GOOD, "softmax", "softmax may stand on the last layer only"),
]


@pytest.mark.parametrize(("arrays", "activations", "reason"), BAD)
def test_what_is_no_stack_of_linear_layers_is_one_sentence(
    arrays: dict[str, Any], activations: Any, reason: str, tmp_path: Path
):
    path = tmp_path / "a.safetensors"
    path.write_bytes(save(arrays))
    with pytest.raises(MlplabError) as refused:
        read_state_dict(path, activations, SOFTMAX)
    assert str(refused.value).startswith(f"'{path}' cannot be read as a state_dict: {reason}")
    assert "\n" not in str(refused.value)


def test_the_output_must_be_said(tmp_path: Path):
    (tmp_path / "a").write_bytes(save(GOOD))
    with pytest.raises(MlplabError, match="the output activation is not in the file: say softmax"):
        read_state_dict(tmp_path / "a", "relu")


CONTENT = save(GOOD)


@settings(max_examples=100)
@given(
    st.lists(
        st.tuples(st.integers(0, len(CONTENT) - 1), st.integers(0, 255)), min_size=1, max_size=4
    )
)
def test_changed_bytes_are_a_model_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]]
):
    content = bytearray(CONTENT)
    for place, byte in changes:
        content[place] = byte
    path = tmp_path_factory.getbasetemp() / "changed.safetensors"
    path.write_bytes(content)
    sentence = ""
    try:
        assert read_state_dict(path, "relu", SOFTMAX).features
    except MlplabError as error:
        sentence = str(error)
    assert "\n" not in sentence
    assert not sentence or str(path) in sentence
