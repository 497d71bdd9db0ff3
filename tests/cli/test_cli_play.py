"""`mlplab play` says at once what is wrong with where it is to be served."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

pytest.importorskip("panel")

Refused = Callable[..., str]


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_port_out_of_range(port: int, refused: Refused):
    assert refused("play", "--port", port) == (
        f"a port is a number from 0 to 65535, received {port}"
    )


def test_a_port_that_is_taken(refused: Refused):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        sentence = refused("play", "--port", port)
    assert sentence.startswith(f"cannot serve on 127.0.0.1, port {port}: ")
    assert "choose another by --port" in sentence


def test_a_public_address_needs_an_origin(refused: Refused):
    assert "name by --allow-origin" in refused("play", "--address", "0.0.0.0")


def test_an_address_that_is_none(refused: Refused):
    sentence = refused("play", "--address", "999.1.1.1", "--allow-origin", "x")
    assert sentence.startswith("cannot serve on 999.1.1.1")


def test_without_panel_it_says_what_to_install(refused: Refused, monkeypatch: pytest.MonkeyPatch):
    import sys

    for name in [n for n in sys.modules if n.split(".")[0] == "panel"]:
        monkeypatch.delitem(sys.modules, name)
    for name in [n for n in sys.modules if n.startswith("mlplab.playground")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "panel", None)
    assert refused("play") == (
        "the playground needs panel and bokeh, and panel is missing: "
        "install it with  pip install 'mlplab[playground]'"
    )
