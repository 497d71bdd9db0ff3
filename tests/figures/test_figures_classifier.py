from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb

from mlplab.boundary import EQUATION_11, Extent, class_regions
from mlplab.data import draw_dataset
from mlplab.errors import MlplabError
from mlplab.figures import WRONG, classifier_figure
from mlplab.figures.classifier import RING_LABEL, misclassified
from mlplab.figures.regions import BORDER_LABEL, SILENT, SILENT_LABEL, class_borders, tints
from mlplab.figures.style import colour
from mlplab.reference import MultilayerPerceptron
from mlplab.spec import Experiment, Linear
from mlplab.training import train
from mlplab.trial import draw


class Fixed:
    """Gives each point the same outputs."""

    def __init__(self, *outputs):
        self.outputs = np.array(outputs, dtype=float)

    def feedforward(self, x):
        return np.tile(self.outputs, (len(x), 1))


def rings(axes):
    """Return the centres of the red rings of a panel."""
    (ring,) = [c for c in axes.collections if c.get_label() == RING_LABEL]
    return np.asarray(ring.get_offsets())


def points(axes):
    """Return how many points, which have one shape each and no label of ours, a panel shows."""
    ringed = len(rings(axes)) if any(c.get_label() == RING_LABEL for c in axes.collections) else 0
    return sum(len(c.get_offsets()) for c in axes.collections) - 2 * ringed


@pytest.mark.parametrize("classes", [2, 3, 5, 10])
def test_exactly_the_misclassified_test_points_are_ringed_and_counted(
    make_clusters, nearest_mean, words_of, classes
):
    data, model = make_clusters(classes, sigma=0.5), nearest_mean(classes)
    wrong = data.test.x[model.feedforward(data.test.x).argmax(axis=1) != data.test.y]
    n = len(data.test)
    assert 0 < len(wrong) < n
    figure = classifier_figure(model, data, resolution=32)
    training, test = figure.axes
    np.testing.assert_array_equal(rings(test), wrong)
    assert not any(c.get_label() == RING_LABEL for c in training.collections)
    assert points(training) == points(test) == n
    said = words_of(figure)
    assert f"{len(wrong)} of {n} misclassified" in said
    assert f"Test: {100 * (n - len(wrong)) / n:.2f} % right" in said
    right = (model.feedforward(data.train.x).argmax(axis=1) == data.train.y).mean()
    assert f"Training: {100 * right:.2f} % right" in said


def test_rings_are_red_and_no_class_is(make_clusters):
    _, test = classifier_figure(Fixed(1, 0), make_clusters(2), resolution=8).axes
    (ring,) = [c for c in test.collections if c.get_label() == RING_LABEL]
    assert {to_hex(c).upper() for c in ring.get_edgecolors()} == {WRONG}
    assert not ring.get_facecolors().size
    assert WRONG not in {colour(k) for k in range(10)}


def test_thousands_are_written_with_a_comma(words_of):
    said = words_of(classifier_figure(Fixed(1, 0), draw_dataset(Linear(), 1), resolution=8))
    assert {"512 of 1,024 misclassified", "1,024 samples", "Test: 50.00 % right"} <= set(said)


def test_a_perfect_model_has_no_ring(make_clusters, nearest_mean, words_of):
    figure = classifier_figure(nearest_mean(3), make_clusters(3, sigma=0.05), resolution=32)
    assert len(rings(figure.axes[1])) == 0
    assert "0 of 60 misclassified" in words_of(figure)
    assert "Test: 100.00 % right" in words_of(figure)


def test_both_panels_have_one_extent_that_holds_training_and_test_points(
    make_clusters, nearest_mean
):
    data = make_clusters(3)
    training, test = classifier_figure(nearest_mean(3), data, resolution=16).axes
    assert (training.get_xlim(), training.get_ylim()) == (test.get_xlim(), test.get_ylim())
    low, high = np.array([test.get_xlim(), test.get_ylim()]).T
    for split in (data.train, data.test):
        assert ((split.x > low) & (split.x < high)).all()
    assert test.get_aspect() == 1.0


@pytest.mark.parametrize("classes", [2, 5, 10, 14])
def test_all_is_labelled_and_nothing_spills(
    make_clusters, nearest_mean, words_of, spills_of, classes
):
    title = (
        "A title that says with many words what network was trained on what points and for how long"
    )
    figure = classifier_figure(nearest_mean(classes), make_clusters(classes), title, resolution=16)
    said = words_of(figure)
    for word in ("x₁", "x₂", RING_LABEL, *(f"class {k}" for k in range(classes))):
        assert word in said
    assert " ".join(figure.get_suptitle().split()) == title
    assert spills_of(figure) == []
    foot = figure.legends[0].get_window_extent()
    for axes in figure.axes:
        assert foot.y1 < axes.xaxis.label.get_window_extent().y0


