"""Firefox as it is installed, driven by its own protocol, Marionette: messages of JSON over a socket.

Playwright drives a Firefox of its own only. Source: Firefox Source Docs, "Marionette Protocol".
"""

from __future__ import annotations

import json
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

PATIENCE = 60
"""Seconds until Firefox must have answered."""


class Firefox:
    """A Firefox without a window; `profile` is an empty folder of its own."""

    def __init__(self, program: str, profile: Path) -> None:
        (profile / "user.js").write_text('user_pref("marionette.port", 0);\n')
        self._process = subprocess.Popen(
            [program, "--headless", "--marionette", "--no-remote", "--profile", str(profile)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            port = int(self._wait_for(profile / "MarionetteActivePort"))
            self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
            self._received = b""
            self._read()  # it says who it is
            self._ask("WebDriver:NewSession", {})
        except BaseException:
            self._process.kill()
            raise

    def open(self, url: str) -> None:
        """Open a page, and wait until it is loaded."""
        self._ask("WebDriver:Navigate", {"url": url})

    def run(self, script: str) -> Any:
        """Run the body of a function in the page, and return what it returns."""
        return self._ask("WebDriver:ExecuteScript", {"script": script, "args": []})["value"]

    def wait(self, condition: str) -> None:
        """Wait until an expression is true in the page."""
        ends = time.monotonic() + PATIENCE
        while not self.run(f"return Boolean({condition})"):
            if time.monotonic() > ends:
                raise TimeoutError(f"{condition} did not become true")
            time.sleep(0.05)

    def quit(self) -> None:
        """End it."""
        self._socket.close()
        self._process.kill()
        self._process.wait(PATIENCE)

    @staticmethod
    def _wait_for(file: Path) -> str:
        ends = time.monotonic() + PATIENCE
        while not (file.exists() and file.read_text()):
            if time.monotonic() > ends:
                raise TimeoutError("Firefox did not start")
            time.sleep(0.05)
        return file.read_text()

    def _ask(self, command: str, parameters: dict[str, Any]) -> Any:
        message = json.dumps([0, 1, command, parameters]).encode()
        self._socket.sendall(str(len(message)).encode() + b":" + message)
        _, _, error, result = self._read()
        if error:
            raise RuntimeError(f"{command}: {error['message']}")
        return result

    def _read(self) -> Any:
        """Return one message: its length, a colon, and JSON."""
        while b":" not in self._received:
            self._receive()
        length, self._received = self._received.split(b":", 1)
        while len(self._received) < int(length):
            self._receive()
        message = self._received[: int(length)]
        self._received = self._received[int(length) :]
        return json.loads(message)

    def _receive(self) -> None:
        part = self._socket.recv(2**16)
        if not part:
            raise ConnectionError("Firefox closed the connection")
        self._received += part
