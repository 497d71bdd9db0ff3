"""A trained network as a NumPy program of its own: nothing but NumPy is needed to run it."""

from __future__ import annotations

import inspect
from collections.abc import Sequence

from mlplab.playground.programs.provenance import Provenance, TrainedNetwork, origin_of
from mlplab.spec import ACTIVATIONS, Experiment
from mlplab.trial import Float

PROGRAM = '''\
"""{title}

{origin}
Run it to see what it answers for a few points, or use `feedforward` from elsewhere.
"""

import numpy as np

# W of each layer, (outputs, inputs), and b of each, (outputs,).
{arrays}

{activations}

def softmax(z):
    """Probabilities of the classes."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def feedforward(x):
    """Return the probabilities, shape (points, {classes}), of points of shape (points, 2)."""
    h = np.asarray(x, dtype=np.{dtype})
    {hidden_layers}
        h = activation(h @ w.T + b)
    return softmax(h @ W[-1].T + B[-1])


if __name__ == "__main__":
    points = np.array({points})
    print(feedforward(points))
'''


def numpy_program(
    experiment: Experiment, network: TrainedNetwork, provenance: Provenance, points: Float
) -> str:
    """Return the program.

    Parameters
    ----------
    experiment : Experiment
    network : TrainedNetwork
    provenance : Provenance
        How it came about, for the first lines.
    points : ndarray, shape (points, 2)
        A few, of which the program prints the answers.
    """
    names = experiment.network.activations
    kinds = tuple(dict.fromkeys(names)) or ("linear",)
    if len(kinds) == 1:
        functions = function_text("activation", kinds[0])
        hidden_layers = "for w, b in zip(W[:-1], B[:-1]):"
    else:
        listed = f"ACTIVATIONS = [{', '.join(names)}]  # of each hidden layer\n"
        functions = "\n".join([*(function_text(kind, kind) for kind in kinds), "", listed])
        hidden_layers = "for w, b, activation in zip(W[:-1], B[:-1], ACTIVATIONS):"
    return PROGRAM.format(
        title=title_of(network, experiment),
        origin=origin_of(network, provenance),
        arrays=array_lines(network),
        activations=functions,
        hidden_layers=hidden_layers,
        classes=len(network.biases[-1]),
        dtype=network.weights[0].dtype.name,
        points=points.tolist(),
    )


def title_of(network: TrainedNetwork, experiment: Experiment) -> str:
    """Return the first line of a program.

    Examples
    --------
    >>> import numpy as np
    >>> from types import SimpleNamespace
    >>> from mlplab.spec import Experiment
    >>> settings = {"hidden_layers": 1, "layer_width": 5, "activation": "relu"}
    >>> network = SimpleNamespace(biases=(np.zeros(5), np.zeros(2)))
    >>> title_of(network, Experiment(dataset="polar", network=settings))
    'A multilayer perceptron: 2 inputs, a hidden layer of 5 (relu), 2 classes.'
    """
    *hidden, classes = (len(b) for b in network.biases)
    names = experiment.network.activations
    parts = ["2 inputs"]
    if len(hidden) == 1:
        parts.append(f"a hidden layer of {hidden[0]} ({names[0]})")
    elif len(set(names)) == 1:
        parts.append(f"hidden layers of {', '.join(map(str, hidden))} ({names[0]})")
    elif hidden:
        sizes = [f"{width} ({name})" for width, name in zip(hidden, names, strict=True)]
        parts.append(f"hidden layers of {', '.join(sizes)}")
    return f"A multilayer perceptron: {', '.join(parts)}, {classes} classes."


def function_text(name: str, activation: str) -> str:
    """Return an activation as a Python function of some name, with an empty line before it.

    It is the formula of `mlplab.spec.activations` itself, with the numbers that it reads by their names.
    """
    formula = ACTIVATIONS[activation].function
    read = ((n, formula.__globals__.get(n)) for n in formula.__code__.co_names)
    numbers = [f"{n} = {value!r}" for n, value in read if isinstance(value, int | float)]
    body = inspect.getsource(formula).split(":\n", 1)[1].rstrip()
    blank = [""] * bool(numbers)
    return "\n".join(["", *numbers, *blank, *blank, f"def {name}(z):", body, ""])


def array_lines(network: TrainedNetwork) -> str:
    """Return `W` and `B` as Python, every number written so that it is read back exactly."""
    return f"W = [\n{_listed(network.weights)}\n]\nB = [\n{_listed(network.biases)}\n]"


def _listed(arrays: Sequence[Float]) -> str:
    return "\n".join(f"    np.array({_text(a)}, dtype=np.{a.dtype.name})," for a in arrays)


def _text(array: Float) -> str:
    """Write an array as nested lists of shortest numbers.

    >>> import numpy as np
    >>> _text(np.array([[0.1, -2.0], [np.nan, 1e-9]], dtype=np.float32))
    '[[0.1, -2.0], [np.nan, 1e-09]]'
    """
    if array.ndim > 1:
        return f"[{', '.join(_text(row) for row in array)}]"
    words = {"nan": "np.nan", "inf": "np.inf", "-inf": "-np.inf"}
    # str of a NumPy number has the fewest digits that its own type reads back; where it uses exponents
    # depends on NumPy's version, so Python writes those digits.
    numbers = [repr(float(str(value))) for value in array]
    return f"[{', '.join(words.get(number, number) for number in numbers)}]"
