"""The playground in a notebook: the whole page in the output of a cell."""

from __future__ import annotations

import html

from mlplab.errors import MlplabError, shown
from mlplab.playground.opening import Opened
from mlplab.playground.page import page_text

LEAST_HEIGHT, LARGEST_HEIGHT = 300, 4000


class App:
    """What displays itself as the playground.

    The frame is sandboxed: the page runs scripts and gives files, and reaches nothing of the notebook.

    Parameters
    ----------
    opened : Opened or None
        What the page begins with.
    height : int
        Of the frame, in pixels.
    """

    def __init__(self, opened: Opened | None, height: int) -> None:
        if not isinstance(height, int) or not LEAST_HEIGHT <= height <= LARGEST_HEIGHT:
            raise MlplabError(
                f"the height must be from {LEAST_HEIGHT} to {LARGEST_HEIGHT} pixels, "
                f"received {shown(height)}"
            )
        self._opened, self._height = opened, height

    def __repr__(self) -> str:
        return "the playground, which a notebook shows; elsewhere, `mlplab play` does"

    def _repr_html_(self) -> str:
        """Return the frame; notebooks ask for it."""
        return (
            f'<iframe srcdoc="{html.escape(page_text(self._opened))}" title="mlplab playground" '
            'sandbox="allow-scripts allow-downloads" allow="clipboard-write" '
            f'style="width: 100%; height: {self._height}px; border: 0"></iframe>'
        )
