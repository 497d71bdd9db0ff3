"""What went wrong in the student's code: the kind of error, and the line of their own file."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

LONGEST = 300
"""Characters of a message that are passed on."""


def describe_error(error: BaseException, folder: Path) -> dict[str, Any]:
    """Return what an error says, and where in the student's files it was raised.

    Parameters
    ----------
    error : BaseException
    folder : Path
        Where the student's files lie. The last line of theirs on the way to the error is the one to
        look at, even where NumPy raised it.
    """
    fault: dict[str, Any] = {
        "kind": _kind(error),
        "type": type(error).__name__,
        "message": _message(error),
    }
    if isinstance(error, SyntaxError):
        file = Path(error.filename or "").name
        return fault | {"file": file, "line": error.lineno, "code": _short(error.text or "")}
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).parent == folder:
            place = {"file": Path(frame.filename).name, "line": frame.lineno}
            return fault | place | {"code": _short(frame.line or ""), "function": frame.name}
    return fault


def _kind(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "memory"
    if isinstance(error, SystemExit):
        return "exit"
    if isinstance(error, NotImplementedError):
        return "unwritten"
    return "error"


def _message(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return _short(error.msg)
    try:
        return _short(str(error))
    except Exception:  # noqa: BLE001  # the student's own class may be broken in any way
        return ""


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
