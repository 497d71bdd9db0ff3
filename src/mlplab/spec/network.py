"""The network: 2 inputs, hidden layers of one activation, then a softmax layer with an output a class."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from mlplab.spec.initializers import GlorotUniform, InitializerSpec
from mlplab.spec.part import ListAsTuple, Part, Positive

ActivationName = Literal["linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus"]


def _how_many(value: Any) -> str:
    """Tell one width from a list of them, so that an error speaks of the one that was meant."""
    return "list" if isinstance(value, list | tuple) else "none" if value is None else "number"


LayerWidth = Annotated[
    Annotated[Positive, Tag("number")]
    | Annotated[tuple[Positive, ...], ListAsTuple, Tag("list")]
    | Annotated[None, Tag("none")],
    Discriminator(_how_many),
]


class Network(Part):
    """A multilayer perceptron's shape and its beginning.

    Attributes
    ----------
    hidden_layers : int
        Layers between input and output; with 0 the two inputs feed the softmax layer directly.
    layer_width : int or tuple of int
        Neurons of each hidden layer: one number for all, or one for each. Only with hidden layers.
    activation : str
        Acts on the hidden layers only; the last layer has softmax. Only with hidden layers.
    initializer : InitializerSpec
        Of all weights, the last layer's too. Biases begin at zero.

    Examples
    --------
    >>> Network(hidden_layers=2, layer_width=50, activation="relu").layer_widths
    (50, 50)
    """

    hidden_layers: Annotated[int, Field(ge=0)] = 0
    layer_width: LayerWidth = None
    activation: ActivationName | None = None
    initializer: InitializerSpec = GlorotUniform()

    @model_validator(mode="after")
    def _fits_together(self) -> Network:
        if self.hidden_layers == 0:
            for name in ("layer_width", "activation"):
                if getattr(self, name) is not None:
                    raise ValueError(
                        f"{name} does not apply to a network without hidden layers: "
                        f"remove it or set hidden_layers, received {name}={getattr(self, name)!r}"
                    )
            return self
        for name in ("layer_width", "activation"):
            if getattr(self, name) is None:
                raise ValueError(f"{name} is missing: hidden_layers={self.hidden_layers} needs it")
        if isinstance(self.layer_width, tuple) and len(self.layer_width) != self.hidden_layers:
            raise ValueError(
                f"layer_width must be one number or {self.hidden_layers} of them, "
                f"one for each hidden layer, received {list(self.layer_width)}"
            )
        return self

    @property
    def layer_widths(self) -> tuple[int, ...]:
        """Neurons of each hidden layer, first to last."""
        if isinstance(self.layer_width, tuple):
            return self.layer_width
        return (self.layer_width or 0,) * self.hidden_layers

    @property
    def hidden_activation(self) -> ActivationName:
        """Activation of the hidden layers; `linear`, which does nothing, where there are none."""
        return self.activation or "linear"
