"""The programs that JAX compiles: an epoch of many networks, and the evaluation of what they became.

Each is written for one network and mapped over a population by `vmap`. The updates of an epoch are a
scan over its whole batches; what is left of the samples is a smaller batch after them.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np

from mlplab.frameworks.jax.backend import Array, jax
from mlplab.frameworks.jax.formulas import by_jax
from mlplab.frameworks.jax.network import Layers, backpropagation, forward
from mlplab.frameworks.jax.noise import epoch_key_of, input_noise_of, masks_of
from mlplab.frameworks.jax.updating import Moments, moved, penalised
from mlplab.spec import ACTIVATIONS, Experiment, Head, Network, OptimizerSpec
from mlplab.spec.activations import Activation
from mlplab.spec.initializers import Zeros
from mlplab.spec.optimizers.base import FREE


class State(NamedTuple):
    """A network on its way: its parameters, and what the optimizer remembers."""

    layers: Layers
    moments: Moments


class Data(NamedTuple):
    """What a network is trained and validated on, and the key of its noise.

    Attributes
    ----------
    x, y : Array, shapes (samples, features) and (samples, outputs)
    weight : Array, shape (samples, 1), or None
        How much each training sample weighs.
    x_validation, y_validation : Array
    noise_key : Array of uint64, shape ()
    """

    x: Array
    y: Array
    weight: Array | None
    x_validation: Array
    y_validation: Array
    noise_key: Array


class Programs(NamedTuple):
    """What decides how networks are trained, and the compiled programs of it; all but learning rates.

    Attributes
    ----------
    network : Network
    activations : tuple of Activation
        Of the hidden layers: what their names stood for when the programs were made.
    optimizer : OptimizerSpec
    head : Head
    batch_size : int
    dtype : str
    """

    network: Network
    activations: tuple[Activation, ...]
    optimizer: OptimizerSpec
    head: Head
    batch_size: int
    dtype: str

    def forward(self, layers: Layers, x: Array, masks: list[Array] | None = None) -> Any:
        """Pass samples through a network."""
        return forward(layers, self.activations, self.head, x, masks)

    def update(
        self, state: State, data: Data, of_epoch: Array, batch: tuple[Array, Array, Array]
    ) -> tuple[State, tuple[Array, Array, Array]]:
        """Move a network by a batch: its indices, its places in the epoch's order, and its step sizes.

        Returns the network, and the batch's loss and penalty, times its size, and its outputs.
        """
        indices, places, sizes = batch
        x, y = data.x[indices], data.y[indices]
        weight = 1.0 if data.weight is None else data.weight[indices]
        widths = self.network.layer_widths
        masks = masks_of(self.network, of_epoch, places, widths, self.dtype)
        if self.network.input_noise:
            x += input_noise_of(self.network, of_epoch, places, x.shape[1], self.dtype)
        layers = state.layers
        passed = self.forward(layers, x, masks)
        delta = by_jax(self.head.delta)(passed.output, y, weight)
        gradients = backpropagation(layers, self.activations, passed, delta, masks)
        regularizer = self.network.kernel_regularizer
        slopes = penalised(regularizer, layers.weights, gradients.weights)
        after = moved(
            self.optimizer, layers, gradients._replace(weights=slopes), sizes, state.moments
        )
        loss = by_jax(self.head.mean_loss)(passed.output, y, weight).astype(np.float64)
        count = len(indices)
        return State(*after), (count * loss, count * self.penalty(layers), passed.output)

    def penalty(self, layers: Layers) -> Array:
        """Return what the regularizer says of a network's weights; 0 without one."""
        regularizer = self.network.kernel_regularizer
        of_layer = [] if regularizer is None else map(by_jax(regularizer.function), layers.weights)
        return sum(of_layer, jax.numpy.zeros((), np.float64))

    def evaluate(self, layers: Layers, x: Array, y: Array) -> tuple[Array, Array]:
        """Return loss and metric, shape (2,), and outputs over all samples, none of which is weighted."""
        p = self.forward(layers, x).output
        scores = by_jax(self.head.mean_loss)(p, y), by_jax(self.head.metric)(p, y)
        return jax.numpy.stack([s.astype(np.float64) for s in scores]), p

    def epoch(
        self,
        state: State,
        data: Data,
        active: Array,
        scale: Array,
        shuffle: Array,
        epoch: Array,
        step_sizes: Array,
    ) -> tuple[State, Array]:
        """Train a network for an epoch; one that is not active stays as it is.

        Parameters
        ----------
        active : Array of bool, shape ()
        scale : Array of float64, shape ()
            What step sizes are multiplied by, as far as they follow the learning rate.
        shuffle : Array of int32, shape (samples,)
        epoch : Array of uint64, shape (1,)
        step_sizes : Array of float64, shape (updates, step sizes)

        Returns
        -------
        state : State
        scores : Array of float64
            In the order of `History`: loss and metric of the training and on validation samples, and the
            penalties of both where there is a regularizer.
        """
        follows = np.arange(step_sizes.shape[1]) != FREE
        sizes = jax.numpy.where(follows, scale * step_sizes, step_sizes).astype(self.dtype)
        of_epoch = epoch_key_of(data.noise_key, epoch)
        places = jax.numpy.arange(len(shuffle), dtype=np.uint64)
        whole = len(shuffle) // self.batch_size
        cut = whole * self.batch_size
        batches = [a[:cut].reshape(whole, self.batch_size) for a in (shuffle, places)]

        def step(state: State, batch: Any) -> Any:
            return self.update(state, data, of_epoch, batch)

        after, (losses, penalties, outputs) = jax.lax.scan(step, state, (*batches, sizes[:whole]))
        loss, penalty = losses.sum(), penalties.sum()
        outputs = outputs.reshape(cut, outputs.shape[-1])
        if cut < len(shuffle):
            rest = shuffle[cut:], places[cut:], sizes[whole]
            after, (of_rest, penalty_of_rest, last) = step(after, rest)
            loss, penalty = loss + of_rest, penalty + penalty_of_rest
            outputs = jax.numpy.concatenate([outputs, last])
        metric = by_jax(self.head.metric)(outputs, data.y[shuffle]).astype(np.float64)
        on_validation, _ = self.evaluate(after.layers, data.x_validation, data.y_validation)
        scores = [loss / len(shuffle), metric, *on_validation]
        if self.network.kernel_regularizer is not None:
            scores += [penalty / len(shuffle), self.penalty(after.layers)]
        kept = jax.tree.map(lambda new, old: jax.numpy.where(active, new, old), after, state)
        return kept, jax.numpy.stack(scores)


