"""What is lost on its way to the page is sent again: a frame follows every message, and is confirmed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("panel")

from mlplab.playground import live as live_module
from mlplab.playground.live import Live
from mlplab.playground.page import Page
from mlplab.playground.pictures.frames import unpack

pytestmark = pytest.mark.slow

LOST, AWAY = 0.1, 0.8


@pytest.fixture(autouse=True)
def short_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tests wait less long than the page does."""
    monkeypatch.setattr(live_module, "LOST", LOST)
    monkeypatch.setattr(live_module, "AWAY", AWAY)


def lose_next(monkeypatch: pytest.MonkeyPatch, where: type, name: str) -> list[Any]:
    """Have the next call of a method of one argument do nothing; return the list of what was lost."""
    usual = getattr(where, name)
    lost: list[Any] = []

    def call(self: Any, given: Any) -> None:
        if lost:
            usual(self, given)
        else:
            lost.append(given)

    monkeypatch.setattr(where, name, call)
    return lost


def rest(pages: Any, live: Live) -> None:
    """Wait until a page has confirmed all that it was sent, and is sent nothing more."""
    live.wake()
    pages.wait_for(lambda: pages.frames(live))

    def is_at_rest() -> bool:
        before = len(pages.frames(live))
        time.sleep(2 * LOST)
        return before == len(pages.frames(live))

    pages.wait_for(is_at_rest, seconds=10)


# ---- Frames --------------------------------------------------------------------------------------


def test_a_view_that_was_opened_is_shown_though_its_frame_is_lost(
    pages: Any, monkeypatch: pytest.MonkeyPatch
):
    live = pages.open()
    rest(pages, live)
    lost = lose_next(monkeypatch, Page, "send_frame")
    pages.say(live, {"type": "inspect", "what": "map", "layer": 0})
    pages.wait_for(lambda: pages.told(live, "map", "offered"), seconds=10)
    assert unpack(lost[0])[0]["inspected"] == "map"


def test_a_frame_that_is_lost_after_a_long_rest_is_made_up_for(
    pages: Any, monkeypatch: pytest.MonkeyPatch
):
    live = pages.open()
    rest(pages, live)
    time.sleep(AWAY)  # the page has had nothing to confirm, and is not away
    lost = lose_next(monkeypatch, Page, "send_frame")
    pages.say(live, {"type": "inspect", "what": "map", "layer": 0})
    pages.wait_for(lambda: pages.told(live, "map", "offered"), seconds=10)
    assert lost


def test_curves_that_are_lost_with_their_frame_are_made_up_for(
    pages: Any, monkeypatch: pytest.MonkeyPatch
):
    live = pages.open()
    rest(pages, live)
    lost = lose_next(monkeypatch, Live, "_later")
    live.transport.act("epoch")
    pages.wait_for(lambda: list(live.curves.scores.data["epoch"]) == [1], seconds=10)
    assert lost


def test_a_page_that_confirms_nothing_is_sent_few_frames_and_then_none_until_it_is_back(pages: Any):
    pages.drawing = False
    live = pages.open()
    live.wake()
    time.sleep(2 * AWAY)
    sent = len(pages.frames(live))
    assert 2 <= sent <= AWAY / LOST + 2
    time.sleep(3 * LOST)
    assert len(pages.frames(live)) == sent
    pages.drawing = True
    first = pages.frames(live)[0][1]
    pages.say(live, {"type": "drawn", "number": first["number"]})
    pages.wait_for(lambda: len(pages.frames(live)) == sent + 1, seconds=10)
    rest(pages, live)


def test_a_page_that_confirms_is_sent_nothing_again(pages: Any):
    live = pages.open()
    rest(pages, live)
    sent = len(pages.frames(live))
    time.sleep(5 * LOST)
    assert len(pages.frames(live)) == sent


# ---- Other messages ------------------------------------------------------------------------------


def test_a_frame_comes_after_what_goes_with_it(pages: Any, monkeypatch: pytest.MonkeyPatch):
    live = pages.open()
    rest(pages, live)
    live.session.stop_rule = "never"
    live.transport.act("toggle")
    pages.wait_for(lambda: live.transport.play.label == "❚❚  Pause")
    seen: list[tuple[bool, str]] = []

    def look(page: Page, frame: bytes) -> None:
        seen.append((unpack(frame)[0]["playing"], live.transport.play.label))
        pages.take(page, frame)

    monkeypatch.setattr(Page, "send_frame", look)
    with live.session.lock:
        live.session.pause()
    live.wake()
    pages.wait_for(lambda: seen and not seen[-1][0])
    assert seen[-1][1] == "▶  Play"


def _set_seed(live: Live) -> None:
    live.transport.seed.value = -1


def _set_batch_size(live: Live) -> None:
    live.setup.batch_size.value = -1


def _choose_file(live: Live) -> None:
    live.sharing._choice.value = "weights.safetensors"


@pytest.mark.parametrize(
    "act",
    [
        lambda live: live.say("a sentence"),
        lambda live: live.page._handle_msg({"type": "load_cell", "row": 0, "column": 0}),
        lambda live: live.page._handle_msg({"type": "look_back"}),
        lambda live: live.sharing._open("mine.toml", b"nonsense"),
        lambda live: live.sharing._copy_link(),
        lambda live: live.sharing._content(),
        _set_seed,
        _set_batch_size,
        _choose_file,
    ],
    ids=[
        *(
            "sentence",
            "refused message",
            "message without sense",
            "refused file",
            "link",
            "download",
        ),
        *("refused seed", "refused field", "choice of a file"),
    ],
)
def test_what_is_put_on_the_page_is_followed_by_a_frame(act: Callable[[Live], Any], pages: Any):
    live = pages.open()
    rest(pages, live)
    sent = len(pages.frames(live))
    act(live)
    pages.wait_for(lambda: len(pages.frames(live)) > sent, seconds=10)
