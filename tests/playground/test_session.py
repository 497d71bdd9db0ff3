"""A session trains as the engine does, starts again the same, and keeps what runs when input is bad."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from mlplab.errors import MlplabError
from mlplab.playground.session.limits import LARGEST
from mlplab.playground.session.own_points import OwnPoints
from mlplab.playground.session.presets import FIRST, PRESETS
from mlplab.playground.session.session import Session
from mlplab.playground.session.stopping import GOOD, PATIENCE, STOP_RULES
from mlplab.run import History
from mlplab.spec import SGD, Adam, Experiment, Network, Polar, SamplesFile, Training
from mlplab.training import train

SMALL = Experiment(
    dataset=Polar(train_per_class=20, test_per_class=20),
    network=Network(hidden_layers=1, layer_width=4, activation="tanh"),
    training=Training(optimizer=SGD(learning_rate=0.5), batch_size=8, epochs=6),
)


@pytest.fixture
def session() -> Iterator[Session]:
    made = Session(SMALL, seed=3)
    yield made
    made.close()


def play_to_the_end(session: Session) -> None:
    session.pace.speed = "fastest"
    session.play()
    for _ in range(10_000):
        if not session.playing:
            return
        session.advance(0.01)
    pytest.fail("it does not end")


# ---- It is the engine that trains ----------------------------------------------------------------


@pytest.mark.parametrize("title", [t for t in PRESETS if not t.startswith(("1.3", "1.4"))])
def test_a_preset_that_is_played_is_the_run_of_train(title: str):
    session = Session(PRESETS[title], seed=7)
    play_to_the_end(session)
    run = train(PRESETS[title], seed=7)[0]
    assert session.scores("test") == (run.test_loss, run.test_accuracy)
    assert session.history.validation_loss.tolist() == run.history.validation_loss.tolist()
    session.close()


def test_training_lets_those_go_first_who_want_the_session(session: Session):
    session.stop_rule, session.pace.speed = "never", "fastest"
    session.play()
    seen = []

    def look() -> None:
        with session.lock:
            seen.append(session.step)

    looking = threading.Thread(target=look)
    with session.lock:
        looking.start()
        while not session.lock.is_wanted:
            time.sleep(0.001)
        began = time.monotonic()
        made = session.advance(60)  # for a minute, unless somebody wants it
        assert time.monotonic() - began < 30
    looking.join(60)
    assert seen == [made]
    assert made > 0


def test_what_was_granted_and_not_made_is_made_later(session: Session):
    session.stop_rule, session.pace.speed = "never", "20 epochs/s"
    session.play()
    session.advance(0.001)
    session.pace.take_back(1000)
    time.sleep(0.001)
    assert session.pace.grant(time.perf_counter(), session.stepper.updates_per_epoch) >= 1000
    session.pace.take_back(math.inf)  # of the fastest there is nothing to make up for
    assert math.isfinite(session.pace.grant(time.perf_counter(), session.stepper.updates_per_epoch))


def test_reset_repeats_the_curve_and_a_new_seed_does_not(session: Session):
    play_to_the_end(session)
    first = session.history.train_loss.tolist()
    session.reset()
    assert (session.step, len(session.history.train_loss)) == (0, 0)
    play_to_the_end(session)
    assert session.history.train_loss.tolist() == first
    session.set_seed(4)
    play_to_the_end(session)
    assert session.history.train_loss.tolist() != first


def test_one_update_and_one_epoch(session: Session):
    session.train_updates(1)
    assert (session.step, session.epoch) == (1, 0)
    session.train_epoch()
    assert (session.step, session.epoch) == (5, 1)
    session.train_epoch()
    assert (session.step, session.epoch) == (10, 2)


def test_it_plays_on_after_more_epochs_are_asked_for(session: Session):
    play_to_the_end(session)
    session.play()
    assert not session.playing
    longer = SMALL.training.model_copy(update={"epochs": 8})
    assert not session.set_experiment(SMALL.model_copy(update={"training": longer}))
    play_to_the_end(session)
    assert session.epoch == 8


# ---- What is changed -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [{"optimizer": SGD(learning_rate=0.01)}, {"batch_size": 3}, {"epochs": 50}],
    ids=str,
)
def test_in_flight(session: Session, values: dict[str, object]):
    session.train_updates(7)
    version, weights = session.version, session.now.weights[0].tolist()
    changed = SMALL.model_copy(update={"training": SMALL.training.model_copy(update=values)})
    assert session.set_experiment(changed) is False
    assert (session.step, session.version) == (7, version)
    assert session.now.weights[0].tolist() == weights
    session.train_updates(1)
    assert session.experiment == changed


def test_to_say_the_same_once_for_each_layer_changes_nothing(session: Session):
    session.train_updates(7)
    each = SMALL.network.model_copy(update={"layer_width": (4,), "activation": ("tanh",)})
    changed = SMALL.model_copy(update={"network": each})
    assert session.set_experiment(changed) is False
    assert session.step == 7
    assert session.experiment == changed


@pytest.mark.parametrize(
    "changed",
    [
        {"dataset": Polar(sigma=0.3, train_per_class=20, test_per_class=20)},
        {"network": Network()},
        {"network": SMALL.network.model_copy(update={"activation": ("relu",)})},
        {"training": Training(optimizer=Adam(), batch_size=8, epochs=6)},
        {"training": SMALL.training.model_copy(update={"loss": "categorical_crossentropy"})},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_anew(session: Session, changed: dict[str, object]):
    session.train_updates(7)
    version = session.version
    assert session.set_experiment(SMALL.model_copy(update=changed)) is True
    assert (session.step, session.version) == (0, version + 1)
    play_to_the_end(session)
    run = train(session.experiment, seed=3)[0]
    assert session.scores("test") == (run.test_loss, run.test_accuracy)


def test_an_experiment_that_is_begun_keeps_nothing_of_what_was_trained(session: Session):
    session.train_updates(7)
    training = SMALL.training.model_copy(update={"batch_size": 5})  # in flight, were it a change
    session.begin(SMALL.model_copy(update={"training": training}))
    assert session.step == 0
    play_to_the_end(session)
    run = train(session.experiment, seed=3)[0]
    assert session.scores("test") == (run.test_loss, run.test_accuracy)


def test_in_flight_while_it_plays_it_plays_on(session: Session):
    session.play()
    session.advance(0.01)
    faster = SMALL.training.model_copy(update={"batch_size": 5})
    session.set_experiment(SMALL.model_copy(update={"training": faster}))
    assert session.playing


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"dataset": Polar(classes=LARGEST["classes"] + 1)}, "at most 10 classes"),
        ({"dataset": Polar(train_per_class=1_000_000)}, "at most 20,000 training points"),
        ({"dataset": Polar(test_per_class=1_000_000)}, "validation and test points"),
        (
            {"network": Network(hidden_layers=13, layer_width=2, activation="relu")},
            "at most 12 hidden layers",
        ),
        (
            {"network": Network(hidden_layers=1, layer_width=129, activation="relu")},
            "at most 128 neurons in a layer",
        ),
        (
            {"network": Network(hidden_layers=12, layer_width=128, activation="relu")},
            "weights and biases",
        ),
        ({"training": SMALL.training.model_copy(update={"epochs": 10**6})}, "10,000 epochs"),
        ({"dataset": SamplesFile(path="/etc/passwd")}, "open that file itself"),
    ],
)
def test_what_is_too_much_is_refused_and_what_runs_is_kept(
    session: Session, changed: dict[str, object], sentence: str
):
    session.train_updates(7)
    with pytest.raises(MlplabError, match=sentence):
        session.set_experiment(SMALL.model_copy(update=changed))
    assert (session.step, session.experiment, session.version) == (7, SMALL, 1)
    session.train_updates(1)


def test_a_seed_that_cannot_be_is_refused_and_what_runs_is_kept(session: Session):
    session.train_updates(7)
    with pytest.raises(MlplabError, match="a seed must be a whole number"):
        session.set_seed(-1)
    assert (session.step, session.seed) == (7, 3)


# ---- By hand -------------------------------------------------------------------------------------


def test_a_weight_and_a_bias_are_set_and_trained_on_from():
    session = Session(SMALL.model_copy(update={"network": Network()}))
    for o, row in enumerate([[-1.0, 0.0], [0.0, 1.0]]):  # equation 11 of the lab
        for i, value in enumerate(row):
            session.set_number(0, o, i, value)
    session.set_number(0, 0, None, 1.0)
    moment = session.now
    assert moment.weights[0].tolist() == [[-1, 0], [0, 1]]
    assert moment.biases[0].tolist() == [1, 0]
    on_the_line = np.array([[0.25, 0.75], [0.9, 0.1]], np.float32)
    np.testing.assert_allclose(session.stepper.outputs(on_the_line), 0.5, atol=1e-6)
    assert session.edits == 5
    session.train_updates(1)
    assert session.now.weights[0].tolist() != [[-1, 0], [0, 1]]
    session.reset()
    assert session.edits == 0
    session.close()


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        ((0, 0, 0), float("nan"), "must lie between"),
        ((0, 0, 0), 1e7, "must lie between"),
        ((2, 0, 0), 1.0, "no weight or bias at"),
        ((0, 4, 0), 1.0, "no weight or bias at"),
        ((0, 0, 2), 1.0, "no weight or bias at"),
        ((0, -1, None), 1.0, "no weight or bias at"),
    ],
)
def test_a_number_by_hand_that_cannot_be_is_refused(
    session: Session, place: tuple[int, int, int | None], value: float, sentence: str
):
    before = session.now.weights[0].tolist()
    with pytest.raises(MlplabError, match=sentence):
        session.set_number(*place, value)
    assert session.now.weights[0].tolist() == before


# ---- Own points ----------------------------------------------------------------------------------


def some_points() -> OwnPoints:
    points = OwnPoints.none()
    for i in range(10):
        points = points.with_point(0.1 * i, 0.2, "a").with_point(0.1 * i, 0.8, "b")
    return points


def test_own_points_are_learnt_from_and_their_file_goes_with_the_session(session: Session):
    session.set_points(some_points())
    assert isinstance(session.experiment.dataset, SamplesFile)
    play_to_the_end(session)
    assert session.scores("train")[1] == 1
    run = train(session.experiment, seed=3)[0]
    assert session.scores("test") == (run.test_loss, run.test_accuracy)
    session.reset()
    assert session.own is not None
    path = session.experiment.dataset.path
    session.close()
    with pytest.raises(MlplabError, match="cannot read"):
        train(session.experiment)
    assert path not in str(SMALL)


def test_too_few_own_points_are_refused_and_what_runs_is_kept(session: Session):
    session.train_updates(2)
    with pytest.raises(MlplabError, match="two classes at least"):
        session.set_points(OwnPoints.none().with_point(0, 0, "a"))
    assert (session.step, session.own) == (2, None)


def test_another_dataset_leaves_own_points_behind(session: Session):
    session.set_points(some_points())
    session.set_experiment(SMALL)
    assert session.own is None


# ---- When it stops -------------------------------------------------------------------------------


def history(validation_loss: list[float], validation_accuracy: float = 0.5) -> History:
    loss = np.array(validation_loss)
    return History(loss, loss, loss, np.full(len(loss), validation_accuracy))


@pytest.mark.parametrize(
    ("rule", "goes_on", "stops"),
    list(
        zip(
            STOP_RULES,
            [
                history([1.0] * 4),
                history([1.0, *[0.5] * PATIENCE]),
                history([1.0], GOOD - 0.001),
                history([1.0] * 100),
            ],
            [history([1.0] * 5), history([0.5, *[1.0] * PATIENCE]), history([1.0], GOOD), None],
            strict=True,
        )
    ),
)
def test_stop_rules(rule: str, goes_on: History, stops: History | None):
    assert not STOP_RULES[rule](goes_on, 5)
    if stops is not None:
        assert STOP_RULES[rule](stops, 5)


def test_never_goes_on_beyond_the_epochs(session: Session):
    session.stop_rule = "never"
    session.pace.speed = "fastest"
    session.play()
    while session.epoch < 9:
        session.advance(0.01)
    assert session.playing


def test_a_network_that_diverges_stops():
    wild = SMALL.training.model_copy(update={"optimizer": SGD(learning_rate=1e39)})
    session = Session(SMALL.model_copy(update={"training": wild}))
    play_to_the_end(session)
    assert session.stepper.diverged
    assert session.epoch == 1
    session.close()


def test_the_first_preset_is_one():
    assert FIRST in PRESETS
