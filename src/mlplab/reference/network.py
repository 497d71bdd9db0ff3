"""The network: feedforward, and backpropagation.

With h⁰ = x, layer l = 1..L computes

    zˡ = Wˡ hˡ⁻¹ + bˡ          a weighted sum for each neuron
    hˡ = σ(zˡ)                 the layer's activation; in the last one the head's (equation 1)

Backpropagation is the chain rule, read from the loss to the input. With δˡ = ∂L/∂zˡ:

    δᴸ    = ∂L/∂zᴸ             the head's delta
    ∂L/∂Wˡ = δˡ (hˡ⁻¹)ᵀ        each weight: its neuron's δ times what came in
    ∂L/∂bˡ = δˡ
    δˡ⁻¹  = (Wˡ)ᵀ δˡ ⊙ σ'(zˡ⁻¹)

Dropout multiplies what a hidden layer passes on by a mask m: 0 for a neuron that is left out of this
sample's update, 1 / (1 - rate) for one that stays. Its δ is multiplied by the same mask:

    hˡ = σ(zˡ) ⊙ mˡ            δˡ⁻¹ = (Wˡ)ᵀ δˡ ⊙ mˡ⁻¹ ⊙ σ'(zˡ⁻¹)

The formulas are for one sample, a column. The code has a batch of samples as rows, so W stands
transposed on the right, and the sums over the samples happen in the products.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from mlplab.errors import MlplabError, shown
from mlplab.run import Run
from mlplab.spec.activations import ACTIVATIONS, Activation, Float
from mlplab.spec.heads import HEADS, Head, Weight
from mlplab.spec.refused import hint

Mask = Float | Literal[1]
"""What the outputs of a hidden layer are multiplied by."""


class ForwardPass(NamedTuple):
    """What a feedforward pass leaves in each layer, first to last.

    Attributes
    ----------
    inputs : list of ndarray, shapes (samples, inputs of the layer)
        hˡ⁻¹: what the layer was given.
    pre_activations : list of ndarray, shapes (samples, outputs of the layer)
        zˡ: the weighted sums of its neurons.
    masks : list of ndarray, shapes (samples, outputs of the layer), or of 1
        mˡ of each hidden layer; 1 without dropout.
    output : ndarray, shape (samples, outputs)
        What the head makes of the last pre-activations: softmax, a sigmoid, or of targets the same.
    """

    inputs: list[Float]
    pre_activations: list[Float]
    masks: list[Mask]
    output: Float


class Gradients(NamedTuple):
    """∂L/∂W and ∂L/∂b of each layer, in the shapes of W and b."""

    weights: list[Float]
    biases: list[Float]


class MultilayerPerceptron:
    """A multilayer perceptron.

    Parameters
    ----------
    weights : sequence of ndarray
        W of each layer, shape (outputs, inputs).
    biases : sequence of ndarray
        b of each layer, shape (outputs,).
    activation : str or list or tuple of str
        A key of `ACTIVATIONS` for all hidden layers, or one for each.
    head : Head
        What stands on the last layer; by default softmax.

    Raises
    ------
    MlplabError
        If the shapes do not fit together, an activation is unknown, or there is not one for each hidden
        layer.

    Examples
    --------
    Equation 11 of the lab: two inputs, two classes, no hidden layer.

    >>> import numpy as np
    >>> W, b = np.array([[-1.0, 0.0], [0.0, 1.0]]), np.array([1.0, 0.0])
    >>> network = MultilayerPerceptron([W], [b], "linear")
    >>> network.feedforward(np.array([[0.5, 0.5]]))
    array([[0.5, 0.5]])
    """

    def __init__(
        self,
        weights: Sequence[Float],
        biases: Sequence[Float],
        activation: str | list[str] | tuple[str, ...],
        head: Head = HEADS["mean_squared_error"],
    ) -> None:
        _check_shapes(weights, biases)
        self.weights = [w.copy() for w in weights]
        self.biases = [b.copy() for b in biases]
        self.activations = _of_each_layer(activation, hidden_layers=len(weights) - 1)
        self.head = head

    @classmethod
    def from_run(cls, run: Run) -> MultilayerPerceptron:
        """Return the network that a run has trained.

        Raises
        ------
        MlplabError
            If it is not one run, or kept no weights.
        """
        if not isinstance(run, Run):
            raise MlplabError(
                "MultilayerPerceptron.from_run takes one Run, such as runs[0] of many, "
                f"received {shown(run)}"
            )
        if not run.weights:
            raise MlplabError(f"the run of seed {run.seed} kept no weights")
        experiment = run.experiment
        return cls(run.weights, run.biases, experiment.network.activations, experiment.head)

    def forward(self, x: Float, masks: Sequence[Mask] | None = None) -> ForwardPass:
        """Feed samples forward and keep what each layer saw.

        Parameters
        ----------
        x : ndarray, shape (samples, features)
        masks : sequence of ndarray, shapes (samples, outputs of the layer), optional
            mˡ of each hidden layer, of dropout; as in `Trial.dropout_mask`.

        Returns
        -------
        ForwardPass
        """
        masks = [1] * len(self.activations) if masks is None else list(masks)
        inputs: list[Float] = [x]
        pre_activations: list[Float] = []
        hidden = zip(self.weights[:-1], self.biases[:-1], self.activations, masks, strict=True)
        for w, b, activation, mask in hidden:
            pre_activations.append(inputs[-1] @ w.T + b)
            inputs.append(activation.function(pre_activations[-1]) * mask)
        pre_activations.append(inputs[-1] @ self.weights[-1].T + self.biases[-1])
        output = self.head.output(pre_activations[-1])
        return ForwardPass(inputs, pre_activations, masks, output)

    def feedforward(self, x: Float) -> Float:
        """Return class probabilities, shape (samples, K), or targets, of samples (samples, features).

        Raises
        ------
        MlplabError
            If x has another shape.
        """
        features = self.weights[0].shape[1]
        if np.ndim(x) != 2 or x.shape[1] != features:
            hint = "; one sample is a row of its own, as in x[None, :]" if np.ndim(x) == 1 else ""
            raise MlplabError(
                f"x must have shape (samples, {features}), received {np.shape(x)}{hint}"
            )
        return self.head.predictions(self.forward(x).output)

    def backpropagation(
        self, forward: ForwardPass, y: Float, head: Head, weight: Weight = 1.0
    ) -> Gradients:
        """Return the gradient of the loss by every weight and bias.

        Parameters
        ----------
        forward : ForwardPass
            Of the batch, from `forward(x, masks)`.
        y : ndarray, shape (samples, outputs)
            What the outputs should be: one-hot labels, of one output 0 or 1, or the targets.
        head : Head
            A value of `HEADS`, or of `REGRESSION_HEADS`.
        weight : ndarray, shape (samples, 1), or float
            How much each sample weighs.

        Returns
        -------
        Gradients
        """
        gradients = Gradients([], [])
        delta = head.delta(forward.output, y, weight)
        for i in reversed(range(len(self.weights))):
            gradients.weights.insert(0, delta.T @ forward.inputs[i])
            gradients.biases.insert(0, delta.sum(axis=0))
            if i > 0:
                slope = self.activations[i - 1].derivative(forward.pre_activations[i - 1])
                delta = (delta @ self.weights[i]) * forward.masks[i - 1] * slope
        return gradients


def _check_shapes(weights: Sequence[Float], biases: Sequence[Float]) -> None:
    if not weights or len(weights) != len(biases):
        raise MlplabError(
            "a network needs one array of weights and one of biases for each layer, one layer at least, "
            f"received {len(weights)} and {len(biases)}"
        )
    inputs = weights[0].shape[-1:]
    for layer, (w, b) in enumerate(zip(weights, biases, strict=True), start=1):
        if w.ndim != 2 or b.ndim != 1 or w.shape != (*b.shape, *inputs):
            came_in = inputs[0] if layer > 1 else "inputs"
            raise MlplabError(
                f"layer {layer} must have weights of shape (outputs, {came_in}) and biases of shape "
                f"(outputs,), received {w.shape} and {b.shape}"
            )
        inputs = b.shape


def _of_each_layer(
    activation: str | list[str] | tuple[str, ...], hidden_layers: int
) -> list[Activation]:
    """Return the activation of each hidden layer, given one name for all or one for each."""
    names = activation if isinstance(activation, list | tuple) else [activation]
    for name in names:
        if name not in ACTIVATIONS:
            raise MlplabError(f"unknown activation {shown(name)}; {hint(str(name), ACTIVATIONS)}")
    activations = [ACTIVATIONS[name] for name in names]
    if not isinstance(activation, list | tuple):
        return activations * hidden_layers
    if len(activations) != hidden_layers:
        raise MlplabError(
            f"activation must be one name or {hidden_layers} of them, one for each hidden layer, "
            f"received {shown(names)}"
        )
    return activations
