"""Linear regions and decision boundaries: what must hold of every network, degenerate ones included."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mlplab import Experiment, train
from mlplab.boundary import EQUATION_11, Extent, Polygons, exact
from mlplab.boundary.workspace import FIRST_REGIONS
from mlplab.errors import MlplabError
from mlplab.reference import MultilayerPerceptron
from mlplab.spec.activations import ACTIVATIONS, Activation
from mlplab.spec.heads import HEADS
from mlplab.spec.regression import REGRESSION_HEADS

Float64 = NDArray[np.float64]

PIECEWISE = [name for name, each in ACTIVATIONS.items() if each.kinks is not None]
BOX = Extent(-1, 2, -2, 1)
NEAR = 1e-9
"""Positions and outputs of numbers of about 1, after some layers of float64; regions are wider."""


def network_of(
    numbers: Sequence[float], widths: Sequence[int], activation: str, head: Any = None
) -> MultilayerPerceptron:
    """A network with these weights and biases, taken in turn."""
    count = sum(b * (a + 1) for a, b in pairwise(widths))
    of_all = np.resize(np.array(numbers, float), count)
    weights, biases = [], []
    for inputs, outputs in pairwise(widths):
        own, of_all = of_all[: outputs * (inputs + 1)], of_all[outputs * (inputs + 1) :]
        weights.append(own[: outputs * inputs].reshape(outputs, inputs))
        biases.append(own[outputs * inputs :])
    return MultilayerPerceptron(weights, biases, activation, head or HEADS["mean_squared_error"])


def random_network(seed: int, widths: Sequence[int], activation: str) -> MultilayerPerceptron:
    generator = np.random.default_rng(seed)
    count = sum(b * (a + 1) for a, b in pairwise(widths))
    return network_of(generator.normal(size=count).tolist(), widths, activation)


WIDTHS = st.lists(st.integers(1, 5), min_size=0, max_size=3).map(lambda hidden: [2, *hidden, 3])

WHOLE = st.builds(
    network_of,
    st.lists(st.integers(-2, 2), min_size=30, max_size=120),
    WIDTHS,
    st.sampled_from(PIECEWISE),
)
"""Of small whole numbers: lines that are equal, meet in corners, run along the box, or are none."""

ANY = st.builds(random_network, st.integers(0, 10**6), WIDTHS, st.sampled_from(PIECEWISE))


def pre_activations(network: MultilayerPerceptron, x: Float64) -> tuple[Float64, Float64]:
    """Those of hidden neurons minus each kink, (points, neurons × kinks), and those of the outputs."""
    forward = network.forward(x)
    hidden = [
        z - kink
        for z, each in zip(forward.pre_activations[:-1], network.activations, strict=True)
        for kink in each.kinks or ()
    ]
    return np.hstack([np.empty((len(x), 0)), *hidden]), forward.pre_activations[-1]


def grid(side: int = 33) -> Float64:
    """Points within the box, none on a line of small whole numbers."""
    x1 = np.linspace(BOX.x1_min, BOX.x1_max, side + 1)[:-1] + 0.0123
    x2 = np.linspace(BOX.x2_min, BOX.x2_max, side + 1)[:-1] + 0.0077
    return np.stack(np.meshgrid(x1, x2), axis=-1).reshape(-1, 2)


def place_of(polygons: Polygons, points: Float64) -> NDArray[np.int64]:
    """The polygon that each point is deepest in, or least outside of."""
    depths = []
    for corners in polygons:
        along = np.roll(corners, -1, axis=0) - corners
        length = np.hypot(*along.T)
        away = points[:, None] - corners
        left = along[:, 0] * away[..., 1] - along[:, 1] * away[..., 0]
        depths.append((left / np.where(length > 0, length, np.inf)).min(axis=1))
    return np.argmax(depths, axis=0)


def check_subdivision(polygons: Polygons) -> None:
    """Euler's formula, areas that fill the box, convex polygons."""
    rings = [polygons.corners[a:b] for a, b in pairwise(polygons.offsets)]
    sides = {frozenset(pair) for ring in rings for pair in zip(ring, np.roll(ring, 1), strict=True)}
    vertices = np.unique(polygons.corners)
    assert len(vertices) - len(sides) + len(polygons) + 1 == 2
    assert all(len(side) == 2 for side in sides)
    assert polygons.areas.sum() == pytest.approx(9)
    assert (polygons.areas > 0).all()
    for corners in polygons:
        before, after = corners - np.roll(corners, 1, 0), np.roll(corners, -1, 0) - corners
        assert (before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0] > -NEAR).all()


