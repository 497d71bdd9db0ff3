"""`mlplab play` serves or writes the page, and says at once what is wrong with what it is given."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlplab.playground.opening import Opened, open_lesson
from mlplab.playground.page import page_text
from mlplab.playground.presets import FIRST, PRESETS
from mlplab.spec import Experiment

Run = Callable[..., Any]
Refused = Callable[..., str]

EXPERIMENT = Experiment(dataset="linear")


@pytest.fixture
def spec() -> Path:
    """A file of an experiment."""
    path = Path("linear.toml")
    path.write_text(EXPERIMENT.to_toml())
    return path


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What would be served, instead of serving it."""
    found: list[dict[str, Any]] = []

    def serve(text: str, port: int, address: str, allow_host: Any, **options: Any) -> None:
        options.pop("announce")("http://here/")
        found.append(
            {"text": text, "port": port, "address": address, "hosts": allow_host, **options}
        )

    monkeypatch.setattr("mlplab.playground.serving.serve", serve)
    return found


def test_it_serves_the_page_on_this_machine(run: Run, served: list[dict[str, Any]]):
    result = run("play")
    assert result.stdout == "the playground is at http://here/  (Ctrl-C ends it)\n"
    assert served == [
        {
            "text": page_text(),
            "port": 5006,
            "address": "127.0.0.1",
            "hosts": (),
            "open_browser": True,
        }
    ]


def test_it_serves_where_it_is_told_to(run: Run, served: list[dict[str, Any]]):
    hosts = "--allow-host", "lab.example", "--allow-host", "b:1"
    assert run("play", "--port", 0, "--address", "::", *hosts, "--no-open").exit_code == 0
    (found,) = served
    assert (found["port"], found["address"], found["open_browser"]) == (0, "::", False)
    assert list(found["hosts"]) == ["lab.example", "b:1"]


def test_it_begins_with_an_experiment(run: Run, served: list[dict[str, Any]], spec: Path):
    result = run("play", spec, "--seed", 7)
    assert "opened 'linear.toml', seed 7: Play trains it\n" in result.stdout
    assert served[0]["text"] == page_text(Opened(EXPERIMENT, 7))


def test_it_begins_with_a_lesson(run: Run, served: list[dict[str, Any]]):
    result = run("play", "--lesson", "3-one-run")
    assert "opened the lesson '1.3  One run proves little'\n" in result.stdout
    assert served[0]["text"] == page_text(open_lesson("3-one-run"))


@pytest.mark.parametrize("other", [("1.3.toml",), ("--seed", 3), ("--run", 1), ("--cell", "1,2")])
def test_a_lesson_goes_with_no_other_set_up(other: tuple[Any, ...], refused: Refused):
    name = other[0] if len(other) > 1 else "a SPEC"
    assert refused("play", *other, "--lesson", "3-one-run") == (
        f"a lesson has a set-up of its own: expected --lesson or {name}, received both"
    )


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_process_serves_until_a_signal_ends_it(number: signal.Signals, signals_as_usual: None):
    command = [sys.executable, "-m", "mlplab", "play", "--no-open", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            (url,) = re.findall(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
            with urllib.request.urlopen(url, timeout=30) as answer:
                assert answer.read().decode() == page_text()
            process.send_signal(number)
            ended = process.communicate(timeout=30), process.returncode
        finally:
            process.kill()
    if number == signal.SIGINT:
        assert ended == (("", ""), 0)
    else:
        said = "mlplab: interrupted, and the playground is served no longer\n"
        assert ended == (("", said), 128 + number)


def test_a_seed_alone_is_of_the_first_preset(run: Run, served: list[dict[str, Any]]):
    assert run("play", "--seed", 7).exit_code == 0
    assert served[0]["text"] == page_text(Opened(PRESETS[FIRST], 7))


@pytest.mark.parametrize("place", ["page.html", "site"])
def test_it_writes_the_page(place: str, run: Run, spec: Path):
    file = Path("site/index.html") if place == "site" else Path(place)
    for arguments, text in (
        ((), page_text()),
        ((spec, "--seed", 3), page_text(Opened(EXPERIMENT, 3))),
    ):
        result = run("play", *arguments, "--export", place)
        assert result.stdout == f"wrote {file}  the playground, in one file\n"
        assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--port", 5006), "--port"),
        (("--address", "127.0.0.1"), "--address"),
        (("--allow-host", "a"), "--allow-host"),
        (("--open",), "--open and --no-open"),
        (("--no-open",), "--open and --no-open"),
    ],
)
def test_options_of_a_server_are_none_of_an_export(
    options: tuple[Any, ...], named: str, refused: Refused
):
    assert refused("play", "--export", "site", *options) == (
        f"{named} goes with a page that is served, and not with --export"
    )


def test_what_cannot_be_opened(refused: Refused, tmp_path: Path):
    assert refused("play", "none.toml").startswith("cannot read the experiment 'none.toml'")
    assert "holds no experiment: expected one that `mlplab train`" in refused("play", tmp_path)
    assert (
        refused("play", "--run", 1)
        == "a run is chosen from a folder of `mlplab train`, received run 1"
    )
    assert (
        refused("play", "--cell", "1,2")
        == "a cell is chosen from a folder of `mlplab map`, received cell '1,2'"
    )
    assert "a seed must be a whole number from 0 to 2^62" in refused("play", "--seed", -1)


def test_a_folder_that_is_not_empty(refused: Refused):
    Path("site").mkdir()
    Path("site/notes.txt").write_text("mine")
    assert "is not empty and holds no playground" in refused("play", "--export", "site")


def test_a_port_that_is_taken(refused: Refused):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        sentence = refused("play", "--port", port)
    assert sentence.startswith(f"cannot serve on 127.0.0.1, port {port}: ")
    assert "choose another by --port" in sentence


def test_a_port_and_an_address_that_are_none(refused: Refused):
    assert refused("play", "--port", 65_536) == "a port is a number from 0 to 65535, received 65536"
    assert refused("play", "--address", "999.1.1.1").startswith("cannot serve on 999.1.1.1")
    sentence = refused("play", "--address", "")
    assert sentence.startswith("cannot serve on no address")
    assert sentence.endswith("choose another by --address")
