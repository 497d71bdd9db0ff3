"""Two versions of the package in turn; ratios are of this one to the other one."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mlplab.bench import against
from mlplab.bench.rounds import Pair
from mlplab.report.experiments import EXPERIMENTS

ANOTHER = """
import time
class Experiment:
    def __init__(self, **parts):
        self.parts = parts
def train(experiment, replications):
    time.sleep(0.01)
"""


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Return the folder of a version that trains nothing, and takes 10 ms."""
    (tmp_path / "mlplab").mkdir()
    (tmp_path / "mlplab" / "__init__.py").write_text(ANOTHER)
    return tmp_path


def test_rows_are_the_labs_and_as_long_as_another_version_knows() -> None:
    assert {id for id, _, _ in against.ROWS.values()} == {"1.1-batch-16", "1.2-relu", "1.3", "1.4"}
    assert all(id in EXPERIMENTS for id, _, _ in against.ROWS.values())


@pytest.mark.slow
def test_both_versions_train_in_turn(
    other: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(against, "ROWS", {"1.1, one network": ("1.1-batch-16", 1, 1)})
    monkeypatch.setattr(sys, "argv", ["against", str(other), "--rounds", "2"])
    against.main()
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith("1.1, one network ")
    number = r"(\d+(?:[.]\d+)?)"
    found = re.search(
        rf" {number} of the other's time \(rounds: {number} to {number} ×\), {number} of its processor",
        line,
    )
    assert found
    ratio, lowest, highest, of_processor = map(float, found.groups())
    assert lowest <= ratio <= highest
    assert of_processor > 1  # the other one only sleeps


def test_a_folder_without_the_package_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for words, said in (
        ([str(tmp_path)], "expected a folder with the package mlplab in it, received"),
        ([str(tmp_path), "--rounds", "0"], "--rounds must be at least 1, received 0"),
    ):
        monkeypatch.setattr(sys, "argv", ["against", *words])
        with pytest.raises(SystemExit, match="2"):
            against.main()
        assert said in capsys.readouterr().err


def test_a_sentence_says_the_median(pair_of: Callable[..., Pair]) -> None:
    said = against.sentence("1.2", pair_of([1.0, 1.0, 1.0], [1.1, 1.0, 1.5]))
    assert said.split() == ["1.2", "1.00", "s", "1.100", *said.split()[4:]]
    assert said.endswith("(rounds: 1.00 to 1.50 ×), 1.100 of its processor's time")
