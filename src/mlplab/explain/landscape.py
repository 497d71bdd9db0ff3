"""The loss landscape around a training: the loss on a plane of weight space, and the paths on it.

A projection shows a path nearer to the plane than it is. So a landscape also has how much of each path
lies in the plane, and the loss on the path itself beside that of its projection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from mlplab.data import SplitName
from mlplab.engine import check_memory
from mlplab.engine.evaluation import Evaluation, NetworkScores, unflattened
from mlplab.engine.layout import Layers
from mlplab.errors import MlplabError, shown, suggestion, whole_number
from mlplab.explain.plane import (
    PLANE_KINDS,
    Plane,
    PlaneKind,
    farthest_from_line,
    path_plane,
    principal_plane,
    random_plane,
)
from mlplab.explain.projection import grid_axes, project
from mlplab.explain.training_paths import TrainingPaths, same_start, steps_of_path, train_paths
from mlplab.read_only import ReadOnly
from mlplab.run.ending import how_they_ended
from mlplab.run.samples import labelled
from mlplab.spec import Experiment, constant_loss
from mlplab.spec.experiment import check_experiment
from mlplab.streams import check_seed
from mlplab.training import thread_count
from mlplab.trial import Trial, Trials, draw

Float64 = NDArray[np.float64]
OnStep = Callable[[str, int, int], None]

GRID = 51
"""Networks along each side of a landscape, if nothing else is said."""

LARGEST_GRID = 1001

TRAINING, ALONG, ON_PLANE = "training", "loss along the path", "loss on the plane"
"""What `progress` is told to be under way."""


@dataclass(frozen=True, eq=False)
class Landscape(ReadOnly):
    """The loss on a plane of weight space, and where trainings run on it.

    Losses are of all samples of a split, each weighing 1, without dropout and noise, as
    `Run.train_loss`; penalties of a regularizer stand beside them. Of the arrays of paths, what follows a
    run's end is NaN; a run that stopped early or diverged has its end at the first point from there on.

    Attributes
    ----------
    trial : Trial
        Of the first run; the others have its samples and its initial weights, but other shuffles and
        noise, those of seed + i: `draw(experiment, seed, shuffle=seed + i, noise=seed + i)`.
    split : str
        `train`, `validation` or `test`: on which the loss is.
    kind : str
        `path`, `principal` or `random`.
    plane : Plane
    through : ndarray of int64, shape (3,) or (0,)
        Updates of the first usable run through whose weights the plane is laid; none of other planes.
    x, y : ndarray of float64, shape (N,)
        Coordinates of the grid. Distances between weights; of a random plane lengths of the directions.
    loss : ndarray of float64, shape (N, N)
        `loss[j, i]` at (x[i], y[j]); may be infinite or NaN where weights are too large.
    penalty : ndarray of float64, shape (N, N), or None
        None where there is no regularizer, here and of the path.
    step : ndarray of int64, shape (points,)
        Updates made at each point of a path.
    path : ndarray of float64, shape (runs, points, 2)
        The places of the plane that are nearest to the weights.
    distance : ndarray of float64, shape (runs, points)
        How far the weights are from the plane.
    path_loss, plane_loss : ndarray of float64, shape (runs, points)
        The loss of the weights themselves, and that of the places of the plane.
    path_penalty : ndarray of float64, shape (runs, points), or None
    length_fraction : ndarray of float64, shape (runs,)
        Length of the projected path as a fraction of that of the path.
    variance_fraction : ndarray of float64, shape (runs,)
        Variance of the projected points around their mean as a fraction of that of the points.
    last : ndarray of int64, shape (runs,)
        The point that is each run's end.
    ending : ndarray of str, shape (runs,)
        As `Run.ending`: finished, stuck or diverged.
    ends : ndarray, shape (runs, parameters)
        Final weights of each run, in the order of `engine.evaluation.flattened`.
    """

    trial: Trial
    split: SplitName
    kind: PlaneKind
    plane: Plane
    through: NDArray[np.int64]
    x: Float64
    y: Float64
    loss: Float64
    penalty: Float64 | None
    step: NDArray[np.int64]
    path: Float64
    distance: Float64
    path_loss: Float64
    plane_loss: Float64
    path_penalty: Float64 | None
    length_fraction: Float64
    variance_fraction: Float64
    last: NDArray[np.int64]
    ending: NDArray[np.str_]
    ends: NDArray[np.floating[Any]]

    def __len__(self) -> int:
        return len(self.path)

    def __repr__(self) -> str:
        runs = "one run" if len(self) == 1 else f"{len(self)} runs"
        size = f"{len(self.x)} × {len(self.y)}"
        return f"<Landscape of {runs}: {self.split} loss, {self.kind} plane, {size}>"

    @property
    def first(self) -> int:
        """The first run that did not diverge: the one whose path a plane is laid through."""
        return int((self.ending != "diverged").argmax())

    @property
    def end_loss(self) -> Float64:
        """The loss of each run's final weights, shape (runs,)."""
        return self.path_loss[np.arange(len(self)), self.last]

    def network(self, x: float, y: float) -> Layers:
        """Return W and b of each layer of the network at a place, in the experiment's type."""
        parameters = self.plane.networks(np.array([x]), np.array([y]))[:, 0]
        dtype = self.trial.weights[0].dtype
        return unflattened(parameters.astype(dtype), self.trial.layer_sizes)


