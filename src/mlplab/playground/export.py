"""The page written to disk: one file, or a folder for any web host."""

from __future__ import annotations

from pathlib import Path

from mlplab.errors import MlplabError
from mlplab.playground import PAGE
from mlplab.playground.page import TITLE
from mlplab.staging import staged, staged_file


def export_page(text: str, place: Path) -> Path:
    """Write the page's text, and return the file that was written.

    Parameters
    ----------
    text : str
        As `page_text` returns it.
    place : Path
        `.html` is one file, which opens by double click. Anything else is a folder, which gets the same
        file as `index.html`. An earlier export is replaced; other files in the folder stay.

    Raises
    ------
    MlplabError
        If there is something else than an earlier export, or the file cannot be written.
    """
    content = text.encode("utf-8")
    if place.suffix.lower() in (".html", ".htm"):
        if place.is_file() and not _is_page(place):
            raise MlplabError(
                f"'{place}' is not a playground: expected a new file or an earlier export"
            )
        with staged_file(place) as stage:
            stage.write_bytes(content)
        return place
    file = place / PAGE.name
    if place.is_dir() and not _is_page(file) and _holds_files(place):
        raise MlplabError(
            f"the folder '{place}' is not empty and holds no playground: expected a new folder, an empty "
            "one, or an earlier export"
        )
    with staged(place, [PAGE.name]) as stage:
        (stage / PAGE.name).write_bytes(content)
    return file


def _is_page(file: Path) -> bool:
    if not file.is_file():
        return False
    with file.open("rb") as content:
        return TITLE.encode() in content.read(4096)


def _holds_files(folder: Path) -> bool:
    """Tell whether there is anything but hidden files, such as those of version control."""
    return any(not path.name.startswith(".") for path in folder.iterdir())
