"""Task 2, solved: a multilayer perceptron in NumPy.

With h0 = x, a point as a column of two numbers, layer l = 1..L computes

    z = W h + b          W has shape (outputs, inputs), b has shape (outputs, 1)
    h = activation(z)    the chosen activation in the hidden layers, softmax in the last one

The code takes all points at once. They are the rows of x, so that W stands transposed on the right:
transposing z = W h + b gives a row z' = h' W' + b'.
"""

import numpy as np


def activation(x, activation):
    """Apply an activation: "linear", "sigmoid", "relu", or "softmax", which acts on each row."""
    if activation == "linear":
        return x
    if activation == "sigmoid":
        # 1 / (1 + exp(-x)) for x >= 0, and the same times exp(x) / exp(x) below: exp cannot overflow.
        e = np.exp(-np.abs(x))
        return np.where(x >= 0, 1, e) / (1 + e)
    if activation == "relu":
        return np.maximum(x, 0)
    if activation == "softmax":
        # Taking the largest number off each row leaves the quotient as it is, and exp cannot overflow.
        e = np.exp(x - np.max(x, axis=-1, keepdims=True))
        return e / np.sum(e, axis=-1, keepdims=True)
    raise ValueError(f"activation must be linear, sigmoid, relu or softmax, not {activation!r}")


class MLP:
    """A network whose weights are given, not trained."""

    def __init__(self, dataset):
        self.dataset = dataset

    def setup_model(self, W, b, activation="linear"):
        """Take the weights and biases of each layer, and count layers and parameters."""
        self.W = W
        self.b = b
        self.activation = activation
        self.hidden_layers = len(W) - 1  # the last layer is the output
        self.N = sum(w.size for w in W) + sum(v.size for v in b)
        print("Number of hidden layers: ", self.hidden_layers)
        print("Number of model weights: ", self.N)

    def feedforward(self, x):
        """Return the outputs, shape (points, K), for points x of shape (points, 2)."""
        h = x
        for layer, (w, v) in enumerate(zip(self.W, self.b)):
            z = h @ w.T + v.reshape(1, -1)
            h = activation(z, self.activation if layer < self.hidden_layers else "softmax")
        return h

    def evaluate(self):
        """Print mean squared error and accuracy (in per cent) on the training and on the test points."""
        data = self.dataset
        print("Model performance:")
        for name, x, y, y_oh in (
            ("Train", data.x_train, data.y_train, data.y_train_oh),
            ("Test", data.x_test, data.y_test, data.y_test_oh),
        ):
            output = self.feedforward(x)
            loss = np.mean((output - y_oh) ** 2)
            accuracy = np.mean(np.argmax(output, axis=1) == y)
            print(f"\t{name + ' loss:':15} {loss:.4f}")
            print(f"\t{name + ' accuracy:':15} {100 * accuracy:.2f}")
