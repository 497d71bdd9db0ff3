"""Training at a pace, and looking back at what was."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pytest

from mlplab.playground.session import session as session_module
from mlplab.playground.session.pace import SPEEDS, Pace
from mlplab.playground.session.session import Session
from mlplab.playground.session.timeline import MOST_BYTES, Moment, Timeline
from mlplab.spec import SGD, Experiment, Polar, Training
from mlplab.training import train


@pytest.fixture
def session() -> Iterator[Session]:
    dataset = Polar(train_per_class=20, test_per_class=20)
    training = Training(optimizer=SGD(learning_rate=0.5), batch_size=8, epochs=6)
    made = Session(Experiment(dataset=dataset, training=training), seed=3)
    yield made
    made.close()


@pytest.mark.parametrize("speed", SPEEDS)
def test_a_pace_grants_what_its_name_says(speed: str):
    pace = Pace(speed)
    number, unit = SPEEDS[speed]
    # The first update comes at once, for a button that does something is pressed.
    assert pace.grant(0, per_epoch=60) >= 1
    granted = sum(pace.grant(i / 40, per_epoch=60) for i in range(1, 41))
    assert granted == pytest.approx(number * (60 if unit == "epochs" else 1), abs=1)


def test_a_pace_does_not_make_up_for_an_hour():
    pace = Pace("1 epoch/s")
    pace.grant(0, per_epoch=60)
    assert pace.grant(3600, per_epoch=60) <= 60


def test_advance_keeps_to_its_time(session: Session, monkeypatch: pytest.MonkeyPatch):
    clock = itertools.count(0, 0.004)
    monkeypatch.setattr(session_module.time, "perf_counter", lambda: next(clock))
    session.stop_rule = "never"
    session.pace.speed = "fastest"
    session.play()
    session.advance(0.02)
    assert next(clock) < 0.06


def test_looking_back_shows_what_was_and_pauses(session: Session):
    first = session.now.weights[0].tolist()
    for _ in range(20):
        session.train_updates(1)
    present = session.now.weights[0].tolist()
    session.play()
    session.look_back(0)
    assert not session.playing
    assert (session.moment.step, session.moment.weights[0].tolist()) == (0, first)
    session.look_back(20)
    assert session.shown is None
    session.look_back(13)
    assert session.moment.step == 13
    session.timeline.moments.pop()
    session.look_back(20)
    assert session.shown is None
    session.train_updates(1)
    assert session.shown is None
    assert present != session.now.weights[0].tolist()
    assert session.step == 21


def test_a_training_as_fast_as_may_be_can_be_looked_back_at(session: Session):
    session.pace.speed = "fastest"
    session.play()
    session.advance(60)
    steps = [moment.step for moment in session.timeline.moments]
    assert not session.playing  # all in one go
    assert len(steps) > session.epoch
    assert steps[-1] == session.step
    run = train(session.experiment, seed=session.seed)[0]
    assert session.scores("test") == (run.test_loss, run.test_accuracy)


def test_a_number_by_hand_is_put_into_the_network_that_is_shown(session: Session):
    first = session.now
    session.train_updates(20)
    session.look_back(0)
    session.set_number(0, 1, None, 0.5)
    assert session.shown is None
    assert session.now.weights[0].tolist() == first.weights[0].tolist()
    assert session.now.biases[0][1] == 0.5
    assert first.biases[0][1] != 0.5  # what was, is not changed
    assert session.timeline.nearest(0).biases[0][1] != 0.5


def test_a_time_line_has_bounds_and_keeps_the_first():
    weights = (np.zeros(20_000),)
    timeline = Timeline()
    for step in range(1000):
        timeline.add(Moment(step, 0, weights, ()))
    steps = [moment.step for moment in timeline.moments]
    assert sum(moment.nbytes for moment in timeline.moments) <= MOST_BYTES
    assert steps[0] == 0
    assert len(steps) > 10
    assert len(set(np.diff(steps))) == 1
    assert timeline.nearest(10**9).step == steps[-1]