def landscape(
    experiment: Experiment,
    seed: int = 0,
    replications: int = 1,
    *,
    plane: PlaneKind = "path",
    split: SplitName = "train",
    grid: int = GRID,
    through: Sequence[int] | None = None,
    points: int | None = None,
    direction_seed: int | None = None,
    data: Any = None,
    label: str | None = None,
    threads: int | None = None,
    progress: OnStep = lambda what, done, total: None,
) -> Landscape:
    """Train an experiment, and return its loss on a plane around the path that the weights took.

    Parameters
    ----------
    experiment : Experiment
    seed : int
        Of the samples, the initial weights, and the first run's shuffles and noise.
    replications : int
        Runs from the same start: run i has the shuffles and the noise of seed + i.
    plane : str
        `path`: through three points of the first run that did not diverge, so that its path lies in it
        there. `principal`: the two directions in which all points of all runs lie farthest from their end
        (of several, from the mean of the ends). `random`: two random, filter-normalised directions
        around the end of that first run.
    split : str
        `train`, `validation` or `test`.
    grid : int
        Networks along each side, 2 to 1001.
    through : three int, optional
        Of a plane through the path: the updates after which it meets it. By default the start, the end,
        and the point between that is farthest from the line between these.
    points : int, optional
        Of each path, evenly spaced; 101 by default, fewer where very many runs of large networks would
        not fit into memory.
    direction_seed : int, optional
        Of a random plane; 0 by default.
    data, label
        As in `mlplab.train`.
    threads : int, optional
        All usable cores by default; the results do not depend on it.
    progress : callable, optional
        Called with what is under way, and the steps of it that are done and to do.

    Raises
    ------
    MlplabError
        If an argument is out of range or does not apply, a training does not fit into memory, all runs
        diverged, or the path has no such plane.
    SpecError, DataError
        As `mlplab.train`.

    Examples
    --------
    >>> experiment = Experiment(dataset="linear", training={"epochs": 2, "batch_size": 16})
    >>> found = landscape(experiment, seed=1, grid=11)
    >>> found
    <Landscape of one run: train loss, path plane, 11 × 11>
    >>> found.loss.shape, found.path.shape, bool(found.length_fraction[0] > 0.5)
    ((11, 11), (1, 101, 2), True)
    """
    experiment = check_experiment(experiment)
    threads = thread_count(threads)
    _check_arguments(plane, split, grid, replications)
    if direction_seed is not None and plane != "random":
        raise MlplabError(
            f"direction_seed applies to a random plane only, received plane='{plane}'"
        )
    chosen_seed = 0 if direction_seed is None else direction_seed
    check_seed(chosen_seed, "the seed of the directions")
    check_memory([Trials.from_seeds(experiment, [seed], data, label)], threads=1, keep_weights=1)
    trial = draw(experiment, seed, data, label)
    if through is not None:
        through = _checked_points(through, plane, trial)
    step = steps_of_path(trial, replications, points, through)
    if plane == "path" and len(step) < 3:
        raise MlplabError(
            "a plane through a path needs three points of it, and there are two: take more points, more "
            "updates than one, or a random plane"
        )
    trials = same_start(trial, replications)
    paths = train_paths(trials, step, threads, lambda *done: progress(TRAINING, *done))
    ending = _endings(trial, paths, threads)
    chosen, laid = _plane_of(plane, trial, paths, ending, through, chosen_seed)
    places, distance, length, variance = project(paths, chosen)
    x, y = grid_axes(plane, places[ending != "diverged"], grid)
    evaluation = Evaluation(trial, split)
    known = np.isfinite(places).all(axis=2)
    flat, there = paths.weights[known], places[known]
    along = evaluation.scores(
        len(flat), lambda a, b: flat[a:b].T, threads, lambda n: progress(ALONG, n, 2 * len(flat))
    )
    beside = evaluation.scores(
        len(flat),
        lambda a, b: chosen.networks(*there[a:b].T),
        threads,
        lambda n: progress(ALONG, len(flat) + n, 2 * len(flat)),
    )
    columns, rows = (axis.ravel() for axis in np.meshgrid(x, y))
    on_plane = evaluation.scores(
        grid * grid,
        lambda a, b: chosen.networks(columns[a:b], rows[a:b]),
        threads,
        lambda n: progress(ON_PLANE, n, grid * grid),
    )
    penalised = experiment.network.kernel_regularizer is not None

    def at_points(values: Float64) -> Float64:
        found = np.full(known.shape, np.nan)
        found[known] = values
        return found

    return Landscape(
        trial=trial,
        split=split,
        kind=plane,
        plane=chosen,
        through=laid,
        x=x,
        y=y,
        loss=on_plane.loss.reshape(grid, grid),
        penalty=on_plane.penalty.reshape(grid, grid) if penalised else None,
        step=step,
        path=places,
        distance=distance,
        path_loss=at_points(along.loss),
        plane_loss=at_points(beside.loss),
        path_penalty=at_points(along.penalty) if penalised else None,
        length_fraction=length,
        variance_fraction=variance,
        last=paths.last,
        ending=ending,
        ends=paths.ends,
    )


