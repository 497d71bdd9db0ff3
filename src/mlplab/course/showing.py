"""How the course's modules show a figure: in the notebook, and in a file if one is named."""

from __future__ import annotations

import sys
from pathlib import Path

from matplotlib.figure import Figure

from mlplab.figures import style
from mlplab.figures.file import DOTS_PER_INCH, rendered


def show(figure: Figure, save_path: str | Path | None = None) -> None:
    """Show a figure in the notebook that runs, and write it to a file if one is named.

    Outside a notebook there is nowhere to show it; a figure that is not written either is mentioned.

    Parameters
    ----------
    figure : Figure
    save_path : str or Path, optional
        The suffix names the format, any that matplotlib writes; PNG if there is none.

    Raises
    ------
    ValueError
        If matplotlib cannot write such a format.
    OSError
        If the file cannot be written.
    """
    if save_path is not None:
        with style():
            figure.savefig(save_path, dpi=DOTS_PER_INCH)
    if in_notebook():
        from IPython.display import Image, display

        # IPython draws figures by itself only once pyplot is there, whose state we do without.
        display(Image(data=rendered(figure, "png"), retina=True))
    elif save_path is None:
        print("A figure was drawn, but there is no notebook to show it: name a file as save_path.")


def in_notebook() -> bool:
    """Return whether the code runs in a notebook, or in IPython otherwise.

    >>> in_notebook()
    False
    """
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return get_ipython() is not None
