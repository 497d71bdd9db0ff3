"""Files that are opened on the page: what is taken, and what is said of the others, below the field."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("panel")

from mlplab.playground.controls.file_chooser import FileChooser
from mlplab.playground.controls.sharing import EVERYTHING
from mlplab.playground.session.own_points import LARGEST_FILE
from mlplab.playground.session.presets import FIRST, PRESETS
from mlplab.playground.session.session import Session
from mlplab.playground.take_away.files import FILES
from mlplab.spec import Experiment

# ---- The field -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ({"name": "a.csv", "size": 90_000_000, "content": None}, "a.csv: .* 4 MB .* 90.0 MB"),
        (
            {"name": "a.csv", "size": 3, "content": bytes(LARGEST_FILE + 1)},
            "a.csv: .* 4 MB at most",
        ),
        ({"name": "a.csv", "size": 0, "content": b""}, "a.csv: the file is empty"),
        ({"name": "a.csv", "size": 5, "content": None}, "a.csv: the browser could not read"),
        ({"name": "a.csv", "size": 10**400, "content": None}, "a.csv: .* at most"),
        ({"name": "x" * 5000 + ".csv", "size": 0, "content": b""}, "xxx.csv: the file is empty"),
        ({"name": None, "size": "x", "content": "x1,x2"}, "the file: the browser could not read"),
        ({}, "the file: the browser could not read"),
        ([1], "the file: the browser could not read"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_a_file_that_is_not_taken_says_why(message: Any, sentence: str):
    taken: list[Any] = []
    refused: list[str] = []
    field = FileChooser(lambda *file: taken.append(file), refused.append, most=LARGEST_FILE)
    field._handle_msg(message)
    assert re.search(sentence, refused[0])
    assert len(refused[0]) < 200
    assert not taken
    field._handle_msg({"name": "a.csv", "size": 2, "content": b"x1"})
    assert taken == [("a.csv", b"x1")]
    assert len(refused) == 1


# ---- What is done with it ------------------------------------------------------------------------

POINTS = "x1,x2,label\n" + "1,2,a\n1,3,b\n" * 4
LINK = FILES["session.txt"](Session(PRESETS["more  xor"], seed=4))
TOML = PRESETS["more  xor"].to_toml().encode()


def trouble(live: Any) -> str:
    """What stands below the field; nothing where it is hidden."""
    view = live.setup.troubles["dataset"].view
    return html.unescape(re.sub("<[^>]*>", "", view.object)) if view.visible else ""


def too_large() -> bytes:
    described = PRESETS[FIRST].model_dump(exclude_none=True)
    described["dataset"]["classes"] = 11
    return Experiment(**described).to_toml().encode()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("far.csv", POINTS.encode() + b"1e300,1,a\n", "far.csv, line 10, column 'x1': .*1,000,000"),
        ("quote.csv", POINTS.encode() + b'1,2,"a\n', "quote.csv, line 10: .*quotation mark"),
        ("a.TOML", b"[dataset]\nkind = 'moon'\n", "a.TOML: .*did you mean 'moons'"),
        ("a.toml", b"[dataset]\nkind = 'file'\npath = 'a.csv'\n", "open that file itself"),
        ("a.toml", too_large(), "at most 10 classes, received 11"),
        ("session.txt", b"mlplab-1-AAAA", "the link is damaged"),
    ],
)
def test_what_is_wrong_stands_below_the_field_and_goes_with_the_next_file(
    name: str, content: bytes, sentence: str, pages: Any
):
    live = pages.open()
    live.transport.act("epoch")
    version = live.session.version
    live.sharing._open(name, content)
    assert re.search(sentence, trouble(live))
    assert live.page.message == ""
    # The running experiment is kept.
    assert (live.session.version, live.session.epoch) == (version, 1)
    assert live.session.experiment == PRESETS[FIRST]
    live.sharing._open("mine.csv", POINTS.encode())
    assert trouble(live) == ""
    assert live.session.own is not None


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mine.toml", "MINE.TOML", "Mine.Toml"])
@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf"], ids=["", "mark"])
def test_an_experiment_is_known_by_its_name(name: str, before: bytes, pages: Any):
    live = pages.open()
    live.sharing._open(name, before + TOML)
    assert trouble(live) == ""
    assert live.session.experiment == PRESETS["more  xor"]


@pytest.mark.slow
@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b" \r\n", b"\xef\xbb\xbf\n "], ids=str)
def test_a_session_is_known_by_its_beginning(before: bytes, pages: Any):
    live = pages.open()
    live.sharing._open("session.txt", before + LINK + b"\r\n")
    assert trouble(live) == ""
    assert (live.session.experiment, live.session.seed) == (PRESETS["more  xor"], 4)


# ---- What is taken away --------------------------------------------------------------------------


@pytest.mark.slow
def test_the_curves_can_be_taken_away_once_an_epoch_is_trained(pages: Any):
    live = pages.open()
    choice = live.sharing._choice
    assert "curves.png" not in choice.options
    changes: list[Any] = []
    choice.param.watch(changes.append, "options")
    live.session.pace.speed = "fastest"
    live.transport.act("toggle")
    pages.wait_for(lambda: not live.session.playing)
    pages.wait_for(lambda: "curves.png" in choice.options)
    assert {"curves.svg", EVERYTHING} <= set(choice.options)
    assert len(changes) == 1
    choice.value = "curves.png"
    assert live.sharing._download.filename == "curves.png"
    live.transport.act("reset")
    assert "curves.png" not in choice.options
    assert (choice.value, live.sharing._download.filename) == (EVERYTHING, "mlplab.zip")


# ---- In a browser --------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_browser_sends_no_file_that_is_too_large_and_the_page_lives_on(
    visit: Any, tmp_path: Path
):
    page = visit()
    large = tmp_path / "large.csv"
    large.write_bytes(bytes(90_000_000))  # more than a message may have
    field = page.page.get_by_label("open a file")
    field.set_input_files(large)
    alert = page.page.get_by_role("alert").filter(has_text="large.csv")
    alert.wait_for()
    assert "files of 4 MB at most, received 90.0 MB" in alert.inner_text()
    page.press("+1 update")
    page.wait_for(lambda: page.tiles()["update"] == "1")


@pytest.mark.slow
def test_the_same_file_can_be_chosen_again_and_the_field_is_reached_by_keyboard(
    visit: Any, tmp_path: Path
):
    page = visit()
    path = tmp_path / "mine.csv"
    path.write_text("")
    field = page.page.get_by_label("open a file")
    assert field.get_attribute("accept") == ".csv,.toml,.txt"
    field.set_input_files(path)
    page.page.get_by_role("alert").filter(has_text="mine.csv: the file is empty").wait_for()
    path.write_text(POINTS)
    field.set_input_files(path)
    page.wait_for(lambda: page.page.locator(".legend").inner_text().split() == ["a", "b"])
    page.press("+1 update")
    page.wait_for(lambda: page.tiles()["update"] == "1")
    field.set_input_files(path)
    page.wait_for(lambda: page.tiles()["update"] == "0")
    page.page.get_by_role("button", name="Edit these").focus()
    for _ in range(4):
        page.page.keyboard.press("Tab")
        if field.evaluate("field => field.getRootNode().activeElement === field"):
            return
    pytest.fail("the field is not reached")
