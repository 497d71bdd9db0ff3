"""The server hands out the page and nothing else, to those who call it by a name of this machine."""

from __future__ import annotations

import http.client
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest

from mlplab.errors import MlplabError
from mlplab.playground.serving import HEADERS, PageServer, serve

TEXT = "<!doctype html><title>mlplab playground</title>σ"

Start = Callable[..., PageServer]

HAS_IPV6 = socket.has_ipv6


@pytest.fixture
def start() -> Iterator[Start]:
    """A function that serves the page in a thread."""
    with ExitStack() as stack:

        def begin(address: str = "127.0.0.1", *allow_host: str) -> PageServer:
            server = stack.enter_context(PageServer(TEXT, 0, address, allow_host))
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
            stack.callback(server.shutdown)
            return server

        yield begin


def ask(
    server: PageServer, path: str = "/", method: str = "GET", host: str | None = None
) -> tuple[int, str, dict[str, str]]:
    """Return status, body and headers of an answer; `host` is what the browser calls the server."""
    port = server.server_address[1]
    address = "::1" if "[" in server.url else "127.0.0.1"
    with closing(http.client.HTTPConnection(address, port, timeout=10)) as connection:
        connection.putrequest(method, path, skip_host=True)
        if host != "":
            connection.putheader("Host", (host or server.url[7:-1]).replace("PORT", str(port)))
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), dict(answer.getheaders())


@pytest.mark.parametrize("path", ["/", "/index.html", "/?from=a", "/index.html?"])
def test_the_page_is_handed_out(path: str, start: Start):
    status, body, headers = ask(start(), path)
    assert (status, body) == (200, TEXT)
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert int(headers["Content-Length"]) == len(TEXT.encode())
    assert HEADERS.items() <= headers.items()


def test_head_has_no_body(start: Start):
    status, body, headers = ask(start(), method="HEAD")
    assert (status, body) == (200, "")
    assert int(headers["Content-Length"]) == len(TEXT.encode())


@pytest.mark.parametrize(
    "path",
    [
        *("/page", "/.", "/../index.html", "/..%2findex.html", "/index.html/", "/INDEX.HTML", "*"),
        *("/etc/passwd", "http://127.0.0.1/", "index.html", "/%2e", "/index.html%00", "/<script>"),
    ],
)
def test_there_is_nothing_else(path: str, start: Start):
    status, body, headers = ask(start(), path)
    assert status == 404
    assert "<" not in body
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert HEADERS.items() <= headers.items()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get"])
def test_no_other_method_is_known(method: str, start: Start):
    status, body, _ = ask(start(), method=method)
    assert status == 501
    assert TEXT not in body


# ---- Names ---------------------------------------------------------------------------------------

KNOWN = ["127.0.0.1:PORT", "localhost:PORT", "LocalHost:PORT", f"{socket.gethostname()}:PORT"]
STRANGE = [
    "evil.example",
    "evil.example:PORT",
    "127.0.0.1",
    "127.0.0.1:1",
    "localhost",
    "10.0.0.1:PORT",
]
STRANGE += ["127.0.0.1.evil.example:PORT", "localhost.evil.example:PORT", "[::1]:PORT", "", ":PORT"]
STRANGE += ["user@127.0.0.1:PORT", "127.0.0.1:PORT ,evil.example", "0.0.0.0:PORT"]


@pytest.mark.parametrize("host", KNOWN)
def test_this_machines_names_are_known(host: str, start: Start):
    assert ask(start(), host=host)[0] == 200


@pytest.mark.parametrize("host", STRANGE)
def test_a_strange_name_is_refused_and_says_what_allows_it(host: str, start: Start):
    status, body, _ = ask(start(), host=host)
    assert status == 421
    assert "mlplab play --allow-host NAME" in body
    assert TEXT not in body


def test_a_name_that_is_allowed_is_known_by_any_port_or_by_its_own(start: Start):
    server = start("127.0.0.1", "Lab.example", "other.example:81")
    for host, status in (
        *(("lab.example", 200), ("LAB.example.:80", 200), ("lab.example:PORT", 200)),
        *(("other.example:81", 200), ("other.example", 421), ("other.example:82", 421)),
        *(("lab.example.evil", 421), ("evil.lab.example", 421), ("127.0.0.1:PORT", 200)),
    ):
        assert ask(server, host=host)[0] == status, host


