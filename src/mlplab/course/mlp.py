"""The course's `mlp`: what a student writes in task 2, here by the package's own network from scratch.

`kit/mlp_solution.py` is the same as a student would write it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from mlplab.course.data_generator import DataGenerator
from mlplab.errors import MlplabError, shown, suggestion
from mlplab.reference.network import MultilayerPerceptron
from mlplab.run import Float
from mlplab.spec.activations import ACTIVATIONS
from mlplab.spec.heads import accuracy, mean_squared_error, softmax


def activation(x: Float, activation: str) -> Float:
    """Apply an activation: `linear`, `sigmoid`, `relu` or any other of `mlplab.reference`, or `softmax`.

    Parameters
    ----------
    x : ndarray, shape (points, neurons)
        Softmax acts on each point, a row; one point alone may have shape (neurons,).
    activation : str

    Returns
    -------
    ndarray of x's shape

    Raises
    ------
    MlplabError
        If the activation is unknown.

    Examples
    --------
    >>> activation(np.array([[-1.0, 2.0]]), "relu")
    array([[0., 2.]])
    """
    known = [*ACTIVATIONS, "softmax"]
    if activation not in known:
        raise MlplabError(
            f"unknown activation {shown(activation)}; {suggestion(str(activation), known)}"
        )
    values = _floats(x)
    if activation == "softmax":
        return softmax(np.atleast_2d(values)).reshape(values.shape)
    return ACTIVATIONS[activation].function(values)


class MLP:
    """A network of given weights.

    Parameters
    ----------
    dataset : DataGenerator
        Whose points it is judged by.

    Attributes
    ----------
    hidden_layers : int
    W, b : list of ndarray
    activation : str
        Of the hidden layers.
    N : int
        Number of parameters, weights and biases together. All of these are there after `setup_model`.

    Examples
    --------
    >>> data = DataGenerator(verbose=False)
    >>> data.generate(dataset="linear", sigma=0.1, seed=1)
    >>> model = MLP(data)
    >>> model.setup_model(W=[np.array([[-1, 0], [0, 1]])], b=[np.array([[1], [0]])])
    Number of hidden layers:  0
    Number of model weights:  6
    >>> model.feedforward(np.array([[0.5, 0.5]]))
    array([[0.5, 0.5]])
    """

    _network: MultilayerPerceptron | None = None

    def __init__(self, dataset: DataGenerator) -> None:
        self.dataset = dataset

    def setup_model(
        self, W: Sequence[ArrayLike], b: Sequence[ArrayLike], activation: str = "linear"
    ) -> None:
        """Take the weights of each layer, and print how many hidden layers and parameters there are.

        Parameters
        ----------
        W : list of array, shapes (outputs, inputs)
        b : list of array, shapes (outputs, 1) or (outputs,)
        activation : str
            Of the hidden layers; the last layer has softmax.

        Raises
        ------
        MlplabError
            If the shapes do not fit together, or the activation is unknown.
        """
        weights, biases = [_floats(w) for w in W], [_floats(v) for v in b]
        _check_shapes(weights, biases)
        self._network = MultilayerPerceptron(weights, [v.reshape(-1) for v in biases], activation)
        self.W, self.b, self.activation = list(W), list(b), activation
        self.hidden_layers = len(weights) - 1
        self.N = sum(array.size for array in (*weights, *biases))
        print("Number of hidden layers: ", self.hidden_layers)
        print("Number of model weights: ", self.N)

    def feedforward(self, x: Float) -> Float:
        """Return the class probabilities, shape (points, K), of points of shape (points, 2)."""
        if self._network is None:
            raise MlplabError("there are no weights yet: call setup_model(W, b) first")
        points = np.atleast_2d(_floats(x))
        if points.ndim != 2 or points.shape[1] != 2:
            raise MlplabError(
                "the course's points lie in the plane: x must have shape (points, 2), "
                f"received {np.shape(x)}"
            )
        return self._network.feedforward(points)

    def evaluate(self) -> None:
        """Print mean squared error and accuracy (in per cent) on the training and on the test points."""
        data = self.dataset
        scores = {
            "Train": (self.feedforward(data.x_train), data.y_train_oh),
            "Test": (self.feedforward(data.x_test), data.y_test_oh),
        }
        print("Model performance:")
        for name, (p, y) in scores.items():
            print(f"\t{name + ' loss:':<15} {mean_squared_error(p, y):.4f}")
            print(f"\t{name + ' accuracy:':<15} {100 * accuracy(p, y):.2f}")


def _floats(values: ArrayLike) -> Float:
    """Return an array of floats: float32 where it is, else float64."""
    array = np.asarray(values)
    return array if array.dtype == np.float32 else array.astype(np.float64)


def _check_shapes(weights: Sequence[Float], biases: Sequence[Float]) -> None:
    if not weights or len(weights) != len(biases):
        raise MlplabError(
            "W and b must be lists with one array for each layer, one layer at least, "
            f"received {len(weights)} and {len(biases)}"
        )
    inputs = 2
    for layer, (w, v) in enumerate(zip(weights, biases, strict=True), start=1):
        if w.ndim != 2 or w.shape[1] != inputs:
            raise MlplabError(
                f"W of layer {layer} must have shape (outputs, {inputs}), received {w.shape}"
            )
        inputs = len(w)
        if v.shape not in ((inputs,), (inputs, 1)):
            raise MlplabError(
                f"b of layer {layer} must have shape ({inputs}, 1) or ({inputs},), received {v.shape}"
            )
