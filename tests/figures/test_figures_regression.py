"""Figures of targets: the samples, what is predicted over one feature or the plane, and residuals."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgb

from mlplab.boundary import Line, class_agreement, class_regions
from mlplab.boundary.regions import Extent
from mlplab.data import Dataset, Split
from mlplab.errors import MlplabError
from mlplab.figures import (
    boundary_figure,
    classifier_figure,
    dataset_figure,
    plot_samples,
    regression_figure,
    residuals_figure,
    wanted_boundary_figure,
)
from mlplab.figures.heat_scale import value_colours
from mlplab.figures.regions import SILENT, SILENT_LABEL
from mlplab.figures.regression import CURVE_LABEL, LEVEL_LABEL
from mlplab.figures.residuals import EXACT_LABEL
from mlplab.figures.targets import MOST_TARGETS
from mlplab.reference import MultilayerPerceptron
from mlplab.spec import Experiment
from mlplab.spec.regression import REGRESSION_HEADS, r_squared
from mlplab.training import train
from mlplab.trial import draw


class Sums:
    """Predicts of each sample its sum of features, and twice that, and so on."""

    def __init__(self, targets: int = 1) -> None:
        self.factors = np.arange(1.0, targets + 1)

    def feedforward(self, x):
        return x.sum(axis=1, keepdims=True) * self.factors


class Silent(Sums):
    """Predicts nothing where the first feature is positive."""

    def feedforward(self, x):
        return np.where(x[:, :1] > 0, np.nan, super().feedforward(x))


def samples(features: int, targets: int = 1, n: int = 40, names: tuple[str, ...] = ()) -> Dataset:
    """Return samples of which each target is what `Sums` predicts, with noise."""
    generator = np.random.default_rng(3)

    def split() -> Split:
        x = generator.uniform(-1, 1, (n, features))
        y = Sums(targets).feedforward(x) + generator.normal(0, 0.1, (n, targets))
        return Split(x, y)

    names = names or tuple(f"y{k + 1}" for k in range(targets))
    return Dataset(split(), split(), split(), (), target_names=names)


def points_of(axes) -> PathCollection:
    [points] = [each for each in axes.collections if isinstance(each, PathCollection)]
    return points


def line_of(axes, label):
    [line] = [line for line in axes.lines if line.get_label() == label]
    return line


def heading_r2(axes) -> float:
    return float(axes.get_title(loc="left").split("R² ")[1].replace("−", "-"))


def test_over_one_feature_the_prediction_is_a_curve_through_samples_in_their_places():
    data = samples(1)
    figure = regression_figure(Sums(), data, resolution=50)
    for axes, split in zip(figure.axes, (data.train, data.test), strict=True):
        curve = line_of(axes, CURVE_LABEL)
        np.testing.assert_allclose(curve.get_ydata(), curve.get_xdata())
        assert (curve.get_xdata()[0], curve.get_xdata()[-1]) == axes.get_xlim()
        np.testing.assert_allclose(
            points_of(axes).get_offsets(), np.concatenate([split.x, split.y], axis=1)
        )
        assert heading_r2(axes) == round(r_squared(split.x, split.y), 4)


def test_over_the_plane_ground_and_samples_share_a_scale_of_colours():
    data = samples(2)
    figure = regression_figure(Sums(), data, resolution=21)
    *panels, bar = figure.axes
    low, high = bar.get_ylim()
    together = np.concatenate([data.train.y, data.test.y])
    assert (low, high) == (together.min(), together.max())
    for axes, split in zip(panels, (data.train, data.test), strict=True):
        [ground] = axes.images
        x1, x2 = np.linspace(*axes.get_xlim(), 21), np.linspace(*axes.get_ylim(), 21)
        share = (x1[None, :] + x2[:, None] - low) / (high - low)
        np.testing.assert_allclose(
            ground.get_array(), value_colours()(np.clip(share, 0, 1))[..., :3], atol=0.02
        )
        points = points_of(axes)
        np.testing.assert_allclose(points.get_offsets(), split.x)
        np.testing.assert_allclose(points.get_array(), split.y[:, 0])
        assert points.get_clim() == (low, high)
        assert heading_r2(axes) == round(r_squared(split.x.sum(axis=1, keepdims=True), split.y), 4)
    assert bar.get_ylabel() == "y1"


def test_lines_join_equal_predictions_for_each_number_beside_the_bar():
    figure = regression_figure(Sums(), samples(2), resolution=33)
    line = line_of(figure.axes[0], LEVEL_LABEL)
    heights = line.get_xdata() + line.get_ydata()
    found = np.unique(np.round(heights[np.isfinite(heights)], 6))
    low, high = figure.axes[2].get_ylim()
    ticks = [tick for tick in figure.axes[2].get_yticks() if low <= tick <= high]
    np.testing.assert_allclose(found, ticks, atol=1e-6)
    assert len(ticks) >= 4


def test_residuals_are_true_minus_predicted_and_the_diagonal_is_where_they_are_equal():
    data = samples(7)
    pairs, residuals = residuals_figure(Sums(), data).axes
    predicted = data.test.x.sum(axis=1)
    true = data.test.y[:, 0]
    np.testing.assert_allclose(points_of(pairs).get_offsets(), np.stack([true, predicted], axis=1))
    exact = line_of(pairs, EXACT_LABEL)
    for ends in (exact.get_xdata(), exact.get_ydata(), pairs.get_ylim()):
        assert tuple(ends) == pairs.get_xlim()
    np.testing.assert_allclose(
        points_of(residuals).get_offsets(), np.stack([predicted, true - predicted], axis=1)
    )
    assert heading_r2(pairs) == round(r_squared(predicted[:, None], data.test.y), 4)
    beside = [text.get_text() for text in residuals.texts]
    assert beside == [f"standard deviation {(true - predicted).std():.2g}"]


@pytest.mark.parametrize(
    ("of", "features"),
    [
        *(("data", features) for features in (1, 2, 3)),
        *(("prediction", features) for features in (1, 2)),
        ("residuals", 3),
    ],
)
def test_each_target_has_a_row_and_its_name(words_of, spills_of, overlaps_of, of, features):
    data = samples(features, 2, names=("rent of the first month in the old town", "$5_a"))
    figure = {
        "data": lambda: dataset_figure(data, "Rents"),
        "prediction": lambda: regression_figure(Sums(2), data, "Rents", resolution=9),
        "residuals": lambda: residuals_figure(Sums(2), data, "Rents"),
    }[of]()
    said = words_of(figure)
    assert any("rent of the" in word for word in said)
    assert any("$5_a" in word for word in said)
    panels = {"data": 3, "prediction": 2, "residuals": 2}[of]
    assert len([axes for axes in figure.axes if axes.get_title(loc="left")]) == 2 * panels
    assert spills_of(figure) == []
    assert overlaps_of(figure) == []


@pytest.mark.parametrize("features", [1, 2, 5])
def test_the_dataset_shows_every_sample_of_the_three_splits(features):
    data = samples(features)
    panels = dataset_figure(data).axes[:3]
    assert [axes.get_title(loc="left") for axes in panels] == ["Training", "Validation", "Test"]
    for axes, split in zip(panels, data.splits.values(), strict=True):
        points = points_of(axes)
        drawn = points.get_offsets()[:, 1] if features == 1 else points.get_array()
        np.testing.assert_allclose(drawn, split.y[:, 0])
        if features == 2:
            np.testing.assert_allclose(points.get_offsets(), split.x)


def test_named_features_and_targets_are_drawn_and_the_title_says_so():
    data = samples(4, 3)
    figure = dataset_figure(data, "own", features=["x3"], targets=["y2"])
    assert figure.get_suptitle() == "own: one of 4 features, 1 of 3 targets"
    wanted = np.stack([data.train.x[:, 2], data.train.y[:, 1]], axis=1)
    np.testing.assert_allclose(points_of(figure.axes[0]).get_offsets(), wanted)


def test_of_many_targets_the_first_are_drawn():
    data = samples(1, 8, n=5)
    figure = residuals_figure(Sums(8), data, "own")
    assert figure.get_suptitle() == f"own: {MOST_TARGETS} of 8 targets"
    assert len(figure.axes) == 2 * MOST_TARGETS


def test_where_nothing_is_predicted_the_ground_is_grey_and_samples_are_counted(words_of):
    data = samples(2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        surface = regression_figure(Silent(), data, resolution=9)
        pairs = residuals_figure(Silent(), data)
        curve = regression_figure(Silent(), samples(1), resolution=9)
        said = words_of(surface)
        words_of(pairs), words_of(curve)
    silent = int((data.test.x[:, 0] > 0).sum())
    assert SILENT_LABEL in said
    assert f"Test: no prediction of {silent} of 40" in said
    np.testing.assert_allclose(surface.axes[0].images[0].get_array()[4, -1], to_rgb(SILENT))
    assert len(points_of(pairs.axes[0]).get_offsets()) == 40 - silent


def test_a_network_that_predicts_nothing_at_all_has_a_picture(spills_of):
    class Mute(Sums):
        def feedforward(self, x):
            return np.full((len(x), 1), np.inf)

    for figure in (
        residuals_figure(Mute(), samples(3)),
        regression_figure(Mute(), samples(1), resolution=5),
        regression_figure(Mute(), samples(2), resolution=5),
    ):
        assert spills_of(figure) == []


def test_a_trained_run_is_drawn_as_its_network_is():
    dataset = {"kind": "franke", "train_samples": 20, "test_samples": 20}
    experiment = Experiment(dataset=dataset, training={"epochs": 1})
    [run] = train(experiment, trainer="reference")
    data = draw(experiment, run.seed).dataset
    of_run, of_network = (
        regression_figure(model, data, resolution=5).axes[0].images[0].get_array()
        for model in (run, MultilayerPerceptron.from_run(run))
    )
    np.testing.assert_array_equal(of_run, of_network)


def linear_network() -> MultilayerPerceptron:
    head = REGRESSION_HEADS["mean_squared_error"]
    return MultilayerPerceptron([np.ones((1, 2))], [np.zeros(1)], [], head)


@pytest.mark.parametrize(
    ("draw", "sentence"),
    [
        (
            lambda data, _: classifier_figure(Sums(), data),
            "a classifier's figure is of classes, and",
        ),
        (
            lambda data, _: boundary_figure(Sums(), dataset=data),
            "a boundary's figure is of classes, and the samples have targets",
        ),
        (
            lambda data, _: wanted_boundary_figure(Line.parse("x2 = x1"), data),
            "a boundary's figure is of classes, and the samples have targets",
        ),
        (
            lambda data, _: plot_samples(None, data.train, ("a",)),
            "samples in the colours of their classes have labels, received targets",
        ),
        (
            lambda _, labels: classifier_figure(linear_network(), labels),
            "a classifier's outputs are of classes, and the model predicts targets",
        ),
        (
            lambda *_: class_regions(linear_network(), Extent(0, 1, 0, 1)),
            "class regions are of classes, and the model predicts targets",
        ),
        (
            lambda *_: class_agreement([linear_network()], Extent(0, 1, 0, 1)),
            "an agreement's predictions are of classes, and the model predicts targets",
        ),
        (
            lambda _, labels: regression_figure(Sums(), labels),
            "a regression's figure is of targets, and the samples have labels",
        ),
        (
            lambda _, labels: residuals_figure(Sums(), labels),
            "a figure of residuals is of targets, and the samples have labels",
        ),
        (
            lambda _, labels: dataset_figure(labels, targets=["y1"]),
            "targets are named, and the samples have labels",
        ),
        (lambda data, _: regression_figure("a", data), "a regression's figure is of one run, such"),
        (
            lambda data, _: regression_figure(Sums(2), data, resolution=3),
            "as many outputs as there are targets (1), received 2",
        ),
        (
            lambda *_: regression_figure(Sums(), samples(3)),
            "one or two features, received 3: resid",
        ),
        (lambda data, _: residuals_figure(Sums(), data, targets=["y"]), "no target 'y'"),
        (
            lambda data, _: residuals_figure(Sums(), data, targets=["y1", "y1"]),
            "one to 6 different targets, received",
        ),
        (lambda data, _: residuals_figure(Sums(), data, targets=[]), "one to 6 different targets"),
    ],
)
def test_what_does_not_apply_is_refused_in_one_sentence(make_clusters, draw, sentence):
    with pytest.raises(MlplabError) as raised:
        draw(samples(2), make_clusters(2))
    assert sentence in str(raised.value)
