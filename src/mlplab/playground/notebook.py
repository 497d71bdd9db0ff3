"""The playground in a notebook: a frame in the output of a cell, served by the notebook's own process."""

from __future__ import annotations

import functools
import html

from mlplab.errors import MlplabError, shown
from mlplab.playground.serving import BesideServer

LEAST_HEIGHT, LARGEST_HEIGHT = 300, 4000


class App:
    """What displays itself as the playground.

    A frame, and not the notebook's own connection to its kernel: so it looks the same in every notebook,
    and goes on while the kernel computes.

    Parameters
    ----------
    height : int
        Of the frame, in pixels.

    Attributes
    ----------
    url : str
        Of the page, for a browser on this machine.
    """

    def __init__(self, height: int) -> None:
        if not isinstance(height, int) or not LEAST_HEIGHT <= height <= LARGEST_HEIGHT:
            raise MlplabError(
                f"the height must be from {LEAST_HEIGHT} to {LARGEST_HEIGHT} pixels, "
                f"received {shown(height)}"
            )
        self._height = height
        self.url = _server().url

    def __repr__(self) -> str:
        return f"the playground is at {self.url} as long as this process lives"

    def _repr_html_(self) -> str:
        """Return the frame; notebooks ask for it."""
        return (
            f'<iframe src="{html.escape(self.url)}" title="mlplab playground" '
            f'style="width: 100%; height: {self._height}px; border: 0" '
            'allow="clipboard-write"></iframe>'
        )


@functools.cache
def _server() -> BesideServer:
    """Return the server of this process, which begins when it is first asked for."""
    return BesideServer()
