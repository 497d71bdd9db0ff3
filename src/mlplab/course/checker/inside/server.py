"""The process that runs the student's code, one test after the other.

It imports NumPy, which takes a while, and no line of the student's. For each test it then splits off
a process of its own (fork), which takes milliseconds, sets its limits, imports the student's file again,
does what is asked, and writes the answer into a pipe of its own. What the student prints is discarded.

Splitting is safe on Linux. macOS's own libraries may hang in a process that was split off; there, each
test gets a new server instead (`once`).
"""

from __future__ import annotations

import importlib
import os
import socket
import struct
import sys
from pathlib import Path
from typing import Any

from .ending import kill_process_group
from .messages import pack, unpack

LENGTH = struct.Struct("!Q")
STATUS = struct.Struct("!i")


def serve(descriptor: int, once: bool) -> None:
    """Do what the client asks over a socket, until it closes it.

    Parameters
    ----------
    descriptor : int
        Of the socket.
    once : bool
        Run one test in this very process, and end.
    """
    client = socket.socket(fileno=descriptor)
    greeting = unpack(_receive(client))
    _prepare(greeting)
    client.sendall(b"r")
    while True:
        head, descriptors, _, _ = socket.recv_fds(client, 1, 1)
        if not head:
            return
        request = unpack(_receive(client))
        pid = 0 if once else os.fork()
        [result] = descriptors
        if pid == 0:
            if not once:
                # Not said by the server: once the student's code runs, it may end that first.
                client.sendall(STATUS.pack(os.getpid()))
            client.close()
            _run(request, result)
        os.close(result)
        # The client has the answer, or has waited long enough, and has ended the process. If it was
        # killed itself, this is what is left to do.
        if not _is_there(client):
            kill_process_group(pid)
            return
        _, status = os.waitpid(pid, 0)
        client.sendall(STATUS.pack(status))


def _is_there(client: socket.socket) -> bool:
    """Wait for a sign of the client; return whether it is still there."""
    try:
        return bool(client.recv(1))
    except ConnectionError:  # it was killed before it read what was sent
        return False


def _prepare(greeting: dict[str, Any]) -> None:
    """Import what tests need and what takes time: NumPy, and what the student's file will ask for."""
    sys.path[:] = greeting["path"]
    from . import calls, limits  # noqa: F401  # for the tests: with a guard, our files are closed too
    from .guard import CourseModule, Guard
    from .stubs import install_stubs

    guard = Guard(greeting["path"])
    install_stubs(guard)
    for path in sorted(Path(greeting["path"][0]).glob("*.py")):
        sys.meta_path.insert(0, CourseModule(path, guard))
    for name in ("numpy", *greeting["preload"]):
        try:
            importlib.import_module(name)
        except Exception:  # noqa: BLE001, S112  # it will fail again, and be told, in the test
            continue


def _run(request: dict[str, Any], result: int) -> None:
    """Run one test in this process, and end it."""
    from . import calls
    from .borrowed import noted
    from .limits import set_limits

    if os.getsid(0) != os.getpid():
        os.setsid()
    os.set_inheritable(result, False)
    folder = Path(request["folder"])
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    memory_limited = set_limits(**request["limits"])
    answer = calls.ACTIONS[request["action"]](folder, **request["arguments"])
    try:
        content = pack({"answer": answer, "memory_limited": memory_limited, "borrowed": noted()})
    except MemoryError:
        fault = {"kind": "memory", "type": "MemoryError", "message": ""}
        content = pack({"answer": {"fault": fault}, "memory_limited": memory_limited})
    _write(result, LENGTH.pack(len(content)) + content)
    os._exit(0)


def _write(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _receive(client: socket.socket) -> bytes:
    (length,) = LENGTH.unpack(_receive_exactly(client, LENGTH.size))
    return _receive_exactly(client, length)


def _receive_exactly(client: socket.socket, length: int) -> bytes:
    content = bytearray()
    while len(content) < length:
        part = client.recv(min(length - len(content), 2**20))
        if not part:
            os._exit(0)  # the client has ended
        content += part
    return bytes(content)
