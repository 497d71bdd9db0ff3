"""The network: an input for each feature, hidden layers, then the outputs of the head."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import Discriminator, Field, Tag, model_validator

from mlplab.spec.activations import ACTIVATIONS
from mlplab.spec.canonical import AddedLater
from mlplab.spec.initializers import GlorotUniform, InitializerSpec, Zeros
from mlplab.spec.names import NameOf
from mlplab.spec.part import ListAsTuple, Part, Positive
from mlplab.spec.regularizers import RegularizerSpec
from mlplab.spec.variants import Variant

ActivationName = Annotated[str, NameOf(ACTIVATIONS)]
"""A key of `ACTIVATIONS`."""


Rate = Annotated[float, Field(ge=0, lt=1)]
"""Of dropout: the probability that a neuron is left out of an update."""

MOST_HIDDEN_LAYERS = 10_000
"""Each layer costs Python objects and time whatever its width: millions would seem to hang."""

Value = TypeVar("Value")


def _how_many(value: Any) -> str:
    """Tell one value from a list, so that an error speaks of the form that was given."""
    return "list" if isinstance(value, list | tuple) else "none" if value is None else "one"


OneOrEach = Annotated[
    Annotated[Value, Tag("one")]
    | Annotated[tuple[Value, ...], ListAsTuple, Tag("list")]
    | Annotated[None, Tag("none")],
    Discriminator(_how_many),
]
"""One value for all hidden layers, or one for each; None without hidden layers."""


_EACH_LAYER = (("layer_width", "number"), ("activation", "name"), ("dropout", "rate"))
"""Fields with a value for each hidden layer, and what such a value is called."""


class Network(Part):
    """A multilayer perceptron: the sizes and activations of its layers, and its initial weights.

    Attributes
    ----------
    hidden_layers : int
        Layers between input and output, 10,000 at most; with 0 the inputs feed the softmax layer
        directly.
    layer_width : int or tuple of int
        Neurons of each hidden layer: one number for all, or one for each, in which case equal ones
        become one number. Only with hidden layers.
    activation : str or tuple of str
        Of each hidden layer, in the same way; the last layer has softmax. Only with hidden layers.
    initializer : InitializerSpec
        Draws the weights of all layers, the last one too.
    bias_initializer : InitializerSpec
        Draws the biases of all layers, the last one too.
    kernel_regularizer : RegularizerSpec, optional
        What the weights of all layers cost, the last one's too; biases cost nothing.
    dropout : float or tuple of float
        The probability with which a neuron of a hidden layer is left out of an update, for each sample
        anew: one rate, or one for each layer, below 1. Only in training.
    input_noise : float
        Standard deviation of normal noise that is added to the inputs, for each sample of an update anew,
        0 to 1. Only in training.

    Examples
    --------
    >>> Network(hidden_layers=2, layer_width=50, activation="relu").layer_widths
    (50, 50)
    >>> Network(hidden_layers=2, layer_width=50, activation=["tanh", "relu"]).activations
    ('tanh', 'relu')
    >>> Network(hidden_layers=2, layer_width=[50, 50], activation="relu").layer_width
    50

    A variant without hidden layers has no width and no activation either:

    >>> wide = Network(hidden_layers=1, layer_width=50, activation="relu")
    >>> wide.varied({"hidden_layers": 0}).layer_widths
    ()
    """

    hidden_layers: Annotated[int, Field(ge=0, le=MOST_HIDDEN_LAYERS)] = 0
    layer_width: Annotated[OneOrEach[Positive], Field(examples=[8])] = None
    activation: Annotated[OneOrEach[ActivationName], Field(examples=["relu"])] = None
    initializer: InitializerSpec = GlorotUniform()
    bias_initializer: Annotated[InitializerSpec, AddedLater(as_before=Zeros())] = Zeros()
    kernel_regularizer: Annotated[RegularizerSpec | None, AddedLater(as_before=None)] = None
    dropout: Annotated[OneOrEach[Rate], AddedLater(as_before=0.0)] = 0.0
    input_noise: Annotated[float, Field(ge=0, le=1), AddedLater(as_before=0.0)] = 0.0

    @model_validator(mode="before")
    @classmethod
    def _no_values_for_no_layers(cls, values: Any) -> Any:
        if isinstance(values, Variant) and values["hidden_layers"] == 0:
            return values.without(("layer_width", "activation", "dropout"))
        return values

    @model_validator(mode="after")
    def _fits_together(self) -> Network:
        if self.dropout is None:
            self.__dict__["dropout"] = 0.0
        if self.hidden_layers == 0:
            for name, none in (("layer_width", None), ("activation", None), ("dropout", 0)):
                if getattr(self, name) != none:
                    raise ValueError(
                        f"{name} does not apply to a network without hidden layers: "
                        f"remove it or set hidden_layers, received {name}={getattr(self, name)!r}"
                    )
            return self
        for name in ("layer_width", "activation"):
            if getattr(self, name) is None:
                raise ValueError(f"{name} is missing: hidden_layers={self.hidden_layers} needs it")
        for name, kind in _EACH_LAYER:
            value = getattr(self, name)
            if isinstance(value, tuple) and len(value) != self.hidden_layers:
                raise ValueError(
                    f"{name} must be one {kind} or {self.hidden_layers} of them, "
                    f"one for each hidden layer, received {list(value)}"
                )
            if isinstance(value, tuple) and len(set(value)) == 1:
                self.__dict__[name] = value[
                    0
                ]  # one way to say it, so that equal networks are equal
        return self

    @model_validator(mode="after")
    def _biases_are_no_matrix(self) -> Network:
        kind = self.bias_initializer.kind
        if self.bias_initializer.of_matrices:
            raise ValueError(
                f"bias_initializer must be one of single numbers, such as 'constant': {kind!r} makes "
                "matrices, and the biases of a layer are none"
            )
        return self

    @property
    def layer_widths(self) -> tuple[int, ...]:
        """Neurons of each hidden layer, first to last."""
        if isinstance(self.layer_width, tuple):
            return self.layer_width
        return (self.layer_width or 0,) * self.hidden_layers

    @property
    def activations(self) -> tuple[str, ...]:
        """Activation of each hidden layer, first to last."""
        if isinstance(self.activation, tuple):
            return self.activation
        return (self.activation or "linear",) * self.hidden_layers

    @property
    def dropout_rates(self) -> tuple[float, ...]:
        """Probability with which neurons of each hidden layer are left out, first to last."""
        if isinstance(self.dropout, tuple):
            return self.dropout
        return (self.dropout or 0.0,) * self.hidden_layers

    def layer_sizes(self, features: int, outputs: int) -> tuple[int, ...]:
        """Return the sizes of all layers, first to last: inputs, neurons of hidden layers, outputs.

        Layer l has weights of shape (sizes[l + 1], sizes[l]).

        Parameters
        ----------
        features : int
            Inputs.
        outputs : int
            Of the last layer; `Experiment.layer_sizes` knows how many a number of classes needs.

        Examples
        --------
        >>> network = Network(hidden_layers=2, layer_width=50, activation="relu")
        >>> network.layer_sizes(features=2, outputs=5)
        (2, 50, 50, 5)
        """
        return (features, *self.layer_widths, outputs)
