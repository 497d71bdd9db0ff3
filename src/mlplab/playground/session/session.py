"""One person's experiment, without any page: set up, trained, changed in flight, looked back at.

A session owns a `Stepper`, which trains its trial a few updates at a time. Whoever calls a method holds
the session's lock: the page's event loop for what the user does, a worker for `advance`. So nothing here
waits long: `advance` trains for the time that it is given.
"""

from __future__ import annotations

import shutil
import tempfile
import time
import weakref
from pathlib import Path
from typing import Any

import numpy as np

from mlplab.data import SplitName
from mlplab.engine import Snapshot, Stepper
from mlplab.errors import MlplabError
from mlplab.playground.session.fair_lock import FairLock
from mlplab.playground.session.limits import check_limits
from mlplab.playground.session.own_points import OwnPoints
from mlplab.playground.session.pace import Pace
from mlplab.playground.session.presets import FIRST, PRESETS
from mlplab.playground.session.stopping import DEFAULT_STOP, STOP_RULES
from mlplab.playground.session.timeline import Moment, Timeline
from mlplab.run import History
from mlplab.spec import Experiment, SamplesFile
from mlplab.spec.part import LARGEST
from mlplab.trial import Float, draw

IN_FLIGHT = ("learning_rate", "batch_size", "epochs")
"""What may change while a network trains; everything else begins anew."""


