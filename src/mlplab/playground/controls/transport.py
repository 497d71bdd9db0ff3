"""The header's controls: preset, play and its companions, speed, seed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import panel as pn

from mlplab.playground.controls.forms import IntInput, widget
from mlplab.playground.session.pace import DEFAULT_SPEED, SPEEDS
from mlplab.playground.session.presets import PRESETS

if TYPE_CHECKING:
    from mlplab.playground.live import Live

OWN_WAY = "own set-up"
"""Stands in the menu of presets for none of them."""

HEIGHT = 30

LARGEST_SHOWN = 2**31 - 1
"""Of a seed that the page draws: short enough to be read out."""


class Transport:
    """What starts, stops and repeats the training.

    Parameters
    ----------
    live : Live

    Attributes
    ----------
    view : Row
    """

    def __init__(self, live: Live) -> None:
        self._live = live
        self._quiet = False
        self.preset = widget(
            pn.widgets.Select,
            options=[*PRESETS, OWN_WAY],
            sizing_mode="fixed",
            width=236,
            height=HEIGHT,
        )
        self.play = _button("▶  Play", 96, color="primary")
        self.update = _button("+1 update", 94)
        self.epoch = _button("+1 epoch", 88)
        self.reset = _button("Reset", 66)
        self.speed = widget(
            pn.widgets.Select,
            options=list(SPEEDS),
            value=DEFAULT_SPEED,
            sizing_mode="fixed",
            width=108,
            height=HEIGHT,
        )
        self.seed = widget(IntInput, value=0, sizing_mode="fixed", width=78, height=HEIGHT)
        self.new_seed = _button("New seed", 90)
        for name in ("play", "update", "epoch", "reset", "new_seed"):
            act = "toggle" if name == "play" else name
            getattr(self, name).on_click(lambda event, act=act: self.act(act))
        self.preset.param.watch(self._preset_chosen, "value")
        self.speed.param.watch(self._speed_chosen, "value")
        self.seed.param.watch(self._seed_typed, "value")
        label = pn.pane.HTML(
            '<span style="color:var(--muted);font-size:13px;line-height:30px">seed</span>', margin=0
        )
        self.view = pn.Row(
            self.preset,
            self.play,
            self.update,
            self.epoch,
            self.reset,
            self.speed,
            pn.Row(label, self.seed, self.new_seed, margin=0, styles={"gap": "8px"}),
            margin=0,
            sizing_mode="stretch_width",
            styles={"gap": "8px", "flex-wrap": "wrap", "align-items": "center"},
        )

    def act(self, name: str) -> None:
        """Do what a button or a key says."""
        session = self._live.session
        acts: dict[str, Callable[[], None]] = {
            "toggle": session.pause if session.playing else self._trained(session.play),
            "update": self._trained(lambda: session.train_updates(1)),
            "epoch": self._trained(session.train_epoch),
            "reset": session.reset,
            "new_seed": lambda: session.set_seed(_another(session.seed)),
        }
        if name in acts:
            self._live.attempt(acts[name])
            self.show_playing()

    def _trained(self, act: Callable[[], None]) -> Callable[[], None]:
        """Return an act that trains, if there is something to train on."""

        def do() -> None:
            self._live.draft.check()
            act()

        return do

    def show(self) -> None:
        """Bring preset, seed and speed up to date."""
        session = self._live.session
        self._quiet = True
        try:
            titles = [title for title, e in PRESETS.items() if e == session.experiment]
            self.preset.value = titles[0] if titles else OWN_WAY
            self.seed.value = session.seed
            self.speed.value = session.pace.speed
        finally:
            self._quiet = False
        self.show_playing()

    def show_playing(self) -> None:
        """Say on the button what it does."""
        text = "❚❚  Pause" if self._live.session.playing else "▶  Play"
        if self.play.label != text:
            self.play.label = text

    def _preset_chosen(self, event: Any) -> None:
        if not self._quiet and event.new in PRESETS:
            self._live.choose_preset(event.new)

    def _speed_chosen(self, event: Any) -> None:
        if not self._quiet:
            with self._live.session.lock:
                self._live.session.pace.speed = event.new

    def _seed_typed(self, event: Any) -> None:
        if self._quiet:
            return
        if event.new is None or event.new < 0:
            self._live.say("a seed is a whole number from 0 on")
        else:
            self._live.attempt(lambda: self._live.session.set_seed(event.new))
        self.show()  # a seed that is refused does not stay


def _another(seed: int) -> int:
    """Return the next seed; there is no chance in it, so that a class sees the same.

    >>> _another(0), _another(LARGEST_SHOWN)
    (1, 0)
    """
    return 0 if seed >= LARGEST_SHOWN else seed + 1


def _button(text: str, width: int, **options: Any) -> Any:
    return widget(
        pn.widgets.Button, label=text, sizing_mode="fixed", width=width, height=HEIGHT, **options
    )
