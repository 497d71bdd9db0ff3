"""One update, step by step: forward, loss, δ, gradient, the optimizer's move; numbers of the engine."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.engine import Stepper, check_memory
from mlplab.engine.layout import Layers
from mlplab.engine.observing import ObservedUpdate
from mlplab.errors import MlplabError, whole_number
from mlplab.explain.step_text import step_text
from mlplab.read_only import ReadOnly
from mlplab.reference import MultilayerPerceptron
from mlplab.spec import Experiment
from mlplab.trial import Trial, Trials, draw

Float = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class ParameterStep(ReadOnly):
    """What an update does to W or b of one layer; arrays of its shape.

    Attributes
    ----------
    gradient : ndarray
        ∂L/∂W or ∂L/∂b, without penalty.
    penalised : ndarray
        The gradient with the slope of the penalty, if there is one.
    taken : ndarray
        What the optimizer takes: clipped, too, if it is to be.
    before, after : ndarray
        The parameters.
    moments_before, moments_after : tuple of ndarray
        What the optimizer remembers, in the order of its `used_moments`.
    """

    gradient: Float
    penalised: Float
    taken: Float
    before: Float
    after: Float
    moments_before: tuple[Float, ...]
    moments_after: tuple[Float, ...]


@dataclass(frozen=True, eq=False)
class LayerStep(ReadOnly):
    """One layer in an update.

    Attributes
    ----------
    activation : str or None
        Of a hidden layer; None of the last one, which has the head's output.
    inputs : ndarray, shape (samples, inputs)
        What the layer is given: of the first layer the samples, with their noise.
    z : ndarray, shape (samples, outputs)
        Pre-activations.
    h : ndarray, shape (samples, outputs)
        What the layer passes on, after dropout; of the last one the outputs p.
    mask : ndarray, shape (samples, outputs), or None
        Of dropout.
    delta : ndarray, shape (samples, outputs)
        δ = ∂L/∂z.
    weights, biases : ParameterStep
    """

    activation: str | None
    inputs: Float
    z: Float
    h: Float
    mask: Float | None
    delta: Float
    weights: ParameterStep
    biases: ParameterStep


@dataclass(frozen=True, eq=False)
class Step(ReadOnly):
    """One update of a training, with all its numbers.

    Attributes
    ----------
    trial : Trial
    update : int
        How many updates were made before it.
    epoch : int
        In which it is, counted from 0.
    point : int or None
        The training sample that makes it alone; None where it is the training's own.
    samples : ndarray of int, shape (samples,)
        Numbers of the batch's samples among the training samples.
    y : ndarray, shape (samples, outputs)
        What the outputs should be, with smoothed labels.
    sample_weights : ndarray, shape (samples,)
        How much each sample weighs.
    outputs_before, outputs_after : ndarray, shape (samples, outputs)
        p by the weights before and after the update, with the same noise and dropout.
    loss_before, loss_after : float
        L of these samples, with their weights, noise and dropout, without penalty.
    penalty_before, penalty_after : float
        What the regularizer adds; 0 without one.
    step_sizes : tuple of float
        What scales the update, in the order of the optimizer's `step_size_symbols`; with weight decay
        one more, η λ.
    layers : tuple of LayerStep
        First to last.

    Examples
    --------
    >>> found = step(Experiment(dataset="linear"), update=7, point=3)
    >>> [layer.z.shape for layer in found.layers], bool(found.loss_after < found.loss_before)
    ([(1, 2)], True)
    >>> found
    <Step: update 7 of seed 0, by sample 3 alone; text() has its numbers>
    """

    trial: Trial
    update: int
    epoch: int
    point: int | None
    samples: NDArray[np.int64]
    y: Float
    sample_weights: Float
    outputs_before: Float
    outputs_after: Float
    loss_before: float
    loss_after: float
    penalty_before: float
    penalty_after: float
    step_sizes: tuple[float, ...]
    layers: tuple[LayerStep, ...]

    def __repr__(self) -> str:
        one = self.point is not None
        by = f"sample {self.point} alone" if one else f"a batch of {len(self.samples)}"
        return f"<Step: update {self.update} of seed {self.trial.seed}, by {by}; text() has its numbers>"

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self.text())}</pre>"

    @property
    def experiment(self) -> Experiment:
        """What is trained."""
        return self.trial.experiment

    @property
    def x(self) -> Float:
        """The samples, without noise, shape (samples, features)."""
        return self.trial.dataset.train.x[self.samples]

    @property
    def network_before(self) -> MultilayerPerceptron:
        """The network before the update."""
        return self._network([(each.weights.before, each.biases.before) for each in self.layers])

    @property
    def network_after(self) -> MultilayerPerceptron:
        """The network after the update; weights of a best epoch are not restored."""
        return self._network([(each.weights.after, each.biases.after) for each in self.layers])

    def _network(self, layers: Sequence[tuple[Float, Float]]) -> MultilayerPerceptron:
        weights, biases = zip(*layers, strict=True)
        activations = self.experiment.network.activations
        return MultilayerPerceptron(weights, biases, activations, self.trial.head)

    def text(
        self,
        neurons: Sequence[tuple[int, int]] | None = None,
        weight: tuple[int, int, int] | None = None,
        width: int = 80,
    ) -> str:
        """Return the update as formulas with their numbers filled in.

        Parameters
        ----------
        neurons : sequence of (layer, neuron), optional
            Which to show, counted from 1; layer 1 is the first hidden one. By default all of a small
            network, else that of the largest `|δ|` in each layer.
        weight : (layer, neuron, input), optional
            Whose update to show, counted from 1; input 0 is the bias. By default that of the largest
            `|∂L/∂w|`.
        width : int
            Characters of a line.

        Raises
        ------
        MlplabError
            If one of them is not there, or is no whole number.
        """
        return step_text(self, neurons, weight, width)


def step(
    experiment: Experiment,
    seed: int = 0,
    *,
    update: int = 0,
    point: int | None = None,
    data: Any = None,
    label: str | None = None,
) -> Step:
    """Return one update of a training with all its numbers, which are the engine's own.

    Parameters
    ----------
    experiment : Experiment
    seed : int
    update : int
        Which one, counted from 0: the network has made so many updates before.
    point : int, optional
        Number of a training sample, from 0: the update that it alone would make from the same state, with
        the noise of its place in the epoch. By default the update is the training's own, by its batch.
    data, label : optional
        Own samples, as in `mlplab.train`.

    Raises
    ------
    MlplabError
        If the update is beyond the end of the training, there is no such sample, or the training does not
        fit into memory; and as `draw`.

    Examples
    --------
    >>> training = {"optimizer": {"kind": "sgd", "learning_rate": 1.0}, "batch_size": 16}
    >>> found = step(Experiment(dataset="linear", training=training), update=2)
    >>> layer = found.layers[0]
    >>> bool(np.allclose(layer.weights.gradient, layer.delta.T @ layer.inputs, atol=1e-7))
    True
    """
    check_memory([Trials.from_seeds(experiment, [seed], data, label)], threads=1, keep_weights=1)
    trial = draw(experiment, seed, data, label)
    update = whole_number("update", update, least=0)
    if update >= trial.updates:
        raise MlplabError(
            f"the training has {trial.updates} updates, of which the last is number "
            f"{trial.updates - 1}, received update={update}"
        )
    count = len(trial.dataset.train)
    if point is not None and whole_number("point", point, least=0) >= count:
        raise MlplabError(
            f"there are {count} training samples, numbers 0 to {count - 1}, received point={point}"
        )
    stepper = Stepper(trial)
    stepper.train(update)
    if stepper.stopped or stepper.diverged:
        how = "diverged" if stepper.diverged else "stopped early"
        raise MlplabError(
            f"the training of seed {trial.seed} {how} after {stepper.step} updates, of which the last "
            f"is number {stepper.step - 1}, received update={update}"
        )
    return _step(trial, stepper, point)


def _step(trial: Trial, stepper: Stepper, point: int | None) -> Step:
    made = stepper.observe(point)
    epoch, shuffle = stepper.epoch, trial.shuffle(stepper.epoch)
    if point is None:
        places = np.arange(stepper.used, stepper.used + len(made.h[0]))
    else:
        places = np.flatnonzero(shuffle == point)
    samples = shuffle[places]
    all_weights = trial.training_weights
    head, targets = trial.head, trial.targets(trial.dataset.train)[samples]
    return Step(
        trial=trial,
        update=stepper.step,
        epoch=epoch,
        point=point,
        samples=samples,
        y=head.smoothed(targets),
        sample_weights=np.ones(len(samples)) if all_weights is None else all_weights[samples],
        outputs_before=made.h[-1],
        outputs_after=made.outputs_after,
        loss_before=made.loss,
        loss_after=made.loss_after,
        penalty_before=made.penalty,
        penalty_after=made.penalty_after,
        step_sizes=tuple(made.step_sizes.tolist()),
        layers=tuple(_layer(trial, made, layer, epoch, places) for layer in range(len(made.delta))),
    )


def _layer(
    trial: Trial, made: ObservedUpdate, layer: int, epoch: int, places: NDArray[np.int64]
) -> LayerStep:
    network = trial.experiment.network
    is_hidden = layer < network.hidden_layers
    drops = is_hidden and network.dropout_rates[layer] > 0
    return LayerStep(
        activation=network.activations[layer] if is_hidden else None,
        inputs=made.h[layer],
        z=made.z[layer],
        h=made.h[layer + 1],
        mask=trial.dropout_mask(epoch, places, layer) if drops else None,
        delta=made.delta[layer],
        weights=_parameters(trial, made, 0, layer),
        biases=_parameters(trial, made, 1, layer),
    )


def _parameters(trial: Trial, made: ObservedUpdate, which: int, layer: int) -> ParameterStep:
    """Return what happens to W (0) or b (1) of a layer."""

    def part(layers: Layers) -> Float:
        return layers[which][layer]

    optimizer = trial.experiment.training.optimizer
    remembered = zip(
        optimizer.moment_symbols, (made.first_moment, made.second_moment), strict=False
    )
    # The engine's moments begin at 0: what a kind's begin with is added where they are read.
    moments = [
        tuple(part(layers) + optimizer.initial_moments[i] for layers in moment)
        for i, (symbol, moment) in enumerate(remembered)
        if symbol in optimizer.used_moments
    ]
    return ParameterStep(
        gradient=part(made.gradient),
        penalised=part(made.penalised),
        taken=part(made.taken),
        before=part(made.before),
        after=part(made.after),
        moments_before=tuple(before for before, _ in moments),
        moments_after=tuple(after for _, after in moments),
    )
