"""JAX, as a user writes it who wants many networks: `jit` of `vmap` over draw and training."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from mlplab.bench.peers.jax import loss_and_hits
from mlplab.bench.side import Outcome
from mlplab.bench.taken import Taken, time_of
from mlplab.bench.workload import Workload
from mlplab.spec import SGD, Experiment, RandomNormal

Array = Any

MOST_NETWORKS = 256
"""That it trains at a time; more are not faster."""


def draw_samples(key: Array, dataset: Any, per_class: int) -> tuple[Array, Array]:
    """Draw x, (samples, 2), and one-hot y, (samples, K), of the dataset's recipe."""
    k = jnp.repeat(jnp.arange(dataset.classes), per_class)
    noise = dataset.sigma * jax.random.normal(key, (len(k), 2))
    y = jax.nn.one_hot(k, dataset.classes)
    if dataset.kind == "linear":
        return (k + 1)[:, None] / (dataset.classes + 1) + noise, y
    angle = jax.random.uniform(jax.random.fold_in(key, 1), k.shape, maxval=2 * jnp.pi)
    radius = jnp.abs(k / dataset.classes + noise[:, 0])
    return jnp.stack([radius * jnp.cos(angle), radius * jnp.sin(angle)], axis=1), y


def draw_and_train(experiment: Experiment, key: Array) -> tuple[Array, Array, Array]:
    """Train one network from fresh draws.

    Returns
    -------
    parameters : list of (W, b), W of shape (inputs, outputs)
    losses : Array, shape (epochs, batches)
    accuracy : Array
        On the test split.
    """
    training = experiment.training
    dataset: Any = experiment.dataset
    normal: Any = experiment.network.initializer
    rate: Any = getattr(training.optimizer, "learning_rate", None)
    samples, tested, weights, shuffles = jax.random.split(key, 4)
    x, y = draw_samples(samples, dataset, dataset.train_per_class)
    sizes = experiment.layer_sizes(features=2, answers=dataset.classes)
    parameters = [
        (normal.mean + normal.stddev * jax.random.normal(k, shape), jnp.zeros(shape[1]))
        for k, *shape in zip(
            jax.random.split(weights, len(sizes) - 1), sizes[:-1], sizes[1:], strict=True
        )
    ]

    def update(parameters: Array, batch: Array) -> tuple[Array, Array]:
        (loss, _), gradient = jax.value_and_grad(loss_and_hits, has_aux=True)(parameters, *batch)
        return jax.tree.map(lambda p, g: p - rate * g, parameters, gradient), loss

    def epoch(parameters: Array, key: Array) -> tuple[Array, Array]:
        indices = jax.random.permutation(key, len(x)).reshape(-1, training.batch_size)
        return jax.lax.scan(update, parameters, (x[indices], y[indices]))

    keys = jax.random.split(shuffles, training.epochs)
    parameters, losses = jax.lax.scan(epoch, parameters, keys)
    x_test, y_test = draw_samples(tested, dataset, dataset.test_per_class)
    return parameters, losses, loss_and_hits(parameters, x_test, y_test)[1] / len(x_test)


class DrawAndTrain:
    """A population, drawn and trained in one call of one compiled program.

    Raises
    ------
    ValueError
        If the workload needs more than these lines have: momentum, a schedule, other initial weights
        than normal ones, or a last batch that is smaller.
    """

    def __init__(self, workload: Workload, threads: int) -> None:
        experiment = workload.experiment
        optimizer = experiment.training.optimizer
        if not (
            isinstance(optimizer, SGD)
            and isinstance(optimizer.learning_rate, float)
            and optimizer.momentum == 0
            and isinstance(experiment.network.initializer, RandomNormal)
            and workload.samples % experiment.training.batch_size == 0
        ):
            raise ValueError(f"JAX as a user writes it does not train this: {workload}")
        self.networks = min(workload.population, MOST_NETWORKS)
        self.keys = jax.random.split(jax.random.key(0), self.networks)
        self.program = jax.jit(jax.vmap(partial(draw_and_train, experiment)))

    def train(self) -> Taken:
        """Draw and train, and return what it took."""
        return time_of(self._train)

    def _train(self) -> None:
        self.parameters, self.losses, self.accuracy = jax.block_until_ready(  # type: ignore[no-untyped-call]  # JAX has no type for it
            self.program(self.keys)
        )

    def outcome(self) -> Outcome:
        """Return what became of the first network; losses are its own, of the first and last epoch."""
        losses = np.asarray(self.losses[0], np.float64)
        return Outcome(losses.size, float(losses[0].mean()), float(losses[-1].mean()))
