"""A kind that is defined outside of the package, here, is known to all that draws, trains and lists."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import Field

from mlplab.cli.data import dataset_spec, describe
from mlplab.data import draw_dataset
from mlplab.drawing import draw_weights
from mlplab.elementary import normal_quantile
from mlplab.errors import MlplabError, SpecError
from mlplab.kernel import kernel
from mlplab.spec import (
    ClassRecipe,
    DatasetSpec,
    Experiment,
    InitializerSpec,
    Schedule,
    learning_rates,
    recipes,
)
from mlplab.spec.part import Positive
from mlplab.training import train
from mlplab.trial import draw

Float64 = NDArray[np.float64]


def define() -> SimpleNamespace:
    """Define a schedule, an initializer and a dataset of three features."""

    class Halved(Schedule):
        """Half the rate after so many updates, and half of that after as many more."""

        kind: Literal["halved"] = "halved"
        start: Annotated[float, Field(ge=0)] = 0.5
        every: Positive = 4

        @staticmethod
        @kernel
        def rate(t: float, start: float, every: float) -> float:
            """η = start / 2^⌊t / every⌋."""
            halves = np.floor(t / every)
            while halves > 0:
                start, halves = start / 2, halves - 1
            return start

    class Signs(InitializerSpec):
        """Every weight is `size` or -`size`."""

        kind: Literal["signs"] = "signs"
        size: Annotated[float, Field(gt=0)] = 0.5

        @staticmethod
        @kernel
        def weights(u: Float64, fan_in: int, fan_out: int, size: float) -> None:
            """u ← ± size."""
            for i in range(len(u)):
                u[i] = size if u[i] < 0.5 else -size

    class Corners(ClassRecipe):
        """Class k is a normal cloud around (k, k, -k) · `apart_by`."""

        kind: Literal["corners"] = "corners"
        classes: Annotated[int, Field(ge=2)] = 3
        apart_by: float = 1.0

        features: ClassVar[int] = 3
        uniforms: ClassVar[int] = 3

        @staticmethod
        @kernel
        def place(
            k: int, classes: int, u: Float64, x: Float64, sigma: float, apart_by: float
        ) -> None:
            """Each feature normal of mean k · apart_by, or the negative of it, and deviation σ."""
            normal_quantile(u)
            for i in range(len(x)):
                for j in range(3):
                    centre = -k * apart_by if j == 2 else k * apart_by
                    x[i, j] = centre + sigma * u[3 * i + j]

    return SimpleNamespace(Halved=Halved, Signs=Signs, Corners=Corners)


@pytest.fixture(scope="module", autouse=True)
def toys() -> Iterator[SimpleNamespace]:
    """The three, known while the tests of this file run."""
    with pytest.MonkeyPatch.context() as patch:
        for family in (Schedule, InitializerSpec, DatasetSpec):
            patch.setattr(family, "kinds", dict(family.kinds))
        yield define()


TEXT = """
[dataset]
kind = "corners"
sigma = 0.3
train_per_class = 8
test_per_class = 5
apart_by = 0.7

[network]
hidden_layers = 1
layer_width = 5
activation = "tanh"
initializer = {kind = "signs", size = 0.25}