class Session:
    """An experiment under way.

    Parameters
    ----------
    experiment : Experiment
        Small enough for `check_limits`, and not of a file: own points come by `set_points`.
    seed : int
    own : OwnPoints, optional
        Which take the place of the experiment's dataset.

    Attributes
    ----------
    lock : FairLock
        Held by whoever calls a method.
    experiment : Experiment
        As it is now, what was changed in flight included.
    seed : int
    own : OwnPoints or None
        The user's points, where the experiment learns from them.
    stepper : Stepper
        The network under way.
    playing : bool
    stop_rule : str
        A key of `STOP_RULES`.
    shown : Moment or None
        What is looked back at; None for now.
    edits : int
        Numbers put in by hand since the beginning.
    version : int
        Raised by everything that begins anew, so that a page knows that the points may be others.

    Raises
    ------
    MlplabError
        If the experiment is too large, or the seed out of range.

    Examples
    --------
    >>> session = Session()
    >>> session.train_updates(64)
    >>> session.epoch, session.step, session.history.train_loss.shape
    (1, 64, (1,))
    """

    def __init__(
        self, experiment: Experiment = PRESETS[FIRST], seed: int = 0, own: OwnPoints | None = None
    ) -> None:
        self.lock = FairLock()
        self.experiment: Experiment
        self.seed: int
        self.stepper: Stepper
        self.timeline: Timeline
        self.playing = False
        self.stop_rule = DEFAULT_STOP
        self.pace = Pace()
        self.own: OwnPoints | None = None
        self.shown: Moment | None = None
        self.version = 0
        self.edits = 0
        self._folder: Path | None = None
        self._files = 0
        self._begin(experiment, seed, own)

    def close(self) -> None:
        """Stop, and remove what is on disk."""
        self.playing = False
        if self._folder is not None:
            self._remove()

    # ---- What it is ------------------------------------------------------------------------------

    @property
    def step(self) -> int:
        """Updates made."""
        return self.stepper.step

    @property
    def epoch(self) -> int:
        """Whole epochs done."""
        return self.stepper.epoch

    @property
    def history(self) -> History:
        """Loss and accuracy of the epochs done."""
        return self.stepper.history

    @property
    def now(self) -> Moment:
        """The network as it is."""
        weights, biases = self.stepper.network
        return Moment(self.step, self.epoch, weights, biases)

    @property
    def has_ended(self) -> bool:
        """Whether playing on would do nothing: the stop rule says so, or the network diverged."""
        rule = STOP_RULES[self.stop_rule]
        return self.stepper.diverged or (
            self.stepper.used == 0 and rule(self.history, self.experiment.training.epochs)
        )

    def scores(self, split: SplitName) -> tuple[float, float]:
        """Return loss and accuracy of the network shown, by the engine."""
        moment = self.moment
        return self.stepper.scores(split, (moment.weights, moment.biases))

    # ---- Train -----------------------------------------------------------------------------------

    def play(self) -> None:
        """Go on; after its end, one more time as long as the stop rule allows."""
        self.shown = None
        self.pace.rest()
        self.playing = not self.has_ended

    def pause(self) -> None:
        """Stay where it is."""
        self.playing = False

    def train_updates(self, updates: int) -> None:
        """Pause, and make so many updates, whatever the stop rule says."""
        self.playing = False
        self.shown = None
        self.stepper.train(updates)
        self.timeline.add(self.now)

    def train_epoch(self) -> None:
        """Pause, and train to the end of the epoch."""
        self.train_updates(self.stepper.updates_left)

    def advance(self, seconds: float) -> int:
        """Train for as long as given at most, as fast as the pace allows; return the updates made.

        Ends with the epoch in which the stop rule holds, and before its time where others want the lock.
        """
        began = time.perf_counter()
        granted = self.pace.grant(began, self.stepper.updates_per_epoch)
        before = self.step
        while self.playing and self.step - before < granted:
            left = min(self.stepper.updates_left, granted - (self.step - before))
            self.stepper.train(int(min(left, self._affordable(seconds))))
            if self.timeline.is_due(self.step):
                self.timeline.add(self.now)
            if self.has_ended:
                self.playing = False
            if time.perf_counter() - began >= seconds:
                break
            if self.playing and self.lock.is_wanted:
                self.pace.take_back(granted - (self.step - before))
                break
        if self.step > before:
            self._seconds_an_update = (time.perf_counter() - began) / (self.step - before)
        return self.step - before

    def _affordable(self, seconds: float) -> int:
        """Return how many updates take about a quarter of a time, by how long the last ones took."""
        return max(1, int(seconds / 4 / max(self._seconds_an_update, 1e-7)))

    # ---- By hand ---------------------------------------------------------------------------------

    def set_number(self, layer: int, output: int, source: int | None, value: float) -> None:
        """Pause, and put a number of one's own in the place of a weight or a bias of the network shown.

        Parameters
        ----------
        layer, output : int
            Of the neuron, both from 0; layer 0 is the first that has weights.
        source : int or None
            The input or neuron that the weight comes from; None for the bias.
        value : float

        Raises
        ------
        MlplabError
            If there is no such weight, or the value is no number within reason.
        """
        if not abs(value) <= LARGEST:
            raise MlplabError(
                f"a weight by hand must lie between -{LARGEST:,.0f} and {LARGEST:,.0f}, "
                f"received {value}"
            )
        moment = self.moment
        weights, biases = (tuple(map(np.copy, part)) for part in (moment.weights, moment.biases))
        numbers = biases if source is None else weights
        place = (output,) if source is None else (output, source)
        fits = 0 <= layer < len(numbers) and all(
            0 <= i < n for i, n in zip(place, numbers[layer].shape, strict=True)
        )
        if not fits:
            raise MlplabError(f"the network has no weight or bias at {(layer, *place)}")
        numbers[layer][place] = value
        self.set_network(weights, biases)

    def set_network(self, weights: tuple[Float, ...], biases: tuple[Float, ...]) -> None:
        """Pause, and put numbers of one's own in the place of all.

        Raises
        ------
        MlplabError
            If they are those of a network of another shape.
        """
        self.stepper.replace(weights, biases)
        self.playing = False
        self.shown = None
        self.edits += 1

    # ---- Set up ----------------------------------------------------------------------------------

    def reset(self) -> None:
        """Begin again from the same samples, weights and shuffles."""
        self._begin(self.experiment, self.seed, self.own)

    def set_seed(self, seed: int) -> None:
        """Begin again from another draw."""
        self._begin(self.experiment, seed, self.own)

    def begin(self, experiment: Experiment) -> None:
        """Begin anew with an experiment: weights that another has trained would pass for its own.

        Own points stay if its dataset is the same.

        Raises
        ------
        MlplabError
            If the experiment is too large; then nothing has changed.
        """
        own = self.own if experiment.dataset == self.experiment.dataset else None
        self._begin(experiment, self.seed, own)

    def set_experiment(self, experiment: Experiment) -> bool:
        """Change the experiment: in flight if only `IN_FLIGHT` differs, else by beginning anew.

        Returns
        -------
        bool
            Whether it began anew.

        Raises
        ------
        MlplabError
            If the experiment is too large; then nothing has changed.
        """
        if experiment == self.experiment:
            return False
        if _but_in_flight(experiment) == _but_in_flight(self.experiment):
            check_limits(experiment)
            self.stepper.change(experiment.training)
            self.experiment = experiment
            return False
        self.begin(experiment)
        return True

    def set_points(self, own: OwnPoints) -> None:
        """Learn from own points, from the beginning.

        Raises
        ------
        MlplabError
            If they are too few to learn from; then nothing has changed.
        """
        self._begin(self.experiment, self.seed, own)

    def _begin(self, experiment: Experiment, seed: int, own: OwnPoints | None) -> None:
        """Draw a trial and begin; whatever is raised is raised before anything has changed."""
        if own is not None:
            if missing := own.what_is_missing():
                raise MlplabError(missing)
            if own is not self.own:
                file = own.write(self._new_file())
                experiment = experiment.varied({"dataset": file})
        elif isinstance(experiment.dataset, SamplesFile):
            raise MlplabError("the experiment names a file of points: open that file itself")
        check_limits(experiment)
        stepper = Stepper(draw(experiment, seed))
        playing = self.playing
        self.experiment, self.seed, self.own, self.stepper = experiment, seed, own, stepper
        self.shown = None
        self.version += 1
        self.edits = 0
        self.timeline = Timeline()
        self.timeline.add(self.now)
        self._seconds_an_update = 1e-3
        self.pace.rest()
        self.playing = playing

    def resume(self, snapshot: Snapshot) -> None:
        """Put the network where another session has left it.

        Raises
        ------
        MlplabError
            If that was another network; then nothing has changed.
        """
        self.stepper.resume(snapshot)
        self.timeline.add(self.now)

    def _new_file(self) -> Path:
        """Return where to write own points: in a folder that goes with the session."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="mlplab-"))
            self._remove = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._files += 1
        return self._folder / f"points-{self._files}.csv"

    # ---- Look back -------------------------------------------------------------------------------

    def look_back(self, step: int) -> None:
        """Show the network as it was after about so many updates, and pause."""
        self.playing = False
        moment = self.timeline.nearest(step)
        # The present may not be among the moments that are kept.
        is_now = step >= self.step or moment.step >= self.step
        self.shown = None if is_now else moment

    @property
    def moment(self) -> Moment:
        """The network to show: as it is, or as it was where one looks back."""
        return self.now if self.shown is None else self.shown


def _but_in_flight(experiment: Experiment) -> dict[str, Any]:
    """Return a description without what may change in flight."""
    described = experiment.to_table()
    training = described["training"]
    training.pop("batch_size")
    training.pop("epochs")
    training["optimizer"].pop("learning_rate")
    return described
