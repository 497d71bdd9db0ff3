from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from numpy.testing import assert_allclose, assert_array_equal

from mlplab.boundary import Extent, SingleLayer, class_agreement
from mlplab.data import Split
from mlplab.errors import MlplabError
from mlplab.figures import agreement_figure
from mlplab.figures.agreement import (
    POINTS_LABEL,
    SOME_POINTS_LABEL,
    borders,
    few,
    level_lines,
    levels_within,
    region_places,
)
from mlplab.figures.agreement_scale import PALEST, SCALE_LABEL, fraction_tints, level_label
from mlplab.figures.regions import BORDER_LABEL, SILENT, SILENT_LABEL
from mlplab.figures.style import colour, region_tint

UNIT = Extent(0.0, 1.0, 0.0, 1.0)
RESOLUTION = 65
CELL = 1 / (RESOLUTION - 1)
EDGES = (0.11, 0.19, 0.31, 0.42, 0.48, 0.53, 0.61, 0.7, 0.82, 0.9)


class Fixed:
    """Gives each point the same outputs."""

    def __init__(self, *outputs):
        self.outputs = np.array(outputs, dtype=float)

    def feedforward(self, x):
        return np.tile(self.outputs, (len(x), 1))


class Ring:
    """Answers class 1 between two radii, class 0 inside and class 2 outside."""

    def feedforward(self, x):
        radius = np.linalg.norm(x, axis=1)
        return np.eye(3)[np.digitize(radius, [0.3, 0.7])]


class PartsAtTheMiddle:
    """Answers class 0 up to x1 = 1/2, and right of it another of three."""

    def __init__(self, k):
        self.k = k

    def feedforward(self, x):
        return np.eye(3)[np.where(x[:, 0] > 0.5, self.k, 0)]


class SilentRight:
    """Answers class 0, and nothing where x1 is above 1/2."""

    def feedforward(self, x):
        outputs = np.tile([1.0, 0.0], (len(x), 1))
        outputs[x[:, 0] > 0.5] = np.nan
        return outputs


def right_of(edges, extent=UNIT):
    """Return the agreement of networks that predict class 1 right of their edges, else class 0."""
    models = [SingleLayer(W=[[0, 0], [1, 0]], b=[edge, 0]) for edge in edges]
    return class_agreement(models, extent, RESOLUTION)


def votes(*counts):
    """Return the agreement of networks of which so many predict class 0, 1, … everywhere."""
    models = [Fixed(*row) for k, n in enumerate(counts) for row in [np.eye(len(counts))[k]] * n]
    return class_agreement(models, UNIT, resolution=8)


def heights(lines):
    """Return the x1 at which upright lines stand, sorted."""
    for line in lines:
        assert np.ptp(line[:, 0]) < 1e-9
        assert np.ptp(line[:, 1]) == 1.0
    return sorted(line[0, 0] for line in lines)


def panels(figure):
    """Return the map and the scale."""
    scale = next(axes for axes in figure.axes if axes.get_label() == "scale")
    return next(axes for axes in figure.axes if axes is not scale), scale


def labels_of(axes):
    return {line.get_label() for line in axes.lines if not line.get_label().startswith("_")}


def image_of(axes):
    return np.asarray(axes.images[0].get_array())


def test_the_line_of_90_percent_stands_where_the_tenth_network_parts_from_the_nine():
    # Left of all ten edges ten networks predict 0; between the first and the second, nine of them.
    lines = level_lines(right_of(EDGES), 0.9)
    assert_allclose(heights(lines), [EDGES[1], EDGES[8]], atol=CELL)


@pytest.mark.parametrize("times", [1, 3, 7, 10])
def test_exactly_90_percent_are_enough(times):
    # 9 of 10, 27 of 30, …: float division must not move the line to the next network.
    found = right_of(EDGES * times)
    assert_allclose(heights(level_lines(found, 0.9)), [EDGES[1], EDGES[8]], atol=CELL)


def test_the_border_is_where_the_most_called_class_changes():
    nine = right_of(EDGES[:9])
    assert_allclose(heights(borders(nine)), [EDGES[4]], atol=CELL)
    # With ten, five against five between the fifth and the sixth edge go to the lower class.
    found = right_of(EDGES)
    assert_allclose(heights(borders(found)), [EDGES[5]], atol=CELL)
    changes = found.x1[:-1][np.diff(found.classes[0]) != 0]
    assert_allclose(heights(borders(found)), changes, atol=CELL)


