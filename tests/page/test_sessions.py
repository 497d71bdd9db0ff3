"""Sessions in the browser: links, files, reloads, and what Python puts into the page."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.page.visit import BUILT, LAB, Visit, same_network

import mlplab
from mlplab.playground.presets import PRESETS

pytestmark = pytest.mark.slow

EXPERIMENT = PRESETS[LAB["1.2"]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The page, in a folder in which there is nothing else."""
    return shutil.copyfile(BUILT, tmp_path / "page.html")


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Visit]]:
    """A function that opens an address."""
    visits: list[Visit] = []

    def go(address: Any, **options: Any) -> Visit:
        visits.append(Visit(browser, address, **options))
        return visits[-1]

    yield go
    for each in visits:
        each.close()


class Address:
    """An address as `Visit` opens it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def as_uri(self) -> str:
        return self.text


def link(v: Visit, which: str) -> str:
    """Return the link that a button makes."""
    v.press("Files")
    v.press(f"Copy a {which}")
    v.wait_for(".files", "characters")
    made = str(v.page.get_by_label("link", exact=True).input_value())
    v.press("close")
    return made


@pytest.mark.parametrize("which", ["short link", "link of everything"])
def test_a_link_goes_on_exactly(visit: Callable[..., Visit], file: Path, which: str) -> None:
    v = visit(file)
    v.choose("preset", LAB["1.2"])
    v.press("New seed")
    for _ in range(7):
        v.press("+1 update")
    v.press("+1 epoch")
    v.wait_for_tile("update", "64")
    made = link(v, which)
    other = visit(Address(made))
    other.wait_for_tile("update", "64")
    assert other.page.evaluate("location.hash") == ""
    assert other.weights() == v.weights()
    other.play_to_the_end()
    found = other.weights()
    assert same_network(found, mlplab.train(EXPERIMENT, seed=1)[0])
    # The same link again, in the page that has opened it: back to 64, and "back" to the end.
    other.page.goto(made)
    other.wait_for_tile("update", "64")
    other.page.go_back()
    other.wait_for_tile("update", "1,280")
    assert other.weights() == found


def test_a_link_of_who_looks_back_opens_there(visit: Callable[..., Visit], file: Path) -> None:
    v = visit(file)
    v.play_to_the_end()
    v.page.get_by_label("time line").fill("640")
    v.wait_for_status("640 of 1,280")
    made = link(v, "link of everything")
    other = visit(Address(made))
    other.wait_for_tile("update", "640")
    assert other.weights()["layers"] == v.weights()["layers"]


def test_what_is_no_link_is_said_and_nothing_else_is_lost(
    visit: Callable[..., Visit], file: Path
) -> None:
    v = visit(file)
    v.press("+1 epoch")
    v.wait_for_tile("epoch", "1")
    made = link(v, "short link")
    for wrong, sentence in {
        made[: len(made) - 20]: "The link is damaged or cut off.",
        made.replace("mlplab-2-", "mlplab-9-"): "The link is of version 9, and this page reads",
        made.split("#")[0] + "#<img src=x>": "What stands behind # in the address is no link",
    }.items():
        v.page.goto(wrong)
        v.wait_for(".complaint", sentence)
        v.press("+1 update")
        v.wait_for(".complaint", sentence)
        v.page.locator(".complaint").get_by_role("button").click()
    v.wait_for_tile("update", "67")


def test_a_reload_brings_the_session_back_and_tabs_have_their_own(
    visit: Callable[..., Visit], file: Path
) -> None:
    v = visit(file)
    v.choose("preset", LAB["1.1"])
    v.press("+1 epoch")
    v.page.get_by_label("batch size", exact=True).fill("64")
    v.press("+1 epoch")
    v.wait_for_tile("epoch", "2")
    v.press("dark colours")
    v.press("help")
    v.page.locator(".help input").uncheck()
    v.page.keyboard.press("Escape")
    before = v.weights()
    tab = v.context.new_page()
    tab.goto(file.as_uri())
    tab.locator("text=+1 update").click()
    v.page.reload()
    v.wait_for_tile("epoch", "2")
    assert v.weights() == before
    assert before["changes"] == ["update 64: batch size 16 → 64"]
    assert v.page.locator("html").get_attribute("data-theme") == "dark"
    v.press("help")
    assert not v.page.locator(".help input").is_checked()


def test_a_page_without_a_storage_works(visit: Callable[..., Visit], file: Path) -> None:
    frame = file.with_name("frame.html")
    frame.write_text('<iframe sandbox="allow-scripts" src="page.html" width=1300 height=740>')
    v = visit(file)
    v.page.goto(frame.as_uri())
    inner = v.page.frame_locator("iframe")
    inner.get_by_text("+1 epoch").click()
    expect = pytest.importorskip("playwright.sync_api").expect
    expect(inner.locator(".time-line-text")).to_have_text("paused")
    assert inner.locator(".messages").inner_text() == ""


def test_files_come_back_by_button_and_by_drop(
    visit: Callable[..., Visit], file: Path, tmp_path: Path
) -> None:
    v = visit(file)
    v.press("New seed")
    v.press("+1 epoch")
    v.wait_for_tile("epoch", "1")
    before = v.weights()
    session = v.file("Session")
    toml = v.file("Experiment (TOML)")
    v.press("Reset")
    v.wait_for_tile("update", "0")
    v.open_file("session.json", session)
    v.wait_for_tile("epoch", "1")
    assert v.weights() == before
    drop(v, "experiment.toml", toml.replace(b"epochs = 20", b"epochs = 7"))
    expect = pytest.importorskip("playwright.sync_api").expect
    epochs = v.page.get_by_label("epochs", exact=True)
    expect(epochs).to_have_value("7")
    v.wait_for_tile("update", "0")
    for content, sentence in {
        b"sigma = oops": "x.toml cannot be opened. The file is not valid TOML",
        b"\xff\xfe\x00": "x.toml cannot be opened.",
        b'{"format": "mlplab session"}': "It is a session of version nothing",
        b'[dataset]\nkind = "polar"\nsigma = -1': "Dataset.sigma",
    }.items():
        drop(v, "x.toml", content)
        v.wait_for(".complaint", sentence)
    expect(epochs).to_have_value("7")


def drop(v: Visit, name: str, content: bytes) -> None:
    """Drop a file on the page."""
    transfer = v.page.evaluate_handle(
        "([name, bytes]) => { const t = new DataTransfer();"
        " t.items.add(new File([new Uint8Array(bytes)], name)); return t; }",
        [name, list(content)],
    )
    v.page.dispatch_event(".main", "drop", {"dataTransfer": transfer})


def with_opened(file: Path, content: dict[str, Any]) -> Path:
    """Put what Python opens into the page."""
    text = file.read_text(encoding="utf-8")
    written = json.dumps(content).replace("<", "\\u003c")
    script = f'<script type="application/json" id="opened">{written}</script>'
    file.write_text(text.replace("<script>", f"{script}<script>", 1), encoding="utf-8")
    return file


def test_what_python_puts_into_the_page_opens_and_a_link_goes_before_it(
    visit: Callable[..., Visit], file: Path
) -> None:
    v = visit(file)
    v.choose("preset", LAB["1.1"])
    v.wait_for_tile("update", "0")
    code = link(v, "short link").split("#")[1]
    other = EXPERIMENT.varied({"training.epochs": 3})
    given = {"experiment": other.model_dump(mode="json"), "seed": "3", "stop_rule": "epochs"}
    v = visit(with_opened(file, given))
    v.wait_for_value("seed", "3")
    v.play_to_the_end()
    assert same_network(v.weights(), mlplab.train(other, seed=3)[0])
    linked = visit(Address(f"{file.as_uri()}#{code}"))
    linked.wait_for_value("preset", LAB["1.1"])


def test_what_python_cannot_open_is_said(visit: Callable[..., Visit], file: Path) -> None:
    given = {"experiment": EXPERIMENT.model_dump(mode="json"), "seed": "</script><b>x"}
    v = visit(with_opened(file, given))
    v.wait_for(".complaint", "Its seed is none: expected a whole number from 0 to")
    v.wait_for(".complaint", "received '</script><b>x'")


def test_the_dialog_pauses_and_is_left_by_escape(visit: Callable[..., Visit], file: Path) -> None:
    v = visit(file)
    v.choose("stop", "never")
    v.press("▶ Play")
    v.wait_for_status("trains")
    v.page.get_by_role("button", name="Files").focus()
    v.page.keyboard.press("Enter")
    v.wait_for(".files", "Of the network of seed 0 after")
    v.wait_for_status("paused")
    v.page.keyboard.press("r")  # which else begins anew
    names = v.page.locator(".files-list button").all_inner_texts()
    for name in names[2:]:
        with v.page.expect_download() as download:
            v.page.get_by_role("button", name=name, exact=True).press("Enter")
        assert Path(download.value.path()).stat().st_size > 60
    assert v.tiles()["update"] != "0"
    v.page.keyboard.press("Escape")
    expect = pytest.importorskip("playwright.sync_api").expect
    expect(v.page.locator(".files")).to_have_count(0)
    expect(v.page.get_by_role("button", name="Files", exact=True)).to_be_focused()
