"""`mlplab import`: a file of another library becomes a model, or one sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save as as_safetensors
from tests.models.invented import assert_same_model, invented

from mlplab.models import export, load, save

MODEL = invented(("relu", "tanh"), label_names=("a", "b, c", "d"), feature_names=("w", "h"))


@pytest.fixture
def weights() -> str:
    export(MODEL, "weights.safetensors", to="torch")
    return "weights.safetensors"


def test_a_state_dict_becomes_a_model(run: Callable[..., Any], weights: str) -> None:
    said = ("--activation", "relu,tanh", "--output", "softmax", "--features", "w, h")
    result = run("import", weights, *said, "--labels", 'a,"b, c",d', "--out", "m.safetensors")
    assert result.exit_code == 0
    assert result.stdout.split() == f"wrote m.safetensors a model of {MODEL.described}".split()
    assert_same_model(load("m.safetensors"), MODEL)


def test_a_file_of_keras_becomes_a_model(run: Callable[..., Any]) -> None:
    pytest.importorskip("keras", reason="Keras is not installed")
    export(MODEL, "deep.keras", to="keras")
    assert run("import", "deep.keras", "--labels", 'a,"b, c",d', "--features", "w,h").exit_code == 0
    assert_same_model(load("deep.safetensors"), MODEL)


def test_targets_have_names(run: Callable[..., Any]) -> None:
    # As torch calls the arrays of one linear layer.
    Path("w.safetensors").write_bytes(as_safetensors({"weight": np.ones((2, 2), np.float32)}))
    run("import", "w.safetensors", "--output", "linear", "--targets", "p,q", "--out", "m")
    assert load("m").target_names == ("p", "q")


def test_what_cannot_be_imported_is_one_sentence(refused: Callable[..., str], weights: str) -> None:
    assert refused("import", weights) == (
        "'weights.safetensors' is there already: name the model's file with --out"
    )
    assert refused("import", weights, "--out", weights) == (
        "'weights.safetensors' is what is imported: name another file with --out"
    )
    save(MODEL, "m.safetensors")
    assert refused("import", "m.safetensors", "--out", "m") == (
        "'m.safetensors' cannot be read as a state_dict: it is a model of mlplab already"
    )
    Path("m.keras").write_bytes(b"PK")
    assert refused("import", "m.keras") == (
        "'m.safetensors' is there already: name the model's file with --out"
    )
    read = f"'{weights}' cannot be read as a state_dict: "
    out = ("--out", "m")
    assert refused("import", weights, *out) == (
        f"{read}it has 2 hidden layers, and each needs an activation, received []: "
        "say one for all or one for each (`mlplab import`: --activation)"
    )
    assert refused("import", weights, *out, "--activation", "relu") == (
        f"{read}the output activation is not in the file: say softmax, sigmoid or linear "
        "(`mlplab import`: --output)"
    )
    assert refused(
        "import", weights, *out, "--activation", "relo", "--output", "softmax"
    ).startswith(f"{read}unknown activation 'relo'; did you mean 'relu'?")
    assert refused("import", weights, *out, "--labels", "a,,b") == (
        "--labels expects names with commas between them, received 'a,,b'"
    )
    for name, why in [
        ("a.onnx", "ONNX is written and not read"),
        ("a.h5", "this is Keras's older format: save the model as .keras"),
        ("a.pkl", "a pickle may execute anything"),
        ("a.joblib", "it may execute anything"),
        ("a.txt", ".keras, .safetensors, .pt and .pth are read, received '.txt'"),
    ]:
        assert refused("import", name, *out).startswith(f"'{name}' cannot be imported: {why}")
        # So it is said before another name for the model is asked for.
        Path("a.safetensors").touch()
        assert refused("import", name).startswith(f"'{name}' cannot be imported: {why}")
    missing = "No such file or directory"
    assert refused("import", "none.keras", *out) == (
        f"'none.keras' cannot be read as a .keras file: {missing}"
    )
    assert refused("import", "none.safetensors", *out) == (
        f"cannot read the model in 'none.safetensors': {missing}"
    )
    assert refused("import", "a.keras", *out, "--activation", "relu").startswith(
        "activations do not"
    )
