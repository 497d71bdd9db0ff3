"""Heat maps: all kinds fit their figure, ticks stand where the values lie, and marks at their cells."""

from __future__ import annotations

import io
import math
from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from mlplab.errors import MlplabError
from mlplab.figures import save
from mlplab.figures.heat_axis import HeatAxis
from mlplab.figures.heat_lines import contours, outline
from mlplab.figures.heat_map import (
    ALIKE_LABEL,
    ALL_DIVERGED_LABEL,
    BEST_LABEL,
    CONTOUR_LABEL,
    NOT_TRAINED_LABEL,
    PUBLISHED_LABEL,
    HeatMap,
    heat_map_figure,
)
from mlplab.figures.heat_scale import (
    ALL_DIVERGED,
    colour_limits,
    failure_colours,
    field_image,
    value_colours,
)

LONG = "categorical_crossentropy_of_the_softmax_output"


def log_axis(cells: int, low: float = -3, high: float = 1) -> HeatAxis:
    return HeatAxis("training.optimizer.learning_rate", np.linspace(low, high, cells), "log")


def named_axis(*names: str) -> HeatAxis:
    return HeatAxis("training.optimizer", np.arange(float(len(names))), "list", names)


def hill(rows: int, columns: int) -> np.ndarray:
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    return 100 - 30 * (x**2 + y**2)


def the_map(x: HeatAxis, y: HeatAxis, values: np.ndarray | None = None, **more: object) -> HeatMap:
    values = hill(len(y), len(x)) if values is None else values
    failed = np.where(np.isnan(values), 1.0, 0.1)
    return HeatMap(x, y, values, failed, "validation accuracy (%)", **more)


def legend_of(figure: Figure) -> list[str]:
    return [
        text.get_text()
        for axes in figure.axes
        if axes.get_legend() is not None
        for text in axes.get_legend().get_texts()
    ]


KINDS = {
    "two by two": (log_axis(2), log_axis(2)),
    "large": (log_axis(512), HeatAxis("momentum", np.linspace(0, 0.99, 512), "lin")),
    "wide": (log_axis(300), named_axis("relu", "tanh")),
    "tall": (named_axis("relu", "tanh"), log_axis(300)),
    "long names": (named_axis(LONG, f"{LONG} 2", f"{LONG} 3"), named_axis(LONG, "b$c$", "猫", "d")),
    "many names": (
        named_axis(*(f"value {i}" for i in range(90))),
        named_axis(*map(str, range(70))),
    ),
    "one cell": (named_axis("sgd"), named_axis("relu")),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "has_values"),
    [*((kind, True) for kind in KINDS), ("two by two", False), ("many names", False)],
)
def test_all_text_lies_within_the_figure(
    kind: str, has_values: bool, spills_of: Callable[..., list[str]]
) -> None:
    x, y = KINDS[kind]
    values = hill(len(y), len(x)) if has_values else np.full((len(y), len(x)), np.nan)
    note = "4 runs a cell (seeds 0 to 3). Means are of runs that did not diverge. " * 3
    figure = heat_map_figure(the_map(x, y, values), "A long title of a map " * 5, note)
    assert spills_of(figure) == []


def test_marks_stand_at_their_cells_and_are_explained() -> None:
    alike = np.zeros((20, 30), np.bool_)
    alike[9:12, 14:18] = True
    values = hill(20, 30)
    values[:3, 25:] = np.nan
    heat_map = the_map(
        log_axis(30), log_axis(20), values, best=(10, 15), alike=alike, published=(7.5, 3.0)
    )
    failed = heat_map.failed
    failed[19, :4] = np.nan
    figure = heat_map_figure(heat_map)
    places = [tuple(map(float, line.get_xydata()[0])) for line in figure.axes[0].lines]
    assert places == [(15.0, 10.0), (7.5, 3.0)]
    assert legend_of(figure) == [
        BEST_LABEL,
        CONTOUR_LABEL,
        ALIKE_LABEL,
        PUBLISHED_LABEL,
        ALL_DIVERGED_LABEL,
        NOT_TRAINED_LABEL,
    ]


