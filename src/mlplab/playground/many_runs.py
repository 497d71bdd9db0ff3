"""What a page does with many runs: a hundred more, two set-ups compared, a map and its cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlplab.errors import MlplabError
from mlplab.playground.studies.accuracy_map import AccuracyMap
from mlplab.playground.studies.comparison import SetUpComparison
from mlplab.playground.studies.hyperparameters import find_hyperparameter
from mlplab.playground.studies.replication import Replication

if TYPE_CHECKING:
    from mlplab.playground.live import Live


class ManyRuns:
    """Puts a session's set-up in the queue of the populations.

    Every method raises `MlplabError` where there is nothing to train, and then changes nothing.

    Parameters
    ----------
    live : Live
        Of that page.
    """

    def __init__(self, live: Live) -> None:
        self._live = live

    def replicate(self) -> None:
        """Train a hundred of the same."""
        live, session = self._live, self._live.session
        live.draft.check()
        with session.lock:
            replication = Replication(
                *(session.experiment, session.seed, session.stepper),
                *(live.pictures.extent, live.wake),
            )
        live.studies.replicate(replication)
        live.wake()

    def keep(self) -> None:
        """Call the set-up A."""
        live = self._live
        live.draft.check()
        with live.session.lock:
            live.studies.keep(live.session.experiment)
        live.wake()

    def compare(self) -> None:
        """Train a hundred each of A and of the set-up as it is."""
        live = self._live
        live.draft.check()
        with live.session.lock:
            a, b, seed = live.studies.kept, live.session.experiment, live.session.seed
        if a is None:
            raise MlplabError("there is nothing to compare with: keep a set-up as A first")
        live.studies.compare(SetUpComparison(a, b, seed, live.wake))
        live.wake()

    def draw_map(self, across: str, up: str) -> None:
        """Train a few runs each of the set-ups on a grid of two numbers, by their paths in the spec."""
        live = self._live
        live.draft.check()
        with live.session.lock:
            experiment, seed = live.session.experiment, live.session.seed
        right, upwards = (find_hyperparameter(experiment, path) for path in (across, up))
        live.studies.draw_map(AccuracyMap(experiment, seed, right, upwards, live.wake))
        live.wake()

    def load_cell(self, row: int, column: int) -> None:
        """Begin anew with the set-up of a cell of the map; own points and seed stay."""
        drawn, experiment = self._live.studies.map, self._live.session.experiment
        if drawn is None or not drawn.is_of(experiment):
            raise MlplabError("there is no map of this set-up: train one first")
        chosen = drawn.experiment_at(row, column)
        if chosen != experiment:
            self._live.load(chosen)
