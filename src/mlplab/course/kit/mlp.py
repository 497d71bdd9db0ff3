"""Task 2: a multilayer perceptron of your own, in NumPy.

With h0 = x, a point as a column of two numbers, layer l = 1..L computes

    z = W h + b          W has shape (outputs, inputs), b has shape (outputs, 1)
    h = activation(z)    the chosen activation in the hidden layers, softmax in the last one

Replace each line that begins with `raise` by your own code. Ask how you are doing at any time, with

    mlplab check mlp.py
"""

import numpy as np  # noqa: F401  # for your own code


def activation(x, activation):
    """Apply an activation.

    x           an array of any shape; for softmax, decide what its rows and columns mean to you
    activation  "linear", "sigmoid", "relu" or "softmax"; raise an exception for any other name

    Return an array of the same shape.
    """
    raise NotImplementedError("`activation` in mlp.py is still to be written (task 2)")


class MLP:
    """A network whose weights are given, not trained."""

    def __init__(self, dataset):
        self.dataset = dataset  # has x_train, y_train, y_train_oh, x_test, y_test, y_test_oh, K

    def setup_model(self, W, b, activation="linear"):
        """Take the weights, and count.

        W           a list with the weight matrix of each layer, shape (outputs, inputs)
        b           a list with the bias of each layer, shape (outputs, 1)
        activation  of the hidden layers

        Set self.W, self.b and self.activation; self.hidden_layers, how many hidden layers there are; and
        self.N, how many numbers there are in all weights and biases. Print the last two.
        """
        raise NotImplementedError("`setup_model` in mlp.py is still to be written (task 2)")

    def feedforward(self, x):
        """Return the outputs of the network, shape (points, K), for points x of shape (points, 2).

        You may take the points one by one, each as a column, or all of them at once, as rows.
        """
        raise NotImplementedError("`feedforward` in mlp.py is still to be written (task 2)")

    def evaluate(self):
        """Print loss and accuracy on the training points and on the test points.

        The loss is the mean squared error between the outputs and the one-hot labels. The accuracy is the
        Fraction of the points whose largest output is that of their class.
        """
        raise NotImplementedError("`evaluate` in mlp.py is still to be written (task 2)")
