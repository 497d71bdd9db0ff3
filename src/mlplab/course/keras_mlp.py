"""The course's `keras_mlp`: the lab's network in Keras, and nothing but Keras.

Keras draws the weights and shuffles the points from its own global generators: after
`keras.utils.set_random_seed(1)` the same training comes out again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from mlplab.course.data_generator import DataGenerator
from mlplab.course.showing import show
from mlplab.errors import MlplabError
from mlplab.figures import curves_figure
from mlplab.frameworks.keras import get_weights as weights_of
from mlplab.frameworks.keras import keras
from mlplab.run import Float, History
from mlplab.spec.heads import accuracy

__all__ = ["KerasMLP", "keras"]


class KerasMLP:
    """A multilayer perceptron in Keras: set up, compile, train, evaluate.

    Parameters
    ----------
    dataset : DataGenerator
        Whose points it learns, and is judged by.
    verbose : bool
        Whether Keras prints the model's summary and the progress of training.

    Attributes
    ----------
    model : keras.Sequential
        After `setup_model`.
    log : keras.callbacks.History
        After `train`; `log.history` has loss and accuracy by epoch.
    hidden_layers, layer_width : int

    Examples
    --------
    >>> data = DataGenerator(verbose=False)
    >>> data.generate(dataset="polar", K=3, seed=1)
    >>> network = KerasMLP(data, verbose=False)
    >>> network.setup_model(hidden_layers=1, layer_width=5, activation="relu")
    >>> W, b = network.get_weights()
    >>> [w.shape for w in W], [v.shape for v in b]
    ([(5, 2), (3, 5)], [(5, 1), (3, 1)])
    """

    def __init__(self, dataset: DataGenerator, verbose: bool = True) -> None:
        self.dataset = dataset
        self.verbose = verbose
        self.model: Any = None
        self.log: Any = None

    def setup_model(
        self,
        hidden_layers: int = 0,
        layer_width: int = 2,
        activation: Any = "linear",
        init: Any = "normal",
    ) -> None:
        """Build the network: two inputs, hidden layers of one activation, then softmax.

        Parameters
        ----------
        hidden_layers, layer_width : int
            How many, and how many neurons in each.
        activation : str or callable
            Of the hidden layers, as Keras takes it.
        init : str or keras.initializers.Initializer
            Of the weights, the last layer's too; Keras's `normal` is `RandomNormal(0, 0.05)`. Each layer
            draws afresh, also from one initializer without a seed, which Keras left alone would let draw
            the same numbers for each layer of one shape. Biases begin at zero.
        """
        self.hidden_layers, self.layer_width = hidden_layers, layer_width
        keras.utils.clear_session()

        def dense(units: int, activation: Any) -> Any:
            one = init.clone() if isinstance(init, keras.initializers.Initializer) else init
            return keras.layers.Dense(units, activation=activation, kernel_initializer=one)

        hidden = [dense(layer_width, activation) for _ in range(hidden_layers)]
        self.model = keras.Sequential(
            [keras.Input((2,)), *hidden, dense(self.dataset.K, "softmax")]
        )
        if self.verbose:
            self.model.summary()

    def compile(self, loss_fn: Any = None, optimizer: Any = None) -> None:
        """Choose what is made smaller, and how.

        Parameters
        ----------
        loss_fn : str or keras.losses.Loss, optional
            Categorical cross-entropy if not given.
        optimizer : str or keras.optimizers.Optimizer, optional
            Plain SGD of learning rate 1 if not given. Each network needs an optimizer of its own.
        """
        model = self._model()
        loss = keras.losses.CategoricalCrossentropy() if loss_fn is None else loss_fn
        if optimizer is None:
            optimizer = keras.optimizers.SGD(learning_rate=1.0)
        model.compile(loss=loss, optimizer=optimizer, metrics=["accuracy"])

    def train(self, batch_size: int = 32, epochs: int = 100) -> None:
        """Fit the training points, in a new order each epoch, and watch the validation points."""
        data = self.dataset
        data.check_points()
        self.log = self._compiled().fit(
            data.x_train,
            data.y_train_oh,
            batch_size=batch_size,
            epochs=epochs,
            validation_data=(data.x_valid, data.y_valid_oh),
            validation_batch_size=len(data.x_valid),
            shuffle=True,
            verbose=int(self.verbose),
        )

    def evaluate(self) -> None:
        """Print loss and accuracy (in per cent) on the training and on the test points.

        An output that is not a number is a wrong answer; Keras would take it for class 0.
        """
        model, data = self._compiled(), self.dataset
        data.check_points()
        print("Model performance:")
        for name, x, y in (
            ("Train", data.x_train, data.y_train_oh),
            ("Test", data.x_test, data.y_test_oh),
        ):
            score = model.evaluate(x, y, batch_size=len(x), verbose=0, return_dict=True)
            print(f"\t{name + ' loss:':<15} {score['loss']:.4f}")
            print(f"\t{name + ' accuracy:':<15} {100 * accuracy(self.feedforward(x), y):.2f}")

    def feedforward(self, x: Float) -> Float:
        """Return the class probabilities, shape (points, K), of points of shape (points, 2)."""
        return np.asarray(self._model().predict(x, batch_size=len(x), verbose=0))

    def plot_training(self, save_path: str | Path | None = None) -> None:
        """Show loss and accuracy by epoch, and write the figure to a file if one is named.

        The curves end where the loss is no longer a number.
        """
        if self.log is None:
            raise MlplabError("there is no training to plot yet: call train(...) first")
        names = ("loss", "accuracy", "val_loss", "val_accuracy")
        rows = np.array([self.log.history[name] for name in names], dtype=float)
        rows[:, ~np.isfinite(rows).all(axis=0)] = np.nan
        history = History(*rows)
        loss = keras.losses.get(self.model.loss)
        name = getattr(loss, "name", None) or loss.__name__
        show(curves_figure(history, loss_name=name), save_path)

    def get_weights(self) -> tuple[list[Float], list[Float]]:
        """Return W, shape (outputs, inputs), and b, shape (outputs, 1), of each layer, as two lists."""
        weights, biases = weights_of(self._model())
        return list(weights), [b[:, np.newaxis] for b in biases]

    def _model(self) -> Any:
        if self.model is None:
            raise MlplabError("there is no network yet: call setup_model(...) first")
        return self.model

    def _compiled(self) -> Any:
        if not self._model().compiled:
            raise MlplabError("the network has no loss and optimizer yet: call compile(...) first")
        return self.model
