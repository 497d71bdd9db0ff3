"""The page about clusters says what is so; that its Python runs is in `test_cluster_command`."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mlplab.cli import app, scheduler

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "cluster.md").read_text("utf-8")


def test_the_pages_commands_are_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    """They get as far as the scheduler, which is not there."""
    monkeypatch.chdir(ROOT / "docs" / "maps")
    monkeypatch.setattr(scheduler, "TIMEOUT", 0.2)
    said = []
    for line in re.findall(r"^    mlplab (map .*)$", PAGE, re.MULTILINE):
        here = line.replace("192.168.1.10:8786", "127.0.0.1:1")
        said.append(CliRunner().invoke(app, shlex.split(here), prog_name="mlplab").stderr)
    assert said[0].startswith("mlplab: no scheduler answers at 'tcp://127.0.0.1:1'")
    assert said[1].startswith("mlplab: a tls:// scheduler needs certificates")


def test_the_pages_numbers_are_the_codes() -> None:
    from mlplab.sweep.cluster import blocks, cluster, trainer

    waited = {"first_worker": 60.0, "lost_workers": 300.0}
    assert cluster.Cluster.__init__.__kwdefaults__ == waited
    numbers = (blocks.SECONDS, blocks.BLOCKS_A_SECOND, trainer.GIVEN_UP, cluster.ANSWER)
    assert numbers == (0.5, 20, 3, 30.0)
