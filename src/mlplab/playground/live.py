"""One page and its session: what the user does goes to the one, what there is to see to the other."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import panel as pn

from mlplab.errors import MlplabError
from mlplab.playground.controls.curves import Curves
from mlplab.playground.controls.setup import Setup
from mlplab.playground.controls.sharing import Sharing
from mlplab.playground.controls.transport import Transport
from mlplab.playground.draft import Draft
from mlplab.playground.many_runs import ManyRuns
from mlplab.playground.messages import Messages
from mlplab.playground.page import Page
from mlplab.playground.pictures.of_a_session import Pictures
from mlplab.playground.session.presets import PRESETS
from mlplab.playground.session.session import Session
from mlplab.playground.studies.of_a_session import Studies
from mlplab.playground.take_away.link import read_link, write_link
from mlplab.playground.warming import Warming
from mlplab.playground.workers import Workers
from mlplab.run import History
from mlplab.spec import Experiment

SLICE = 0.02
"""Seconds that a session trains at a stretch."""

FRAME = 1 / 30
"""Seconds from one frame to the next, at least."""

UNDER_WAY = 2
"""Frames that may be sent and not yet drawn: one is drawn while the next is on its way."""

LOST = 2.0
"""Seconds after which a frame that the page has not confirmed counts as lost, and is made anew."""

AWAY = 10.0
"""Seconds that frames stay unconfirmed, after which a session waits for its page to come back."""

CURVES = 0.2
"""Seconds from one look of the curves to the next, at least."""


class _Shown(NamedTuple):
    """What goes with a frame: curves if they are new, and the epoch that is looked back at if any."""

    curves: tuple[History, Experiment, int] | None
    mark: float | None


class Live:
    """A session on a page.

    Whatever Panel is to show is followed by a frame, which the page confirms when it has drawn it. Panel
    sends in order, so a confirmed frame means that everything before it has arrived. A frame that stays
    unconfirmed is made anew. Without that a page could wait for ever: Panel 1.9 holds messages back while
    it awaits a write, and may then hold them until there is another message (`_dispatch_msgs` in
    `panel.io.document` removes the mark of a write under way even if messages have been added meanwhile).

    Parameters
    ----------
    workers : Workers
        Who train what is looked at.
    populations : Workers
        Who train hundreds: a thread of its own, so that those who look have theirs.
    warming : Warming

    Attributes
    ----------
    page : Page
        To be shown.
    session : Session
    studies : Studies
    pictures : Pictures
    draft : Draft
    many_runs : ManyRuns
    setup, transport, sharing, curves
        Parts of the page.
    """

    def __init__(self, workers: Workers, populations: Workers, warming: Warming) -> None:
        self._workers = workers
        self._warming = warming
        self._document = pn.state.curdoc
        self._sent_at = 0.0
        self._sent = self._drawn = 0
        self._heard_at = time.monotonic()
        self._wanted = True
        self._was_ready = False
        self._curves_at = 0.0
        self._curves_of: tuple[Any, ...] = ()
        self.session = Session()
        self.studies = Studies(populations)
        self.pictures = Pictures(self.session, self.studies)
        self.draft = Draft(self)
        self.many_runs = ManyRuns(self)
        self.curves = Curves()
        self.setup = Setup(self._set_up)
        self.transport = Transport(self)
        self.sharing = Sharing(self)
        self.page = Page(
            Messages(self).hear,
            transport=self.transport.view,
            setup=self.setup.view,
            curves=self.curves.view,
            sizing_mode="stretch_width",
            margin=0,
        )
        self.page.param.watch(self._theme_chosen, "theme")
        self.setup.stop_rule.param.watch(self._stop_rule_chosen, "value")
        self._show_all()
        self.page.frame = self._frame(moving=False)
        self._show_beside(self._shown())

    def close(self) -> None:
        """Let the session go: nothing trains any more, and its memory is free."""
        self._workers.forget(self.work)
        self.studies.end()
        with self.session.lock:
            self.session.close()

    # ---- Training --------------------------------------------------------------------------------

    def work(self) -> float | None:
        """Train a little and send a frame, if one is due; a task of the workers."""
        ready = self._warming.ready.is_set()
        if ready and not self._was_ready:
            self._was_ready = self._wanted = True
        with self.session.lock:
            away = self._is_unconfirmed and time.monotonic() - self._heard_at > AWAY
            if self._is_unconfirmed and not away and time.monotonic() - self._sent_at >= LOST:
                self._wanted, self._curves_of = True, ()  # the curves may be lost with the frame
            if self.session.playing:
                self._wanted = True  # also of the slice that ends the training
                if away:
                    self.session.pace.rest()
                elif ready:
                    self.session.advance(SLICE)
            playing = ready and self.session.playing
            left = self._until_frame()
            if self._wanted and left <= 0:
                self._wanted = False
                frame = self._frame(moving=playing)
                self._sent_at = time.monotonic()
                if not self._is_unconfirmed:
                    self._heard_at = self._sent_at  # until now there was nothing to hear
                self._sent = self.pictures.number
                shown = self._shown()
                self._later(lambda: self._send(frame, shown))
                left = FRAME
        if playing and away:
            return LOST / 4
        if playing:
            return 0.0 if self.session.pace.is_fastest else max(0.0, min(left, FRAME))
        if self._wanted:
            return max(left, 0.005)
        if not ready:
            return 0.1
        if self._is_unconfirmed and not away:
            return max(self._sent_at + LOST - time.monotonic(), 0.005)
        return None

    @property
    def _is_unconfirmed(self) -> bool:
        """Whether the page has yet to draw the last frame."""
        return self._drawn < self._sent

    def _until_frame(self) -> float:
        """Return the seconds to the next frame: not before the page has drawn those before it."""
        since = time.monotonic() - self._sent_at
        if self._sent - self._drawn >= UNDER_WAY and since < LOST:
            return max(0.01, FRAME - since)
        return FRAME - since

    def _frame(self, *, moving: bool) -> bytes:
        ready = self._warming.ready.is_set()
        waits = "own points are too few" if self.draft.missing else ""
        note = waits if ready else "the engine is being compiled, once: half a minute"
        return self.pictures.frame(moving=moving, engine_ready=ready, note=note)

    def _send(self, frame: bytes, shown: _Shown) -> None:
        """Put what goes with a frame on the page, and then the frame; in the page's own thread."""
        self._show_beside(shown)
        self.transport.show_playing()
        self.page.send_frame(frame)

    def _shown(self) -> _Shown:
        """Return what the curves show of the session; under its lock."""
        session, now = self.session, time.monotonic()
        per_epoch = session.stepper.updates_per_epoch
        mark = None if session.shown is None else session.shown.step / per_epoch
        of = (session.version, session.epoch, session.experiment.training)
        if of == self._curves_of or (session.playing and now - self._curves_at < CURVES):
            return _Shown(None, mark)
        self._curves_of, self._curves_at = of, now
        return _Shown((session.history, session.experiment, per_epoch), mark)

    def _show_beside(self, shown: _Shown) -> None:
        if shown.curves is not None:
            self.curves.show(*shown.curves)
            self.sharing.show()  # of curves there are pictures as well
        self.curves.look_back(shown.mark)

    def _later(self, call: Callable[[], None]) -> None:
        """Do something in the page's own thread; here, where no server has made the page."""
        if self._document is not None and self._document.session_context is not None:
            self._document.add_next_tick_callback(call)
        else:
            call()

    def confirm(self, number: int) -> None:
        """Take note that the page has drawn a frame."""
        self._drawn, self._heard_at = number, time.monotonic()
        if self._wanted or self._is_unconfirmed:
            self._workers.wake(self.work)

    def wake(self) -> None:
        """Have a frame sent as soon as may be."""
        self._wanted = True
        self._workers.wake(self.work)

    # ---- What the user does ----------------------------------------------------------------------

    def attempt(self, act: Callable[[], Any]) -> bool:
        """Do something to the session; what is wrong with it becomes a sentence on the page.

        Returns
        -------
        bool
            Whether it could be done.
        """
        try:
            self.do(act)
        except MlplabError as error:
            self.say(str(error))
            return False
        return True

    def do(self, act: Callable[[], Any], *, from_forms: bool = False) -> None:
        """Do something to the session, and show what has changed.

        Parameters
        ----------
        act : callable
        from_forms : bool
            Whether the set-up forms ask for it: then they are not shown anew.

        Raises
        ------
        MlplabError
            If it cannot be done.
        """
        session, pictures = self.session, self.pictures
        version, dataset, draft = session.version, session.experiment.dataset, pictures.draft
        with session.lock:
            act()
            if session.experiment.dataset != dataset:
                pictures.draft = None
        is_another = session.version != version or pictures.draft is not draft
        if is_another and not from_forms:
            self._show_forms()
        if is_another:
            self._show_scene()
        elif from_forms:
            self.transport.show()  # it may be a preset no more
        self.page.message = self.draft.missing
        self.wake()

    def say(self, sentence: str) -> None:
        """Show a sentence over the page, again if it was there: it goes by itself."""
        if sentence == self.page.message:
            self.page.message = ""
        self.page.message = sentence
        self.wake()

    def choose_preset(self, title: str) -> None:
        """Begin with one of the presets."""
        self.load(PRESETS[title])

    def load(self, experiment: Experiment) -> None:
        """Begin with another experiment.

        Raises
        ------
        MlplabError
            If it is too large; then nothing has changed.
        """

        def begin() -> None:
            self.session.begin(experiment)
            self.pictures.forget_extent()

        self.do(begin)

    def _set_up(self) -> None:
        """Do as the forms say; trouble is shown beside the field."""
        try:
            self.take_table(self.setup.table)
        except MlplabError as error:
            self.setup.say_trouble(str(error))
            self.wake()

    def take_table(self, table: dict[str, Any]) -> None:
        """Change the experiment as a table of the spec says.

        Raises
        ------
        MlplabError
            If there is no such experiment; then nothing has changed.
        """
        experiment = Experiment(**table)

        def set_up() -> None:
            dataset = self.session.experiment.dataset
            self.session.set_experiment(experiment)
            if experiment.dataset != dataset:
                self.pictures.forget_extent()

        self.do(set_up, from_forms=True)
        self.setup.say_trouble("")

    def _theme_chosen(self, event: Any) -> None:
        # Panel may tell of it without the document's lock, which Bokeh's models ask for.
        self._later(lambda: self.curves.set_theme(event.new))

    def _stop_rule_chosen(self, event: Any) -> None:
        with self.session.lock:
            self.session.stop_rule = event.new
        self.wake()

    def _show_all(self) -> None:
        self._show_forms()
        self._show_scene()

    def _show_forms(self) -> None:
        self.setup.show(self.session.experiment)
        self.setup.stop_rule.value = self.session.stop_rule

    def _show_scene(self) -> None:
        with self.session.lock:
            self.page.scene = self.pictures.scene()
        self.transport.show()
        self.sharing.show()

    # ---- Links -----------------------------------------------------------------------------------

    def link(self) -> str:
        """Return everything about the session as text."""
        with self.session.lock:
            return write_link(self.session)

    def open_link(self, text: str) -> None:
        """Go on with the session of a link.

        Raises
        ------
        MlplabError
            If it is damaged; then nothing has changed.
        """
        restored = read_link(text)
        self.draft.forget()
        before = self.session
        self.studies.end()
        with before.lock:
            restored.version = before.version + 1
            restored.lock = before.lock  # a worker may be waiting for it
            self.session = restored
            shown = self.pictures
            self.pictures = Pictures(restored, self.studies)
            self.pictures.inspection, self.pictures.by_hand = shown.inspection, shown.by_hand
            self.pictures.number = self._sent
            before.close()
        self.page.message = ""
        self._show_all()
        self.wake()
