"""A model as a JavaScript module that needs nothing else, in browsers as in Node."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from mlplab.models.elementwise import Language, translated
from mlplab.models.literals import matrix_text, origin_of, vector_text
from mlplab.models.model import Model
from mlplab.spec import ACTIVATIONS
from mlplab.spec.activations import sigmoid

_LIST = ("[", "]")

_NORMAL_CDF = """\
/** Φ(z): the fraction of a standard normal distribution that lies below z. */
function normalCdf(z) {
  const t = Math.abs(z) / Math.SQRT2;
  let tail; // half of erfc(t)
  if (t < 2.5) {
    // erf(t) = 2/√π e^(-t²) (t + 2t³/3 + 4t⁵/(3·5) + …)
    let term = t;
    let sum = t;
    for (let n = 1; term > 1e-17 * sum; n++) sum += term *= (2 * t * t) / (2 * n + 1);
    tail = 0.5 - (Math.exp(-t * t) * sum) / Math.sqrt(Math.PI);
  } else {
    // erfc(t) = e^(-t²) / √π / (t + 1/2 / (t + 2/2 / (t + 3/2 / (t + …))))
    let fraction = t;
    for (let n = 60; n > 0; n--) fraction = t + n / 2 / fraction;
    tail = Math.exp(-t * t) / (2 * Math.sqrt(Math.PI) * fraction);
  }
  return z > 0 ? 1 - tail : tail;
}
"""

JAVASCRIPT = Language(
    "JavaScript",
    {
        "abs": "Math.abs({0})",
        "clip": "Math.min(Math.max({0}, {1}), {2})",
        "exp": "Math.exp({0})",
        "expm1": "Math.expm1({0})",
        "logaddexp": "(Math.max({0}, {1}) + Math.log1p(Math.exp(-Math.abs(({0}) - ({1})))))",
        "maximum": "Math.max({0}, {1})",
        "minimum": "Math.min({0}, {1})",
        "ndtr": "normalCdf({0})",
        "tanh": "Math.tanh({0})",
        "where": "({0} ? {1} : {2})",
    },
    number=repr,
    assignment="const {name} = {value};",
    helpers={"ndtr": _NORMAL_CDF},
)

_LAYER = """\
/** Return f(W h + b): sums in double precision, results as the network has them. */
function layer(w, b, f, h) {
  return b.map((bias, i) => {
    let z = bias;
    for (let j = 0; j < h.length; j++) z += w[i][j] * h[j];
    return f(z);
  });
}
"""

_FEEDFORWARD = """\
function feedforward(x) {{
  if (x.length !== {features})
    throw new RangeError(`x must have {features} features, received ${{x.length}}`);
  let h = {kind}.from(x{scaling});
  ACTIVATIONS.forEach((activation, i) => {{
    h = layer(WEIGHTS[i], BIASES[i], activation, h);
  }});
  return h;
}}
"""

_SOFTMAX = """\
/** The probabilities of the classes, of a sample whose features are as they were measured. */
export function predictProba(x) {
  const z = Array.from(feedforward(x));
  const largest = Math.max(...z);
  const e = z.map((each) => Math.exp(each - largest));
  const sum = e.reduce((a, b) => a + b);
  return e.map((each) => each / sum);
}
"""

_SIGMOID = """\
/** The probabilities of the two classes, of a sample whose features are as they were measured. */
export function predictProba(x) {
  const p = sigmoid(feedforward(x)[0]); // of the second class
  return [1 - p, p];
}
"""

_PREDICT = """\
/** The class of the largest probability, as its place in labelNames; -1 if an output is not finite. */
export function predict(x) {
  const p = predictProba(x);
  return p.every(Number.isFinite) ? p.indexOf(Math.max(...p)) : -1;
}
"""

_TARGETS = """\
/** The targets of a sample whose features are as they were measured. */
export function predict(x) {
  return Array.from(feedforward(x));
}
"""


def javascript_code(model: Model) -> str:
    """Return the text of a module with `predictProba(x)` and `predict(x)`, of one sample.

    Raises
    ------
    MlplabError
        If an activation cannot be written in JavaScript.
    """
    kinds = dict.fromkeys((*model.activations, "linear"))
    formulas = {kind: ACTIVATIONS[kind].function for kind in kinds}
    if model.output_activation == "sigmoid":
        formulas["sigmoid"] = sigmoid
    written = {kind: translated(formula, JAVASCRIPT) for kind, formula in formulas.items()}
    called = frozenset[str]().union(*(each.functions for each in written.values()))
    helpers = [text for name, text in JAVASCRIPT.helpers.items() if name in called]
    is_scaled = model.input_mean is not None and model.input_scale is not None
    scaling = ", (value, j) => (value - INPUT_MEAN[j]) / INPUT_SCALE[j]" if is_scaled else ""
    activations = ", ".join((*model.activations, "linear"))
    output = _SOFTMAX if model.output_activation == "softmax" else _SIGMOID
    parts = [
        f"// {origin_of(model)}\n// It needs nothing else: import it, and call `predict`.\n",
        _names(model),
        *[_scaling(model)] * is_scaled,
        _layers(model),
        *helpers,
        *(
            "\n".join([f"function {kind}(z) {{", *(f"  {line}" for line in each.lines), "}\n"])
            for kind, each in written.items()
        ),
        f"const ACTIVATIONS = [{activations}]; // of each layer\n",
        _LAYER,
        _FEEDFORWARD.format(features=model.features, kind=_kind(model.dtype), scaling=scaling),
        *([output, _PREDICT] if model.label_names else [_TARGETS]),
    ]
    return "\n".join(parts)


def _names(model: Model) -> str:
    kind = "labelNames" if model.label_names else "targetNames"
    names = {"featureNames": model.feature_names, kind: model.label_names or model.target_names}
    # Within a page, a name with </script> would end the code.
    texts = {what: json.dumps(each).replace("<", "\\u003c") for what, each in names.items()}
    return "".join(f"export const {what} = {text};\n" for what, text in texts.items())


def _scaling(model: Model) -> str:
    arrays = {"INPUT_MEAN": model.input_mean, "INPUT_SCALE": model.input_scale}
    return "".join(
        f"const {name} = {vector_text(array, _LIST)};\n"
        for name, array in arrays.items()
        if array is not None
    )


def _layers(model: Model) -> str:
    """Return W and b of each layer in arrays that hold the network's numbers exactly."""
    typed = f"{_kind(model.dtype)}.of(", ")"
    weights = [matrix_text([vector_text(r, typed) for r in w], _LIST, 4) for w in model.weights]
    biases = [vector_text(b, typed) for b in model.biases]
    return (
        f"// Of each layer, (outputs, inputs) and (outputs).\n"
        f"const WEIGHTS = {matrix_text(weights, _LIST)};\n"
        f"const BIASES = {matrix_text(biases, _LIST)};\n"
    )


def _kind(dtype: np.dtype[Any]) -> str:
    return "Float32Array" if dtype == np.float32 else "Float64Array"
