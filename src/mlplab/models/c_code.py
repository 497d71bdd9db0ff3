"""A model as one header in C99 that needs nothing but the C library."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np

from mlplab.errors import MlplabError, shown
from mlplab.models.elementwise import Language, translated
from mlplab.models.literals import matrix_text, number_text, origin_of, vector_text
from mlplab.models.model import Model
from mlplab.run.history import Float
from mlplab.spec import ACTIVATIONS
from mlplab.spec.activations import sigmoid

C = Language(
    "C",
    {
        "abs": "fabs({0})",
        "clip": "fmin(fmax({0}, {1}), {2})",
        "exp": "exp({0})",
        "expm1": "expm1({0})",
        "logaddexp": "(fmax({0}, {1}) + log1p(exp(-fabs(({0}) - ({1})))))",
        "maximum": "fmax({0}, {1})",
        "minimum": "fmin({0}, {1})",
        "ndtr": f"(0.5 * erfc(-({{0}}) * {math.sqrt(0.5)!r}))",
        "tanh": "tanh({0})",
        "where": "({0} ? {1} : {2})",
    },
    number=lambda value: repr(float(value)),
    assignment="double {name} = {value};",
    taken=frozenset({"near", "far"}),  # which Windows' own headers define
)

_WORDS = "auto break case char const continue default do double else enum extern float for goto if inline int long register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while"  # noqa: E501  # C's
_KEYWORDS = frozenset(_WORDS.split())

_VOID = "static inline void"

_LAYER = """\
/* z = W h + b, and h = f(z): sums in double, results in {real}, as the network has them. */
static inline void {name}_layer(const {real} *w, const {real} *b, int inputs, int outputs,
                                double (*f)(double), const {real} *in, {real} *out) {{
    for (int i = 0; i < outputs; i++) {{
        double z = b[i];
        for (int j = 0; j < inputs; j++) z += (double)w[i * inputs + j] * in[j];
        out[i] = ({real})f(z);
    }}
}}
"""

_SOFTMAX = """\
    double largest = h[0], sum = 0.0;
    for (int k = 1; k < {K}; k++) largest = fmax(largest, h[k]);
    for (int k = 0; k < {K}; k++) {{
        p[k] = exp(h[k] - largest);
        sum += p[k];
    }}
    for (int k = 0; k < {K}; k++) p[k] /= sum;
"""

_SIGMOID = """\
    p[1] = {name}_sigmoid(h[0]);
    p[0] = 1.0 - p[1];
