"""Where a student's backpropagation leaves the reference: the layer, the quantity, and its numbers."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest

from mlplab.course.checker.checks import draw_checks
from mlplab.course.checker.checks.check import Float
from mlplab.course.checker.checks.gradients import GradientCheck, finite_differences
from mlplab.course.checker.checks.wrong_step import deltas_of
from mlplab.reference.network import MultilayerPerceptron

Change = Callable[[list[Float], list[Float]], None]


@pytest.fixture(scope="module")
def check() -> GradientCheck:
    """The check of seed 0."""
    found = draw_checks(0)["backpropagation"]
    assert isinstance(found, GradientCheck)
    return found


def facts(check: GradientCheck, change: Change) -> str:
    """Return what is said of gradients that a change made wrong."""
    weights, biases = finite_differences(check.case, check.labels)
    change(weights, biases)
    content = {
        "method": "backpropagation",
        "weights": [{"array": w} for w in weights],
        "biases": [{"array": b} for b in biases],
    }
    return " ".join(check.judge(content).facts.split())


def wrong_delta(weights: list[Float], biases: list[Float]) -> None:
    for layer in (1, 0):
        weights[layer] *= 2
        biases[layer] *= 2


def wrong_product(weights: list[Float], biases: list[Float]) -> None:
    weights[1] *= -1


def wrong_sum(weights: list[Float], biases: list[Float]) -> None:
    biases[0] += 0.25


def wrong_output(weights: list[Float], biases: list[Float]) -> None:
    for layer in range(3):
        weights[layer] /= 2
        biases[layer] /= 2


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (wrong_delta, "So δ = dL/dz of layer 2 goes wrong"),
        (wrong_product, "dL/db of layer 2 is right, and so is its δ: the product δ·h goes wrong"),
        (wrong_sum, "dL/dW of layer 1 is right, and so is its δ: the sum of δ over the points"),
        (wrong_output, "So δ = dL/dz of layer 3 goes wrong"),
    ],
)
def test_the_first_quantity_that_differs_is_named(check: GradientCheck, change: Change, says: str):
    assert says in facts(check, change)


def test_the_numbers_are_those_of_the_reference_and_of_the_student(check: GradientCheck):
    case, text = check.case, facts(check, wrong_delta)
    network = MultilayerPerceptron(case.weights, case.biases, case.activation)
    delta = deltas_of(network, network.forward(case.x), check.labels)[1]
    [neuron] = re.findall(r"of neuron (\d), summed", text)
    total = delta[:, int(neuron) - 1].sum()
    assert f"expected {total:.4g}, received {2 * total:.4g}." in text
    [last] = re.findall(r"= (-?[\d.e-]+)\.$", text)
    assert float(last) == pytest.approx(delta[0, int(neuron) - 1], rel=1e-3)


def test_the_formula_that_is_filled_in_comes_to_its_number(check: GradientCheck):
    text = facts(check, wrong_delta)
    [formula, value] = re.findall(r"should be δ. = (.*) = (-?[\d.e-]+)\.$", text)[0]
    assert eval(formula.replace("·", "*")) == pytest.approx(float(value), rel=2e-3)


def test_deltas_are_those_whose_products_are_the_gradients(check: GradientCheck):
    case = check.case
    network = MultilayerPerceptron(case.weights, case.biases, case.activation)
    forward = network.forward(case.x)
    weights, biases = finite_differences(case, check.labels)
    for delta, h, w, b in zip(
        deltas_of(network, forward, check.labels), forward.inputs, weights, biases, strict=True
    ):
        np.testing.assert_allclose(delta.T @ h, w, atol=1e-8)
        np.testing.assert_allclose(delta.sum(axis=0), b, atol=1e-8)
