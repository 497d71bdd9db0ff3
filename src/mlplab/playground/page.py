"""The page's text: all of it in one file, with the experiment that it begins with."""

from __future__ import annotations

from mlplab.playground import PAGE
from mlplab.playground.opening import Opened

TITLE = "<title>mlplab playground</title>"
"""By which a file is known as the page."""

_PLACE = '<div id="page">'
"""What stands before the page's script."""


def page_text(opened: Opened | None = None) -> str:
    """Return the page, which asks no other place for anything.

    Parameters
    ----------
    opened : Opened, optional
        What it begins with. It stands in an element `opened` as JSON, which no label in it can end.
    """
    text = PAGE.read_bytes().decode("utf-8")
    if opened is None:
        return text
    before, place, after = text.partition(_PLACE)
    data = opened.to_json().replace("<", r"\u003c")
    element = f'<script type="application/json" id="opened">{data}</script>'
    return f"{before}{element}\n{place}{after}"