def _check_arguments(plane: str, split: str, grid: int, replications: int) -> None:
    choices = {"plane": (plane, PLANE_KINDS), "split": (split, get_args(SplitName))}
    for name, (value, known) in choices.items():
        if value not in known:
            raise MlplabError(f"unknown {name} {shown(value)}; {suggestion(str(value), known)}")
    whole_number("grid", grid, least=2, most=LARGEST_GRID)
    whole_number("replications", replications, least=1)


def _checked_points(through: Sequence[int], plane: str, trial: Trial) -> list[int]:
    """Return three different updates of a training, rising."""
    if plane != "path":
        raise MlplabError(
            f"through applies to a plane through the path only, received plane='{plane}'"
        )
    found = list(through) if isinstance(through, Iterable) else []
    are_whole = all(isinstance(n, int | np.integer) and not isinstance(n, bool) for n in found)
    if not are_whole or len(set(found)) != 3 or not 0 <= min(found) < max(found) <= trial.updates:
        raise MlplabError(
            f"through must be three different updates from 0 to {trial.updates}, which is the whole "
            f"training, received {shown(through)}"
        )
    return sorted(int(n) for n in found)


def _endings(trial: Trial, paths: TrainingPaths, threads: int) -> NDArray[np.str_]:
    """Judge how runs ended, as `Run.ending`."""
    ends, training = paths.ends, trial.experiment.training
    seen = Evaluation(trial, "train").scores(len(ends), lambda a, b: ends[a:b].T, threads)
    ending, _ = how_they_ended(
        paths.train_loss,
        seen.loss,
        np.asarray(np.isfinite(ends).all(axis=1)),
        _right(seen, trial),
        seen.predicted,
        np.broadcast_to(labelled(trial.dataset), (len(ends), len(labelled(trial.dataset)))),
        np.full(len(ends), constant_loss(training.loss, trial.dataset.train.y))
        if trial.dataset.has_targets
        else None,
    )
    if (ending == "diverged").all():
        runs = "the training" if len(ends) == 1 else f"all {len(ends)} trainings"
        raise MlplabError(
            f"{runs} of seed {trial.seed} diverged, and there is no landscape around weights that are no "
            "numbers: lower the learning rate"
        )
    return ending


def _right(seen: NetworkScores, trial: Trial) -> NDArray[np.int64]:
    """Return how many training samples are right; of targets, this means nothing: 0."""
    if trial.dataset.has_targets:
        return np.zeros(len(seen.metric), np.int64)
    return np.rint(seen.metric * len(trial.dataset.train)).astype(np.int64)


def _plane_of(
    kind: PlaneKind,
    trial: Trial,
    paths: TrainingPaths,
    ending: NDArray[np.str_],
    through: Sequence[int] | None,
    direction_seed: int,
) -> tuple[Plane, NDArray[np.int64]]:
    """Return the plane, and the updates through whose weights it is laid."""
    usable = np.flatnonzero(ending != "diverged")
    run = usable[0]
    of_run = paths.weights[run, : paths.last[run] + 1]
    nothing = np.zeros(0, np.int64)
    if kind == "random":
        origin = of_run[-1].astype(np.float64)
        return random_plane(origin, trial.layer_sizes, direction_seed), nothing
    if kind == "principal":
        origin = paths.ends[usable].astype(np.float64).mean(axis=0)
        of_all = [paths.weights[r, : paths.last[r] + 1] for r in usable]
        return principal_plane(origin, np.concatenate(of_all)), nothing
    if through is None:
        chosen = [0, farthest_from_line(of_run), len(of_run) - 1]
    else:
        chosen = np.searchsorted(paths.step, through).tolist()
        if chosen[-1] >= len(of_run):
            raise MlplabError(
                f"the training of seed {trial.seed} ended before update {through[-1]}, which through "
                f"asks for: the last point of its path stands for update {paths.step[len(of_run) - 1]}"
            )
    begin, middle, end = of_run[chosen]
    return path_plane(begin, middle, end), paths.step[chosen]
