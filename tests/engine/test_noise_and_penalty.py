"""Dropout, noise on inputs and penalties in the engine: those of the reference, in any company."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlplab.engine import Stepper, places_by_shape
from mlplab.engine.calls import call_masks, call_noise, call_penalise
from mlplab.engine.compiling import kernel
from mlplab.engine.jobs import Shape
from mlplab.engine.lanes import LANES, flat, pointer
from mlplab.engine.noise import masks_address, noise_address
from mlplab.engine.options import DROPOUT, NOISE_STDDEV, PENALTY, SWITCHES
from mlplab.engine.options import L1 as L1_STRENGTH
from mlplab.engine.options import L2 as L2_STRENGTH
from mlplab.engine.penalty import penalty_address
from mlplab.noise import dropout_mask, noise_bits, normal_noise
from mlplab.outcome_stream import stream_outcomes
from mlplab.run import Outcomes, Run
from mlplab.spec import ACTIVATIONS, L1, L1L2, L2, Experiment, Polar
from mlplab.training import stream, train
from mlplab.trial import Trials, draw

Same = Callable[[Run, Run], None]
Populate = Callable[..., list[Run]]

PARTS: dict[str, dict[str, Any]] = {
    "dropout": {"dropout": (0.2, 0.4)},
    "noise on inputs": {"input_noise": 0.2},
    "l1": {"kernel_regularizer": L1(l1=0.002)},
    "l2": {"kernel_regularizer": L2()},
    "l1_l2": {"kernel_regularizer": L1L2(l1=0.002, l2=0.005)},
    "all": {
        "dropout": 0.3,
        "input_noise": 0.1,
        "kernel_regularizer": L1L2(l1=0.002, l2=0.005),
    },
}


def experiment(
    part: str | dict[str, Any],
    dtype: str = "float64",
    epochs: int = 2,
    optimizer: str = "adam",
    activation: Any = ("tanh", "relu"),
    batch_size: int = 5,
    width: Any = (6, 18),
) -> Experiment:
    """Describe a small training: ten updates an epoch, the last of them with 3 samples in place of 5."""
    return Experiment(
        dataset=Polar(classes=3, train_per_class=16, test_per_class=4),
        network={
            "hidden_layers": 2,
            "layer_width": width,
            "activation": activation,
            **(PARTS[part] if isinstance(part, str) else part),
        },
        training={
            "optimizer": {"kind": optimizer, "learning_rate": 0.01},
            "batch_size": batch_size,
            "epochs": epochs,
            "dtype": dtype,
        },
    )


# ---- The functions, by their addresses -------------------------------------------------------


@kernel
def masks(
    address: Any,
    numbers: Any,
    keys: Any,
    networks: Any,
    epoch: Any,
    first: Any,
    layer: Any,
    neurons: Any,
    count: Any,
    stride: Any,
    h: Any,
) -> None:
    call_masks(
        *(address, pointer(flat(numbers)), pointer(keys), networks),
        *(epoch, first, layer, neurons, count, stride, h),
    )


@kernel
def noise(
    address: Any,
    numbers: Any,
    keys: Any,
    networks: Any,
    epoch: Any,
    first: Any,
    features: Any,
    count: Any,
    stride: Any,
    h: Any,
) -> None:
    call_noise(
        *(address, pointer(flat(numbers)), pointer(keys), networks),
        *(epoch, first, features, count, stride, h),
    )


@kernel
def penalise(
    address: Any,
    numbers: Any,
    networks: Any,
    sizes: Any,
    begin: Any,
    layer: Any,
    theta: Any,
    gradient: Any,
) -> None:
    call_penalise(
        *(address, pointer(flat(numbers)), networks),
        *(sizes, begin, layer, theta, gradient),
    )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("networks", [1, LANES])
def test_masks_and_noise_are_those_of_numpy(dtype: str, networks: int):
    count, neurons, first, epoch, layer = 7, 5, 1000, 3, 1
    keys = np.arange(networks, dtype=np.uint64) * np.uint64(2**60) + np.uint64(5)
    numbers = np.zeros((DROPOUT + 2, networks))
    rates = numbers[DROPOUT + layer] = np.linspace(0, 0.9, networks)
    numbers[NOISE_STDDEV] = np.linspace(1, 0, networks)
    stride, places = count * networks + 3, first + np.arange(count)
    h = np.ones(neurons * stride, dtype)
    masks(
        masks_address(dtype),
        numbers,
        keys,
        networks,
        epoch,
        first,
        layer,
        neurons,
        count,
        stride,
        h,
    )
    x = np.zeros(neurons * stride, dtype)
    noise(noise_address(dtype), numbers, keys, networks, epoch, first, neurons, count, stride, x)
    for line, level in ((h, layer + 1), (x, 0)):
        table = line.reshape(neurons, stride)
        assert (table[:, count * networks :] == (line is h)).all()
        for network in range(networks):
            bits = noise_bits(int(keys[network]), epoch, level, places, neurons)
            wanted = (
                dropout_mask(bits, rates[network], dtype)
                if line is h
                else normal_noise(bits, numbers[NOISE_STDDEV, network], dtype)
            )
            ours = table[:, network : count * networks : networks]
            np.testing.assert_array_equal(ours.T, wanted)


def test_a_layer_s_penalty_and_slope_by_hand():
    # One network alone: two outputs of three weights and a bias, each in a row of its own.
    theta = np.zeros((2, LANES))
    theta[:, :4] = [[1, -2, 0, 9], [4, 3, -1, -9]]
    gradient = np.full((2, LANES), 1.0)
    strengths = np.zeros((DROPOUT, 1))
    strengths[[L1_STRENGTH, L2_STRENGTH, PENALTY], 0] = [0.5, 0.25, 100]
    sizes, begin = np.array([3, 2]), np.array([0, 2])
    penalise(penalty_address(theta.dtype), strengths, 1, sizes, begin, 0, theta, gradient)
    # 1/2 · (1 + 2 + 0 + 4 + 3 + 1) + 1/4 · (1 + 4 + 0 + 16 + 9 + 1).
    assert strengths[PENALTY].tolist() == [100 + 11 / 2 + 31 / 4]
    # 1 + 1/2 sign(w) + 1/2 w; biases are left alone.
    slopes = [[1 + 1 / 2 + 1 / 2, 1 - 1 / 2 - 1, 1, 1], [1 + 1 / 2 + 2, 1 + 1 / 2 + 3 / 2, 0, 1]]
    np.testing.assert_array_equal(gradient[:, :4], slopes)
    assert (gradient[:, 4:] == 1).all()
    penalise(penalty_address(theta.dtype), strengths, 1, sizes, begin, 0, theta, gradient[:0])
    assert strengths[PENALTY].tolist() == [100 + 11 + 31 / 2]


def test_nothing_new_switches_nothing_on():
    plain = Shape.from_trials(Trials.from_seeds(experiment({}), range(1)))
    assert plain.switches == (0,) * len(SWITCHES)


# ---- As the reference ------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_engine_follows_the_reference(dtype: str, part: str, optimizer: str, tolerance: Any):
    spec = experiment(part, dtype, {"float64": 20, "float32": 2}[dtype], optimizer)
    ref, comp = (train(spec, seed=3, trainer=name)[0] for name in ("reference", "engine"))
    assert ref.updates == comp.updates == {"float64": 200, "float32": 20}[dtype]
    near = getattr(tolerance, f"trajectory_{dtype}")
    for a, b in zip((*ref.weights, *ref.biases), (*comp.weights, *comp.biases), strict=True):
        np.testing.assert_allclose(b, a, rtol=0, atol=near)
    assert ref.history.arrays().keys() == comp.history.arrays().keys()
    for name, array in ref.history.arrays().items():
        np.testing.assert_allclose(comp.history.arrays()[name], array, rtol=0, atol=near)
    for name in ("train_loss", "train_accuracy", "test_loss", "test_accuracy"):
        assert getattr(comp, name) == pytest.approx(getattr(ref, name), abs=near)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_slopes_are_of_what_activations_gave_before_dropout(activation: str, tolerance: Any):
    spec = experiment("dropout", activation=activation, epochs=2)
    ref, comp = (train(spec, seed=3, trainer=name)[0] for name in ("reference", "engine"))
    for a, b in zip((*ref.weights, *ref.biases), (*comp.weights, *comp.biases), strict=True):
        np.testing.assert_allclose(b, a, rtol=0, atol=tolerance.trajectory_float64)


def test_without_hidden_layers_there_are_a_penalty_and_noise(tolerance: Any):
    spec = experiment({}).varied(
        {"network.hidden_layers": 0, "network.input_noise": 0.1, "network.kernel_regularizer": "l2"}
    )
    ref, comp = (train(spec, seed=3, trainer=name)[0] for name in ("reference", "engine"))
    np.testing.assert_allclose(
        comp.weights[0], ref.weights[0], rtol=0, atol=tolerance.trajectory_float64
    )
    assert comp.penalty == pytest.approx(comp.history.arrays()["validation_penalty"][-1])


# ---- In any company --------------------------------------------------------------------------


def of_lane(lane: int, dtype: str, activation: str, batch_size: int, width: int) -> Experiment:
    """Describe the member of a block that has rates and strengths of its own, some of them 0."""
    return experiment(
        {
            "dropout": (0.1 + lane / 40, lane / 20),
            "input_noise": 0.01 + lane / 50,
            "kernel_regularizer": L1L2(l1=lane % 3 / 500, l2=lane % 2 / 100),
        },
        dtype,
        activation=activation,
        batch_size=batch_size,
        width=width,
    )


@settings(max_examples=25)
@given(
    count=st.integers(2, LANES),
    dtype=st.sampled_from(["float32", "float64"]),
    activation=st.sampled_from(list(ACTIVATIONS)),
    batch_size=st.sampled_from([1, 5, 16, 17, 33, 48]),
    width=st.sampled_from([1, 3, 16, 17, 40]),
)
def test_members_of_a_block_are_the_networks_alone(
    count: int, same: Same, populate: Populate, **how: Any
):
    members = [(of_lane(lane, **how), 50 + lane) for lane in range(count)]
    blocks, alone = populate(members, "in blocks"), populate(members, "alone")
    for a, b in zip(blocks, alone, strict=True):
        same(a, b)


@settings(max_examples=25)
@given(
    parts=st.lists(st.integers(1, 9), max_size=10),
    batch_size=st.sampled_from([1, 5, 16, 48]),
    part=st.sampled_from(list(PARTS)),
)
def test_any_parts_make_the_same_whole(parts: list[int], batch_size: int, part: str):
    spec = experiment(part, "float32", batch_size=batch_size)
    run = train(spec, seed=2)[0]
    stepper, at = Stepper(draw(spec, 2)), Stepper(draw(spec, 2))
    for each in parts:
        stepper.train(min(each, run.updates - stepper.step))
        at.resume(stepper.snapshot)
        stepper, at = at, stepper
    stepper.train(run.updates - stepper.step)
    for a, b in zip(
        (*run.weights, *run.biases), (p for of in stepper.network for p in of), strict=True
    ):
        assert a.tobytes() == b.tobytes()
    for name, array in run.history.arrays().items():
        assert array.tobytes() == stepper.history.arrays()[name].tobytes()


def test_noise_does_not_depend_on_how_an_epoch_is_divided():
    # With a learning rate of 0 the loss of an epoch is of the same samples with the same noise.
    spec = experiment("dropout", optimizer="sgd").varied({"training.optimizer.learning_rate": 0.0})
    losses = [
        train(spec.varied({"training.batch_size": size}), seed=1)[0].history.train_loss
        for size in (1, 5, 16, 48)
    ]
    for each in losses[1:]:
        np.testing.assert_allclose(each, losses[0], rtol=1e-12)


def test_a_trial_of_ones_own_has_its_own_noise(same: Same):
    spec = experiment("all")
    held = [draw(spec, 1, noise=9), draw(spec, 2, noise=9)]
    own = train(Trials.from_trials(held))
    ref = train(Trials.from_trials(held), trainer="reference")
    for a, b in zip(own, ref, strict=True):
        np.testing.assert_allclose(a.weights[0], b.weights[0], rtol=0, atol=1e-9)
    assert (train(spec, seed=1)[0].weights[0] != own[0].weights[0]).any()
    same(own[0], train(draw(spec, 1, noise=9))[0])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_diverges_ends_where_the_reference_s_does(dtype: str):
    spec = experiment("all", dtype, epochs=4, optimizer="sgd", activation="relu").varied(
        {"training.optimizer.learning_rate": {"float32": 1e38, "float64": 1e308}[dtype]}
    )
    ref, comp = train(spec, 4, trainer="reference"), train(spec, 4)
    assert ref.ending.tolist() == comp.ending.tolist() == ["diverged"] * 4
    assert ref.updates.tolist() == comp.updates.tolist()


def test_streams_of_runs_have_their_penalties():
    spec = experiment("l2")
    whole = train(spec, 5)
    blocks = list(stream(spec, 5))
    assert sum(map(len, blocks)) == 5
    for block in blocks:
        for run in block:
            other = whole[int(np.flatnonzero(whole.seed == run.seed)[0])]
            np.testing.assert_array_equal(
                run.history.train_loss_with_penalty, other.history.train_loss_with_penalty
            )


def test_a_table_of_experiments_trains_each_with_its_own_rate_and_strength():
    experiments = [
        experiment({"dropout": rate, "kernel_regularizer": L2(l2=strength)}, "float32")
        for rate in (0.0, 0.1, 0.5)
        for strength in (0.0, 0.01)
    ]
    which, seeds = np.repeat(np.arange(6), 3), np.tile(np.arange(3), 6)
    found = Outcomes.concatenate(stream_outcomes(experiments, which, seeds, threads=1))
    for place, spec in enumerate(experiments):
        mine = found.experiment == place
        order = np.argsort(found.seed[mine])
        np.testing.assert_array_equal(found.train_loss[mine][order], train(spec, 3).train_loss)
    # A rate of 0 is a switch that is off: those are blocks of their own.
    assert len(places_by_shape(experiments)) == 2
