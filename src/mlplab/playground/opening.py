"""The experiment that the page begins with, from whatever a user has of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mlplab.errors import MlplabError, shown
from mlplab.playground.lesson import Lesson, read_lesson
from mlplab.playground.limits import check_limits
from mlplab.playground.own_samples import Point, own_points, square_around
from mlplab.playground.presets import FIRST, PRESETS
from mlplab.run import Run, Runs
from mlplab.run.saved import FILE
from mlplab.spec import Arrays, Experiment, SamplesFile
from mlplab.spec.experiment import check_experiment
from mlplab.streams import check_seed
from mlplab.sweep.numbers import FORMATS, read_map_settings

EXPERIMENTS = ("experiment.toml", "winner.toml")
"""Files of a folder in which an experiment may be, also as the winner of a search."""

Settings = dict[str, list[str]]
"""The two settings of a map, each with its value in every cell."""


@dataclass(frozen=True)
class Opened:
    """What the page begins with.

    Attributes
    ----------
    experiment : Experiment
        Within the playground's limits; its samples are drawn, or those of `points`.
    seed : int
    points : tuple of Point, optional
        Own samples: the two features, the label and the split of each.
    lesson : Lesson, optional
    """

    experiment: Experiment
    seed: int = 0
    points: tuple[Point, ...] | None = None
    lesson: Lesson | None = None

    def to_json(self) -> str:
        """Return it as the page reads it."""
        return json.dumps(self.to_table())

    def to_table(self) -> dict[str, Any]:
        """Return it as a table: a seed as text, since JavaScript's numbers end at 2^53."""
        table: dict[str, Any] = {
            "experiment": self.experiment.model_dump(mode="json"),
            "seed": str(self.seed),
            "stop_rule": "epochs",
        }
        if self.points is not None:
            table |= {"points": self.points, "plane": square_around(self.points)}
        if self.lesson is not None:
            table["lesson"] = self.lesson.to_json()
        return table


def open_experiment(
    source: Experiment | Run | Runs | str | Path | None,
    *,
    seed: int | None = None,
    run: int | None = None,
    cell: str | None = None,
) -> Opened | None:
    """Return what the page begins with.

    Parameters
    ----------
    source : Experiment, Run, Runs, str or Path, optional
        The experiment, or where it is: a TOML file, or a folder of `mlplab train`, of `mlplab map`, or of
        `mlplab sweep`, whose winner it is then.
    seed : int, optional
        0 if not given, and of runs that of the run.
    run : int, optional
        Which of the runs, from 0; the first if not given.
    cell : str, optional
        Which cell of a map, as the values of its two settings, "0.1,16"; if not given, it is the
        experiment that was varied.

    Returns
    -------
    Opened or None
        None if nothing is asked for.

    Raises
    ------
    MlplabError
        If it cannot be read, there is no such run or cell, or the experiment is too large for the page.
    """
    settings: Settings = {}
    if isinstance(source, str | Path):
        source, settings = _read(Path(source))
    if cell is not None:
        if not settings or not isinstance(source, Experiment):
            raise MlplabError(
                f"a cell is chosen from a folder of `mlplab map`, received cell {shown(cell)}"
            )
        source = source.varied(_cell(settings, cell))
    if run is not None and not isinstance(run, int):
        raise MlplabError(f"a run is a whole number, received {shown(run)}")
    if run is not None and not isinstance(source, Runs):
        raise MlplabError(
            f"a run is chosen from a folder of `mlplab train`, received run {shown(run)}"
        )
    if isinstance(source, Runs):
        source = _chosen(source, run, seed)
    if isinstance(source, Run):
        seed = source.seed if seed is None else seed
        source = source.experiment
    if source is None and seed is None:
        return None
    experiment = check_experiment(PRESETS[FIRST] if source is None else source)
    return _opened(experiment, check_seed(0 if seed is None else seed))


