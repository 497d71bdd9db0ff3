"""Dropout, noise on inputs and penalties: by hand, by central differences, and by Keras."""

from __future__ import annotations

from dataclasses import replace
from math import log
from typing import Any

import numpy as np
import pytest

from mlplab.frameworks import keras
from mlplab.reference import MultilayerPerceptron, train
from mlplab.reference.training import penalise, with_noise
from mlplab.run import Run, Runs
from mlplab.spec import ACTIVATIONS, HEADS, L1, L1L2, L2, Experiment, Polar
from mlplab.trial import draw

# ---- Worked by hand ------------------------------------------------------------------------------
#
# A sample of class 1, two sigmoid neurons, two classes, mean squared error. Of the two neurons the first
# stays at a rate of 1/2, so that its output is doubled, and the second is left out.

X, Y = np.array([[1.0, 2.0]]), np.array([[0.0, 1.0]])
MASK = np.array([[2.0, 0.0]])
W1, B1 = np.array([[1.0, -1.0], [2.0, -2.0]]), np.array([1 + log(3), 2.0])
W2, B2 = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([log(3), -3.0])

# z¹ = (-1 + 1 + log 3, -2 + 2), σ(z¹) = (3/4, 1/2), times the mask (3/2, 0).
HIDDEN = [[3 / 2, 0]]
# z² = (3/2 + log 3, 9/2 - 3): they differ by log 3.
OUTPUT = [[3 / 4, 1 / 4]]
# ∂L/∂p = 2/2 (p - y) = (3/4, -3/4); Σ g p = 9/16 - 3/16 = 3/8.
# δ² = p (g - Σ g p) = (3/4 · 3/8, 1/4 · -9/8) = (9/32, -9/32).
GRADIENT_B2 = [9 / 32, -9 / 32]
GRADIENT_W2 = [[27 / 64, 0], [-27 / 64, 0]]
# (W²)ᵀ δ² = (9/32 - 27/32, 18/32 + 9/32), times the mask (-9/8, 0), times 3/4 · 1/4.
GRADIENT_B1 = [-27 / 128, 0]
GRADIENT_W1 = [[-27 / 128, -27 / 64], [0, 0]]


def test_a_step_with_dropout_is_that_worked_by_hand(tolerance: Any):
    network = MultilayerPerceptron([W1, W2], [B1, B2], "sigmoid")
    forward = network.forward(X, [MASK])
    gradients = network.backpropagation(forward, Y, HEADS["mean_squared_error"])
    for ours, wanted in (
        (forward.inputs[1], HIDDEN),
        (forward.output, OUTPUT),
        (gradients.weights[1], GRADIENT_W2),
        (gradients.biases[1], GRADIENT_B2),
        (gradients.weights[0], GRADIENT_W1),
        (gradients.biases[0], GRADIENT_B1),
    ):
        np.testing.assert_allclose(ours, wanted, rtol=0, atol=tolerance.by_hand)


# ---- Central differences -------------------------------------------------------------------------


@pytest.mark.parametrize("activation", [a for a in ACTIVATIONS if "relu" not in a])
def test_gradients_are_the_slopes_of_the_loss_with_penalty_and_masks(
    activation: str, central_difference: Any, tolerance: Any
):
    generator = np.random.default_rng(3)
    weights = [generator.normal(size=shape) for shape in ((4, 2), (3, 4), (2, 3))]
    network = MultilayerPerceptron(
        weights, [generator.normal(size=n) for n in (4, 3, 2)], activation
    )
    x, y = generator.normal(size=(6, 2)), np.eye(2)[generator.integers(2, size=6)]
    masks = [generator.choice([0, 1.25], size=(6, n)) for n in (4, 3)]
    regularizer, head = L1L2(l1=0.1, l2=0.05), HEADS["mean_squared_error"]

    def loss_with_penalty() -> float:
        output = network.forward(x, masks).output
        return head.loss.function(output, y) + regularizer.of_layers(network.weights)

    gradients = network.backpropagation(network.forward(x, masks), y, head)
    penalise(regularizer, network, gradients)
    ours = [*gradients.weights, *gradients.biases]
    for gradient, parameter in zip(ours, [*network.weights, *network.biases], strict=True):
        np.testing.assert_allclose(
            gradient,
            central_difference(loss_with_penalty, parameter),
            rtol=tolerance.difference,
            atol=tolerance.difference_rounding,
        )