def test_without_marks_nothing_is_explained() -> None:
    names = named_axis("sgd", "adam")
    assert legend_of(heat_map_figure(the_map(names, names))) == []


def test_small_maps_have_their_numbers_and_large_ones_have_none(
    words_of: Callable[..., list[str]],
) -> None:
    names = named_axis("sgd", "adam")
    assert {"40.0", "100.0"} <= set(
        words_of(heat_map_figure(the_map(names, names, np.array([[40, 50.0], [90, 100]]))))
    )
    texts = heat_map_figure(the_map(log_axis(40), named_axis("a", "b"))).axes[0].texts
    assert not texts


def test_contours_are_where_the_values_are() -> None:
    values = hill(101, 101)
    for level, lines in contours(values):
        for x, y in np.concatenate(lines):
            assert 100 - 30 * ((x / 50 - 1) ** 2 + (y / 50 - 1) ** 2) == pytest.approx(level, abs=1)
    assert [level for level, _ in contours(values)] == [60, 70, 80, 90]


@pytest.mark.parametrize(
    "values",
    [hill(7, 20), np.full((20, 20), 3.0), np.full((20, 20), np.nan)],
    ids=["too few cells", "constant", "no value"],
)
def test_there_are_no_contours_of(values: np.ndarray) -> None:
    assert contours(values) == []


def test_a_plateau_has_no_contours_in_its_noise() -> None:
    values = np.where(hill(100, 100) > 80, hill(100, 100), 80)
    values += np.random.default_rng(0).normal(scale=0.1, size=values.shape)
    levels = [level for level, _ in contours(values)]
    assert 80 not in levels
    assert 90 in levels


def test_noise_has_no_contours_that_cover_the_map() -> None:
    noise = np.random.default_rng(0).normal(size=(256, 256))
    cells = sum(
        np.hypot(*np.diff(line, axis=0).T).sum() for _, lines in contours(noise) for line in lines
    )
    assert cells < 3 * 256


def test_an_outline_runs_along_the_edges_of_cells() -> None:
    inside = np.zeros((4, 5), np.bool_)
    inside[1:3, 2] = True
    found = {tuple(map(tuple, line.tolist())) for line in outline(inside)}
    assert found == {
        ((1.5, 0.5), (2.5, 0.5)),
        ((1.5, 2.5), (2.5, 2.5)),
        ((1.5, 0.5), (1.5, 2.5)),
        ((2.5, 0.5), (2.5, 2.5)),
    }


def test_the_outline_of_a_large_set_is_smooth_and_in_place() -> None:
    y, x = np.mgrid[:400, :400]
    (line,) = outline(np.hypot(x - 200, y - 150) < 80)
    assert np.hypot(line[:, 0] - 200, line[:, 1] - 150) == pytest.approx(80, abs=1)
    whole = np.concatenate(outline(np.ones((400, 400), np.bool_)))
    assert whole.min() == -0.5
    assert whole.max() == 399.5


@pytest.mark.parametrize(
    ("axis", "labels"),
    [
        (log_axis(50), ["10⁻³", "10⁻²", "10⁻¹", "10⁰", "10¹"]),
        (log_axis(9, -12, 12), ["10⁻¹²", "10⁻⁸", "10⁻⁴", "10⁰", "10⁴", "10⁸", "10¹²"]),
        (log_axis(9, math.log10(0.1), math.log10(0.9)), ["0.1", "0.2", "0.5"]),
        (log_axis(9, math.log10(3.01), math.log10(3.04)), ["3.01", "3.02", "3.03", "3.04"]),
        (
            HeatAxis("x", np.linspace(-1, 1, 5), "lin"),
            ["−1", "−0.5", "0", "0.5", "1"],
        ),
        (HeatAxis("x", np.arange(3.0, 7.0), "lin"), ["3", "4", "5", "6"]),
        (HeatAxis("x", np.log10([16, 17, 18]), "log"), ["16", "17", "18"]),
        (named_axis("sgd", "adam"), ["sgd", "adam"]),
    ],
)
def test_ticks_are_labelled(axis: HeatAxis, labels: list[str]) -> None:
    assert [tick.label for tick in axis.ticks(12)[0]] == labels