def test_no_line_runs_round_a_place_where_classes_tie():
    tie_in_the_middle = right_of(
        (0.3, 0.7) * 2 + (2.0, 2.0)
    )  # 6 of 6, 4 of 6, then 2 of 6 predict 0
    assert len(borders(tie_in_the_middle)) == 1
    tied = right_of((0.3, 2.0))  # both predict 0, then one does
    assert_array_equal(tied.classes, np.zeros_like(tied.classes))
    assert borders(tied) == []


def test_levels_are_drawn_in_map_and_scale_where_they_part_something():
    assert levels_within(right_of(EDGES)) == [0.9]  # of two classes one always has half
    assert levels_within(votes(5, 4, 3)) == levels_within(votes(12, 0, 0)) == []
    # Left of 1/2 all networks predict 0; right of it four predict 0, three 1 and three 2.
    three = class_agreement([PartsAtTheMiddle(i % 3) for i in range(10)], UNIT, RESOLUTION)
    assert levels_within(three) == [0.9, 0.5]
    for found in (right_of(EDGES), votes(5, 4, 3), three):
        panel, scale = panels(agreement_figure(found))
        expected = {level_label(level) for level in levels_within(found)}
        assert labels_of(scale) == expected
        assert labels_of(panel) - {BORDER_LABEL} == expected
        for line in scale.lines:
            if line.get_label() in expected:
                assert line.get_label() == level_label(line.get_ydata()[0])


@pytest.mark.parametrize("classes", [2, 3, 5, 10, 14])
def test_the_tint_is_the_paler_the_fewer_agree_and_keeps_its_hue(classes):
    fraction = np.linspace(1 / classes, 1, 20)
    for k in range(classes):
        image = fraction_tints(np.full(20, k), fraction, classes)
        assert (np.diff(image, axis=0) <= 1e-12).all()
        assert (np.diff(image.sum(axis=1)) < 0).all()
        direction = 1 - np.array(to_rgb(colour(k)))
        assert_allclose(np.cross(1 - image, direction), 0, atol=1e-12)
        assert_allclose(1 - image[0], PALEST * (1 - image[-1]))
        # Weaker than the points', stronger than that of a classifier's regions.
        assert (np.array(to_rgb(colour(k))) < image[-1] + 1e-9).all()
        assert image[-1].sum() < sum(region_tint(k)) + 1e-9


def test_all_classes_are_about_as_dark_where_all_agree():
    full = fraction_tints(np.arange(10), np.ones(10), 10)
    luminance = full @ [0.299, 0.587, 0.114]
    assert 0.6 < luminance.min() < luminance.max() < 0.85


def test_the_tint_of_three_networks_of_four_by_hand():
    # Two classes: 3/4 is halfway from 1/2 to 1, and the strength 0.1 + 0.9 · 0.5^1.5.
    three, all_four = fraction_tints(np.zeros(2, dtype=int), np.array([0.75, 1.0]), 2)
    assert_allclose(1 - three, 0.41819805153394637 * (1 - all_four), rtol=1e-12)


def test_shares_below_1_in_k_are_as_pale_as_1_in_k():
    low = fraction_tints(np.zeros(2, dtype=int), np.array([0.0, 0.25]), 4)
    assert_array_equal(low[0], low[1])


def test_the_scale_shows_the_map_s_colours():
    found = right_of(EDGES)
    panel, scale = panels(agreement_figure(found))
    (left, right), (bottom, top) = scale.get_xlim(), scale.get_ylim()
    assert (left, right, bottom, top) == (0, 2, 0.5, 1)
    columns, picture = image_of(scale), image_of(panel)
    assert picture.shape == (RESOLUTION, RESOLUTION, 3)
    for j in range(0, RESOLUTION, 4):
        k, fraction = found.classes[0, j], found.fraction[0, j]
        height = round((fraction - bottom) / (top - bottom) * (len(columns) - 1))
        assert_allclose(picture[0, j], columns[height, k], atol=0.01)


def test_the_map_lies_where_the_grid_does():
    found = right_of(EDGES, Extent(0.0, 2.0, 3.0, 4.0))
    panel, _ = panels(agreement_figure(found))
    assert (*panel.get_xlim(), *panel.get_ylim()) == (0, 2, 3, 4)
    half1, half2 = 1 / (RESOLUTION - 1), 0.5 / (RESOLUTION - 1)
    assert_allclose(
        panel.images[0].get_extent(), [-half1, 2 + half1, 3 - half2, 4 + half2], atol=1e-12
    )
    assert panel.images[0].origin == "lower"


