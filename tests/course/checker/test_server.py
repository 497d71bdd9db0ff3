"""The server ends a test whose client is gone, wherever in their talk it was killed."""

from __future__ import annotations

import os
import select
import socket
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from mlplab.course.checker.answer import Limits
from mlplab.course.checker.client import Client
from mlplab.course.checker.inside import ending
from mlplab.course.checker.inside.messages import pack
from mlplab.course.checker.inside.server import STATUS
from mlplab.course.checker.runner import FORKS

pytestmark = pytest.mark.slow  # a process or more for each test


@pytest.mark.skipif(not FORKS, reason="each test is a server of its own")
@pytest.mark.parametrize("has_read", [False, True])
def test_a_test_ends_with_its_client(tmp_path: Path, has_read: bool) -> None:
    for name in ("home", "test"):
        (tmp_path / name).mkdir()
    (tmp_path / "test" / "mlp.py").write_text("import time\nwhile True: time.sleep(600)")
    request = {
        "action": "load",
        "arguments": {"file": "mlp.py"},
        "folder": str(tmp_path / "test"),
        "limits": asdict(Limits(600.0, 512, 1)),
    }
    client = Client(tmp_path, (), forks=True)
    answer, result = os.pipe()
    try:
        socket.send_fds(client._socket, [b"t"], [result])
        client._send(pack(request))
        os.close(result)
        if has_read:
            client._socket.recv(STATUS.size, socket.MSG_WAITALL)
        client._socket.close()
        # The process has the pipe open for as long as there is the process.
        assert select.select([answer], [], [], 60)[0]
        assert os.read(answer, 1) == b""
        assert client._process.wait(60) == 0
    finally:
        client.end()
        os.close(answer)


def test_a_process_is_ended_before_its_group(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it might begin the group, and start others in it, just after nobody was found there."""
    told: list[str] = []

    def note(name: str) -> Any:
        return lambda *_: told.append(name)

    for name in ("kill", "killpg"):
        monkeypatch.setattr(ending.os, name, note(name))
    ending.kill_process_group(10**9)
    assert told == ["kill", "killpg"]
