"""JAX: an epoch as one compiled program, for one network, or for many at once by `vmap`."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from mlplab.bench.outcome import outcome_of
from mlplab.bench.side import Outcome
from mlplab.bench.taken import Taken, time_of
from mlplab.bench.workload import Workload
from mlplab.spec import learning_rates
from mlplab.trial import draw

Array = Any


def loss_and_hits(parameters: Array, x: Array, y: Array) -> tuple[Array, Array]:
    """Return the mean squared error of the softmax output, and the number of right answers.

    Parameters
    ----------
    parameters : list of (W, b), W of shape (inputs, outputs)
    x : Array, shape (samples, 2)
    y : Array, shape (samples, K)
        One-hot labels.
    """
    *hidden, last = parameters
    for w, b in hidden:
        x = jax.nn.relu(x @ w + b)
    p = jax.nn.softmax(x @ last[0] + last[1])
    hits = jnp.sum(jnp.argmax(p, axis=1) == jnp.argmax(y, axis=1))
    return jnp.mean((p - y) ** 2), hits


def update(momentum: float, state: Array, batch: Array) -> tuple[Array, Array]:
    """Move the parameters by one batch, as Keras does: v = μ v - η g, w += v."""
    parameters, velocity = state
    x, y, rate = batch
    (loss, hits), gradient = jax.value_and_grad(loss_and_hits, has_aux=True)(parameters, x, y)
    velocity = jax.tree.map(lambda v, g: momentum * v - rate * g, velocity, gradient)
    parameters = jax.tree.map(jnp.add, parameters, velocity)
    return (parameters, velocity), jnp.stack([loss * len(x), hits])


def epoch(
    size: int, momentum: float, state: Array, x: Array, y: Array, indices: Array, rates: Array
) -> tuple[Array, Array]:
    """Train one network for one epoch; return its state, and its loss and accuracy on the way."""
    samples, move = len(x), partial(update, momentum)
    whole = samples // size
    x, y = x[indices], y[indices]
    batches = tuple(part[: whole * size].reshape(whole, size, -1) for part in (x, y))
    # Two batches a turn are faster than one for one network, and than four.
    state, seen = jax.lax.scan(move, state, (*batches, rates[:whole]), unroll=2)
    total = seen.sum(axis=0)
    if whole * size < samples:
        state, rest = move(state, (x[whole * size :], y[whole * size :], rates[whole]))
        total += rest
    return state, total / samples


class Scan:
    """One network."""

    def __init__(self, workload: Workload, threads: int) -> None:
        training = workload.experiment.training
        self.workload = workload
        self.networks = self._networks()
        self.trials = [draw(workload.experiment, seed) for seed in range(self.networks)]
        self.x = self._device([t.dataset.train.x for t in self.trials])
        self.y = self._device([t.dataset.one_hot(t.dataset.train.y) for t in self.trials])
        self.shuffles = [
            self._device([t.shuffle(epoch).astype(np.int32) for t in self.trials])
            for epoch in range(workload.epochs)
        ]
        rates = learning_rates(
            training.optimizer.learning_rate, np.arange(self.trials[0].updates, dtype=np.float64)
        )
        self.rates = [jnp.array(r, jnp.float32) for r in np.split(rates, workload.epochs)]
        parameters = [
            (self._device([w.T for w in weights]), self._device(biases))
            for weights, biases in zip(
                zip(*(t.weights for t in self.trials), strict=True),
                zip(*(t.biases for t in self.trials), strict=True),
                strict=True,
            )
        ]
        self.initial = parameters, jax.tree.map(jnp.zeros_like, parameters)
        momentum = getattr(training.optimizer, "momentum", 0.0)
        self.epoch = jax.jit(self._for_all(partial(epoch, training.batch_size, momentum)))

    def _networks(self) -> int:
        return 1

    def _device(self, parts: Any) -> Array:
        """Put what belongs to the one network where JAX computes."""
        return jnp.array(parts[0])

    def _for_all(self, function: Any) -> Any:
        return function

    def train(self) -> Taken:
        """Train from the initial weights, and return what it took."""
        return time_of(self._train)

    def _train(self) -> None:
        state, seen = self.initial, []
        for indices, rates in zip(self.shuffles, self.rates, strict=True):
            state, scores = self.epoch(state, self.x, self.y, indices, rates)
            seen.append(scores)
        self.state, self.history = jax.block_until_ready((state, seen))  # type: ignore[no-untyped-call]  # JAX has no type for it

    def outcome(self) -> Outcome:
        """Return what became of the first network."""
        layers = [(np.asarray(w), np.asarray(b)) for w, b in self._first(self.state[0])]
        weights, biases = [w.T for w, _ in layers], [b for _, b in layers]
        updates = sum(map(len, self.rates))
        return outcome_of(self.trials[0], (weights, biases), updates)

    def _first(self, parameters: Array) -> Array:
        return parameters


class Vmap(Scan):
    """The whole population, along a leading axis of every array."""

    def _networks(self) -> int:
        return self.workload.population

    def _device(self, parts: Any) -> Array:
        """Stack what belongs to each network."""
        return jnp.array(np.stack(parts))

    def _for_all(self, function: Any) -> Any:
        return jax.vmap(function, in_axes=(0, 0, 0, 0, None))

    def _first(self, parameters: Array) -> Array:
        return jax.tree.map(lambda array: array[0], parameters)
