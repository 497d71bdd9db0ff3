"""Node, in which the browser's modules are measured: what there is of it, and a process that trains."""

from __future__ import annotations

import json
import shutil
import subprocess
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlplab.wasm import BUILT

PROGRAM = BUILT / "speed.mjs"
"""What Node runs: `page/src/bench/speed.ts`, bundled."""

OLDEST = 20
"""The first version of Node that has all that the modules need."""


@dataclass(frozen=True)
class Node:
    """What there is of Node.

    Attributes
    ----------
    version : str
    fused : bool
        Whether one instruction rounds a product and a sum once; else only the exact module is right.
    """

    version: str
    fused: bool


def find_node() -> Node | str:
    """Return what there is of Node, or why nothing can be measured in it."""
    path = shutil.which("node")
    if path is None:
        return "Node is not installed"
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True)  # noqa: S603  # as PATH has it
    version = said.stdout.strip().removeprefix("v")
    if int(version.partition(".")[0]) < OLDEST:
        return f"Node {OLDEST} or newer is needed, and {version} is installed"
    return Node(version, NodeProcess().fused)


class NodeProcess:
    """Node in a process of its own, which trains what it is asked to; it ends with this object.

    Attributes
    ----------
    fused : bool
        As `Node` has it.
    """

    def __init__(self) -> None:
        # In a session of its own no interrupt reaches it: it ends when there is no one to ask it.
        self._process = subprocess.Popen(  # noqa: S603  # our own program
            [shutil.which("node") or "node", "--no-warnings", PROGRAM, BUILT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        weakref.finalize(self, _end, self._process)
        self.fused: bool = self._answer()["fused"]

    def ask(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Have it train once; `Asked` and `Answer` of `speed.ts` say what is asked and answered.

        Raises
        ------
        RuntimeError
            If it ends instead.
        """
        assert self._process.stdin is not None  # noqa: S101  # what PIPE means
        self._process.stdin.write(f"{json.dumps(asked)}\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101  # what PIPE means
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"Node ended, status {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer


def _end(process: subprocess.Popen[str]) -> None:
    """Tell a process that no more is asked, and wait for its end."""
    with process:
        pass
