"""How a network answers: asked of the engine; while there is none yet, of the network from scratch."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from mlplab.engine import Stepper
from mlplab.playground.session.timeline import Moment
from mlplab.reference import MultilayerPerceptron
from mlplab.spec import Experiment
from mlplab.trial import Float


class Look(Protocol):
    """What a picture needs to know of a network."""

    def outputs(self, x: Float) -> Float:
        """Return the probabilities, shape (K, points), of points of shape (points, 2)."""
        ...

    def responses(self, x: Float) -> Float:
        """Return what all neurons answer, inputs first and outputs last, shape (neurons, points)."""
        ...


class EngineLook:
    """A moment's network as the engine computes it: fast, and to the last bit what the scores are of."""

    def __init__(self, stepper: Stepper, moment: Moment) -> None:
        self._stepper = stepper
        self._layers = moment.weights, moment.biases

    def outputs(self, x: Float) -> Float:
        """See `Look`."""
        return self._stepper.outputs(x, self._layers)

    def responses(self, x: Float) -> Float:
        """See `Look`."""
        return self._stepper.responses(x, self._layers)


class ReferenceLook:
    """A moment's network from scratch: needs no compiler."""

    def __init__(self, experiment: Experiment, moment: Moment) -> None:
        self._network = network_of(experiment, moment)

    def outputs(self, x: Float) -> Float:
        """See `Look`."""
        return np.ascontiguousarray(self._network.feedforward(x).T)

    def responses(self, x: Float) -> Float:
        """See `Look`."""
        forward = self._network.forward(x)
        return np.ascontiguousarray(np.concatenate([*forward.inputs, forward.output], axis=1).T)


def network_of(experiment: Experiment, moment: Moment) -> MultilayerPerceptron:
    """Return a moment's network from scratch."""
    return MultilayerPerceptron(moment.weights, moment.biases, experiment.network.activations)
