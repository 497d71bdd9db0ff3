"""The page in Firefox, as a user has it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.page.firefox import Firefox

import mlplab
from mlplab.report import EXPERIMENTS

PROGRAM = shutil.which("firefox-esr") or shutil.which("firefox")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(PROGRAM is None, reason="needs Firefox (apt-get install firefox-esr)"),
]

PAGE = Path(mlplab.__file__).parent / "playground" / "page" / "index.html"

TILES = "[...document.querySelectorAll('.tile dd')].map((each) => each.textContent)"


@pytest.fixture
def firefox(tmp_path: Path) -> Iterator[Firefox]:
    """A Firefox that has opened the page."""
    profile = tmp_path / "profile"
    profile.mkdir()
    firefox = Firefox(str(PROGRAM), profile)
    firefox.open(PAGE.as_uri())
    firefox.wait("document.querySelector('.tile-test')?.textContent.includes('%')")
    yield firefox
    firefox.quit()


def test_a_preset_ends_as_mlplab_train_does(firefox: Firefox) -> None:
    firefox.run(
        """
        const speed = document.querySelector("[aria-label=speed]");
        speed.value = "fastest";
        speed.dispatchEvent(new Event("change", { bubbles: true }));
        document.querySelector("button.primary").click();
        """
    )
    firefox.wait("document.querySelector('.time-line-text').textContent.startsWith('ended')")
    run = mlplab.train(EXPERIMENTS["1.2-relu"], seed=0)[0]
    assert firefox.run(f"return {TILES}") == [
        str(run.experiment.training.epochs),
        f"{run.updates:,}",
        f"{100 * run.train_accuracy:.2f} %",
        f"{100 * run.history.validation_accuracy[-1]:.2f} %",
        f"{100 * run.test_accuracy:.2f} %",
        f"{run.test_loss:.4f}",
    ]
