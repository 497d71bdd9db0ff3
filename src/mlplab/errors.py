"""What mlplab raises when its user, not mlplab, must change something.

Every message is one sentence that says what was expected, what came, and where. The command line
prints it and exits with status 2; in Python it is a `ValueError` like any other.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from numbers import Integral
from pathlib import Path
from typing import Any

__all__ = [
    "ClusterError",
    "DataError",
    "LineError",
    "MissingExtraError",
    "MissingLabelError",
    "MlplabError",
    "SpecError",
    "StoreError",
]


class MlplabError(ValueError):
    """Base of all errors that the user can mend."""


class UnwrittenFileError(MlplabError):
    """A file cannot be written.

    Attributes
    ----------
    path : Path
    reason : str
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"cannot write the file '{path}': {reason}")
        self.path, self.reason = path, reason

    def __reduce__(self) -> tuple[type[UnwrittenFileError], tuple[Path, str]]:
        # A pickle makes an exception anew from its message, which is not what this one is made of.
        return type(self), (self.path, self.reason)


class SpecError(MlplabError):
    """An experiment's description is not valid."""


class DataError(MlplabError):
    """Samples cannot be used: a file, arrays or a DataFrame."""


class MissingLabelError(DataError):
    """A file of samples has no column of the label's name."""


class StoreError(MlplabError):
    """A store of finished runs cannot be opened, read or written."""


class ClusterError(MlplabError):
    """A cluster cannot be used, or was lost: what it had trained by then is kept."""


class LineError(MlplabError):
    """A text is not the equation of a line."""


class MissingExtraError(MlplabError):
    """An optional dependency is not installed, or cannot be used as it is set up."""

    def __init__(self, needs: str, extra: str) -> None:
        from mlplab.installation import install_command

        super().__init__(f"{needs}: install it with  {install_command(extra)}")
        self.needs = needs
        self.extra = extra

    def __reduce__(self) -> tuple[type[MissingExtraError], tuple[str, str]]:
        return type(self), (self.needs, self.extra)


def shown(value: object) -> str:
    """Write a value for a message: as Python does, but on one line and no longer than 60 characters.

    >>> shown("relu"), shown(range(3)), len(shown("x" * 100))
    ("'relu'", 'range(0, 3)', 60)
    """
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def in_a_line(text: object) -> str:
    r"""Write what another library says for a message: on one line, no longer than 300 characters.

    A damaged file may be quoted in it: what a terminal would obey becomes a question mark. Of an error of
    the system there is the reason, not the path.

    >>> in_a_line("no such\n  layer: \x1b[2J"), len(in_a_line("x" * 1000))
    ('no such layer: ?[2J', 300)
    """
    if isinstance(text, OSError):
        # Without its number and the path, which the message has already.
        text = text.strerror or text
    line = "".join(each if each.isprintable() else "?" for each in " ".join(str(text).split()))
    return line if len(line) <= 300 else f"{line[:297]}..."


def whole_number(name: str, value: Any, least: int, most: int | None = None) -> int:
    """Return a whole number within limits.

    Raises
    ------
    MlplabError
        If it is none, or beyond them.

    Examples
    --------
    >>> whole_number("update", 7, least=0)
    7
    >>> whole_number("grid", 1, least=2, most=1001)
    Traceback (most recent call last):
        ...
    mlplab.errors.MlplabError: grid must be a whole number from 2 to 1001, received 1
    """
    is_whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not is_whole or value < least or (most is not None and value > most):
        limits = f"from {least} {'on' if most is None else f'to {most}'}"
        raise MlplabError(f"{name} must be a whole number {limits}, received {shown(value)}")
    return int(value)


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return what to say after "unknown word": the nearest known one, and all of them.

    >>> suggestion("sigmod", ["linear", "sigmoid"])
    "did you mean 'sigmoid'? (known: linear, sigmoid)"
    >>> suggestion("xyz", ["linear", "sigmoid"])
    'known: linear, sigmoid'
    >>> suggestion("relu", ["activation-sigmoid", "activation-relu"])
    "did you mean 'activation-relu'? (known: activation-sigmoid, activation-relu)"
    >>> suggestion("x1", ["X2", "X1"])
    "did you mean 'X1'? (known: X2, X1)"
    """
    words = list(known)
    listing = f"known: {', '.join(words)}"
    # Upper case, a word left out and an end left out ("ReLU", "normal", "he") are the commonest slips.
    low = word.lower()
    nearest = (
        [known for known in words if known.lower() == low]
        or [known for known in words if low in re.split("[_-]", known)]
        or difflib.get_close_matches(low, words, n=1, cutoff=0.5)
        or [known for known in words if word and known.startswith(low)]
    )
    return f"did you mean '{nearest[0]}'? ({listing})" if nearest else listing
