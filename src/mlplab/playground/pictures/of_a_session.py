"""What is sent to the page: the scene, which changes seldom, and frames of the network as it learns."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.boundary import Extent
from mlplab.data import SPLITS, Dataset, Split
from mlplab.playground.by_hand.task_3 import ByHand, applies
from mlplab.playground.pictures import views
from mlplab.playground.pictures.frames import pack
from mlplab.playground.pictures.looks import EngineLook, Look, ReferenceLook, network_of
from mlplab.playground.session.limits import LARGEST
from mlplab.playground.session.own_points import OwnPoints
from mlplab.playground.session.session import Session
from mlplab.playground.studies.of_a_session import Studies

MOVING_SIDE, STILL_SIDE = 64, 128
"""Points along a side of the grid of the regions, while it trains and while it stands."""

FEW_NEURONS = 64
"""Up to which each neuron's picture is a fine one."""

SCORES_EVERY = 0.25
"""Seconds after which the scores of a network that trains are taken anew."""

HISTOGRAMS_EVERY = 0.5
"""Likewise of its histograms: their gradients come from the network from scratch, which is slower."""


@dataclass
class Inspection:
    """What of the inside is looked at.

    Attributes
    ----------
    what : str
        `confusion`, `hidden`, `histograms`, `by hand`, `replicate`, `compare` or `map`.
    layer : int
        Of the hidden space.
    neurons : (int, int) or None
        Its axes; None for principal components.
    """

    what: str = "confusion"
    layer: int = 0
    neurons: tuple[int, int] | None = None