"""

_PREDICT = """\
/* The class of the largest probability, from 0; -1 if an output is not finite. */
static inline int {name}_predict(const double *x) {{
    double p[{K}];
    int largest = 0;
    {name}_predict_proba(x, p);
    for (int k = 0; k < {K}; k++) {{
        if (!isfinite(p[k])) return -1;
        if (p[k] > p[largest]) largest = k;
    }}
    return largest;
}}
"""


def c_code(model: Model, name: str = "model") -> str:
    """Return the text of a header with `NAME_predict_proba(x, p)` and `NAME_predict(x)`.

    Parameters
    ----------
    model : Model
    name : str
        With it all names of the header begin, so that several can be in one program.

    Raises
    ------
    MlplabError
        If the name is none in C, or an activation cannot be written in C.
    """
    if not re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII) or name in _KEYWORDS:
        raise MlplabError(f"expected a name as C has them, such as rings, received {shown(name)}")
    guard = f"{name.upper()}_H"
    return "\n".join(
        [
            f"/* {origin_of(model)}",
            f"   #include it, and call {name}_predict: it needs nothing but the C library (-lm). */",
            f"#ifndef {guard}\n#define {guard}\n\n#include <math.h>\n",
            *_names(model, name),
            *_scaling(model, name),
            *_arrays(model, name),
            *_functions(model, name),
            f"#endif /* {guard} */\n",
        ]
    )


def c_name(stem: str) -> str:
    """Return a name as C has them for the name of a file.

    >>> c_name("rings"), c_name("1.3"), c_name("größe 2"), c_name("int")
    ('rings', 'model_1_3', 'gr_e_2', 'model_int')
    """
    name = re.sub("[^A-Za-z0-9]+", "_", stem).strip("_")
    return name if name not in _KEYWORDS and name[:1].isalpha() else f"model_{name}"


def _names(model: Model, name: str) -> list[str]:
    kind = "label" if model.label_names else "target"
    counted = "CLASSES" if model.label_names else "TARGETS"
    lines = [f"enum {{ {name.upper()}_FEATURES = {model.features},"]
    lines[0] += f" {name.upper()}_{counted} = {model.answers} }};"
    for what, names in (
        ("feature", model.feature_names),
        (kind, model.label_names or model.target_names),
    ):
        texts = ", ".join(map(_string, names))
        lines.append(f"static const char *const {name}_{what}_names[{len(names)}] = {{{texts}}};")
    return [*lines, ""]


def _string(text: str) -> str:
    r"""Write a text as C has it: in UTF-8, all but letters, digits and spaces as octal numbers.

    >>> print(_string('a "b" */'))
    "a \042b\042 \052\057"
    """
    plain = set(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-.,()")
    written = [chr(byte) if byte in plain else f"\\{byte:03o}" for byte in text.encode()]
    return f'"{"".join(written)}"'


def _scaling(model: Model, name: str) -> list[str]:
    if model.input_mean is None or model.input_scale is None:
        return []
    arrays = {"input_mean": model.input_mean, "input_scale": model.input_scale}
    return [*(_array(f"{name}_{what}", each) for what, each in arrays.items()), ""]


def _arrays(model: Model, name: str) -> list[str]:
    arrays = [
        _array(f"{name}_{what}_{layer}", array)
        for layer, pair in enumerate(zip(model.weights, model.biases, strict=True), start=1)
        for what, array in zip(("weights", "biases"), pair, strict=True)
    ]
    return [*arrays, ""]


def _array(name: str, array: Float) -> str:
    shape = "".join(f"[{length}]" for length in array.shape)
    braces = "{", "}"
    if array.ndim == 1:
        text = vector_text(array, braces, _literal)
    else:
        text = matrix_text([vector_text(row, braces, _literal) for row in array], braces)
    return f"static const {_real(array.dtype)} {name}{shape} = {text};"


def _literal(value: np.floating[Any]) -> str:
    return number_text(value) + ("f" if isinstance(value, np.float32) else "")


def _real(dtype: np.dtype[Any]) -> str:
    return "float" if dtype == np.float32 else "double"


def _functions(model: Model, name: str) -> list[str]:
    """Return the activations, a layer, and what predicts."""
    kinds = dict.fromkeys((*model.activations, "linear"))
    formulas = {kind: ACTIVATIONS[kind].function for kind in kinds}
    if model.output_activation == "sigmoid":
        formulas["sigmoid"] = sigmoid
    written = [
        f"static inline double {name}_{kind}(double z) {{\n"
        + "".join(f"    {line}\n" for line in translated(formula, C).lines)
        + "}\n"
        for kind, formula in formulas.items()
    ]
    written.append(_LAYER.format(name=name, real=_real(model.dtype)))
    body = _feedforward(model, name)
    if not model.label_names:
        body += f"    for (int k = 0; k < {model.answers}; k++) y[k] = h[k];\n"
        about = (
            f"/* The targets y of a sample: x are its features, as they were measured. */\n{_VOID}"
        )
        return [*written, f"{about} {name}_predict(const double *x, double *y) {{\n{body}}}\n"]
    output = _SOFTMAX if model.output_activation == "softmax" else _SIGMOID
    body += output.format(name=name, K=model.answers)
    about = (
        f"/* The probabilities p of the classes: x are features as they were measured. */\n{_VOID}"
    )
    proba = f"{about} {name}_predict_proba(const double *x, double *p) {{\n{body}}}\n"
    return [*written, proba, _PREDICT.format(name=name, K=model.answers)]


def _feedforward(model: Model, name: str) -> str:
    """Return what leaves the last layer's pre-activations in h."""
    real, widest = _real(model.dtype), max(model.layer_sizes)
    value = "x[j]"
    if model.input_mean is not None:
        value = f"((x[j] - {name}_input_mean[j]) / {name}_input_scale[j])"
    lines = [
        f"{real} g[{widest}], h[{widest}];",
        f"for (int j = 0; j < {model.features}; j++) h[j] = ({real}){value};",
    ]
    here, there = "h", "g"
    for layer, activation in enumerate((*model.activations, "linear"), start=1):
        inputs, outputs = model.layer_sizes[layer - 1], model.layer_sizes[layer]
        lines.append(
            f"{name}_layer({name}_weights_{layer}[0], {name}_biases_{layer}, {inputs}, {outputs}, "
            f"{name}_{activation}, {here}, {there});"
        )
        here, there = there, here
    if here == "g":
        lines.append(f"for (int k = 0; k < {model.layer_sizes[-1]}; k++) h[k] = g[k];")
    return "".join(f"    {line}\n" for line in lines)