# ---- The loop ------------------------------------------------------------------------------------

PARTS: dict[str, dict[str, Any]] = {
    "dropout": {"dropout": (0.2, 0.4)},
    "noise on inputs": {"input_noise": 0.2},
    "l1": {"kernel_regularizer": L1(l1=0.002)},
    "l2": {"kernel_regularizer": L2()},
    "all": {
        "dropout": (0.2, 0.4),
        "input_noise": 0.1,
        "kernel_regularizer": L1L2(l1=0.002, l2=0.005),
    },
}


def experiment(part: str, dtype: str = "float64", epochs: int = 2, **training: Any) -> Experiment:
    """Describe a small training: ten updates an epoch, the last of them with 3 samples in place of 5."""
    return Experiment(
        dataset=Polar(classes=3, train_per_class=16, test_per_class=4),
        network={
            "hidden_layers": 2,
            "layer_width": (6, 5),
            "activation": ("tanh", "relu"),
            **PARTS[part],
        },
        training={
            "optimizer": {"kind": "adam", "learning_rate": 0.01},
            "batch_size": 5,
            "epochs": epochs,
            "dtype": dtype,
            **training,
        },
    )


@pytest.mark.parametrize(
    ("part", "dtype"),
    [
        ("all", "float64"),
        # Without a penalty; one without masks is in `test_stopping_against_keras`.
        pytest.param("dropout", "float32", marks=pytest.mark.slow),
    ],
)
def test_trainings_follow_keras(part: str, dtype: str, tolerance: Any):
    trial = draw(experiment(part, dtype, {"float64": 20, "float32": 2}[dtype]), seed=3)
    ours, theirs = train(trial), keras.train(trial)
    assert ours.updates == theirs.updates == {"float64": 200, "float32": 20}[dtype]
    near = getattr(tolerance, f"trajectory_{dtype}")
    for a, b in zip((*ours.weights, *ours.biases), (*theirs.weights, *theirs.biases), strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=near)
    assert ours.history.arrays().keys() == theirs.history.arrays().keys()
    for name, array in ours.history.arrays().items():
        np.testing.assert_allclose(array, theirs.history.arrays()[name], rtol=0, atol=near)
    for name in ("train_loss", "test_loss", "train_accuracy", "test_accuracy"):
        assert getattr(ours, name) == pytest.approx(getattr(theirs, name), abs=near)


@pytest.mark.slow
def test_keras_draws_its_own_noise_where_it_fits_as_a_student_does():
    trial = draw(experiment("all"), seed=3)
    run = keras.fit(trial)
    assert run.history.train_penalty is not None
    model = keras.build_model(trial.experiment, 3)
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds == ["GaussianNoise", "Dense", "Dropout", "Dense", "Dropout", "Dense"]
    assert [layer.rate for layer in model.layers[2:5:2]] == [0.2, 0.4]
    assert model.layers[0].stddev == 0.1
    assert [layer.kernel_regularizer.l2 for layer in model.layers[1::2]] == [0.005] * 3


def test_noise_is_in_the_training_only():
    # Nothing moves, so that all evaluations are of the first weights: those without noise are alike.
    still = {"optimizer": {"kind": "sgd", "learning_rate": 0.0}, "batch_size": 100}
    plain, noisy = (train(draw(experiment(part, **still), seed=1)) for part in ("l2", "all"))
    assert noisy.train_loss == plain.train_loss
    np.testing.assert_array_equal(noisy.history.validation_loss, plain.history.validation_loss)
    assert (noisy.history.train_loss != plain.history.train_loss).all()
    assert noisy.history.train_loss[0] != noisy.history.train_loss[1]
    np.testing.assert_allclose(plain.history.train_loss, plain.train_loss, rtol=1e-12)


