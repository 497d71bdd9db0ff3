"""Own points under way: as long as they are too few to learn from, they are shown, and nothing trains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlplab.errors import MlplabError
from mlplab.playground.session.own_points import OwnPoints
from mlplab.playground.session.presets import FIRST, PRESETS
from mlplab.spec import DatasetSpec

if TYPE_CHECKING:
    from mlplab.playground.live import Live


class Draft:
    """What a page does with own points, and with `Pictures.draft`, which are those that are too few.

    Parameters
    ----------
    live : Live
        Of that page.
    """

    def __init__(self, live: Live) -> None:
        self._live = live
        self._dataset_before: DatasetSpec | None = None

    @property
    def points(self) -> OwnPoints:
        """The own points as they are shown: the draft, or those that the network learns from."""
        if self._live.pictures.draft is not None:
            return self._live.pictures.draft
        return self._live.session.own or OwnPoints.none()

    @property
    def missing(self) -> str:
        """What is missing before a network can learn from the draft; nothing where there is none."""
        draft = self._live.pictures.draft
        return "" if draft is None else draft.what_is_missing()

    def check(self) -> None:
        """Refuse to train while there is a draft: that would be on points which are not shown.

        Raises
        ------
        MlplabError
            With what is missing.
        """
        if self.missing:
            raise MlplabError(self.missing)

    @property
    def is_own(self) -> bool:
        """Whether the points that are shown are own ones."""
        return self._live.session.own is not None or self._live.pictures.draft is not None

    def use(self, points: OwnPoints) -> None:
        """Learn from own points; while they are too few, show them, train nothing, say what is missing.

        Raises
        ------
        MlplabError
            If there is too much of something; then nothing has changed.
        """
        live = self._live

        def learn() -> None:
            if points.what_is_missing():
                live.session.pause()
                live.pictures.draft = points
                return
            dataset, was_own = live.session.experiment.dataset, live.session.own is not None
            live.session.set_points(points)
            if not was_own:
                self._dataset_before = dataset

        live.do(learn)

    def leave(self) -> None:
        """Go back to the dataset from before; network and training stay as they are set up.

        Raises
        ------
        MlplabError
            If the network is too large for that; then nothing has changed.
        """
        live = self._live

        def leave() -> None:
            if live.session.own is not None:
                before = self._dataset_before or PRESETS[FIRST].dataset
                live.session.begin(live.session.experiment.varied({"dataset": before}))
            live.pictures.draft = None
            live.pictures.forget_extent()

        live.do(leave)

    def forget(self) -> None:
        """Know no dataset from before: it was another session's."""
        self._dataset_before = None
