"""What is trained for its time: the same samples, updates and loss for all sides, and the goals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from mlplab.batches import count_batches
from mlplab.report.experiments import EXPERIMENTS
from mlplab.spec import SGD, Experiment, Linear, Polar


@dataclass(frozen=True)
class Workload:
    """An experiment whose training is timed, and how many networks of it.

    The peers write out what the lab's experiments need: hidden layers of relu, all of one width, mean
    squared error, and gradient descent with or without momentum.

    Attributes
    ----------
    id : str
        Of the lab's experiment that it is made of.
    experiment : Experiment
        Its epochs are those of one measurement.
    population : int
        Networks that the engine, and others that can, train together; the rest train one.
    goals : mapping of str to float
        From a side's name to how many times as long it should at least take as the engine.
    """

    id: str
    experiment: Experiment
    population: int
    goals: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.is_written_out or self.population < 1:
            raise ValueError(f"the peers of the bench do not train this: {self}")

    @property
    def is_written_out(self) -> bool:
        """Whether the peers have all that the experiment has."""
        training, network = self.experiment.training, self.experiment.network
        return (
            isinstance(self.experiment.dataset, Linear | Polar)
            and set(network.layer_widths) <= {network.layer_width}
            and set(network.activations) <= {"relu"}
            and training.loss == "mean_squared_error"
            and training.dtype == "float32"
            and isinstance(training.optimizer, SGD)
            and not training.optimizer.nesterov
        )

    @property
    def name(self) -> str:
        """What tables call it.

        Examples
        --------
        >>> lab_workload("1.2-relu", population=1024, epochs=1).name
        '1.2-relu, population of 1,024'
        """
        many = f"population of {self.population:,}"
        return f"{self.id}, {'one network' if self.population == 1 else many}"

    @property
    def epochs(self) -> int:
        """Epochs of one measurement."""
        return self.experiment.training.epochs

    def lasting(self, epochs: int) -> Workload:
        """Return the workload with another number of epochs."""
        return replace(self, experiment=self.experiment.varied({"training.epochs": epochs}))

    @property
    def classes(self) -> int:
        """Classes K."""
        return cast(Linear | Polar, self.experiment.dataset).classes

    @property
    def samples(self) -> int:
        """Training samples."""
        return self.classes * cast(Linear | Polar, self.experiment.dataset).train_per_class

    @property
    def updates(self) -> int:
        """Updates of each network in one epoch: ⌈samples / batch size⌉."""
        return count_batches(self.samples, self.experiment.training.batch_size)

    @property
    def operations(self) -> int:
        """Additions and multiplications of the matrix products in one epoch of one network.

        2 · samples · (Σ nₗ nₗ₋₁ forward + Σ nₗ nₗ₋₁ for ∂L/∂W + Σ_{l>1} nₗ nₗ₋₁ for δ), n the sizes of
        inputs, layers and outputs. Biases, activations, softmax and the updates come on top, and count
        as time only.

        Examples
        --------
        >>> lab_workload("1.3", population=64, epochs=1).operations
        350464000
        """
        sizes = self.experiment.layer_sizes(features=2, answers=self.classes)
        products = [n * m for n, m in zip(sizes[1:], sizes[:-1], strict=True)]
        return 2 * self.samples * (3 * sum(products) - products[0])


def lab_workload(
    id: str, population: int, epochs: int, goals: Mapping[str, float] | None = None
) -> Workload:
    """Return one of the lab's experiments as a workload.

    Validation and test samples shrink to one of each class: no side looks at them while time is taken.
    """
    shortened = EXPERIMENTS[id].varied({"dataset.test_per_class": 1, "training.epochs": epochs})
    return Workload(id, shortened, population, goals or {})


def workloads(quick: bool) -> list[Workload]:
    """Return what the bench compares, with the goals; quick ones train for fewer epochs at a time."""
    return [
        lab_workload(
            "1.3",
            population=64,
            epochs=1 if quick else 5,
            goals={
                "sgemm": 0.6,
                "keras-fit": 10,
                "jax-vmap": 5,
                "scikit-learn": 12,
                "pytorch": 20,
            },
        ),
        lab_workload(
            "1.2-relu", population=1024, epochs=4 if quick else 20, goals={"keras-fit": 1000}
        ),
        lab_workload("1.3", population=1, epochs=4 if quick else 20, goals={"keras-fit": 4}),
    ]


def whole_workload(workload: Workload) -> Workload:
    """Return the lab's experiment that a workload is made of, with all its epochs and samples."""
    return Workload(workload.id, EXPERIMENTS[workload.id], workload.population)
