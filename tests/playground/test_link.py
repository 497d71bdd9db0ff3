"""A link restores a session to the last bit; a broken one is refused with a sentence."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlplab.errors import MlplabError
from mlplab.playground.pictures.frames import pack, unpack
from mlplab.playground.session.own_points import OwnPoints
from mlplab.playground.session.session import Session
from mlplab.playground.take_away import link
from mlplab.playground.take_away.link import PREFIX, read_link, write_link
from mlplab.spec import SGD, Adam, Experiment, Network, Polar, SamplesFile, Training

SMALL = Experiment(
    dataset=Polar(train_per_class=20, test_per_class=20),
    network=Network(hidden_layers=2, layer_width=(4, 3), activation="tanh"),
    training=Training(optimizer=SGD(learning_rate=0.5, momentum=0.5), batch_size=8, epochs=6),
)


def trained(experiment: Experiment = SMALL, own: OwnPoints | None = None) -> Session:
    session = Session(experiment, seed=11, own=own)
    session.stop_rule, session.pace.speed = "never", "20 epochs/s"
    session.train_updates(7)
    return session


def assert_alike(one: Session, other: Session) -> None:
    for a, b in zip(
        (*one.now.weights, *one.now.biases), (*other.now.weights, *other.now.biases), strict=True
    ):
        assert a.dtype == b.dtype
        assert a.tobytes() == b.tobytes()
    assert (one.step, one.epoch, one.seed) == (other.step, other.epoch, other.seed)
    assert one.history.train_loss.tolist() == other.history.train_loss.tolist()


@pytest.mark.parametrize(
    "training",
    [
        SMALL.training,
        Training(optimizer=Adam(), batch_size=8, epochs=6),
        Training(optimizer=Adam(), batch_size=8, epochs=6, dtype="float64"),
    ],
    ids=["momentum", "adam", "float64"],
)
def test_a_session_comes_back_and_goes_on_as_it_would_have(training: Training):
    session = trained(SMALL.model_copy(update={"training": training}))
    text = write_link(session)
    again = read_link(text)
    assert (again.stop_rule, again.pace.speed) == ("never", "20 epochs/s")
    assert again.experiment == session.experiment
    assert_alike(session, again)
    for each in (session, again):
        each.train_updates(30)
    assert_alike(session, again)
    # Letters that an address may have in its fragment, without being written otherwise.
    assert set(text) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def test_layers_of_different_activations_come_back():
    network = SMALL.network.model_copy(update={"activation": ("tanh", "relu")})
    session = trained(SMALL.model_copy(update={"network": network}))
    again = read_link(write_link(session))
    assert again.experiment.network.activations == ("tanh", "relu")
    assert again.experiment == session.experiment
    for each in (session, again):
        each.train_updates(30)
    assert_alike(session, again)


def test_own_points_come_back_and_no_path_goes_out():
    points = OwnPoints.none()
    for i in range(10):
        points = points.with_point(0.1 * i, 0.2, "ä").with_point(0.1 * i, 0.8, "b")
    session = trained(own=points)
    assert isinstance(session.experiment.dataset, SamplesFile)
    text = write_link(session)
    path = session.experiment.dataset.path
    assert path.encode() not in content_of(text)
    session.close()  # the file is gone
    again = read_link(text)
    assert again.own is not None
    assert again.own.to_csv() == points.to_csv()
    assert_alike(session, again)
    again.train_updates(3)


def test_a_network_that_diverged_comes_back_as_one():
    wild = SMALL.training.model_copy(update={"optimizer": SGD(learning_rate=1e39)})
    session = trained(SMALL.model_copy(update={"training": wild}))
    assert session.stepper.diverged
    assert read_link(write_link(session)).stepper.diverged


# ---- Broken --------------------------------------------------------------------------------------


def content_of(text: str) -> bytes:
    code = text.removeprefix(PREFIX)
    return zlib.decompress(base64.urlsafe_b64decode(code + "=" * (-len(code) % 4)))


def link_of(content: bytes) -> str:
    return PREFIX + base64.urlsafe_b64encode(zlib.compress(content)).decode().rstrip("=")


GOOD = write_link(trained())


def changed(change: Callable[[dict[str, Any], dict[str, Any]], Any]) -> str:
    meta, arrays = unpack(content_of(GOOD))
    arrays = {name: array.copy() for name, array in arrays.items()}
    change(meta, arrays)
    return link_of(pack(meta, arrays))


BROKEN: dict[str, tuple[str, str]] = {
    "nothing": ("", "a link begins with 'mlplab-1-'"),
    "another version": (GOOD.replace("-1-", "-9-"), "a link begins with"),
    "cut off": (GOOD[: len(GOOD) // 2], "the link is (cut off|damaged)"),
    "letters changed": (GOOD[:40] + "AAAA" + GOOD[44:], "the link is damaged"),
    "other letters": (GOOD + "%%", "the link is damaged"),
    "not packed": (link_of(b"\x05\x00\x00\x00hello"), "the link is damaged"),
    "no experiment": (changed(lambda m, a: m.pop("experiment")), "damaged: 'experiment'"),
    "bad experiment": (
        changed(lambda m, a: m["experiment"]["dataset"].update(sigma=-1)),
        "sigma",
    ),
    "a path": (
        changed(
            lambda m, a: m["experiment"].update(dataset={"kind": "file", "path": "/etc/x.csv"})
        ),
        "open that file itself",
    ),
    "too large": (
        changed(lambda m, a: m["experiment"]["training"].update(epochs=10**6)),
        "at most 10,000 epochs",
    ),
    "bad seed": (changed(lambda m, a: m.update(seed=-4)), "a seed must be"),
    "no weights": (changed(lambda m, a: a.pop("weights0")), "another network"),
    "other weights": (
        changed(lambda m, a: a.update(weights0=np.zeros((9, 9), np.float32))),
        "another network",
    ),
    "too far": (changed(lambda m, a: m.update(used=10**9)), "samples far"),
    "no number": (changed(lambda m, a: m.update(step="7")), "whole numbers"),
    "unknown rule": (changed(lambda m, a: m.update(stop_rule="x")), "there is no 'x'"),
    "points without labels": (
        changed(lambda m, a: (a.update(points=np.zeros((3, 2))), m.update(labels=[], split=[]))),
        "do not fit together",
    ),
    "points too far": (
        changed(
            lambda m, a: (
                a.update(points=np.array([[0, 0], [-1e300, 0]])),
                m.update(labels=["a", "b"], split=["train", "train"]),
            )
        ),
        "a coordinate must lie between",
    ),
    "points of four features": (
        changed(lambda m, a: (a.update(points=np.zeros((3, 4))), m.update(labels=[], split=[]))),
        "in the plane of 2 features, received 4 features",
    ),
    "points that are none": (
        changed(
            lambda m, a: (
                a.update(points=np.full((1, 2), np.nan)),
                m.update(labels=["a"], split=["train"]),
            )
        ),
        "do not fit together",
    ),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_link_is_refused_with_one_sentence(how: str):
    text, sentence = BROKEN[how]
    with pytest.raises(MlplabError, match=sentence) as caught:
        read_link(text)
    assert "\n" not in str(caught.value)


def test_a_link_that_swells_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(link, "LARGEST", 1_000_000)
    with pytest.raises(MlplabError, match="says more than the playground takes"):
        read_link(link_of(bytes(10_000_000)))


@settings(max_examples=200)
@given(place=st.integers(0, len(content_of(GOOD)) - 1), byte=st.integers(0, 255))
def test_whatever_byte_is_changed_it_is_a_session_or_a_sentence(place: int, byte: int):
    content = bytearray(content_of(GOOD))
    content[place] = byte
    with suppress(MlplabError):
        read_link(link_of(bytes(content))).close()
