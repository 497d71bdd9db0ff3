"""What comes back from a test's process, and what it may use."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mlplab.course.checker.inside.borrowed import MOST
from mlplab.course.checker.inside.calls import MOST_TEXT
from mlplab.course.checker.inside.faults import LONGEST
from mlplab.course.checker.inside.messages import unpack

Ending = Literal["answered", "timeout", "crash"]

LONGEST_NAME = 100
"""Characters of a name of what was borrowed that are read."""

MOST_NAMES = 1000
"""Texts of one list that are read."""

PRINTED = ("printed", "printed_as_error")
"""Under which names of an answer a longer text stands: what `evaluate` printed."""


@dataclass(frozen=True)
class Limits:
    """What one test may use.

    Attributes
    ----------
    seconds : float
        Of processor time, so that a busy machine costs nobody marks; of wall time
        `runner.WALL_TIME_FACTOR` times as many.
    memory : int
        MiB, on top of what Python and NumPy take; on Linux only.
    file_size : int
        MiB of a file that it writes.
    """

    seconds: float = 10.0
    memory: int = 1024
    file_size: int = 16


@dataclass(frozen=True)
class Answer:
    """How a test's process ended, and what it said.

    Attributes
    ----------
    ending : str
        `answered`; `timeout` if it was ended for taking too long; `crash` if it ended without an answer.
    content : dict
        What `inside.calls` returned; empty without an answer.
    signal : str or None
        By which the process ended, such as SIGABRT.
    seconds : float
        Of wall time, from the start of the test to its answer or its end.
    memory_limited : bool
        Whether this system limits a test's memory.
    borrowed : tuple of str
        What it asked of libraries that the checker does not have, and of mlplab.
    """

    ending: Ending
    content: Mapping[str, Any]
    signal: str | None
    seconds: float
    memory_limited: bool = True
    borrowed: tuple[str, ...] = ()


def read_answer(
    content: bytes | None, status: int | None, timed_out: bool, seconds: float
) -> Answer:
    """Say how a test ended, whatever its process wrote.

    Parameters
    ----------
    content : bytes or None
        The answer, if all of it came.
    status : int or None
        Of the process, as `os.waitpid` gives it; None if nobody knows.
    timed_out : bool
        Whether it was ended for taking too long.
    seconds : float
        Of wall time.

    Examples
    --------
    >>> read_answer(b'{"answer": {"names": []}}', 0, False, 0.1).content
    {'names': []}
    >>> read_answer(None, 6, False, 0.1).signal
    'SIGABRT'
    """
    message = None if content is None else _read_message(content)
    if message is not None:
        found, memory_limited, borrowed = message
        return Answer("answered", found, None, seconds, memory_limited, borrowed)
    # Of a process that wrote something else into the pipe it is we who end it.
    name = _signal_name(status) if content is None else None
    late = timed_out or name == "SIGXCPU"
    return Answer("timeout" if late else "crash", {}, None if late else name, seconds)


def _read_message(content: bytes) -> tuple[dict[str, Any], bool, tuple[str, ...]] | None:
    """Return an answer, whether memory was limited, and what was borrowed; None for anything else."""
    try:
        message = unpack(content)
        answer = _cut(message["answer"]) if isinstance(message, dict) else None
    except (ValueError, KeyError, RecursionError):
        return None
    if not isinstance(answer, dict):
        return None
    borrowed = message.get("borrowed")
    names = [
        name[:LONGEST_NAME]
        for name in (borrowed if isinstance(borrowed, list) else [])
        if isinstance(name, str)
    ]
    return answer, message.get("memory_limited") is not False, tuple(names[:MOST])


def _cut(value: Any) -> Any:
    """Return an answer with no text longer than `inside` sends it: who forges one may send any.

    >>> _cut({"fault": {"message": "x" * 1000, "line": [1, 2]}})["fault"].keys()
    dict_keys(['message'])
    """
    if isinstance(value, str):
        return value[:LONGEST]
    if isinstance(value, list):
        parts = value[:MOST_NAMES] if any(isinstance(part, str) for part in value) else value
        return [_cut(part) for part in parts]
    if not isinstance(value, dict):
        return value
    found = {}
    for name, part in value.items():
        if name in PRINTED and isinstance(part, str):
            found[name] = part[-MOST_TEXT:]
        elif name == "fault" and isinstance(part, dict):
            plain = {key: each for key, each in part.items() if isinstance(each, str | int | None)}
            found[name] = _cut(plain)
        else:
            found[name[:LONGEST]] = _cut(part)
    return found


def _signal_name(status: int | None) -> str | None:
    if status is None or not os.WIFSIGNALED(status):
        return None
    number = os.WTERMSIG(status)
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal has no name
        return f"signal {number}"