def check(network: MultilayerPerceptron) -> None:
    """Everything that must hold of what is found of a network."""
    found = exact(network, BOX)
    check_subdivision(found.regions)
    check_subdivision(found.pieces)
    assert found.region_count <= found.network.most_regions

    # The network is affine in each region: corners and the point within agree with one function.
    A, c = found.affine_maps()
    region = np.repeat(np.arange(len(found.regions)), np.diff(found.regions.offsets))
    corners = found.regions.vertices[found.regions.corners]
    _, outputs = pre_activations(network, corners)
    size = max(1.0, np.abs(outputs).max())
    affine = (A[region] @ corners[..., None])[..., 0] + c[region]
    assert np.allclose(affine, outputs, rtol=0, atol=NEAR * size)

    # Grid points that are away from kinks: one pattern of signs in a region, another in another.
    points = grid()
    hidden, outputs = pre_activations(network, points)
    is_clear = (np.abs(hidden) > NEAR).all(axis=1)
    where = place_of(found.regions, points)
    patterns: dict[int, set[bytes]] = {}
    for i in np.flatnonzero(is_clear):
        patterns.setdefault(int(where[i]), set()).add((hidden[i] > 0).tobytes())
    assert all(len(of_region) == 1 for of_region in patterns.values())
    assert len(set.union(set(), *patterns.values())) == len(patterns)

    # Classes, where they are not as good as tied.
    best = np.sort(outputs, axis=1)
    is_sure = best[:, -1] - best[:, -2] > NEAR * size
    predicted = found.piece_classes[place_of(found.pieces, points)]
    assert (predicted == outputs.argmax(axis=1))[is_sure].all()
    assert found.class_areas.sum() == pytest.approx(9)

    # On the boundary the outputs of the two classes beside it are equal, and the largest.
    if len(found.boundary):
        _, outputs = pre_activations(network, found.boundary.mean(axis=1))
        beside = np.take_along_axis(outputs, found.boundary_classes.astype(int), axis=1)
        gap = outputs.max(axis=1, keepdims=True) - beside
        assert (gap < NEAR * size).all()
    assert (found.boundary_classes[:, 0] != found.boundary_classes[:, 1]).all()


@given(WHOLE)
def test_degenerate_networks(network: MultilayerPerceptron) -> None:
    check(network)


@given(ANY)
def test_any_network(network: MultilayerPerceptron) -> None:
    check(network)


def test_a_deep_network() -> None:
    check(random_network(3, [2, *[12] * 4, 4], "relu"))


@pytest.mark.parametrize("seed", range(3))
def test_lines_through_one_point(seed: int) -> None:
    """Biases of zero: twenty lines through the origin make forty sectors."""
    W = np.random.default_rng(seed).normal(size=(20, 2))
    network = MultilayerPerceptron([W, np.ones((2, 20))], [np.zeros(20), np.zeros(2)], "relu")
    found = exact(network, BOX)
    assert found.region_count == 40
    assert (np.hypot(*found.regions.vertices.T) < NEAR).sum() == 1
    check_subdivision(found.regions)


def test_equal_neurons_cut_once() -> None:
    """The same line three times, once turned round and once scaled; and a neuron without weights."""
    W = np.array([[1.0, 2.0], [-1.0, -2.0], [1e-3, 2e-3], [0.0, 0.0]])
    b = np.array([0.3, -0.3, 0.3e-3, 0.0])
    found = exact(MultilayerPerceptron([W, np.ones((2, 4))], [b, np.zeros(2)], "relu"), BOX)
    assert found.region_count == 2


