"""`mlplab bench`: its files, its tables, and what happens when it cannot."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from mlplab.bench import PEERS
from mlplab.cli import app

FILES = ["bench.json", "bench.md", "curves.png", "curves.svg"]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run() -> Callable[..., Any]:
    return lambda *words: CliRunner().invoke(app, ["bench", *map(str, words)], prog_name="mlplab")


@pytest.mark.slow
def test_a_tiny_bench_in_earnest(run: Callable[..., Any], tiny_bench: None) -> None:
    # The other parts are measured in earnest by their own tests.
    words = ("--quick", "--rounds", 1, "--threads", 1, "--peers", "numpy", "--out", "here")
    result = run(*words, "--only", "end-to-end,peers,curves")
    assert (result.exit_code, result.exception) == (0, None)
    assert sorted(path.name for path in Path("here").iterdir()) == FILES
    found = json.loads(Path("here/bench.json").read_text())
    [case] = found["end_to_end"]
    assert [(side["side"], side["threads"]) for side in case["sides"]] == [
        *(("whole", 1), ("engine", 1), ("own-whole", 1), ("own-engine", 1), ("sgemm", 1))
    ]
    assert [list(part["pairs"]) for part in found["compared"]] == [["sgemm", "numpy"]] * 2
    for part in found["compared"]:
        for name in ("engine", "numpy"):
            outcome = part["sides"][name]["outcome"]
            assert outcome["updates"] == 3
            assert outcome["loss_after"] != outcome["loss_before"]
    assert Path("here/curves.png").read_bytes().startswith(b"\x89PNG")


def test_tables_go_to_stdout_and_progress_to_stderr(
    run: Callable[..., Any], fake_bench: Any
) -> None:
    result = run("--peers", "numpy,jax", "--threads", 1)
    assert result.exit_code == 0
    assert sorted(path.name for path in Path("bench").iterdir()) == FILES
    for wanted in ("reached", "missed", "≥ 60 %", "NumPy", "JAX vmap", "wrote bench/bench.md"):
        assert wanted in result.stdout
    assert "A map of 8 runs of 1.3 into a store" in result.stdout
    assert "Tuning 1.3: 3 candidates each" in result.stdout
    assert "Optuna and Keras took 4.00 × as long" in " ".join(result.stdout.split())
    assert "1.3, end to end: networks a second" in result.stdout
    assert "JAX jit + scan is left out: it is broken." in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert "cost curves: done" in result.stderr
    assert json.loads(Path("bench/bench.json").read_text())["settings"]["rounds"] == 7


def test_a_quick_one_has_fewer_rounds(run: Callable[..., Any], fake_bench: Any) -> None:
    assert run("--quick", "--peers", "numpy").exit_code == 0
    settings = json.loads(Path("bench/bench.json").read_text())["settings"]
    assert (settings["rounds"], settings["quick"]) == (2, True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--peers", "numpi"], "unknown peer 'numpi'; did you mean 'numpy'?"),
        (["--only", "curve"], "unknown part 'curve'; did you mean 'curves'?"),
        (["--rounds", "0"], "rounds must be at least 1, received 0"),
        (["--threads", "0"], "threads must be from 1 to"),
        (["--out", "a_file"], "'a_file' is a file"),
    ],
)
def test_wrong_input_is_one_sentence_and_leaves_nothing(
    run: Callable[..., Any], fake_bench: Any, words: list[str], sentence: str
) -> None:
    Path("a_file").touch()
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    [line] = result.stderr.splitlines()
    assert line.startswith("mlplab: ")
    assert sentence in line
    assert [path.name for path in Path().iterdir()] == ["a_file"]


def test_an_interrupt_ends_all_processes_and_leaves_nothing(
    run: Callable[..., Any], fake_bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers: list[Any] = []

    def interrupted(self: Any) -> None:
        workers.append(self)
        raise KeyboardInterrupt

    monkeypatch.setattr(fake_bench, "measure", interrupted)
    result = run("--peers", "numpy")
    assert (result.exit_code, result.stdout) == (130, "")
    assert not any(worker.open for worker in workers)
    assert list(Path().iterdir()) == []


def test_help_names_every_peer(run: Callable[..., Any]) -> None:
    page = " ".join(run("--help").stdout.split())
    for name in PEERS:
        assert name in page.replace("│ │ ", "")


def test_one_part_alone_is_measured_and_written(run: Callable[..., Any], fake_bench: Any) -> None:
    result = run("--only", "end-to-end", "--peers", "jax")
    assert result.exit_code == 0
    assert sorted(path.name for path in Path("bench").iterdir()) == ["bench.json", "bench.md"]
    found = json.loads(Path("bench/bench.json").read_text())
    assert found["settings"]["parts"] == ["end-to-end"]
    assert (found["compared"], found["curves"]) == ([], [])
    assert [
        found[part]
        for part in (
            "starting",
            "store",
            "tuning",
            "estimators",
            "search",
            "cluster",
            "browser",
            "page",
        )
    ] == [None] * 8
    assert len(found["end_to_end"]) == 1
    for page in (result.stdout, Path("bench/bench.md").read_text()):
        assert "1.3, end to end" in page
        assert "steepest step" not in page
        assert "Compiling and starting" not in page
    assert "curves" not in result.stdout
