"""The picture of one update."""

from __future__ import annotations

import numpy as np
import pytest

from mlplab.errors import MlplabError
from mlplab.explain import step
from mlplab.figures import step_figure
from mlplab.spec import Experiment

NETWORK = {"hidden_layers": 1, "layer_width": 5, "activation": "tanh"}
POLAR = Experiment(dataset="polar", network=NETWORK, training={"batch_size": 16})
SINE = Experiment(dataset="noisy_sine", network=NETWORK, training={"batch_size": 16})


def texts(axes):
    return [text.get_text().replace("−", "-") for text in axes.texts]


def test_each_neuron_has_its_numbers():
    found = step(POLAR, update=3, point=7)
    before, after, network = step_figure(found, resolution=32).axes
    written = texts(network)
    for layer in found.layers:
        for h, delta in zip(layer.h[0], layer.delta[0], strict=True):
            assert f"{h:.3g}" in written
            assert f"δ {delta:.3g}" in written
    headings = [axes.get_title(loc="left") for axes in (before, after)]
    assert headings == ["Before", "After"]
    losses = [float(texts(axes)[0].split()[-1]) for axes in (before, after)]
    assert losses == pytest.approx([found.loss_before, found.loss_after], rel=1e-3)


def test_the_batch_is_marked_in_both_planes():
    found = step(POLAR, update=3)
    for axes in step_figure(found, resolution=32).axes[:2]:
        marks = [each.get_offsets() for each in axes.collections if len(each.get_offsets()) == 16]
        assert len(marks) == 2
        np.testing.assert_allclose(marks[0], found.x)


def test_a_large_network_has_the_plane_alone_and_targets_the_network_alone():
    large = POLAR.varied({"network.hidden_layers": 10, "network.layer_width": 50})
    assert len(step_figure(step(large, update=1), resolution=32).axes) == 2
    assert len(step_figure(step(SINE, update=1, point=2), resolution=32).axes) == 1


def test_what_can_be_drawn_neither_way_is_refused():
    large = SINE.varied({"network.layer_width": 50})
    with pytest.raises(
        MlplabError, match="an update is drawn with up to 3 layers of up to 8 neurons"
    ):
        step_figure(step(large))
