"""Pictures of the gallery: the figures that a block of a script made.

mlplab's figures are matplotlib's, but none of pyplot's, where sphinx-gallery looks for them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from sphinx_gallery.scrapers import figure_rst

from mlplab.figures.file import rendered


def figures_of_block(block: Any, block_vars: dict[str, Any], gallery_conf: dict[str, Any]) -> str:
    """Save the figures that a block has assigned, or that its last line is, and return their links."""
    known = block_vars.setdefault("figures_saved", [])
    found = [
        value
        for value in block_vars["example_globals"].values()
        if isinstance(value, Figure) and not any(value is each for each in known)
    ]
    paths = []
    for figure in dict.fromkeys(found):
        path = next(block_vars["image_path_iterator"])
        Path(path).write_bytes(rendered(figure, "png"))
        paths.append(path)
        known.append(figure)
    return figure_rst(paths, gallery_conf["src_dir"])
