"""The network without hidden layers: its softmax, its line, and the report's two solutions."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.special import softmax

from mlplab.boundary import EQUATION_11, EQUATION_12, Extent, Line, SingleLayer, class_regions
from mlplab.boundary.single_layer import simple_fraction
from mlplab.errors import MlplabError
from mlplab.reference import MultilayerPerceptron
from mlplab.spec import Experiment
from mlplab.training import train

WANTED = Line.parse("x2 = 1 - x1")


def test_one_point_by_hand():
    # z = (1·2 + 2·3 + 0.5, 0·2 - 1·3 + 0) = (8.5, -3); the difference 11.5 decides.
    layer = SingleLayer([[1, 2], [0, -1]], [0.5, 0])
    first = 1 / (1 + math.exp(-11.5))
    np.testing.assert_allclose(
        layer.feedforward(np.array([[2.0, 3.0]])), [[first, 1 - first]], rtol=1e-9
    )


@pytest.mark.parametrize("classes", [2, 3, 7])
def test_feedforward_is_softmax_of_wx_plus_b(classes):
    generator = np.random.default_rng(classes)
    W, b = generator.normal(size=(classes, 2)), generator.normal(size=classes)
    x = generator.normal(size=(50, 2))
    expected = softmax(np.array([W @ point + b for point in x]), axis=1)
    np.testing.assert_allclose(SingleLayer(W, b).feedforward(x), expected, rtol=1e-12)


def test_large_outputs_do_not_overflow():
    layer = SingleLayer([[1e6, 0], [-1e6, 0]], [0, 0])
    np.testing.assert_array_equal(
        layer.feedforward(np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 0.0]])),
        [[1, 0], [0, 1], [0.5, 0.5]],
    )


def test_weights_and_biases_are_as_in_a_run():
    layer = SingleLayer([[1, 2], [3, 4]], [[5], [6]])
    (W,), (b,) = layer.weights, layer.biases
    np.testing.assert_array_equal(W, [[1, 2], [3, 4]])
    np.testing.assert_array_equal(b, [5, 6])


def test_a_layer_cannot_be_changed_by_its_source():
    W = np.eye(2)
    layer = SingleLayer(W, np.zeros(2))
    W[0, 0] = 7
    assert layer.W[0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        layer.b[0] = 1


@pytest.mark.parametrize(
    ("W", "b", "dtype"),
    [
        (np.eye(2, dtype=np.float32), np.zeros(2, np.float32), np.float32),
        (np.eye(2, dtype=np.float32), [0, 0], np.float64),
        ([[1, 0], [0, 1]], [0, 0], np.float64),
    ],
)
def test_dtype_is_float32_only_if_all_is(W, b, dtype):
    layer = SingleLayer(W, b)
    assert layer.W.dtype == layer.b.dtype == dtype


@pytest.mark.parametrize(
    ("W", "b", "message"),
    [
        (np.zeros((2, 3)), [0, 0], r"W must have shape \(K, 2\), .* received \(2, 3\)"),
        (np.zeros((1, 2)), [0], r"received \(1, 2\)"),
        (np.zeros(2), [0, 0], r"received \(2,\)"),
        (np.eye(2), [0, 0, 0], r"b must have shape \(2,\) or \(2, 1\), received \(3,\)"),
        (np.eye(2), [[0, 0]], r"received \(1, 2\)"),
        ([[1, 2], [3]], [0, 0], "W must be an array of real numbers"),
        (np.eye(2), ["a", "b"], "b must be an array of real numbers"),
        (np.eye(2) * 1j, [0, 0], "W must be an array of real numbers"),
        ([[1, 0], [0, math.nan]], [0, 0], "W must hold finite numbers"),
        (np.full((2, 2), np.inf, np.float32), [0, 0], "W must hold finite numbers"),
        (np.eye(2), [0, math.inf], "b must hold finite numbers"),
        (np.eye(2), [0, 1e101], "b must hold finite numbers up to 1e100"),
    ],
)
def test_bad_arrays_are_refused(W, b, message):
    with pytest.raises(MlplabError, match=message):
        SingleLayer(W, b)


@pytest.mark.parametrize("W", [np.full((2, 2), np.inf), np.full((2, 2), "much text in an array")])
def test_an_array_stands_on_one_line_of_the_message(W):
    with pytest.raises(MlplabError) as refused:
        SingleLayer(W, [0, 0])
    assert "received array([[" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 130


@pytest.mark.parametrize(
    ("W", "b", "line"),
    [
        ([[1, 1], [0, 0]], [-1, 0], "x2 = 1 - x1"),
        ([[0.3, 0.1], [0.1, 0]], [0, 0.7], "x2 = 7 - 2*x1"),
        ([[1, 1], [0, 0]], [-0.1, 0], "x2 = 0.1 - x1"),
        ([[1, 1], [0, 0]], [-1 / 3, 0], "x2 = 1/3 - x1"),
        ([[0, 1], [0, 0]], [0.25, 0], "x2 = -0.25"),
        ([[0.1, 5], [-0.1, 5]], [0, 0.1], "x1 = 0.5"),
        ([[2**0.5, 2**0.5], [0, 0]], [-(2**0.5), 0], "x2 = 1 - x1"),
        ([[math.pi * 2 / 3, math.pi], [0, 0]], [-math.pi / 3, 0], "x2 = 1/3 - 2/3*x1"),
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_line_is_the_one_that_was_meant(W, b, line, dtype):
    layer = SingleLayer(np.array(W, dtype), np.array(b, dtype))
    assert layer.line_between(0, 1) == layer.line_between(1, 0) == Line.parse(line)


def test_line_of_any_floats_is_exact():
    layer = SingleLayer(np.random.default_rng(5).normal(size=(3, 2)), [0.125, 0.5, 0.0])
    (a, b, c) = (
        Fraction(float(one)) - Fraction(float(other))
        for one, other in zip((*layer.W[2], layer.b[1]), (*layer.W[1], layer.b[2]), strict=True)
    )
    assert layer.line_between(2, 1) == Line(a, b, c)


def test_the_largest_float32_have_a_line():
    """Half the row that would follow from the other one is beyond float32: it is not that row."""
    layer = SingleLayer(
        np.array([[3e38, 3e38], [-3e38, -2e38]], np.float32), np.zeros(2, np.float32)
    )
    assert layer.line_between(0, 1).is_close(Line.parse("x2 = -1.2*x1"), layer.tolerance)


@pytest.mark.parametrize(
    ("dtype", "nearer", "farther"), [(np.float32, 1e-7, 1e-5), (np.float64, 1e-10, 1e-8)]
)
def test_lines_are_told_apart_as_far_as_the_dtype_can(dtype, nearer, farther):
    layer = SingleLayer(np.eye(2, dtype=dtype), np.zeros(2, dtype))
    for shift, close in ((nearer, True), (farther, False)):
        assert (
            layer.line_between(0, 1).is_close(Line(-1, 1, Fraction(shift)), layer.tolerance)
            is close
        )


def test_equal_rows_have_no_line():
    assert SingleLayer([[1, 2], [1, 2]], [0, 0]).line_between(0, 1) is None
    assert SingleLayer([[1, 2], [1, 2]], [0, 5]).line_between(0, 1) is None


@pytest.mark.parametrize("value", [0.1, -0.7, 1 / 3, 123.456, 0.0, 4.0, -2 / 7, 0.123456])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_float_is_read_as_a_simple_fraction_that_rounds_to_it(value, dtype):
    fraction = simple_fraction(dtype(value))
    assert fraction.denominator <= 10**6
    assert dtype(fraction) == dtype(value)


def test_a_float_that_no_simple_fraction_gives_is_read_exactly():
    for value in (math.pi, math.sqrt(2), 1e-9, 0.1 + 0.2):
        assert simple_fraction(np.float64(value)) == Fraction(value)


def test_the_reports_solutions_are_the_printed_ones():
    np.testing.assert_array_equal(EQUATION_11.W, [[-1, 0], [0, 1]])
    np.testing.assert_array_equal(EQUATION_11.b, [1, 0])
    np.testing.assert_array_equal(EQUATION_12.W, [[2, 1], [3, 2]])
    np.testing.assert_array_equal(EQUATION_12.b, [0.5, -0.5])


@pytest.mark.parametrize("layer", [EQUATION_11, EQUATION_12])
def test_the_reports_solutions_draw_the_wanted_line(layer):
    assert layer.line_between(0, 1) == WANTED
    regions = class_regions(layer, Extent(-1.0, 2.0, -1.0, 2.0), resolution=50)
    points = np.stack(np.meshgrid(regions.x1, regions.x2), axis=-1).reshape(-1, 2)
    side = WANTED.side(points).reshape(50, 50)
    clear = np.abs(side) > 1e-12
    np.testing.assert_array_equal(regions.classes[clear], (side > 0)[clear])


def test_the_reports_solutions_are_one_classifier():
    assert EQUATION_11.difference(0, 1) == EQUATION_12.difference(0, 1) == (-1, -1, -1)
    x = np.random.default_rng(11).uniform(-5, 5, size=(1000, 2))
    np.testing.assert_allclose(EQUATION_11.feedforward(x), EQUATION_12.feedforward(x), rtol=1e-13)


def test_one_sigmoid_output_draws_the_line_where_z_is_0():
    layer = SingleLayer.of_one_output([[4.0, 4.0]], [-4.0])
    assert layer.line_between(0, 1) == WANTED
    x = np.random.default_rng(1).normal(size=(50, 2))
    p = 1 / (1 + np.exp(-(x @ [4.0, 4.0] - 4)))
    np.testing.assert_allclose(layer.feedforward(x), np.stack([1 - p, p], axis=1), rtol=1e-12)
    with pytest.raises(
        MlplabError, match=r"W of shape \(1, 2\) and b of shape \(1,\), received \(2, 2\)"
    ):
        SingleLayer.of_one_output([[1, 2], [3, 4]], [0, 0])


def test_a_trained_network_with_one_output_has_that_line():
    training = {"loss": "binary_crossentropy", "optimizer": {"kind": "sgd", "learning_rate": 1.0}}
    run = train(Experiment(dataset="linear", training={**training, "epochs": 5}))[0]
    layer = SingleLayer.of_one_output(run.weights[0], run.biases[0])
    line = layer.line_between(0, 1)
    assert line is not None
    regions = class_regions(MultilayerPerceptron.from_run(run), Extent(0, 1, 0, 1), resolution=41)
    x1, x2 = np.meshgrid(regions.x1, regions.x2)
    above = float(line.a) * x1 + float(line.b) * x2 > float(line.c)
    same = above[-1, -1] == above
    assert (same == (regions.classes == regions.classes[-1, -1])).all()
