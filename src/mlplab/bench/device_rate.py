"""Networks a second from `trainer="jax"` on a device, beside the engine on this machine's cores.

Both make runs of experiments as a user does, by `mlplab.train`: draws, training, validation after every
epoch, evaluation and results. They are measured right after one another, in rounds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from statistics import median
from typing import Any, Literal

import numpy as np

from mlplab.bench.machine import machine
from mlplab.bench.rounds import Pair, measure_pairs
from mlplab.bench.tables import TextTable
from mlplab.bench.taken import Taken, time_of
from mlplab.bench.wording import digits, duration, percentage, times
from mlplab.errors import MlplabError, suggestion
from mlplab.report.experiments import EXPERIMENTS
from mlplab.sequential import part_size
from mlplab.spec import Experiment
from mlplab.trainers import load_trainer
from mlplab.training import train
from mlplab.trial import Trials

DeviceKind = Literal["cpu", "gpu"]

TRAINED = "1.3"
"""The experiment of the lab that is measured, if nothing else is said."""

NETWORKS: dict[DeviceKind, int] = {"gpu": 10_000, "cpu": 64}
"""Networks of a measurement, if nothing else is said."""

QUICK_EPOCHS = 2


@dataclass(frozen=True)
class DeviceRate:
    """What was measured.

    Attributes
    ----------
    device : str
        The device's name, as JAX has it.
    kind : str
        cpu or gpu.
    name : str
        Of the experiment.
    experiment : Experiment
    networks, together : int
        Of a measurement, and how many of them JAX trains at a time.
    threads : int
        Of the engine.
    first_seconds : float
        What JAX took for `together` networks of one epoch at first, with their draws and compiling.
    again_seconds : float
        What it took for the same once more.
    pair : Pair
        The engine's call is "ours", that of JAX "theirs".
    accuracies : (float, float)
        Mean test accuracy of the networks, by the engine and by JAX: the same work has about the same.
    """

    device: str
    kind: DeviceKind
    name: str
    experiment: Experiment
    networks: int
    together: int
    threads: int
    first_seconds: float
    again_seconds: float
    pair: Pair
    accuracies: tuple[float, float]

    def as_json(self) -> dict[str, Any]:
        """Return all that was measured, and on what."""
        return {
            "device": self.device,
            "kind": self.kind,
            "machine": machine(),
            "name": self.name,
            "experiment": self.experiment.model_dump(mode="json"),
            "networks": self.networks,
            "together": self.together,
            "threads": self.threads,
            "first_seconds": self.first_seconds,
            "again_seconds": self.again_seconds,
            "engine": [asdict(taken) for taken in self.pair.ours],
            "jax": [asdict(taken) for taken in self.pair.theirs],
            "test_accuracy": {"engine": self.accuracies[0], "jax": self.accuracies[1]},
            "jax_takes_times_as_long": self.pair.ratio,
        }

    def table(self) -> TextTable:
        """Return both rates: medians of the rounds."""
        rows = [
            (f"engine, {self.threads} threads", self.pair.ours, self.accuracies[0]),
            (f"jax on {self.device}", self.pair.theirs, self.accuracies[1]),
        ]
        epochs = self.experiment.training.epochs
        title = f"{self.networks:,} networks of {self.name}, {epochs} epochs, end to end"
        head = ("", "seconds", "networks a second", "mean test accuracy")
        return TextTable(title, head, tuple(map(self._row, rows)))

    def _row(self, of_side: tuple[str, tuple[Taken, ...], float]) -> tuple[str, ...]:
        name, taken, accuracy = of_side
        seconds = median(each.seconds for each in taken)
        return name, digits(seconds), digits(self.networks / seconds), percentage(accuracy, 2)

    def sentence(self) -> str:
        """Say how both compare, and what compiling takes."""
        ratio, rounds = self.pair.ratio, self.pair.ratios
        if ratio >= 1:
            found = f"JAX takes {times(ratio)} as long as the engine"
        else:
            found = f"The engine takes {times(1 / ratio)} as long as JAX"
            rounds = [1 / each for each in rounds]
        return (
            f"{found} ({times(min(rounds))} to {times(max(rounds))} in the rounds). JAX trains "
            f"{self.together:,} networks at a time; to draw as many and train them for an epoch took "
            f"{duration(self.first_seconds)} with compiling, and {duration(self.again_seconds)} without."
        )


def measure_device(
    kind: str,
    networks: int | None,
    threads: int,
    rounds: int,
    quick: bool = False,
    name: str = TRAINED,
    on_pair: Callable[[], None] = lambda: None,
) -> DeviceRate:
    """Measure the engine and JAX on a device.

    Parameters
    ----------
    kind : str
        cpu or gpu.
    networks : int, optional
        Of a measurement; by default as `NETWORKS` has it.
    threads : int
        Of the engine.
    rounds : int
        At least 1.
    quick : bool
        Whether to train for a few epochs only.
    name : str
        Of the lab's experiment that is trained.
    on_pair : callable
        Called after each round.

    Raises
    ------
    MlplabError
        If the kind or the experiment is unknown, JAX has no such device, or a number is below 1.
    MissingExtraError
        If JAX is not installed.
    """
    device, known = _device(kind)
    if name not in EXPERIMENTS:
        raise MlplabError(f"unknown experiment '{name}'; {suggestion(name, EXPERIMENTS)}")
    experiment = EXPERIMENTS[name]
    if quick:
        experiment = experiment.varied({"training.epochs": QUICK_EPOCHS})
    count = NETWORKS[known] if networks is None else networks
    for what, value in (("rounds", rounds), ("networks", count)):
        if value < 1:
            raise MlplabError(f"{what} must be at least 1, received {value}")
    from mlplab.frameworks.jax.backend import jax

    accuracies: dict[str, float] = {}

    def take(trainer: str, **options: Any) -> None:
        runs = train(experiment, count, trainer=trainer, **options)
        accuracies[trainer] = float(np.mean(runs.test_accuracy))

    with jax.default_device(device):
        trials = Trials.from_seeds(experiment, range(count))
        together = part_size(count, load_trainer("jax").networks_together(trials))
        short = experiment.varied({"training.epochs": 1})
        first, again = (_seconds_of_jax(short, together) for _ in range(2))
        train(short, min(count, 64), threads=threads)  # the engine compiles, too
        own = partial(time_of, partial(take, "engine", threads=threads))
        pairs = measure_pairs(own, {"jax": partial(time_of, partial(take, "jax"))}, rounds, on_pair)
    both = accuracies["engine"], accuracies["jax"]
    card = f"{device.device_kind} ({device.platform})" if known == "gpu" else "cpu"
    of = (name, experiment, count, together, threads)
    return DeviceRate(card, known, *of, first, again, pairs["jax"], both)


def _seconds_of_jax(experiment: Experiment, networks: int) -> float:
    began = time.perf_counter()
    train(experiment, networks, trainer="jax")
    return time.perf_counter() - began


def _device(kind: str) -> tuple[Any, DeviceKind]:
    """Return JAX's first device of a kind, and the kind."""
    if kind not in NETWORKS:
        raise MlplabError(f"device must be cpu or gpu, received '{kind}'")
    from mlplab.frameworks.jax.backend import first_device

    return first_device(kind), "gpu" if kind == "gpu" else "cpu"