[training]
optimizer = {kind = "sgd", learning_rate = {kind = "halved", start = 1.0, every = 3}}
batch_size = 10
epochs = 4
dtype = "float64"
"""


def experiment(**training: Any) -> Experiment:
    table = Experiment.from_toml_text(TEXT).model_dump(exclude_none=True)
    return Experiment.model_validate(table | {"training": table["training"] | training})


# ---- Described, listed ---------------------------------------------------------------------------


def test_toml_knows_them(toys: SimpleNamespace):
    read = Experiment.from_toml_text(TEXT)
    assert read.dataset == toys.Corners(
        sigma=0.3, train_per_class=8, test_per_class=5, apart_by=0.7
    )
    assert read.network.initializer == toys.Signs(size=0.25)
    assert read.training.optimizer.learning_rate == toys.Halved(start=1.0, every=3)
    assert Experiment.from_toml_text(read.to_toml()) == read
    assert Experiment(dataset="corners").dataset == toys.Corners()


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ('"corners"', '"cornes"', "dataset: unknown name 'cornes'; did you mean 'corners'?"),
        ("size", "sise", "network.initializer: no field 'sise' in 'signs'; did you mean 'size'?"),
        ("every = 3", "every = 0", "training.optimizer.learning_rate.every: input should be"),
    ],
)
def test_messages_know_them(right: str, wrong: str, sentence: str):
    with pytest.raises(SpecError) as raised:
        Experiment.from_toml_text(TEXT.replace(right, wrong), source="lab.toml")
    assert str(raised.value).startswith(f"lab.toml: {sentence}")


def test_families_and_the_command_line_know_them(toys: SimpleNamespace):
    assert recipes()["corners"] is toys.Corners
    assert InitializerSpec.kinds["signs"] is toys.Signs
    assert Schedule.kinds["halved"] is toys.Halved
    assert describe(dataset_spec("corners", {"sigma": 0.2})) == "corners, classes 3, sigma 0.2"


def test_a_second_kind_of_one_name_is_refused():
    with pytest.raises(TypeError, match="there is a kind called 'zeros' already: Zeros"):

        class Nothing(InitializerSpec):
            kind: Literal["zeros"] = "zeros"


# ---- Drawn, scheduled, trained -------------------------------------------------------------------


@pytest.mark.slow
def test_they_are_drawn(toys: SimpleNamespace):
    trial = draw(experiment(), seed=1)
    assert trial.dataset.train.x.shape == (24, 3)
    assert [w.shape for w in trial.weights] == [(5, 3), (3, 5)]
    assert set(np.abs(np.concatenate([w.ravel() for w in trial.weights]))) == {0.25}
    still = toys.Corners(sigma=0.0, train_per_class=2, apart_by=2.0)
    assert draw_dataset(still, seed=1).train.x.tolist() == [
        *[[0, 0, 0]] * 2,
        *[[2, 2, -2]] * 2,
        *[[4, 4, -4]] * 2,
    ]
    several = draw_weights([toys.Signs(size=s) for s in (1.0, 2.0)], np.uint64([7, 7]), (3, 2))
    np.testing.assert_array_equal(several[1], 2 * several[0])


def test_they_are_scheduled(toys: SimpleNamespace):
    rates = learning_rates(toys.Halved(start=8.0, every=2), np.arange(6.0))
    assert rates.tolist() == [8, 8, 4, 4, 2, 2]


@pytest.mark.slow
@pytest.mark.parametrize("replications", [1, 3])
def test_engine_and_reference_train_with_them(replications: int, tolerance: Any):
    ours = train(experiment(), replications, seed=2)
    theirs = train(experiment(), replications, seed=2, trainer="reference")
    assert ours.updates.tolist() == [12] * replications
    for a, b in zip((*ours.weights, *ours.biases), (*theirs.weights, *theirs.biases), strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=tolerance.trajectory_float64)
    np.testing.assert_allclose(ours.test_loss, theirs.test_loss, rtol=0, atol=tolerance.float64)
    # A rate that stays is another training.
    stays = train(experiment(optimizer={"kind": "sgd", "learning_rate": 1.0}), seed=2)
    assert abs(stays.test_loss[0] - ours.test_loss[0]) > 1e-3


def test_jax_trains_with_them(tolerance: Any):
    ref, comp = (train(experiment(), seed=2, trainer=name)[0] for name in ("reference", "jax"))
    for a, b in zip(ref.weights, comp.weights, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=tolerance.trajectory_float64)


def test_keras_says_that_it_does_not_know_them():
    with pytest.raises(MlplabError, match="Keras has no Signs, so that it cannot train this"):
        train(experiment(), trainer="keras")
