"""Links that lead somewhere on a code host too, where the pages that are made from the code are not.

In the text they lead to the code; in the documentation, to the page that is made from it.
"""

from __future__ import annotations

from sphinx.application import Sphinx

PAGES = {
    "tour/the_lab.py": "the-lab/the_lab.rst",
    "../src/mlplab/cli": "reference/command-line.rst",
    "../src/mlplab/spec": "reference/mlplab.spec.rst",
    "../src/mlplab/reference": "reference/mlplab.reference.rst",
}
"""What a page in `docs/` links to, and the page that Sphinx writes of it."""


def lead_to_pages(app: Sphinx, page: str, source: list[str]) -> None:
    """Change the links of a page before it is parsed."""
    for code, written in PAGES.items():
        source[0] = source[0].replace(f"]({code})", f"]({written})")