def open_lesson(source: str | Path) -> Opened:
    """Return what the page begins with: a lesson that comes with it, or that of a file.

    Parameters
    ----------
    source : str or Path
        As `read_lesson` takes it.

    Raises
    ------
    MlplabError
        If there is no such lesson, the file is none, or its experiment is too large for the page.

    Examples
    --------
    >>> open_lesson("3-one-run").seed
    0
    """
    file = read_lesson(source)
    return replace(_opened(file.begins_with, check_seed(file.seed)), lesson=file.lesson)


def _read(path: Path) -> tuple[Experiment | Runs, Settings]:
    """Return what a path leads to; of a map, with the settings of its cells."""
    try:
        is_folder = path.is_dir()
    except OSError as error:  # a name may be too long
        raise MlplabError(f"cannot read {shown(str(path))}: {error.strerror}") from error
    if not is_folder:
        return Experiment.from_toml(path), {}
    if (path / FILE).is_file():
        return Runs.load(path), {}
    experiments = [path / name for name in EXPERIMENTS if (path / name).is_file()]
    if not experiments:
        raise MlplabError(
            f"the folder '{path}' holds no experiment: expected one that `mlplab train`, `mlplab map` or "
            "`mlplab sweep` has written"
        )
    tables = [path / f"cells.{form}" for form in FORMATS]
    found = next((table for table in tables if table.is_file()), None)
    settings = {} if found is None else read_map_settings(found)
    return Experiment.from_toml(experiments[0]), settings


def _chosen(runs: Runs, run: int | None, seed: int | None) -> Run:
    if run is not None and seed is not None:
        raise MlplabError("a run has its own seed: expected a run or a seed, received both")
    try:
        return runs[0 if run is None else run]
    except IndexError:
        raise MlplabError(
            f"there is no run {run}: expected one from 0 to {len(runs) - 1}"
            if len(runs)
            else "there are no runs to open"
        ) from None


# ---- Cells of a map ------------------------------------------------------------------------------


def _cell(settings: Settings, cell: str) -> dict[str, object]:
    """Return the two settings of a cell with their values."""
    (x, xs), (y, ys) = settings.items()
    for i in (i for i, sign in enumerate(cell) if sign == ","):  # a value may have commas, too
        found = _value(cell[:i], xs), _value(cell[i + 1 :], ys)
        if None not in found:
            return {name: _typed(str(text)) for name, text in zip((x, y), found, strict=True)}
    raise MlplabError(
        f"there is no cell {shown(cell)}: expected X,Y with {x} one of {_listed(xs)}, and {y} one of "
        f"{_listed(ys)}"
    )


def _value(asked: str, texts: list[str]) -> str | None:
    """Return the value that is meant, as it is written; None if none is, or several are."""
    asked, different = asked.strip(), list(dict.fromkeys(texts))
    number = _number(asked)
    exactly = [text for text in different if text == asked or _number(text) == number is not None]
    # A picture of the map has six digits of it.
    shown_so = [text for text in different if f"{_number(text) or 0.0:g}" == asked]
    return next((found[0] for found in (exactly, shown_so) if len(found) == 1), None)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _typed(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _listed(texts: list[str]) -> str:
    different = list(dict.fromkeys(texts))
    few = ", ".join(different[:8])
    return few if len(different) <= 8 else f"{few}, … {different[-1]}"


# ---- Of any experiment ---------------------------------------------------------------------------


def _opened(experiment: Experiment, seed: int) -> Opened:
    check_limits(experiment)
    dataset = experiment.dataset
    if isinstance(dataset, Arrays):
        raise MlplabError(
            "the playground opens own samples from a file, and these were handed in as arrays: write "
            "them to a CSV file, and train with it"
        )
    if not isinstance(dataset, SamplesFile):
        return Opened(experiment, seed)
    # Where the points come along, the page knows which dataset that is.
    own = experiment.varied({"dataset": {"kind": "file", "path": "points.csv"}})
    return Opened(own, seed, own_points(dataset, seed))
