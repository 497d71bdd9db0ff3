"""The playground: set up an experiment in the browser, watch it learn, look inside, take it away.

From the inside outwards:

    session/     one person's experiment, without any page: its trial under way, own points, time line
    by_hand/     task 3: weights that draw a line
    programs/    networks as programs that stand alone
    studies/     what is trained beside a session: a hundred of the same, two set-ups compared, a map
    pictures/    what there is to see of a network, as arrays for the page
    take_away/   links that restore everything, programs that answer the same, files
    controls/    the page's forms, buttons, curves, and files in and out
    assets/      what the browser draws, as ES modules and style sheets
    live         a session and its page together; what the page does with own points under way is in
                 `draft`, with populations in `many_runs`, with what the browser says in `messages`
    page         the page; `serving` hands pages out, `notebook` into a notebook
    workers      train all sessions fairly, after `warming` has had the engine compiled
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mlplab.errors import MissingExtraError

if TYPE_CHECKING:
    from mlplab.playground.notebook import App


def app(height: int = 820) -> App:
    """Return the playground for a notebook: as the last line of a cell it displays itself.

    It is served by this process, to this machine only; each place where it is displayed has a session of
    its own. A kernel that is busy, or starts another cell, does not stop it.

    Parameters
    ----------
    height : int
        Of the frame, in pixels.

    Raises
    ------
    MissingExtraError
        If Panel is not installed.
    MlplabError
        If the height is no height, or no port is free.

    Examples
    --------
    >>> app(height=-1)
    Traceback (most recent call last):
        ...
    mlplab.errors.MlplabError: the height must be from 300 to 4000 pixels, received -1
    """
    made: App = load_part("notebook").App(height)
    return made


def load_part(name: str) -> Any:
    """Return one of the modules here, which need Panel.

    Raises
    ------
    MissingExtraError
        If Panel is not installed.
    """
    try:
        return import_module(f"mlplab.playground.{name}")
    except ModuleNotFoundError as error:
        if error.name not in ("bokeh", "panel", "param"):
            raise
        raise MissingExtraError(
            f"the playground needs panel and bokeh, and {error.name} is missing", "playground"
        ) from error
