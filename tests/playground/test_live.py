"""Many sessions share a few threads: those that train get their frames, those that stand cost nothing."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from typing import Any

import pytest

pytest.importorskip("panel")

from mlplab.playground import live as live_module
from mlplab.playground.live import Live
from mlplab.playground.pictures.frames import unpack
from mlplab.playground.session.presets import FIRST
from mlplab.playground.warming import Warming

pytestmark = pytest.mark.slow


# ---- Frames --------------------------------------------------------------------------------------


def test_the_first_picture_is_there_at_once(pages: Any):
    live = pages.open()
    scene, _ = unpack(live.page.scene)
    meta, arrays = unpack(live.page.frame)
    assert scene["version"] == meta["version"]
    assert arrays["weights"].size == 2 * 5 + 5 * 2


def test_before_the_engine_is_compiled_there_are_pictures_but_no_scores(pages: Any):
    cold = Warming()
    live = pages.open(cold)
    live.wake()
    live.transport.act("toggle")
    pages.wait_for(lambda: pages.frames(live))
    meta = pages.last(live)
    assert meta["scores"] is None
    assert "being compiled" in meta["status"]
    assert live.session.step == 0
    cold.start()
    pages.wait_for(lambda: live.session.step > 0)
    pages.wait_for(lambda: pages.last(live)["scores"] is not None)


def test_the_curves_mark_the_epoch_that_is_looked_back_at(pages: Any):
    live = pages.open()
    mark = next(each for each in live.curves.panels[0].center if each.name == "looked at")
    for _ in range(3):
        live.transport.act("epoch")
    pages.say(live, {"type": "look_back", "step": 64})
    pages.wait_for(lambda: mark.visible and mark.location == 1.0)
    pages.say(live, {"type": "look_back", "step": 10_000})
    pages.wait_for(lambda: not mark.visible)


def test_playing_sends_frames_and_pausing_ends_them(pages: Any):
    live = pages.open()
    live.transport.act("toggle")
    pages.wait_for(lambda: len(pages.frames(live)) > 5)
    live.transport.act("toggle")
    pages.wait_for(lambda: not pages.last(live)["playing"])
    time.sleep(0.2)
    before = len(pages.frames(live))
    time.sleep(0.3)
    assert len(pages.frames(live)) == before
    assert pages.last(live)["step"] == live.session.step


@pytest.mark.parametrize(("speed", "times"), [("fastest", 5), ("20 epochs/s", 2)])
def test_the_last_frame_shows_the_end(pages: Any, speed: str, times: int):
    live = pages.open()
    live.session.pace.speed = speed
    for _ in range(times):
        live.transport.act("reset")
        live.transport.act("toggle")
        pages.wait_for(lambda: not live.session.playing)
        pages.wait_for(lambda: pages.last(live).get("version") == live.session.version)
        pages.wait_for(lambda: pages.last(live)["status"] == "ended by the stop rule")
        meta = pages.last(live)
        assert meta["step"] == live.session.step == 1280
        assert meta["scores"]["test"] == list(live.session.scores("test"))


def test_a_page_that_draws_no_more_is_not_flooded_and_its_session_waits(
    pages: Any, monkeypatch: pytest.MonkeyPatch
):
    pages.drawing = False
    live = pages.open()
    live.session.stop_rule = "never"
    live.transport.act("toggle")
    pages.wait_for(lambda: live.session.step > 10)
    time.sleep(0.3)
    assert 1 <= len(pages.frames(live)) <= 2
    monkeypatch.setattr(live_module, "AWAY", 0.5)
    time.sleep(0.5)
    step = live.session.step
    time.sleep(0.5)
    assert live.session.step == step
    pages.say(live, {"type": "drawn", "number": live.pictures.number})
    pages.wait_for(lambda: live.session.step > step)


# ---- Many at once --------------------------------------------------------------------------------


def test_five_of_thirty_train_and_are_seen_alike_and_the_others_stand(pages: Any):
    lives = [pages.open() for _ in range(30)]
    chosen = ["1.3  five rings, momentum"] * 2 + [FIRST] * 3
    for live, title in zip(lives[:5], chosen, strict=True):
        live.choose_preset(title)
        live.session.stop_rule = "never"
        live.session.pace.speed = "fastest"
        live.transport.act("toggle")
    pages.wait_for(lambda: all(live.session.step for live in lives[:5]))
    began = time.monotonic()

    def counts() -> list[int]:
        return [sum(at >= began for at, _ in pages.frames(live)) for live in lives[:5]]

    pages.wait_for(lambda: min(counts()) >= 6)
    assert max(counts()) < 5 * min(counts())
    for live in lives[5:]:
        assert live.session.step == 0
        assert len(pages.frames(live)) <= 1


def test_no_two_locks_wait_for_each_other(pages: Any):
    live = pages.open()
    live.session.stop_rule = "never"
    live.session.pace.speed = "fastest"
    live.transport.act("toggle")

    def press() -> None:
        for i in range(60):
            live.transport.act(("update", "toggle", "reset", "epoch", "new_seed")[i % 5])
            live._show_scene()

    thread = threading.Thread(target=press, daemon=True)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()


# ---- The end -------------------------------------------------------------------------------------


def test_a_closed_session_trains_no_more(pages: Any):
    live = pages.open()
    live.session.stop_rule = "never"
    live.session.pace.speed = "fastest"
    live.transport.act("toggle")
    pages.wait_for(lambda: live.session.step > 0)
    live.close()
    time.sleep(0.1)
    step = live.session.step
    time.sleep(0.1)
    assert live.session.step == step


def test_the_memory_of_a_closed_session_is_freed(pages: Any, warming: Warming):
    def come_and_go() -> weakref.ref[Any]:
        live = Live(pages.workers, pages.populations, warming)
        live.transport.act("update")
        pages.wait_for(lambda: pages.frames(live))
        live.close()
        return weakref.ref(live.session.stepper)

    gone = come_and_go()

    def is_freed() -> bool:
        gc.collect()
        return gone() is None

    pages.wait_for(is_freed, seconds=5)