def test_a_model_with_other_outputs_is_refused(make_clusters):
    with pytest.raises(MlplabError, match="each of the 3 classes, received 2 outputs"):
        classifier_figure(Fixed(1, 0), make_clusters(3), resolution=8)


def test_a_run_is_drawn_as_its_network_is():
    experiment = Experiment(dataset=Linear(train_per_class=20, test_per_class=20))
    run = train(experiment)[0]
    dataset = draw(experiment, run.seed).dataset
    figure, wanted = (
        classifier_figure(model, dataset, resolution=8)
        for model in (run, MultilayerPerceptron.from_run(run))
    )
    assert [axes.get_title(loc="left") for axes in figure.axes] == [
        axes.get_title(loc="left") for axes in wanted.axes
    ]
    assert f"{100 * run.test_accuracy:.2f} %" in figure.axes[1].get_title(loc="left")
    with pytest.raises(
        MlplabError, match=r"is of one run, such as runs\[0\], .* <Runs: 1 by engine"
    ):
        classifier_figure(train(experiment), dataset)
    with pytest.raises(
        MlplabError, match=r"expected the Dataset to draw, .* received <Trial of seed 0"
    ):
        classifier_figure(run, draw(experiment, run.seed))


def test_where_the_outputs_are_no_numbers_the_panel_is_grey_and_says_so(make_clusters, words_of):
    figure = classifier_figure(Fixed(np.nan, np.nan), make_clusters(2), resolution=8)
    image = figure.axes[0].images[0].get_array()
    np.testing.assert_allclose(image, np.broadcast_to(to_rgb(SILENT), image.shape))
    said = words_of(figure)
    assert {SILENT_LABEL, "Test: 0.00 % right", "Training: 0.00 % right"} <= set(said)
    assert len(rings(figure.axes[1])) == 40
    assert SILENT_LABEL not in words_of(
        classifier_figure(Fixed(1, 0), make_clusters(2), resolution=8)
    )


def test_a_point_without_an_answer_is_wrong_and_the_others_are_judged(make_clusters):
    data = make_clusters(2)

    class Partly(Fixed):
        def feedforward(self, x):
            outputs = super().feedforward(x)
            outputs[::2, 1] = np.nan
            return outputs

    wrong = misclassified(Partly(1, 0), data.test, classes=2)
    np.testing.assert_array_equal(wrong, (np.arange(40) % 2 == 0) | (data.test.y == 1))


def test_the_points_dtype_is_the_one_the_model_is_asked_in(make_clusters):
    dtypes = set()

    class Asked(Fixed):
        def feedforward(self, x):
            dtypes.add(x.dtype)
            return super().feedforward(x)

    classifier_figure(Asked(1, 0), make_clusters(2).astype(np.float32), resolution=8)
    assert dtypes == {np.dtype(np.float32)}


def test_regions_have_their_class_s_hue_and_are_paler_where_unsure():
    regions = class_regions(EQUATION_11, Extent(0, 1, 0, 1), 33)
    image = tints(regions)
    near, far = image[15, 15], image[0, 0]
    assert (far < near).all()
    darkest = [int(image[i, i].argmin()) for i in (0, 32)]
    assert darkest == [int(np.argmin(to_rgb(colour(k)))) for k in (0, 1)]


def test_the_border_is_where_the_outputs_are_equal():
    (border,) = class_borders(class_regions(EQUATION_11, Extent(0, 1, 0, 1), 40))
    np.testing.assert_allclose(border.sum(axis=1), 1, atol=1e-12)
    assert border[:, 0].min() < 0.01
    assert border[:, 0].max() > 0.99


def test_borders_of_many_classes_are_drawn_once_and_meet(nearest_mean):
    regions = class_regions(nearest_mean(3), Extent(-1, 1, -1, 1), 41)
    borders = class_borders(regions)
    # Half-lines from the centre to (-1, 0) and to (1/√3, ±1): lengths 1, 2/√3 and 2/√3.
    length = sum(np.linalg.norm(np.diff(b, axis=0), axis=1).sum() for b in borders)
    cell = 2 / 40
    assert length == pytest.approx(1 + 2 * 2 / np.sqrt(3), abs=6 * cell)
    assert max(np.linalg.norm(b, axis=1).min() for b in borders) < cell / 2
    for b in borders:
        outputs = np.sort(nearest_mean(3).feedforward(b), axis=1)
        assert (outputs[:, -1] - outputs[:, -2]).max() < 0.1


def test_one_answer_everywhere_has_no_border(make_clusters):
    figure = classifier_figure(Fixed(1, 0), make_clusters(2), resolution=8)
    assert not [line for line in figure.axes[0].lines if line.get_label() == BORDER_LABEL]
