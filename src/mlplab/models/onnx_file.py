"""A model as ONNX, the exchange format that runtimes of many languages and devices read."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from mlplab.errors import MissingExtraError, MlplabError
from mlplab.models.literals import origin_of
from mlplab.models.model import Model
from mlplab.run.history import Float
from mlplab.spec.activations import LEAKY_RELU_SLOPE, SELU_ALPHA, SELU_SCALE

OPSET, IR_VERSION = 20, 9
"""The oldest set of operators that has Gelu, and the version of the format that came with it."""

Operator = tuple[str, dict[str, Any]]

OPERATORS: dict[str, Operator] = {
    "linear": ("Identity", {}),
    "sigmoid": ("Sigmoid", {}),
    "tanh": ("Tanh", {}),
    "relu": ("Relu", {}),
    "leaky_relu": ("LeakyRelu", {"alpha": LEAKY_RELU_SLOPE}),
    "elu": ("Elu", {}),
    "softplus": ("Softplus", {}),
    "softsign": ("Softsign", {}),
    "selu": ("Selu", {"gamma": SELU_SCALE, "alpha": SELU_ALPHA}),
    "hard_sigmoid": ("HardSigmoid", {"alpha": 1 / 6, "beta": 0.5}),
    "exponential": ("Exp", {}),
    "gelu": ("Gelu", {}),
    "gelu_tanh": ("Gelu", {"approximate": "tanh"}),
    "mish": ("Mish", {}),
}
"""ONNX's own operator of each activation; relu6 and silu are made of two."""


def onnx_bytes(model: Model) -> bytes:
    """Return the content of an `.onnx` file, after ONNX's own check of it.

    Its input `features`, shape (samples, features), is of float32; where the model scales features it is
    of float64, as they were measured, and the scaling is inside. The layers compute in float32, in which
    runtimes have all operators: weights in float64 are rounded. Outputs are `probabilities` (samples, K)
    and `class` (samples,), or `targets`. Names are in the file's metadata, as JSON.

    Raises
    ------
    MissingExtraError
        If onnx is not installed.
    MlplabError
        If ONNX has no operator for an activation, or a weight in float64 is too large for float32.
    """
    try:
        import onnx
    except ImportError as error:
        raise MissingExtraError("writing ONNX needs onnx", "onnx") from error
    graph = _Graph(onnx)
    last = graph.layers(model)
    graph.outputs(model, last)
    is_scaled = model.input_mean is not None
    built = onnx.helper.make_model(
        graph.built(model, is_scaled),
        opset_imports=[onnx.helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="mlplab",
        doc_string=origin_of(model),
    )
    names = {
        "feature_names": model.feature_names,
        "label_names": model.label_names,
        "target_names": model.target_names,
    }
    onnx.helper.set_model_props(built, {k: json.dumps(v) for k, v in names.items() if v})
    onnx.checker.check_model(built, full_check=True)
    return bytes(built.SerializeToString())


class _Graph:
    """Nodes and numbers of a graph, in the order in which they are computed."""

    def __init__(self, onnx: Any) -> None:
        self._onnx = onnx
        self._nodes: list[Any] = []
        self._numbers: list[Any] = []

    def layers(self, model: Model) -> str:
        """Add the scaling and the layers; return the name of the last pre-activations."""
        h = "features"
        if model.input_mean is not None and model.input_scale is not None:
            centred = self._node(
                "Sub", [h, self._number("input_mean", model.input_mean)], "centred"
            )
            scaled = self._node(
                "Div", [centred, self._number("input_scale", model.input_scale)], "scaled"
            )
            h = self._node("Cast", [scaled], "inputs", to=self._onnx.TensorProto.FLOAT)
        last = len(model.weights)
        for i, (w, b) in enumerate(zip(model.weights, model.biases, strict=True), start=1):
            arrays = [
                self._number(f"weights_{i}", _in_float32(w)),
                self._number(f"biases_{i}", _in_float32(b)),
            ]
            h = self._node("Gemm", [h, *arrays], f"z_{i}", transB=1)
            if i < last:
                h = self._activation(model.activations[i - 1], h, f"h_{i}")
        return h

    def outputs(self, model: Model, z: str) -> None:
        """Add the output activation, and the class."""
        if model.output_activation == "linear":
            self._node("Identity", [z], "targets")
            return
        if model.output_activation == "softmax":
            self._node("Softmax", [z], "probabilities", axis=1)
        else:
            second = self._node("Sigmoid", [z], "probability_of_second")
            one = self._number("one", np.ones(1, np.float32))
            first = self._node("Sub", [one, second], "probability_of_first")
            self._node("Concat", [first, second], "probabilities", axis=1)
        self._node("ArgMax", ["probabilities"], "class", axis=1, keepdims=0)

    def built(self, model: Model, is_scaled: bool) -> Any:
        """Return the graph."""
        types, described = self._onnx.TensorProto, self._onnx.helper.make_tensor_value_info
        kind = types.DOUBLE if is_scaled else types.FLOAT
        outputs = [described("targets", types.FLOAT, ["samples", model.answers])]
        if model.label_names:
            outputs = [
                described("probabilities", types.FLOAT, ["samples", model.answers]),
                described("class", types.INT64, ["samples"]),
            ]
        return self._onnx.helper.make_graph(
            self._nodes,
            "multilayer_perceptron",
            [described("features", kind, ["samples", model.features])],
            outputs,
            self._numbers,
        )

    def _activation(self, name: str, z: str, result: str) -> str:
        if name == "silu":
            return self._node("Mul", [z, self._node("Sigmoid", [z], f"{result}_sigmoid")], result)
        if name == "relu6":
            limits = [self._number(f"{result}_{n}", np.array(n, np.float32)) for n in (0, 6)]
            return self._node("Clip", [z, *limits], result)
        if name not in OPERATORS:
            raise MlplabError(f"ONNX has no operator for the activation '{name}'")
        operator, attributes = OPERATORS[name]
        return self._node(operator, [z], result, **attributes)

    def _node(self, operator: str, inputs: list[str], result: str, **attributes: Any) -> str:
        made = self._onnx.helper.make_node(operator, inputs, [result], name=result, **attributes)
        self._nodes.append(made)
        return result

    def _number(self, name: str, array: Any) -> str:
        self._numbers.append(self._onnx.numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name


def _in_float32(array: Float) -> Float:
    with np.errstate(over="ignore"):
        rounded = array.astype(np.float32)
    if not np.isfinite(rounded).all():
        raise MlplabError(
            f"{array[~np.isfinite(rounded)][0]} is too large for float32, in which ONNX has the weights"
        )
    return rounded
