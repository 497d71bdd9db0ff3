"""The loss landscape as a figure, and on the command line's summary."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import LogNorm

from mlplab import Experiment, MlplabError
from mlplab.explain import landscape
from mlplab.figures import landscape_figure

RINGS = Experiment(
    dataset={"kind": "polar", "train_per_class": 40, "test_per_class": 20},
    network={"hidden_layers": 1, "layer_width": 4, "activation": "relu"},
    training={"epochs": 30, "batch_size": 16, "optimizer": {"kind": "adam", "learning_rate": 0.05}},
)
PENALISED = RINGS.varied({"network.kernel_regularizer": "l2", "training.epochs": 4})


@pytest.mark.parametrize("plane", ["path", "principal", "random"])
@pytest.mark.parametrize("replications", [1, 5])
def test_texts_do_not_overlap(spills_of, overlaps_of, plane, replications):
    found = landscape(RINGS, seed=1, grid=9, plane=plane, replications=replications)
    figure = landscape_figure(found, title="A long title " * 12)
    assert spills_of(figure, 100) == []
    assert overlaps_of(figure, 100) == []


def test_the_path_is_drawn_where_it_is():
    found = landscape(RINGS, seed=1, grid=9)
    plane, curves, bar = landscape_figure(found).axes
    lines = [line.get_xydata() for line in plane.lines]
    assert sum(len(line) == 101 and np.allclose(line, found.path[0]) for line in lines) == 2
    start, end = lines[-2:]
    assert start.tolist() == [found.path[0, 0].tolist()]
    assert end.tolist() == [found.path[0, -1].tolist()]
    drawn = [line.get_xydata()[:, 1] for line in curves.lines]
    assert np.array_equal(drawn[0], found.path_loss[0])
    assert np.array_equal(drawn[1], found.plane_loss[0])
    assert bar.get_ylabel() == curves.get_ylabel() == "training loss"
    assert plane.get_xlim() == (found.x[0], found.x[-1])


def test_epochs_are_marked_where_they_end():
    found = landscape(RINGS, seed=1, grid=9)
    figure = landscape_figure(found)
    marked = next(line for line in figure.axes[0].lines if line.get_markersize() == 3.2)
    updates = 2 * found.trial.updates // 30
    at = [p for p in range(1, 100) if found.step[p] % updates == 0]
    assert np.array_equal(marked.get_xydata(), found.path[0, at])
    assert "every 2 epochs" in [text.get_text() for text in figure.legends[0].texts]


def test_ends_of_many_runs_have_the_colours_of_their_losses():
    found = landscape(RINGS, seed=1, grid=9, replications=6)
    figure = landscape_figure(found)
    ends = [c for c in figure.axes[0].collections if isinstance(c, PathCollection)]
    colours = np.concatenate([c.get_array() for c in ends if np.array_equal(c.get_sizes(), [26])])
    assert sorted(colours.tolist()) == sorted(found.end_loss.tolist())
    assert "6 runs from the same initial weights" in figure.get_supxlabel().replace("\n", " ")


def test_the_penalty_is_added_to_all_losses_where_it_is_asked_for():
    found = landscape(PENALISED, seed=1, grid=9)
    _, curves, bar = landscape_figure(found, with_penalty=True).axes
    assert np.array_equal(curves.lines[0].get_ydata(), found.path_loss[0] + found.path_penalty[0])
    assert bar.get_ylabel() == "training loss with penalty"
    without = landscape_figure(found)
    assert np.array_equal(without.axes[1].lines[0].get_ydata(), found.path_loss[0])
    assert "without the penalty" in without.get_supxlabel().replace("\n", " ")
    with pytest.raises(MlplabError, match=r"with_penalty needs .* kernel_regularizer"):
        landscape_figure(landscape(RINGS, seed=1, grid=9), with_penalty=True)


def test_colours_are_in_logarithmic_steps_where_losses_vary_much():
    varied = landscape(RINGS, seed=1, grid=9)
    assert varied.loss.max() > 1.5 * varied.loss.min()
    (first, *_) = landscape_figure(varied).axes[0].collections
    assert isinstance(first.norm, LogNorm)
    stuck = RINGS.varied({"training.optimizer.learning_rate": 1e-5})
    (first, *_) = landscape_figure(landscape(stuck, seed=1, grid=9)).axes[0].collections
    assert not isinstance(first.norm, LogNorm)
