"""What the student's code asked of somebody else's networks, noted by name for the report."""

from __future__ import annotations

MOST = 20
"""Names that are kept."""

_names: dict[str, None] = {}


def note(name: str) -> None:
    """Note a module, function or file by its name, such as `keras.Sequential`."""
    if len(_names) < MOST:
        _names[name] = None


def noted() -> list[str]:
    """Return what was noted in this process, in the order in which it was asked for."""
    return list(_names)
