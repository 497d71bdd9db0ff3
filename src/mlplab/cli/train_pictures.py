"""The pictures that `mlplab train` draws: what one network predicts where, and how all runs learned."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from mlplab.data import Dataset
    from mlplab.run import Run, Runs


STEMS = ("classifier", "regression", "residuals", "curves")
"""Of all pictures that there may be."""


def remove_others(folder: Path, drawn: Iterable[str]) -> None:
    """Remove the pictures that earlier runs left in a folder, and of which these draw no new one."""
    for stem in set(STEMS) - set(drawn):
        for suffix in ("png", "svg"):
            (folder / f"{stem}.{suffix}").unlink(missing_ok=True)


def draw_pictures(runs: Runs, i: int, name: str, title: str, stage: Path) -> dict[str, str]:
    """Draw what goes with the runs' samples; return what each picture shows, by its file's stem.

    Parameters
    ----------
    runs : Runs
    i : int
        The run whose network is drawn; it kept its weights.
    name : str
        Of the experiment.
    title : str
        Of the picture of all runs.
    stage : Path
        The folder.
    """
    from mlplab.figures import curves_figure, save
    from mlplab.run.metric import METRIC_WORDS
    from mlplab.trial import draw

    run = runs[i]
    dataset = draw(run.experiment, run.seed).dataset
    ending = "" if run.ending == "finished" else f" ({run.ending})"
    of_one = f"{name}, seed {run.seed}, trained by {run.trainer}{ending}"
    draw_network = _pictures_of_targets if dataset.has_targets else _pictures_of_classes
    shown = {}
    # A diverged network is drawn as it is: the picture shows where it predicts nothing.
    with np.errstate(all="ignore"):
        for stem, (figure, meaning) in draw_network(run, dataset, of_one).items():
            save(figure, stage / stem)
            shown[stem] = meaning
    save(curves_figure(runs, title, runs.experiment.training.loss), stage / "curves")
    return {**shown, "curves": f"loss and {METRIC_WORDS[runs.metric]} by epoch, all runs"}


def _pictures_of_classes(run: Run, dataset: Dataset, title: str) -> dict[str, tuple[Figure, str]]:
    from mlplab.figures import classifier_figure

    figure = classifier_figure(run, dataset, title)
    return {"classifier": (figure, f"what the network of seed {run.seed} predicts where")}


def _pictures_of_targets(run: Run, dataset: Dataset, title: str) -> dict[str, tuple[Figure, str]]:
    from mlplab.figures import regression_figure, residuals_figure

    pictures = {}
    if dataset.features <= 2:
        over = "its feature" if dataset.features == 1 else "the plane"
        figure = regression_figure(run, dataset, title)
        pictures["regression"] = (
            figure,
            f"what the network of seed {run.seed} predicts over {over}",
        )
    figure = residuals_figure(run, dataset, title)
    return {**pictures, "residuals": (figure, f"seed {run.seed}: predicted and true, residuals")}
