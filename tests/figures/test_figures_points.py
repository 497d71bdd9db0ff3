from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D

from mlplab.data import Split
from mlplab.errors import MlplabError
from mlplab.figures import dataset_figure, plot_samples
from mlplab.figures.plane import plane_extent, plane_panels
from mlplab.figures.points import class_name, interleaved, point_size
from mlplab.figures.style import colour, marker


def panel(count=1):
    return plane_panels(count, plane_extent(np.array([[-2.0, -2.0], [2.0, 2.0]])), [])[1][0]


@pytest.mark.parametrize("classes", range(1, 11))
def test_every_point_is_drawn_in_its_place_in_its_class_s_colour_and_shape(make_clusters, classes):
    data = make_clusters(classes)
    drawn = plot_samples(panel(), data.train, data.label_names)
    offsets = np.asarray(drawn.get_offsets())
    assert offsets.shape == data.train.x.shape
    wanted = sorted(
        (*x, *to_rgba(colour(k))) for x, k in zip(data.train.x, data.train.y, strict=True)
    )
    found = sorted((*x, *c) for x, c in zip(offsets, drawn.get_facecolors(), strict=True))
    np.testing.assert_allclose(found, wanted)
    shapes = {p.vertices.tobytes() for p in drawn.get_paths()}
    assert len(shapes) == classes


def test_points_of_all_classes_alternate():
    y = np.repeat([0, 1, 2], [40, 20, 10])
    order = interleaved(y)
    assert sorted(order.tolist()) == list(range(70))
    for start in range(0, 70, 7):
        assert np.bincount(y[order[start : start + 7]]).tolist() == [4, 2, 1]


def test_points_shrink_as_they_become_many():
    few, many, most = (point_size(panel(2), n) for n in (50, 1000, 2500))
    assert few > many > most > 2
    assert point_size(panel(3), 1000) < many


@pytest.mark.parametrize("label", [-1, 2])
def test_labels_that_are_no_class_are_refused(label):
    split = Split(np.zeros((1, 2)), np.array([label]))
    with pytest.raises(MlplabError, match=f"between 0 and 1, .* received {label}"):
        plot_samples(panel(), split, ("a", "b"))


def test_no_points_are_no_problem():
    assert (
        len(plot_samples(panel(), Split(np.empty((0, 2)), np.empty(0, int)), ("a",)).get_offsets())
        == 0
    )


@pytest.mark.parametrize("classes", [1, 2, 5, 10, 14])
def test_a_dataset_shows_three_splits_with_labels_and_legend(
    make_clusters, words_of, spills_of, classes
):
    data = make_clusters(classes)
    figure = dataset_figure(data, title="Clusters")
    said = words_of(figure)
    assert figure.get_suptitle() == "Clusters"
    for word in ("Training", "Validation", "Test", "x₁", "x₂"):
        assert word in said
    assert said.count(f"{20 * classes} samples") == 3
    assert {t for t in said if t.startswith("class ")} == {f"class {k}" for k in range(classes)}
    assert spills_of(figure) == []


def test_the_legend_shows_each_class_as_it_is_drawn(make_clusters):
    figure = dataset_figure(make_clusters(10))
    (legend,) = figure.legends
    points = [line for line in legend.findobj(Line2D) if line.get_marker() != "None"]
    names = [text.get_text() for text in legend.get_texts()]
    found = {
        name: (line.get_marker(), line.get_color())
        for name, line in zip(names, points, strict=True)
    }
    assert found == {f"class {k}": (marker(k), colour(k)) for k in range(10)}


def test_the_splits_share_one_extent_that_holds_every_point(make_clusters):
    data = make_clusters(3)
    panels = dataset_figure(data).axes
    assert len({(*axes.get_xlim(), *axes.get_ylim()) for axes in panels}) == 1
    for split in data.splits.values():
        low, high = np.array([panels[0].get_xlim(), panels[0].get_ylim()]).T
        assert ((split.x > low) & (split.x < high)).all()


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (("$5", "$7$", "_b"), {"$5", "$7$", "_b"}),
        (("x" * 60, "b", "c"), {"x" * 27 + "…", "b", "c"}),
        (("-1", "0", "1"), {"class -1", "class 0", "class 1"}),
    ],
)
def test_names_of_classes_are_printed_as_they_are(make_clusters, spills_of, names, shown):
    figure = dataset_figure(make_clusters(3, names=names))
    texts = figure.legends[0].get_texts()
    assert {text.get_text() for text in texts} == shown
    assert not any(text.get_parse_math() for text in texts)
    assert spills_of(figure) == []


def test_names_that_begin_alike_stay_two_names(make_clusters):
    names = ("x" * 30 + "a", "x" * 30 + "b", "c")
    texts = dataset_figure(make_clusters(3, names=names)).legends[0].get_texts()
    assert [text.get_text() for text in texts] == [f"0: {'x' * 27}…", f"1: {'x' * 27}…", "c"]


@pytest.mark.parametrize(("classes", "named", "last"), [(40, 40, "class 39"), (41, 39, "")])
def test_a_legend_does_not_outgrow_the_figure(make_clusters, spills_of, classes, named, last):
    figure = dataset_figure(make_clusters(classes, points=3))
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert len([text for text in texts if text.startswith("class ")]) == named
    assert (last or "and 2 more") in texts
    assert spills_of(figure) == []


def test_a_name_is_cut_only_where_it_is_too_long():
    assert class_name("y" * 28) == "y" * 28


@pytest.mark.parametrize("ratio", [0.3, 0.5, 1.0, 1.25, 4.0])
def test_comparable_coordinates_have_one_scale(ratio):
    extent = plane_extent(np.array([[0.0, 0.0], [1.0, ratio]]))
    figure, panels = plane_panels(2, extent, [])
    figure.draw_without_rendering()
    for axes in panels:
        (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
        assert x0 < 0
        assert x1 > 1
        assert y0 < 0
        assert y1 > ratio
        np.testing.assert_allclose(axes.bbox.width / (x1 - x0), axes.bbox.height / (y1 - y0))
    assert figure.get_figheight() < 5


@pytest.mark.parametrize("scale", [(1e4, 1e-3), (1e-3, 1e4)])
def test_coordinates_that_cannot_be_compared_fill_a_square(spills_of, scale):
    extent = plane_extent(np.array([[0.0, 0.0], scale]))
    figure, (axes, _) = plane_panels(2, extent, [])
    figure.draw_without_rendering()
    np.testing.assert_allclose(axes.bbox.width, axes.bbox.height)
    assert spills_of(figure) == []


def test_a_long_title_is_broken_and_stays_above_the_panels(make_clusters, spills_of):
    figure = dataset_figure(make_clusters(2), title=" ".join(["word"] * 60))
    assert spills_of(figure) == []
    assert len(figure.get_suptitle().splitlines()) > 2
    title, heading = figure.texts[0], figure.axes[0]._left_title
    assert title.get_text() == figure.get_suptitle()
    assert title.get_window_extent().y0 > heading.get_window_extent().y1
