"""One update as text: formulas with their numbers, and what is left out."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from mlplab.errors import MlplabError
from mlplab.explain import Step, step
from mlplab.spec import Experiment

TRAINING = {"optimizer": {"kind": "sgd", "learning_rate": 1.0}, "batch_size": 16, "epochs": 3}


def made(width: int = 5, layers: int = 1, **changes: Any) -> Experiment:
    network = {"hidden_layers": layers, "layer_width": width, "activation": "relu"}
    whole = {"dataset": "polar", "network": network, "training": TRAINING}
    return Experiment(**whole).varied(changes)


@pytest.fixture(scope="module")
def small() -> Step:
    """An update of a network 2-5-2 by one sample."""
    return step(made(), update=7, point=3)


def test_a_line_has_what_it_says(small: Step):
    text = small.text(neurons=[(1, 4), (2, 1)], weight=(2, 1, 4))
    assert small._repr_html_() == f"<pre>{html.escape(small.text())}</pre>"
    layer, last = small.layers
    z = float(layer.z[0, 3])
    w, b = layer.weights.before[3], layer.biases.before[3]
    [numbers] = re.findall(r"z₄ = (.*) = ", text)
    factors = [float(number) for number in re.findall(r"\d+\.?\d*(?:e-\d+)?", numbers)]
    x = small.x[0]
    expected = [abs(value) for value in (w[0], x[0], w[1], x[1], b)]
    assert factors == pytest.approx([float(value) for value in expected], rel=1e-3)
    assert f"h₄ = max(0, {z:.4g}) = {z:.4g}" in text
    delta, h = float(last.delta[0, 0]), float(layer.h[0, 3])
    assert f"∂L/∂w₁₄ = {delta:.4g}·{h:.4g} = {delta * h:.4g}" in text
    before, after = last.weights.before[0, 3], last.weights.after[0, 3]
    gradient = f"{delta * h:.4g}"
    written = f"({gradient})" if delta * h < 0 else gradient
    assert f"w = w - η · g = {before:.4g} - 1 · {written} = {after:.4g}" in text
    assert f"L: {small.loss_before:.4g} before, {small.loss_after:.4g} after" in text


def test_all_of_a_small_network_is_shown_and_nothing_is_wider_than_the_terminal(small: Step):
    text = small.text()
    assert "not shown" not in text
    assert {f"h{n} =" for n in "₁₂₃₄₅"} <= set(re.findall(r"h[₁-₅] =", text))
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("changes", [{}, {"network.dropout": 0.25, "network.input_noise": 0.1}])
def test_a_large_network_says_what_it_leaves_out(changes: Any):
    text = step(made(50, 10, **changes), update=2).text()
    assert len(text.splitlines()) < 80
    assert max(map(len, text.splitlines())) <= 80
    for said in (
        "(49 other neurons not shown)",
        "(Layers 2 to 9: no neuron shown.)",
        "smaller terms",
    ):
        assert said in text


def test_a_linear_output_stands_there_once():
    sizes = {"train_samples": 20, "test_samples": 5}
    targets = Experiment(
        dataset={"kind": "franke", **sizes}, training={"loss": "mean_squared_error"}
    )
    lines = [line.strip() for line in step(targets, point=0).text().splitlines()]
    (output,) = [line for line in lines if line.startswith("p₁ = ")]
    (delta,) = [line for line in lines if line.startswith("δ₁ = ")]
    assert (output.count("="), delta.count("=")) == (1, 1)


def test_chosen_neurons_alone_are_shown():
    text = step(made(50, 10), update=2).text(neurons=[(3, 17)], weight=(3, 17, 0))
    assert "z₁₇ = " in text
    assert "δ₁₇ = " in text
    assert "Gradient and update of b₁₇ in layer 3, by sgd" in text
    assert re.findall(r"^  z\S+ =", text, re.MULTILINE) == ["  z₁₇ ="]


def test_where_no_weight_has_a_gradient_what_moves_most_is_shown():
    changes = {"network.initializer": "zeros", "network.bias_initializer": "zeros"}
    found = step(made(**changes), update=1)
    assert not any(layer.weights.gradient.any() for layer in found.layers)
    moved = abs(found.layers[1].biases.after)
    most = "₁₂"[int(moved.argmax())]
    assert moved.max() > 0
    assert f"Gradient and update of b{most} in layer 2" in found.text()


def test_penalty_clipping_decay_and_moments_have_their_lines():
    optimizer = {"kind": "adamw", "clipvalue": 1e-4, "learning_rate": 0.01}
    changes = {
        "network.kernel_regularizer": "l2",
        "training.optimizer": optimizer,
        "training.class_weight": {"0": 3.0},
        "training.loss": "categorical_crossentropy",
        "training.label_smoothing": 0.1,
    }
    found = step(made(**changes), update=7, point=0)
    text = found.text(weight=(2, 1, 1))
    flowing = " ".join(text.split())
    for said in (
        "y₁ = 1 · (1 - 0.1) + 0.1 / 2 = 0.95",
        "L = w · ℓ = 3 ·",
        "The regularizer adds P =",
        "g = ∂L/∂w + ∂P/∂w =",
        "(clipvalue)",
        "w = w - ηλ · w =",
        "m = m + (1 - β₁) · (g - m) =",
        "v = v + (1 - β₂) · (g² - v) =",
        "w = w - α · m / (√(v) + ε) =",
    ):
        assert said in flowing


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"neurons": [(3, 1)]}, "there are layers 1 to 2, received layer 3"),
        ({"neurons": [(1, 6)]}, "layer 1 has neurons 1 to 5, received neuron 6"),
        ({"weight": (2, 1, 6)}, "layer 2 has inputs 1 to 5, and 0 for the bias, received input 6"),
        ({"weight": (0, 1, 1)}, "there are layers 1 to 2, received layer 0"),
        ({"neurons": [(1,)]}, r"neurons must be pairs of whole numbers .* received \[\(1,\)\]"),
        ({"neurons": [(1.0, 1)]}, "neurons must be pairs of whole numbers"),
        ({"neurons": "ab"}, "neurons must be pairs of whole numbers"),
        ({"neurons": 3}, "neurons must be pairs of whole numbers"),
        ({"weight": (1, 1)}, "weight must be three whole numbers"),
        ({"weight": "abc"}, "weight must be three whole numbers"),
        ({"width": 0}, "width must be a whole number of at least 1, received 0"),
        ({"width": "wide"}, "width must be a whole number of at least 1, received 'wide'"),
    ],
)
def test_what_is_not_there_is_refused(small: Step, how: Any, message: str):
    with pytest.raises(MlplabError, match=message):
        small.text(**how)
