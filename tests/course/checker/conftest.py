"""What the tests of the checker share: solutions, mutants of them, and how to check a text."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mlplab.course.checker import Report, Submission, check_submissions, read_points
from mlplab.course.checker.checks import draw_checks
from mlplab.course.checker.kit_files import KIT
from mlplab.course.checker.lab import Lab
from mlplab.course.checker.points import Marking

HERE = Path(__file__).parent

SOLUTIONS = {path.stem: path for path in sorted((HERE / "solutions").glob("*.txt"))} | {
    "kit": KIT / "mlp_solution.py"
}
"""Right ones, all written differently, and the one that `mlplab new --solution` hands out."""


def marking_of(*names: str) -> Marking:
    """Return the shipped marking with some of the checks only, which takes less time."""
    few = {name: check for name, check in draw_checks(0).items() if name in names}
    return replace(read_points(), lab=Lab(draw=lambda seed: few, basis={}))


def stays_away(path: Path) -> bool:
    """Tell whether nobody makes a file any more; who was killed may be just at it."""
    for _ in range(200):
        path.unlink(missing_ok=True)
        time.sleep(0.3)
        if not path.exists():
            return True
    return False


@pytest.fixture(scope="session")
def solution() -> str:
    """The text of a right solution, as the course's template has it."""
    return SOLUTIONS["column_loop"].read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def check() -> Callable[..., Report]:
    """Return a function that checks a text, or files by name, with the shipped marking or another."""

    def run(text: str | dict[str, str], marking: Marking | None = None) -> Report:
        files = {"mlp.py": text} if isinstance(text, str) else text
        content = {name: content.encode() for name, content in files.items()}
        [report] = check_submissions([Submission("anna", content)], marking or read_points())
        return report

    return run


@pytest.fixture(scope="session")
def check_all() -> Callable[[list[str]], list[Report]]:
    """Return a function that checks many texts, side by side."""

    def run(texts: list[str]) -> list[Report]:
        submissions = [
            Submission(str(i), {"mlp.py": text.encode()}) for i, text in enumerate(texts)
        ]
        return check_submissions(submissions)

    return run
