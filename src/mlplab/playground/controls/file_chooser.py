"""A field for a file. A browser that sends one of 90 MB loses its connection: it refuses by the size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import param
from panel.custom import JSComponent

from mlplab.errors import MlplabError
from mlplab.playground.assets import read_asset

_STYLE = ".bk-input-group { width: 100%; } .bk-input { box-sizing: border-box; width: 100%; }"

LONGEST_NAME = 60
"""Letters of a file's name in a sentence: its last ones."""

LARGEST_SIZE = 2**53
"""Of a message: what JavaScript counts to."""


class FileChooser(JSComponent):
    """What the browser shows for a file, and what it sends of one that is chosen.

    Parameters
    ----------
    on_file : callable
        Called with name and content of each file that is taken.
    on_refused : callable
        Called with a sentence for each other one.
    accept : str
        Endings of the files that are offered.
    label : str
    most : int
        Bytes of the largest file that is taken; of a larger one the browser sends the size only.
    """

    accept = param.String(default="")
    label = param.String(default="open a file")
    most = param.Integer(default=1_000_000)

    _esm = read_asset("file_chooser.js")
    _stylesheets: ClassVar[list[str]] = [_STYLE]

    def __init__(
        self,
        on_file: Callable[[str, bytes], None],
        on_refused: Callable[[str], None],
        **params: Any,
    ) -> None:
        self._on_file = on_file
        self._on_refused = on_refused
        super().__init__(**params)  # type: ignore[no-untyped-call]  # Panel has no types

    def _handle_msg(self, data: Any) -> None:
        try:
            name, content = self._checked(data)
        except MlplabError as error:
            self._on_refused(str(error))
        else:
            self._on_file(name, content)

    def _checked(self, data: Any) -> tuple[str, bytes]:
        """Return name and content; a message comes from a browser, and may say anything.

        Raises
        ------
        MlplabError
            If the file is too large or empty, or has not come.
        """
        said = data if isinstance(data, dict) else {}
        name = str(said.get("name") or "the file")[-LONGEST_NAME:]
        content, size = said.get("content"), said.get("size")
        if isinstance(content, bytes):
            size = len(content)
        if isinstance(size, int) and size > self.most:
            raise MlplabError(
                f"{name}: the playground opens files of {self.most / 1e6:g} MB at most, "
                f"received {min(size, LARGEST_SIZE) / 1e6:.1f} MB"
            )
        if not isinstance(content, bytes):
            raise MlplabError(f"{name}: the browser could not read the file")
        if not content:
            raise MlplabError(f"{name}: the file is empty")
        return name, content
