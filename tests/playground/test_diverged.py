"""In a real browser: a network that diverged leaves a page that works, and says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlplab.playground.session.presets import FIRST, PRESETS
from mlplab.spec import SGD, Adam, Experiment
from mlplab.training import train

pytestmark = pytest.mark.slow

Go = Callable[..., Any]


def changed(title: str, training: dict[str, Any], network: dict[str, Any]) -> Experiment:
    preset = PRESETS[title]
    return preset.model_copy(
        update={
            "training": preset.training.model_copy(update=training),
            "network": preset.network.model_copy(update=network),
        }
    )


DIVERGING = {
    "adam of a huge rate": changed(FIRST, {"optimizer": Adam(learning_rate=1e38)}, {}),
    "a deep linear network": changed(
        "1.4  five rings, Adam",
        {"optimizer": SGD(learning_rate=1e6), "loss": "categorical_crossentropy"},
        {"activation": "linear"},
    ),
}


def diverge(page: Any, experiment: Experiment, path: Path) -> None:
    """Set up what diverges at once, and train an epoch of it."""
    path.write_text(experiment.to_toml())
    page.page.locator("input[type=file]").set_input_files(path)
    field = page.page.get_by_label("learning rate", exact=True)
    rate = experiment.training.optimizer.learning_rate
    page.wait_for(lambda: float(field.input_value()) == rate)
    page.press("+1 epoch")
    page.wait_for(lambda: page.status().startswith("diverged"))


@pytest.mark.parametrize("experiment", DIVERGING.values(), ids=list(DIVERGING))
def test_a_network_that_diverged_has_no_scores_and_can_be_looked_back_from(
    experiment: Experiment, visit: Go, tmp_path: Path
):
    page = visit()
    diverge(page, experiment, tmp_path / "diverging.toml")
    scores = [name for name in page.tiles() if name.startswith(("acc.", "loss"))]
    assert len(scores) == 4
    assert {page.tiles()[name] for name in scores} == {"–"}
    for name in ("Hidden space", "Weights", "Confusion"):
        page.page.get_by_role("tab", name=name).click()
        page.page.wait_for_timeout(300)
    page.page.locator("input[type=range]").fill("0")
    page.wait_for(lambda: page.status().startswith("looking back: update 0 of"))
    page.wait_for(lambda: "–" not in page.tiles().values())
    page.press("back to the present")
    page.wait_for(lambda: page.status().startswith("diverged"))
    page.press("Reset")
    page.wait_for(lambda: page.tiles()["update"] == "0")
    page.wait_for(lambda: "–" not in page.tiles().values())


def test_among_a_hundred_a_run_that_diverged_has_no_percentile(visit: Go, tmp_path: Path):
    page = visit()
    experiment = DIVERGING["adam of a huge rate"]
    diverge(page, experiment, tmp_path / "diverging.toml")
    page.page.get_by_role("tab", name="Many runs").click()
    page.press("train the same set-up from a hundred fresh draws")
    verdict = page.page.locator(".verdict")
    runs = train(experiment, 100, seed=1)
    diverged = sum(run.ending == "diverged" for run in runs)
    assert diverged > 90
    page.wait_for(
        lambda: verdict.inner_text() == f"This run diverged. So did {diverged} of the 100.", 60
    )
