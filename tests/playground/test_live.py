"""Many sessions share a few threads: those that train get their frames, those that stand cost nothing."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("panel")

from mlplab.playground import live as live_module
from mlplab.playground.frames import unpack
from mlplab.playground.live import Live
from mlplab.playground.own_points import OwnPoints
from mlplab.playground.page import Page
from mlplab.playground.presets import FIRST, PRESETS
from mlplab.playground.warming import Warming
from mlplab.playground.workers import Workers
from mlplab.statistics import compare_runs
from mlplab.training import train

pytestmark = pytest.mark.slow

WAIT = 60.0


@pytest.fixture(scope="module")
def warming() -> Warming:
    """A compiled engine."""
    made = Warming()
    made.start()
    assert made.ready.wait(120)
    return made


@pytest.fixture
def frames(monkeypatch: pytest.MonkeyPatch) -> dict[int, list[tuple[float, dict[str, Any]]]]:
    """Frames that pages were sent, by the identity of the page; each is confirmed at once."""
    sent: dict[int, list[tuple[float, dict[str, Any]]]] = {}

    def send_frame(page: Page, frame: bytes) -> None:
        meta, _ = unpack(frame)
        sent.setdefault(id(page), []).append((time.monotonic(), meta))
        page._handle_msg({"type": "drawn", "number": meta["number"]})

    monkeypatch.setattr(Page, "send_frame", send_frame)
    return sent


@pytest.fixture
def go(warming: Warming) -> Iterator[Callable[[], Live]]:
    """A function that makes a page and its session."""
    workers, populations = Workers(2), Workers(1)
    made: list[Live] = []

    def make() -> Live:
        made.append(Live(workers, populations, warming))
        return made[-1]

    yield make
    for live in made:
        live.close()
    workers.close()
    populations.close()


def wait_for(what: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT
    while not what():
        assert time.monotonic() < end, "it does not come to be"
        time.sleep(0.01)


def test_the_first_picture_is_there_at_once(go: Callable[[], Live]):
    live = go()
    scene, _ = unpack(live.page.scene)
    meta, arrays = unpack(live.page.frame)
    assert scene["version"] == meta["version"]
    assert arrays["weights"].size == 2 * 5 + 5 * 2


def test_before_the_engine_is_compiled_there_are_pictures_but_no_scores(frames: Any):
    cold, workers = Warming(), Workers(1)
    live = Live(workers, workers, cold)
    live.wake()
    live.transport.act("toggle")
    wait_for(lambda: bool(frames))
    meta = frames[id(live.page)][-1][1]
    assert meta["scores"] is None
    assert "being compiled" in meta["status"]
    assert live.session.step == 0
    cold.start()
    wait_for(lambda: live.session.step > 0)
    wait_for(lambda: frames[id(live.page)][-1][1]["scores"] is not None)
    live.close()
    workers.close()


def test_playing_sends_frames_and_pausing_ends_them(go: Callable[[], Live], frames: Any):
    live = go()
    live.transport.act("toggle")
    wait_for(lambda: len(frames.get(id(live.page), [])) > 5)
    live.transport.act("toggle")
    wait_for(lambda: not frames[id(live.page)][-1][1]["playing"])
    time.sleep(0.2)
    before = len(frames[id(live.page)])
    time.sleep(0.3)
    assert len(frames[id(live.page)]) == before
    assert frames[id(live.page)][-1][1]["step"] == live.session.step


@pytest.mark.parametrize("speed", ["fastest", "20 epochs/s"])
def test_the_last_frame_shows_the_end(go: Callable[[], Live], frames: Any, speed: str):
    live = go()
    live.session.pace.speed = speed
    for _ in range(5):
        live.transport.act("reset")
        live.transport.act("toggle")
        wait_for(lambda: not live.session.playing)
        wait_for(lambda: frames[id(live.page)][-1][1]["status"] == "ended by the stop rule")
        meta = frames[id(live.page)][-1][1]
        assert meta["step"] == live.session.step == 1280
        assert meta["scores"]["test"] == list(live.session.scores("test"))


def test_a_page_that_draws_no_more_is_not_flooded(
    go: Callable[[], Live], monkeypatch: pytest.MonkeyPatch
):
    count = 0

    def send_frame(page: Page, frame: bytes) -> None:
        nonlocal count
        count += 1

    monkeypatch.setattr(Page, "send_frame", send_frame)
    live = go()
    live.session.stop_rule = "never"
    live.transport.act("toggle")
    wait_for(lambda: count > 0)
    time.sleep(1)
    assert count <= 2
    assert live.session.step > 10
    monkeypatch.setattr(live_module, "AWAY", 0.5)
    time.sleep(0.5)
    step = live.session.step
    time.sleep(0.5)
    assert live.session.step == step
    live.page._handle_msg({"type": "drawn", "number": live.pictures.number})
    wait_for(lambda: live.session.step > step)


@pytest.mark.slow
def test_five_of_thirty_train_and_are_seen_alike_and_the_others_stand(
    go: Callable[[], Live], frames: Any
):
    lives = [go() for _ in range(30)]
    chosen = ["1.3  five rings, momentum"] * 2 + [FIRST] * 3
    for live, title in zip(lives, chosen, strict=False):
        live.choose_preset(title)
        live.session.stop_rule = "never"
        live.session.pace.speed = "fastest"
        live.transport.act("toggle")
    time.sleep(1)
    began = time.monotonic()
    time.sleep(4)
    counts = [sum(at >= began for at, _ in frames[id(live.page)]) for live in lives[:5]]
    assert min(counts) > 1
    assert max(counts) < 5 * min(counts)
    for live in lives[5:]:
        assert live.session.step == 0
        assert len(frames.get(id(live.page), [])) <= 1


def test_a_closed_session_trains_no_more(warming: Warming, frames: Any):
    workers = Workers(2)
    live = Live(workers, workers, warming)
    live.transport.act("toggle")
    wait_for(lambda: live.session.step > 0)
    live.close()
    time.sleep(0.1)
    step = live.session.step
    time.sleep(0.1)
    assert live.session.step == step
    workers.close()


def test_the_memory_of_a_closed_session_is_freed(warming: Warming, frames: Any):
    workers = Workers(2)

    def come_and_go() -> weakref.ref[Any]:
        live = Live(workers, workers, warming)
        live.transport.act("update")
        wait_for(lambda: bool(frames))
        live.close()
        return weakref.ref(live.session.stepper)

    gone = come_and_go()
    gc.collect()
    assert gone() is None
    workers.close()


# ---- Replicate -----------------------------------------------------------------------------------


def test_a_hundred_are_trained_and_this_run_has_its_place(go: Callable[[], Live], frames: Any):
    live = go()
    live.page._handle_msg({"type": "inspect", "what": "replicate", "layer": 0})
    live.page._handle_msg({"type": "replicate"})

    def last() -> dict[str, Any]:
        shown = frames.get(id(live.page), [])
        return (shown[-1][1].get("replication") or {}) if shown else {}

    wait_for(lambda: last().get("done") == 100)
    found = last()
    runs = train(PRESETS[FIRST], 100, seed=1)
    assert found["accuracies"] == runs.test_accuracy.tolist()
    assert (found["under_way"], found["trouble"]) == (False, "")
    assert found["stuck"] == (runs.ending == "stuck").sum()
    # Before its first update this run is worse than nearly all.
    assert found["verdict"] == "bad luck"
    assert found["low"] <= found["middle"] <= found["high"]
    best = int(runs.test_accuracy.argmax()) + 1
    live.session.set_seed(best)
    live.session.stop_rule = "after the epochs"
    live.session.pace.speed = "fastest"
    live.transport.act("toggle")
    wait_for(lambda: live.session.has_ended)
    wait_for(lambda: last().get("mine") == runs.test_accuracy.max())
    wait_for(lambda: last().get("verdict") == "luck")


def test_a_population_gives_way_and_ends_when_it_is_told(go: Callable[[], Live], frames: Any):
    one, other = go(), go()
    for live in (one, other):
        live.choose_preset("1.3  five rings, momentum")
        live.page._handle_msg({"type": "replicate"})
    first, second = one.studies.replication, other.studies.replication
    assert first is not None
    assert second is not None
    wait_for(lambda: second.done > 0)
    assert first.done <= 2 * second.done
    one.page._handle_msg({"type": "stop", "study": "replicate"})
    other.close()
    time.sleep(0.1)
    wait_for(lambda: not first.under_way and not second.under_way)
    assert first.done < 100


def test_a_replication_of_another_set_up_is_shown_no_more(go: Callable[[], Live], frames: Any):
    live = go()
    live.page._handle_msg({"type": "inspect", "what": "replicate", "layer": 0})
    live.page._handle_msg({"type": "replicate"})
    wait_for(lambda: bool(frames.get(id(live.page), [(0, {})])[-1][1].get("replication")))
    live.page._handle_msg({"type": "layers", "widths": [3]})
    wait_for(lambda: frames[id(live.page)][-1][1].get("replication", 0) is None)


# ---- Compare and map -----------------------------------------------------------------------------


def hear(live: Live, *messages: dict[str, Any]) -> None:
    for message in messages:
        live.page._handle_msg(message)


def last_said(live: Live, frames: Any, what: str) -> dict[str, Any]:
    shown = frames.get(id(live.page), [])
    return (shown[-1][1].get(what) or {}) if shown else {}


def test_two_set_ups_are_compared_from_the_same_seeds(go: Callable[[], Live], frames: Any):
    live = go()
    a, b = PRESETS["1.1  two clouds, batch 16"], PRESETS["1.1  two clouds, batch 512"]
    hear(live, {"type": "inspect", "what": "compare", "layer": 0}, {"type": "compare"})
    assert "keep a set-up as A first" in live.page.message
    live.choose_preset("1.1  two clouds, batch 16")
    hear(live, {"type": "keep"}, {"type": "compare"})
    assert "the same" in live.page.message
    live.choose_preset("1.1  two clouds, batch 512")
    live.session.set_seed(7)
    hear(live, {"type": "compare"})
    wait_for(lambda: (last_said(live, frames, "compare").get("found") or {}).get("verdict"))
    found = last_said(live, frames, "compare")["found"]
    runs = [train(each, 100, seed=8, validate=False) for each in (a, b)]
    assert found["sentence"] == compare_runs(runs[1], runs[0]).sentence("B", "A")
    assert found["differs"] == "batch size 16 → 512"
    live.choose_preset(FIRST)
    wait_for(lambda: last_said(live, frames, "compare").get("found", 0) is None)


def test_a_cell_of_the_map_is_loaded_with_seed_and_own_points(go: Callable[[], Live], frames: Any):
    live = go()
    live.session.set_seed(3)
    live.use_points(OwnPoints.of(live.session.stepper.trial.dataset))
    live.transport.act("epoch")
    own, before = live.session.own, live.session.experiment
    hear(
        live,
        {"type": "inspect", "what": "map", "layer": 0},
        {"type": "load_cell", "row": 0, "column": 0},
    )
    assert "no map" in live.page.message
    hear(
        live,
        {"type": "map", "across": "training.batch_size", "up": "training.optimizer.learning_rate"},
    )
    wait_for(lambda: (last_said(live, frames, "map").get("found") or {}).get("done") == 25)
    hear(live, {"type": "load_cell", "row": 4, "column": 3})
    found = last_said(live, frames, "map")["found"]
    training = live.session.experiment.training
    assert (training.batch_size, training.optimizer.learning_rate) == (64, 16.0)
    assert (found["columns"][3], found["rows"][4]) == (64, 16.0)
    assert (live.session.seed, live.session.step) == (3, 0)
    assert live.session.own is own is not None
    assert live.session.experiment.dataset == before.dataset
    assert (live.setup.batch_size.value, live.setup.rate.rate.value) == (64, 16.0)
    wait_for(lambda: last_said(live, frames, "map")["found"]["cells"][4 * 5 + 3]["present"])
    hear(live, {"type": "layers", "widths": [3]})
    wait_for(lambda: last_said(live, frames, "map").get("found", 0) is None)
    hear(live, {"type": "load_cell", "row": 0, "column": 0})
    assert "no map of this set-up" in live.page.message


def test_who_compares_and_maps_leaves_others_their_turn(go: Callable[[], Live], frames: Any):
    one, other = go(), go()
    for live in (one, other):
        live.choose_preset("1.2  two rings, sigmoid")
    hear(one, {"type": "keep"})
    one.choose_preset("1.2  two rings, relu")
    hear(
        one,
        {"type": "replicate"},
        {"type": "compare"},
        {"type": "map", "across": "training.epochs", "up": "network.layer_width"},
    )
    hear(other, {"type": "replicate"})
    mine = other.studies.replication
    drawn, comparison = one.studies.map, one.studies.comparison
    assert mine is not None
    assert drawn is not None
    assert comparison is not None
    wait_for(lambda: not mine.under_way)
    assert drawn.under_way
    assert comparison.under_way
    hear(one, *({"type": "stop", "study": what} for what in ("replicate", "compare", "map")))
    wait_for(lambda: one.studies.work() is None)


def test_what_a_closed_session_has_kept_and_mapped_trains_no_more(
    go: Callable[[], Live], frames: Any
):
    live = go()
    hear(live, {"type": "map", "across": "training.epochs", "up": "network.layer_width"})
    drawn = live.studies.map
    assert drawn is not None
    live.close()
    assert not drawn.under_way


# ---- What the page may say -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"type": "nonsense"},
        {"type": "layers"},
        {"type": "layers", "widths": "x"},
        {"type": "layers", "widths": [10**9]},
        {"type": "layers", "widths": [-1]},
        {"type": "look_back", "step": "x"},
        {"type": "look_back", "step": -5},
        {"type": "inspect", "what": "x", "layer": 99, "neurons": [7, 8]},
        {"type": "add_point", "x1": "x", "x2": 0, "label": "a"},
        {"type": "add_point", "x1": float("nan"), "x2": 0, "label": "a"},
        {"type": "remove_point", "split": "train", "index": 10**6},
        {"type": "move_point", "split": "none", "index": 0, "x1": 0, "x2": 0},
        {"type": "link", "text": "mlplab-1-x"},
        {"type": "key", "act": "close"},
        {"type": "drawn"},
        {"type": "number", "layer": 0, "output": 9, "source": 0, "value": 1},
        {"type": "number", "layer": 0, "output": 0, "source": 0, "value": None},
        {"type": "by_hand"},
        {"type": "by_hand", "act": "equation 11"},
        {"type": "compare"},
        {"type": "map"},
        {"type": "map", "across": "training.epochs", "up": "training.epochs"},
        {"type": "map", "across": "dataset", "up": ["training", "epochs"]},
        {"type": "map", "across": "training.dtype", "up": "__class__"},
        {"type": "load_cell", "row": 0, "column": 0},
        {"type": "load_cell", "row": "x", "column": None},
        {"type": "stop"},
        {"type": "stop", "study": "everything"},
        {"type": "by_hand", "act": "line", "ends": [[0, 0], [1, 1]]},
        {"type": "by_hand", "act": "switch", "number": "x"},
        {"type": "by_hand", "act": "another", "number": 10**400},
    ],
    ids=str,
)
def test_no_message_can_break_a_session(message: Any, go: Callable[[], Live], frames: Any):
    live = go()
    live.page._handle_msg(message)
    live.transport.act("update")
    wait_for(lambda: bool(frames) and frames[id(live.page)][-1][1]["step"] == 1)
    assert live.session.experiment == PRESETS[FIRST]


def told_of_task_3(frames: Any, live: Live) -> dict[str, Any]:
    """What the last frame says of it."""
    sent = frames.get(id(live.page), [])
    return (sent[-1][1].get("by_hand") or {}) if sent else {}


@pytest.mark.parametrize(
    "message",
    [
        {"act": "line"},
        {"act": "line", "ends": None},
        {"act": "line", "ends": [[0, 0], [1, 1], [2, 2]]},
        {"act": "line", "ends": [[0, 0, 0], [1, 1, 1]]},
        {"act": "line", "ends": [["x", 0], [1, 1]]},
        {"act": "line", "ends": [[float("nan"), 0], [1, 1]]},
        {"act": "line", "ends": [[0, float("inf")], [1, 1]]},
        {"act": "line", "ends": [[1e308, 0], [-1e308, 1]]},
        {"act": "line", "ends": [[10**400, 0], [1, 1]]},
        {"act": "line", "ends": [[0.5, 0.5], [0.5, 0.5]]},
        {"act": "line", "ends": [[0, 0], [1, 1]], "number": []},
        {"act": "switch", "number": float("inf")},
        {"act": "wanted"},
        {"act": "wanted", "text": ["x1 = 1"]},
        {"act": "wanted", "text": "x1"},
        {"act": "wanted", "text": "(" * 10_000},
        {"act": "wanted", "text": "x2 = 1e200*x1"},
        {"act": "this line"},
        {"act": ["switch"]},
        {"act": "_put"},
    ],
    ids=lambda message: str(message)[:60],
)
def test_no_message_of_task_3_can_break_it(message: Any, go: Callable[[], Live], frames: Any):
    live = go()
    live.choose_preset("3  a line, by hand")
    live.page._handle_msg({"type": "inspect", "what": "by hand", "layer": 0})
    live.page._handle_msg({"type": "by_hand", **message})
    assert not live.session.now.weights[0].any()
    good = {"act": "line", "ends": [[1, 0], [0, 1]], "number": 10**5000}
    live.page._handle_msg({"type": "by_hand", **good})
    wait_for(lambda: told_of_task_3(frames, live).get("heard") == 2**53)
    found = told_of_task_3(frames, live)
    assert (found["line"], found["wanted"]) == ("x2 = 1 - x1", "x2 = 1 - x1")


def test_what_is_wanted_in_task_3_stays_when_a_link_is_opened(go: Callable[[], Live], frames: Any):
    live = go()
    live.choose_preset("3  a line, by hand")
    live.page._handle_msg({"type": "by_hand", "act": "wanted", "text": "x1 = 0.5"})
    live.page._handle_msg({"type": "by_hand", "act": "another"})
    link = live.link()
    live.page._handle_msg({"type": "by_hand", "act": "equation 11"})
    live.page._handle_msg({"type": "link", "text": link})
    live.page._handle_msg({"type": "inspect", "what": "by hand", "layer": 0})
    wait_for(lambda: told_of_task_3(frames, live).get("draws_wanted", False))
    assert told_of_task_3(frames, live)["wanted"] == "x1 = 0.5"


def test_no_attribute_but_those_for_messages_is_called(go: Callable[[], Live]):
    live = go()
    for name in ("close", "_init__", "ce", "work"):
        live.page._handle_msg({"type": name})
    assert live.session.step == 0


def test_no_two_locks_wait_for_each_other(go: Callable[[], Live], frames: Any):
    live = go()
    live.session.stop_rule = "never"
    live.session.pace.speed = "fastest"
    live.transport.act("toggle")

    def press() -> None:
        for i in range(60):
            live.transport.act(("update", "toggle", "reset", "epoch", "new_seed")[i % 5])
            live._show_scene()

    thread = threading.Thread(target=press, daemon=True)
    thread.start()
    thread.join(WAIT)
    assert not thread.is_alive()
