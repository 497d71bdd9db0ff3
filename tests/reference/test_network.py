"""The network computes equation 1, and its gradients are the slopes of its loss."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import log
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mlplab.data import Dataset, Split
from mlplab.errors import MlplabError
from mlplab.reference import MultilayerPerceptron, train
from mlplab.run import Runs
from mlplab.spec import ACTIVATIONS, HEADS, SGD, Experiment, Linear, Network, Training
from mlplab.spec.heads import accuracy
from mlplab.trial import Trial, draw

# ---- One training step worked by hand ------------------------------------------------------------
#
# Two inputs, two sigmoid neurons, two classes; two points in one batch, A of class 1 and B of class 0;
# mean squared error, SGD with rate 1/2. The biases hold logarithms, so that everything is a fraction.

X = np.array([[1.0, 2.0], [4.0, 5.0]])
CLASSES = np.array([1, 0])
Y = np.array([[0.0, 1.0], [1.0, 0.0]])

W1, B1 = np.array([[1.0, -1.0], [2.0, -2.0]]), np.array([1 + log(3), 2.0])
W2, B2 = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([log(3), 0.0])

# W¹ x = (-1, -2) for A (1 - 2, 2 - 4) and for B (4 - 5, 8 - 10) alike, so z¹ = (log 3, 0).
SUMS_1 = [[log(3), 0], [log(3), 0]]
# σ(log 3) = 1 / (1 + 1/3) = 3/4, σ(0) = 1/2.
HIDDEN = [[3 / 4, 1 / 2], [3 / 4, 1 / 2]]
# W² h = (3/4 + 2 · 1/2, 3 · 3/4 - 1/2) = (7/4, 7/4).
SUMS_2 = [[7 / 4 + log(3), 7 / 4], [7 / 4 + log(3), 7 / 4]]
# e^(log 3) : e^0 = 3 : 1.
OUTPUT = [[3 / 4, 1 / 4], [3 / 4, 1 / 4]]

# A is off by (3/4, -3/4), B by (-1/4, 1/4): (9/16 + 9/16 + 1/16 + 1/16) / 4.
LOSS = 5 / 16

# ∂L/∂p = 2/(2·2) (p - y): A (3/8, -3/8), B (-1/8, 1/8).
# δ² = p (g - Σ g p). A: Σ g p = 9/32 - 3/32 = 3/16, so 3/4 · 3/16 and 1/4 · -9/16: (9/64, -9/64).
#                     B: Σ g p = -3/32 + 1/32 = -1/16, so 3/4 · -1/16 and 1/4 · 3/16: (-3/64, 3/64).
# ∂L/∂b² = δ²(A) + δ²(B) = (6/64, -6/64).
GRADIENT_B2 = np.array([3 / 32, -3 / 32])
# ∂L/∂W² = Σ δ² hᵀ, and h is the same for both: (3/32, -3/32) times (3/4, 1/2).
GRADIENT_W2 = np.array([[9 / 128, 3 / 64], [-9 / 128, -3 / 64]])

# δ¹ = (W²)ᵀ δ² ⊙ h (1 - h), with h (1 - h) = (3/16, 1/4).
# A: (9/64 - 27/64, 18/64 + 9/64) = (-9/32, 27/64), so δ¹ = (-27/512, 27/256).
# B: (-3/64 + 9/64, -6/64 - 3/64) = (3/32, -9/64), so δ¹ = (9/512, -9/256).
GRADIENT_B1 = np.array([-9 / 256, 9 / 128])
# ∂L/∂W¹ = Σ δ¹ xᵀ. Row 1: (-27 + 9·4, -27·2 + 9·5) / 512 = (9, -9) / 512.
#                   Row 2: (27 - 9·4, 27·2 - 9·5) / 256 = (-9, 9) / 256.
GRADIENT_W1 = np.array([[9 / 512, -9 / 512], [-9 / 256, 9 / 256]])

RATE = 1 / 2


def near(ours: Any, wanted: Any, tolerance: Any) -> None:
    np.testing.assert_allclose(ours, wanted, rtol=0, atol=tolerance.by_hand)


def test_feedforward_is_that_worked_by_hand(tolerance: Any):
    network = MultilayerPerceptron([W1, W2], [B1, B2], "sigmoid")
    forward = network.forward(X)
    near(forward.inputs[0], X, tolerance)
    near(forward.pre_activations[0], SUMS_1, tolerance)
    near(forward.inputs[1], HIDDEN, tolerance)
    near(forward.pre_activations[1], SUMS_2, tolerance)
    near(forward.output, OUTPUT, tolerance)
    near(network.feedforward(X), OUTPUT, tolerance)
    near(HEADS["mean_squared_error"].loss.function(forward.output, Y), LOSS, tolerance)


def test_backpropagation_is_that_worked_by_hand(tolerance: Any):
    network = MultilayerPerceptron([W1, W2], [B1, B2], "sigmoid")
    gradients = network.backpropagation(network.forward(X), Y, HEADS["mean_squared_error"])
    near(gradients.weights[0], GRADIENT_W1, tolerance)
    near(gradients.biases[0], GRADIENT_B1, tolerance)
    near(gradients.weights[1], GRADIENT_W2, tolerance)
    near(gradients.biases[1], GRADIENT_B2, tolerance)


def test_training_step_is_that_worked_by_hand(tolerance: Any):
    split = Split(X, CLASSES)
    trial = Trial(
        experiment=Experiment(
            dataset=Linear(train_per_class=1, test_per_class=1),
            network=Network(hidden_layers=1, layer_width=2, activation="sigmoid"),
            training=Training(optimizer=SGD(learning_rate=RATE), dtype="float64"),
        ),
        seed=0,
        dataset=Dataset(train=split, validation=split, test=split, label_names=("0", "1")),
        weights=(W1, W2),
        biases=(B1, B2),
        shuffle_key=0,
    )
    run = train(trial)
    assert run.updates == 1
    near(run.weights[0], W1 - RATE * GRADIENT_W1, tolerance)
    near(run.biases[0], B1 - RATE * GRADIENT_B1, tolerance)
    near(run.weights[1], W2 - RATE * GRADIENT_W2, tolerance)
    near(run.biases[1], B2 - RATE * GRADIENT_B2, tolerance)
    # Training values are those before the update: B is right, A is not.
    near(run.history.train_loss, [LOSS], tolerance)
    near(run.history.train_accuracy, [1 / 2], tolerance)


# ---- Central differences -------------------------------------------------------------------------

KINK = 1e-3
"""Sums nearer to 0 than this are left out: there a central difference would straddle the kink of relu
or leaky relu. No step of 6e-6 moves a sum of these small networks that far.
"""

CLIP = 1e-6
"""Likewise outputs this near to 0 and 1, where the cross-entropy begins to clip (at 1e-7)."""


@st.composite
def networks(draw: st.DrawFn) -> tuple[tuple[int, ...], int, np.random.Generator]:
    """Draw the widths of all layers (inputs first), a number of points, and what fills them."""
    hidden = draw(st.lists(st.integers(1, 6), max_size=3))
    sizes = (2, *hidden, draw(st.integers(2, 5)))
    points = draw(st.integers(1, 8))
    return sizes, points, np.random.default_rng(draw(st.integers(0, 2**32 - 1)))


@pytest.mark.parametrize("loss", HEADS)
@pytest.mark.parametrize("activation", [*ACTIVATIONS, "another in each layer"])
@settings(max_examples=20)  # of each activation with each loss
@given(drawn=networks())
def test_gradients_are_the_slopes_of_the_loss(
    activation: Any, loss: str, drawn: Any, central_difference: Any, tolerance: Any
):
    sizes, points, generator = drawn
    head = HEADS[loss]
    classes = 2 if head.has_one_output else sizes[-1]
    sizes = (*sizes[:-1], head.outputs(classes))
    if activation not in ACTIVATIONS:
        activation = generator.permutation(list(ACTIVATIONS))[: len(sizes) - 2].tolist()
    # The weights' deviation keeps the sums of every layer at about 1, whatever its width; an exponential
    # of an exponential outgrows all numbers soon.
    scale = 0.1 if activation == "exponential" or "exponential" in activation else 1
    weights = [generator.normal(scale=scale / np.sqrt(n), size=(m, n)) for n, m in pairwise(sizes)]
    network = MultilayerPerceptron(
        weights, [generator.normal(size=m) for m in sizes[1:]], activation, head
    )
    x = generator.normal(size=(points, 2))
    y = head.targets(generator.integers(classes, size=points), classes, np.float64)
    forward = network.forward(x)
    assume(all((np.abs(z) > KINK).all() for z in forward.pre_activations[:-1]))
    assume(((forward.output > CLIP) & (forward.output < 1 - CLIP)).all())

    gradients = network.backpropagation(forward, y, head)
    ours = [*gradients.weights, *gradients.biases]
    parameters = [*network.weights, *network.biases]
    for gradient, parameter in zip(ours, parameters, strict=True):
        numeric = central_difference(
            lambda: head.loss.function(network.forward(x).output, y), parameter
        )
        np.testing.assert_allclose(
            gradient,
            numeric,
            rtol=tolerance.difference,
            atol=tolerance.difference_rounding,
        )


# ---- What the layers do, and what is left alone --------------------------------------------------


def test_softmax_acts_in_the_last_layer_only_and_the_activation_in_the_others_only(tolerance: Any):
    # With relu in the last layer too, both sums would be 0 and the outputs 1/2.
    ones = np.ones((1, 1))
    network = MultilayerPerceptron(
        [np.array([[1.0, 1.0]]), ones, np.array([[-1.0], [-1.0]])],
        [np.array([-1.0]), np.array([1.0]), np.array([log(3), 0.0])],
        "relu",
    )
    # relu(-1 - 1 - 1) = 0, relu(0 + 1) = 1, sums (log 3 - 1, -1): 3 to 1.
    near(network.feedforward(np.array([[-1.0, -1.0]])), [[3 / 4, 1 / 4]], tolerance)


def test_each_hidden_layer_has_its_own_activation(tolerance: Any):
    ones = np.ones((1, 1))
    network = MultilayerPerceptron(
        [np.array([[1.0, 1.0]]), ones, np.array([[1.0], [0.0]])],
        [np.zeros(1), np.array([log(3)]), np.array([log(3) - 3 / 4, 0.0])],
        ["relu", "sigmoid"],
    )
    # relu(-1 - 1) = 0, sigmoid(0 + log 3) = 3/4, sums (log 3, 0): 3 to 1.
    near(network.feedforward(np.array([[-1.0, -1.0]])), [[3 / 4, 1 / 4]], tolerance)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_one_name_is_that_of_each_hidden_layer(name: str):
    generator = np.random.default_rng(5)
    weights = [generator.normal(size=(2, 2)) for _ in range(3)]
    biases = [generator.normal(size=2) for _ in range(3)]
    x = generator.normal(size=(10, 2))
    one, each = (
        MultilayerPerceptron(weights, biases, name),
        MultilayerPerceptron(weights, biases, (name, name)),
    )
    np.testing.assert_array_equal(one.feedforward(x), each.feedforward(x))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_without_hidden_layers_the_activation_plays_no_part(name: str):
    x = np.random.default_rng(5).normal(size=(10, 2))
    ours = MultilayerPerceptron([W1], [B1], name).feedforward(x)
    np.testing.assert_array_equal(ours, MultilayerPerceptron([W1], [B1], "linear").feedforward(x))
    np.testing.assert_array_equal(ours, MultilayerPerceptron([W1], [B1], []).feedforward(x))


def test_the_given_arrays_are_not_those_that_are_trained():
    network = MultilayerPerceptron([W1, W2], [B1, B2], "sigmoid")
    for array in (*network.weights, *network.biases):
        array += 1
    assert W1[0, 0] == 1
    assert B2[1] == 0


@pytest.mark.parametrize("loss", HEADS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_outputs_and_gradients_keep_the_dtype(dtype: str, activation: str, loss: str):
    weights, biases = [w.astype(dtype) for w in (W1, W2)], [b.astype(dtype) for b in (B1, B2)]
    network = MultilayerPerceptron(weights, biases, activation)
    forward = network.forward(X.astype(dtype))
    gradients = network.backpropagation(forward, Y.astype(dtype), HEADS[loss])
    assert forward.output.dtype == dtype
    for array, parameter in zip(
        (*gradients.weights, *gradients.biases), (*weights, *biases), strict=True
    ):
        assert array.dtype == dtype
        assert array.shape == parameter.shape


# ---- A run's network, and what is no activation --------------------------------------------------


@pytest.mark.parametrize(
    "hidden", [{}, {"hidden_layers": 1, "layer_width": 3, "activation": "elu"}]
)
def test_a_run_s_network_has_its_test_accuracy(hidden: dict[str, Any]):
    experiment = Experiment(dataset=Linear(test_per_class=50), network=Network(**hidden))
    trial = draw(experiment, seed=2)
    run = train(trial)
    outputs = MultilayerPerceptron.from_run(run).feedforward(trial.dataset.test.x)
    assert accuracy(outputs, trial.dataset.one_hot(trial.dataset.test.y)) == run.test_accuracy


def test_a_run_without_weights_has_no_network():
    run = train(draw(Experiment(dataset=Linear(train_per_class=4)), seed=2))
    with pytest.raises(MlplabError, match="the run of seed 2 kept no weights"):
        MultilayerPerceptron.from_run(replace(run, weights=(), biases=()))


def test_many_runs_have_no_one_network():
    run = train(draw(Experiment(dataset=Linear(train_per_class=4)), seed=2))
    runs: Any = Runs.from_runs([run, run])
    with pytest.raises(MlplabError) as refused:
        MultilayerPerceptron.from_run(runs)
    assert str(refused.value) == (
        "MultilayerPerceptron.from_run takes one Run, such as runs[0] of many, "
        "received <Runs: 2 by reference, seeds 2, …, 2>"
    )
    np.testing.assert_array_equal(MultilayerPerceptron.from_run(runs[0]).weights[0], run.weights[0])


@pytest.mark.parametrize("x", [np.zeros(2), np.zeros((4, 3)), np.zeros((1, 1, 2))])
def test_samples_of_another_shape_are_one_sentence(x: Any):
    with pytest.raises(MlplabError) as refused:
        MultilayerPerceptron([W1], [B1], "linear").feedforward(x)
    hint = "; one sample is a row of its own, as in x[None, :]" if x.ndim == 1 else ""
    assert str(refused.value) == f"x must have shape (samples, 2), received {x.shape}{hint}"


# ---- Shapes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "biases", "sentence"),
    [
        ([], [], "one layer at least, received 0 and 0"),
        ([W1, W2], [B1], "received 2 and 1"),
        (
            [np.stack([W1, W1])],
            [np.stack([B1, B1])],
            "layer 1 must have weights of shape (outputs, inputs) and biases of shape (outputs,), "
            "received (2, 2, 2) and (2, 2)",
        ),
        ([W1, W2], [B1, B2.reshape(2, 1)], "received (2, 2) and (2, 1)"),
        (
            [W1, np.zeros((2, 3))],
            [B1, B2],
            "layer 2 must have weights of shape (outputs, 2) and biases of shape (outputs,), "
            "received (2, 3) and (2,)",
        ),
        ([W1], [np.zeros(3)], "received (2, 2) and (3,)"),
        ([np.float64(1)], [B1], "received () and (2,)"),
    ],
)
def test_shapes_that_do_not_fit_together_are_refused(weights: Any, biases: Any, sentence: str):
    with pytest.raises(MlplabError) as refused:
        MultilayerPerceptron(weights, biases, "relu")
    assert str(refused.value).endswith(sentence)


@pytest.mark.parametrize("activation", ["softmax", None, "ReLU"])
def test_an_unknown_activation_is_refused(activation: Any):
    with pytest.raises(MlplabError) as refused:
        MultilayerPerceptron([W1, W2], [B1, B2], activation)
    assert str(refused.value).startswith(f"unknown activation {activation!r}; ")
    assert ", ".join(ACTIVATIONS) in str(refused.value)
    with pytest.raises(MlplabError) as refused:
        MultilayerPerceptron([W1, W2, W2], [B1, B2, B2], ["relu", activation])
    assert str(refused.value).startswith(f"unknown activation {activation!r}; ")


@pytest.mark.parametrize("names", [[], ["relu"], ("relu", "tanh", "relu")])
def test_activations_that_are_not_one_for_each_hidden_layer_are_refused(names: Any):
    with pytest.raises(MlplabError) as refused:
        MultilayerPerceptron([W1, W2, W2], [B1, B2, B2], names)
    assert str(refused.value) == (
        f"activation must be one name or 2 of them, one for each hidden layer, received {names!r}"
    )
