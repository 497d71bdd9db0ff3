"""ONNX files are checked by ONNX, and onnxruntime answers as the model does."""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
import pytest
from tests.models.invented import grid_of, invented, many_models

from mlplab.errors import MissingExtraError, MlplabError
from mlplab.models import Model
from mlplab.models.onnx_file import onnx_bytes
from mlplab.spec import ACTIVATIONS, Activation


@pytest.mark.parametrize(
    "model", many_models(), ids=lambda m: f"{m.activations}{m.output_activation}"
)
def test_onnxruntime_answers_as_the_model(model: Model, tolerance: Any):
    pytest.importorskip("onnx")
    runtime = pytest.importorskip("onnxruntime")
    session = runtime.InferenceSession(onnx_bytes(model), providers=["CPUExecutionProvider"])
    kind = np.float32 if model.input_mean is None else np.float64
    x = grid_of(model).astype(kind)
    wanted = model.outputs(x)
    # Its layers compute in float32, also those of a model in float64.
    near = 10 * tolerance.float32
    if model.target_names:
        [targets] = session.run(None, {"features": x})
        np.testing.assert_allclose(targets, wanted, rtol=near, atol=near)
        return
    probabilities, classes = session.run(["probabilities", "class"], {"features": x})
    np.testing.assert_allclose(probabilities, wanted, rtol=0, atol=tolerance.float32)
    np.testing.assert_array_equal(classes, wanted.argmax(axis=1))


def test_a_file_says_what_features_and_classes_are_called():
    onnx = pytest.importorskip("onnx")
    model = invented(label_names=("a", "crème", '"'), feature_names=("w", "h"))
    read = onnx.load_from_string(onnx_bytes(model))
    found = {prop.key: json.loads(prop.value) for prop in read.metadata_props}
    assert found == {"label_names": ["a", "crème", '"'], "feature_names": ["w", "h"]}
    assert read.producer_name == "mlplab"


def test_an_activation_that_onnx_has_not_is_one_sentence(monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("onnx")
    monkeypatch.setitem(ACTIVATIONS, "bent", Activation(np.sin, np.cos, "", ""))
    with pytest.raises(MlplabError, match=r"^ONNX has no operator for the activation 'bent'$"):
        onnx_bytes(invented(("bent",)))


def test_a_weight_too_large_for_float32_is_one_sentence():
    pytest.importorskip("onnx")
    model = Model((np.array([[1e200, 0.0], [0.0, 1.0]]),), (np.zeros(2),))
    with pytest.raises(MlplabError, match=r"^1e\+200 is too large for float32, in which ONNX has"):
        onnx_bytes(model)


def test_without_onnx_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(
        MissingExtraError, match=r"^writing ONNX needs onnx: install it with  pip inst"
    ):
        onnx_bytes(invented())
