from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from mlplab.boundary import EQUATION_11, EQUATION_12, Line, SingleLayer
from mlplab.data import draw_dataset
from mlplab.errors import MlplabError
from mlplab.figures import boundary_figure, wanted_boundary_figure
from mlplab.figures.boundary import equation
from mlplab.figures.regions import BORDER_LABEL
from mlplab.figures.style import region_tint
from mlplab.spec import Linear

LINE = Line.parse("x2 = 1 - x1")
LINES = ["x2 = 1 - x1", "x1 = 1/3", "x2 = 0.25", "x2 = 3*x1 - 1", "x2 = 0.001*x1 + 7"]
FAR = ["x2 = 1e17 - x1", "x1 = 1e99", "x2 = 1e100*x1 - 1e100", "x2 = 1e30 - 1e-5*x1"]


@pytest.fixture(scope="module")
def data():
    return draw_dataset(Linear(train_per_class=40, test_per_class=10), 1)


def lines_of(axes):
    """Return the wanted lines of a panel, which lie above all else."""
    return [line for line in axes.lines if line.get_zorder() == 4]


def on(line):
    """Return the two ends of a drawn line."""
    ends = line.get_xydata()
    assert ends.shape == (2, 2)
    return ends


def reaches_across(axes, line):
    """Whether a drawn line enters and leaves the panel, or begins and ends on its edges."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    (x, y), (u, v) = on(line)
    return (min(x, u) <= left and right <= max(x, u)) or (min(y, v) <= bottom and top <= max(y, v))


@pytest.mark.parametrize("text", LINES)
def test_the_wanted_line_is_drawn_where_its_equation_says(data, words_of, spills_of, text):
    line = Line.parse(text)
    figure = wanted_boundary_figure(line, data)
    (drawn,) = lines_of(figure.axes[0])
    assert_allclose(line.distance(on(drawn)), 0, atol=1e-12)
    assert equation(line) in words_of(figure)
    assert {"x₁", "x₂", "class 0", "class 1"} <= set(words_of(figure))
    assert spills_of(figure) == []


def test_each_side_has_the_tint_of_the_class_that_lies_there(data):
    (axes,) = wanted_boundary_figure(LINE, data).axes
    sides = next(c for c in axes.collections if c.get_zorder() == 0)
    assert_allclose(sides.get_facecolors()[:, :3], [region_tint(0), region_tint(1)])
    below, above = sides.get_paths()
    assert below.contains_point((0.2, 0.2))
    assert not above.contains_point((0.2, 0.2))
    assert above.contains_point((0.8, 0.8))


def test_a_side_without_points_stays_white(data):
    (axes,) = wanted_boundary_figure(Line.parse("x2 = 7"), data).axes
    sides = next(c for c in axes.collections if c.get_zorder() == 0)
    assert_allclose(sides.get_facecolors()[1, :3], 1)


@pytest.mark.parametrize("text", LINES)
def test_a_network_s_border_and_the_wanted_line_are_both_drawn(data, words_of, spills_of, text):
    line = Line.parse(text)
    for dataset in (data, None):
        figure = boundary_figure(EQUATION_11, line, dataset, resolution=64)
        (axes,) = figure.axes
        (border,) = [drawn for drawn in axes.lines if drawn.get_label() == BORDER_LABEL]
        x = border.get_xydata()
        # Probabilities are not linear; between grid points it is off by less than a hundredth.
        cell = np.ptp(axes.get_xlim()) / 63
        assert_allclose(LINE.distance(x[np.isfinite(x).all(axis=1)]), 0, atol=cell / 100)
        (wanted,) = lines_of(axes)
        assert_allclose(line.distance(on(wanted)), 0, atol=1e-12)
        assert {f"wanted: {equation(line)}", BORDER_LABEL} <= set(words_of(figure))
        points = sum(len(c.get_offsets()) for c in axes.collections)
        assert points == (0 if dataset is None else len(dataset.train))
        assert spills_of(figure) == []


def test_several_lines_are_told_apart(words_of):
    wanted = [Line.parse(text) for text in LINES[:3]]
    figure = boundary_figure(EQUATION_12, wanted, resolution=16)
    dashes = {str(line._unscaled_dash_pattern) for line in lines_of(figure.axes[0])}
    assert len(dashes) == 3
    assert {f"wanted: {equation(line)}" for line in wanted} <= set(words_of(figure))


def test_without_points_every_line_is_in_sight():
    wanted = [Line.parse(text) for text in LINES]
    (axes,) = boundary_figure(EQUATION_11, wanted, resolution=16).axes
    (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
    corners = np.array([[x0, y0], [x0, y1], [x1, y0], [x1, y1]])
    for line in wanted:
        side = line.side(corners)
        assert side.min() < 0 < side.max()


@pytest.mark.parametrize("text", [*LINES, *FAR])
def test_a_line_crosses_the_panel_or_lies_beyond_it(data, words_of, spills_of, text):
    line = Line.parse(text)
    for figure in (
        boundary_figure(EQUATION_11, line, resolution=16),
        boundary_figure(EQUATION_11, line, data, resolution=16),
        wanted_boundary_figure(line, data),
    ):
        (axes,) = figure.axes
        (drawn,) = lines_of(axes)
        ends = on(drawn)
        size = np.abs(ends).max()
        assert_allclose(line.distance(ends), 0, atol=1e-12 * max(1, size))
        assert reaches_across(axes, drawn)
        assert spills_of(figure) == []
        assert equation(line) in " ".join(words_of(figure))


@pytest.mark.parametrize("text", [*LINES, "x2 = 100 - x1", *FAR])
def test_without_points_the_line_that_a_network_draws_is_in_sight(text):
    line = Line.parse(text)
    model = SingleLayer([[float(line.a), float(line.b)], [0, 0]], [-float(line.c), 0])
    (axes,) = boundary_figure(model, [], resolution=64).axes
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    corners = np.array([[left, bottom], [left, top], [right, bottom], [right, top]])
    side = line.side(corners)
    assert side.min() < 0 < side.max()
    (border,) = [drawn for drawn in axes.lines if drawn.get_label() == BORDER_LABEL]
    assert np.isfinite(border.get_xydata()).any()


def test_a_network_without_a_line_is_drawn_over_the_unit_square():
    for W, b in ([[1, 1], [1, 1]], [0, 1]), ([[1e-100, 1e-100], [0, 0]], [1e100, 0]):
        (axes,) = boundary_figure(SingleLayer(W, b), resolution=16).axes
        assert_allclose([*axes.get_xlim(), *axes.get_ylim()], [-0.05, 1.05] * 2)


def test_three_classes_without_points_are_named_by_number(words_of):
    model = SingleLayer(W=[[1, 0], [0, 1], [-1, -1]], b=[0, 0, 1])
    said = words_of(boundary_figure(model, [], resolution=16))
    assert {"class 0", "class 1", "class 2"} <= set(said)


def test_a_model_with_other_outputs_than_the_points_classes_is_refused(data):
    model = SingleLayer(W=[[1, 0], [0, 1], [-1, -1]], b=[0, 0, 1])
    with pytest.raises(MlplabError, match="each of the 2 classes, received 3"):
        boundary_figure(model, LINE, data, resolution=8)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("x2 = 1 - x1", "x₂ = 1 − x₁"),
        ("x1 = -0.5", "x₁ = −0.5"),
        ("x2 = 2*x1 + 1/3", "x₂ = 1/3 + 2 x₁"),
        ("x2 = 0.123456789*x1 + 1234567/7654321", "x₂ = 0.161 + 0.123 x₁"),
        ("x2 = 1e100 - 1e-99*x1", "x₂ = 1e+100 − 1e−99 x₁"),
    ],
)
def test_equations_are_printed_as_one_writes_them(text, printed):
    assert equation(Line.parse(text)) == printed
