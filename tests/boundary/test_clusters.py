"""The linear dataset's exact solution: lines, posterior and best accuracy, against the drawn dataset."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import norm

from mlplab.boundary import (
    Extent,
    Line,
    best_accuracy,
    class_regions,
    cluster_lines,
    separate_clusters,
)
from mlplab.data import draw_dataset
from mlplab.errors import MlplabError
from mlplab.spec import Linear

each_number_of_classes = pytest.mark.parametrize("classes", [2, 3, 5])


def test_two_clusters_meet_on_the_labs_line():
    assert cluster_lines(2) == (Line.parse("x2 = 1 - x1"),)


def test_three_clusters_by_hand():
    # Means 1/4, 2/4, 3/4 on the diagonal: x1 + x2 is halfway at 3/4 and at 5/4.
    assert cluster_lines(3) == (Line(1, 1, Fraction(3, 4)), Line(1, 1, Fraction(5, 4)))
    layer = separate_clusters(3, sigma=0.5)  # s = 4
    np.testing.assert_allclose(layer.W, [[1, 1], [2, 2], [3, 3]], rtol=1e-15)
    np.testing.assert_allclose(layer.b, [-0.25, -1, -2.25], rtol=1e-15)


@each_number_of_classes
def test_lines_are_halfway_between_neighbouring_means(classes):
    lines = cluster_lines(classes)
    assert len(lines) == classes - 1
    for k, line in enumerate(lines):
        means = np.array([[(j + 1) / (classes + 1)] * 2 for j in (k, k + 1)])
        side = line.side(means)
        half = 1 / (np.sqrt(2) * (classes + 1))
        np.testing.assert_allclose(side, [-half, half], rtol=1e-12)


@each_number_of_classes
@pytest.mark.parametrize("options", [{"sigma": 0.07}, {"sharpness": 25.0}, {"sharpness": 0.01}])
def test_classes_change_exactly_at_the_lines(classes, options):
    layer, lines = separate_clusters(classes, **options), cluster_lines(classes)
    for k, line in enumerate(lines):
        assert layer.line_between(k, k + 1).is_close(line, tolerance=1e-12)
    regions = class_regions(layer, Extent(-0.3, 1.3, -0.4, 1.4), resolution=101)
    points = np.stack(np.meshgrid(regions.x1, regions.x2), axis=-1).reshape(-1, 2)
    sides = np.stack([line.side(points) for line in lines])
    clear = (np.abs(sides) > 1e-9).all(axis=0)
    expected = (sides > 0).sum(axis=0)
    np.testing.assert_array_equal(regions.classes.reshape(-1)[clear], expected[clear])
    assert set(expected) == set(range(classes))


@each_number_of_classes
def test_outputs_are_the_exact_posterior(classes):
    sigma, x = 0.15, np.random.default_rng(4).uniform(-0.5, 1.5, size=(200, 2))
    means = np.arange(1, classes + 1) / (classes + 1)
    density = norm.pdf(x[:, :1], means, sigma) * norm.pdf(x[:, 1:], means, sigma)
    posterior = density / density.sum(axis=1, keepdims=True)
    actual = separate_clusters(classes, sigma=sigma).feedforward(x)
    np.testing.assert_allclose(actual, posterior, rtol=1e-9, atol=1e-15)


@each_number_of_classes
def test_sharpness_is_the_gradient_between_neighbours(classes):
    layer = separate_clusters(classes, sharpness=7.0)
    for k in range(classes - 1):
        difference = layer.W[k + 1] - layer.W[k]
        assert np.hypot(*difference) == pytest.approx(7.0, rel=1e-12)


@pytest.mark.parametrize(("sigma", "accuracy"), [(0.1, 0.990789), (0.06, 0.999957)])
def test_best_accuracy_of_two_classes_is_known(sigma, accuracy):
    assert best_accuracy(2, sigma) == pytest.approx(accuracy, abs=5e-7)


@each_number_of_classes
@pytest.mark.parametrize("sigma", [0.05, 0.2, 1.0])
def test_best_accuracy_is_each_classs_share_between_its_lines(classes, sigma):
    # x1 + x2 of class k is normal with mean 2 (k+1)/(K+1) and deviation √2 σ; its lines cut it at c.
    cuts = [-np.inf, *(float(line.c) for line in cluster_lines(classes)), np.inf]
    right = [
        np.diff(norm.cdf(cuts[k : k + 2], 2 * (k + 1) / (classes + 1), np.sqrt(2) * sigma))[0]
        for k in range(classes)
    ]
    assert best_accuracy(classes, sigma) == pytest.approx(np.mean(right), rel=1e-12)


@each_number_of_classes
def test_drawn_points_are_classified_as_well_as_predicted(classes):
    sigma, n = 0.12, 20_000
    dataset = draw_dataset(Linear(classes=classes, sigma=sigma, test_per_class=n), seed=6)
    outputs = separate_clusters(classes, sigma=sigma).feedforward(dataset.test.x)
    accuracy = (outputs.argmax(axis=1) == dataset.test.y).mean()
    expected = best_accuracy(classes, sigma)
    standard_error = np.sqrt(expected * (1 - expected) / len(dataset.test))
    assert abs(accuracy - expected) < 4 * standard_error


def test_accuracy_goes_from_certainty_to_chance():
    assert best_accuracy(5, 1e-3) == 1.0
    assert best_accuracy(5, 1e6) == pytest.approx(0.2, abs=1e-6)


@pytest.mark.parametrize("name", ["sigma", "sharpness"])
@pytest.mark.parametrize("value", [1e-40, 1e40])
def test_at_the_ends_of_the_range_the_lines_are_still_right(name, value):
    layer = separate_clusters(3, **{name: value})
    for k, line in enumerate(cluster_lines(3)):
        assert layer.line_between(k, k + 1).is_close(line, tolerance=1e-12)


@pytest.mark.parametrize(
    ("function", "options", "message"),
    [
        (separate_clusters, {"classes": 1, "sigma": 0.1}, "a whole number, 2 at least, received 1"),
        (separate_clusters, {"classes": 2.5, "sigma": 0.1}, r"a whole number, .* received 2\.5"),
        (cluster_lines, {"classes": "2"}, "received '2'"),
        (cluster_lines, {"classes": 0}, "received 0"),
        (best_accuracy, {"classes": 1, "sigma": 0.1}, "received 1"),
        (best_accuracy, {"classes": 2, "sigma": 0.0}, r"sigma must be above zero .* 0\.0"),
        (best_accuracy, {"classes": 2, "sigma": float("nan")}, "received nan"),
        (best_accuracy, {"classes": 2, "sigma": 1e200}, r"\(1e-40 to 1e40\), received 1e\+200"),
        (separate_clusters, {"classes": 2, "sigma": 1e-200}, r"\(1e-40 to 1e40\), received 1e-200"),
        (separate_clusters, {"classes": 2, "sigma": 1e200}, r"received 1e\+200"),
        (separate_clusters, {"classes": 2, "sharpness": 1e200}, r"received 1e\+200"),
        (separate_clusters, {"classes": 2}, "either sigma or sharpness"),
        (
            separate_clusters,
            {"classes": 2, "sigma": 1, "sharpness": 1},
            "either sigma or sharpness",
        ),
        (separate_clusters, {"classes": 2, "sigma": -1}, "sigma must be above zero"),
        (separate_clusters, {"classes": 2, "sharpness": 0}, "sharpness must be above zero"),
        (separate_clusters, {"classes": 2, "sharpness": float("inf")}, "received inf"),
    ],
)
def test_impossible_requests_are_refused(function, options, message):
    with pytest.raises(MlplabError, match=message):
        function(**options)
