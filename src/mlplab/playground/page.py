"""The page as a component of Panel's: canvases of our own, and Panel's controls in their places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import param
from panel.custom import JSComponent
from panel.viewable import Child

from mlplab.figures import COLOURS
from mlplab.playground.assets import read_asset

SCRIPTS = (
    *("frames.js", "drawing.js", "point_editor.js", "plane.js"),
    *("atlas.js", "layer_controls.js", "number_editor.js", "links.js", "diagram.js"),
    *("confusion.js", "hidden.js", "histograms.js"),
    *("strip.js", "replication.js", "compare.js", "map.js"),
    *("line.js", "by_hand.js", "inspect.js"),
    "page.js",
)
"""Parts of one ES module, in their order."""


class Page(JSComponent):
    """What the browser shows, and what it is told.

    `scene` is what changes seldom (points, shape of the network), `frame` the network as it is at first;
    both as `frames.pack` has them. Later frames go as messages: before it sends a property, Panel looks
    through all that is on the page, which takes longer than a frame. What the user does comes as
    messages, and the number of each frame that has been drawn: then the next may come.
    """

    scene = param.Bytes(default=b"")
    frame = param.Bytes(default=b"")
    message = param.String(default="")
    copied = param.Dict(default={"text": ""})
    palette = param.List(default=list(COLOURS))
    theme = param.String(default="light")
    transport = Child()
    setup = Child()
    curves = Child()

    _esm = "\n".join(read_asset(name) for name in SCRIPTS)
    _stylesheets: ClassVar[list[str]] = [read_asset("page.css"), read_asset("by_hand.css")]

    def __init__(self, on_message: Callable[[dict[str, Any]], None], **params: Any) -> None:
        self._on_message = on_message
        super().__init__(**params)  # type: ignore[no-untyped-call]  # Panel has no types

    def send_frame(self, frame: bytes) -> None:
        """Show another frame; in the page's own thread."""
        self._send_msg({"frame": frame})

    def _handle_msg(self, data: Any) -> None:
        if isinstance(data, dict):
            self._on_message(data)
