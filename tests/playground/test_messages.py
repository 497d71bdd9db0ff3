"""What a page says is checked as if it were typed: no message breaks a session."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("panel")

from mlplab.playground.session.presets import FIRST, PRESETS

pytestmark = pytest.mark.slow

TASK_3 = "3  a line, by hand"


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
def test_no_message_can_break_a_session(message: Any, pages: Any):
    live = pages.open()
    pages.say(live, message)
    live.transport.act("update")
    pages.wait_for(lambda: pages.last(live).get("step") == 1)
    assert live.session.experiment == PRESETS[FIRST]


def test_no_attribute_but_those_for_messages_is_called(pages: Any):
    live = pages.open()
    for name in ("hear", "_index", "_live", "__init__", "__class__", "close", "_init__", ""):
        pages.say(live, {"type": name})
        assert live.page.message == ""
    pages.say(live, {"type": "key", "act": "update"})
    assert live.session.step == 1


# ---- Task 3 --------------------------------------------------------------------------------------


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
def test_no_message_of_task_3_can_break_it(message: Any, pages: Any):
    live = pages.open()
    live.choose_preset(TASK_3)
    pages.say(live, {"type": "inspect", "what": "by hand", "layer": 0})
    pages.say(live, {"type": "by_hand", **message})
    assert not live.session.now.weights[0].any()
    good = {"act": "line", "ends": [[1, 0], [0, 1]], "number": 10**5000}
    pages.say(live, {"type": "by_hand", **good})
    pages.wait_for(lambda: pages.told(live, "by_hand").get("heard") == 2**53)
    found = pages.told(live, "by_hand")
    assert (found["line"], found["wanted"]) == ("x2 = 1 - x1", "x2 = 1 - x1")


def test_what_is_wanted_in_task_3_stays_when_a_link_is_opened(pages: Any):
    live = pages.open()
    live.choose_preset(TASK_3)
    pages.say(live, {"type": "by_hand", "act": "wanted", "text": "x1 = 0.5"})
    pages.say(live, {"type": "by_hand", "act": "another"})
    link, weights = live.link(), live.session.now.weights[0]
    pages.say(live, {"type": "by_hand", "act": "equation 11"})
    assert not np.array_equal(live.session.now.weights[0], weights)
    pages.say(live, {"type": "link", "text": link})
    assert np.array_equal(live.session.now.weights[0], weights)
    pages.say(live, {"type": "inspect", "what": "by hand", "layer": 0})
    pages.wait_for(lambda: pages.told(live, "by_hand").get("draws_wanted", False))
    assert pages.told(live, "by_hand")["wanted"] == "x1 = 0.5"
