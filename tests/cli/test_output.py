"""What a command says of its files."""

from __future__ import annotations

import pytest

from mlplab.cli.output import say_written


def test_what_was_written_is_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    say_written({"a.png": "picture", "long/b.csv": "points"})
    assert capsys.readouterr().out == "wrote a.png       picture\nwrote long/b.csv  points\n"