def test_lines_along_the_box_cut_nothing() -> None:
    W, b = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), np.array([1.0, -1.0, 3.0])
    found = exact(MultilayerPerceptron([W, np.ones((2, 3))], [b, np.zeros(2)], "relu"), BOX)
    assert found.region_count == 1
    assert found.edge_neurons.tolist() == [-1] * 4


def test_two_kinks_cut_twice() -> None:
    """relu6 of 6 x1 has kinks at 0 and at 1."""
    network = MultilayerPerceptron(
        [np.array([[6.0, 0.0]]), np.array([[1.0], [-1.0]])],
        [np.zeros(1), np.array([0, 6.0])],
        "relu6",
    )
    found = exact(network, BOX)
    assert sorted(found.regions.areas.round(9)) == [3, 3, 3]
    # Class 0 from h = 3 on: x1 = 0.5.
    assert np.allclose(found.boundary[..., 0], 0.5)
    assert found.class_areas.tolist() == pytest.approx([4.5, 4.5])
    assert found.boundary_length == pytest.approx(3)


def test_an_activation_from_outside_says_its_kinks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tent: 0 up to -1, up to 1 at 0, down to 0 at 1, and 0 from there on."""
    tent = Activation(
        lambda z: np.maximum(0, 1 - np.abs(z)),
        lambda z: np.where(np.abs(z) < 1, -np.sign(z), 0.0),
        formula="max(0, 1 - |{z}|)",
        slope="slope of the tent at {z}",
        kinks=(-1.0, 0.0, 1.0),
    )
    monkeypatch.setitem(ACTIVATIONS, "tent", tent)
    check(random_network(11, [2, 4, 3, 3], "tent"))
    once = MultilayerPerceptron(
        [np.array([[2.0, 0.0]]), np.eye(2, 1)], [np.zeros(1), np.array([0.0, 0.5])], "tent"
    )
    found = exact(once, BOX)
    assert sorted(found.regions.areas.round(9)) == [1.5, 1.5, 1.5, 4.5]
    # Class 0 where the tent is above 1/2: from -1/4 to 1/4.
    assert found.class_areas.tolist() == pytest.approx([1.5, 7.5])


def test_edges_know_their_neurons_and_regions() -> None:
    found = exact(random_network(5, [2, 4, 3, 2], "leaky_relu"), BOX)
    middle = found.regions.vertices[found.edges].mean(axis=1)
    hidden, _ = pre_activations(random_network(5, [2, 4, 3, 2], "leaky_relu"), middle)
    inner = found.edge_neurons >= 0
    at_kink = np.abs(hidden[np.arange(len(hidden)), found.edge_neurons])
    assert (at_kink[inner] < NEAR).all()
    assert ((found.edge_regions >= 0).all(axis=1) == inner).all()
    counted = np.bincount(found.edge_regions[found.edge_regions >= 0])
    assert counted.tolist() == np.diff(found.regions.offsets).tolist()


def test_without_hidden_layers_it_is_the_derived_line() -> None:
    found = exact(EQUATION_11, Extent(0, 1, 0, 1))
    assert found.region_count == 1
    assert sorted(map(tuple, found.boundary[0].tolist())) == [(0, 1), (1, 0)]


def test_one_output_has_two_classes() -> None:
    network = MultilayerPerceptron(
        [np.array([[1.0, 0.0]])], [np.array([-0.5])], "linear", HEADS["binary_crossentropy"]
    )
    found = exact(network, BOX)
    assert found.class_areas.tolist() == pytest.approx([4.5, 4.5])
    at_right = found.pieces.centres[:, 0] > 0.5
    assert found.piece_classes.tolist() == at_right.astype(int).tolist()


def test_one_class_has_no_boundary() -> None:
    network = MultilayerPerceptron([np.zeros((3, 2))], [np.array([0.0, 1.0, 1.0])], "linear")
    found = exact(network, BOX)
    assert found.boundary.shape == (0, 2, 2)
    assert found.boundary_length == 0
    assert found.class_areas.tolist() == [0, 9, 0]


def test_targets_have_regions_and_no_boundary() -> None:
    head = REGRESSION_HEADS["mean_squared_error"]
    found = exact(network_of([1, -1, 0.5, 2], [2, 3, 1], "relu", head), BOX)
    assert found.region_count > 1
    assert found.boundary.shape == (0, 2, 2)
    assert found.piece_classes.shape == found.class_areas.shape == (0,)
    assert len(found.pieces) == found.region_count


def runs_of(**network: Any) -> Any:
    return train(
        Experiment(
            dataset={"kind": "polar", "train_per_class": 32, "test_per_class": 32},
            network={"hidden_layers": 2, "layer_width": 6, "activation": "relu"} | network,
            training={"epochs": 3},
        ),
        replications=5,
        seed=3,
    )


def test_a_population_is_one_by_one() -> None:
    runs = runs_of()
    many = exact(runs, BOX)
    assert many.runs.tolist() == [0, 1, 2, 3, 4]
    assert repr(many).startswith("<PopulationRegions of 5 networks: ")
    for i in range(5):
        one = exact(runs[i], BOX)
        assert one.region_count == many.region_count[i]
        assert one.boundary_length == many.boundary_length[i]
        assert one.class_areas.tolist() == many.class_areas[i].tolist()
        assert one.boundary.tolist() == many.boundary_of(i).tolist()


def test_runs_that_diverged_are_left_out() -> None:
    runs = runs_of()
    weights = tuple(w.copy() for w in runs.weights)
    weights[1][2, 0, 0] = np.nan
    object.__setattr__(runs, "weights", weights)
    assert exact(runs, BOX).runs.tolist() == [0, 1, 3, 4]
    with pytest.raises(MlplabError, match="diverged"):
        exact(runs[2], BOX)


def test_room_is_made_when_it_is_needed() -> None:
    """More regions than there is room for at first; and all cuts are as they are with room."""
    network = random_network(1, [2, 60, 40, 2], "relu")
    found = exact(network, BOX)
    assert found.region_count > FIRST_REGIONS
    check_subdivision(found.regions)
    pattern = pre_activations(network, found.regions.centres)[0] > 0
    assert len(np.unique(pattern, axis=0)) == found.region_count


def test_too_many_regions_are_refused() -> None:
    network = random_network(1, [2, 60, 20, 2], "relu")
    with pytest.raises(
        MlplabError, match=r"up to 386,341, .* more than 100, .* limit by most_regions"
    ):
        exact(network, BOX, most_regions=100)
    for none in (0, 1.5, True, "many"):
        with pytest.raises(MlplabError, match="most_regions must be a whole number from 1 on"):
            exact(network, BOX, most_regions=none)  # type: ignore[arg-type]


@pytest.mark.parametrize("box", [None, "-1,1,-1,1", (-1, 1, -1, 1)])
def test_what_is_no_box_is_refused(box: Any) -> None:
    with pytest.raises(MlplabError, match=r"box must be an Extent, such as .* received"):
        exact(random_network(1, [2, 3, 2], "relu"), box)


@pytest.mark.parametrize(
    ("network", "sentence"),
    [
        (random_network(0, [2, 3, 2], "tanh"), "with tanh the network has none"),
        (random_network(0, [3, 3, 2], "relu"), "2 features were expected, received 3"),
        (network_of([1e308], [2, 2, 2], "relu"), "too large for float64"),
        (network_of([np.inf], [2, 2, 2], "relu"), "it diverged"),
        (lambda x: x, "whose weights are known"),
    ],
)
def test_what_has_no_regions_is_refused(network: object, sentence: str) -> None:
    with pytest.raises(MlplabError, match=sentence):
        exact(network, BOX)


def test_a_run_without_weights_is_refused() -> None:
    runs = runs_of()
    with pytest.raises(MlplabError, match="kept no weights"):
        exact(runs[0].without_weights(), BOX)
