"""A number is not parted from its sign at the end of a line: "98.8 %", "2.9 ×", "0.47 → 0.29"."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

_BEFORE_SIGN = re.compile(r"(?<=\d) (?=[%×](?!\w))")
_ARROW = re.compile(r"(?<=\d) → (?=\d)")
_VERBATIM = (nodes.literal, nodes.FixedTextElement, nodes.raw, nodes.comment)


def unparted(text: str) -> str:
    r"""Return a text whose spaces before signs do not break.

    >>> unparted("98.8 % of 12 runs") == "98.8\xa0% of 12 runs"
    True
    """
    return _ARROW.sub("\xa0→\xa0", _BEFORE_SIGN.sub("\xa0", text))


class Unparted(SphinxTransform):
    """Change the texts of a page, but for code."""

    default_priority = 800

    def apply(self, **options: object) -> None:
        """Replace each text that has such a number."""
        for text in list(self.document.findall(nodes.Text)):
            if isinstance(text.parent, _VERBATIM):
                continue
            changed = unparted(text.astext())
            if changed != text.astext():
                text.parent.replace(text, nodes.Text(changed))
