"""What the tests of studies share: set-ups that are trained at once, and ways to begin and to end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplab.playground.studies.accuracy_map import AccuracyMap
from mlplab.playground.studies.comparison import SetUpComparison
from mlplab.playground.studies.hyperparameters import find_hyperparameter, with_value
from mlplab.playground.studies.study import Study
from mlplab.spec import SGD, Experiment, Network, Polar, Training


@pytest.fixture(scope="session")
def small() -> Experiment:
    """A set-up whose hundred runs are trained at once."""
    return Experiment(
        dataset=Polar(train_per_class=16, test_per_class=32),
        network=Network(hidden_layers=1, layer_width=3, activation="tanh"),
        training=Training(optimizer=SGD(learning_rate=0.5), batch_size=8, epochs=2),
    )


@pytest.fixture(scope="session")
def longer(small: Experiment) -> Experiment:
    """The small set-up, trained for long enough to become better."""
    return with_value(small, "training.epochs", 60)


@pytest.fixture(scope="session")
def wild(small: Experiment) -> Experiment:
    """A set-up of which most runs diverge."""
    network = Network(hidden_layers=2, layer_width=3, activation="relu")
    steep = with_value(small, "training.optimizer.learning_rate", 1e30)
    return steep.model_copy(update={"network": network})


@pytest.fixture
def compare() -> Callable[..., SetUpComparison]:
    """A function that begins a comparison of two set-ups; its pairs have the seeds after `seed`."""

    def begin(a: Experiment, b: Experiment, seed: int = 0) -> SetUpComparison:
        return SetUpComparison(a, b, seed, lambda: None)

    return begin


@pytest.fixture
def draw_map(small: Experiment) -> Callable[..., AccuracyMap]:
    """A function that begins a map, whose runs have the seeds after 5; of two numbers by their paths."""

    def begin(
        experiment: Experiment = small,
        across: str = "training.batch_size",
        up: str = "training.optimizer.learning_rate",
    ) -> AccuracyMap:
        right, upwards = (find_hyperparameter(experiment, path) for path in (across, up))
        return AccuracyMap(experiment, 5, right, upwards, lambda: None)

    return begin


@pytest.fixture
def finish() -> Callable[[Study], int]:
    """A function that trains a study to its end, and returns the parts that it took."""

    def train(study: Study) -> int:
        parts = 0
        while study.under_way:
            study.work()
            parts += 1
        return parts

    return train
