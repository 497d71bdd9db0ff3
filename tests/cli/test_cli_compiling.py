"""A person at a terminal is told when it is the compiler that a command waits for."""

from __future__ import annotations

import io
import types
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numba
import pytest
from rich.console import Console

from mlplab.cli.compiling import SENTENCE, compiling_said
from mlplab.cli.progress import part_bar, task_bars, training_bar

pytestmark = pytest.mark.skipif(
    bool(numba.config.DISABLE_JIT), reason="says what only machine code does"
)

CODE = "def add(a, b):\n    return a + b\n"


def compile_anew() -> None:
    """Compile a function that no process has compiled before."""

    @numba.njit
    def one_more(x: float) -> float:
        return x + 1.0

    assert one_more(1.0) == 2.0


def kept_on_disk(path: Path) -> Callable[[int, int], int]:
    """Return a function whose code Numba keeps beside its source."""
    module = types.ModuleType("kept")
    module.__file__ = str(path)
    exec(compile(path.read_text(), path, "exec"), module.__dict__)
    added: Callable[[int, int], int] = numba.njit(cache=True)(module.add)
    return added


def console(terminal: bool = True) -> Console:
    return Console(file=io.StringIO(), force_terminal=terminal, width=100)


def said(screen: Console) -> int:
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue().count(SENTENCE)


def test_it_is_said_once_however_much_is_compiled() -> None:
    screen = console()
    with compiling_said(screen):
        assert said(screen) == 0
        compile_anew()
        assert said(screen) == 1
        compile_anew()
    compile_anew()
    assert said(screen) == 1


def test_what_is_found_on_disk_is_not_compiled(tmp_path: Path) -> None:
    path = tmp_path / "kept.py"
    path.write_text(CODE)
    counts = []
    for _ in range(2):
        screen = console()
        with compiling_said(screen):
            assert kept_on_disk(path)(2, 3) == 5
        counts.append(said(screen))
    assert counts == [1, 0]


@pytest.mark.parametrize(
    "bars", [lambda to: training_bar(2, 3, to), lambda to: task_bars(["a"], to), part_bar]
)
def test_all_bars_say_it_and_only_at_a_terminal(
    bars: Callable[[Console], AbstractContextManager[Any]],
) -> None:
    for terminal in (True, False):
        screen = console(terminal)
        with bars(screen):
            compile_anew()
        assert said(screen) == terminal


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (("train", "small.toml"), "mlplab.training.train"),
        (("reproduce", "--tasks", "1.2"), "mlplab.report.reproduce.reproduce"),
        (("data", "polar"), "mlplab.data.draw_dataset"),
    ],
)
def test_every_command_that_compiles_says_it(
    words: tuple[str, ...],
    where: str,
    run: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if words[0] == "reproduce":
        pytest.importorskip("typst")

    def compiles(*_: object, **__: object) -> None:
        compile_anew()
        raise KeyboardInterrupt

    Path("small.toml").write_text("[dataset]\nkind = 'linear'\n")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(where, compiles)
    result = run(*words)
    assert result.exit_code == 130
    assert SENTENCE in result.stderr
    assert SENTENCE not in result.stdout
