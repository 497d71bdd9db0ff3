"""A model as a Python file that needs nothing but NumPy."""

from __future__ import annotations

from mlplab.models.literals import matrix_text, origin_of, vector_text
from mlplab.models.model import Model
from mlplab.models.numpy_function import formula_source
from mlplab.run.history import Float
from mlplab.spec import ACTIVATIONS
from mlplab.spec.activations import sigmoid

_LIST = ("[", "]")

_OF_SCIPY = {
    "ndtr": '''def ndtr(z):
    """Φ(z): the fraction of a standard normal distribution that lies below z."""
    below = np.vectorize(lambda each: 0.5 * math.erfc(-each / math.sqrt(2)), otypes=[z.dtype])
    return below(z)
'''
}
"""What formulas call of SciPy, without it."""

_SOFTMAX = '''def softmax(z):
    """Probabilities of the classes: each row sums to 1."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
'''

_FEEDFORWARD = '''def feedforward(x):
    """Return z of the last layer, of features (samples, {features}) as they were measured."""
    h = np.asarray(x, dtype=np.float64)
    if h.ndim != 2 or h.shape[1] != {features}:
        raise ValueError(f"x must have shape (samples, {features}), received {{h.shape}}")
{scaling}    h = h.astype(np.{dtype})
    for w, b, activation in zip(WEIGHTS[:-1], BIASES[:-1], ACTIVATIONS):
        h = activation(h @ w.T + b)
    return h @ WEIGHTS[-1].T + BIASES[-1]
'''

_PREDICT = '''def predict(x):
    """Return the label of each sample, shape (samples,)."""
    p = predict_proba(x)
    if not np.isfinite(p).all():
        raise ValueError("an output is not finite: is a feature too large?")
    return np.array(LABEL_NAMES)[p.argmax(axis=1)]
'''

_PROBABILITIES = {
    "softmax": '''def predict_proba(x):
    """Return the probabilities of the classes, shape (samples, classes)."""
    return softmax(feedforward(x))
''',
    "sigmoid": '''def predict_proba(x):
    """Return the probabilities of the two classes, shape (samples, 2)."""
    p = sigmoid(feedforward(x))  # of the second class
    return np.hstack([1 - p, p])
''',
}

_TARGETS = '''def predict(x):
    """Return the targets, shape (samples, targets)."""
    return feedforward(x)
'''


def numpy_code(model: Model) -> str:
    """Return the text of a Python file with `predict_proba(x)` and `predict(x)`.

    The layers compute in the model's dtype, as the model itself does.

    Raises
    ------
    MlplabError
        If an activation's formula calls functions that are not NumPy's.
    """
    kinds = list(dict.fromkeys(model.activations))
    sources = {name: formula_source(ACTIVATIONS[name].function) for name in kinds}
    if model.output_activation == "sigmoid":
        sources["sigmoid"] = formula_source(sigmoid)
    scipy = {name for source in sources.values() for name in source.scipy}
    numbers: dict[str, float] = {}
    for source in sources.values():
        numbers |= source.numbers
    is_scaled = model.input_mean is not None and model.input_scale is not None
    functions = [
        *(_OF_SCIPY[name] for name in sorted(scipy)),
        *(f"def {name}(z):\n{source.body}\n" for name, source in sources.items()),
        *[_SOFTMAX] * (model.output_activation == "softmax"),
        f"ACTIVATIONS = [{', '.join(model.activations)}]  # of each hidden layer\n",
        _FEEDFORWARD.format(
            features=model.features,
            dtype=model.dtype,
            scaling="    h = (h - INPUT_MEAN) / INPUT_SCALE\n" if is_scaled else "",
        ),
        *([_PROBABILITIES[model.output_activation], _PREDICT] if model.label_names else [_TARGETS]),
    ]
    return "\n".join(
        [
            f'"""{origin_of(model)}\n\nIt needs nothing but NumPy: import it, and call `predict`.\n"""\n',
            *["import math\n"] * bool(scipy),
            "import numpy as np\n",
            f"FEATURE_NAMES = {list(model.feature_names)!a}",
            (
                f"LABEL_NAMES = {list(model.label_names)!a}\n"
                if model.label_names
                else f"TARGET_NAMES = {list(model.target_names)!a}\n"
            ),
            *[_scaling(model)] * is_scaled,
            "# Of each layer, (outputs, inputs) and (outputs,).",
            _arrays("WEIGHTS", model.weights),
            _arrays("BIASES", model.biases),
            *([""] * bool(numbers)),
            *(f"{name} = {value!r}" for name, value in numbers.items()),
            "\n" + "\n\n".join(functions),
        ]
    )


def _scaling(model: Model) -> str:
    """Return what is subtracted from the features, and what they are divided by."""
    arrays = {"INPUT_MEAN": model.input_mean, "INPUT_SCALE": model.input_scale}
    return "".join(
        f"{name} = np.array({vector_text(array, _LIST)})\n"
        for name, array in arrays.items()
        if array is not None
    )


def _arrays(name: str, arrays: tuple[Float, ...]) -> str:
    texts = [f"np.array({_array(each)}, np.{each.dtype})" for each in arrays]
    return f"{name} = {matrix_text(texts, _LIST)}"


def _array(array: Float) -> str:
    if array.ndim == 1:
        return vector_text(array, _LIST)
    return matrix_text([vector_text(row, _LIST) for row in array], _LIST, indent=4)
