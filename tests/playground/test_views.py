"""What is shown is what the network does; what goes to the browser comes back from its bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from mlplab.data import Dataset, Split, draw_dataset
from mlplab.playground.pictures import views
from mlplab.playground.pictures.frames import TYPES, pack, unpack
from mlplab.playground.pictures.looks import EngineLook, Look, ReferenceLook, network_of
from mlplab.playground.pictures.of_a_session import MOVING_SIDE, STILL_SIDE, Inspection, Pictures
from mlplab.playground.session.own_points import OwnPoints
from mlplab.playground.session.session import Session
from mlplab.playground.session.timeline import Moment
from mlplab.playground.studies.of_a_session import Studies
from mlplab.playground.workers import Workers
from mlplab.spec import SGD, Experiment, Linear, Network, Polar, Training

SMALL = Experiment(
    dataset=Polar(classes=3, train_per_class=20, test_per_class=20),
    network=Network(hidden_layers=2, layer_width=(4, 3), activation="relu"),
    training=Training(optimizer=SGD(learning_rate=0.5), batch_size=8, epochs=6),
)


NO_STUDIES = Studies(Workers(1))


@pytest.fixture
def session() -> Iterator[Session]:
    made = Session(SMALL, seed=2)
    made.train_updates(9)
    yield made
    made.close()


@pytest.fixture(params=["engine", "reference"])
def look(request: pytest.FixtureRequest, session: Session) -> Look:
    if request.param == "engine":
        return EngineLook(session.stepper, session.now)
    return ReferenceLook(SMALL, session.now)


def silent(session: Session) -> Moment:
    """A moment whose network answers no number."""
    weights = tuple(np.full_like(w, np.nan) for w in session.now.weights)
    return Moment(0, 0, weights, session.now.biases)


# ---- Views ---------------------------------------------------------------------------------------


def test_regions_are_the_outputs(look: Look, session: Session, tolerance: Any):
    extent = views.square_around(session.stepper.trial.dataset)
    points = views.grid(extent, 11, np.float32)
    assert points[0].tolist() == pytest.approx([extent.x1_min, extent.x2_min])
    assert points[10].tolist() == pytest.approx([extent.x1_max, extent.x2_min])
    outputs = views.region_outputs(look, points)
    p = network_of(SMALL, session.now).feedforward(points)
    assert outputs.shape == (3, 121)
    np.testing.assert_allclose(outputs / 65535, p.T, atol=0.5 / 65535 + tolerance.float32)


@pytest.mark.filterwarnings("ignore:invalid value")
def test_no_answer_is_shown_as_none(session: Session):
    for look in (
        EngineLook(session.stepper, silent(session)),
        ReferenceLook(SMALL, silent(session)),
    ):
        points = session.stepper.trial.dataset.test
        assert not views.region_outputs(look, points.x).any()
        assert set(views.answers(look, points).tolist()) == {views.NO_ANSWER}
        assert not views.confusion(points, views.answers(look, points), 3).any()
        assert np.isfinite(views.neuron_responses(look, points.x).largest).all()


def test_each_neuron_is_shown_by_its_own_largest(look: Look, session: Session):
    points = views.grid(views.square_around(session.stepper.trial.dataset), 5, np.float32)
    shown = views.neuron_responses(look, points)
    forward = network_of(SMALL, session.now).forward(points)
    values = np.concatenate([*forward.inputs, forward.output], axis=1).T
    assert shown.images.shape == (2 + 4 + 3 + 3, 25)
    np.testing.assert_allclose(shown.largest, np.abs(values).max(axis=1), rtol=1e-5)
    back = shown.images / 127 * shown.largest[:, None]
    np.testing.assert_allclose(back, values, atol=float(shown.largest.max()) / 200)


def test_rings_and_matrix_agree_with_the_accuracy(look: Look, session: Session):
    test = session.stepper.trial.dataset.test
    answered = views.answers(look, test)
    accuracy = session.scores("test")[1]
    assert (answered == test.y).mean() == pytest.approx(accuracy)
    matrix = views.confusion(test, answered, 3)
    assert matrix.sum(axis=1).tolist() == [20, 20, 20]
    assert np.trace(matrix) / 60 == pytest.approx(accuracy)


def test_hidden_space_of_two_neurons_and_of_components(look: Look, session: Session):
    x = session.stepper.trial.dataset.train.x
    h = network_of(SMALL, session.now).forward(x).inputs[1]
    level = slice(2, 6)
    two = views.hidden_space(look, x, level, (1, 3))
    np.testing.assert_allclose(two.places, h[:, [1, 3]], atol=1e-5)
    assert two.axes == ("neuron 2", "neuron 4")
    pca = views.hidden_space(look, x, level)
    centred = h - h.mean(axis=0)
    _, sizes, directions = np.linalg.svd(centred.astype(np.float64), full_matrices=False)
    ref = centred @ directions[:2].T
    np.testing.assert_allclose(np.abs(pca.places), np.abs(ref), atol=1e-3)
    share = 100 * sizes[0] ** 2 / (sizes**2).sum()
    assert pca.axes[0] == f"component 1 ({share:.0f} %)"
    flipped = views.hidden_space(look, x, level, before=-pca.directions)
    np.testing.assert_allclose(flipped.places, -pca.places, atol=1e-5)


@pytest.mark.parametrize("width", [1, 2])
def test_a_layer_of_one_or_two_neurons_has_a_space_too(width: int):
    network = Network(hidden_layers=1, layer_width=width, activation="tanh")
    session = Session(SMALL.model_copy(update={"network": network}))
    look = ReferenceLook(session.experiment, session.now)
    x = session.stepper.trial.dataset.train.x
    space = views.hidden_space(look, x, slice(2, 2 + width))
    assert space.places.shape == (60, 2)
    assert space.axes[0] == "neuron 1"
    session.close()


def test_histograms_count_every_weight_and_dead_neurons(session: Session):
    weights = [w.copy() for w in session.now.weights]
    biases = [b.copy() for b in session.now.biases]
    weights[1][0] = -1.0  # no positive sum, since what comes in is not negative
    biases[1][0] = 0.0
    network = network_of(SMALL, Moment(0, 0, tuple(weights), tuple(biases)))
    found = views.layer_histograms(network, session.stepper.trial.dataset, SMALL)
    assert [int(layer.weights.counts.sum()) for layer in found] == [w.size for w in weights]
    assert [int(layer.gradients.counts.sum()) for layer in found] == [w.size for w in weights]
    assert found[1].dead >= 1
    assert found[2].dead == 0
    assert found[1].weights.largest == pytest.approx(np.abs(weights[1]).max())


def test_a_histogram_leaves_out_what_is_no_number():
    assert views.histogram(np.array([1.0, np.nan, np.inf])).counts.sum() == 1


def test_a_histogram_of_zeros_has_no_width_and_one_of_the_largest_numbers_has():
    zeros = views.histogram(np.zeros(7))
    assert (zeros.largest, int(zeros.counts.sum())) == (0, 7)
    none = views.histogram(np.full(7, np.nan))
    assert (none.largest, int(none.counts.sum())) == (0, 0)
    most = float(np.finfo(np.float64).max)
    large = views.histogram(np.array([-most, 0, most]))
    assert large.largest == most
    assert large.counts[[0, views.BINS // 2, -1]].tolist() == [1, 1, 1]


@pytest.mark.filterwarnings("ignore:invalid value", "ignore:overflow")
@pytest.mark.parametrize("neurons", [None, (0, 1)])
def test_points_without_an_answer_have_no_place_in_the_hidden_space(session: Session, neurons: Any):
    weights = [w.copy() for w in session.now.weights]
    weights[0][0] = 2e38  # the first neuron's sum of x = (0.9, 0.9) overflows
    moment = Moment(0, 0, tuple(weights), session.now.biases)
    x = np.array([[0.1, 0.2], [0.9, 0.9], [0.2, 0.1], [0.3, 0.3]], dtype=np.float32)
    space = views.hidden_space(EngineLook(session.stepper, moment), x, slice(2, 6), neurons)
    assert np.isfinite(space.places).all(axis=1).tolist() == [True, False, True, True]
    assert "nan" not in "".join(space.axes)
    look = EngineLook(session.stepper, silent(session))
    assert np.isnan(views.hidden_space(look, x, slice(2, 6), neurons).places).all()


# ---- Bytes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TYPES)
def test_arrays_of_every_type_come_back(name: str):
    array = np.arange(7).astype(name)
    meta, arrays = unpack(pack({"ä": [1, None, float("nan")]}, {"a": array, "b": array[:0]}))
    assert meta == {"ä": [1, None, None]}
    assert arrays["a"].tolist() == array.tolist()
    assert arrays["a"].dtype == array.dtype
    assert arrays["b"].shape == (0,)


def test_shapes_come_back_and_every_array_stands_where_javascript_can_take_it():
    content = pack({}, {"odd": np.zeros(3, np.uint8), "big": np.ones((2, 3))})
    _, arrays = unpack(content)
    assert arrays["big"].tolist() == [[1, 1, 1], [1, 1, 1]]
    end = 4 + int.from_bytes(content[:4], "little")
    assert (len(content) - 8 - 48) % 8 == 0
    assert (-(-end // 8) * 8 + 8) % 8 == 0


# ---- Scenes and frames ---------------------------------------------------------------------------


@pytest.mark.parametrize("engine_ready", [True, False])
@pytest.mark.parametrize("what", ["confusion", "hidden", "histograms", "nonsense"])
def test_a_frame_has_what_is_looked_at(session: Session, what: str, engine_ready: bool):
    pictures = Pictures(session, NO_STUDIES)
    scene, points = unpack(pictures.scene())
    assert scene["sizes"] == [2, 4, 3, 3]
    assert points["train_x"].shape == (60, 2)
    pictures.inspection = Inspection(what, layer=9)
    meta, arrays = unpack(pictures.frame(moving=True, engine_ready=engine_ready))
    assert arrays["outputs"].shape == (3, MOVING_SIDE**2)
    assert arrays["weights"].shape == (2 * 4 + 4 * 3 + 3 * 3,)
    for name in ("train", "validation", "test"):
        assert arrays[f"{name}_answers"].shape == (60,)
    assert ("confusion" in arrays) == (what == "confusion")
    assert ("hidden" in arrays) == (what == "hidden")
    assert ("histograms" in meta) == (what == "histograms")
    assert (meta["scores"] is not None) == engine_ready
    assert meta["step"] == 9
    if engine_ready:
        assert meta["scores"]["test"] == list(session.scores("test"))


def test_a_frame_of_the_past_shows_the_past(session: Session):
    pictures = Pictures(session, NO_STUDIES)
    pictures.scene()
    _, now = unpack(pictures.frame(moving=False, engine_ready=True))
    assert now["outputs"].shape == (3, STILL_SIDE**2)
    session.look_back(0)
    meta, then = unpack(pictures.frame(moving=False, engine_ready=True))
    assert (meta["looking_back"], meta["step"], meta["last_step"]) == (True, 0, 9)
    first = np.concatenate([w.ravel() for w in session.stepper.trial.weights])
    assert then["weights"].tolist() == first.tolist()
    assert meta["scores"]["test"] == list(
        session.stepper.scores("test", (session.stepper.trial.weights, session.moment.biases))
    )
    assert now["weights"].tolist() != then["weights"].tolist()


def test_while_it_moves_scores_are_of_a_moment_ago_and_when_it_stands_of_now(session: Session):
    pictures = Pictures(session, NO_STUDIES)
    first, _ = unpack(pictures.frame(moving=True, engine_ready=True))
    session.train_updates(20)
    moving, _ = unpack(pictures.frame(moving=True, engine_ready=True))
    assert moving["scores"] == first["scores"]
    still, _ = unpack(pictures.frame(moving=False, engine_ready=True))
    assert still["scores"]["train"] == list(session.scores("train"))
    assert still["scores"] != first["scores"]


def test_a_draft_is_shown_over_the_network_that_there_is(session: Session):
    pictures = Pictures(session, NO_STUDIES)
    before, _ = unpack(pictures.scene())
    pictures.draft = OwnPoints.none().with_point(0.1, 0.2, "a").with_point(50.0, 0.2, "b")
    scene, points = unpack(pictures.scene())
    assert scene["own"] is True
    assert scene["labels"] == ["a", "b"]
    assert scene["outputs"] == ["0", "1", "2"]
    assert scene["classes_offered"] == ["a", "b", "new"]
    np.testing.assert_allclose(points["train_x"], [[0.1, 0.2], [50, 0.2]])
    assert scene["extent"][1] > 50 > before["extent"][1]
    _, arrays = unpack(pictures.frame(moving=False, engine_ready=True))
    assert "train_answers" not in arrays


def test_the_square_is_a_square_and_holds_all_points():
    dataset = draw_dataset(Linear(), seed=0)
    wide = Dataset(
        Split(dataset.train.x * [5, 1], dataset.train.y),
        dataset.validation,
        dataset.test,
        ("0", "1"),
    )
    extent = views.square_around(wide)
    assert extent.x1_max - extent.x1_min == pytest.approx(extent.x2_max - extent.x2_min)
    assert extent.x1_min < wide.train.x[:, 0].min() < wide.train.x[:, 0].max() < extent.x1_max
