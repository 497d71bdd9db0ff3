"""The playground: a page that trains in the browser, by the engine's own kernels.

    page/        the page as it is built: one file, from the sources in `page/` beside `src/`
    presets      where one can start
    lesson       what a lesson is; those in `lessons/` come with the page
    limits       what is small enough for it
    spec_table   what it knows of experiments, for its build
    own_samples  own samples as points of the page
    opening      an experiment that it begins with, from what a user has
    page         the page's text, with that experiment inside
    serving      handed to browsers
    export       written for any web host
    notebook     shown in a notebook

While it trains, no Python runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlplab.playground.notebook import App
    from mlplab.run import Run, Runs
    from mlplab.spec import Experiment

__all__ = ["PAGE", "app"]

PAGE = Path(__file__).parent / "page" / "index.html"
"""The page as it is built."""


def app(
    experiment: Experiment | Run | Runs | str | Path | None = None,
    *,
    seed: int | None = None,
    run: int | None = None,
    cell: str | None = None,
    height: int = 820,
) -> App:
    """Return the playground for a notebook: as the last line of a cell it displays itself.

    The whole page is in the cell's output, about 1 MB, and trains in the browser: it needs neither the
    kernel nor a network, also when the notebook is opened again.

    Parameters
    ----------
    experiment : Experiment, Run, Runs, str or Path, optional
        What it begins with: an experiment, a run's or a path, as `mlplab play` takes them. If not given,
        the first preset.
    seed, run, cell
        As `opening.open_experiment`.
    height : int
        Of the frame, in pixels.

    Raises
    ------
    MlplabError
        If the height is no height, or the experiment cannot be opened.

    Examples
    --------
    >>> app(height=-1)
    Traceback (most recent call last):
        ...
    mlplab.errors.MlplabError: the height must be from 300 to 4000 pixels, received -1
    """
    from mlplab.playground.notebook import App
    from mlplab.playground.opening import open_experiment

    return App(open_experiment(experiment, seed=seed, run=run, cell=cell), height)