def test_each_region_has_a_marker_in_its_midst():
    found = class_agreement([Ring()], Extent(-1, 1, -1, 1), RESOLUTION)
    places = region_places(found)
    assert [k for k, _, _ in places] == [0, 1, 2]
    inside, ring, _ = places
    assert np.hypot(*inside[1:]) < 0.1
    # In the ring, at the top: halfway between radius 0.3 and 0.7.
    assert_allclose(ring[1:], [0.0, 0.5], atol=0.1)
    for k, x1, x2 in places:
        assert Ring().feedforward(np.array([[x1, x2]])).argmax() == k


def test_two_regions_of_one_class_have_a_marker_each_and_a_speck_has_none():
    class Bands:
        def feedforward(self, x):
            band = np.digitize(x[:, 0], [0.4, 0.6, 0.98])  # the last is no wider than a cell
            return np.eye(2)[[0, 1, 0, 1]][band]

    found = class_agreement([Bands()], UNIT, RESOLUTION)
    assert [k for k, _, _ in region_places(found)] == [0, 0, 1]


def test_where_more_networks_are_silent_than_predict_the_map_is_grey_and_says_so(words_of):
    models = [SilentRight(), SilentRight(), Fixed(1, 0)]
    figure = agreement_figure(class_agreement(models, UNIT, RESOLUTION))
    panel, _ = panels(figure)
    grey = np.isclose(image_of(panel), to_rgb(SILENT)).all(axis=-1)
    x1 = np.linspace(0, 1, RESOLUTION)
    assert_array_equal(grey, np.broadcast_to(x1 > 0.5, grey.shape))
    said = words_of(figure)
    assert SILENT_LABEL in said
    # One of three predicts at the right; at the left, x1 up to 1/2, all three do: 33 of 65 columns.
    assert "≥ 90 % agree on 51 % of the area, up to 67 % are silent" in said


def test_a_few_silent_networks_leave_the_tint_but_are_told(words_of):
    models = [SilentRight(), Fixed(1, 0), Fixed(1, 0), Fixed(1, 0)]
    figure = agreement_figure(class_agreement(models, UNIT, RESOLUTION))
    panel, _ = panels(figure)
    image = image_of(panel)
    assert image[0, -1].sum() > image[0, 0].sum()  # three of four are paler than four
    said = words_of(figure)
    assert SILENT_LABEL not in said
    assert "≥ 90 % agree on 51 % of the area, up to 25 % are silent" in said


def test_networks_that_are_all_silent_have_a_grey_map(words_of):
    figure = agreement_figure(class_agreement([Fixed(np.nan, np.nan)], UNIT, resolution=8))
    panel, scale = panels(figure)
    image = image_of(panel)
    assert_allclose(image, np.broadcast_to(to_rgb(SILENT), image.shape))
    assert not labels_of(panel) | labels_of(scale)
    assert SILENT_LABEL in words_of(figure)


def test_it_says_how_many_networks_there_are_and_how_widely_they_agree(words_of):
    said = words_of(agreement_figure(right_of(EDGES)))
    wide = (right_of(EDGES).fraction >= 0.9).mean()
    assert 0.3 < wide < 0.5
    assert {
        "What most of 10 networks predict",
        f"≥ 90 % agree on {100 * wide:.0f} % of the area",
    } <= set(said)
    assert {"x₁", "x₂", "class 0", "class 1", SCALE_LABEL} <= set(said)
    assert {"50 %", "75 %", "90 %", "100 %"} <= set(said)
    assert "20 %" in words_of(agreement_figure(votes(3, 2, 1, 1, 1)))


def test_classes_are_named_by_the_caller_else_the_dataset_else_by_number(make_clusters, words_of):
    data = make_clusters(2, names=("inside", "outside"))
    found = right_of(EDGES)
    assert {"inside", "outside"} <= set(words_of(agreement_figure(found, data)))
    named = words_of(agreement_figure(found, data, label_names=("left", "right")))
    assert {"left", "right"} <= set(named)
    assert "inside" not in named


def test_a_name_too_few_is_refused(make_clusters):
    with pytest.raises(MlplabError, match=r"each of the 2 classes .* needs a name, received 3"):
        agreement_figure(right_of(EDGES), make_clusters(3))
    with pytest.raises(MlplabError, match="received 1 names"):
        agreement_figure(right_of(EDGES), label_names=["one"])