class Pictures:
    """Makes scenes and frames of a session, and remembers what makes the next ones cheap.

    Parameters
    ----------
    session : Session
        Whose lock is held during every call.
    studies : Studies
        Of that session.

    Attributes
    ----------
    inspection : Inspection
    by_hand : ByHand
        What is wanted in task 3.
    draft : OwnPoints or None
        Points under way that are too few to learn from; shown over the network that there is.
    """

    def __init__(self, session: Session, studies: Studies) -> None:
        self.session = session
        self._studies = studies
        self.inspection = Inspection()
        self.by_hand = ByHand()
        self.draft: OwnPoints | None = None
        self.number = 0
        self._extent: Extent | None = None
        self._grids: dict[int, NDArray[Any]] = {}
        self._directions: NDArray[Any] | None = None
        self._scores: dict[str, tuple[float, float]] | None = None
        self._scored = (-1, -1, -1, 0.0)
        self._histogrammed: tuple[int, float, list[dict[str, Any]]] = (-1, 0.0, [])

    # ---- Scene -----------------------------------------------------------------------------------

    def scene(self) -> bytes:
        """Return the points, the shape of the network, and the part of the plane to show."""
        dataset = self.points_shown
        self._set_extent(dataset)
        extent = self.extent
        moment = self.session.now
        own = self.session.own is not None or self.draft is not None
        labels = list(dataset.label_names)
        arrays: dict[str, NDArray[Any]] = {}
        for name, split in dataset.splits.items():
            arrays[f"{name}_x"] = split.x.astype(np.float32)
            arrays[f"{name}_y"] = split.y.astype(np.uint8)
        meta = {
            "version": self.session.version,
            "extent": [extent.x1_min, extent.x1_max, extent.x2_min, extent.x2_max],
            "labels": labels,
            "outputs": list(self.session.stepper.trial.dataset.label_names),
            "classes_offered": _offered(labels),
            "sizes": [2, *(len(b) for b in moment.biases)],
            "activations": list(self.session.experiment.network.activations),
            "own": own,
            "test_counts": np.bincount(dataset.test.y, minlength=dataset.classes).tolist(),
        }
        return pack(meta, arrays)

    @property
    def points_shown(self) -> Dataset:
        """The points that the network learns from; or the draft, where there is one."""
        if self.draft is None:
            return self.session.stepper.trial.dataset
        labels = tuple(sorted(set(self.draft.labels))) or ("0", "1")
        y = np.array([labels.index(label) for label in self.draft.labels], dtype=np.int64)
        chosen = np.array(self.draft.split)
        splits = {name: Split(self.draft.x[chosen == name], y[chosen == name]) for name in SPLITS}
        return Dataset(splits["train"], splits["validation"], splits["test"], labels)

    def forget_extent(self) -> None:
        """Let the next scene choose which part of the plane to show."""
        self._extent = None

    def _set_extent(self, dataset: Dataset) -> None:
        """Keep the part of the plane as long as all points lie in it: own points are added by clicks."""
        known = self._extent
        trained = self.session.stepper.trial.dataset
        if known is None:
            known = views.square_around(trained)
        x = np.concatenate([split.x for split in dataset.splits.values()])
        inside = len(x) == 0 or (
            x[:, 0].min() >= known.x1_min
            and x[:, 0].max() <= known.x1_max
            and x[:, 1].min() >= known.x2_min
            and x[:, 1].max() <= known.x2_max
        )
        if not inside:
            known = views.square_around(dataset)
        if known != self._extent:
            self._grids.clear()
        self._extent = known

    # ---- Frame -----------------------------------------------------------------------------------

    def frame(self, *, moving: bool, engine_ready: bool, note: str = "") -> bytes:
        """Return the network as it is, or as it was where one looks back.

        Parameters
        ----------
        moving : bool
            Whether another frame follows soon: then the picture is coarser.
        engine_ready : bool
            Whether the engine can be asked; else there are no scores yet.
        note : str
            What to say beside the time line in place of the usual.
        """
        session, moment = self.session, self.session.moment
        self.number += 1
        # A diverged network is shown as it is.
        with np.errstate(all="ignore"):
            look: Look = (
                EngineLook(session.stepper, moment)
                if engine_ready
                else ReferenceLook(session.experiment, moment)
            )
            arrays = self._arrays(look, moving)
            meta = self._meta(moving, engine_ready)
            meta |= self._inspect(look, moving, arrays)
        arrays["weights"] = np.concatenate([w.ravel() for w in moment.weights]).astype(np.float32)
        arrays["biases"] = np.concatenate(moment.biases).astype(np.float32)
        if note:
            meta["status"] = note
        return pack(meta, arrays)

    def _arrays(self, look: Look, moving: bool) -> dict[str, NDArray[Any]]:
        neurons = 2 + sum(len(b) for b in self.session.moment.biases)
        side = 24 if neurons <= FEW_NEURONS else 14
        responses = views.neuron_responses(look, self._grid(side))
        arrays: dict[str, NDArray[Any]] = {
            "outputs": views.region_outputs(
                look, self._grid(MOVING_SIDE if moving else STILL_SIDE)
            ),
            "images": responses.images,
            "largest": responses.largest,
        }
        if self.draft is None:
            splits = self.session.stepper.trial.dataset.splits
            for name in SPLITS:
                arrays[f"{name}_answers"] = views.answers(look, splits[name])
        return arrays

    def _meta(self, moving: bool, engine_ready: bool) -> dict[str, Any]:
        session, moment = self.session, self.session.moment
        return {
            "number": self.number,
            "version": session.version,
            "step": moment.step,
            "epoch": moment.epoch,
            "last_step": session.step,
            "looking_back": session.shown is not None,
            "playing": session.playing,
            "scores": self._current_scores(moving) if engine_ready and self.draft is None else None,
            "status": _status(session),
            "inspected": self.inspection.what,
        }

    def _current_scores(self, moving: bool) -> dict[str, tuple[float, float]] | None:
        """Return loss and accuracy of each split, by the engine; while it trains, of a moment ago."""
        session, shown = self.session, self.session.moment.step
        version, edits, step, when = self._scored
        now = time.monotonic()
        is_old = (version, edits, step) != (session.version, session.edits, shown)
        if is_old and not (moving and version == session.version and now - when < SCORES_EVERY):
            self._scores = {name: session.scores(name) for name in SPLITS}
            self._scored = (session.version, session.edits, shown, now)
        return self._scores

    def _inspect(self, look: Look, moving: bool, arrays: dict[str, NDArray[Any]]) -> dict[str, Any]:
        """Add what is looked at of the inside."""
        dataset = self.session.stepper.trial.dataset
        match self.inspection.what:
            case "confusion" if "test_answers" in arrays:
                counts = views.confusion(dataset.test, arrays["test_answers"], dataset.classes)
                arrays["confusion"] = counts.astype(np.int32)
            case "hidden":
                return self._hidden_space(look, dataset, arrays)
            case "histograms":
                return self._histograms(dataset, moving)
            case "by hand" if applies(self.session.moment):
                return {"by_hand": self.by_hand.tell(self.session)}
            case "replicate":
                return self._replicated(arrays)
            case "compare" | "map" as what:
                return {what: self._studies.say(what, self.session.experiment)}
        return {}

    def _hidden_space(
        self, look: Look, dataset: Dataset, arrays: dict[str, NDArray[Any]]
    ) -> dict[str, Any]:
        sizes = [2, *(len(b) for b in self.session.moment.biases)]
        layer = min(self.inspection.layer, len(sizes) - 2)
        begin = sum(sizes[:layer])
        neurons = self.inspection.neurons
        if neurons is not None and max(neurons) >= sizes[layer]:
            neurons = None
        points = views.some_points(dataset.train)
        level = slice(begin, begin + sizes[layer])
        space = views.hidden_space(look, points.x, level, neurons, self._directions)
        self._directions = space.directions
        arrays["hidden"] = space.places
        arrays["hidden_y"] = points.y.astype(np.uint8)
        return {"hidden_axes": list(space.axes)}

    def _histograms(self, dataset: Dataset, moving: bool) -> dict[str, Any]:
        """Return the histograms; while it trains, of a moment ago."""
        session, now = self.session, time.monotonic()
        version, when, found = self._histogrammed
        if not (moving and version == session.version and now - when < HISTOGRAMS_EVERY):
            network = network_of(session.experiment, session.moment)
            layers = views.layer_histograms(network, dataset, session.experiment)
            found = [
                {
                    "weights": _counted(layer.weights),
                    "gradients": _counted(layer.gradients),
                    "neurons": layer.neurons,
                    "dead": layer.dead,
                }
                for layer in layers
            ]
            self._histogrammed = session.version, now, found
        return {"histograms": found}

    def _replicated(self, arrays: dict[str, NDArray[Any]]) -> dict[str, Any]:
        """Add the replication, as long as it is of the experiment as it is.

        A draft is not of it: then this run has no place among the others.
        """
        replication, scores = self._studies.replication, self._scores
        if replication is None or replication.experiment != self.session.experiment:
            return {"replication": None}
        arrays["voted"], arrays["agreed"] = replication.votes()
        loss, accuracy = scores["test"] if scores and self.draft is None else (np.nan, np.nan)
        mine = accuracy if np.isfinite(loss) else np.nan
        return {"replication": replication.summary(mine)}

    @property
    def extent(self) -> Extent:
        """The part of the plane that is shown."""
        return self._extent or views.square_around(self.session.stepper.trial.dataset)

    def _grid(self, side: int) -> NDArray[Any]:
        if side not in self._grids:
            dtype = self.session.now.weights[0].dtype
            self._grids[side] = views.grid(self.extent, side, dtype)
        return self._grids[side]


def _counted(histogram: views.Histogram) -> dict[str, Any]:
    return {"largest": histogram.largest, "counts": histogram.counts.tolist()}


def _offered(labels: list[str]) -> list[str]:
    """Return the classes that a new point may have: those that there are, and one more.

    >>> _offered(["0", "1"]), _offered(["a", "b"])
    (['0', '1', '2'], ['a', 'b', 'new'])
    """
    if len(labels) >= LARGEST["classes"]:
        return labels
    if all(label.isdecimal() for label in labels):
        return [*labels, str(max(map(int, labels)) + 1)]
    return [*labels, "new"] if "new" not in labels else labels


def _status(session: Session) -> str:
    if session.stepper.diverged:
        return "diverged: loss or weights are no numbers"
    if session.playing:
        return "training"
    if session.edits and session.step == 0:
        return "weights by hand"
    if session.has_ended:
        return "ended by the stop rule"
    return "ready" if session.step == 0 else "paused"