def test_two_names_are_refused(start: Start):
    server = start()
    with socket.create_connection(server.server_address[:2], timeout=10) as connection:
        host = f"Host: {server.url[7:-1]}\r\n"
        connection.sendall(f"GET / HTTP/1.1\r\n{host}{host}\r\n".encode())
        assert connection.recv(64).startswith(b"HTTP/1.1 421 ")


@pytest.mark.skipif(not HAS_IPV6, reason="this machine has no IPv6")
@pytest.mark.parametrize(("address", "host"), [("::1", "[::1]:PORT"), ("::1", "localhost:PORT")])
def test_it_listens_on_ipv6(address: str, host: str, start: Start):
    server = start(address)
    assert server.url == f"http://[::1]:{server.server_address[1]}/"
    assert ask(server, host=host)[0] == 200
    assert ask(server, host="127.0.0.1:PORT")[0] == 421


@pytest.mark.parametrize("address", ["0.0.0.0", "localhost"])
def test_its_address_is_one_that_a_browser_here_can_visit(address: str, start: Start):
    server = start(address)
    assert server.url in {
        f"http://{at}:{server.server_address[1]}/" for at in ("127.0.0.1", "[::1]")
    }
    assert ask(server)[0] == 200


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere 127.0.0.2 is no address")
def test_by_an_address_one_may_come_by_which_it_is_reached(start: Start):
    for server in (start("0.0.0.0"), *([start("::")] if HAS_IPV6 else [])):
        port = server.server_address[1]
        for host, status in (("127.0.0.2", 200), ("127.0.0.1", 421)):
            with closing(http.client.HTTPConnection("127.0.0.2", port, timeout=10)) as connection:
                connection.request("GET", "/", headers={"Host": f"{host}:{port}"})
                assert connection.getresponse().status == status


# ---- Many, slow, and rude ones -------------------------------------------------------------------


def test_one_who_is_slow_holds_nobody(start: Start):
    server = start()
    with ExitStack() as stack:
        for _ in range(20):
            slow = stack.enter_context(
                socket.create_connection(server.server_address[:2], timeout=10)
            )
            slow.sendall(b"GET / HT")
        assert ask(server)[0] == 200


def test_one_connection_may_ask_twice(start: Start):
    server = start()
    port = server.server_address[1]
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        for path, status in (("/", 200), ("/", 200)):
            connection.request("GET", path)
            answer = connection.getresponse()
            assert (answer.status, answer.read().decode()) == (status, TEXT)


def test_one_who_leaves_or_talks_nonsense_leaves_no_trace(
    start: Start, capsys: pytest.CaptureFixture[str]
):
    server = start()
    for sent in (
        b"",
        b"\x16\x03\x01\x02\x00",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"A" * 70_000,
    ):
        with socket.create_connection(server.server_address[:2], timeout=10) as connection:
            linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"  # a reset, and not a goodbye
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            connection.sendall(sent)
    assert ask(server)[0] == 200
    assert capsys.readouterr() == ("", "")


def test_our_own_fault_is_told(start: Start, capsys: pytest.CaptureFixture[str]):
    server = start()
    del server.content
    with pytest.raises(http.client.HTTPException):
        ask(server)
    assert "AttributeError" in capsys.readouterr().err


# ---- Where it is served --------------------------------------------------------------------------


def test_it_ends_quietly_when_interrupted_and_opens_the_browser(monkeypatch: pytest.MonkeyPatch):
    visited, opened = [], threading.Event()
    monkeypatch.setattr("webbrowser.open", lambda url: (visited.append(url), opened.set()))

    def interrupt(*_: Any) -> None:
        assert opened.wait(10)
        raise KeyboardInterrupt

    monkeypatch.setattr(PageServer, "serve_forever", interrupt)
    announced: list[str] = []
    serve(TEXT, port=0, announce=announced.append)
    assert visited == announced
    assert announced[0].startswith("http://127.0.0.1:")
    visited.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PageServer, "serve_forever", lambda _: None)
        serve(TEXT, port=0, open_browser=False)
    assert not visited


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_port_out_of_range(port: int):
    with pytest.raises(MlplabError, match=f"a port is a number from 0 to 65535, received {port}"):
        PageServer(TEXT, port, "127.0.0.1")


@pytest.mark.parametrize(
    "address", ["999.1.1.1", "no such host", "a" * 70, "a..b", "203.0.113.1", ""]
)
def test_an_address_that_is_none(address: str):
    with pytest.raises(MlplabError, match=r"^cannot serve on ") as caught:
        PageServer(TEXT, 0, address)
    assert "None" not in str(caught.value)
    assert "\n" not in str(caught.value)
