"""Weights and smoothed labels: the engine follows the network from scratch, and is the same alone, in
parts and in a block, each network of which has its own.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from mlplab.data import Samples, Split
from mlplab.engine import Stepper
from mlplab.errors import SpecError
from mlplab.outcome_stream import stream_outcomes
from mlplab.run import Run
from mlplab.spec import HEADS, SGD, Arrays, Experiment, Network, Polar, Training
from mlplab.training import train
from mlplab.trial import Trials, draw

VARIANTS = [
    {"loss": loss, "label_smoothing": smoothing, "class_weight": weights}
    for loss, smoothing, weights in product(HEADS, (0.0, 0.15), (None, {"0": 0.25, "1": 3.0}))
    if not (smoothing and loss == "mean_squared_error")
]


def name_of(variant: dict[str, Any]) -> str:
    weights = "weighted " if variant["class_weight"] else ""
    smoothed = "smoothed " if variant["label_smoothing"] else ""
    return f"{weights}{smoothed}{variant['loss']}"


each_variant = pytest.mark.parametrize("variant", VARIANTS, ids=name_of)


def experiment(dtype: str = "float64", epochs: int = 10, **training: Any) -> Experiment:
    """Describe a small training of twenty updates an epoch, the last of them smaller."""
    classes = 2 if HEADS[training["loss"]].has_one_output else 3
    return Experiment(
        dataset=Polar(classes=classes, train_per_class=118 // classes, test_per_class=9),
        network=Network(hidden_layers=2, layer_width=(6, 5), activation="tanh"),
        training=Training(
            optimizer=SGD(learning_rate=0.3, momentum=0.6),
            batch_size=6,
            epochs=epochs,
            dtype=dtype,
            **training,
        ),
    )


def numbers_of(run: Run) -> list[np.ndarray]:
    scores = [run.train_loss, run.train_accuracy, run.test_loss, run.test_accuracy]
    history = run.history.arrays().values()
    return [*run.weights, *run.biases, *history, np.array(scores), run.predicted]


def assert_near(ref: Run, comp: Run, near: float) -> None:
    assert (ref.updates, ref.ending) == (comp.updates, comp.ending)
    for a, b in zip(numbers_of(ref), numbers_of(comp), strict=True):
        np.testing.assert_allclose(b, a, rtol=0, atol=near)


def assert_same(one: Run, other: Run) -> None:
    for a, b in zip(numbers_of(one), numbers_of(other), strict=True):
        assert a.tobytes() == b.tobytes()


# ---- The ladder ----------------------------------------------------------------------------------


@each_variant
@pytest.mark.parametrize(("dtype", "epochs"), [("float64", 10), ("float32", 1)])
def test_the_engine_follows_the_reference(
    variant: dict[str, Any], dtype: str, epochs: int, tolerance: Any
):
    spec = experiment(dtype, epochs, **variant)
    ref, comp = (train(spec, seed=1, trainer=name)[0] for name in ("reference", "engine"))
    assert ref.updates == 20 * epochs
    assert_near(ref, comp, getattr(tolerance, f"trajectory_{dtype}"))


@each_variant
def test_a_run_is_the_same_alone_in_a_block_and_in_parts(variant: dict[str, Any]):
    spec = experiment("float32", 3, **variant)
    alone, block = train(spec, seed=4)[0], train(spec, 16, seed=0)[4]
    assert_same(alone, block)
    stepper = Stepper(draw(spec, 4))
    while stepper.step < alone.updates:
        stepper.train(min(7, alone.updates - stepper.step))
    for a, b in zip(alone.weights, stepper.network[0], strict=True):
        assert a.tobytes() == b.tobytes()
    histories = alone.history.arrays(), stepper.history.arrays()
    for a, b in zip(*(each.values() for each in histories), strict=True):
        assert a.tobytes() == b.tobytes()
    assert stepper.scores("train") == (alone.train_loss, alone.train_accuracy)
    assert stepper.scores("test") == (alone.test_loss, alone.test_accuracy)
    x = draw(spec, 4).dataset.test.x
    np.testing.assert_allclose(stepper.outputs(x).T, alone.feedforward(x), rtol=0, atol=1e-6)


@pytest.mark.parametrize("loss", HEADS)
def test_networks_of_a_block_have_weights_and_smoothing_of_their_own(loss: str):
    base = {"loss": loss, "label_smoothing": 0.1, "class_weight": {"0": 2.0}}
    if loss == "mean_squared_error":
        base["label_smoothing"] = 0.0
    specs = [
        experiment("float32", 2, **base | {"class_weight": {"0": 0.5 + i, "1": 3.0}})
        for i in range(8)
    ]
    if base["label_smoothing"]:
        specs += [
            experiment("float32", 2, **base | {"label_smoothing": 0.05 * (1 + i)}) for i in range(8)
        ]
    # Of one seed: the networks have one set of samples, but not its weights.
    found = {}
    for outcomes in stream_outcomes(specs, np.arange(len(specs)), np.full(len(specs), 3)):
        for place, loss_of in zip(outcomes.experiment, outcomes.test_loss, strict=True):
            found[int(place)] = float(loss_of)
    assert len(set(found.values())) == len(specs)
    for place, spec in enumerate(specs):
        assert found[place] == train(spec, seed=3)[0].test_loss


# ---- What weights mean ---------------------------------------------------------------------------


def test_a_class_of_weight_2_trains_as_if_its_samples_were_there_twice():
    # Of one batch an epoch: (2 ℓ₀ + ℓ₁) / n, and of doubled samples the same over another n.
    x = np.random.default_rng(1).normal(size=(30, 2))
    y = np.array([0, 1] * 15)
    split = np.array(["train"] * 20 + ["validation"] * 5 + ["test"] * 5)
    first = np.flatnonzero((y == 0) & (split == "train"))
    rate, n = 0.5, 20
    how = {"loss": "categorical_crossentropy", "batch_size": 100, "epochs": 5, "dtype": "float64"}

    def trained(data: Any, learning_rate: float, **more: Any) -> Run:
        spec = Experiment(
            dataset="arrays",
            training={"optimizer": {"kind": "sgd", "learning_rate": learning_rate}, **how, **more},
        )
        return train(spec, data=data)[0]

    weighted = trained((x, y, split), rate, class_weight={"0": 2.0})
    data = [np.concatenate([a, a[first]]) for a in (x, y, split)]
    doubled = trained(tuple(data), rate * (n + len(first)) / n)
    for a, b in zip(weighted.weights, doubled.weights, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-12)
    of_samples = trained((x, y, split, np.where(y == 0, 2.0, 1.0)), rate)
    assert_same(weighted, of_samples)
    assert weighted.test_loss == pytest.approx(doubled.test_loss, abs=1e-12)
    assert weighted.train_loss != pytest.approx(weighted.history.train_loss[-1], abs=1e-3)


@pytest.mark.parametrize("form", ["splits", "resplit", "standardised", "trials"])
@each_variant
def test_own_weights_reach_the_engine_as_they_reach_the_reference(
    form: str, variant: dict[str, Any], tolerance: Any
):
    generator = np.random.default_rng(2)
    x, y = generator.normal(size=(60, 3)), np.array([0, 1] * 30)
    weight = generator.uniform(0, 2, 60)
    split = np.array((["train"] * 8 + ["validation"] * 2 + ["test"] * 2) * 5)
    spec = Experiment(
        dataset=Arrays(standardise=form == "standardised"),
        network=Network(hidden_layers=1, layer_width=4, activation="tanh"),
        training=Training(batch_size=7, epochs=4, dtype="float64", **variant),
    )
    samples = Samples.from_arrays(x, y, split if form == "splits" else None, sample_weight=weight)
    trials: Any = Trials.from_seeds(spec, range(3), samples)
    if form == "trials":
        trials = Trials.from_trials(list(trials))
    ref, comp = (train(trials, trainer=name) for name in ("reference", "engine"))
    for one, other in zip(ref, comp, strict=True):
        assert_near(one, other, tolerance.trajectory_float64)
    plain = train(spec, 3, data=(x, y, split if form == "splits" else None))
    assert not np.allclose(plain.test_loss, comp.test_loss)


def test_weights_of_trials_that_are_handed_in_are_checked():
    trial = draw(experiment(**VARIANTS[0]), 1)
    dataset = trial.dataset
    for weight in (np.ones(3), -np.ones(len(dataset.train)), np.full(len(dataset.train), np.nan)):
        train_split = Split(dataset.train.x, dataset.train.y, weight)
        changed = replace(trial, dataset=replace(dataset, train=train_split))
        with pytest.raises(ValueError, match="weight"):
            Trials.from_trials([changed])


def test_a_network_cannot_get_other_weights_while_it_trains():
    stepper = Stepper(draw(experiment(**VARIANTS[1]), 1))
    for change in ({"class_weight": {"0": 9.0}}, {"loss": "binary_crossentropy"}):
        with pytest.raises(ValueError, match="only learning rate, batch size and epochs"):
            stepper.change(stepper.training.varied(change))


def test_the_loss_of_two_classes_is_refused_where_there_are_three_whatever_they_come_from():
    spec = Experiment(dataset="arrays", training={"loss": "binary_crossentropy"})
    x, y = np.random.default_rng(1).normal(size=(18, 2)), [0, 1, 2] * 6
    with pytest.raises(SpecError, match="binary_crossentropy is of two classes, received 3"):
        train(spec, data=(x, y))
    trial = draw(experiment(loss="categorical_crossentropy"), 1)
    other = replace(trial, experiment=spec.varied({"dataset": "moons"}))
    with pytest.raises(SpecError, match="two classes"):
        Trials.from_trials([other])


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"setosa": 2.0}, "a weight for 'setosa', which is no class: the classes are 'a', 'b'"),
        ({"a": 0.0, "b": 0.0}, "must leave a class with a weight above 0"),
    ],
)
def test_weights_of_classes_that_own_samples_do_not_have_are_refused(
    weights: dict[str, float], message: str
):
    spec = Experiment(dataset="arrays", training={"class_weight": weights})
    x = np.random.default_rng(1).normal(size=(18, 2))
    with pytest.raises(SpecError, match=message):
        train(spec, data=(x, ["a", "b"] * 9))
