"""The winner's curse and the importance of settings as figures."""

from __future__ import annotations

import numpy as np
import pytest

from mlplab.errors import MlplabError
from mlplab.figures.importance import UNKNOWN, importance_figure
from mlplab.figures.optimism import OptimismLine, optimism_figure

COUNTS = [1, 2, 4, 8, 16, 32, 64]
NONE = np.full(7, np.nan)


def curve(replications, scale=1.0):
    return OptimismLine(replications, scale * np.arange(7.0))


LINES = {
    "one": [curve(1)],
    "five": [curve(2**k, 0.5**k) for k in range(5)],
    "five alike": [curve(2**k, 1 + 1e-6 * k) for k in range(5)],
    "twelve": [curve(k, 1 / k) for k in range(1, 13)],
    "below zero": [curve(1, -1.0), curve(1600, -1.1)],
    "nothing known": [OptimismLine(1, NONE)],
}


@pytest.mark.parametrize("kind", LINES)
def test_texts_of_the_optimism_do_not_overlap(spills_of, overlaps_of, kind):
    figure = optimism_figure(COUNTS, LINES[kind], title="A long title " * 12, note="A note. " * 40)
    assert spills_of(figure, 100) == []
    assert overlaps_of(figure, 100) == []


def test_lines_of_the_optimism_are_the_data():
    single = OptimismLine(1, [0.0, 1, 2])
    (axes,) = optimism_figure([1, 2, 4], [single, OptimismLine(4, [0.0, 1, 1])]).axes
    lines = [line.get_xydata().tolist() for line in axes.lines if len(line.get_xydata()) == 3]
    assert lines == [[[1, 0], [2, 1], [4, 2]], [[1, 0], [2, 1], [4, 1]]]
    assert axes.get_xscale() == "log"


def test_ticks_of_the_optimism_are_powers_of_two():
    (axes,) = optimism_figure([1, 5, 50], [OptimismLine(1, [0, 1, 2])]).axes
    low, high = axes.get_xlim()
    assert [t for t in axes.get_xticks() if low <= t <= high] == [1, 2, 4, 8, 16, 32]
    assert optimism_figure([1], [OptimismLine(1, [0])]).axes[0].get_xticks() == [1]


@pytest.mark.parametrize(
    ("counts", "lines", "words"),
    [
        (COUNTS, [], "one line at least, .* received 0 lines"),
        ([], [curve(1)], r"received 1 lines and \[\]"),
        ([1, 2, 2, 4, 8, 16, 32], [curve(1)], "rise from 1"),
        ([0, *COUNTS[1:]], [curve(1)], "rise from 1"),
        ([1, 2], [curve(3)], "line of 3 replications needs 2 values, received 7"),
    ],
)
def test_lines_that_do_not_fit_their_counts_are_refused(counts, lines, words):
    with pytest.raises(MlplabError, match=words):
        optimism_figure(counts, lines)


def test_bars_are_the_fractions_in_their_order(words_of):
    names = ["training.batch_size", "training.rate", "model.width", "model.depth"]
    figure = importance_figure(names, [0.2, 0.7, 0.0996, 0.0004])
    (axes,) = figure.axes
    widths = [bar.get_width() for bar in axes.patches]
    assert widths == pytest.approx([70, 20, 9.96, 0.04])
    assert sum(widths) == pytest.approx(100)
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == ["rate", "batch_size", "width", "depth"]
    assert [text.get_text() for text in axes.texts] == ["70.0 %", "20.0 %", "10.0 %", "< 0.1 %"]


@pytest.mark.parametrize(
    ("names", "fractions"),
    [
        (["a.b"], [1.0]),
        (["a.b", "a.c"], [np.nan, np.nan]),
        ([f"training.{'a_long_name_of_a_rate_' * 4}{k}" for k in range(3)], [0.9, 0.1, 0.0]),
        ([f"model.layers.{k}.width" for k in range(20)], np.full(20, 0.05)),
        (["a.$x_1$", "b.猫_猫"], [0.5, 0.5]),
    ],
)
def test_texts_of_the_importance_do_not_overlap(spills_of, overlaps_of, names, fractions):
    figure = importance_figure(names, fractions, "A long title " * 12, "A note. " * 40)
    assert spills_of(figure, 100) == []
    assert overlaps_of(figure, 100) == []


def test_importances_that_are_not_known_are_no_zeros():
    (axes,) = importance_figure(["a.b", "a.c"], [np.nan, np.nan]).axes
    assert [text.get_text() for text in axes.texts] == [UNKNOWN, UNKNOWN]


@pytest.mark.parametrize(
    ("names", "fractions", "words"),
    [
        ([], [], r"received 0 names and an array of shape \(0,\)"),
        (["a"], [0.5, 0.5], r"received 1 names and an array of shape \(2,\)"),
        (["a", "b"], [1.2, -0.2], "fractions from 0 to 1, received 1.2"),
    ],
)
def test_fractions_that_do_not_fit_their_names_are_refused(names, fractions, words):
    with pytest.raises(MlplabError, match=words):
        importance_figure(names, fractions)