def test_the_noise_of_an_epoch_does_not_depend_on_its_batches():
    trial = draw(experiment("all"), seed=1)
    x = trial.dataset.train.x
    places = np.arange(len(x))
    whole_x, whole_masks = with_noise(trial, 3, places, x)
    some = np.array([40, 7])
    some_x, some_masks = with_noise(trial, 3, some, x[some])
    np.testing.assert_array_equal(some_x, whole_x[some])
    assert whole_masks is not None
    assert some_masks is not None
    for whole, part in zip(whole_masks, some_masks, strict=True):
        np.testing.assert_array_equal(part, whole[some])


# ---- What a run says of its penalty --------------------------------------------------------------


@pytest.fixture(scope="module")
def penalised() -> Run:
    return train(draw(experiment("all", epochs=3), seed=1))


def test_losses_are_without_the_penalty_and_both_are_named(penalised: Run, tolerance: Any):
    history = penalised.history
    assert history.train_penalty is not None
    assert history.validation_penalty is not None
    assert penalised.penalty == pytest.approx(history.validation_penalty[-1], abs=tolerance.float64)
    regularizer = penalised.experiment.network.kernel_regularizer
    assert regularizer is not None
    assert penalised.penalty == regularizer.of_layers(penalised.weights)
    np.testing.assert_array_equal(
        history.train_loss_with_penalty, history.train_loss + history.train_penalty
    )
    np.testing.assert_array_equal(
        history.validation_loss_with_penalty, history.validation_loss + history.validation_penalty
    )
    plain = train(draw(experiment("dropout"), seed=1))
    assert plain.penalty is None
    assert plain.history.train_penalty is plain.history.validation_penalty is None
    assert plain.history.train_loss_with_penalty is plain.history.train_loss
    assert plain.history.validation_loss_with_penalty is plain.history.validation_loss


def test_the_penalty_of_an_epoch_is_the_mean_over_its_batches_before_each_update(tolerance: Any):
    # With a batch for each epoch, it is that of the weights before: the initial ones, then those after.
    trial = draw(experiment("l2", batch_size=100, epochs=3), seed=1)
    history = train(trial).history
    assert history.train_penalty is not None
    assert history.validation_penalty is not None
    before = [L2().of_layers(trial.weights), *history.validation_penalty[:-1]]
    np.testing.assert_allclose(history.train_penalty, before, rtol=0, atol=tolerance.float64)


def test_penalties_are_saved_stacked_and_framed(penalised: Run, tmp_path: Any):
    runs = Runs.from_runs([penalised, penalised.without_weights()])
    assert runs.penalty is not None
    assert runs.penalty[0] == penalised.penalty
    assert np.isnan(runs.penalty[1])
    assert penalised.without_weights().penalty is None
    runs.save(tmp_path)
    again = Runs.load(tmp_path)
    for name, array in runs.history.arrays().items():
        np.testing.assert_array_equal(again.history.arrays()[name], array)
    assert list(again.history.arrays())[-2:] == ["train_penalty", "validation_penalty"]
    assert (tmp_path / "runs.csv").read_text().splitlines()[0].endswith(",seconds,penalty")
    both = Runs.concatenate([runs, again])[1:3]
    np.testing.assert_array_equal(
        both.history.arrays()["train_penalty"], [penalised.history.train_penalty] * 2
    )
    frame = runs.history_frame()
    assert list(frame.columns)[-4:] == [
        *("train_penalty", "validation_penalty"),
        *("train_loss_with_penalty", "validation_loss_with_penalty"),
    ]
    assert runs.to_frame()["penalty"].tolist()[0] == penalised.penalty
    plain = Runs.from_runs([train(draw(experiment("dropout"), seed=1))])
    assert plain.penalty is None
    assert "penalty" not in plain.to_frame().columns


def test_a_saved_penalty_of_another_shape_is_refused(penalised: Run, tmp_path: Any):
    history = replace(penalised.history, train_penalty=np.zeros(7))
    runs = Runs.from_runs([replace(penalised, history=history)])
    runs.save(tmp_path)
    with pytest.raises(Exception, match=r"history\.train_penalty must be floating-point numbers"):
        Runs.load(tmp_path)