class Compiled:
    """The programs of a population, compiled when they are first called for its sizes.

    Parameters
    ----------
    programs : Programs
    shares_samples : bool
        Whether all networks have the same samples, which then come once; else one set for each.
    """

    def __init__(self, programs: Programs, shares_samples: bool) -> None:
        self.programs = programs
        self._samples = None if shares_samples else 0

    @cached_property
    def epoch(self) -> Any:
        """`Programs.epoch` for each network; all have the same epoch and step sizes."""
        axis = self._samples
        data = Data(axis, axis, axis, axis, axis, noise_key=0)
        return jax.jit(jax.vmap(self.programs.epoch, in_axes=(0, data, 0, 0, 0, None, None)))

    @cached_property
    def evaluate(self) -> Any:
        """`Programs.evaluate` for each network on its samples."""
        return jax.jit(jax.vmap(self.programs.evaluate, in_axes=(0, self._samples, self._samples)))


@lru_cache(maxsize=16)
def _compiled(programs: Programs, shares_samples: bool) -> Compiled:
    return Compiled(programs, shares_samples)


def programs_of(experiment: Experiment, shares_samples: bool = False) -> Compiled:
    """Return the programs of an experiment; others that differ in what they do not read share them.

    They read no learning rates, initializers or numbers of epochs.
    """
    training, network = experiment.training, experiment.network
    optimizer = training.optimizer.model_copy(update={"learning_rate": 1.0})
    begins = dict.fromkeys(("initializer", "bias_initializer"), Zeros())
    activations = tuple(ACTIVATIONS[name] for name in network.activations)
    programs = Programs(
        *(network.model_copy(update=begins), activations, optimizer, experiment.head),
        *(training.batch_size, training.dtype),
    )
    return _compiled(programs, shares_samples)


@jax.jit  # type: ignore[untyped-decorator]  # JAX's modules are of no type here
def select(mask: Array, these: Any, others: Any) -> Any:
    """Return `these` arrays for the networks that a mask marks, and the `others` for the rest."""

    def of_array(a: Array, b: Array) -> Array:
        return jax.numpy.where(mask.reshape(-1, *[1] * (a.ndim - 1)), a, b)

    return jax.tree.map(of_array, these, others)