@pytest.mark.parametrize("scale", ["log", "lin"])
def test_ticks_stand_where_their_values_lie(scale: str) -> None:
    positions = (
        np.log10([1, 2, 3, 5, 9, 17, 33, 64, 100]) if scale == "log" else np.arange(9.0) ** 2
    )
    axis = HeatAxis("x", positions, scale)
    ticks, minor = axis.ticks(12)
    for tick in ticks:
        value = float(tick.label.replace("10⁰", "1").replace("10¹", "10").replace("10²", "100"))
        position = math.log10(value) if scale == "log" else value
        assert np.interp(tick.place, np.arange(9), positions) == pytest.approx(position)
    assert minor
    assert not {tick.place for tick in ticks} & set(minor)


def test_cells_without_a_value_are_grey() -> None:
    values = np.array([[0.0, np.nan], [1.0, np.nan]])
    trained = np.array([[True, True], [True, False]])
    image = field_image(values, trained, (0, 1), value_colours())
    assert tuple(image[0, 1]) == tuple(bytes.fromhex(ALL_DIVERGED[1:]))
    grey = image[:, 1].astype(int)
    assert (np.ptp(grey, axis=-1) < 12).all()
    assert tuple(image[0, 0]) != tuple(image[1, 0])


@pytest.mark.parametrize("lower_is_better", [False, True])
def test_better_is_brighter(lower_is_better: bool) -> None:
    colours = value_colours(lower_is_better)(np.linspace(0, 1, 9))[:, :3]
    light = colours @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(light) * (-1 if lower_is_better else 1) > 0).all()


def test_more_failures_are_darker_from_white_on() -> None:
    colours = failure_colours()(np.linspace(0, 1, 9))[:, :3]
    assert colours[0].tolist() == [1, 1, 1]
    assert (np.diff(colours @ [0.2126, 0.7152, 0.0722]) < 0).all()


def test_a_few_huge_losses_leave_the_others_their_colours() -> None:
    losses = np.append(np.linspace(0.1, 0.5, 99), 1e30)
    low, high = colour_limits(losses, lower_is_better=True)
    assert low == 0.1
    assert 0.4 < high < 0.6
    figure = heat_map_figure(
        HeatMap(
            log_axis(10),
            log_axis(10),
            losses.reshape(10, 10),
            np.zeros((10, 10)),
            "loss",
            lower_is_better=True,
        )
    )
    assert figure.axes[0].images


@pytest.mark.parametrize("value", [0.0, 97.5, -3.0])
def test_limits_of_a_constant_map_are_apart(value: float) -> None:
    low, high = colour_limits(np.full(4, value))
    assert low < value < high


def test_a_field_is_one_picture_in_svg() -> None:
    figure = heat_map_figure(the_map(log_axis(64), log_axis(64)))
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg")
    # Of each panel the field and its colour bar.
    assert buffer.getvalue().count(b"<image") == 4


def test_a_large_map_is_saved_in_a_small_file(tmp_path: object) -> None:
    noise = np.random.default_rng(1).normal(size=(512, 512))
    alike = hill(512, 512) > 95
    heat_map = the_map(log_axis(512), log_axis(512), hill(512, 512) + noise, alike=alike)
    for path in save(heat_map_figure(heat_map), f"{tmp_path}/map"):
        assert path.stat().st_size < 1_500_000


def test_arrays_of_another_shape_are_refused() -> None:
    with pytest.raises(
        MlplabError, match=r"2 × 3 cells needs values of that shape, received 3 × 2"
    ):
        the_map(log_axis(3), log_axis(2), np.zeros((3, 2)))


def test_contours_need_numbers_on_both_axes() -> None:
    def lines(x: HeatAxis, y: HeatAxis) -> int:
        axes = heat_map_figure(the_map(x, y)).axes[0]
        return sum(isinstance(artist, LineCollection) for artist in axes.collections)

    assert lines(log_axis(20), log_axis(20))
    assert not lines(log_axis(20), named_axis(*map(str, range(20))))