@pytest.mark.parametrize(
    ("each", "shown", "entry"),
    [(20, 40, POINTS_LABEL), (125, 250, POINTS_LABEL), (500, 250, SOME_POINTS_LABEL)],
)
def test_training_points_are_shown_but_few(make_clusters, words_of, each, shown, entry):
    data = make_clusters(2, points=each)
    figure = agreement_figure(right_of(EDGES), data)
    panel, _ = panels(figure)
    (points,) = panel.collections
    offsets = np.asarray(points.get_offsets())
    assert len(offsets) == shown
    assert points.get_sizes().max() < 7  # square points; usually 15 where there are as few
    training = {tuple(x) for x in data.train.x}
    assert {tuple(x) for x in offsets} <= training
    assert entry in words_of(figure)
    bare = agreement_figure(right_of(EDGES))
    assert not panels(bare)[0].collections
    assert not {POINTS_LABEL, SOME_POINTS_LABEL} & set(words_of(bare))


def test_a_few_points_are_of_each_class_in_proportion():
    y = np.random.default_rng(2).permutation(np.repeat([0, 1, 2], [1200, 299, 1]))
    split = Split(np.arange(3000.0).reshape(1500, 2), y)
    chosen = few(split)  # every sixth of each class
    assert_array_equal(np.bincount(chosen.y), [200, 50, 1])
    assert len({tuple(x) for x in chosen.x}) == 251
    for x, k in zip(chosen.x, chosen.y, strict=True):
        assert y[int(x[0] / 2)] == k


@pytest.mark.slow
@pytest.mark.parametrize("classes", [2, 3, 5, 10, 14])
@pytest.mark.parametrize(
    "title", [None, "A title that says with many words what was trained on what"]
)
def test_nothing_spills_or_overlaps(make_clusters, spills_of, classes, title):
    data = make_clusters(classes)
    angle = 2 * np.pi * np.arange(classes) / classes
    rows = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    models = [SingleLayer(rows, 0.1 * np.roll(np.cos(angle), i)) for i in range(5)]
    models += [Fixed(*[np.nan] * classes)]
    found = class_agreement(models, Extent(-1.5, 1.5, -0.8, 0.8), resolution=24)
    figure = agreement_figure(found, data, title)
    assert spills_of(figure) == []
    panel, scale = panels(figure)
    texts = [*panel.texts, *scale.texts, panel.xaxis.label, panel.title]
    texts += [axes._left_title for axes in (panel, scale)]
    texts += [*panel.get_xticklabels(), *panel.get_yticklabels(), *scale.get_yticklabels()]
    texts += list(figure.texts)
    boxes = [(t.get_text(), t.get_window_extent()) for t in texts if t.get_text()]
    inches = figure.dpi
    boxes.append(("legend", figure.legends[0].get_window_extent()))
    boxes += [(axes.get_label(), axes.get_window_extent()) for axes in (panel, scale)]
    for (one, box), (other, there) in combinations(boxes, 2):
        wide = min(box.x1, there.x1) - max(box.x0, there.x0)
        high = min(box.y1, there.y1) - max(box.y0, there.y0)
        assert min(wide, high) < 0.012 * inches, (one, other)


@pytest.mark.parametrize(
    "extent", [UNIT, Extent(0, 2, 0, 1), Extent(0, 1, 0, 1.25), Extent(0, 1, 0, 99)]
)
def test_the_scale_is_as_high_as_the_panel_and_beside_it(extent):
    figure = agreement_figure(right_of(EDGES, extent))
    figure.draw_without_rendering()
    panel, scale = (axes.get_window_extent() for axes in panels(figure))
    assert_allclose([scale.y0, scale.y1], [panel.y0, panel.y1], atol=0.5)
    assert panel.x1 < scale.x0
    markers = [line for line in panels(figure)[1].lines if line.get_marker() != "None"]
    below = [scale.y0 - line.get_window_extent().y1 for line in markers]
    assert len(below) == 2
    assert 0 < min(below) <= max(below) < 0.1 * figure.dpi
    assert 4.2 < figure.get_figwidth() < 4.7


def test_one_network_is_its_own_agreement(words_of):
    figure = agreement_figure(right_of(EDGES[:1]))
    assert "≥ 90 % agree on 100 % of the area" in words_of(figure)
    panel, _ = panels(figure)
    assert labels_of(panel) == {BORDER_LABEL}
