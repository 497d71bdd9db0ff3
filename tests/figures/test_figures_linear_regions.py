from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from mlplab import Experiment, draw, train
from mlplab.boundary import EQUATION_11, Extent, exact
from mlplab.errors import MlplabError
from mlplab.figures import linear_regions_figure, save
from mlplab.figures.linear_regions import BOUNDARY_LABEL, EDGE_LABEL, PALEST
from mlplab.figures.style import region_tint
from mlplab.reference import MultilayerPerceptron
from mlplab.spec.regression import REGRESSION_HEADS

BOX = Extent(-1, 1, -1, 1)


@pytest.fixture(scope="module")
def runs():
    experiment = Experiment(
        dataset={"kind": "polar", "classes": 3, "train_per_class": 64, "test_per_class": 8},
        network={"hidden_layers": 1, "layer_width": 6, "activation": "relu"},
        training={"epochs": 5},
    )
    return train(experiment, replications=4)


def collections_of(figure):
    return {each.get_zorder(): each for each in figure.axes[0].collections}


def test_each_polygon_is_drawn_in_a_tint_of_its_class(runs, words_of, spills_of):
    found = exact(runs[0], BOX)
    dataset = draw(runs.experiment, 0).dataset
    figure = linear_regions_figure(found, dataset, title="one network")
    polygons = collections_of(figure)[0]
    assert len(polygons.get_paths()) == len(found.pieces)
    for path, corners in zip(polygons.get_paths(), found.pieces, strict=True):
        assert_allclose(path.vertices[:-1], corners)
    for colour, k in zip(polygons.get_facecolors()[:, :3], found.piece_classes, strict=True):
        strength = (1 - colour) / (1 - np.array(region_tint(k)))
        assert_allclose(strength, strength[0])
        assert PALEST - 1e-9 <= strength[0] <= 1
    words = words_of(figure)
    assert {f"{found.region_count} linear regions", BOUNDARY_LABEL, EDGE_LABEL, "class 2"} <= {
        *words
    }
    assert spills_of(figure) == []


def test_edges_and_the_boundary_lie_where_they_were_found(runs):
    found = exact(runs[0], BOX)
    drawn = collections_of(linear_regions_figure(found))
    inner = found.edges[(found.edge_regions >= 0).all(axis=1)]
    assert_allclose(drawn[1].get_segments(), found.regions.vertices[inner])
    assert_allclose(drawn[2].get_segments(), found.boundary)


def test_many_networks_lie_upon_each_other(runs, words_of, spills_of):
    found = exact(runs, BOX)
    figure = linear_regions_figure(found, title="four networks")
    (drawn,) = figure.axes[0].collections
    assert_allclose(drawn.get_segments(), found.boundary)
    assert "Decision boundaries of 4 networks" in words_of(figure)
    assert spills_of(figure) == []


def test_targets_have_regions_and_nothing_else(words_of):
    network = MultilayerPerceptron(
        [np.eye(2), np.ones((1, 2))],
        [np.zeros(2), np.zeros(1)],
        "relu",
        REGRESSION_HEADS["mean_squared_error"],
    )
    words = words_of(linear_regions_figure(exact(network, BOX)))
    assert "4 linear regions" in words
    assert BOUNDARY_LABEL not in words


def test_a_network_of_one_region(words_of, tmp_path):
    figure = linear_regions_figure(exact(EQUATION_11, BOX), label_names=("low", "high"))
    assert {"1 linear region", "low", "high"} <= {*words_of(figure)}
    assert [path.name for path in save(figure, tmp_path / "one", ["svg"])] == ["one.svg"]


def test_each_class_needs_a_name(runs):
    with pytest.raises(MlplabError, match=r"each of the 3 classes .* received 2 names"):
        linear_regions_figure(exact(runs[0], BOX), label_names=("a", "b"))
